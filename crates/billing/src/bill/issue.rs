//! Issuing: lines become a bill, the bill becomes a debt, and what was paid in advance pays it at once.

use super::{Bill, INSERT, ONCE, from_row, made, made::Ready};
use crate::{
    account::{self, Account},
    cycle::note,
    ledger::{self, Entry, Kind, Posting},
    pricing::Line,
    settings, tax,
};
use kernel::{Date, Money, Problem, Result};
use serde::{Deserialize, Serialize};
use serde_json::Map;
use store::{Tx, params, sql};

/// A priced line and what it is for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewLine {
    pub subscription_id: String,
    pub product_id: String,
    pub product_name: String,
    pub number: String,
    pub line: Line,
}

sql! {
    LAST_LINE = "SELECT CAST(COALESCE(MAX(seq), 0) AS BIGINT) FROM bill_line WHERE bill_id = $1";
}

/// Puts `lines` on the bill of `account` for the month of `date`, of this kind and origin: made when it is the first, else
/// the same bill grows, so that several products of one order give one bill. The account must be locked.
pub fn issue(
    tx: &mut Tx<'_>,
    account: &Account,
    kind: &str,
    origin: &str,
    date: Date,
    lines: &[NewLine],
) -> Result<Bill> {
    let start = date.first_of_month();
    let known = tx.query_opt(&ONCE, params![account.id, start.to_string(), kind, origin])?;
    let mut bill = match known {
        Some(row) => from_row(&row)?,
        None => create(tx, account, kind, origin, date)?,
    };
    let sum = append(tx, &bill, lines)?;
    bill.amount = bill.amount.plus(sum)?;
    bill.remaining = bill.remaining.plus(sum)?;
    if bill.remaining < Money::ZERO {
        return Err(Problem::internal(format!("bill {} would be negative", bill.bill_no)));
    }
    ledger::post(
        tx,
        Posting {
            kind: "bill",
            subject_type: "bill",
            subject_id: &bill.id,
            shift_id: None,
            org: &bill.org,
            entries: vec![
                Entry::new(Kind::Receivable, &account.id, sum),
                Entry::new(Kind::Revenue, &account.id, sum.negated()),
            ],
        },
    )?;
    bill.save(tx)?;
    settle(tx, account)?;
    account::refresh(tx, &account.id)?;
    super::bill(tx, &bill.id)
}

/// Adds lines to a bill; returns what they come to. The figures of the bill are for the caller to change.
pub(super) fn append(tx: &mut Tx<'_>, bill: &Bill, lines: &[NewLine]) -> Result<Money> {
    let mut seq = tx.query_one(&LAST_LINE, params![bill.id])?.int(0);
    let (mut sum, mut rows) = (Money::ZERO, Vec::new());
    for new in lines {
        seq += 1;
        let mut kept = new.clone();
        kept.line.note = note::both(&new.line.note, &new.line.note_en);
        let tax = tax::of_product(tx, &new.product_id)?;
        let ready = Ready { new: kept, tax, detail: None };
        rows.extend(made::row(&bill.id, seq, &bill.org, (bill.period_start, bill.period_end), &ready));
        sum = sum.plus(new.line.amount)?;
    }
    tx.insert_rows(made::LINE.0, made::LINE.1, &rows, "")?;
    Ok(sum)
}

fn create(tx: &mut Tx<'_>, account: &Account, kind: &str, origin: &str, date: Date) -> Result<Bill> {
    let due_days = i32::try_from(settings::DUE_DAYS.number(tx)?).unwrap_or(0);
    let today = tx.now().date();
    let bill = Bill {
        id: tx.new_id::<Bill>().into_string(),
        version: 1,
        org: account.org.clone(),
        created_at: tx.now(),
        bill_no: tx.next_number("B", &account.org)?,
        account_id: account.id.clone(),
        customer_id: account.customer_id.clone(),
        kind: kind.to_owned(),
        origin: origin.to_owned(),
        period_start: date.first_of_month(),
        period_end: date.last_of_month(),
        bill_date: today,
        due_date: today.plus_days(due_days),
        amount: Money::ZERO,
        remaining: Money::ZERO,
        mark: String::new(),
        state: "new".to_owned(),
        body: Map::new(),
    };
    tx.execute(
        &INSERT,
        params![
            bill.id,
            bill.org,
            bill.created_at,
            "{}",
            bill.bill_no,
            bill.account_id,
            bill.customer_id,
            bill.kind,
            bill.origin,
            bill.period_start.to_string(),
            bill.period_end.to_string(),
            bill.bill_date.to_string(),
            bill.due_date.to_string()
        ],
    )?;
    bill.publish(tx, "Create")?;
    Ok(bill)
}

/// Pays the account's open bills, oldest first, out of what was paid in advance.
pub fn settle(tx: &mut Tx<'_>, account: &Account) -> Result<Money> {
    crate::books::settle(tx, account)
}
