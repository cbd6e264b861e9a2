//! Receiving people: visitors of a hall by tickets ([`queue`]) and callers of the hotline by verified calls.

pub mod queue;

use flow::Reconciler;
use http::Module;
use store::Migration;

pub fn module() -> Module {
    Module {
        name: "reception",
        routes: queue::routes(),
        migrations: const { &[Migration::new("reception", 1, include_str!("../migrations/0001_queue.sql"))] },
        problems: queue::problems::ALL,
        permissions: const { &[queue::TAKE, queue::SERVE, queue::BOARD, queue::READ] },
        ..Module::default()
    }
}

/// Periodic work of this crate.
pub fn reconcilers() -> Vec<Reconciler> {
    vec![Reconciler { name: "reception.days", every_seconds: 600, run: |app| Box::pin(queue::close_days(app)) }]
}
