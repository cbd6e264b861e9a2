//! What the unified view shows of a customer's money, in four statements whatever there is: accounts with their balances,
//! bills, what is open of them by age, payments. Live, not from a copy.

use crate::{Account, Arrears, BillRow, PaymentRow, ledger, payment::Method};
use kernel::{Date, Money, OrgPath, Result};
use serde::Serialize;
use serde_json::json;
use store::{Row, Tx, params, sql};

sql! {
    ACCOUNTS = "SELECT a.id, a.account_no, a.customer_id, a.name, a.org, (SELECT CAST(COALESCE(SUM(b.amount_fen), 0) AS BIGINT) \
                FROM ledger_balance b WHERE b.owner = a.id AND b.kind = $2) AS deposit \
                FROM billing_account a WHERE a.customer_id = $1 ORDER BY a.id";
    BILLS = "SELECT id, bill_no, period_start, period_end, amount_fen, remaining_fen, state, due_date, created_at FROM bill \
             WHERE customer_id = $1 ORDER BY id DESC LIMIT $2";
    OPEN = "SELECT due_date, remaining_fen FROM bill WHERE customer_id = $1 AND remaining_fen > 0";
    PAYMENTS = "SELECT p.id, p.receipt_no, p.created_at, p.amount_fen, p.method, p.operator_name, p.operator, p.customer_id, \
                p.account_id, p.to_balance_fen, p.note, p.status, p.reverses, r.id, p.late_fee_fen, p.batch_id FROM payment p \
                LEFT JOIN payment r ON r.reverses = p.id \
                WHERE p.customer_id = $1 AND p.receipt_no IS NOT NULL ORDER BY p.id DESC LIMIT $2";
}

/// Open bills by how long they are overdue.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Bucket {
    /// `notDue`, `d30`, `d90`, `d180`, `older`.
    pub age: &'static str,
    #[serde(rename = "amountFen")]
    pub amount: Money,
    pub bill_count: i64,
}

#[derive(Clone, Debug)]
pub struct Overview {
    pub accounts: Vec<Account>,
    /// Paid in advance, all accounts together.
    pub balance: Money,
    pub bills: Vec<BillRow>,
    pub arrears: Arrears,
    pub by_age: Vec<Bucket>,
    pub payments: Vec<PaymentRow>,
}

/// Upper ends of the buckets, in days overdue.
const AGES: [(&str, i64); 4] = [("notDue", 0), ("d30", 30), ("d90", 90), ("d180", 180)];

fn age(days: i64) -> &'static str {
    AGES.iter().find(|(_, end)| days <= *end).map_or("older", |(name, _)| name)
}

/// The caller has made sure that the customer may be seen.
pub fn overview(tx: &mut Tx<'_>, customer_id: &str, bills: i64, payments: i64) -> Result<Overview> {
    let mut accounts = Vec::new();
    let mut balance = Money::ZERO;
    for row in tx.query(&ACCOUNTS, params![customer_id, ledger::Kind::Balance.name()])? {
        if !tx.actor().sees(row.str(4)) {
            continue;
        }
        let deposit = row.money(5).negated();
        balance = balance.plus(deposit)?;
        accounts.push(Account {
            id: row.text(0),
            account_no: row.opt_text(1).unwrap_or_default(),
            customer_id: row.opt_text(2).unwrap_or_default(),
            name: row.text(3),
            org: OrgPath::parse(row.str(4))?,
            balance: deposit,
            payment_method: "counter".to_owned(),
        });
    }
    let (arrears, by_age) = open(tx, customer_id)?;
    let bills = tx.query(&BILLS, params![customer_id, bills])?.iter().map(bill).collect::<Result<_>>()?;
    let payments = tx.query(&PAYMENTS, params![customer_id, payments])?.iter().map(payment).collect::<Result<_>>()?;
    Ok(Overview { accounts, balance, bills, arrears, by_age, payments })
}

fn open(tx: &mut Tx<'_>, customer_id: &str) -> Result<(Arrears, Vec<Bucket>)> {
    let today = tx.now().date();
    let mut arrears = Arrears::default();
    let mut buckets: Vec<Bucket> = AGES
        .iter()
        .map(|(name, _)| *name)
        .chain(["older"])
        .map(|age| Bucket { age, amount: Money::ZERO, bill_count: 0 })
        .collect();
    for row in tx.query(&OPEN, params![customer_id])? {
        let (due, amount) = (Date::parse(row.str(0))?, row.money(1));
        let days = today.days_since(due);
        arrears.total = arrears.total.plus(amount)?;
        arrears.bill_count += 1;
        if days > 0 {
            arrears.overdue = arrears.overdue.plus(amount)?;
        }
        if arrears.oldest_due.as_deref().is_none_or(|oldest| row.str(0) < oldest) {
            arrears.oldest_due = Some(row.text(0));
        }
        let name = age(days);
        if let Some(bucket) = buckets.iter_mut().find(|b| b.age == name) {
            bucket.amount = bucket.amount.plus(amount)?;
            bucket.bill_count += 1;
        }
    }
    buckets.retain(|b| b.bill_count > 0);
    Ok((arrears, buckets))
}

fn bill(row: &Row) -> Result<BillRow> {
    Ok(BillRow {
        id: row.text(0),
        bill_no: row.text(1),
        period: json!({"start": row.str(2), "end": row.str(3)}),
        amount: row.money(4),
        remaining: row.money(5),
        state: row.text(6),
        due_date: Date::parse(row.str(7))?,
        created_at: row.time(8),
    })
}

fn payment(row: &Row) -> Result<PaymentRow> {
    Ok(PaymentRow {
        id: row.text(0),
        receipt_no: row.opt_text(1),
        at: row.time(2),
        amount: row.money(3),
        method: Method::parse(row.str(4))?,
        operator: row.text(5),
        operator_id: row.text(6),
        customer_id: row.text(7),
        customer_name: None,
        account_id: row.text(8),
        to_balance: row.money(9),
        late_fee: row.money(14),
        batch_id: row.opt_text(15),
        note: row.text(10),
        status: row.text(11),
        reversal_of: row.opt_text(12),
        reversed_by: row.opt_text(13),
    })
}

#[cfg(test)]
mod tests {
    use super::age;

    #[test]
    fn debts_are_sorted_by_how_long_they_are_overdue() {
        assert_eq!((age(-3), age(0), age(1), age(30)), ("notDue", "notDue", "d30", "d30"));
        assert_eq!((age(31), age(180), age(181)), ("d90", "d180", "older"));
    }
}
