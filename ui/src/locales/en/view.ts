import type { Words } from "../zh";

export const view: Pick<Words, "picker" | "effective" | "action" | "v360" | "topic" | "contactChannel" | "given" | "gender"> = {
  picker: {
    typeMore: "Keep typing…", none: "Nothing found", customer: "Customer", customerHint: "Phone, name, pinyin, certificate", account: "Billing account", accountHint: "Choose an account", offering: "Offering", offeringHint: "Offering name or tariff id",
    address: "Address", addressHint: "District, street, number", addressFree: "No known address matches; it is taken as typed", number: "Number", numberNone: "No free number fits the pattern", lockedUntil: "Locked until {{at}}",
    sim: "SIM card", simHint: "Scan or type the ICCID", simNone: "No such card in this hall's stock", device: "Device", deviceHint: "Scan or type serial number or model", deviceNone: "No such device in this hall's stock",
  },
  effective: { immediate: "At once", nextDay: "Next day", nextMonth: "Next month", nextCycle: "Next cycle", date: "On a date" },
  action: {
    optional: " (optional)", now: "Now {{value}}", choose: "Choose", noProducts: "No product to choose from", needed: "Required", close: "Close", preview: "Preview", effective: "Takes effect", date: "Date", effectiveAt: "Effective at",
    fillFirst: "Fill in what is required on the left; charges, monthly change, termination money and steps appear here.", checking: "Checking…", lockedBy: "The product is held by an order in transit: ", problems: "Why it cannot be done", monthly: "Monthly", becomes: "becomes", perMonth: "/month", penalty: "Early termination", dueNow: "Due now", steps: "Steps",
    saysProblems: "Reasons against: {{count}}", saysReady: "It can be done", submit: "Submit", keys: "Ctrl+Enter submits · Esc goes back", placed: "Accepted", track: "Follow it", toCounter: "Take payment", finish: "Done",
    whys: {
      other: "Customer asked|In person|By hotline", suspend: "Customer asked|Abroad|Not used for now", resume: "Customer asked|Arrears paid|Phone found", reportLoss: "Phone lost|SIM lost|Stolen", withdrawLoss: "Phone found|Reported by mistake", replaceSim: "Card damaged|Other card size|Lost card|5G upgrade",
      close: "No longer used|Moved away|Other operator|Too expensive", changePlan: "Better price|Not enough data|Not enough voice|Recommended", addOption: "Customer asked|Not enough data|Campaign", removeOption: "No longer needed|Too expensive", changeNumber: "Nuisance calls|Likes the new number", transfer: "Within the family|Company to person|Person to company", rename: "Wrongly entered|Name changed by law", relocate: "Moved house|Other room",
    },
    title: "Services", all: "All services", allHint: "Type a service, such as transfer or move", forProduct: "What can be done with {{name}}", forCustomer: "For the customer", none: "Nothing can be done here.", cannot: "Not possible", noMatch: "No service is called “{{q}}”", pick: "Choose a product", loading: "Loading what can be done…",
    withdraw: "Withdraw", withdrawTitle: "Withdraw order {{no}}", withdrawNote: "Finished steps are undone in reverse order; what was booked no longer takes effect.", withdrawn: "{{no}} withdrawn", whyWithdraw1: "Changed their mind", whyWithdraw2: "Wrong information", whyWithdraw3: "Entered twice",
    keysHint: "Digits act at once, J/K choose a product, A lists all services",
  },
  v360: {
    noManager: "Nobody", change: "Change", value: "Value", cognitive: "Perception", derived: "derived", years: "{{years}} y {{months}} m", months: "{{count}} months", blacklisted: "Blacklisted", abnormal: "Needs attention", until: "until {{day}}", unverified: "The caller is not verified yet: money, certificates and relations are not shown. Verify the caller first.",
    tabValue: "Consumption, value", tabJournal: "File", consumption: "Consumption", lastMonths: "{{count}} months", billedByMonth: "Billed by month", yuan: "CNY", noConsumption: "No month billed yet.", byFamilyNote: "Bills of the last 12 months, by product family", arrearsByAge: "Arrears by age", bills: "Bills: {{count}}", age: { notDue: "Not due", d30: "Up to 30 days late", d90: "31–90 days late", d180: "91–180 days late", older: "Over 180 days late" },
    addAnswer: "Record satisfaction", noCognitive: "No answers to surveys, and no records to derive anything from.", answers: "Answers", survey: "Survey", score: "Score", comment: "Comment", at: "Time", grades: "Grades over time", noGrade: "No grade", account: "Account", one: "One", relation: "Relation", other: "Other", graphMore: "There are many relations; the nearest are drawn", graphHint: "A name opens the customer; solid lines are people, dashed ones accounts and products", graphSays: "Relation graph of {{count}} nodes",
    openMatters: "Open: needs and follow-ups", nothingOpen: "Nothing is open.", addNeed: "Note a need", addContact: "Note a contact", addEntry: "Record a need or contact", contactsAndPreferences: "Contacts, preferences, hand-overs", noJournal: "No contacts or preferences yet.", met: "Met", drop: "Drop", metTitle: "The need is met", dropTitle: "No longer pursued", metWhy1: "Sold", metWhy2: "Customer answered", dropWhy1: "No longer needed", dropWhy2: "Entered twice",
    dueBy: "by {{day}}", kind: "Kind", channel: "Channel", topic: "Topic", what: "Content", by: "By", direction: "Direction", incoming: "Customer came", outgoing: "We reached out", due: "Due", result: "Result", entry: { need: "Need", preference: "Preference", interaction: "Contact", followUp: "Follow-up", grade: "Grade", manager: "Manager" },
    offers: "Recommended", take: "Sell", basis: { need: "Asked for", contract: "Contract ends", spend: "Spends more", missing: "Not held" }, older: "Older", edit: "Edit", editTitle: "Edit basic data", email: "Mail", verification: "Real name", contactsLately: "Contacts in 90 days", ended: "ended", daysLeft: "{{count}} days left",
    managerTitle: "Change account manager", managerNow: "Now: {{name}}", managerTo: "Next", noOtherManager: "No other account manager in your scope", handover: "Hand-over note", handoverHint: "Habits, what is being discussed, what was promised", goesOver: "Goes over: {{orders}} orders in transit, {{tickets}} open complaints, {{matters}} open matters; all history stays.",
  },
  topic: { price: "Price", service: "Service", network: "Network", other: "Other", billing: "Bill", contactTime: "When to call", complaint: "Complaint", visit: "Visit", campaign: "Campaign" },
  contactChannel: { hall: "Hall", hotline: "Hotline", online: "Online", manager: "Manager", agent: "Agent", visit: "Visit", sms: "SMS", other: "Other" },
  given: { gender: "Gender", birthDate: "Born", nationality: "Nationality", maritalStatus: "Marital status", language: "Language", industry: "Industry", scale: "Size", organizationType: "Type of organisation", tradingName: "Trading name", customerSince: "Customer since", segment: "Segment", remark: "Remark" },
  gender: { male: "Male", female: "Female" },
};
