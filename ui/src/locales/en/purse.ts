// From the customer to the money, and the forms beside the till.
import type { Words } from "../zh";

export const purse: Pick<Words, "purse" | "wish" | "prepay" | "prepayPhase" | "chargeName" | "security" | "mistake"> = {
  purse: {
    title: "Money", usage: "Usage", left: "Left and costs", statement: "Bills", books: "Books", points: "Points", notices: "Reminders", adjust: "Adjustments", deposits: "Deposits", thisMonth: "this month", months: "Usage of", pdf: "Bills as PDF", noAccount: "The customer has no account yet.", filtered: "Customer: {{name}}", everybody: "All customers",
    tab: "Reminders", cases: "Debt collection", noCases: "No debt was ever collected.", allCases: "Board", sentTitle: "Messages lately", noMessages: "No message was sent to this customer.", allMessages: "All messages", case: "Case",
  },
  wish: {
    title: "Wishes about messages", number: "Number or address", business: "Business done", marketing: "Advertising", lang: "Language", said: "Said by", page: "{{by}}, at the desk", mo: "the customer, by SMS", never: "never said", own: "Telephone of the customer", other: "Another number or address", add: "Look up", saved: "The wishes are kept", on: "wanted", off: "not wanted", badAddress: "A number or an e-mail address",
    law: "Sent in any case, by law: {{list}}.", optional: "May be stopped: {{list}}.", mark: "Nobody gets advertising who has not asked for it; customers stop messages themselves by answering TD.", stop: "Stop", stopTitle: "{{number}} does not get {{what}} any more",
  },
  prepay: {
    title: "Prepayment campaigns", what: "Who pays enough in advance gets a gift, on a book of its own; reversing the payment takes the gift back", make: "New campaign", none: "No campaign yet. What is in force can be chosen at the till.", name: "Name (Chinese)", nameEn: "Name (English)", min: "Paid in advance", gift: "Gift", months: "Gift is valid", monthsN: "{{count}} months", forever: "for ever", from: "First day", to: "Last day", open: "open", scope: "Gift pays for", everything: "everything", org: "Where", source: "Decided by", sourceHint: "number of the plan or decision", by: "Written by", turned: "Last turned",
    saveDraft: "Keep as draft", saveRun: "Put in force now", start: "Put in force", stop: "Stop", startTitle: "Put “{{name}}” in force now?", stopTitle: "Stop “{{name}}”", stopNote: "It cannot be chosen at the till any more; what was given stays.", why1: "The budget is used up", why2: "The plan has changed", started: "The campaign is in force", stopped: "The campaign is stopped", saved: "The draft is kept", madeRun: "In force: it can be chosen at the till",
    badName: "The campaign needs a name", badDays: "The last day is before the first", rate: "{{gift}} for {{min}}: {{percent}} %",
  },
  chargeName: { 月费: "Monthly fee", 月租: "Monthly rental", 月租费: "Monthly rental", 一次性费用: "One-time fee", 装机费: "Installation", 安装费: "Installation", 初装费: "Installation", 移机费: "Relocation", 调测费: "Commissioning", 违约金: "Late fee", 调账: "Adjustment" },
  prepayPhase: { draft: "Draft", pending: "Upcoming", live: "In force", expired: "Over", stopped: "Stopped" },
  security: {
    take: "Take a deposit", customer: "Customer", account: "Account", amount: "Amount", method: "Taken by", purpose: "For", purpose1: "International roaming", purpose2: "Premium number", purpose3: "Rented device", reference: "Reference", taken: "Deposit of {{amount}} taken, receipt {{no}}", give: "Give back", giveTitle: "Give {{amount}} back", giveNote: "It goes back the way it came; take receipt {{no}} back first.", way: "Given back by", applyTitle: "Put {{amount}} against what is owed", applyNote: "All of it goes to the balance: it pays open bills first, and the rest stays there.", apply: "To the balance", done: "{{amount}} given back, receipt {{no}}", state: "State", any: "All",
  },
  mistake: {
    title: "Paid by mistake", titleOf: "Pay {{no}} back ({{amount}}): paid by mistake", note: "What was paid for a wrong number goes back soon after, on the certificates of both persons; of their numbers only the last four places are kept.", payer: "Certificate of who paid", owner: "Certificate of the number's holder", name: "Name", kind: "Certificate", number: "Number", go: "Checked: pay back", done: "{{amount}} paid back, receipt {{no}}", short: "4 places at least", why1: "Wrong number", why2: "Paid twice", toRequest: "Too late for this: ask for a reversal, which a supervisor decides.", ask: "Ask for a reversal",
  },
};
