//! Bills of members are paid from what the unit has given them, as soon as they are made. Driven by the events of billing
//! through a cursor; each pass looks at how the bill stands now.

use crate::{member, spend};
use http::App;
use kernel::{Actor, Result};
use std::{collections::BTreeSet, time::Duration};
use store::{Tx, headlines_after, last_position, sql};

const CONSUMER: &str = "unitaccount.bills";
const AT_ONCE: i64 = 500;
const PAUSE: Duration = Duration::from_millis(500);

sql! {
    ANYBODY = "SELECT 1 FROM unit_member WHERE pays_bills = 1 LIMIT 1";
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
    if tx.query_opt(&ANYBODY, &[])?.is_some() {
        let new = |e: &&store::Delivered| e.subject_type == "customerBill" && !e.event_type.ends_with("DeleteEvent");
        let bills: BTreeSet<&str> = events.iter().filter(new).map(|e| e.subject_id.as_str()).collect();
        let mut accounts = BTreeSet::new();
        for id in bills {
            if let Some(bill) = billing::bill_fact(tx, id)?.filter(|b| b.remaining.in_fen() > 0) {
                accounts.insert(bill.account_id);
            }
        }
        // And what a unit has given since may pay what was open before.
        let given = |e: &&store::Delivered| e.event_type == "UnitAccountAllocationEvent";
        for unit in events.iter().filter(given).map(|e| e.subject_id.as_str()).collect::<BTreeSet<_>>() {
            let members = member::of_unit(tx, unit, false)?;
            accounts.extend(members.into_iter().filter(|m| m.pays_bills).map(|m| m.account_id));
        }
        for account in accounts {
            for id in member::paying(tx, &account)? {
                let unit_id = member::unit_of(tx, &id)?;
                spend::pay_bills(tx, &unit_id, &id)?;
            }
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
            Err(problem) => tracing::warn!(%problem, "members' bills could not be paid; trying again"),
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = app.stopped() => {}
        }
    }
}
