// Credit control and messages.
import type { Words } from "../zh";

export const dunning: Pick<Words, "dunning" | "dunStep" | "dunAge" | "dunLevel" | "dunHold" | "dunWaits" | "dunClosed" | "dunTold" | "dunWhat" | "dunTask" | "dunProposal" | "dunWriteOff" | "customerKind" | "messages" | "messageStanding" | "messageCategory" | "messageVariable" | "messageKind"> = {
  dunning: {
    title: "Credit control", board: "Board", tasks: "To decide", policies: "Policies", writeOffs: "Write-offs", sweepNow: "Sweep now", sweepStarted: "The sweep has begun", sweeping: "Sweeping since", lastSweep: "Last sweep", sweepDid: "{{looked}} in arrears seen, {{opened}} opened, {{stepped}} stepped, {{closed}} closed",
    byAge: "Debts by age", yuan: "CNY", watch: "Watch", restoring: "Being restored", restoringLate: "Restored late", restoreNote: "Service returns at once when all is paid; the law allows 48 hours (24 in some provinces).", heldCount: "{{count}} on hold",
    cases: "Cases", casesAt: "Cases · {{step}}", view: "Show", view_open: "Open", view_held: "On hold", view_restoring: "Restoring", view_closed: "Closed", noneHere: "No cases here.", noneAtAll: "No cases. The daily sweep lists debts here once bills are overdue.",
    customer: "Customer", grade: "Grade", account: "Account", owed: "Owed", days: "Days overdue", step: "Step", level: "Barred", next: "Next", state: "State", until: "until {{day}}", lifted: "Free for now", restoringNow: "Being restored", noNext: "No further step",
    case: "Case", oldestDue: "Oldest due", daysOver: "{{count}} days overdue", policy: "Policy", creditNow: "Credit", opened: "Opened", restoreBy: "Restore by", way: "Steps", afterDue: "{{count}} days after due", afterDays: "{{count}} days later", byPeople: "by people", history: "History", at: "Time", what: "What", by: "By",
    hold: "Hold", release: "Release", credit: "Credit", reassess: "Reassess", reassessed: "Looked at with the money as it is now", whyRelease1: "The promise was not kept", whyRelease2: "Checked", holdKind: "Kind", holdUntil: "Until", holdLifts: "Free the lines while on hold", heldDone: "On hold",
    creditKind: "Control", controlled: "Controlled", uncontrolled: "Not controlled", limit: "Long-term limit (CNY)", temporary: "Temporary credit (CNY)", temporaryHint: "7 days at most", temporaryUntil: "Temporary until", badAmount: "An amount with at most two decimals", creditDone: "The credit is set",
    tasks_live: "To do", tasks_mine: "My customers", tasks_all: "All", noTasks: "Nothing to decide. Suspensions of key accounts and write-offs come here first.", manager: "Manager", taskDue: "Due", proposal: "Proposal", defer: "Ask to wait", proceed: "Agree", propose: "Propose", approve: "Approve", refuse: "Send back", approved: "Approved", refused: "Sent back", whyProceed1: "Could not be reached", whyProceed2: "Refuses to pay",
    writeOffNote: "When the customer pays after all, as much of the debt is taken up again.", noWriteOffs: "Nothing was written off.", givenUp: "Written off", recovered: "Recovered", reinstate: "Take up again", reinstateNote: "The debt can then be paid at the counter.", whyReinstate: "The customer wants to pay", reinstated: "Taken up again",
    newPolicy: "New policy", edit: "Edit", editPolicy: "Edit policy", policySaved: "The policy is saved", priority: "Priority", from: "from {{sum}}", dayN: "Day {{day}}", everybody: "Everybody", keyAccount: "by the manager", law: "What the law demands", rule: "Rule", figure: "Figure", place: "Where", source: "Source",
    nameZh: "Name (Chinese)", nameEn: "Name (English)", min: "From (CNY)", kinds: "Kind of customer", grades: "Grades", families: "Product lines", any: "Any", keyAccountNote: "Key accounts: suspension and termination need the manager's proposal and another person's approval", waitDays: "Wait (days)", day: "In all", channels: "Told by", approval: "Approval", remove: "Remove step", addStep: "Add a step", sms: "SMS", mail: "Mail", lawful: "Within the law: it can be saved.", versionNote: "Saving makes a new version; running cases keep theirs.",
  },
  dunStep: { none: "Not reminded", remind: "Reminder", barOutgoing: "Outgoing barred", barAll: "Barred both ways", preCancel: "Final notice", terminate: "Terminated", writeOff: "Write-off" },
  dunAge: { d30: "≤ 30 days", d60: "31–60 days", d90: "61–90 days", d180: "91–180 days", older: "> 180 days" },
  dunLevel: { none: "Not barred", oneWay: "Outgoing", twoWay: "Both ways", ended: "Terminated" },
  dunHold: { promise: "Promise to pay", exempt: "Exempt", dispute: "In dispute", other: "Other" },
  dunWaits: { days: "waiting time", law: "by law", hold: "on hold", amount: "too small", people: "for people" },
  dunClosed: { paid: "Paid", credit: "Within credit", writtenOff: "Written off" },
  dunTold: { barOutgoing: "bar outgoing", barAll: "bar both ways", unbar: "lift the bar", terminate: "terminate" },
  dunWhat: { opened: "Opened", step: "Step", told: "Order entry told", nothingToBar: "No product in use", answered: "Order entry has done it", stuck: "Waits for a person at order entry", closed: "Closed", reopened: "Opened again", held: "On hold", holdEnded: "Hold ended", released: "Released", asked: "Put before people", proposed: "Manager's proposal", approved: "Approved", refused: "Sent back", changed: "Debt changed" },
  dunTask: { open: "With the manager", proposed: "To approve", approved: "Approved", refused: "Sent back", void: "Void" },
  dunProposal: { proceed: "Go on", defer: "Wait" },
  dunWriteOff: { written: "Written off", recovered: "Recovered" },
  customerKind: { individual: "Person", organization: "Organisation" },
  messages: {
    title: "Messages", what: "Short messages and mails: sent, delivered, and their texts", records: "Records", texts: "Texts", week: "Last seven days", gateways: "Gateways", smpp: "Message gateway (SMPP)", smtp: "Mail server (SMTP)", fetched: "not configured: a gateway fetches", noMail: "not configured", down: "cannot be reached", up: "connected", idle: "ready",
    number: "Number or address", channel: "Channel", allChannels: "All", purpose: "Kind", text: "Text", more: "Remark", notBefore: "not before", parts: "{{count}} parts", attempts: "attempt {{count}}", retry: "Again", again: "Queued again", none: "No messages.",
    category: "Nature", version: "Ver.", textsNote: "Reminders carry no advertising.", subject: "Subject", variables: "It may speak of: {{list}}", size: "{{length}} characters · {{parts}} parts · {{alphabet}}", saved: "The text is saved",
  },
  messageStanding: { waiting: "Waiting", sending: "Being sent", sent: "Sent", delivered: "Delivered", undelivered: "Not delivered", failed: "Failed", expired: "Expired", received: "Received" },
  messageCategory: { service: "Service (always)", business: "Business (opt-out)", marketing: "Marketing" },
  messageVariable: { name: "Name", number: "Number", amount: "Amount", due: "Due date", days: "Days overdue", stopOn: "Stop on", endOn: "End on", until: "Until", mean: "Mean", cycle: "Cycle", plan: "Plan", percent: "Percent", left: "Left", business: "Business", order: "Order" },
  messageKind: { dunning_remind: "Reminder", dunning_barOutgoing: "Outgoing barred", dunning_barAll: "Barred both ways", dunning_preCancel: "Final notice", dunning_terminate: "Terminated", dunning_restored: "Restored", dunning_promise: "Promise to pay", credit_temporary: "Temporary credit", charge_huge: "Huge charge", balance_low: "Low balance", allowance_near: "Allowance nearly used", allowance_gone: "Allowance used up", allowance_slow: "Slowed down", book_expiring: "Balance expiring", business_done: "Business done", preference_stopped: "Opt-out", preference_started: "Opt-in", inbound: "From a customer", portability: "Portability", points_expiry: "Points expiring" },
};
