//! The one way in which usage is read: for rating, for the detail of a number, for checks.

use crate::{Record, ServiceKey, block};
use kernel::{Cycle, Date, Result};
use store::{Tx, params, sql};

sql! {
    // The order of the tables matters: first the few runs of the cycle, then each one's blocks by their index.
    READ = "SELECT b.body, b.checksum FROM usage_run r CROSS JOIN usage_block b \
            WHERE r.cycle = $1 AND r.state = 'live' AND b.run = r.id AND b.last_key >= $2 AND b.first_key <= $3";
}

/// Services whose keys lie closer than this are read together: they lie in the same blocks.
const NEAR: i64 = 1_000;

/// A cycle as it stands in the tables: its first day, 20261101.
pub(crate) fn number(cycle: Cycle) -> i64 {
    let first = cycle.first();
    i64::from(first.year()) * 10_000 + i64::from(first.month()) * 100 + i64::from(first.day())
}

/// The inverse of [`number`].
pub(crate) fn cycle_of(number: i64) -> Result<Cycle> {
    Date::parse(&number.to_string()).map(Cycle::starting)
}

/// The records that count in `cycle`, ordered by service, time and id; each id once, and without what was taken back.
/// Records that came after their own cycle was closed are among them, marked late, with their true time.
pub fn records(tx: &mut Tx<'_>, services: &[ServiceKey], cycle: Cycle) -> Result<Vec<Record>> {
    let mut keys: Vec<i64> = services.iter().map(|s| s.0).collect();
    keys.sort_unstable();
    keys.dedup();
    let mut found = raw(tx, &keys, number(cycle))?;
    settle(&mut found);
    Ok(found)
}

/// Everything that lies in the blocks for these services, which are in order.
pub(crate) fn raw(tx: &mut Tx<'_>, keys: &[i64], cycle: i64) -> Result<Vec<Record>> {
    let mut found = Vec::new();
    for near in keys.chunk_by(|a, b| b - a < NEAR) {
        let (Some(first), Some(last)) = (near.first(), near.last()) else { continue };
        tx.each(&READ, params![cycle, *first, *last], |row| {
            let store::Value::Blob(body) = row.value(0) else { return Ok(()) };
            block::unpack(body, row.int(1), |key| near.binary_search(&key).is_ok(), |r| found.push(r))
        })?;
    }
    Ok(found)
}

/// Sorts, keeps each id once, and drops what was taken back together with its mark.
pub(crate) fn settle(records: &mut Vec<Record>) {
    records.sort_by(|a, b| (a.service, &a.id, a.at).cmp(&(b.service, &b.id, b.at)));
    let mut kept: Vec<Record> = Vec::with_capacity(records.len());
    for same in records.chunk_by(|a, b| a.service == b.service && a.id == b.id) {
        if !same.iter().any(|r| r.removed) {
            kept.extend(same.first().cloned());
        }
    }
    kept.sort_by(|a, b| (a.service, a.at, &a.id).cmp(&(b.service, b.at, &b.id)));
    *records = kept;
}
