// Words of the interchange with billing systems.
import type { interchange as zh } from "../zh/interchange";

export const interchange: typeof zh = {
  interchange: {
    sub: "Orders between order entry and billing: out, in, compared every day", tabs: "Collaboration orders",
    tab: { back: "From billing", told: "To billing", compare: "Daily comparison", systems: "Systems and routes" },
    embedded: "Embedded billing", from: "from {{who}}", any: "All", anyKind: "All kinds", anySystem: "All systems", oneCustomer: "This customer only",
    kind: "Kind", reason: "Reason", subject: "Number", number: "Number", products: "{{count}} products", customer: "Customer", source: "Source", state: "State", outcome: "Outcome", asked: "Asked", at: "Time", doneAt: "Done", note: "Note", answered: "Answered", telling: "being told (attempt {{count}})", targets: "Products concerned", history: "History", operator: "Operator", order: "Order", system: "Billing system", attempts: "Tries", effective: "Effective", acked: "Acknowledged", ackNo: "Receipt", id: "Id",
    locks: "Stopped", findBack: "Id or number", noneBack: "No billing system has asked for anything yet.", noneTold: "No collaboration orders yet.", noneFound: "Nothing matches.",
    retry: "Retry", retried: "Being done again", retryNote: "What failed is ordered again.", close: "Close", closed: "Closed", closeNote: "It was dealt with by hand or is not wanted any more: nothing more is done, and its source is told.", closeTold: "It was dealt with in the billing system by hand. The order can be archived then.", resend: "Resend", resent: "Sent again", resendNote: "It is told again under the same id; what the other side has is not done twice.",
    why1: "The fault is mended", why2: "The data were corrected", why3: "Dealt with by hand", why4: "The customer has paid", why5: "They lack it: told again", why6: "Settled with the other side", why7: "Entered by hand",
    runs: "Comparisons", compareNow: "Compare now", compare: "Compare", compared: "Compared: {{count}} differences open", day: "Day", ours: "Ours", theirs: "Theirs", open: "Open differences", noneRuns: "No comparison yet; each morning the day before is compared.",
    differences: "Differences", differencesOf: "Differences of {{day}}, {{system}}", allDays: "All days", what: "Difference", agree: "No open differences.", nothingThere: "No such order", retell: "Tell again", handle: "Dealt with", handled: "Noted", retellNote: "It is told again under the same id; once both sides agree, the difference settles by itself.", handleNote: "Say what was found and done; the same difference does not come up again.",
    systems: "Billing systems", addSystem: "Add a system", editSystem: "Change the system", noneSystems: "Only embedded billing. With an outside system, places and product lines can be charged there.", systemName: "Name", nameEn: "English name", code: "Code", codeHint: "Small letters, digits, hyphens", url: "Address", urlHint: "Orders go to address/api/v1/collaboration/inbox", token: "Access token", tokenHint: "The token they gave us; kept encrypted", tokenKept: "Kept; left empty it stays", speaker: "Speaks as", speakerHint: "The name of their token here: their orders and answers are known by it", answerUrl: "Answers to", answerHint: "Where they want to hear how their orders ended; empty: they ask", inUse: "In use", underWay: "Open", tested: "Connection", test: "Test", testing: "Testing…", reachable: "Reachable", edit: "Change",
    routes: "Billing routes", addRoute: "Add a route", noneRoutes: "No routes: everything is charged by embedded billing.", place: "Place", family: "Product line", everyFamily: "Every product line", drop: "Remove", dropAsk: "Products started from now on follow the wider place; those charged already stay.", routeRule: "The smallest place counts, and of one place the route that names the product line. Who charges a product is decided when it starts; all later businesses go to the same system.",
  },
  interchangeSource: { dunning: "Credit control", rating: "Rating", billing: "Billing" },
  backKind: { barOutgoing: "Bar outgoing", barAll: "Bar both ways", unbar: "Lift the bar", terminate: "Terminate", highCharge: "High charge", credit: "Credit limit" },
  backState: { waiting: "Waiting", working: "Being done", done: "Done", failed: "To be retried", manual: "By hand", closed: "Closed" },
  backOutcome: { ordered: "Completed", gone: "The product is gone", barredAlready: "Barred that way already", notBarred: "Not barred for this reason", superseded: "A later order took its place", inTransit: "Waits for an order in transit", heard: "Passed on", noted: "Noted", byHand: "Closed by hand" },
  backDetail: { amountFen: "Amount", meanFen: "Mean of three months", limitFen: "Credit limit", cycle: "Cycle" },
  collaborationType: { start: "Rent start", stop: "Rent stop", suspend: "Suspend", resume: "Resume", changeTariff: "Tariff change", transfer: "Transfer", rename: "Rename", changeNumber: "Number change", changePayer: "Payer change", mergeAccounts: "Accounts merged", splitAccount: "Account split", refund: "Refund", contract: "Contract", discount: "Discount", groupMember: "Group member" },
  difference: { missingHere: "Missing here", missingThere: "Missing there", different: "Different" },
  differenceState: { open: "Open", handled: "Dealt with", retold: "Told again", settled: "Settled", done: "Dealt with", sent: "Told again" },
  reconcileState: { done: "Agrees", differing: "Differs" },
  toldState: { done: "done", open: "under way", ended: "withdrawn", noEffect: "no effect kept", notCharged: "not charged" },
  systemState: { active: "In use", disabled: "Off" },
  productBar: { oneWay: { suspended: "Outgoing barred", pendingTerminate: "Closing" }, twoWay: { suspended: "Barred", pendingTerminate: "Closing" } },
  lockReason: { customer: "At the customer's wish", loss: "Reported lost", arrears: "For arrears", violation: "For a violation", realName: "For want of registration" },
  barLevel: { oneWay: "Outgoing barred", twoWay: "Barred" },
};
