//! Credit control: who is reminded, barred, set free again, given up; the rules are data.
//!
//! * A [`policy`] says for a class of customers which steps come after how many days; [`law`] says what is the least, and is
//!   checked when a policy is saved and again when a step is done.
//! * A daily [`sweep`] opens a case for each account with overdue debts and does what is due: one step at most, so that no
//!   jump of the clock skips a step or its time. Payments are followed as they come ([`follow`]): what is paid is set free
//!   at once.
//! * Lines are barred and freed by orders to order entry ([`interchange`]) under the lock for arrears; a line that is barred
//!   for another reason too stays so. Emergency numbers work in every bar: what is told to the network says so.
//! * What is owed to customers beside debts is told by the way: balances and allowances running out, huge charges, business
//!   done ([`allowances`], `notices`).
//! * Key accounts are left to their managers and a second person ([`task`]); debts are given up by two people.

mod act;
mod allowance;
mod board;
mod case;
mod credit;
mod decide;
pub mod demo;
mod follow;
mod hold;
mod law;
mod notices;
mod outside;
mod policy;
mod problems;
mod routes;
mod sweep;
mod task;
mod write_off;

pub use allowance::allowances;
pub use case::{Case, Level, of_customer};
pub use notices::low_balances;
pub use policy::{Policy, StepKind};
pub use sweep::{Sweep, daily, drive, start};

use http::{App, Background, Module};
use kernel::{Perm, Result};
use store::Migration;

/// As whom order entry is told.
pub(crate) const SOURCE: &str = "dunning";

pub const READ: Perm = Perm { name: "dunning.read", zh: "查看欠费与催缴", en: "See debts and dunning" };
pub const HANDLE: Perm = Perm { name: "dunning.handle", zh: "处理欠费单", en: "Deal with cases of debt" };
pub const CREDIT: Perm = Perm { name: "dunning.credit", zh: "设置信用额度", en: "Set credit limits" };
pub const POLICY: Perm = Perm { name: "dunning.policy", zh: "维护催缴方案", en: "Maintain dunning policies" };
pub const APPROVE: Perm =
    Perm { name: "dunning.approve", zh: "审批停机与核销", en: "Approve suspensions and write-offs" };
pub const SWEEP: Perm = Perm { name: "dunning.sweep", zh: "运行欠费扫描", en: "Run the sweep" };

pub fn module() -> Module {
    interchange::on_credit(outside::credit);
    interchange::on_high_charge(outside::high_charge);
    Module {
        name: "dunning",
        routes: routes::routes(),
        migrations: const {
            &[
                Migration::new("dunning", 1, include_str!("../migrations/0001_dunning.sql")),
                Migration::new("dunning", 2, include_str!("../migrations/0002_allowance.sql")),
            ]
        },
        problems: problems::ALL,
        permissions: const { &[READ, HANDLE, CREDIT, POLICY, APPROVE, SWEEP] },
        background: vec![
            Background { name: "dunning", run: |app| Box::pin(follow::run(app)) },
            Background { name: "dunning.allowances", run: |app| Box::pin(allowance::run(app)) },
        ],
        ..Module::default()
    }
}

/// One pass over new events and new usage; returns how much there was.
pub async fn round(app: &App) -> Result<usize> {
    Ok(follow::round(app).await? + allowances(app).await?)
}

/// Periodic work.
pub fn reconcilers() -> Vec<flow::Reconciler> {
    vec![
        flow::Reconciler { name: "dunning.sweep", every_seconds: 600, run: |app| Box::pin(sweep::daily(app)) },
        flow::Reconciler {
            name: "dunning.low-balances",
            every_seconds: 21_600,
            run: |app| Box::pin(low_balances(app)),
        },
    ]
}

/// Work that outlives its request.
pub fn jobs() -> Vec<flow::JobHandler> {
    vec![flow::JobHandler { kind: routes::JOB, run: |app, _| Box::pin(sweep::job(app)) }]
}
