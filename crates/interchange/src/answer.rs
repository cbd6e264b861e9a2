//! Telling an outside system how its orders ended: by a call to the address it gave, until it takes it. A system without one
//! asks (`GET /api/v1/interchange/orders/{id}`).

use crate::{State, routes};
use http::App;
use kernel::{Actor, Result};
use store::{Tx, params, sql};

sql! {
    DUE_NOW = "UPDATE back_order SET tell_at = $2, tell_attempts = 0 WHERE id = $1";
    SOURCE = "SELECT source FROM back_order WHERE id = $1";
    DUE = "SELECT id, source FROM back_order WHERE tell_at IS NOT NULL AND tell_at <= $1 ORDER BY tell_at, id LIMIT 50";
    TAKE = "UPDATE back_order SET tell_at = $2, tell_attempts = tell_attempts + 1 WHERE id = $1 AND tell_at <= $3";
    TOLD = "UPDATE back_order SET told_state = $2, tell_at = NULL WHERE id = $1 AND state = $2";
    ATTEMPTS = "SELECT tell_attempts FROM back_order WHERE id = $1";
}

/// The order stands in another state: where its source wants to be told, that is due.
pub fn due(tx: &mut Tx<'_>, id: &str, state: State) -> Result<()> {
    if !state.ended() && state != State::Manual {
        return Ok(());
    }
    let source = tx.query_one(&SOURCE, params![id])?.text(0);
    if billing::outside::answered_at(tx, &source)?.is_some() {
        let now = tx.now();
        tx.execute(&DUE_NOW, params![id, now])?;
        tx.poke();
    }
    Ok(())
}

/// Tells what is due; returns how many were tried.
pub async fn round(app: &App) -> Result<usize> {
    let now = app.db().env().now();
    let due = app.db().read(Actor::system(), move |tx| tx.query(&DUE, params![now])).await?;
    let mut tried = 0;
    for row in due {
        let (id, source) = (row.text(0), row.text(1));
        let own = id.clone();
        let taken = app.db().write(Actor::system(), move |tx| {
            let attempts = tx.query_one(&ATTEMPTS, params![own])?.int(0);
            let again = now.plus_seconds(5i64.saturating_mul(1 << attempts.clamp(0, 12)).min(3_600));
            if tx.execute(&TAKE, params![own, again, now])? == 0 {
                return Ok(None);
            }
            let address = billing::outside::answered_at(tx, &source)?;
            address.map(|a| Ok((a, routes::view(tx, &own)?))).transpose()
        });
        let Some((address, view)) = taken.await? else { continue };
        tried += 1;
        let state = view["state"].as_str().unwrap_or("").to_owned();
        match billing::outside::send(address, &view).await {
            Ok(()) => {
                let told = move |tx: &mut Tx<'_>| tx.execute(&TOLD, params![id, state]);
                app.db().write(Actor::system(), told).await?;
            }
            Err(problem) => tracing::info!(%problem, %id, "a billing system did not take an answer; it is told again"),
        }
    }
    Ok(tried)
}
