//! What an allowed adjustment does to bills and balances.

use super::{Adjustment, State, Verb};
use crate::{
    account,
    bill::{self, NewLine, Ready},
    cycle::note,
    ledger::{self, Entry, Kind, Posting},
    pricing::{ChargeKind, Line},
};
use kernel::{Date, Money, Problem, Result};
use std::collections::HashMap;
use store::{Tx, params, sql};

sql! {
    WAITING = "SELECT a.account_id, a.id, a.product_id, a.product_name, a.number, a.amount_fen, r.name, r.name_en, s.id \
               FROM adjustment a JOIN adjustment_reason r ON r.code = a.reason LEFT JOIN subscription s ON s.product_id = a.product_id \
               WHERE a.account_id >= $1 AND a.account_id <= $2 AND a.state = 'waiting' ORDER BY a.id";
    BILLED = "UPDATE adjustment SET version = version + 1, state = $3, bill_id = $2 WHERE id = $1 AND state = 'waiting'";
    REASON = "SELECT name, name_en FROM adjustment_reason WHERE code = $1";
    SUBSCRIPTION = "SELECT id FROM subscription WHERE product_id = $1";
}

/// An approved adjustment that waits for the account's next bill.
#[derive(Clone, Debug)]
pub struct Waiting {
    pub id: String,
    new: NewLine,
    tax: String,
}

impl Waiting {
    /// Its line, of the first day of the bill's period.
    pub fn line(&self, first: Date) -> Ready {
        let mut new = self.new.clone();
        (new.line.from, new.line.to) = (first, first);
        Ready { new, tax: self.tax.clone(), detail: None }
    }
}

/// Those of the accounts from `from` to `to`, by account.
pub fn waiting(tx: &mut Tx<'_>, from: &str, to: &str) -> Result<HashMap<String, Vec<Waiting>>> {
    let mut all: HashMap<String, Vec<Waiting>> = HashMap::new();
    let today = tx.now().date();
    for row in tx.query(&WAITING, params![from, to])? {
        let product = (row.str(2), row.str(3), row.str(4));
        let mut new = line(row.opt_text(8), product, row.money(5), (row.str(6), row.str(7)), today);
        new.line.note = note::both(&new.line.note, &new.line.note_en);
        let tax = crate::tax::of_product(tx, row.str(2))?;
        all.entry(row.text(0)).or_default().push(Waiting { id: row.text(1), new, tax });
    }
    Ok(all)
}

/// They stand on this bill now.
pub fn billed(tx: &mut Tx<'_>, ids: &[String], bill_id: &str) -> Result<()> {
    let applied = State::Waiting.after(Verb::Bill)?;
    for id in ids {
        if tx.execute(&BILLED, params![id, bill_id, applied.name()])? != 1 {
            return Err(Problem::new(&kernel::codes::CONFLICT));
        }
    }
    Ok(())
}

fn line(
    subscription: Option<String>,
    product: (&str, &str, &str),
    amount: Money,
    reason: (&str, &str),
    day: Date,
) -> NewLine {
    NewLine {
        subscription_id: subscription.unwrap_or_default(),
        product_id: product.0.to_owned(),
        product_name: product.1.to_owned(),
        number: product.2.to_owned(),
        line: Line {
            name: if amount < Money::ZERO { "调账退还" } else { "调账补收" }.into(),
            kind: ChargeKind::Adjustment,
            amount,
            days: None,
            note: reason.0.to_owned(),
            note_en: reason.1.to_owned(),
            monthly: Money::ZERO,
            from: day,
            to: day,
        },
    }
}

/// Books it now; returns the bill it stands on, where there is one. The account is locked.
pub(super) fn apply(tx: &mut Tx<'_>, made: &Adjustment) -> Result<Option<String>> {
    let reason = tx.query_one(&REASON, params![made.reason])?;
    let subscription = tx.query_opt(&SUBSCRIPTION, params![made.product_id])?.map(|r| r.text(0));
    let product = (made.product_id.as_str(), made.product_name.as_str(), made.number.as_str());
    let today = tx.now().date();
    let line = line(subscription, product, made.amount, (reason.str(0), reason.str(1)), today);
    if made.amount > Money::ZERO {
        let account = account::lock(tx, &made.account_id)?;
        return Ok(Some(bill::issue(tx, &account, "adjustment", &made.id, today, &[line])?.id));
    }
    match &made.bill_id {
        Some(bill_id) => {
            bill::credit(tx, bill_id, &[line])?;
            Ok(Some(bill_id.clone()))
        }
        None => {
            to_balance(tx, made)?;
            Ok(None)
        }
    }
}

/// Without a bill to credit, what is given goes to the balance, which pays what is open.
fn to_balance(tx: &mut Tx<'_>, made: &Adjustment) -> Result<()> {
    let account = account::lock(tx, &made.account_id)?;
    let posting = Posting {
        kind: "adjustment",
        subject_type: "adjustment",
        subject_id: &made.id,
        shift_id: None,
        org: &account.org,
        entries: vec![
            Entry::new(Kind::Adjustment, &account.id, made.amount.negated()),
            Entry::new(Kind::Balance, &account.id, made.amount),
        ],
    };
    ledger::post(tx, posting)?;
    bill::settle(tx, &account)?;
    account::refresh(tx, &account.id)
}
