// Numbers, cards and devices, addresses and coverage.
import type { Words } from "../zh";

export const resources: Pick<Words, "num" | "numberState" | "stock" | "itemKind" | "itemState" | "transferState" | "countState" | "warehouseLevel" | "intake" | "intakeState" | "place" | "technology" | "siteState"> = {
  num: {
    tabs: "Number resources", search: "Search", pool: "Pool", imports: "Ranges", rules: "Classes and rules", what: "Find, keep, rest, recycle, take ranges in",
    pattern: "Pattern", patternHint: "e.g. *8888, 139????8888, *AABB", help: "How to write a pattern", class: "Class", anyClass: "Every class", no4: "Without 4", found: "{{count}} found", more: "Some more", searching: "Searching",
    none: "No free number fits. Widen the pattern, try another class, or have a range moved here.",
    helpRows: {
      exact: "the whole number", prefix: "begins with these digits", suffix: "ends in these digits", contains: "holds these digits", wild: "? is any digit", same: "ends in equal digits; AAA, AAAA and so on", up: "ends counting up", down: "ends counting down", shape: "same letter same digit, other letter other digit", anywhere: "three equal digits anywhere", mixed: "letters and digits mixed",
    },
    deposit: "Deposit", minSpend: "Least a month", state: "State", holder: "Held by", org: "Place", until: "Until", note: "Note", product: "Product", order: "Order", nobody: "Nobody", origin: "Ported from", restsForHome: "To be returned to its operator",
    lock: "Lock", unlock: "Give back", locked: "Locked for {{minutes}} minutes", unlocked: "Given back", reserve: "Keep", reserveTitle: "Keep {{number}} for a customer", forWhom: "Customer", days: "Days", daysHint: "Free again by itself afterwards", kept: "Kept until {{until}}",
    letGo: "Stop keeping", letGoDone: "Free again", keptFor: "Kept for", keptUntil: "Kept until", sellIt: "Sell it",
    byState: "By state", byStateUnit: "numbers", byCity: "By city", freeUnit: "free", counted: "Counted {{at}}", total: "All numbers", free: "Free", used: "In use", resting: "Resting",
    filterState: "State", pickRows: "{{count}} chosen", selectAll: "Choose this page", select: "Choose {{number}}", acts: "Change many", block: "Hold back", unblock: "Sell again", recycle: "Recycle", extend: "Rest longer", reclass: "Change class", move: "Move", moveTo: "Move to",
    bulkTitle: "{{action}}: {{count}} numbers", bulkDone: "{{done}} done", bulkRefused: "{{count}} not done", extraDays: "Days more", newClass: "New class", recycleNote: "Only numbers whose rest is over are recycled; the rest is 90 days at least.", poolNone: "No number is in this state.", next: "Next page", first: "First page", due: "Over",
    patterns: "Endings", rank: "Rank", source: "Source", save: "Save", saved: "Saved", change: "Change", setting: "Setting", value: "Value", edit: "Change {{name}}", groupOnly: "Classes and settings are kept by the group.",
    settings: {
      number_lock_seconds: "A lock lasts (seconds)", number_quarantine_days: "Rest after use (days)", number_reserve_days: "Kept for a customer (days)", number_reserve_days_most: "Kept at most (days)", number_reserve_most: "Kept for one customer at most", number_lock_most: "Locked by one person at most", sim_generate_without_stock: "Made-up cards where stock is out",
    },
  },
  numberState: { available: "Free", locked: "Locked", reserved: "Kept", inUse: "In use", suspended: "Suspended", quarantine: "Resting", blocked: "Held back", portedOut: "Ported out", returned: "Returned" },
  stock: {
    tabs: "Cards and devices", levels: "Stock", items: "Pieces", transfers: "Transfers", counts: "Stock-taking", imports: "Intake", what: "Four levels of warehouses, transfers, counting, losses",
    warehouse: "Warehouse", anyWarehouse: "Every warehouse", kind: "Kind", anyKind: "Every kind", anyState: "Every state", model: "Model", freeCount: "In stock", reservedCount: "Reserved", moving: "On the way", low: "Below {{n}}", minimum: "Minimum", setMinimum: "Set minimum", setMinimumOf: "{{name}} · {{kind}}", byWarehouse: "In stock by warehouse", pieces: "pieces", more: "{{count}} more warehouses in the table", lowOnly: "Only too low", levelsNone: "There is no warehouse in this area yet.", empty: "empty",
    newWarehouse: "New warehouse", name: "Name", place: "Organisation", serial: "Serial number", serialHint: "ICCID, IMEI or serial: just scan it", itemsNone: "No card or device fits.", history: "History", historyNone: "Nothing has happened to it yet.", reveal: "Show PUK/PIN", revealNote: "Looking leaves a trace in the audit.", revealWhy1: "PIN forgotten", revealWhy2: "PUK blocked", revealed: "PUK {{puk}} · PIN {{pin}}",
    change: { damage: "Report damage", lose: "Report loss", find: "Found again", scrap: "Scrap", restock: "Back into stock", return: "Return" }, changed: "{{what}}: done", changeTitle: "{{what}}: {{serial}}", whyDamage: "Chip scratched", whyLose: "Not found when counting", whyScrap: "Expired", whyFind: "Found at the counter", whyRestock: "Tested and good",
    event: { import: "Taken in", receive: "Received", dispatch: "Sent", reserve: "Reserved", cancel: "Reservation ended", bind: "Given out", unbind: "Taken back", return: "Returned", restock: "Back in stock", damage: "Damaged", lose: "Lost", find: "Found", scrap: "Scrapped" },
    send: "Send stock", from: "From", to: "To", quantity: "Quantity", bySerial: "By serial", byQuantity: "By quantity", serials: "Serial numbers, one a line", remark: "Note", sendIt: "Send", sentDone: "{{no}} is on its way", sent: "Sent", received: "Received", missing: "Missing", surplus: "Too many", damaged: "Damaged", sentBy: "Sent by", receivedBy: "Received by", transfersNone: "There is no transfer yet.", transfer: "Transfer {{no}}",
    receive: "Receive", receiveAll: "Everything is here", receiveSome: "Only what is here", received1: "What is here, one a line", brokenList: "Of these broken, one a line", receiveNote: "Sender and receiver are two people; what is missing, too much or broken is recorded.", settle: "Settle differences", settleNote: "Tick what was found; the rest is given up as lost. Not by the receiver.", found: "Found", cancelTransfer: "Take back", cancelNote: "What is not received yet can be taken back to where it came from.", whyCancel: "Wrong warehouse", whyLost: "Lost by the carrier", done: "Done", twoPeople: "Another person has to do it",
    count: "Record a count", countList: "What lies there, one a line (scan it)", expected: "Expected", counted: "Matching", countsNone: "Nothing has been counted yet.", countNo: "Sheet", by: "Counted by", settleCount: "Give what is missing up", countMatches: "Everything is there", result: "Result",
  },
  itemKind: { sim: "SIM card", phone: "Phone", onu: "ONU", stb: "Set-top box", smartHome: "Smart device" },
  itemState: { inStock: "In stock", reserved: "Reserved", bound: "Given out", inTransit: "On the way", returned: "Returned", damaged: "Damaged", lost: "Lost", scrapped: "Scrapped" },
  transferState: { dispatched: "On the way", received: "Received", differing: "Differing", settled: "Settled", cancelled: "Taken back" },
  countState: { matching: "Matching", differing: "Differing", settled: "Settled" },
  warehouseLevel: { "1": "Group", "2": "Province", "3": "City", "4": "Hall" },
  intake: {
    drop: "Drop a CSV file here, or", choose: "Choose a file", numbersRule: "Heading: from,to,org,class (the last two may be empty); the same file again adds nothing", cardsRule: "Heading: iccid,imsi,model,puk,pin,ki; secrets are kept encrypted", devicesRule: "Heading: kind,serial,model; kind is phone, onu, stb or smartHome", what: "What", cards: "SIM cards", devices: "Devices", into: "Into warehouse",
    history: "Files taken in", none: "No file has been taken in yet.", pick: "Choose a file on the left to see how far it is.", added: "New", same: "Known", refused: "Refused", done: "Done", stop: "Stop", resume: "Go on", cancel: "Give up", errors: "Refused rows", line: "Line", row: "Row", progress: "Progress", uploading: "Upload", template: "Template", operator: "By",
  },
  intakeState: { queued: "Waiting", running: "Running", stopped: "Stopped", done: "Done", failed: "Failed", cancelled: "Given up" },
  place: {
    tabs: "Addresses and coverage", check: "Coverage", addresses: "Addresses", sites: "Sites", what: "What can be had at an address, why not, and what instead", address: "Address", addressHint: "Estate, street or number; separate words by spaces", family: "Service", speed: "Speed needed", mbps: "Mbps", ask: "Check", orAny: "Any",
    verdict: { qualified: "Can be had", alternate: "Not as asked for; something else can be had", unqualified: "Cannot be had", unverified: "Needs a survey on site" },
    by: "Access", device: "Device", ports: "Free ports", portsOther: "Kept by another system", max: "At most", why: "Why not", instead: "Instead", pick: "Choose an address first", reached: "Reached by", reachedNone: "Nothing reaches it as far as we know.", blocked: "Blocked because", source: "Source",
    newAddress: "New address", province: "Province", city: "City", district: "District", street: "Street", number: "Number", building: "Estate, building", addressesNone: "No address fits. Write it otherwise, or add it.", added: "Added", cover: "Note coverage", remove: "Remove", removeOf: "Remove {{technology}} {{device}}", covered: "Noted", line: "Whole address", technology: "Technology",
    newSite: "New site", siteName: "Name", siteCode: "Code", siteAddress: "Address", siteStatus: "State", sitesNone: "There is no site yet.", closeSite: "Close", openSite: "Open", sellHere: "Sell",
  },
  technology: { ftth: "FTTH", lan: "LAN", adsl: "ADSL", copper: "Copper", fwa: "5G wireless", otn: "OTN line", sdh: "SDH line", "4g": "4G", "5g": "5G" },
  siteState: { active: "Open", planned: "Planned", closed: "Closed", terminated: "Closed" },
};
