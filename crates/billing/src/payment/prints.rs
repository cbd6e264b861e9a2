//! Receipts on paper: printing is told apart from paying, so a printer that fails takes no money twice.
//!
//! A number starts unprinted. The first paper that came out is the original, every later one is marked as a copy. A failed
//! attempt leaves it unprinted. A spoilt receipt is void with a reason and gets a new number; nothing is ever deleted.

use super::{receipt, reverse};
use crate::{counter::shift, perms, problems};
use kernel::{Money, Problem, Result, codes};
use serde::Serialize;
use serde_json::{Value, json};
use store::{Event, Tx, params, sql};

sql! {
    LAST = "SELECT CAST(COALESCE(MAX(seq), 0) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN outcome = 'printed' THEN 1 ELSE 0 END), 0) AS BIGINT) \
            FROM receipt_print WHERE receipt_no = $1";
    ADD = "INSERT INTO receipt_print (receipt_no, seq, at, operator, operator_name, kind, outcome, reason) \
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    VOID = "INSERT INTO receipt_void (receipt_no, at, operator, operator_name, reason, replaced_by) \
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (receipt_no) DO NOTHING";
    VOIDED = "SELECT reason, replaced_by FROM receipt_void WHERE receipt_no = $1";
    RENUMBER = "UPDATE payment SET receipt_no = $2, version = version + 1, body = $3, updated_at = $4 WHERE id = $1";
}

/// What has happened on paper.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Paper {
    /// How many came out of a printer.
    pub printed: i64,
    pub attempts: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub void: Option<Value>,
}

pub fn paper(tx: &mut Tx<'_>, receipt_no: &str) -> Result<Paper> {
    let row = tx.query_one(&LAST, params![receipt_no])?;
    let void = tx.query_opt(&VOIDED, params![receipt_no])?;
    Ok(Paper {
        attempts: row.int(0),
        printed: row.int(1),
        void: void.map(|v| json!({"reason": v.str(0), "replacedBy": v.str(1)})),
    })
}

/// The customer holds it.
pub fn is_out(tx: &mut Tx<'_>, receipt_no: &str) -> Result<bool> {
    let paper = paper(tx, receipt_no)?;
    Ok(paper.printed > 0 && paper.void.is_none())
}

/// Notes an attempt to print; returns what is to stand on the paper: `original` or `copy`.
pub fn note(tx: &mut Tx<'_>, payment_id: &str, printed: bool, reason: &str) -> Result<Value> {
    let payment = super::payment(tx, payment_id)?;
    let number = payment.receipt_no.ok_or_else(Problem::not_found)?;
    let before = paper(tx, &number)?;
    if before.void.is_some() {
        return Err(Problem::new(&problems::RECEIPT_VOIDED).with("value", &number));
    }
    let kind = if before.printed == 0 { "original" } else { "copy" };
    let by = tx.actor().clone();
    let outcome = if printed { "printed" } else { "failed" };
    let seq = before.attempts + 1;
    tx.execute(&ADD, params![number, seq, tx.now(), &*by.id, &*by.name, kind, outcome, reason])?;
    tx.emit(
        Event::new("ReceiptPrintEvent", "payment", payment_id, payment.version, &payment.org)
            .audit(json!({"receiptNo": number, "kind": kind, "outcome": outcome})),
    )?;
    Ok(
        json!({"receiptNo": number, "seq": seq, "kind": kind, "outcome": outcome, "printed": before.printed + i64::from(printed)}),
    )
}

/// Makes a receipt void. With `replace`, the payment gets a new number; without, it is about to be reversed.
pub fn void(tx: &mut Tx<'_>, payment_id: &str, reason: &str, replace: bool) -> Result<Value> {
    let shift_id = shift::for_booking(tx)?;
    let payment = super::payment(tx, payment_id)?;
    if !reverse::is_fresh(tx, &payment, shift_id.as_deref()) {
        tx.allow(perms::PAYMENT_REVERSE_ANY)?;
    }
    make_void(tx, payment, reason, replace)
}

/// The receipt of a mistaken payment comes back to whichever clerk pays it back; the reversal that follows in the same
/// transaction looks at the two certificates.
pub fn take_back(tx: &mut Tx<'_>, payment_id: &str, how: &str) -> Result<()> {
    let payment = super::payment(tx, payment_id)?;
    make_void(tx, payment, how, false).map(drop)
}

fn make_void(tx: &mut Tx<'_>, mut payment: super::Payment, reason: &str, replace: bool) -> Result<Value> {
    let payment_id = payment.id.clone();
    let payment_id = payment_id.as_str();
    let old = payment.receipt_no.clone().ok_or_else(Problem::not_found)?;
    let by = tx.actor().clone();
    let new = match replace {
        true => receipt::next(tx, "payment", payment_id, payment.amount, payment.method.name())?,
        false => String::new(),
    };
    if tx.execute(&VOID, params![old, tx.now(), &*by.id, &*by.name, reason, new])? != 1 {
        return Err(Problem::new(&problems::RECEIPT_VOIDED).with("value", &old));
    }
    if replace {
        payment.body.insert("receiptNo".into(), json!(new));
        let body = serde_json::to_string(&payment.body).map_err(Problem::internal)?;
        if tx.execute(&RENUMBER, params![payment_id, new, body, tx.now()])? != 1 {
            return Err(Problem::new(&codes::CONFLICT));
        }
        payment.version += 1;
    }
    tx.emit(
        Event::new("ReceiptVoidEvent", "payment", payment_id, payment.version, &payment.org)
            .topic(format!("customer:{}", payment.customer_id))
            .audit(json!({"receiptNo": old, "replacedBy": new, "reason": reason})),
    )?;
    Ok(json!({"receiptNo": old, "replacedBy": new, "reason": reason, "amountFen": payment.amount.max(Money::ZERO)}))
}
