// Words of the sell page beyond the straight path.
import type { sell as source } from "../zh/sell";

export const sell: typeof source = {
  sale: {
    configure: "Options", configureOf: "Options and discounts of {{name}}", close: "Close", apply: "Apply", parts: "In the bundle", fixed: "always included", quantity: "Quantity", quantityOf: "Quantity of {{name}}",
    pickExactly: "pick {{n}} of {{of}}, {{have}} picked", pickBetween: "pick {{min}}–{{max}}, {{have}} picked", misfit: "The choice does not fit the numbers", contractOf: "Contract of {{count}} months",
    discounts: "Discounts", myLimit: "my limit: {{percent}}% / {{amount}} a month", byItself: "given by itself when its conditions hold", atMost: "at most {{percent}}% / {{amount}}", percentOf: "Per cent of {{name}}", byHand: "Grant a discount", kind: "Kind of discount", percent: "per cent", yuanMonth: "yuan/month",
    howMuch: "How much", howLong: "For how long", always: "no end", askFor: "Above my limit: ask for it", requested: "Asked for. Once approved it can be ticked here", approved: "approved discount", approvedOf: "Use the approved discount of {{what}}",
    granted: "granted", discount: "discount", declined: "not given", contractTo: "Contract of {{count}} months, to {{end}}", penaltyNow: "leaving now costs", boundBy: "{{name}}: bound for {{count}} months, to {{end}}", saved: "Saved", afterDiscount: "Monthly after discounts", outside: "Priced by an outside billing system", moreFamilies: "More lines",
    draft: { saving: "saving…", saved: "draft saved", failed: "draft not saved" }, park: "Save draft", parked: "Saved. It can go on at any desk", notSaved: "The draft could not be saved; check the network and try again", drafts: "Sales not finished", whose: "Whose drafts", ofHall: "This hall", mine: "Mine", noDrafts: "No sale is waiting. A sale that is left half-way is kept here.", itemCount: "{{count}} offerings",
    stale: "{{count}} no longer sold", resume: "Go on", takeOver: "Take over", delete: "Delete", deleteAsk: "Delete this draft?", deleteOf: "Delete the draft of {{name}}", startAnew: "Start anew",
    furtherNumber: "Number {{n}}", numberFrom: "Number", fromPool: "New number", portIn: "Port in", portInNumber: "Number to bring along", portInCode: "Authorisation code", donor: "Present carrier", portInHint: "The customer gets the code by texting SQXZ to the present carrier; it is good for one hour.", carrier: { CMCC: "China Mobile", CTCC: "China Telecom", CUCC: "China Unicom", CBN: "China Broadnet" },
    sim: "SIM card", simHint: "Left empty, a card of this hall is taken at activation", device: "Serial number", deviceHint: "Scan or type; may be entered when it is handed over", aEndAddress: "Address of end A", zEndAddress: "Address of end Z",
    realName: "Real name", realNameNeeded: "The certificate must be checked before submitting", realNameOptional: "Check the certificate of whoever is here", whoShows: "Who shows a certificate", holder: "The customer", proxy: "A proxy", name: "Name", certificateNo: "Certificate number", verify: "Check", reader: "Card reader", readCard: "Read card", notVerified: "Not verified:", verifiedUntil: "valid until {{at}}", verifiedOver: "has run out; check again", again: "Check again",
    effective: "Effective", when: { immediate: "Now", nextDay: "Tomorrow", nextMonth: "Next month", date: "On a day" }, date: "Effective date", startsOn: "effective {{date}}", developer: "Salesperson", developerHint: "Name or staff number; optional",
  },
};
