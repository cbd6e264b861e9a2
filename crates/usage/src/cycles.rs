//! Cycles are closed by the bill run. From that commit on nothing gets into them: intake touches the cycle's row under the
//! condition that it is open, in the transaction that writes the records.

use crate::read::number;
use kernel::{Cycle, Result, Timestamp};
use store::{Tx, params, sql};

sql! {
    CLOSE = "INSERT INTO usage_cycle (cycle, intakes, closed_at) VALUES ($1, 0, $2) \
             ON CONFLICT (cycle) DO UPDATE SET closed_at = COALESCE(usage_cycle.closed_at, excluded.closed_at)";
    CLOSED = "SELECT closed_at FROM usage_cycle WHERE cycle = $1";
    ENTER = "INSERT INTO usage_cycle (cycle, intakes) VALUES ($1, 1) \
             ON CONFLICT (cycle) DO UPDATE SET intakes = usage_cycle.intakes + 1 WHERE usage_cycle.closed_at IS NULL";
}

/// Closes a cycle for usage, for good; again without effect. Usage of it that arrives later counts in the next open one.
pub fn close_cycle(tx: &mut Tx<'_>, cycle: Cycle) -> Result<()> {
    tx.execute(&CLOSE, params![number(cycle), tx.now()]).map(drop)
}

pub fn is_closed(tx: &mut Tx<'_>, cycle: Cycle) -> Result<bool> {
    closed_at(tx, cycle).map(|at| at.is_some())
}

pub fn closed_at(tx: &mut Tx<'_>, cycle: Cycle) -> Result<Option<Timestamp>> {
    Ok(tx.query_opt(&CLOSED, params![number(cycle)])?.and_then(|r| r.opt_time(0)))
}

/// Keeps the cycle open until this transaction ends, and everybody else from taking usage into it; false where it is
/// closed.
pub(crate) fn enter(tx: &mut Tx<'_>, cycle: Cycle) -> Result<bool> {
    Ok(tx.execute(&ENTER, params![number(cycle)])? == 1)
}
