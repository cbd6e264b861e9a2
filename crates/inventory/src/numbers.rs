//! The pool of telephone numbers: searched by pattern, locked for minutes while a sale goes on, kept for a customer for
//! days, reserved by an order, in use, and after release kept back for a time.
//!
//! Every change of a number's state is one conditional update on its row that names the state it comes from, so that of
//! two clerks, or two orders, only one gets it on either engine.

mod class;
mod holders;
mod idle;
mod keep;
mod lock;
mod manage;
mod pattern;
mod porting;
mod ranges;
mod retire;
mod routes;
mod search;
mod state;
mod stock;

pub use class::{Terms, terms};
pub use idle::foreign_idle;
pub use keep::{let_go, reserve_for};
pub use lock::{Lock, lock, unlock};
pub use pattern::Pattern;
pub use porting::{Donor, admit_ported, admit_ported_from, come_home, port_out, return_home, undo_port_out};
pub use ranges::add_range;
pub(crate) use ranges::{Range, add as add_numbers};
pub use retire::{retire, swap, unswap};
pub(crate) use routes::routes;
pub use search::search;
pub use state::{Change, NumberState};

use crate::problems;
use kernel::{OrgPath, Problem, Result, Timestamp};
pub(crate) use search::offered;
use search::sellable_by;
use store::{Tx, params, sql};

/// A number as a clerk sees it in a search.
#[derive(Clone, Debug)]
pub struct Number {
    pub number: String,
    pub class: String,
    pub state: NumberState,
    pub org: OrgPath,
}

sql! {
    GET = "SELECT s.org, p.state, p.lock_token, p.until, p.order_id, p.product_id, p.customer_id, p.kept_until, p.origin, p.class \
           FROM number_pool p JOIN number_segment s ON s.id = p.seg WHERE p.number = $1";
    RESERVE_LOCKED = "UPDATE number_pool SET state = 'reserved', lock_token = NULL, locked_by = NULL, until = NULL, order_id = $3, updated_at = $4 \
                      WHERE number = $1 AND state = 'locked' AND lock_token = $2 AND until > $4";
    RESERVE_FREE = "UPDATE number_pool SET state = 'reserved', lock_token = NULL, locked_by = NULL, until = NULL, customer_id = NULL, kept_until = NULL, \
                    order_id = $2, updated_at = $3 \
                    WHERE number = $1 AND (state = 'available' OR (state = 'locked' AND until <= $3 AND (kept_until IS NULL OR kept_until <= $3)) \
                    OR (state = 'reserved' AND order_id IS NULL AND kept_until <= $3))";
    ASSIGN = "UPDATE number_pool SET state = 'inUse', product_id = $2, updated_at = $3 WHERE number = $1 AND state = 'reserved' AND order_id IS NOT NULL";
    UNASSIGN = "UPDATE number_pool SET state = 'reserved', product_id = NULL, updated_at = $2 WHERE number = $1 AND state = 'inUse'";
    /// What was kept for a customer is kept for them again, what was never ours goes where it belongs.
    FREE = "UPDATE number_pool SET lock_token = NULL, locked_by = NULL, order_id = NULL, product_id = NULL, until = NULL, back = NULL, updated_at = $2, \
            state = CASE WHEN back IS NOT NULL THEN back WHEN origin IS NOT NULL THEN 'returned' \
                         WHEN customer_id IS NOT NULL AND kept_until > $2 THEN 'reserved' ELSE 'available' END, \
            customer_id = CASE WHEN kept_until > $2 THEN customer_id END, kept_until = CASE WHEN kept_until > $2 THEN kept_until END \
            WHERE number = $1 AND state = 'reserved' AND order_id IS NOT NULL";
    TURN = "UPDATE number_pool SET state = $3, updated_at = $4 WHERE number = $1 AND state = $2";
    /// A foreign number rests until it has gone home, however long that takes.
    REST = "UPDATE number_pool SET state = 'quarantine', order_id = NULL, product_id = NULL, customer_id = NULL, kept_until = NULL, back = NULL, \
            until = CASE WHEN origin IS NULL THEN CAST($2 AS BIGINT) END, updated_at = $3 WHERE number = $1 AND state IN ('inUse', 'suspended')";
    SETTING = "SELECT value FROM inventory_setting WHERE name = $1";
}

fn setting(tx: &mut Tx<'_>, name: &str) -> Result<i64> {
    Ok(tx.query_one(&SETTING, params![name])?.int(0))
}

