//! Corrections by hand: with a right, a reason and a limit; a wrong one is corrected by another.

use crate::{
    ledger::{self, Kind, Move},
    lots::Lot,
    member::Member,
    problems, settings, spend,
};
use kernel::{Problem, Result};
use store::Tx;

/// Gives (positive) or takes (negative) points.
pub fn adjust(tx: &mut Tx<'_>, member: &Member, points: i64, reason: &str) -> Result<ledger::Written> {
    let most = settings::ADJUST_MOST.number(tx)?;
    if points == 0 || points.unsigned_abs() > most.unsigned_abs() {
        return Err(Problem::new(&problems::AMOUNT).field("points").with("value", &format!("{points} (±{most})")));
    }
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > 300 {
        return Err(Problem::new(&problems::REASON).field("reason"));
    }
    let by = tx.actor().id.to_string();
    if points < 0 {
        return spend::burn(tx, member, -points, Kind::Adjust, ("staff", &by), reason);
    }
    let year = i64::from(tx.now().date().year());
    let back = points.min(ledger::owed(tx, &member.id)?);
    let parts = vec![Lot { year, points: points - back }];
    ledger::post(tx, member, &Move { kind: Kind::Adjust, subject: ("staff", &by), note: reason, parts, owed: back })
}
