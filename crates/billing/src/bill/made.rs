//! Bills of a cycle, many at once: rows laid end to end as the store takes them, and the debt of each in the ledger.
//!
//! A bill never becomes negative: what credits take off beyond the charges goes to the account's balance, and a line says
//! so. One event tells of a batch; the bills speak for themselves.

use super::{NewLine, state_of};
use crate::{
    account::{self, Account},
    cycle::Note,
    ledger::{self, Entry, Kind, Posting},
    pricing::{ChargeKind, Line},
};
use kernel::{Date, Money, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashMap;
use store::{Tx, params, sql};

/// A line with what it pins beside its figures. The line's note is kept as it is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Ready {
    #[serde(flatten)]
    pub new: NewLine,
    /// Tax category; empty where the price names none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tax: String,
    /// Plan, version, rule and figures of a usage line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<Value>,
}

/// A bill to be made.
#[derive(Clone, Debug)]
pub struct Made {
    pub account: Account,
    pub period: (Date, Date),
    pub bill_date: Date,
    pub due_date: Date,
    pub lines: Vec<Ready>,
    /// Adjustments that wait for this bill.
    pub adjustments: Vec<String>,
}

/// A bill that was made.
#[derive(Clone, Debug)]
pub struct MadeBill {
    pub id: String,
    pub amount: Money,
}

const BILL: (&str, usize) = (
    "bill (id, version, org, created_at, updated_at, body, bill_no, account_id, customer_id, kind, origin, period_start, \
     period_end, bill_date, due_date, amount_fen, remaining_fen, mark, state)",
    19,
);
pub(super) const LINE: (&str, usize) = (
    "bill_line (bill_id, seq, org, subscription_id, product_id, product_name, number, name, kind, amount_fen, days, note, \
     from_day, to_day, tax, detail)",
    16,
);

sql! {
    DEPOSIT = "SELECT amount_fen FROM ledger_balance WHERE owner = $1 AND kind = 'balance' AND amount_fen < 0 LIMIT 1";
}

/// The values of a line's row. Days are left out where they are those of the bill.
pub(super) fn row(
    bill_id: &str,
    seq: i64,
    org: &kernel::OrgPath,
    period: (Date, Date),
    ready: &Ready,
) -> Vec<store::Value> {
    let NewLine { subscription_id, product_id, product_name, number, line } = &ready.new;
    let own = (line.from, line.to) != period;
    params![
        bill_id,
        seq,
        org,
        subscription_id,
        product_id,
        product_name,
        number,
        line.name,
        line.kind.name(),
        line.amount,
        line.days,
        line.note,
        own.then(|| line.from.to_string()),
        own.then(|| line.to.to_string()),
        ready.tax,
        ready.detail.clone()
    ]
    .to_vec()
}

/// Makes these bills; the accounts are locked and have none for the period yet.
pub fn make(tx: &mut Tx<'_>, all: Vec<Made>) -> Result<Vec<MadeBill>> {
    let mut numbers = Numbers::take(tx, &all)?;
    let (mut bills, mut lines, mut done) = (Vec::new(), Vec::new(), Vec::with_capacity(all.len()));
    let mut back: Vec<Money> = Vec::with_capacity(all.len());
    for made in &all {
        let mut amount = made.lines.iter().try_fold(Money::ZERO, |sum, l| sum.plus(l.new.line.amount))?;
        let id = tx.new_id::<Made>().into_string();
        for (i, line) in made.lines.iter().enumerate() {
            lines.extend(row(&id, i as i64 + 1, &made.account.org, made.period, line));
        }
        back.push(amount.min(Money::ZERO).negated());
        if amount < Money::ZERO {
            let seq = made.lines.len() as i64 + 1;
            lines.extend(row(&id, seq, &made.account.org, made.period, &to_balance(made, amount.negated())));
            amount = Money::ZERO;
        }
        let no = numbers.next(&made.account);
        bills.extend_from_slice(params![
            id,
            1i64,
            made.account.org,
            tx.now(),
            tx.now(),
            "{}",
            no,
            made.account.id,
            made.account.customer_id,
            "cycle",
            "",
            made.period.0.to_string(),
            made.period.1.to_string(),
            made.bill_date.to_string(),
            made.due_date.to_string(),
            amount,
            amount,
            "",
            state_of("", amount, amount)
        ]);
        done.push(MadeBill { id, amount });
    }
    tx.insert_rows(BILL.0, BILL.1, &bills, "")?;
    tx.insert_rows(LINE.0, LINE.1, &lines, "")?;
    for ((made, bill), back) in all.iter().zip(&done).zip(back) {
        crate::adjustment::billed(tx, &made.adjustments, &bill.id)?;
        owe(tx, &made.account, &bill.id, bill.amount, back)?;
    }
    Ok(done)
}

fn to_balance(made: &Made, amount: Money) -> Ready {
    let line = Line {
        name: "结余转入账户余额".into(),
        kind: ChargeKind::Adjustment,
        amount,
        days: None,
        note: Note::ToBalance.code(),
        note_en: String::new(),
        monthly: Money::ZERO,
        from: made.period.0,
        to: made.period.1,
    };
    let none = String::new;
    let new = NewLine { subscription_id: none(), product_id: none(), product_name: none(), number: none(), line };
    Ready { new, tax: String::new(), detail: None }
}

/// The debt of a bill, or what credits left over; then what was paid in advance pays it at once.
fn owe(tx: &mut Tx<'_>, account: &Account, bill_id: &str, amount: Money, back: Money) -> Result<()> {
    if amount.is_zero() && back.is_zero() {
        return Ok(());
    }
    let entries = if back.is_zero() {
        vec![
            Entry::new(Kind::Receivable, &account.id, amount),
            Entry::new(Kind::Revenue, &account.id, amount.negated()),
        ]
    } else {
        vec![Entry::new(Kind::Revenue, &account.id, back), Entry::new(Kind::Balance, &account.id, back.negated())]
    };
    let posting = Posting {
        kind: if back.is_zero() { "bill" } else { "credit" },
        subject_type: "bill",
        subject_id: bill_id,
        shift_id: None,
        org: &account.org,
        entries,
    };
    ledger::post(tx, posting)?;
    if tx.query_opt(&DEPOSIT, params![account.id])?.is_some() {
        super::settle(tx, account)?;
    }
    account::refresh(tx, &account.id)
}

/// Bill numbers, a range a place.
struct Numbers(HashMap<String, std::vec::IntoIter<String>>);

impl Numbers {
    fn take(tx: &mut Tx<'_>, all: &[Made]) -> Result<Self> {
        let mut wanted: HashMap<String, (kernel::OrgPath, i64)> = HashMap::new();
        for made in all {
            let org = &made.account.org;
            wanted.entry(org.to_string()).or_insert_with(|| (org.clone(), 0)).1 += 1;
        }
        let mut ranges = HashMap::new();
        let mut places: Vec<_> = wanted.into_iter().collect();
        places.sort_by(|a, b| a.0.cmp(&b.0)); // one order of locks for everybody
        for (place, (org, n)) in places {
            ranges.insert(place, tx.next_numbers("B", &org, n)?.into_iter());
        }
        Ok(Self(ranges))
    }
    fn next(&mut self, account: &Account) -> String {
        self.0.get_mut(&account.org.to_string()).and_then(Iterator::next).unwrap_or_default()
    }
}
