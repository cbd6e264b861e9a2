//! Who changes a product at the moment (在途锁). One order at a time holds a product exclusively; a booked order of a kind holds
//! its place (`booked:close`) and takes the product when its day has come. Accounts and groups are locked the same way.
//!
//! A lock is a row with a primary key: two clerks, or two servers, cannot both have it.

use crate::{business::Business, problems};
use kernel::{OrgPath, Problem, Result};
use serde_json::json;
use store::{Tx, params, sql};

pub const EXCLUSIVE: &str = "exclusive";

pub fn booked(business: Business) -> String {
    format!("booked:{}", business.name())
}

/// The order that holds something.
#[derive(Clone, Debug)]
pub struct Holder {
    pub order_id: String,
    pub order_no: String,
    pub kind: String,
}

sql! {
    TAKE = "INSERT INTO product_lock (subject_id, kind, order_id, org, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    HELD = "SELECT l.order_id, o.order_no, l.kind FROM product_lock l LEFT JOIN product_order o ON o.id = l.order_id \
            WHERE l.subject_id = $1 AND l.kind = $2";
    ALL = "SELECT l.order_id, o.order_no, l.kind FROM product_lock l LEFT JOIN product_order o ON o.id = l.order_id \
           WHERE l.subject_id = $1 ORDER BY l.at, l.kind";
    RELEASE = "DELETE FROM product_lock WHERE order_id = $1";
    RELEASE_BOOKED = "DELETE FROM product_lock WHERE order_id = $1 AND kind <> 'exclusive'";
}

/// Who holds `subject` in this way.
pub fn holder(tx: &mut Tx<'_>, subject: &str, kind: &str) -> Result<Option<Holder>> {
    let row = tx.query_opt(&HELD, params![subject, kind])?;
    Ok(row.map(|r| Holder { order_id: r.text(0), order_no: r.opt_text(1).unwrap_or_default(), kind: r.text(2) }))
}

/// All that hold `subject`, those that are booked included.
pub fn holders(tx: &mut Tx<'_>, subject: &str) -> Result<Vec<Holder>> {
    let rows = tx.query(&ALL, params![subject])?;
    let read =
        |r: &store::Row| Holder { order_id: r.text(0), order_no: r.opt_text(1).unwrap_or_default(), kind: r.text(2) };
    Ok(rows.iter().map(read).collect())
}

/// Takes a lock for an order; taking it again is fine. 409, with the order that holds it, where another one does.
pub fn take(tx: &mut Tx<'_>, subject: &str, kind: &str, order_id: &str, org: &OrgPath) -> Result<()> {
    let now = tx.now();
    if tx.execute(&TAKE, params![subject, kind, order_id, org, now])? == 1 {
        return Ok(());
    }
    match holder(tx, subject, kind)? {
        Some(held) if held.order_id == order_id => Ok(()),
        Some(held) => Err(taken(&held)),
        None => Err(Problem::new(&kernel::codes::CONFLICT)), // it ended this moment
    }
}

pub fn taken(held: &Holder) -> Problem {
    let code = if held.kind == EXCLUSIVE { &problems::IN_TRANSIT } else { &problems::BOOKED };
    let problem = Problem::new(code).with("order", &held.order_no);
    problem.extra("lockedBy", json!({"orderId": held.order_id, "orderNo": held.order_no}))
}

/// The order holds nothing any more.
pub fn release(tx: &mut Tx<'_>, order_id: &str) -> Result<()> {
    tx.execute(&RELEASE, params![order_id]).map(drop)
}

/// Its day has come: it holds its place no longer, but the product itself.
pub fn release_booked(tx: &mut Tx<'_>, order_id: &str) -> Result<()> {
    tx.execute(&RELEASE_BOOKED, params![order_id]).map(drop)
}
