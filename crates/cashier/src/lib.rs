//! The money behind the counter: audit levels and bank slips, collection by bank files, recharge cards, and the daily
//! comparison of what documents, ledger and bank say.
//!
//! Nothing here keeps an amount of its own that the ledger does not prove: a sheet compares drawers ([`billing::drawer`])
//! with slips, a bank's answer becomes payments, a card becomes one payment.

mod audit;
mod collection;
mod demo;
pub mod perms;
pub mod problems;
mod reassign;
mod recharge;
mod reconcile;
mod settings;

pub use demo::demo;
pub use reassign::reassign;
pub use recharge::{Ask as Recharge, Verdict as RechargeVerdict, redeem};

use flow::{JobHandler, Reconciler};
use http::Module;
use store::Migration;

pub fn module() -> Module {
    let mut routes = audit::routes();
    routes.extend(collection::routes());
    routes.extend(recharge::routes());
    routes.extend(reconcile::routes());
    Module {
        name: "cashier",
        routes,
        migrations: const {
            &[
                Migration::new("cashier", 1, include_str!("../migrations/0001_audit.sql")),
                Migration::new("cashier", 2, include_str!("../migrations/0002_collection.sql")),
                Migration::new("cashier", 3, include_str!("../migrations/0003_recharge.sql")),
                Migration::new("cashier", 4, include_str!("../migrations/0004_reconcile.sql")),
            ]
        },
        problems: problems::ALL,
        permissions: perms::ALL,
        checks: vec![http::Check { name: "cashier", run: reconcile::prove }],
        ..Module::default()
    }
}

/// Work that outlives its request.
pub fn jobs() -> Vec<JobHandler> {
    vec![
        JobHandler { kind: collection::JOB, run: |app, payload| Box::pin(collection::work(app, payload)) },
        JobHandler { kind: recharge::JOB, run: |app, payload| Box::pin(recharge::make(app, payload)) },
    ]
}

/// Periodic work.
pub fn reconcilers() -> Vec<Reconciler> {
    vec![
        Reconciler { name: "cashier.sheets", every_seconds: 600, run: |app| Box::pin(audit::sweep(app)) },
        Reconciler { name: "cashier.money", every_seconds: 3_600, run: |app| Box::pin(reconcile::sweep(app)) },
    ]
}
