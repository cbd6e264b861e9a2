import type { Words } from "../zh";

export const view: Pick<Words, "picker" | "effective" | "action"> = {
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
};
