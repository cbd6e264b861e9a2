//! Number portability (携号转网): numbers that come in from other operators and numbers that leave.
//!
//! Who may have a number is the central system's word ([`centre`]); our records follow it by its revisions. Invariants: one
//! live port a number in each direction; a line is opened on a number only after the central system says that it is ours, and
//! the number is away from us in the transaction that hears that it is somebody else's — so that it never has two owners,
//! whatever order messages arrive in; what the law asks or forbids is data with its source ([`setting`]).

pub mod centre;
pub mod code;
mod digest;
pub mod eligibility;
mod gateway;
mod holder;
pub mod home;
pub mod message;
pub mod port_in;
pub mod port_out;
pub mod problems;
mod reassign;
mod routes;
pub mod setting;
pub mod simulator;
pub mod state;
mod trouble;

pub use reassign::reassign;

use flow::{JobHandler, Reconciler, StepHandler};
use http::{Check, Module};
use kernel::{Actor, OrgPath, Perm};
use std::sync::Arc;
use store::Migration;

pub const READ: Perm = Perm { name: "portability.read", zh: "查看携号转网", en: "See number portability" };
pub const WRITE: Perm =
    Perm { name: "portability.write", zh: "办理携号转网", en: "Deal with number portability" };
pub const RULES: Perm =
    Perm { name: "portability.rules", zh: "设置携转参数", en: "Set the figures of portability" };
pub const CENTRE: Perm =
    Perm { name: "portability.centre", zh: "携转集中系统接口", en: "Speak as the central portability system" };
pub const SIMULATE: Perm =
    Perm { name: "portability.simulate", zh: "设置内置携转集中系统", en: "Set the built-in central system" };

pub fn module() -> Module {
    let mut all = routes::routes();
    all.extend(gateway::routes());
    all.extend(message::routes());
    Module {
        name: "portability",
        routes: all,
        migrations: const {
            &[
                Migration::new("portability", 1, include_str!("../migrations/0001_portability.sql")),
                Migration::new("portability", 2, include_str!("../migrations/0002_kept_by.sql")),
            ]
        },
        problems: problems::ALL,
        permissions: const { &[READ, WRITE, RULES, CENTRE, SIMULATE] },
        checks: vec![Check { name: "portability", run: trouble::check }],
        ..Module::default()
    }
}

/// The central system may be slow: longer than its client waits.
const SECONDS: u64 = 20;

/// Steps of orders that bring a number in or close a line whose number has left.
pub fn handlers() -> Vec<StepHandler> {
    vec![
        StepHandler {
            name: "port-request",
            run: |c| Box::pin(port_in::steps::request(c)),
            undo: Some(|c| Box::pin(port_in::steps::unrequest(c))),
            seconds: SECONDS,
        },
        StepHandler {
            name: "port-await",
            run: |c| Box::pin(port_in::steps::wait(c)),
            undo: Some(|c| Box::pin(port_in::steps::unwait(c))),
            seconds: SECONDS,
        },
        StepHandler {
            name: "port-out-confirm",
            run: |c| Box::pin(port_out::steps::confirm(c)),
            undo: None,
            seconds: SECONDS,
        },
    ]
}

pub fn jobs() -> Vec<JobHandler> {
    vec![JobHandler { kind: code::ANNOUNCE, run: |app, payload| Box::pin(code::announce(app, payload)) }]
}

pub fn reconcilers() -> Vec<Reconciler> {
    vec![
        Reconciler { name: "portability.centre", every_seconds: 5, run: |app| Box::pin(simulator::turn::turn(app)) },
        Reconciler { name: "portability.out", every_seconds: 10, run: |app| Box::pin(port_out::close_lines(app)) },
        Reconciler { name: "portability.home", every_seconds: 30, run: |app| Box::pin(home::return_numbers(app)) },
    ]
}

/// The local network (本地网) of a place: its city's code.
pub fn network_of(org: &OrgPath) -> &str {
    org.as_str().split('/').nth(3).unwrap_or("")
}

/// The actor with the right to see names and certificates: what is compared or digested here never reaches a page.
pub(crate) fn seeing(actor: &Actor) -> Actor {
    let mut permissions = (*actor.permissions).clone();
    permissions.insert(party::PRIVACY_VIEW.name.to_owned());
    Actor { permissions: Arc::new(permissions), ..actor.clone() }
}
