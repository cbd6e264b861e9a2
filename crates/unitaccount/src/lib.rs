//! Unit accounts: an organisation's money, allocated to its members and collected back (单位账户 · 分配 · 汇总 · 圈存 · 挂失).
//!
//! The money is in three places: on the unit's billing account, at hand with a member, loaded onto a card; each is a balance
//! book, so it stands on the one ledger and never falls below zero. What is loaded cannot be collected. Every operation locks
//! unit, then members, then accounts; a report of loss and a spending both lock the member, so nothing is spent after the
//! report has been committed.

mod allocate;
mod batch;
mod card;
mod check;
mod follow;
mod group;
mod loss;
mod member;
mod movement;
mod password;
pub mod perms;
pub mod problems;
mod reassign;
mod routes;
mod rule;
mod settings;
mod spend;
mod statistics;
mod unit;

pub use allocate::{Kind, Much};
pub use batch::{Batch, Done, Item, run as move_many};
pub use check::check;
pub use follow::round;
pub use group::{DriverAsk, GroupAsk, add as add_group, add_driver};
pub use loss::report as report_loss;
pub use member::{Ask as MemberAsk, Member, join};
pub use reassign::reassign;
pub use rule::{Ask as RuleAsk, add as add_rule};
pub use spend::{Ask as Spending, Consumption, pay_bills, spend};
pub use unit::{Ask as UnitAsk, Unit, open, unit};

use http::{Background, Check, Module};
use store::Migration;

pub fn module() -> Module {
    Module {
        name: "unitaccount",
        routes: routes::routes(),
        migrations: const { &[Migration::new("unitaccount", 1, include_str!("../migrations/0001_units.sql"))] },
        problems: problems::ALL,
        permissions: perms::ALL,
        background: vec![Background { name: "unitaccount", run: |app| Box::pin(follow::keep_following(app)) }],
        checks: vec![Check { name: "unit accounts", run: check }],
        ..Module::default()
    }
}

/// Monthly allocation by the units' own rules.
pub fn reconciler() -> flow::Reconciler {
    flow::Reconciler { name: "unitaccount.rules", every_seconds: 3_600, run: |app| Box::pin(rule::round(app)) }
}
