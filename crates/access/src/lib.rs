//! Who may come in and what they may do: staff, the organisation tree, roles, sessions, API tokens, and the seals on
//! the audit chain.
//!
//! * Passwords are kept as argon2id only; session and token ids as SHA-256 only.
//! * A role is data (`data/roles.json`): patterns over the rights that the modules declare.
//! * Nobody hands out a right they do not hold, nor a scope they do not see.
//! * Every audit entry is counted into a signed checkpoint that names the one before it ([`verify_audit`]).

mod auth;
mod colleague;
mod limit;
mod organization;
mod password;
pub mod permissions;
pub mod problems;
mod role;
mod routes;
mod seal;
mod session;
mod setup;
mod staff;
mod tmf672;
mod token;

pub use auth::Auth;
pub use colleague::{Colleague, colleague, with_role};
pub use limit::Limit;
pub use organization::{ensure_organizations, exists as org_exists, org_name};
pub use password::{Password, verify as verify_password};
pub use role::{Role, permissions_of, roles};
pub use seal::{seal, verify_audit};
pub use setup::{setup_link, setup_needed};
pub use staff::{NewStaff, create_staff, create_staff_as};
pub use token::{NewToken, create_token, issue_token};

use http::{Background, Check, Module};
use std::time::Duration;
use store::Migration;

const MIGRATIONS: &[Migration] = &[Migration::new("access", 1, include_str!("../migrations/0001_access.sql"))];

pub fn module() -> Module {
    let mut routes = routes::all();
    routes.extend(tmf672::routes());
    Module {
        name: "access",
        routes,
        migrations: MIGRATIONS,
        problems: problems::ALL,
        permissions: permissions::ALL,
        background: vec![
            Background { name: "audit-seal", run: |app| Box::pin(keep_sealing(app)) },
            Background { name: "session-sweep", run: |app| Box::pin(keep_sweeping(app)) },
        ],
        checks: vec![Check { name: "audit chain", run: verify_audit }],
        answers: Vec::new(),
    }
}

/// Entries stay open for so long at most, but for a backlog.
const SEAL_EVERY: Duration = Duration::from_secs(2);
const SWEEP_EVERY: Duration = Duration::from_secs(600);

async fn keep_sealing(app: http::App) {
    while pause(&app, SEAL_EVERY).await {
        loop {
            match seal(app.db()).await {
                Ok(0) => break,
                Ok(_) if app.is_stopping() => break,
                Ok(_) => tokio::time::sleep(Duration::from_millis(20)).await, // let requests pass between batches
                Err(problem) => {
                    tracing::warn!(%problem, "the audit chain could not be sealed; trying again");
                    break;
                }
            }
        }
    }
}

async fn keep_sweeping(app: http::App) {
    while pause(&app, SWEEP_EVERY).await {
        if let Err(problem) = app.db().write(kernel::Actor::system(), session::sweep).await {
            tracing::warn!(%problem, "ended sessions could not be swept");
        }
    }
}

/// False once the server stops.
async fn pause(app: &http::App, time: Duration) -> bool {
    tokio::select! {
        () = tokio::time::sleep(time) => true,
        () = app.stopped() => false,
    }
}
