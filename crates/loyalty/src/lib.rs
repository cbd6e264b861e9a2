//! Points: earned and spent on a ledger of their own (TMF658).
//!
//! Points are earned by what has been paid and by events, exactly once whatever is told how often; they pay bills and buy
//! gifts, end with the year, and come back when what they bought is undone. Invariants, proven by [`check`]: every transaction
//! sums to zero, what is kept equals its entries, no member's year is below zero.

mod adjust;
mod check;
mod earn;
mod expire;
mod follow;
mod gift;
mod ledger;
mod lots;
mod member;
pub mod perms;
pub mod problems;
mod program;
mod reassign;
mod routes;
mod settings;
mod spend;
mod statistics;
mod tmf658;

pub use adjust::adjust;
pub use check::check;
pub use earn::{for_event, undo_event};
pub use follow::round;
pub use gift::{Gift, GiftAsk, Redemption, add as add_gift, redeem};
pub use ledger::{Line, balance, statement};
pub use member::{MEMBER, Member, enrol, of_customer};
pub use reassign::reassign;
pub use spend::{Pay, pay};
pub use statistics::{of_member as statistics_of, picture};

use http::{Background, Check, Module, tmf};
use store::Migration;

pub fn module() -> Module {
    let documents = [&program::PROGRAM, &program::EVENT_TYPE, &program::CONDITION, &program::ACTION, &member::MEMBER];
    let mut routes = routes::routes();
    routes.extend(documents.into_iter().flat_map(tmf::routes));
    routes.extend(tmf658::routes());
    Module {
        name: "loyalty",
        routes,
        migrations: const { &[Migration::new("loyalty", 1, include_str!("../migrations/0001_points.sql"))] },
        problems: problems::ALL,
        permissions: perms::ALL,
        background: vec![Background { name: "loyalty", run: |app| Box::pin(follow::keep_following(app)) }],
        checks: vec![Check { name: "points", run: check }],
        ..Module::default()
    }
}

/// Points that end, and the reminders before.
pub fn reconciler() -> flow::Reconciler {
    flow::Reconciler { name: "loyalty.expiry", every_seconds: 6 * 3_600, run: |app| Box::pin(expire::round(app)) }
}
