//! The list of what the system is made of. Reading this list is reading the system.

use crate::{health, pages};
use http::Module;
use kernel::Actor;

/// Every module, each after those it calls.
pub fn all() -> Vec<Module> {
    catalog::subjects_from(ordering::subject);
    messaging::gateway::hear_with(portability::message::hear);
    let mut all = vec![
        flow::module(jobs(), journeys::sagas(), reconcilers()),
        access::module(),
        party::module(),
        customer::module(),
        catalog::module(),
        inventory::module(),
        usage::module(),
        rating::module(),
        billing::module(),
        ordering::module(),
        cart::module(),
        care::module(),
        messaging::module(),
        cashier::module(),
        interchange::module(),
        dunning::module(),
        loyalty::module(),
        unitaccount::module(),
        portability::module(),
        activation::module(),
        journeys::module(),
        reception::module(),
        identity::module(),
        desk::module(),
    ];
    all.push(http::module(&all)); // gives every API above its hub
    all.push(health::module());
    all.push(pages::module());
    all
}

/// Work that outlives its request.
fn jobs() -> Vec<flow::JobHandler> {
    let mut all = journeys::jobs();
    all.extend(identity::jobs());
    all.extend(cashier::jobs());
    all.extend(usage::jobs());
    all.extend(dunning::jobs());
    all
}

/// Periodic work of all modules.
fn reconcilers() -> Vec<flow::Reconciler> {
    let mut all = journeys::reconcilers();
    all.push(catalog::reconciler());
    all.extend(reception::reconcilers());
    all.extend(interchange::reconcilers());
    all.extend(cashier::reconcilers());
    all.extend(billing::figures::reconcilers());
    all.extend(usage::reconcilers());
    all.extend(dunning::reconcilers());
    all.extend([loyalty::reconciler(), unitaccount::reconciler()]);
    all.extend([
        flow::Reconciler {
            name: "customer.name-reviews",
            every_seconds: 3_600,
            run: |app| {
                Box::pin(async move { app.db().write(Actor::system(), customer::standing::escalate).await.map(drop) })
            },
        },
        flow::Reconciler {
            name: "party.verifications",
            every_seconds: 86_400,
            run: |app| Box::pin(async move { app.db().write(Actor::system(), party::realname::purge).await.map(drop) }),
        },
    ]);
    all
}
