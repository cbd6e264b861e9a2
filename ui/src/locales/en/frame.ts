import type { frame as source } from "../zh/frame";

export const frame: typeof source = {
  kit: {
    actions: "Actions", all: "All", any: "All", cancel: "Cancel", clearFilters: "Clear filters", code: "Code", failed: "{{what}} failed", failedPlain: "That did not work",
    httpStatus: "The server answered {{status}}", loading: "Loading", month: "mo", more: "Show {{count}} more", nextPage: "Next page", prevPage: "Previous page", paging: "Pages", perPage: "Rows per page",
    range: "{{from}}–{{to}} of {{total}}", rangeOpen: "{{from}}–{{to}}", reason: "Reason", retry: "Try again", revert: "Revert", save: "Save", saved: "Saved",
    reveal: "Show", revealField: "Show the full value: {{field}}", revealTitle: "Show the full value: {{field}}", revealNote: "The reason goes into the audit log. The value hides again after one minute.",
    revealWhy1: "Customer present, checking", revealWhy2: "Needed for this transaction", revealWhy3: "Checking a complaint",
    showChart: "Chart", showData: "Data", trace: "Trace", unreachable: "The server cannot be reached. Check the network and try again.", updates: "Updates: {{count}} · refresh",
    chartSays: "{{title}}: {{count}} values, {{sum}} {{unit}} in all, most: {{best}} ({{value}})",
  },
  shell: {
    brand: "Yitai workbench", skip: "Skip to content", rail: "Main navigation", tabs: "Open records", closeTab: "Close {{title}}", finder: "Find customers, orders, offerings, or run a command…",
    help: "Keyboard shortcuts", language: "Switch language", logout: "Log out", password: "Change password", passwordDone: "Password changed", lost: "No such page", lostWhy: "The address may be wrong, or the record lies outside your data scope.", toHome: "To the workbench",
    openPage: "Opening the page", reload: "Reload", silent: "The live connection is down; what you see may be old. Reconnecting…",
    live: { connecting: "Connecting", connectingHint: "Opening the live connection", live: "Live", liveHint: "Pages follow events as they happen", silent: "Offline", silentHint: "No live updates for now; reconnecting" },
  },
  nav: {
    prepay: "Prepayment", dunning: "Credit control", messages: "Messages",
    units: "Unit accounts", points: "Points",
    interchange: "Billing orders",
    cashier: "Audit of takings", collection: "Bank collection", rechargeCards: "Recharge cards", figures: "Revenue",
    usage: "Usage", rating: "Rating", runs: "Bill run", adjustments: "Adjustments", huge: "Huge charges",
    identity: "Identity", identityReview: "Review doubts", realname: "Real name", porting: "Porting", hotline: "Hotline", queue: "Queue", numbers: "Numbers", stock: "Stock", places: "Coverage", launches: "Launches", discounts: "Discount limits", home: "Home", customers: "Customers", sell: "Sell", orders: "Orders", receipts: "Receipt log", refunds: "Refunds", counter: "Counter", fallout: "Fallout", catalog: "Catalogue", network: "Network", staff: "Staff", audit: "Audit", apiDocs: "API",
    import: "Tariff import", payments: "Payments", shift: "Shift and settlement", roles: "Roles",
  },
  help: {
    everywhere: "Everywhere", palette: "Command box", find: "Find", help: "This sheet", newCustomer: "New customer", newOrder: "New sale", closeTab: "Close tab", pickTab: "Go to tab", stepTab: "Previous / next tab",
    goTo: "Go to", lists: "Lists", row: "Next / previous row", open: "Open", sell: "Sell", sellFind: "Offerings", sellNumber: "Number", sellNext: "Next", sellSubmit: "Submit", back: "Back",
    counter: "Counter", counterNew: "New", counterFind: "Find", counterTake: "Take payment", counterPrint: "Print receipt",
  },
  palette: {
    here: "On this page", title: "Find and command", placeholder: "Phone, name, pinyin, initials, certificate, account, circuit, order no.…", search: "Searching", none: "Nothing found for “{{q}}”. Try another number, name or pinyin initials.",
    customers: "Customers", orders: "Orders", offerings: "Offerings", open: "Open records", actions: "Actions", goTo: "Go to {{place}}", newCustomer: "New customer", newOrder: "New sale", language: "切换到中文",
    move: "choose", openIt: "open", sell: "sell to customer", tip: "Pinyin initials work too",
  },
  gate: {
    login: "Log in", account: "Login", password: "Password", enter: "Log in", expired: "Your session ended. Log in again; unsubmitted sales are still there.", locked: "The account is locked after too many attempts. Try later or ask an administrator.", refused: "Login or password is wrong.",
    motto: "Settled at one desk", promise: "Everything a customer needs, done from start to finish at one counter: find, choose, pick a number, activate, bill and take the money, each step in plain sight.", tagline: "Yitai · telecom customer relationship management",
    step1: "Find", step2: "Choose", step3: "Number", step4: "Activate", step5: "Bill", step6: "Pay",
    setup: "First set-up", setupLink: "Checking the set-up link", setupInvalid: "This link was used or is no longer valid. Restart the server; it prints a new one on its console.", setupWhy: "This system is empty. Create the first administrator, who then adds the staff.",
    setupDone: "The administrator was created. You can log in.", toLogin: "To log-in", create: "Create administrator", accountRule: "Lower-case letters, digits, dots and dashes", name: "Name", newPassword: "New password", oldPassword: "Old password", againPassword: "Once more",
    passwordRule: "At least 10 characters; common or leaked passwords are refused.", differs: "The two do not match",
  },
  home: {
    title: "Workbench", today: "Today", orders: "Orders today", payments: "Payments today", customers: "New customers today", fallout: "Open fallout", byHour: "Orders by hour today", byHourUnit: "orders", recentOrders: "Recent orders", recentCustomers: "Recent customers",
    noOrders: "No orders yet. They appear here once the first sale is submitted.", firstOrder: "Start a sale", noCustomers: "No customers yet.",
  },
};
