//! Points follow the money: bills that are paid or open again, payments with points that are reversed. Driven by the events of
//! billing through a cursor; each pass looks at how the record stands now, so nothing depends on what an event said.

use crate::{earn, spend};
use http::App;
use kernel::{Actor, Result, Timestamp};
use std::{collections::BTreeMap, time::Duration};
use store::{Tx, headlines_after, last_position, sql};

const CONSUMER: &str = "loyalty.money";
const AT_ONCE: i64 = 500;
const PAUSE: Duration = Duration::from_millis(400);

sql! {
    ANYBODY = "SELECT 1 FROM loyalty_member LIMIT 1";
}

/// One pass over new events; returns how many there were.
pub async fn round(app: &App) -> Result<usize> {
    app.db().write(Actor::system(), follow).await
}

fn follow(tx: &mut Tx<'_>) -> Result<usize> {
    let from = tx.cursor(CONSUMER, 0)?;
    if last_position(tx)? <= from {
        return Ok(0);
    }
    let events = headlines_after(tx, from, AT_ONCE)?;
    // A house without members has nothing to follow, however much is paid in it.
    let idle = tx.query_opt(&ANYBODY, &[])?.is_none() && !crate::settings::AUTOMATIC.is_on(tx)?;
    if !idle {
        let of = |kind: &str| -> BTreeMap<String, Timestamp> {
            let ours = events.iter().filter(|e| e.subject_type == kind);
            ours.filter(|e| !e.event_type.ends_with("DeleteEvent")).map(|e| (e.subject_id.clone(), e.at)).collect()
        };
        for (id, told) in of("customerBill") {
            if let Some(bill) = billing::bill_fact(tx, &id)? {
                earn::for_bill(tx, &bill, told)?;
            }
        }
        for (id, _) in of("payment") {
            spend::follow_payment(tx, &id)?;
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
            Err(problem) => tracing::warn!(%problem, "points could not follow the money; trying again"),
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = app.stopped() => {}
        }
    }
}
