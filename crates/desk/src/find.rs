//! The command box.

use customer::{Found, Summary};
use http::{Answer, Ctx, Reply};
use kernel::{Problem, Result};
use serde_json::{Value, json};
use store::Tx;

const LONGEST: usize = 200;

pub(crate) async fn find(ctx: Ctx) -> Answer {
    let q = ctx.parameter("q").unwrap_or_default();
    if q.chars().count() > LONGEST {
        return Err(Problem::invalid("q", &format!("≤ {LONGEST}")).into());
    }
    let limit = ctx.paging(8, 50)?.limit;
    let typed = q.clone();
    // A whole mobile number can only be a telephone number: one look-up, answered where it is asked.
    let found = if customer::is_mobile(&q) {
        ctx.peek(move |tx| customers(tx, &q, limit).map(|customers| (customers, vec![], vec![]))).await?
    } else {
        ctx.read(move |tx| Ok((customers(tx, &q, limit)?, orders(tx, &q, limit)?, offerings(tx, &q, limit)?))).await?
    };
    let (customers, orders, offerings) = found;
    Ok(Reply::ok(&json!({"query": typed, "customers": customers, "orders": orders, "offerings": offerings})))
}

fn customers(tx: &mut Tx<'_>, q: &str, limit: i64) -> Result<Vec<Value>> {
    let found = customer::find(tx, q, usize::try_from(limit).unwrap_or(0))?;
    found.iter().map(|f| found_row(tx, f)).collect()
}

pub(crate) fn found_row(tx: &mut Tx<'_>, found: &Found) -> Result<Value> {
    let mut row = row(tx, &found.customer)?;
    row["match"] = json!(found.by.name());
    Ok(row)
}

/// A customer in a list.
pub(crate) fn row(tx: &mut Tx<'_>, customer: &Summary) -> Result<Value> {
    let mut row = customer.to_json();
    row["orgName"] = json!(access::org_name(tx, customer.org.as_str())?);
    Ok(row)
}

fn orders(tx: &mut Tx<'_>, q: &str, limit: i64) -> Result<Vec<Value>> {
    if !tx.actor().may(ordering::READ) || q.trim().is_empty() {
        return Ok(Vec::new());
    }
    let found = ordering::find(tx, q.trim(), limit)?;
    let row = |o: &ordering::OrderRow| json!({"id": o.id, "orderNo": o.order_no, "state": o.state, "customerName": o.customer_name});
    Ok(found.iter().map(row).collect())
}

fn offerings(tx: &mut Tx<'_>, q: &str, limit: i64) -> Result<Vec<Value>> {
    if q.trim().is_empty() {
        return Ok(Vec::new());
    }
    let found = catalog::find(tx, q.trim(), limit)?;
    let row = |o: &catalog::Found| json!({"id": o.id, "name": o.name, "priceFen": o.price_fen, "status": o.status});
    Ok(found.iter().map(row).collect())
}
