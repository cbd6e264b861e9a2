//! A number that its product gives up for another.

use super::{Change, refusal, rested};
use kernel::Result;
use store::{Tx, params, sql};

sql! {
    RETIRE = "UPDATE number_pool SET state = 'quarantine', order_id = NULL, product_id = NULL, customer_id = NULL, kept_until = NULL, back = NULL, \
              until = CASE WHEN origin IS NULL THEN CAST($2 AS BIGINT) END, updated_at = $3 WHERE number = $1 AND state = 'reserved'";
    GIVE_UP = "UPDATE number_pool SET state = 'quarantine', product_id = NULL, until = CASE WHEN origin IS NULL THEN CAST($3 AS BIGINT) END, updated_at = $4 \
               WHERE number = $1 AND product_id = $2 AND state IN ('inUse', 'suspended') RETURNING order_id";
    TAKE = "UPDATE number_pool SET state = 'inUse', product_id = $2, updated_at = $3 WHERE number = $1 AND state = 'reserved'";
    TAKE_BACK = "UPDATE number_pool SET state = 'inUse', product_id = $2, until = NULL, updated_at = $3 \
                 WHERE number = $1 AND state = 'quarantine' AND product_id IS NULL";
    PUT_BACK = "UPDATE number_pool SET state = 'reserved', product_id = NULL, updated_at = $3 WHERE number = $1 AND product_id = $2 AND state = 'inUse'";
}

/// Sends a reserved number that was in use before into its quarantine.
pub fn retire(tx: &mut Tx<'_>, number: &str) -> Result<()> {
    let (until, now) = (rested(tx, number)?, tx.now());
    tx.execute(&RETIRE, params![number, until, now]).map(drop)
}

/// The product goes from one number to another: the old one rests, the reserved new one is in use.
pub fn swap(tx: &mut Tx<'_>, old: &str, new: &str, product_id: &str) -> Result<()> {
    let (until, now) = (rested(tx, old)?, tx.now());
    if tx.query_opt(&GIVE_UP, params![old, product_id, until, now])?.is_none() {
        return Err(refusal(tx, old, Change::Release.text()));
    }
    match tx.execute(&TAKE, params![new, product_id, now])? {
        0 => Err(refusal(tx, new, Change::Assign.text())),
        _ => Ok(()),
    }
}

/// Takes [`swap`] back: the old number has been resting since, so nobody else can have it.
pub fn unswap(tx: &mut Tx<'_>, old: &str, new: &str, product_id: &str) -> Result<()> {
    let now = tx.now();
    tx.execute(&PUT_BACK, params![new, product_id, now])?;
    match tx.execute(&TAKE_BACK, params![old, product_id, now])? {
        0 => Err(refusal(tx, old, Change::Assign.text())),
        _ => Ok(()),
    }
}
