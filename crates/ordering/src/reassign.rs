//! Orders that have ended, given to another customer when two are merged, and back. Those in transit forbid it.

use crate::order::PRODUCT_ORDER;
use customer::reassign;
use kernel::Result;
use store::{Tx, params, sql};

sql! {
    UNDER_WAY = "SELECT order_no FROM product_order WHERE customer_id = $1 \
                 AND state NOT IN ('completed', 'cancelled', 'failed', 'rejected') ORDER BY created_at LIMIT 50";
}

/// The numbers of a customer's orders that have not ended, wherever they were taken.
pub fn under_way(tx: &mut Tx<'_>, customer: &str) -> Result<Vec<String>> {
    Ok(tx.query(&UNDER_WAY, params![customer])?.iter().map(|r| r.text(0)).collect())
}

/// Moves the orders of `from` to `into`; with `only`, those of these labels. Returns the labels of what moved.
pub fn reassign(tx: &mut Tx<'_>, from: &str, into: &str, only: Option<&[String]>) -> Result<Vec<String>> {
    reassign::documents(tx, &PRODUCT_ORDER, from, into, only)
}

/// How much of each kind a customer has.
pub fn holds(tx: &mut Tx<'_>, customer: &str) -> Result<Vec<(&'static str, i64)>> {
    reassign::counts(tx, &["product_order"], customer)
}
