// Words of usage: detail of a number, files, the error pool, limits.
import type { usage as source } from "../zh/usage";
export const usage: typeof source = {
  usage: {
    title: "Usage", what: "The detail of a number and cycle, files taken in, records without a service", detail: "Detail", files: "Files", pool: "Error pool", rules: "Limits and cycles",
    whose: "Number or broadband account", ask: "Show", cycle: "Cycle", month: "{{first}} to {{last}}", product: "Product", customer: "Open customer", service: "Service", holders: "{{count}} holders had this number in the cycle", holder: "since {{from}}",
    kind: "Kind", direction: "Direction", all: "All", onlyLate: "Of earlier cycles only", from: "From", to: "To", peer: "Other side", export: "Export", exportNote: "An export is written into the audit record.",
    at: "Start", amount: "Amount", place: "Place", home: "Home", fee: "Fee", charged: "Charged", rule: "Tariff", note: "Note", id: "Record id", late: "Earlier cycle", lateNote: "It came after its own cycle was closed and counts in this one", closed: "closed", running: "running", unrated: "not rated",
    total: "Total", records: "{{count}} records", days: "Usage by day", unitMin: "minutes", unitMb: "MB", unitCount: "messages",
    first: "Enter a number to see its calls, messages and data", firstNote: "A new holder never sees what the old one used; after a transfer or a change of number usage follows its time.", none: "No usage in this cycle matches.",
    upload: "Take a file in", pick: "Choose a file", chosen: "{{name}}, {{size}}", uploadNote: "CSV or gz, UTF-8 or GB18030; the first line names number, kind, start, amount and id. Above 64 MB use yitai usage import.", uploaded: "The file was received and is being taken in", tooLarge: "The file is larger than 64 MB",
    file: "File", state: "State", taken: "Taken", lateN: "of these late", duplicates: "Duplicates", suspended: "Error pool", refused: "Refused", refusedFile: "Download what was not taken", noFiles: "No file has been taken in yet.", progress: "Progress", stop: "Stop", resume: "Go on", stopped: "Stopped; it can go on from here", resumed: "Going on", operator: "Operator", time: "Time", open: "Open the first batch",
    number: "Number", reason: "Reason", attempts: "Tries", origin: "Came by", byStream: "stream", byDocument: "document", byFile: "file, line {{line}}", recycle: "Recycle", recycleAll: "Recycle all", recycled: "{{tried}} tried, {{taken}} taken, {{left}} left", discard: "Give up", discardTitle: "Give {{count}} records up", discardNote: "They will not be taken in any more; the record of them stays.", discarded: "{{count}} given up", why1: "Test records", why2: "Made by a faulty network element", why3: "Settled by somebody else", poolEmpty: "The error pool is empty.", poolNone: "No record matches.", select: "Select {{id}}", selectAll: "Select this page", chosenN: "{{count}} selected", handled: "Handled", autoNote: "Once a number is in service its records are taken in by themselves within 5 minutes.",
    poolState: { open: "Waiting", recycled: "Recycled", discarded: "Given up" },
    limits: "Limits", limit: "Limit", value: "Value", source: "Source", change: "Change", save: "Save", changeTitle: "Change: {{name}}", range: "{{minimum}} to {{maximum}}", cycles: "Data by cycle", bytes: "Size", runs: "Runs", size: "Records", allowed: "Allowed", span: "Days", closedAt: "Closed", notClosed: "open", noCycles: "No usage yet.",
  },
  usageKind: { call: "Call", sms: "SMS", mms: "MMS", data: "Data", content: "Content fee" },
  usageDirection: { out: "Outgoing", in: "Incoming" },
  usageFile: { queued: "Queued", running: "Running", stopped: "Stopped", done: "Done", failed: "Failed" },
};
