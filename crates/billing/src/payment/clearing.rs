//! Cheques: taken now, certain when the bank has paid.
//!
//! ```text
//! waiting ─→ cleared    the money is at the bank
//!    ├─────→ bounced    the payment is reversed, the bills are unpaid again
//!    └─────→ reversed   at the counter, before the bank said anything
//! ```

use super::{Payment, Taken, reverse};
use crate::{
    ledger::{self, Entry, Kind, Posting},
    perms, problems,
};
use kernel::{OrgPath, Problem, Result};
use serde_json::{Value, json};
use store::{Event, Filter, Row, Tx, params, sql};

sql! {
    INSERT = "INSERT INTO payment_clearing (payment_id, org, method, amount_fen, reference, till, state, received, operator_name, reason) \
              VALUES ($1, $2, $3, $4, $5, $6, 'waiting', $7, '', '')";
    LOCK = "SELECT payment_id, org, method, amount_fen, reference, till, state, received, decided_at, operator_name, reason \
            FROM payment_clearing WHERE payment_id = $1 {for_update}";
    DECIDE = "UPDATE payment_clearing SET state = $2, decided_at = $3, operator_name = $4, reason = $5 \
              WHERE payment_id = $1 AND state = 'waiting'";
}

pub fn begin(tx: &mut Tx<'_>, payment: &Payment, till: &str) -> Result<()> {
    let p = payment;
    tx.execute(&INSERT, params![p.id, p.org, p.method.name(), p.amount, p.reference, till, p.day]).map(drop)
}

fn decide(tx: &mut Tx<'_>, payment_id: &str, state: &str, reason: &str) -> Result<()> {
    let name = tx.actor().name.clone();
    match tx.execute(&DECIDE, params![payment_id, state, tx.now(), &*name, reason])? {
        1 => Ok(()),
        _ => Err(Problem::new(&problems::CLEARING_STATE)),
    }
}

fn locked(tx: &mut Tx<'_>, payment_id: &str) -> Result<Row> {
    let row = tx.query_one(&LOCK, params![payment_id])?;
    tx.must_see(row.str(1))?;
    match row.str(6) {
        "waiting" => Ok(row),
        _ => Err(Problem::new(&problems::CLEARING_STATE)),
    }
}

/// The bank has paid: the money is no longer in a drawer.
pub fn clear(tx: &mut Tx<'_>, payment_id: &str) -> Result<Value> {
    tx.allow(perms::CLEARING)?;
    let row = locked(tx, payment_id)?;
    let org = OrgPath::parse(row.str(1))?;
    let entries = vec![
        Entry::new(Kind::Transfer, "bank", row.money(3)),
        Entry::new(Kind::Cheque, row.str(5), row.money(3).negated()),
    ];
    let posting = Posting {
        kind: "clearing",
        subject_type: "payment",
        subject_id: payment_id,
        shift_id: None,
        org: &org,
        entries,
    };
    ledger::post(tx, posting)?;
    decide(tx, payment_id, "cleared", "")?;
    told(tx, payment_id, "cleared", &org)
}

/// The bank has not paid.
pub fn bounce(tx: &mut Tx<'_>, payment_id: &str, reason: &str) -> Result<Taken> {
    tx.allow(perms::CLEARING)?;
    let org = OrgPath::parse(locked(tx, payment_id)?.str(1))?;
    decide(tx, payment_id, "bounced", reason)?;
    let taken = reverse::reverse_with(tx, payment_id, reason, reverse::Ground::Bounced)?;
    told(tx, payment_id, "bounced", &org)?;
    Ok(taken)
}

/// A reversal at the counter ends the waiting; money that is at the bank already does not lie in the drawer any more.
pub fn reversed(tx: &mut Tx<'_>, payment_id: &str) -> Result<()> {
    let Some(row) = tx.query_opt(&LOCK, params![payment_id])? else { return Ok(()) };
    match row.str(6) {
        "waiting" => decide(tx, payment_id, "reversed", ""),
        "cleared" => Err(Problem::new(&problems::CLEARED)),
        _ => Ok(()),
    }
}

fn told(tx: &mut Tx<'_>, payment_id: &str, state: &str, org: &OrgPath) -> Result<Value> {
    let row = tx.query_one(&LOCK, params![payment_id])?;
    let view = view(&row);
    let event = Event::new("PaymentClearingStateChangeEvent", "paymentClearing", payment_id, 1, org)
        .payload(json!({"paymentClearing": view}))
        .audit(json!({"state": state}));
    tx.emit(event)?;
    Ok(view)
}

fn view(row: &Row) -> Value {
    json!({
        "paymentId": row.str(0), "method": row.str(2), "amountFen": row.int(3), "reference": row.str(4), "state": row.str(6),
        "received": row.str(7), "decidedAt": row.opt_time(8), "operator": row.str(9), "reason": row.str(10),
    })
}

pub fn list(tx: &mut Tx<'_>, state: Option<&str>) -> Result<Vec<Value>> {
    let mut filter = Filter::default();
    filter.scope("org", tx.actor());
    if let Some(state) = state {
        filter.equal("state", state);
    }
    let text = format!(
        "SELECT payment_id, org, method, amount_fen, reference, till, state, received, decided_at, operator_name, reason \
         FROM payment_clearing{} ORDER BY received, payment_id LIMIT 500",
        filter.to_where()
    );
    Ok(tx.query(&text, &filter.binds)?.iter().map(view).collect())
}
