//! Figures of the interchange: rows with a source.

use kernel::{Problem, Result};
use store::{Tx, params, sql};

#[derive(Clone, Copy, Debug)]
pub struct Setting(&'static str);

pub const MAX_ATTEMPTS: Setting = Setting("back.max_attempts");
pub const RETRY_SECONDS: Setting = Setting("back.retry_seconds");
pub const RECONCILE_HOUR: Setting = Setting("reconcile.hour");

sql! {
    FIND = "SELECT value FROM interchange_setting WHERE name = $1";
}

impl Setting {
    pub fn get(self, tx: &mut Tx<'_>) -> Result<i64> {
        let row = tx.query_opt(&FIND, params![self.0])?;
        row.map(|r| r.int(0)).ok_or_else(|| Problem::internal(format!("interchange setting {} is missing", self.0)))
    }
}
