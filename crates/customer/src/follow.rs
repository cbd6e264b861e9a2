//! Customers follow the persons and organisations behind them: a changed certificate or telephone number is found under
//! its new value, no more under the old one. Driven by the events of `party`, which cannot call this crate.

use crate::rules;
use http::App;
use kernel::{Actor, Result};
use std::time::Duration;
use store::{Tx, headlines_after, last_position};

const CONSUMER: &str = "customer.party";
const AT_ONCE: i64 = 2_000;
const PAUSE: Duration = Duration::from_millis(300);

/// One pass over new events; returns how many there were.
pub async fn round(app: &App) -> Result<usize> {
    app.db().write(Actor::system(), follow).await
}

fn follow(tx: &mut Tx<'_>) -> Result<usize> {
    // A store that is new to this consumer has nothing to catch up on: creation writes its own keys.
    let from = tx.cursor(CONSUMER, 0)?;
    if last_position(tx)? <= from {
        return Ok(0);
    }
    let events = headlines_after(tx, from, AT_ONCE)?;
    for event in &events {
        let party = matches!(event.subject_type.as_str(), "individual" | "organization");
        if party && !event.event_type.ends_with("CreateEvent") {
            rules::follow_party(tx, &event.subject_id)?;
        }
    }
    if let Some(last) = events.last() {
        tx.move_cursor(CONSUMER, last.position)?;
    }
    Ok(events.len())
}

pub(crate) async fn keep_following(app: App) {
    while !app.is_stopping() {
        match round(&app).await {
            Ok(n) if n >= AT_ONCE as usize => continue,
            Ok(_) => {}
            Err(problem) => tracing::warn!(%problem, "customers could not follow their parties; trying again"),
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = app.stopped() => {}
        }
    }
}
