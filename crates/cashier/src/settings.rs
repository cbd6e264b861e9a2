//! Limits and days: rows with a source.

use kernel::{Problem, Result};
use store::{Tx, params, sql};

sql! {
    FIND = "SELECT value FROM cashier_setting WHERE name = $1";
}

#[derive(Clone, Copy)]
pub struct Setting(&'static str);

pub const WATCH_DAYS: Setting = Setting("audit.watch_days");
pub const TWO_PERSONS: Setting = Setting("cash.two_persons");
pub const EVENING_HOUR: Setting = Setting("cash.evening_hour");
pub const MAX_WRONG: Setting = Setting("recharge.max_wrong");
pub const CARDS_MAX: Setting = Setting("recharge.batch_max");
pub const ITEMS_MAX: Setting = Setting("collection.batch_max");
pub const ANSWER_DAYS: Setting = Setting("collection.answer_days");

impl Setting {
    pub fn number(self, tx: &mut Tx<'_>) -> Result<i64> {
        let row = tx.query_opt(&FIND, params![self.0])?;
        row.map(|r| r.int(0)).ok_or_else(|| Problem::internal(format!("cashier setting {} is missing", self.0)))
    }
}
