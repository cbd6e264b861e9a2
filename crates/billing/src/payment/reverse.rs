//! Undoing a payment (反销账): a new record of the negative amount; the bills it paid are unpaid again.
//!
//! One's own payment of the day is reversed freely while its shift is open; anything else asks for
//! [`perms::PAYMENT_REVERSE_ANY`]. Where the surplus of the payment has meanwhile paid a bill out of the balance, that bill
//! is unpaid again as well, the newest first.

use super::{
    DONE, LOCK, PENDING, Payment, REVERSED, document, from_row, receipt, reversal_of,
    take::{AppliedTo, Taken},
};
use crate::{
    account, bill,
    counter::shift,
    ledger::{self, Entry, Kind, Posting},
    perms, problems,
};
use kernel::{Money, Problem, Result};
use serde_json::{Map, json};
use std::collections::BTreeSet;
use store::{Tx, params, sql};

sql! {
    SHARES = "SELECT bill_id, account_id, CAST(SUM(amount_fen) AS BIGINT) FROM bill_application WHERE payment_id = $1 \
              GROUP BY bill_id, account_id HAVING SUM(amount_fen) > 0 ORDER BY bill_id";
    FROM_BALANCE = "SELECT bill_id, CAST(SUM(amount_fen) AS BIGINT) FROM bill_application \
                    WHERE account_id = $1 AND payment_id IS NULL GROUP BY bill_id HAVING SUM(amount_fen) > 0 ORDER BY bill_id DESC";
    MARK = "UPDATE payment SET version = version + 1, status = $3, body = $4, updated_at = $5 WHERE id = $1 AND version = $2";
}

/// Reverses a payment.
pub fn reverse(tx: &mut Tx<'_>, id: &str, reason: &str) -> Result<Taken> {
    let shift_id = shift::for_booking(tx)?;
    let row = tx.query_one(&LOCK, params![id])?;
    tx.must_see(row.str(2))?;
    let mut original = from_row(&row)?;
    permitted(tx, &original, shift_id.as_deref())?;

    let shares = tx.query(&SHARES, params![id])?;
    let mut account_ids: BTreeSet<String> = shares.iter().map(|r| r.text(1)).collect();
    account_ids.insert(original.account_id.clone());
    for account_id in &account_ids {
        account::lock(tx, account_id)?;
    }
    release(tx, &original)?;

    let mut payment = Payment::draft(tx, &original.org, original.method, original.amount.negated());
    payment.customer_id.clone_from(&original.customer_id);
    payment.account_id.clone_from(&original.account_id);
    payment.to_balance = original.to_balance.negated();
    payment.reference.clone_from(&original.reference);
    payment.note = reason.to_owned();
    payment.shift_id.clone_from(&shift_id);
    payment.reverses = Some(original.id.clone());

    let till = shift_id.as_deref().unwrap_or(&payment.operator).to_owned();
    let mut entries = vec![Entry::new(original.method.account(), &till, payment.amount)];
    entries.extend(shares.iter().map(|r| Entry::new(Kind::Receivable, r.str(1), r.money(2))));
    entries.push(Entry::new(Kind::Balance, &original.account_id, original.to_balance));
    let txn = ledger::post(
        tx,
        Posting {
            kind: "reversal",
            subject_type: "payment",
            subject_id: &payment.id,
            shift_id: shift_id.as_deref(),
            org: &original.org,
            entries,
        },
    )?;
    let mut applied = Vec::with_capacity(shares.len());
    for share in &shares {
        let mut bill = bill::lock(tx, share.str(0))?;
        let amount = share.money(2).negated();
        if bill.remaining.plus(share.money(2))? > bill.amount {
            return Err(Problem::new(&problems::BILL_CREDITED).with("value", &bill.bill_no));
        }
        bill.apply(tx, amount, &txn, Some(&original.id))?;
        applied.push(AppliedTo { bill_id: bill.id, bill_no: bill.bill_no, amount, remaining: bill.remaining });
    }
    for account_id in &account_ids {
        account::refresh(tx, account_id)?;
    }
    mark_reversed(tx, &mut original, &payment.id)?;
    let balance = ledger::deposit(tx, &payment.account_id)?;
    payment.receipt_no = Some(receipt::next(tx, "payment", &payment.id)?);
    document::render(&mut payment, &applied, Map::new());
    payment.insert(tx)?;
    Ok(Taken::of(&payment, applied, balance))
}

fn permitted(tx: &mut Tx<'_>, original: &Payment, shift_id: Option<&str>) -> Result<()> {
    if original.reverses.is_some() {
        return Err(Problem::new(&problems::REVERSAL_FINAL));
    }
    if let Some(reversal) = reversal_of(tx, &original.id)? {
        return Err(Problem::new(&problems::ALREADY_REVERSED).extra("reversal", json!(reversal)));
    }
    match original.status.as_str() {
        DONE => {}
        PENDING => return Err(Problem::new(&problems::NOT_BOOKED)),
        _ => return Err(Problem::new(&problems::ALREADY_REVERSED)),
    }
    let own = *original.operator == *tx.actor().id;
    let today = original.day == tx.now().date().to_string();
    let shift_open = original.shift_id.as_deref() == shift_id;
    if own && today && shift_open { Ok(()) } else { tx.allow(perms::PAYMENT_REVERSE_ANY) }
}

/// Makes sure that the surplus of the payment is on the balance: where it has paid bills since, the newest give it back.
fn release(tx: &mut Tx<'_>, original: &Payment) -> Result<()> {
    let account_id = &original.account_id;
    let mut missing = original.to_balance.plus(ledger::deposit(tx, account_id)?.negated())?;
    if missing <= Money::ZERO {
        return Ok(());
    }
    for row in tx.query(&FROM_BALANCE, params![account_id])? {
        if missing.is_zero() {
            break;
        }
        let back = missing.min(row.money(1));
        let mut bill = bill::lock(tx, row.str(0))?;
        let txn = ledger::post(
            tx,
            Posting {
                kind: "unsettle",
                subject_type: "bill",
                subject_id: &bill.id,
                shift_id: None,
                org: &bill.org,
                entries: vec![
                    Entry::new(Kind::Receivable, account_id, back),
                    Entry::new(Kind::Balance, account_id, back.negated()),
                ],
            },
        )?;
        bill.apply(tx, back.negated(), &txn, None)?;
        missing = missing.plus(back.negated())?;
    }
    // Paid back to the customer meanwhile: then there is nothing left to take.
    if missing.is_zero() { Ok(()) } else { Err(Problem::new(&problems::BALANCE_SHORT)) }
}

fn mark_reversed(tx: &mut Tx<'_>, original: &mut Payment, reversal_id: &str) -> Result<()> {
    original.body.insert("status".into(), json!(REVERSED));
    original.body.insert("statusDate".into(), json!(tx.now().to_string()));
    original.body.insert("reversedBy".into(), json!({"id": reversal_id, "href": super::PAYMENT.href(reversal_id)}));
    let body = serde_json::to_string(&original.body).map_err(Problem::internal)?;
    tx.execute_versioned(&MARK, params![original.id, original.version, REVERSED, body, tx.now()])?;
    original.version += 1;
    document::publish(tx, original, "StateChange")
}
