//! All stories that need a database or a server, in one binary: it links once.
//!
//! A story is `#[both_databases] async fn name(t: TestApp)`; see `testkit`.

mod billing;
mod catalog;
mod dialect;
mod house;
mod store;

use testkit::System;

/// What the stories are about: the whole system as the server puts it together.
pub fn system() -> System {
    System {
        modules: server::modules::all,
        auth: |modules| Some(Box::new(access::Auth::new(modules))),
        permissions_of: |role, all| access::permissions_of(&[role], all),
        round: |app| Box::pin(async move { ::billing::round(&app).await }),
        prepare: |_| Ok(()),
    }
}
