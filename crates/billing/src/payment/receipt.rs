//! Receipts: one series a hall and day without a gap, and what a printed one says.

use super::{payment, reversal_of};
use crate::{account, bill, ledger};
use kernel::{Money, Result};
use serde_json::{Value, json};
use store::{Tx, params, sql};

sql! {
    REGISTER = "INSERT INTO receipt (hall, day, seq, receipt_no, subject_type, subject_id, at, amount_fen, operator, operator_name, \
                method) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    SHARES = "SELECT bill_id, CAST(SUM(amount_fen) AS BIGINT) FROM bill_application WHERE txn_id IN \
              (SELECT id FROM ledger_txn WHERE subject_id = $1) AND payment_id IS NOT NULL GROUP BY bill_id ORDER BY bill_id";
}

/// The next receipt number of the actor's hall, such as `R-4401-h001-20261122-000017`. The series waits for the commit of
/// whoever took a number last: take it as late as possible.
pub fn next(tx: &mut Tx<'_>, subject_type: &str, subject_id: &str, amount: Money, method: &str) -> Result<String> {
    let hall = tx.actor().org.as_str().to_owned();
    let day = tx.now().date().to_string();
    let seq = tx.next_in_series(&format!("receipt {hall} {day}"))?;
    let parts: Vec<&str> = hall.split('/').skip(2).collect();
    let place = match parts.len() {
        0 => "0".to_owned(),
        n => parts[n.saturating_sub(2)..].join("-"),
    };
    let number = format!("R-{place}-{}-{seq:06}", day.replace('-', ""));
    let by = tx.actor().clone();
    let binds = params![hall, day, seq, number, subject_type, subject_id, tx.now(), amount, &*by.id, &*by.name, method];
    tx.execute(&REGISTER, binds)?;
    Ok(number)
}

/// What is printed.
pub fn receipt(tx: &mut Tx<'_>, payment_id: &str) -> Result<Value> {
    let payment = payment(tx, payment_id)?;
    let account = account::account(tx, &payment.account_id)?;
    let customer = match payment.customer_id.as_str() {
        "" => Value::Null,
        id => crate::counter::customer_line(tx, id)?,
    };
    let mut applied = Vec::new();
    for share in tx.query(&SHARES, params![payment_id])? {
        let bill = bill::bill(tx, share.str(0))?;
        applied.push(json!({
            "billId": bill.id, "billNo": bill.bill_no, "amountFen": share.int(1),
            "period": {"start": bill.period_start, "end": bill.period_end},
        }));
    }
    let reversed_by = reversal_of(tx, payment_id)?;
    let paper = match &payment.receipt_no {
        Some(number) => Some(super::prints::paper(tx, number)?),
        None => None,
    };
    Ok(json!({
        "id": payment.id,
        "receiptNo": payment.receipt_no,
        "title": if payment.reverses.is_some() { "缴费冲正凭证" } else { "缴费凭证" },
        "at": payment.created_at,
        "operator": payment.operator_name,
        "hall": tx.actor().org,
        "customer": customer,
        "accountNo": account.account_no,
        "method": payment.method,
        "methodName": payment.method.zh(),
        "amountFen": payment.amount,
        "amountInWords": in_words(payment.amount),
        "tenderedFen": payment.tendered,
        "changeFen": payment.change,
        "applied": applied,
        "toBalanceFen": payment.to_balance,
        "lateFeeFen": payment.late_fee,
        "giftFen": payment.gift,
        "batchId": payment.batch_id,
        "paper": paper,
        "balanceFen": ledger::deposit(tx, &payment.account_id)?,
        "reference": payment.reference,
        "note": payment.note,
        "reversalOf": payment.reverses,
        "reversedBy": reversed_by,
    }))
}

/// An amount in the capital numerals of Chinese receipts: `1005.30` → `壹仟零伍元叁角整`.
pub fn in_words(amount: Money) -> String {
    const DIGITS: [&str; 10] = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"];
    const PLACES: [&str; 4] = ["仟", "佰", "拾", ""];
    const GROUPS: [&str; 5] = ["", "万", "亿", "万亿", "亿亿"];
    let fen = amount.in_fen().unsigned_abs();
    let (yuan, jiao, fen) = (fen / 100, fen / 10 % 10, fen % 10);
    let mut words = String::new();
    let mut zero = false; // a gap that the next digit has to speak of
    for group in (0..5u32).rev() {
        let part = yuan / 10_000u64.pow(group) % 10_000;
        for (i, place) in PLACES.iter().enumerate() {
            let digit = part / 10u64.pow(3 - i as u32) % 10;
            if digit == 0 {
                zero = !words.is_empty();
                continue;
            }
            if zero {
                words.push('零');
                zero = false;
            }
            words.push_str(DIGITS[digit as usize]);
            words.push_str(place);
        }
        if part > 0 {
            words.push_str(GROUPS[group as usize]);
        }
    }
    if !words.is_empty() {
        words.push('元');
    }
    match (jiao, fen) {
        (0, 0) if words.is_empty() => words.push_str("零元整"),
        (0, 0) => words.push('整'),
        (j, f) => {
            if j > 0 {
                words.push_str(DIGITS[j as usize]);
                words.push('角');
            } else if !words.is_empty() {
                words.push('零');
            }
            match f {
                0 => words.push('整'),
                f => {
                    words.push_str(DIGITS[f as usize]);
                    words.push('分');
                }
            }
        }
    }
    if amount < Money::ZERO { format!("负{words}") } else { words }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_as_receipts_write_them() {
        for (fen, words) in [
            (0, "零元整"),
            (1, "壹分"),
            (30, "叁角整"),
            (100, "壹元整"),
            (1_005, "壹拾元零伍分"),
            (100_530, "壹仟零伍元叁角整"),
            (1_000_000, "壹万元整"),
            (1_000_500, "壹万零伍元整"),
            (100_000_000, "壹佰万元整"),
            (123_456_789, "壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分"),
            (10_000_000_100, "壹亿零壹元整"),
            (-5_000, "负伍拾元整"),
        ] {
            assert_eq!(in_words(Money::fen(fen)), words, "{fen}");
        }
    }
}
