//! A number kept for one clerk for some minutes, so that the customer can think about it.

use super::{GET, refusal, sellable_by, setting};
use crate::problems;
use kernel::{OrgPath, Problem, Result, Timestamp};
use store::{Tx, params, sql};

#[derive(Clone, Debug)]
pub struct Lock {
    pub number: String,
    pub token: String,
    pub until: Timestamp,
}

sql! {
    /// A number kept for a customer is locked for that customer only, and falls back to being kept.
    LOCK = "UPDATE number_pool SET state = 'locked', lock_token = $2, locked_by = $3, until = $4, updated_at = $5 \
            WHERE number = $1 AND (state = 'available' \
            OR (state = 'locked' AND until <= $5 AND (kept_until IS NULL OR kept_until <= $5 OR customer_id = $6)) \
            OR (state = 'reserved' AND order_id IS NULL AND (kept_until <= $5 OR customer_id = $6)))";
    HELD = "SELECT COUNT(*) FROM number_pool WHERE until IS NOT NULL AND until > $2 AND locked_by = $1 AND state = 'locked'";
    UNLOCK = "UPDATE number_pool SET lock_token = NULL, locked_by = NULL, until = NULL, updated_at = $3, \
              state = CASE WHEN kept_until > $3 THEN 'reserved' ELSE 'available' END, \
              customer_id = CASE WHEN kept_until > $3 THEN customer_id END, kept_until = CASE WHEN kept_until > $3 THEN kept_until END \
              WHERE number = $1 AND state = 'locked' AND locked_by = $2";
    EXPIRED = "UPDATE number_pool SET lock_token = NULL, locked_by = NULL, until = NULL, updated_at = $1, \
               state = CASE WHEN kept_until > $1 THEN 'reserved' ELSE 'available' END, \
               customer_id = CASE WHEN kept_until > $1 THEN customer_id END, kept_until = CASE WHEN kept_until > $1 THEN kept_until END \
               WHERE until IS NOT NULL AND until <= $1 AND state IN ('locked', 'quarantine')";
}

/// Keeps a free number for one clerk for some minutes.
pub fn lock(tx: &mut Tx<'_>, number: &str) -> Result<Lock> {
    lock_for(tx, number, None)
}

/// Like [`lock`]; a number that is kept for this customer can be had too.
pub fn lock_for(tx: &mut Tx<'_>, number: &str, customer_id: Option<&str>) -> Result<Lock> {
    let row = tx.query_opt(&GET, params![number])?;
    let org = row.map(|r| OrgPath::parse(r.str(0))).transpose()?;
    if !org.is_some_and(|org| sellable_by(tx.actor(), &org)) {
        return Err(Problem::new(&problems::NUMBER_UNKNOWN).with("number", number));
    }
    let now = tx.now();
    let by = tx.actor().id.to_string();
    let most = setting(tx, "number.lock_most")?;
    if tx.query_one(&HELD, params![by, now])?.int(0) >= most {
        return Err(Problem::new(&problems::LOCKS_MANY).with("most", &most.to_string()));
    }
    let until = now.plus_seconds(setting(tx, "number.lock_seconds")?);
    let token = tx.env().random_hex(16);
    match tx.execute(&LOCK, params![number, token, by, until, now, customer_id])? {
        0 => Err(refusal(tx, number, "lock")),
        _ => Ok(Lock { number: number.to_owned(), token, until }),
    }
}

/// Gives one's own lock back. A number that is not locked by the actor any more is left alone.
pub fn unlock(tx: &mut Tx<'_>, number: &str) -> Result<()> {
    let (by, now) = (tx.actor().id.to_string(), tx.now());
    tx.execute(&UNLOCK, params![number, by, now]).map(drop)
}

pub(super) fn expire(tx: &mut Tx<'_>) -> Result<u64> {
    let now = tx.now();
    tx.execute(&EXPIRED, params![now])
}
