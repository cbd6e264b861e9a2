//! Payments in lists.

use super::{Method, columns, from_row};
use kernel::{Money, Result, Timestamp};
use serde::Serialize;
use std::collections::HashMap;
use store::{Filter, Tx, params, sql};

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentRow {
    pub id: String,
    pub receipt_no: Option<String>,
    pub at: Timestamp,
    #[serde(rename = "amountFen")]
    pub amount: Money,
    pub method: Method,
    pub operator: String,
    pub operator_id: String,
    pub customer_id: String,
    /// Filled in where the list is of several customers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_name: Option<String>,
    pub account_id: String,
    #[serde(rename = "toBalanceFen")]
    pub to_balance: Money,
    #[serde(rename = "lateFeeFen")]
    pub late_fee: Money,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch_id: Option<String>,
    pub note: String,
    pub status: String,
    pub reversed_by: Option<String>,
    pub reversal_of: Option<String>,
}

sql! {
    OF_CUSTOMER = concat!("SELECT ", columns!(), ", (SELECT r.id FROM payment r WHERE r.reverses = payment.id) AS reversed_by \
                          FROM payment WHERE customer_id = $1 AND receipt_no IS NOT NULL ORDER BY id DESC LIMIT $2");
}

fn row(row: &store::Row) -> Result<PaymentRow> {
    let payment = from_row(row)?;
    Ok(PaymentRow {
        id: payment.id,
        receipt_no: payment.receipt_no,
        at: payment.created_at,
        amount: payment.amount,
        method: payment.method,
        operator: payment.operator_name,
        operator_id: payment.operator,
        customer_id: payment.customer_id,
        customer_name: None,
        account_id: payment.account_id,
        to_balance: payment.to_balance,
        late_fee: payment.late_fee,
        batch_id: payment.batch_id,
        note: payment.note,
        status: payment.status,
        reversed_by: row.opt_text(26),
        reversal_of: payment.reverses,
    })
}

/// The customer's payments and reversals, newest first. The caller has made sure that the customer may be seen.
pub fn payments_of(tx: &mut Tx<'_>, customer_id: &str, limit: i64) -> Result<Vec<PaymentRow>> {
    tx.query(&OF_CUSTOMER, params![customer_id, limit])?.iter().map(row).collect()
}

/// The payments of a day that the actor may see, newest first, and how many there are in all.
pub fn taken_on(
    tx: &mut Tx<'_>,
    day: &str,
    operator: Option<&str>,
    offset: i64,
    limit: i64,
) -> Result<(Vec<PaymentRow>, i64)> {
    let mut filter = filter_of(tx, day, operator);
    let condition = filter.to_where();
    let total = tx.query_one(&format!("SELECT COUNT(*) FROM payment{condition}"), &filter.binds)?.int(0);
    let (limit, offset) = (filter.bind(limit), filter.bind(offset));
    let text = format!(
        "SELECT {}, (SELECT r.id FROM payment r WHERE r.reverses = payment.id) AS reversed_by FROM payment{condition} \
         ORDER BY id DESC LIMIT {limit} OFFSET {offset}",
        columns!()
    );
    let rows = tx.query(&text, &filter.binds)?;
    let mut payments = rows.iter().map(row).collect::<Result<Vec<PaymentRow>>>()?;
    let mut names: HashMap<String, Option<String>> = HashMap::new();
    for payment in &mut payments {
        let id = &payment.customer_id;
        if !names.contains_key(id) {
            names.insert(id.clone(), customer::summary(tx, id).ok().map(|c| c.name));
        }
        payment.customer_name = names[id].clone();
    }
    Ok((payments, total))
}

fn filter_of(tx: &Tx<'_>, day: &str, operator: Option<&str>) -> Filter {
    let mut filter = Filter::default();
    filter.equal("day", day);
    filter.and("receipt_no IS NOT NULL".to_owned());
    if let Some(operator) = operator {
        filter.equal("operator", operator);
    }
    filter.scope("org", tx.actor());
    filter
}

/// What was taken today, reversals deducted, as far as the actor may see.
pub fn today_total(tx: &mut Tx<'_>) -> Result<Money> {
    let filter = filter_of(tx, &tx.now().date().to_string(), None);
    let text = format!("SELECT CAST(COALESCE(SUM(amount_fen), 0) AS BIGINT) FROM payment{}", filter.to_where());
    Ok(tx.query_one(&text, &filter.binds)?.money(0))
}
