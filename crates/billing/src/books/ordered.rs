//! Bills paid from one book by order: books that are not `automatic`, such as what a unit has given to a member.

use super::{GENERAL, Scope, book, of_account, settle::pay};
use crate::{account, bill, late};
use kernel::{Date, Money, Result, Timestamp};
use serde::Serialize;
use store::{Row, Tx, params, sql};

/// A bill and what of it was paid.
#[derive(Clone, Debug)]
pub struct PaidBill {
    pub bill_id: String,
    pub bill_no: String,
    /// What was put against the bill.
    pub amount: Money,
    /// What left the book for it: more than `amount` where a late fee went with it.
    pub taken: Money,
}

/// What moved on a book: a line of its statement.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BookLine {
    pub txn_id: String,
    pub at: Timestamp,
    pub kind: String,
    pub subject_type: String,
    pub subject_id: String,
    pub operator: String,
    /// What came onto the book; negative for what left it.
    #[serde(rename = "amountFen")]
    pub amount: Money,
    #[serde(rename = "balanceFen")]
    pub balance: Money,
}

sql! {
    BEFORE = "SELECT CAST(COALESCE(SUM(e.amount_fen), 0) AS BIGINT) FROM ledger_entry e JOIN ledger_txn t ON t.id = e.txn_id \
              WHERE e.owner = $1 AND e.kind = 'balance' AND e.book = $2 AND t.at < $3";
    LINES = "SELECT t.id, t.at, t.kind, t.subject_type, t.subject_id, t.operator, CAST(SUM(e.amount_fen) AS BIGINT) \
             FROM ledger_entry e JOIN ledger_txn t ON t.id = e.txn_id WHERE e.owner = $1 AND e.kind = 'balance' AND e.book = $2 \
             AND t.at >= $3 AND t.at < $4 GROUP BY t.id, t.at, t.kind, t.subject_type, t.subject_id, t.operator ORDER BY t.at, t.id LIMIT $5";
}

/// The most lines of one statement: a longer time is asked for in parts.
const LONGEST: i64 = 5_000;

/// The statement of a book from the first to the last of these days, oldest first: what was on it before, the lines with
/// what each left, and what was on it after the last of them.
pub fn statement(
    tx: &mut Tx<'_>,
    account_id: &str,
    id: &str,
    days: (Date, Date),
) -> Result<(Money, Vec<BookLine>, Money)> {
    let (from, until) = (days.0.start(), days.1.plus_days(1).start());
    let opening = tx.query_one(&BEFORE, params![account_id, id, from])?.money(0).negated();
    let mut balance = opening;
    let mut lines = Vec::new();
    let line = |r: &Row, balance: Money| BookLine {
        txn_id: r.text(0),
        at: r.time(1),
        kind: r.text(2),
        subject_type: r.text(3),
        subject_id: r.text(4),
        operator: r.text(5),
        amount: r.money(6).negated(),
        balance,
    };
    for row in tx.query(&LINES, params![account_id, id, from, until, LONGEST])? {
        balance = balance.plus(row.money(6).negated())?;
        lines.push(line(&row, balance));
    }
    Ok((opening, lines, balance))
}

/// Pays the account's open bills, oldest first, from this book alone and for `most` at most; what its scope does not cover is
/// left. A book that is frozen, ended or empty pays nothing.
pub fn settle_from(tx: &mut Tx<'_>, account_id: &str, id: &str, most: Money) -> Result<Vec<PaidBill>> {
    let account = account::lock(tx, account_id)?;
    let today = tx.now().date();
    let mut from = book(tx, account_id, id)?;
    from.balance = from.balance.min(most);
    let mut paid = Vec::new();
    if id == GENERAL || !from.is_usable(today) || from.balance <= Money::ZERO {
        return Ok(paid);
    }
    let all = of_account(tx, account_id)?;
    let rule = late::rule(tx)?;
    for mut bill in bill::lock_open(tx, account_id)? {
        if from.balance <= Money::ZERO {
            break;
        }
        let late = rule.of(tx, &bill, today)?;
        let before = from.balance;
        let amount = pay(tx, &account, &mut bill, late, std::slice::from_mut(&mut from), &all)?;
        if amount > Money::ZERO {
            let taken = before.plus(from.balance.negated())?;
            paid.push(PaidBill { bill_id: bill.id.clone(), bill_no: bill.bill_no.clone(), amount, taken });
        }
    }
    if !paid.is_empty() {
        account::refresh(tx, account_id)?;
    }
    Ok(paid)
}

/// A scope of one product.
pub fn only_product(product_id: &str) -> Scope {
    Scope { products: vec![product_id.to_owned()], ..Scope::default() }
}
