//! Receiving people: visitors of a hall by tickets ([`queue`]) and callers of the hotline by verified calls ([`hotline`]).

pub mod hotline;
pub mod problems;
pub mod queue;
mod reassign;

pub use reassign::reassign;

use flow::Reconciler;
use http::Module;
use store::Migration;

pub fn module() -> Module {
    ordering::caller::register(hotline::guard);
    let mut routes = queue::routes();
    routes.extend(hotline::routes());
    Module {
        name: "reception",
        routes,
        migrations: const {
            &[
                Migration::new("reception", 1, include_str!("../migrations/0001_queue.sql")),
                Migration::new("reception", 2, include_str!("../migrations/0002_hotline.sql")),
                Migration::new("reception", 3, include_str!("../migrations/0003_report_loss.sql")),
            ]
        },
        problems: problems::ALL,
        permissions: const {
            &[
                queue::TAKE,
                queue::SERVE,
                queue::BOARD,
                queue::READ,
                hotline::TAKE,
                hotline::READ,
                hotline::SCRIPTS,
                hotline::PASSWORD,
            ]
        },
        ..Module::default()
    }
}

/// Periodic work of this crate.
pub fn reconcilers() -> Vec<Reconciler> {
    vec![Reconciler { name: "reception.days", every_seconds: 600, run: |app| Box::pin(queue::close_days(app)) }]
}
