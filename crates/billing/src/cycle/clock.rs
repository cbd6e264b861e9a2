//! When runs start by themselves: from the set hour of the day after a cycle's end.
//!
//! Only the cycles are made that end after this system began to make bills; what ended before was billed elsewhere. A clock that jumps over several ends starts all of them, the oldest first.

use super::run;
use kernel::{Cycle, Date, Result};
use store::{Tx, params, sql};

sql! {
    NEWEST = "SELECT MAX(cycle) FROM bill_run WHERE cycle LIKE $1";
    DAYS = "SELECT DISTINCT day FROM account_cycle";
}

/// At most so many at once, should the clock be wrong by years.
const MOST: usize = 24;

/// The cycles whose run should have been started, the oldest first.
pub fn due(tx: &mut Tx<'_>) -> Result<Vec<Cycle>> {
    let Some(hour) = run::hour(tx)? else { return Ok(Vec::new()) };
    let now = tx.now();
    let Some(since) = tx.migrated_at("billing", 6)?.map(|at| at.date()) else { return Ok(Vec::new()) };
    let mut days: Vec<i64> = tx.query(&DAYS, &[])?.iter().map(|r| r.int(0)).collect();
    days.push(1);
    days.sort_unstable();
    days.dedup();
    let mut due = Vec::new();
    for day in days {
        let day = i8::try_from(day).unwrap_or(1);
        let newest = tx.query_one(&NEWEST, params![format!("%-{day:02}")])?.opt_text(0);
        let mut cycle = match newest {
            Some(first) => Cycle::starting(Date::parse(&first)?).next(),
            None => Cycle::containing(since, day),
        };
        let ended = |c: Cycle| {
            let end = c.next().first();
            end < now.date() || (end == now.date() && now.hour() >= hour)
        };
        while ended(cycle) && due.len() < MOST {
            due.push(cycle);
            cycle = cycle.next();
        }
    }
    due.sort_unstable();
    Ok(due)
}
