//! Orders that billing sends back (欠费停机, 双停, 复机, 销户, 高额, 信用度), whichever billing system it is, and the daily
//! reconciliation with each of them.
//!
//! An order from billing is taken exactly once by its source and id ([`submit`]), placed as a business through ordering like
//! a clerk's, and answered with how it ended. Invariants: what bars a line is a lock of its own reason, so that paying lifts
//! the bar for arrears and nothing else; what was asked later wins over what has not begun; nothing that was taken is lost.

mod answer;
mod back;
mod heard;
mod kind;
pub mod problems;
mod reconcile;
mod routes;
mod setting;
mod state;
mod subject;
mod target;
mod work;

pub use back::{BackOrder, Subject, state_of, submit};
pub use heard::{Heard, on_credit, on_high_charge};
pub use kind::Kind;
pub use state::State;
pub use work::round;

use http::{Background, Module};
use kernel::Perm;
use store::Migration;

pub const READ: Perm = Perm { name: "interchange.read", zh: "查看计费来单", en: "See orders from billing" };
pub const OPERATE: Perm =
    Perm { name: "interchange.operate", zh: "处理计费来单", en: "Deal with orders from billing" };
pub const SUBMIT: Perm =
    Perm { name: "interchange.submit", zh: "提交计费来单", en: "Send orders as a billing system" };

/// Periodic work of this crate.
pub fn reconcilers() -> Vec<flow::Reconciler> {
    vec![flow::Reconciler {
        name: "interchange.reconcile",
        every_seconds: 3_600,
        run: |app| Box::pin(reconcile::daily(app)),
    }]
}

pub fn module() -> Module {
    ordering::on_ended(work::ordered);
    let mut all = routes::routes();
    all.extend(reconcile::routes());
    Module {
        name: "interchange",
        routes: all,
        background: vec![Background { name: "interchange", run: |app| Box::pin(work::run(app)) }],
        migrations: const {
            &[
                Migration::new("interchange", 1, include_str!("../migrations/0001_interchange.sql")),
                Migration::new("interchange", 2, include_str!("../migrations/0002_reconcile.sql")),
            ]
        },
        problems: problems::ALL,
        permissions: const { &[READ, OPERATE, SUBMIT] },
        ..Module::default()
    }
}
