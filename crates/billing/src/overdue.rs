//! What credit control asks of billing: which accounts owe something past its due date, where their holder can be told, and
//! debts given up (坏账核销) and taken up again.
//!
//! A debt that is given up stands as an application of its write-off against the bills, with the money on `badDebt`; taken up
//! again, the same with the signs turned. Nothing is deleted: the bill's history tells both.

use crate::{
    account, bill, books,
    ledger::{self, Entry, Kind, Posting},
    problems,
};
use kernel::{Date, Money, OrgPath, Problem, Result};
use store::{Row, Tx, params, sql};

/// An account with debts past their due date.
#[derive(Clone, Debug)]
pub struct Overdue {
    pub account_id: String,
    pub customer_id: String,
    pub org: OrgPath,
    /// The due date of the oldest debt.
    pub oldest_due: Date,
    pub amount: Money,
}

sql! {
    PAGE = "SELECT account_id, MIN(customer_id), MIN(org), MIN(due_date), CAST(SUM(remaining_fen) AS BIGINT) FROM bill \
            WHERE account_id > $1 AND remaining_fen > 0 AND due_date < $2 AND mark <> 'onHold' GROUP BY account_id ORDER BY account_id LIMIT $3";
    OF_ACCOUNT = "SELECT account_id, MIN(customer_id), MIN(org), MIN(due_date), CAST(SUM(remaining_fen) AS BIGINT) FROM bill \
                  WHERE account_id = $1 AND remaining_fen > 0 AND due_date < $2 AND mark <> 'onHold' GROUP BY account_id";
    NUMBERS = "SELECT number FROM subscription WHERE account_id = $1 AND state <> 'terminated' AND number <> '' ORDER BY charged_from, id LIMIT 50";
    OFFERINGS = "SELECT DISTINCT offering_id FROM subscription WHERE account_id = $1 AND state <> 'terminated'";
    GIVEN_UP = "SELECT bill_id, CAST(SUM(amount_fen) AS BIGINT) FROM bill_application WHERE payment_id = $1 GROUP BY bill_id \
                HAVING SUM(amount_fen) > 0 ORDER BY bill_id";
    LOW = "SELECT b.owner, -CAST(b.amount_fen AS BIGINT), a.customer_id, a.org FROM ledger_balance b JOIN billing_account a ON a.id = b.owner \
           WHERE b.kind = 'balance' AND b.book = 'general' AND b.amount_fen < 0 AND b.amount_fen > $1 AND b.updated_at >= $2 \
           AND b.owner > $3 AND a.customer_id IS NOT NULL ORDER BY b.owner LIMIT $4";
}

fn read(row: &Row) -> Result<Overdue> {
    Ok(Overdue {
        account_id: row.text(0),
        customer_id: row.text(1),
        org: OrgPath::parse(row.str(2))?,
        oldest_due: Date::parse(row.str(3))?,
        amount: row.money(4),
    })
}

/// Accounts after this one, in order, that owe something whose due date has passed. A bill on hold is in dispute: it is not
/// counted.
pub fn overdue_after(tx: &mut Tx<'_>, account_id: &str, today: Date, limit: i64) -> Result<Vec<Overdue>> {
    tx.query(&PAGE, params![account_id, today.to_string(), limit])?.iter().map(read).collect()
}

/// What one account owes past its due date; none where it owes nothing such.
pub fn overdue_of(tx: &mut Tx<'_>, account_id: &str, today: Date) -> Result<Option<Overdue>> {
    tx.query_opt(&OF_ACCOUNT, params![account_id, today.to_string()])?.as_ref().map(read).transpose()
}

/// The numbers served on an account, the oldest first.
pub fn numbers_of_account(tx: &mut Tx<'_>, account_id: &str) -> Result<Vec<String>> {
    Ok(tx.query(&NUMBERS, params![account_id])?.iter().map(|r| r.text(0)).collect())
}

