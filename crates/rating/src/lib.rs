//! Rating: what usage costs. Plans are data; a pure function turns a cycle's usage into charges and can tell why.
//!
//! Nothing that is rated is kept: [`charges`] reads the records of a cycle and rates them when asked, in the order of
//! events, the members of a sharing group together. So a record that comes late, twice or out of order cannot leave a wrong
//! sum behind ([ADR 0021](../../../docs/adr/0021-rating-when-asked.md)). What was billed is told again in the same way:
//! versions of plans never change, and closed cycles get no more usage.

mod assignment;
mod balance;
mod consumption;
mod derive;
pub mod engine;
mod line;
pub mod measure;
mod notes;
pub mod plan;
pub mod problems;
mod rated;
mod tables;
mod trial;

pub use assignment::{
    Assign, Assignment, Share, assign, assign_plan, brought_by, end, groups_of, members, open_on, reassign, rejoin,
    share_join, share_leave, together, unassign, unassign_all, void, void_shares,
};
pub use derive::{plan_of, pool_of};
pub use line::{AllowanceState, MemberUse, RatedRecord, TierUse, TraceStep, UsageLine, Used};
pub use rated::{
    CarriedOver, Near, NearLine, allowances, charges, closing, cycle_now, keep_carried, near_limit, rated_records,
    so_far, so_far_of_product, trace, usage_lines,
};
pub use tables::{Tax, tax, tax_of_family, tax_portion};

use http::Module;
use store::Migration;

const MIGRATIONS: &[Migration] = &[
    Migration::new("rating", 1, include_str!("../migrations/0001_rating.sql")),
    Migration::new("rating", 2, include_str!("../migrations/0002_consumption.sql")),
    Migration::new("rating", 3, include_str!("../migrations/0003_tax_of_family.sql")),
];

pub fn module() -> Module {
    usage::use_prices(rated::prices);
    let mut routes = plan::routes::routes();
    routes.extend(tables::routes());
    routes.extend(balance::routes());
    routes.extend(trial::routes());
    routes.extend(http::tmf::routes(&consumption::QUERY));
    Module {
        name: "rating",
        routes,
        migrations: MIGRATIONS,
        problems: problems::ALL,
        permissions: &[plan::routes::READ, plan::routes::WRITE, plan::routes::ACTIVATE, balance::BALANCE],
        ..Module::default()
    }
}
