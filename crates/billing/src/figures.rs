//! Revenue, arrears and balances as reports show them: kept sums, never a scan while somebody waits.
//!
//! Two streams are added up once, behind a cursor that moves in the transaction that adds: bills with their lines, and the
//! ledger's transactions. Two pictures are taken again and again: what is unpaid, and who was served on a day. Every sum
//! stands at its place and at each place above it, so a report of the whole group reads as few rows as one of a hall.
//! All of it can be thrown away and computed again ([`rebuild`]).

mod keep;
mod picture;
mod routes;
mod stream;
mod view;

pub use routes::routes;

use http::App;
use kernel::{Actor, Result};
use store::{Tx, params, sql};

sql! {
    CLEAR = "DELETE FROM figure_sum WHERE figure <> 'arrears.day'";
    FORGET = "DELETE FROM figure_state";
}

/// Brings everything up to date. Safe beside other work and beside itself.
pub async fn refresh(app: App) -> Result<()> {
    let db = app.db().clone();
    let stopping = app.clone();
    let work = tokio::task::spawn_blocking(move || {
        stream::run(&db, &|| stopping.is_stopping())?;
        picture::run(&db)
    });
    work.await.map_err(kernel::Problem::internal)?
}

/// Forgets every sum; the next [`refresh`] computes them from bills, ledger and subscriptions. The daily course of arrears
/// stays: yesterday's cannot be seen any more.
pub fn rebuild(tx: &mut Tx<'_>) -> Result<()> {
    tx.execute(&CLEAR, params![])?;
    tx.execute(&FORGET, params![])?;
    Ok(())
}

/// Every ten minutes.
pub fn reconciler() -> flow::Reconciler {
    flow::Reconciler { name: "billing.figures", every_seconds: 600, run: |app| Box::pin(refresh(app)) }
}

/// As the system: figures are made over everybody's scope.
fn system() -> Actor {
    Actor::system()
}