/// The product lines charged to an account.
pub fn families_of_account(tx: &mut Tx<'_>, account_id: &str) -> Result<Vec<String>> {
    let mut all: Vec<String> = Vec::new();
    for row in tx.query(&OFFERINGS, params![account_id])? {
        let family = catalog::held(tx, row.str(0)).map_or("other", |o| o.family.as_str()).to_owned();
        if !all.contains(&family) {
            all.push(family);
        }
    }
    Ok(all)
}

/// An account whose balance is nearly used up.
#[derive(Clone, Debug)]
pub struct LowBalance {
    pub account_id: String,
    pub customer_id: String,
    pub org: OrgPath,
    pub balance: Money,
}

/// Accounts whose general balance has moved since `since` and is now above zero and below `threshold`.
pub fn low_balances(
    tx: &mut Tx<'_>,
    after: &str,
    threshold: Money,
    since: kernel::Timestamp,
    limit: i64,
) -> Result<Vec<LowBalance>> {
    let rows = tx.query(&LOW, params![threshold.negated(), since, after, limit])?;
    rows.iter()
        .map(|r| {
            Ok(LowBalance {
                account_id: r.text(0),
                balance: r.money(1),
                customer_id: r.text(2),
                org: OrgPath::parse(r.str(3))?,
            })
        })
        .collect()
}

fn post(tx: &mut Tx<'_>, id: &str, org: &OrgPath, account_id: &str, given_up: Money) -> Result<String> {
    let entries = vec![
        Entry::new(Kind::Receivable, account_id, given_up.negated()),
        Entry::new(Kind::BadDebt, account_id, given_up),
    ];
    let kind = if given_up > Money::ZERO { "writeOff" } else { "reinstate" };
    ledger::post(tx, Posting { kind, subject_type: "writeOff", subject_id: id, shift_id: None, org, entries })
}

/// How the ids of write-offs begin, so that they are not taken for payments where both are put against bills.
pub const WRITE_OFF: &str = "wo-";

/// Gives up what an account owes past its due date; returns how much. `id` names the decision.
pub fn write_off(tx: &mut Tx<'_>, id: &str, account_id: &str) -> Result<Money> {
    if !id.starts_with(WRITE_OFF) {
        return Err(Problem::internal("a write-off's id tells that it is one"));
    }
    let account = account::lock(tx, account_id)?;
    let today = tx.now().date();
    let mut sum = Money::ZERO;
    for mut one in bill::lock_open(tx, account_id)? {
        if one.due_date >= today {
            continue;
        }
        let amount = one.remaining;
        let txn = post(tx, id, &account.org, account_id, amount)?;
        one.apply(tx, amount, &txn, Some(id))?;
        sum = sum.plus(amount)?;
    }
    if sum.is_zero() {
        return Err(Problem::new(&problems::NOTHING_OWED).with("account", &account.account_no));
    }
    account::refresh(tx, account_id)?;
    Ok(sum)
}

/// Takes a debt up again that was given up: up to `most` of it, the oldest bill first, or all; returns how much. What has
/// been paid in advance pays it at once.
pub fn reinstate(tx: &mut Tx<'_>, id: &str, account_id: &str, most: Option<Money>) -> Result<Money> {
    let account = account::lock(tx, account_id)?;
    let mut left = most;
    let mut sum = Money::ZERO;
    for row in tx.query(&GIVEN_UP, params![id])? {
        let amount = left.map_or(row.money(1), |l| l.min(row.money(1)));
        if amount <= Money::ZERO {
            break;
        }
        let mut one = bill::lock(tx, row.str(0))?;
        let txn = post(tx, id, &account.org, account_id, amount.negated())?;
        one.apply(tx, amount.negated(), &txn, Some(id))?;
        sum = sum.plus(amount)?;
        left = left.map(|l| l.plus(amount.negated())).transpose()?;
    }
    if sum > Money::ZERO {
        books::settle(tx, &account)?;
        account::refresh(tx, account_id)?;
    }
    Ok(sum)
}
