//! Days and limits of unit accounts: rows with a source.

use kernel::{Money, Problem, Result};
use store::{Tx, params, sql};

/// A row of `unit_setting`.
#[derive(Clone, Copy, Debug)]
pub struct Setting(&'static str);

pub const REPLACE_DAYS: Setting = Setting("loss.replace_days");
pub const TRIES: Setting = Setting("password.tries");
pub const LOCK_MINUTES: Setting = Setting("password.lock_minutes");
pub const MOST_ROWS: Setting = Setting("batch.most_rows");
pub const MOST_FEN: Setting = Setting("amount.most_fen");

sql! {
    FIND = "SELECT value FROM unit_setting WHERE name = $1";
}

impl Setting {
    pub fn number(self, tx: &mut Tx<'_>) -> Result<i64> {
        let row = tx.query_opt(&FIND, params![self.0])?;
        row.map(|r| r.int(0)).ok_or_else(|| Problem::internal(format!("unit setting {} is missing", self.0)))
    }
    pub fn money(self, tx: &mut Tx<'_>) -> Result<Money> {
        self.number(tx).map(Money::fen)
    }
}
