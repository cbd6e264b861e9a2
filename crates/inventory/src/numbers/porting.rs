//! Numbers that come from another operator and go to one (携号转网). A foreign number is never sold again by us: given up, it
//! waits until it has gone home.
//!
//! ```text
//! (foreign)  admit_ported → reserved → inUse → quarantine → return_home → returned
//! (ours)     inUse → port_out → portedOut → come_home → quarantine → available
//! ```

use super::{GET, keep::tell, ranges::segment, refusal, rested};
use crate::problems;
use kernel::{Problem, Result};
use serde_json::json;
use store::{Tx, params, sql};

/// Whose number it is by its allocation.
pub type Donor<'d> = &'d str;

sql! {
    ADMIT = "INSERT INTO number_pool (number, seg, tail, class, state, order_id, origin, updated_at) \
             VALUES ($1, $2, $3, 'normal', 'reserved', $4, $5, $6) ON CONFLICT DO NOTHING";
    /// One that was here before: ours that had left, or a foreign one that had gone home.
    ADMIT_AGAIN = "UPDATE number_pool SET back = state, state = 'reserved', order_id = $2, until = NULL, \
                   origin = CASE WHEN state = 'portedOut' THEN NULL ELSE COALESCE($3, origin) END, updated_at = $4 \
                   WHERE number = $1 AND state IN ('portedOut', 'returned')";
    OUT = "UPDATE number_pool SET state = CASE WHEN origin IS NULL THEN 'portedOut' ELSE 'returned' END, product_id = NULL, order_id = NULL, until = NULL, \
           back = NULL, updated_at = $2 WHERE number = $1 AND state IN ('inUse', 'suspended', 'quarantine')";
    UNDO_OUT = "UPDATE number_pool SET state = 'inUse', product_id = $2, updated_at = $3 WHERE number = $1 AND state IN ('portedOut', 'returned')";
    HOME = "UPDATE number_pool SET state = 'returned', product_id = NULL, order_id = NULL, until = NULL, back = NULL, updated_at = $2 \
            WHERE number = $1 AND origin IS NOT NULL AND state IN ('inUse', 'suspended', 'quarantine', 'reserved')";
    COME_HOME = "UPDATE number_pool SET state = 'quarantine', until = $2, updated_at = $3 WHERE number = $1 AND state = 'portedOut'";
}

/// Takes a number of another operator in, reserved for the order; [`super::release`] gives it back where it came from.
pub fn admit_ported(tx: &mut Tx<'_>, number: &str, order_id: &str) -> Result<()> {
    admit_ported_from(tx, number, order_id, "other")
}

pub fn admit_ported_from(tx: &mut Tx<'_>, number: &str, order_id: &str, donor: Donor<'_>) -> Result<()> {
    let mobile = number.len() == 11 && number.starts_with('1') && number.bytes().all(|b| b.is_ascii_digit());
    if !mobile {
        return Err(Problem::new(&problems::PORT_ONLY_MOBILE).with("number", number).field("number"));
    }
    let now = tx.now();
    if tx.execute(&ADMIT_AGAIN, params![number, order_id, donor, now])? == 1 {
        return Ok(());
    }
    let (head, tail) = number.split_at(7);
    let org = tx.actor().org.clone();
    let seg = segment(tx, head, &org)?;
    match tx.execute(&ADMIT, params![number, seg, tail, order_id, donor, now])? {
        0 => Err(Problem::new(&problems::NUMBER_TAKEN).with("number", number).field("number")),
        _ => tell(tx, number, &org, "NumberPortInEvent", &json!({"number": number, "donor": donor})),
    }
}

/// The number has gone to another operator: ours is noted as away, a foreign one is not ours to keep.
pub fn port_out(tx: &mut Tx<'_>, number: &str) -> Result<()> {
    let now = tx.now();
    match tx.execute(&OUT, params![number, now])? {
        0 => match tx.query_opt(&GET, params![number])? {
            Some(row) if matches!(row.str(1), "portedOut" | "returned") => Ok(()), // it is away already
            _ => Err(refusal(tx, number, "portOut")),
        },
        _ => noted(tx, number, "NumberPortOutEvent"),
    }
}

/// Takes [`port_out`] back: the product has its number again.
pub fn undo_port_out(tx: &mut Tx<'_>, number: &str, product_id: &str) -> Result<()> {
    let now = tx.now();
    match tx.execute(&UNDO_OUT, params![number, product_id, now])? {
        0 => Err(refusal(tx, number, "undo portOut")),
        _ => Ok(()),
    }
}

/// A foreign number whose line was given up goes back to its home operator. Once is enough.
pub fn return_home(tx: &mut Tx<'_>, number: &str) -> Result<()> {
    let now = tx.now();
    if tx.execute(&HOME, params![number, now])? == 1 {
        return noted(tx, number, "NumberReturnEvent");
    }
    match tx.query_opt(&GET, params![number])? {
        Some(row) if row.str(1) == "returned" => Ok(()),
        _ => Err(refusal(tx, number, "returnHome")),
    }
}

/// One of ours comes back after the other operator's customer gave it up: it rests like any other.
pub fn come_home(tx: &mut Tx<'_>, number: &str) -> Result<()> {
    let (until, now) = (rested(tx, number)?, tx.now());
    match tx.execute(&COME_HOME, params![number, until, now])? {
        0 => Err(refusal(tx, number, "comeHome")),
        _ => noted(tx, number, "NumberReturnEvent"),
    }
}

fn noted(tx: &mut Tx<'_>, number: &str, event: &'static str) -> Result<()> {
    let row = tx.query_one(&GET, params![number])?;
    let org = kernel::OrgPath::parse(row.str(0))?;
    tell(tx, number, &org, event, &json!({"number": number}))
}
