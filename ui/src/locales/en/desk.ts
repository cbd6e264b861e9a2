import type { desk as source } from "../zh/desk";

export const desk: typeof source = {
  customer: {
    name: "Name", orgTitle: "Organisation name", no: "Customer no.", kind: "Kind", phone: "Phone", certificate: "Certificate no.", certificateType: "Certificate", address: "Address", grade: "Grade", status: "Status", org: "Belongs to", match: "Match", createdAt: "Created",
    search: "Phone, name, pinyin, certificate, account, broadband, circuit", create: "New customer", noneFound: "No customer found for “{{q}}”.", noneYet: "No customers yet.", needName: "Enter a name", needCertificate: "Enter the certificate number", badPhone: "Not a valid mobile or fixed number", badIdCard: "Length or check digit of the ID number is wrong",
    duplicate: "A customer with this certificate exists.", openExisting: "Open that customer", view: "Customer view", dataTime: "Data as of", highlights: "Customer highlights", tabs: "Customer record", realName: "Real-name", notRealName: "Not real-name",
    balance: "Balance", arrears: "Arrears", billsOpen: "(bills: {{count}})", manager: "Account manager", inTransit: "Orders in transit", takePayment: "Take payment", note: "Note", complaint: "Complaint", timeline: "Timeline", timelineFilter: "Filter by kind", noTimeline: "Nothing here yet.",
    tab: { overview: "Overview", products: "Products", orders: "Orders", money: "Billing", relations: "Relations", agreements: "Agreements" },
    heldProducts: "Products held", noProducts: "This customer holds no product yet.", firstSale: "Sell now", social: "Particulars", contacts: "Contacts", preferred: "preferred", tickets: "Complaints and faults", accounts: "Accounts", bills: "Bills", payments: "Payments", noOrders: "This customer has no orders yet.", noBills: "No bills yet. The first is made when an order completes.", noPayments: "No payments yet.",
    noRelations: "No relations on record (household, group, guarantor).", noAgreements: "No agreements in force.", agreementOffering: "Offering", from: "From", to: "Until", terms: "Terms",
    noteKind: "Kind", noteText: "Text", noteSaved: "Recorded", complaintName: "Subject", complaintText: "What happened", complaintOpen: "Open complaint", complaintSaved: "Complaint accepted; a ticket was opened", severity: "Severity",
  },
  product: {
    name: "Product", details: "{{name}}: details", family: "Family", number: "Number", fee: "Monthly", start: "Since", status: "Status", suspend: "Suspend", resume: "Resume", suspendTitle: "Suspend: {{name}}", resumeTitle: "Resume: {{name}}", makesOrder: "This makes a change order and sends it to the network at once.",
    whySuspend1: "Customer asked", whySuspend2: "Arrears", whySuspend3: "Device lost", whyResume1: "Customer asked", whyResume2: "Arrears paid",
  },
  order: {
    no: "Order no.", stateTitle: "State", customer: "Customer", summary: "Content", progress: "Progress", amount: "Amount", createdAt: "Accepted", operator: "By", search: "Order no., customer, number", anyState: "Any state", oneCustomer: "One customer only", noneFound: "No orders match.",
    track: "Order tracking", cancel: "Cancel order", toCustomer: "Customer", doneWithBill: "Completed. First bill made{{amount}}", toBill: "Open bill", decomposition: "Decomposition", noTree: "Nothing in this order needs activation.", tasks: "Tasks", noSteps: "No tasks yet.", items: "Order items", billing: "Billing collaboration", history: "History", noHistory: "No history yet.",
    task: "Task", target: "System", after: "After", attempts: "Tries", startedAt: "Started", took: "Took",
    cancelTitle: "Cancel order", cancelNote: "Finished steps are undone in reverse order, the number is released, the visit cancelled.", whyCancel1: "Customer gave up", whyCancel2: "Wrong information", whyCancel3: "Cannot be installed",
  },
  decomp: { product: "Product", cfs: "CFS", rfs: "RFS", task: "Tasks" },
  fallout: {
    open: "Open: {{count}}", step: "Failed task", reason: "Why", since: "Since", owner: "Owner", byTarget: "By system", byAge: "By age", unit: "items", summary: "Fallout at a glance", none: "No open fallout.", noneClosed: "No closed fallout.", done: "Done",
    stuckAt: "Stuck at “{{step}}”", waitsOperator: "Waiting for a fallout operator", verbTitle: "{{verb}}: {{order}} · {{step}}",
    retry: "Retry", skip: "Skip", compensate: "Compensate", abandon: "Abandon", retryNote: "Run this task once more.", skipNote: "Take the task as done elsewhere and go on.", compensateNote: "Undo the finished steps in reverse order.", abandonNote: "Stop here, neither going on nor undoing; finish by hand.",
    why1: "Network element is back", why2: "Done by hand", why3: "Customer's wish",
  },
  sell: {
    who: "Sell to whom?", whoHint: "Type a phone number, name or pinyin initials; Enter picks the customer.", keys: "Sale shortcuts", steps: "Steps of the sale", step: { offer: "Offerings", resource: "Number and installation", price: "Price trial", confirm: "Confirm" },
    anyPrice: "Any price", showAll: "Include withdrawn", add: "Add", added: "Added: {{name}}", inCart: "In cart: {{count}}", cannot: "Unavailable", notSellable: "Cannot be sold now", cart: "Cart", emptyCart: "Nothing chosen yet. F2 finds offerings, Enter adds one.", remove: "Remove {{name}}", drop: "Empty", dropAsk: "Empty the cart and release the numbers?",
    needOffer: "Choose at least one offering first", needAgreed: "Confirm price and agreement with the customer first", notEligible: "Something is not eligible; see the price trial", inTransit: "Orders in transit: {{count}}", problems: "Not eligible: {{count}}",
    gap: { selection: "Finish the choice in the bundle", portIn: "Enter the number to bring along and its code", circuit: "Enter both addresses", number: "No number picked yet", lockExpired: "The number lock ran out; lock again", address: "Enter the installation address", slot: "Choose a visit time" }, complete: "Complete", nothingNeeded: "What was chosen needs no number and no installation.",
    numbers: "Free numbers", pattern: "Pattern, e.g. *888*, *ABCD", class: "Number class", otherNumbers: "Other numbers", noNumbers: "No free number matches {{pattern}}.", minSpend: "min {{amount}}", deposit: "deposit {{amount}}", lock: "Locking the number", locked: "Locked, time left", lockOver: "The lock ran out; someone else may take the number.", lockAgain: "Lock again", release: "Release",
    installAddress: "Installation address", installSlot: "Visit time", useCustomerAddress: "Use the customer's address: ", line: "Charge", oneTime: "One-time", firstMonth: "First month", firstMonthRule: "monthly ÷ 30 × days left", monthly: "Monthly after", dueNow: "Due now",
    account: "Billing account", defaultAccount: "Default account", note: "Note", agreed: "The customer has confirmed price, term and agreement", submit: "Submitting the order", submitting: "Submitting…",
  },
};
