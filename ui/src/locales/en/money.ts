import type { money as source } from "../zh/money";

export const money: typeof source = {
  offering: {
    name: "Offering", search: "Offering name, tariff code", monthly: "Monthly", data: "Data", voice: "Minutes", speed: "Mbps", area: "Area", term: "Term", min: "From ¥", max: "To ¥", anyState: "Any state", anyArea: "Any area", total: "{{shown}} offerings", summary: "Catalogue at a glance", byFamily: "By family", byPrice: "By monthly price", unit: "offerings",
    minutes: "{{count}} min", sms: "{{count}} SMS", contract: "term {{count}} mo", months: "{{count}} mo", noneFound: "No offerings match.", noneYet: "The catalogue is empty. Import a published tariff file to begin.", detail: "Offering", published: "As published", audience: "For whom", validity: "On sale", category: "Category", components: "Components", prices: "Prices", asPublished: "Published fields", versions: "Versions",
  },
  bill: {
    title: "Bill", no: "Bill no.", period: "Period", amount: "Amount", remaining: "Unpaid", due: "Due", state: "State", lines: "Lines", line: "Charge", product: "Product", lineType: "Type", days: "Days", ofThirty: "{{days}}/30", note: "Note", sum: "Total", noLines: "This bill has no lines.", noPayments: "Not paid yet.", print: "Print",
  },
  payment: {
    receiptNo: "Receipt no.", at: "Time", method: "Method", amount: "Amount", operator: "Cashier", date: "Date", dayBefore: "Day before", dayAfter: "Day after", isReversal: "Reversal", reverse: "Reverse", reverseTitle: "Reverse {{no}} ({{amount}})", reverseNote: "This adds a negative record and keeps the old one; the bills become unpaid again, and what the balance can pay it pays at once. A payment of another cashier or day needs a supervisor's right.", reversedDone: "Reversed: {{no}}, {{amount}}", reversedSettled: "Reversed: {{no}}, {{amount}}; the balance has paid {{settled}} of the bills", everyone: "All cashiers", mine: "Mine", none: "No payments on {{date}}.",
    why1: "Wrong number paid", why2: "Wrong amount", why3: "Customer wants it back",
  },
  counter: {
    find: "Phone / account / customer no.", others: "It could also be:", start: "Type a number and press Enter to see what is due.", notFound: "No account found for “{{q}}”.", searchCustomers: "Search customers", dues: "Bills due", totalDue: "Total due", account: "Account", onlyThis: "This account only", nothingDue: "Nothing due; a deposit can be taken.", overdue: "overdue",
    take: "Take payment", taking: "Taking payment…", method: "Method", amount: "Amount", tendered: "Cash received", tenderedHint: "Empty means exact", change: "Change", reference: "Transfer reference", referenceHint: "Bank slip or transaction number", notAmount: "Not an amount", tooLittle: "{{amount}} missing", toBalance: "{{amount}} goes to the balance", keypad: "Enter next · + method · F8 take · Esc back", taken: "Payment taken", noShift: "Your shift is not open. Open it before taking payments.",
  },
  receipt: { title: "Receipt", reversal: "Reversal receipt", hall: "Hall", toBalance: "To balance" },
  shift: {
    open: "Open shift", close: "Close shift", float: "Change float", floatRule: "Usually not above ¥300", openedAt: "Opened", byMethod: "By method", byKind: "By kind", count: "Count", nothing: "Nothing taken yet", expectedCash: "Cash expected (float included)", countedCash: "Cash counted", countedTransfer: "Transfer slips in total",
    even: "Counted money matches", overBy: "Over by", shortBy: "Short by", reason: "Reason for the difference", closed: "Shift closed, difference {{amount}}", lastClosed: "Last shift closed {{at}}, difference {{amount}}",
  },
};
