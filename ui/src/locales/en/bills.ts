// Bills, the bill run, adjustments and huge charges.
export const bills = {
  statement: {
    title: "One bill", what: "One bill over all accounts and products of a customer", month: "Month", total: "Charges", paid: "Paid", due: "Due", before: "Due from before", balance: "Balance",
    printed: "Bill flag", printedAt: "Printed {{at}}", notPrinted: "Not printed", print: "Print (sets the flag)", pdf: "中文 PDF", pdfEn: "PDF", printedNow: "Print noted: {{bills}} bills, {{first}} for the first time",
    none: "There is no bill of {{month}}.", toCustomer: "Customer", account: "Account", product: "Product", line: "Item", how: "How it came about", amount: "Amount", bills: "Bills", kinds: "What it is made of",
    tax: "Tax in it", trend: "The last six months", yuan: "yuan", trace: "Trace", accountLevel: "Charges of the account", pay: "Take a payment", adjust: "Adjust", statementOf: "Bill of {{name}}", choose: "Number, account or customer number",
    billKind: "Kind",
  },
  billKind: { cycle: "Monthly bill", first: "First bill", order: "Order", final: "Final bill", adjustment: "Adjustment" },
  lineKind: { oneTime: "One-time", recurring: "Recurring", usage: "Usage", adjustment: "Adjustment" },
  taxKind: { basic: "Basic telecommunications", valueAdded: "Value-added services", goods: "Goods", modern: "Modern services", none: "Collected for others, no tax" },
  trace: {
    title: "How this came about", amount: "Amount", covers: "Period", days: "Days charged", tax: "Tax included", rule: "Rule", plan: "Plan", version: "version {{n}}", records: "{{n}} records", used: "Used in all", at: "Time", peer: "Other side", counted: "Counted", allowance: "From allowance", tier: "Tier", fee: "Charge",
    first: "The first {{n}} only", by: "asked for by {{by}}", decided: "decided by {{by}}", noRecords: "No records of this cycle are kept.", extra: "Rounding of the cycle, or a discount", close: "Close", bill: "Bill",
  },
  runs: {
    title: "Bill run", what: "At the end of a cycle every account gets one bill; it can be stopped at any time and goes on by itself after a power cut", cycle: "Cycle", state: "State", progress: "Progress", billed: "Billed", seen: "Looked at", failed: "Failed", amount: "Sum", alerts: "Huge charges", started: "Started", finished: "Finished", by: "By",
    start: "Make bills", startTitle: "Make the bills of {{cycle}}", startNote: "The usage of the cycle is closed at once; what comes later goes to the next cycle, with a note. Transfers across areas and mergers rest while bills are made.", startedDone: "The run of {{cycle}} has begun", stop: "Stop", stopTitle: "Stop the run of {{cycle}}", stopNote: "Bills that were made stay; resuming goes on from there.",
    resume: "Resume", resumeTitle: "Resume the run of {{cycle}}", stoppedNow: "Stopped", none: "No run yet. Runs start by themselves at {{hour}}:00 on the day after a cycle.", auto: "Runs start by themselves at {{hour}}:00 on the day after a cycle", noAuto: "Runs do not start by themselves", other: "Another cycle", otherHint: "such as 2026-11; the first day for cycles within the month, such as 2026-11-15", noneLeft: "The bills of {{cycle}} are made or being made",
    failures: "Accounts that could not be billed", why: "Why", retry: "Try again", retried: "The account has been billed", noFailures: "All accounts have been billed.", of: "{{done}} of {{total}} accounts", rate: "{{n}} bills", speed: "about {{n}} accounts a second", shares: "{{n}} products shared",
    suggestion1: "Checking tariffs", suggestion2: "Waiting for usage", suggestion3: "Checked",
  },
  runState: { planned: "Planned", collecting: "Dividing", billing: "Making bills", done: "Done", stopped: "Stopped" },
  runStatus: { planned: "Planned", running: "At work", done: "Done", stopped: "Stopped" },
  adjust: {
    title: "Adjustments", what: "Charges given back or charged later; booked at once within the limit, decided by another person above it", ask: "Ask for one", state: "State", any: "All", customer: "Customer", amount: "Amount", reason: "Reason", note: "Note", by: "Asked by", at: "Asked", decided: "Decided", timing: "When", now: "At once", nextBill: "With the next bill", limit: "My limit: {{amount}} an account and day",
    direction: "Direction", credit: "Give back", debit: "Charge", account: "Account", bill: "Bill to credit", noBill: "No bill (to the balance)", product: "Product", noProduct: "No product", find: "Customer", findHint: "Number, account or customer number, then Enter", submit: "Submit", needs: "Above your limit: another person will decide", alone: "Within your limit: booked at once",
    done: "The adjustment is booked", asked: "Sent to be decided", waits: "It will come with the next bill", approve: "Approve", reject: "Refuse", withdraw: "Withdraw", reverse: "Reverse", approveTitle: "Approve the adjustment of {{amount}}", rejectTitle: "Refuse the adjustment of {{amount}}", withdrawTitle: "Withdraw the adjustment of {{amount}}", reverseTitle: "Reverse the adjustment of {{amount}}", reverseNote: "The record stays as it is; a new one of the opposite amount is added.",
    none: "There are no adjustments.", noneOf: "No adjustment is {{state}}.", reversed: "Reversed", isReversal: "Reversal", changed: "Done", nobody: "Nobody found", noteNeeded: "Give a note", openBills: "Bill {{no}} ({{amount}})",
  },
  adjustStatus: { requested: "To decide", waiting: "Waiting", applied: "Booked", rejected: "Refused", withdrawn: "Withdrawn" },
  adjustState: { requested: "To be decided", waiting: "Waiting for the bill", applied: "Booked", rejected: "Refused", withdrawn: "Withdrawn" },
  huge: {
    title: "Huge charges", what: "Charges more than {{factor}} times the mean of the {{months}} months before (Telecommunications Regulations, art. 33)", customer: "Customer", manager: "Manager", mine: "My customers only", cycle: "Cycle", amount: "Charge", mean: "Mean before", times: "Times", source: "Found", state: "State", at: "Found at", handle: "Handle", handleTitle: "Huge charge of {{name}}", handleNote: "Say what was done: told the customer, limited a service, checked the usage.",
    handled: "Noted", none: "There are no huge charges.", noneOpen: "No huge charge is open.", note: "What was done", open: "Open", done: "Handled", any: "All", s1: "Told the customer by telephone", s2: "The usage was checked and is right", s3: "Helped the customer to switch data off",
  },
  hugeSource: { bill: "in the bill run", soFar: "within the cycle" },
  hugeState: { open: "Open", handled: "Handled" },
};
