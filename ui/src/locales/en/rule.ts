import type { rule as source } from "../zh/rule";

export const rule: typeof source = {
  import: {
    what: "Reads an operator's published tariffs (JSON). Importing again updates; nothing is doubled.", choose: "Choose file", drop: "Drop a published tariff JSON file here, or", rule: "Up to 64 MB. Refused rows are listed with reasons; the rest is imported.", upload: "Uploading", tooLarge: "The file is larger than 64 MB", history: "History", none: "Nothing imported yet.", pick: "Choose an import on the left.", line: "{{done}} rows · {{refused}} refused",
    run: "Import", cancel: "Stop import", progress: "Import progress", created: "Created", updated: "Updated", unchanged: "Unchanged", refused: "Refused", errors: "Refused rows ({{count}})", errorsLabel: "Error report", lineNo: "Line", planId: "Tariff id", field: "Field",
  },
  simulator: { what: "Delays and failures of the built-in network, to practise fallout.", delay: "Delay (ms)", failRate: "Failure rate (%)", failNext: "Fail the next", loseNext: "Lose the next answers", stuck: "No answer", heal: "Heal everything" },
  staff: { create: "New staff", edit: "Staff", scope: "Data scope", scopeHint: "Sees this level and everything below; empty means the same as where they belong", roles: "Roles", none: "No staff yet.", resetPassword: "New password (empty keeps it)", matrix: "Rights of each role", right: "Right", has: "yes", hasNot: "no" },
  audit: { what: "Append-only, each entry chained to the last.", at: "Time", actor: "Actor", action: "Action", subject: "Subject", detail: "Detail", subjectFilter: "Subject id", actorFilter: "Actor", none: "No audit entries match." },
  docs: { search: "Path, text, permission", operations: "Operations", none: "No operations match.", permission: "Permission", noPermission: "log-in only, or public", parameters: "Parameters", name: "Name", in: "In", type: "Type", meaning: "Meaning", required: "required", body: "Request body", answers: "Answers" },
};
