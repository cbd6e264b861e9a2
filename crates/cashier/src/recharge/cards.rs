//! Batches and cards in lists, and what is done to a single card.

use super::{CardState, CardVerb, issue::columns};
use kernel::{OrgPath, Problem, Result};
use serde_json::{Value, json};
use store::{Event, Filter, Row, Tx, params, sql};

sql! {
    BATCH = concat!("SELECT ", columns!(), " FROM recharge_batch WHERE id = $1");
    SUMS = "SELECT state, COUNT(*) FROM recharge_card WHERE batch_id = $1 GROUP BY state";
    CARD = "SELECT serial, batch_id, org, face_fen, valid_to, state, wrong, used_at, used_by, account_id, payment_id FROM recharge_card \
            WHERE serial = $1 {for_update}";
    MOVE = "UPDATE recharge_card SET state = $2, wrong = $3 WHERE serial = $1 AND state = $4";
    UNPAID = "SELECT serial FROM recharge_card WHERE state = 'used' AND payment_id IS NULL LIMIT 100";
}

fn batch_row(tx: &mut Tx<'_>, r: &Row) -> Result<Value> {
    let counts: Value = tx
        .query(&SUMS, params![r.str(0)])?
        .iter()
        .map(|s| (s.text(0), json!(s.int(1))))
        .collect::<serde_json::Map<_, _>>()
        .into();
    Ok(json!({
        "id": r.str(0), "org": r.str(2), "batchNo": r.str(3), "source": r.str(4), "faceFen": r.int(5), "cards": r.int(6),
        "validTo": r.str(7), "state": r.str(8), "made": r.int(9), "pinsFetchedAt": r.opt_time(10), "pinsFetchedBy": r.opt_text(11),
        "by": r.str(12), "createdAt": r.time(13), "counts": counts,
        "pinsThere": r.str(8) == "made" && r.str(4) == "generated" && r.opt_time(10).is_none(),
    }))
}

pub fn batch(tx: &mut Tx<'_>, id: &str) -> Result<Value> {
    let row = tx.query_one(&BATCH, params![id])?;
    tx.must_see(row.str(2))?;
    batch_row(tx, &row)
}

pub fn batches(tx: &mut Tx<'_>, offset: i64, limit: i64) -> Result<(Vec<Value>, i64)> {
    let mut filter = Filter::default();
    filter.scope("org", tx.actor());
    let condition = filter.to_where();
    let total = tx.query_one(&format!("SELECT COUNT(*) FROM recharge_batch{condition}"), &filter.binds)?.int(0);
    let (limit, offset) = (filter.bind(limit), filter.bind(offset));
    let text =
        format!("SELECT {} FROM recharge_batch{condition} ORDER BY id DESC LIMIT {limit} OFFSET {offset}", columns!());
    let rows = tx.query(&text, &filter.binds)?;
    let rows = rows.iter().map(|r| batch_row(tx, r)).collect::<Result<Vec<Value>>>()?;
    Ok((rows, total))
}

fn card_row(tx: &Tx<'_>, r: &Row) -> Value {
    let today = tx.now().date().to_string();
    let live = matches!(r.str(5), "made" | "active" | "locked");
    json!({
        "serial": r.str(0), "batchId": r.str(1), "faceFen": r.int(3), "validTo": r.str(4),
        "state": if live && *r.str(4) < *today { "expired" } else { r.str(5) }, "wrong": r.int(6), "usedAt": r.opt_time(7),
        "usedBy": r.opt_text(8), "accountId": r.opt_text(9), "paymentId": r.opt_text(10),
    })
}

/// Cards within the actor's scope: of a batch, or one by its number.
pub fn cards(
    tx: &mut Tx<'_>,
    batch: Option<&str>,
    serial: Option<&str>,
    offset: i64,
    limit: i64,
) -> Result<Vec<Value>> {
    let mut filter = Filter::default();
    filter.scope("org", tx.actor());
    for (column, value) in [("batch_id", batch), ("serial", serial)] {
        if let Some(value) = value {
            filter.equal(column, value);
        }
    }
    let (limit, offset) = (filter.bind(limit), filter.bind(offset));
    let text = format!(
        "SELECT serial, batch_id, org, face_fen, valid_to, state, wrong, used_at, used_by, account_id, payment_id FROM recharge_card{} \
         ORDER BY serial LIMIT {limit} OFFSET {offset}",
        filter.to_where()
    );
    let rows = tx.query(&text, &filter.binds)?;
    Ok(rows.iter().map(|r| card_row(tx, r)).collect())
}

/// `unlock`, `void` or `activate` for one card, with a reason.
pub fn turn(tx: &mut Tx<'_>, serial: &str, verb: &str, reason: &str) -> Result<Value> {
    let row = tx.query_one(&CARD, params![serial])?;
    tx.must_see(row.str(2))?;
    let verb = match verb {
        "unlock" => CardVerb::Unlock,
        "void" => CardVerb::Void,
        "activate" => CardVerb::Activate,
        _ => return Err(Problem::not_found()),
    };
    if reason.trim().is_empty() || reason.chars().count() > 200 {
        return Err(Problem::invalid("reason", "1–200"));
    }
    let was = CardState::named(row.str(5))?;
    let next = was.after(verb)?;
    let wrong = if verb == CardVerb::Unlock { 0 } else { row.int(6) };
    if tx.execute(&MOVE, params![serial, next.name(), wrong, was.name()])? == 0 {
        return Err(Problem::new(&kernel::codes::CONFLICT));
    }
    let event = Event::new("RechargeCardStateChangeEvent", "recharge", serial, 1, &OrgPath::parse(row.str(2))?);
    tx.emit(event.audit(json!({"from": was.name(), "to": next.name(), "reason": reason.trim()})))?;
    let row = tx.query_one(&CARD, params![serial])?;
    Ok(card_row(tx, &row))
}

/// Used cards that became no payment: a proof for `yitai check`.
pub fn unpaid(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    Ok(tx.query(&UNPAID, params![])?.iter().map(|r| format!("used card without a payment: {}", r.str(0))).collect())
}
