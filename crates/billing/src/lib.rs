//! Money: accounts, pricing, collaboration orders, bills, payments, the cashier's day, all on one double-entry ledger.
//!
//! Order entry defines and accepts, billing prices: the rest of the system tells it facts ([`collaborate`]) and asks for
//! figures ([`price`], [`bills_of`], [`balance_of`]), and never knows a formula. Invariants, proven by [`check`]:
//! every ledger transaction sums to zero; kept balances equal their entries; a bill's remainder is its amount less what was
//! put against it; receipt numbers of a hall and day have no gap.

mod account;
mod adjustment;
mod bill;
pub mod books;
mod bucket;
mod collaboration;
mod contract;
mod counter;
pub mod cycle;
mod due;
mod facts;
pub mod figures;
mod late;
pub mod ledger;
mod metered;
mod overdue;
mod overview;
mod payment;
mod payout;
pub mod perms;
mod pricing;
pub mod problems;
mod prove;
mod reassign;
mod relation;
mod settings;
mod subscription;
mod tax;
mod told;
mod views;

pub use account::{
    Account, BILLING_ACCOUNT, account, account_of, accounts_of, close_account_unused, customer_of_number, mergeable,
    must_be_open, open_account,
};
pub use bill::{
    APPLIED_RATE, Arrears, BillRow, CUSTOMER_BILL, Carried, Past, PastProduct, arrears_of, balance_of, bill_of_order,
    bills_of,
};
pub use collaboration::{
    Bundle, Collaboration, CollaborationKind, CollaborationState, State as CollaborationOrderState, collaborate,
    collaboration_state, deliver, outside, products_of_account, take_back,
};
pub use contract::ContractState;
pub use counter::shown_number;
pub use counter::{demo, drawer};
pub use due::{account_of_any_number, due_of_account};
pub use facts::{
    FamilyAmount, Fee, Month, arrears_of_customer, arrears_of_product, business_fees, contract_of, early_termination,
    freeze, months, payer_of,
};
pub use ledger::deposit;
pub use overdue::{
    LowBalance, Overdue, WRITE_OFF, families_of_account, low_balances, numbers_of_account, overdue_after, overdue_of,
    reinstate, write_off,
};
pub use overview::{Bucket, Overview, overview};
pub use payment::{
    Ground, Method, PaymentRow, Take, Taken, payments_of, reverse, reverse_with, take, taken_on, today_total,
};
pub use pricing::{
    Applies, Bound, Charge, ChargeKind, Cut, Declined, Discount, DiscountLine, Embedded, Line, Outside, Owned, Part,
    PriceAsk, PriceItem, Pricing, Quote, QuoteItem, Reduction, discounts_in, price, use_pricing,
};
pub use prove::check;
pub use reassign::{holds, reassign};
pub use relation::{Payer, Relation};
pub use told::{BillFact, LineFact, PaymentFact, bill_fact, line_of_number, payment_fact};

const MIGRATIONS: &[store::Migration] = &[
    store::Migration::new("billing", 1, include_str!("../migrations/0001_billing.sql")),
    store::Migration::new("billing", 2, include_str!("../migrations/0002_contracts.sql")),
    store::Migration::new("billing", 3, include_str!("../migrations/0003_books.sql")),
    store::Migration::new("billing", 6, include_str!("../migrations/0006_cycle.sql")),
    store::Migration::new("billing", 7, include_str!("../migrations/0007_adjustment.sql")),
    store::Migration::new("billing", 4, include_str!("../migrations/0004_counter.sql")),
    store::Migration::new("billing", 5, include_str!("../migrations/0005_buckets.sql")),
    store::Migration::new("billing", 9, include_str!("../migrations/0009_outside.sql")),
    store::Migration::new("billing", 11, include_str!("../migrations/0011_drawers.sql")),
    store::Migration::new("billing", 12, include_str!("../migrations/0012_campaign_state.sql")),
];

/// One pass over the work that waits: collaboration orders, then the bill run.
pub async fn round(app: &http::App) -> kernel::Result<usize> {
    Ok(collaboration::round(app).await? + cycle::round(app).await?)
}

pub fn module() -> http::Module {
    let mut routes = account::routes();
    routes.extend(bill::routes());
    routes.extend(payment::routes());
    routes.extend(counter::routes());
    routes.extend(collaboration::routes());
    routes.extend(pricing::routes());
    routes.extend(payout::routes());
    routes.extend(bucket::routes());
    routes.extend(views::routes());
    routes.extend(figures::routes());
    routes.extend(cycle::routes());
    routes.extend(adjustment::routes());
    http::Module {
        name: "billing",
        routes,
        migrations: MIGRATIONS,
        problems: problems::ALL,
        permissions: perms::ALL,
        background: vec![
            http::Background { name: "collaboration", run: |app| Box::pin(collaboration::run(app)) },
            http::Background { name: "balance-books", run: |app| Box::pin(books::run(app)) },
            http::Background { name: "bill-run", run: |app| Box::pin(cycle::background(app)) },
            http::Background { name: "huge-charges", run: |app| Box::pin(cycle::watching(app)) },
        ],
        checks: vec![http::Check { name: "billing", run: check }],
        answers: vec![http::Fetch { code: &problems::PRICING_PENDING, run: pricing::answer }],
    }
}
