//! Money: accounts, pricing, collaboration orders, bills, payments, the cashier's day, all on one double-entry ledger.
//!
//! Order entry defines and accepts, billing prices: the rest of the system tells it facts ([`collaborate`]) and asks for
//! figures ([`price`], [`bills_of`], [`balance_of`]), and never knows a formula. Invariants, proven by [`check`]:
//! every ledger transaction sums to zero; kept balances equal their entries; a bill's remainder is its amount less what was
//! put against it; receipt numbers of a hall and day have no gap.

mod account;
mod bill;
mod collaboration;
mod counter;
mod ledger;
mod payment;
pub mod perms;
mod pricing;
pub mod problems;
mod prove;
mod settings;
mod subscription;

pub use account::{Account, BILLING_ACCOUNT, account, account_of, accounts_of, customer_of_number};
pub use bill::{APPLIED_RATE, Arrears, BillRow, CUSTOMER_BILL, arrears_of, balance_of, bill_of_order, bills_of};
pub use collaboration::{
    Bundle, Collaboration, CollaborationKind, CollaborationState, State as CollaborationOrderState, collaborate,
    collaboration_state, deliver, round,
};
pub use ledger::deposit;
pub use payment::{Method, PaymentRow, Take, Taken, payments_of, reverse, take, taken_on, today_total};
pub use pricing::{ChargeKind, Line, Part, Quote, QuoteItem, price};
pub use prove::check;

const MIGRATIONS: &[store::Migration] =
    &[store::Migration::new("billing", 1, include_str!("../migrations/0001_billing.sql"))];

pub fn module() -> http::Module {
    let mut routes = account::routes();
    routes.extend(bill::routes());
    routes.extend(payment::routes());
    routes.extend(counter::routes());
    routes.extend(collaboration::routes());
    http::Module {
        name: "billing",
        routes,
        migrations: MIGRATIONS,
        problems: problems::ALL,
        permissions: perms::ALL,
        background: vec![http::Background { name: "collaboration", run: |app| Box::pin(collaboration::run(app)) }],
        checks: vec![http::Check { name: "billing", run: check }],
    }
}
