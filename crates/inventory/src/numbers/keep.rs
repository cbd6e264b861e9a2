//! A number kept for a customer for some days (预留): nobody else gets it meanwhile, and afterwards it is free by itself.

use super::{GET, refusal, sellable_by, setting};
use crate::problems;
use kernel::{OrgPath, Problem, Result, Timestamp};
use serde_json::json;
use store::{Event, Tx, params, sql};

sql! {
    KEEP = "UPDATE number_pool SET state = 'reserved', lock_token = NULL, locked_by = NULL, until = NULL, order_id = NULL, customer_id = $2, \
            kept_until = $3, updated_at = $4 WHERE number = $1 AND (state = 'available' \
            OR (state = 'locked' AND (until <= $4 OR locked_by = $5) AND (kept_until IS NULL OR kept_until <= $4 OR customer_id = $2)) \
            OR (state = 'reserved' AND order_id IS NULL AND (kept_until <= $4 OR customer_id = $2)))";
    KEPT = "SELECT COUNT(*) FROM number_pool WHERE customer_id = $1 AND kept_until > $2 AND number <> $3";
    LET_GO = "UPDATE number_pool SET state = 'available', customer_id = NULL, kept_until = NULL, updated_at = $2 \
              WHERE number = $1 AND state = 'reserved' AND order_id IS NULL AND origin IS NULL";
    EXPIRED = "UPDATE number_pool SET state = 'available', customer_id = NULL, kept_until = NULL, updated_at = $1 \
               WHERE kept_until IS NOT NULL AND kept_until <= $1 AND state = 'reserved' AND order_id IS NULL";
}

/// Keeps a free number for a customer for `days` (the setting's where they are 0); once more for a customer who has it
/// already makes it longer. Returns until when.
pub fn reserve_for(tx: &mut Tx<'_>, number: &str, customer_id: &str, days: i64) -> Result<Timestamp> {
    let row = tx.query_opt(&GET, params![number])?;
    let org = row.map(|r| OrgPath::parse(r.str(0))).transpose()?;
    let Some(org) = org.filter(|org| sellable_by(tx.actor(), org)) else {
        return Err(Problem::new(&problems::NUMBER_UNKNOWN).with("number", number));
    };
    customer::summary(tx, customer_id)?; // 404 outside the actor's scope
    let most = setting(tx, "number.reserve_days_most")?;
    let days = if days == 0 { setting(tx, "number.reserve_days")? } else { days };
    if !(1..=most).contains(&days) {
        return Err(Problem::invalid("days", &format!("1–{most}")));
    }
    let now = tx.now();
    let limit = setting(tx, "number.reserve_most")?;
    if tx.query_one(&KEPT, params![customer_id, now, number])?.int(0) >= limit {
        return Err(Problem::new(&problems::KEPT_MANY).with("most", &limit.to_string()));
    }
    let until = now.plus_seconds(days * 86_400);
    let by = tx.actor().id.to_string();
    if tx.execute(&KEEP, params![number, customer_id, until, now, by])? == 0 {
        return Err(refusal(tx, number, "reserve"));
    }
    tell(
        tx,
        number,
        &org,
        "NumberReserveEvent",
        &json!({"number": number, "customerId": customer_id, "until": until}),
    )?;
    Ok(until)
}

/// Gives a number back that was kept for a customer.
pub fn let_go(tx: &mut Tx<'_>, number: &str) -> Result<()> {
    let org = super::holders::seen(tx, number)?;
    let now = tx.now();
    if tx.execute(&LET_GO, params![number, now])? == 0 {
        return Err(refusal(tx, number, "letGo"));
    }
    tell(tx, number, &org, "NumberReleaseEvent", &json!({"number": number}))
}

pub(super) fn tell(
    tx: &mut Tx<'_>,
    number: &str,
    org: &OrgPath,
    event: &'static str,
    detail: &serde_json::Value,
) -> Result<()> {
    let version = tx.now().micros();
    tx.emit(Event::new(event, "number", number, version, org).topic(format!("number:{number}")).audit(detail.clone()))
}

pub(super) fn expire(tx: &mut Tx<'_>) -> Result<u64> {
    let now = tx.now();
    tx.execute(&EXPIRED, params![now])
}
