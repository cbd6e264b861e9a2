//! Printing sets the bill flag (账单标志) in the account system: once, with the first print. Every print is noted, so that
//! it can be told who has handed out which copy.

use super::{bill, statement};
use crate::perms;
use kernel::{Cycle, Problem, Result};
use serde_json::{Value, json};
use store::{Event, Tx, params, sql};

sql! {
    FLAG = "UPDATE bill SET printed_at = $2, version = version + 1, updated_at = $2 WHERE id = $1 AND printed_at IS NULL";
    LAST = "SELECT CAST(COALESCE(MAX(seq), 0) AS BIGINT) FROM bill_print WHERE bill_id = $1";
    LOCK = "SELECT id FROM bill WHERE id = $1 {for_update}";
    NOTE = "INSERT INTO bill_print (bill_id, seq, org, at, actor, actor_name, what) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    PRINTS = "SELECT seq, at, actor_name, what FROM bill_print WHERE bill_id = $1 ORDER BY seq DESC LIMIT 50";
    FIRST = "SELECT printed_at FROM bill WHERE id = $1";
}

/// The flag of several bills together: set where all are, with the time of the last.
pub fn flag(printed: &[Value]) -> Value {
    if printed.is_empty() || printed.iter().any(Value::is_null) {
        return Value::Null;
    }
    printed.iter().max_by_key(|at| at.as_str().unwrap_or("").to_owned()).cloned().unwrap_or_default()
}

/// Notes the print of one bill; says whether it was the first.
pub fn one(tx: &mut Tx<'_>, bill_id: &str, what: &str) -> Result<bool> {
    tx.allow(perms::BILL_PRINT)?;
    let found = bill(tx, bill_id)?;
    tx.query_one(&LOCK, params![bill_id])?;
    let now = tx.now();
    let first = tx.execute(&FLAG, params![bill_id, now])? > 0;
    let seq = tx.query_one(&LAST, params![bill_id])?.int(0) + 1;
    let (actor, name) = (tx.actor().id.to_string(), tx.actor().name.to_string());
    tx.execute(&NOTE, params![bill_id, seq, found.org, now, actor, name, what])?;
    if first {
        let event = Event::new("CustomerBillPrintedEvent", "customerBill", bill_id, found.version + 1, &found.org)
            .topic(format!("customer:{}", found.customer_id))
            .payload(json!({"customerBill": {"id": bill_id, "billNo": found.bill_no, "printedAt": now}}))
            .audit(json!({"billNo": found.bill_no, "what": what}));
        tx.emit(event)?;
    } else {
        tx.audit("BillReprinted", "customerBill", bill_id, &found.org, &json!({"billNo": found.bill_no, "copy": seq}))?;
    }
    Ok(first)
}

/// Notes the print of a customer's statement: the flag of each of its bills.
pub fn of_customer(tx: &mut Tx<'_>, customer_id: &str, cycle: Cycle) -> Result<Value> {
    customer::summary(tx, customer_id)?;
    let bills = statement::bills(tx, customer_id, cycle)?;
    if bills.is_empty() {
        return Err(Problem::not_found());
    }
    let mut first = 0;
    for (bill, _) in &bills {
        first += i64::from(one(tx, &bill.id, "statement")?);
    }
    Ok(json!({"bills": bills.len(), "first": first, "printedAt": tx.now()}))
}

/// When a bill was first printed, and by whom it was printed since.
pub fn history(tx: &mut Tx<'_>, bill_id: &str) -> Result<(Value, Value)> {
    let first = json!(tx.query_one(&FIRST, params![bill_id])?.opt_time(0));
    let print = |r: &store::Row| json!({"copy": r.int(0), "at": r.time(1), "by": r.str(2), "what": r.str(3)});
    Ok((first, tx.query(&PRINTS, params![bill_id])?.iter().map(print).collect()))
}
