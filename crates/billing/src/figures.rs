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
use store::{Db, Tx, params, sql};

sql! {
    CLEAR = "DELETE FROM figure_sum WHERE figure <> 'arrears.day'";
    FORGET = "DELETE FROM figure_state";
}

/// Brings everything up to date. Safe beside other work and beside itself.
pub async fn refresh(app: App) -> Result<()> {
    add_up(app.clone()).await?;
    take_pictures(app).await
}

async fn add_up(app: App) -> Result<()> {
    let db = app.db().clone();
    let work = tokio::task::spawn_blocking(move || stream::run(&db, stream::SETTLED_SECONDS, &|| app.is_stopping()));
    work.await.map_err(kernel::Problem::internal)?
}

async fn take_pictures(app: App) -> Result<()> {
    let db = app.db().clone();
    let work = tokio::task::spawn_blocking(move || picture::run(&db, &|| app.is_stopping()));
    work.await.map_err(kernel::Problem::internal)?
}

/// Everything, the newest too: for a store that nobody else writes to at the moment. Blocks.
pub fn catch_up(db: &Db) -> Result<()> {
    stream::run(db, 0, &|| false)?;
    picture::run(db, &|| false)
}

/// Forgets every sum; the next [`refresh`] computes them from bills, ledger and subscriptions. The daily course of arrears
/// stays: yesterday's cannot be seen any more.
pub fn rebuild(tx: &mut Tx<'_>) -> Result<()> {
    tx.execute(&CLEAR, params![])?;
    tx.execute(&FORGET, params![])?;
    Ok(())
}

/// Sums every minute; pictures, which read all that is open, every quarter of an hour.
pub fn reconcilers() -> Vec<flow::Reconciler> {
    vec![
        flow::Reconciler { name: "billing.figures", every_seconds: 60, run: |app| Box::pin(add_up(app)) },
        flow::Reconciler { name: "billing.pictures", every_seconds: 900, run: |app| Box::pin(take_pictures(app)) },
    ]
}

/// As the system: figures are made over everybody's scope.
fn system() -> Actor {
    Actor::system()
}