/// When a number given up now may be sold again: the setting of its class, or of all.
fn rested(tx: &mut Tx<'_>, number: &str) -> Result<Timestamp> {
    let class = tx.query_opt(&GET, params![number])?.map(|r| r.text(9)).unwrap_or_default();
    let own = tx.query_opt(&SETTING, params![format!("number.quarantine_days.{class}")])?.map(|r| r.int(0));
    let days = match own {
        Some(days) => days,
        None => setting(tx, "number.quarantine_days")?,
    };
    Ok(tx.now().plus_seconds(days * 86_400))
}

/// Why a conditional update found nothing to change.
fn refusal(tx: &mut Tx<'_>, number: &str, action: &str) -> Problem {
    let row = match tx.query_opt(&GET, params![number]) {
        Err(problem) => return problem,
        Ok(row) => row,
    };
    match row {
        None => Problem::new(&problems::NUMBER_UNKNOWN).with("number", number),
        Some(row) if matches!(action, "lock" | "reserve") && row.str(1) != "available" => {
            Problem::new(&problems::NUMBER_TAKEN).with("number", number)
        }
        Some(row) => Problem::new(&problems::NUMBER_STATE)
            .with("number", number)
            .with("state", row.str(1))
            .with("action", action),
    }
    .field("number")
}

/// Reserves a number for an order: the locked one by its token, which is thereby used up, or a free one directly.
pub fn reserve(tx: &mut Tx<'_>, number: &str, lock_token: Option<&str>, order_id: &str) -> Result<()> {
    let now = tx.now();
    let done = match lock_token {
        Some(token) => tx.execute(&RESERVE_LOCKED, params![number, token, order_id, now])?,
        None => tx.execute(&RESERVE_FREE, params![number, order_id, now])?,
    };
    if done == 1 {
        return Ok(());
    }
    let row = tx.query_opt(&GET, params![number])?;
    let code = match (row, lock_token) {
        (Some(row), Some(token)) if row.opt_text(2).as_deref() == Some(token) => &problems::LOCK_EXPIRED,
        (Some(row), Some(_)) if row.str(1) == "available" => &problems::LOCK_EXPIRED,
        (Some(row), Some(_)) if row.str(1) == "locked" => &problems::LOCK_FOREIGN,
        _ => return Err(refusal(tx, number, "reserve")),
    };
    Err(Problem::new(code).with("number", number).field("number"))
}

/// The reserved number starts to serve a product.
pub fn assign(tx: &mut Tx<'_>, number: &str, product_id: &str) -> Result<()> {
    let now = tx.now();
    match tx.execute(&ASSIGN, params![number, product_id, now])? {
        0 => Err(refusal(tx, number, "assign")),
        _ => Ok(()),
    }
}

/// Gives a number back: at once when it was only reserved, after its quarantine when it was in use. Nothing happens to a
/// number that serves nobody.
pub fn release(tx: &mut Tx<'_>, number: &str) -> Result<()> {
    let now = tx.now();
    if tx.execute(&FREE, params![number, now])? == 1 {
        return Ok(());
    }
    let until = rested(tx, number)?;
    tx.execute(&REST, params![number, until, now]).map(drop)
}

/// Takes back an assignment that is compensated: the customer never had the number, so it needs no quarantine.
pub fn unassign(tx: &mut Tx<'_>, number: &str) -> Result<()> {
    let now = tx.now();
    tx.execute(&UNASSIGN, params![number, now]).map(drop)
}

pub fn suspend(tx: &mut Tx<'_>, number: &str) -> Result<()> {
    turn(tx, number, Change::Suspend)
}

pub fn resume(tx: &mut Tx<'_>, number: &str) -> Result<()> {
    turn(tx, number, Change::Resume)
}

fn turn(tx: &mut Tx<'_>, number: &str, change: Change) -> Result<()> {
    let row = tx.query_opt(&GET, params![number])?;
    let Some(row) = row else { return Err(refusal(tx, number, change.text())) };
    let from = NumberState::parse(row.str(1))?;
    let to = from.after(change).ok_or_else(|| {
        let problem = Problem::new(&problems::NUMBER_STATE).with("number", number);
        problem.with("state", from.text()).with("action", change.text())
    })?;
    let now = tx.now();
    match tx.execute(&TURN, params![number, from.text(), to.text(), now])? {
        0 => Err(refusal(tx, number, change.text())),
        _ => Ok(()),
    }
}

/// Frees numbers whose lock, time kept for a customer or quarantine is over; returns how many. Nothing depends on its
/// punctuality: an expired lock is no lock already.
pub fn expire(tx: &mut Tx<'_>) -> Result<u64> {
    Ok(lock::expire(tx)? + keep::expire(tx)?)
}
