//! Days and limits of order taking: rows with a source, so that a change of a rule is a change of data.

use kernel::{Problem, Result};
use store::{Tx, params, sql};

/// A row of `ordering_setting`.
#[derive(Clone, Copy, Debug)]
pub struct Setting(&'static str);

pub const FREEZE_DAYS: Setting = Setting("transfer.freeze_days");
/// Orders that cost so much at once are audited before they are carried out; 0: none.
pub const AUDIT_FROM: Setting = Setting("audit.from_fen");
pub const BOOKING_RETRY: Setting = Setting("booking.retry_seconds");

sql! {
    FIND = "SELECT value FROM ordering_setting WHERE name = $1";
}

impl Setting {
    pub fn number(self, tx: &mut Tx<'_>) -> Result<i64> {
        let row = tx.query_opt(&FIND, params![self.0])?;
        row.map(|r| r.int(0)).ok_or_else(|| Problem::internal(format!("ordering setting {} is missing", self.0)))
    }
}
