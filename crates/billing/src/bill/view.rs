//! What the desk shows of a customer's bills.

use super::{Bill, OF_CUSTOMER, OF_ORIGIN, from_row};
use crate::ledger;
use kernel::{Date, Money, Result};
use serde::Serialize;
use serde_json::{Value, json};
use store::{Tx, params, sql};

/// A bill in a list.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BillRow {
    pub id: String,
    pub bill_no: String,
    pub period: Value,
    #[serde(rename = "amountFen")]
    pub amount: Money,
    #[serde(rename = "remainingFen")]
    pub remaining: Money,
    pub state: String,
    pub due_date: Date,
    pub created_at: kernel::Timestamp,
}

impl From<Bill> for BillRow {
    fn from(bill: Bill) -> Self {
        Self {
            id: bill.id,
            bill_no: bill.bill_no,
            period: json!({"start": bill.period_start, "end": bill.period_end}),
            amount: bill.amount,
            remaining: bill.remaining,
            state: bill.state,
            due_date: bill.due_date,
            created_at: bill.created_at,
        }
    }
}

/// What a customer has not paid.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Arrears {
    #[serde(rename = "totalFen")]
    pub total: Money,
    pub oldest_due: Option<String>,
    pub bill_count: i64,
    /// The part whose due date has passed.
    #[serde(rename = "overdueFen")]
    pub overdue: Money,
}

sql! {
    ARREARS = "SELECT CAST(COALESCE(SUM(remaining_fen), 0) AS BIGINT), MIN(due_date), COUNT(*), \
               CAST(COALESCE(SUM(CASE WHEN due_date < $2 THEN remaining_fen ELSE 0 END), 0) AS BIGINT) \
               FROM bill WHERE customer_id = $1 AND remaining_fen > 0";
    ACCOUNTS = "SELECT id FROM billing_account WHERE customer_id = $1";
}

/// The customer's bills, newest first. The caller has made sure that the customer may be seen.
pub fn bills_of(tx: &mut Tx<'_>, customer_id: &str, limit: i64) -> Result<Vec<BillRow>> {
    let rows = tx.query(&OF_CUSTOMER, params![customer_id, limit])?;
    rows.iter().map(|r| from_row(r).map(BillRow::from)).collect()
}

/// The first bill that an order gave rise to.
pub fn bill_of_order(tx: &mut Tx<'_>, order_id: &str) -> Result<Option<BillRow>> {
    let row = tx.query_opt(&OF_ORIGIN, params![order_id])?;
    row.map(|r| from_row(&r).map(BillRow::from)).transpose()
}

pub fn arrears_of(tx: &mut Tx<'_>, customer_id: &str) -> Result<Arrears> {
    let today = tx.now().date().to_string();
    let row = tx.query_one(&ARREARS, params![customer_id, today])?;
    Ok(Arrears { total: row.money(0), oldest_due: row.opt_text(1), bill_count: row.int(2), overdue: row.money(3) })
}

/// What the customer has paid in advance, all accounts together.
pub fn balance_of(tx: &mut Tx<'_>, customer_id: &str) -> Result<Money> {
    let accounts = tx.query(&ACCOUNTS, params![customer_id])?;
    accounts.iter().try_fold(Money::ZERO, |sum, row| sum.plus(ledger::deposit(tx, row.str(0))?))
}
