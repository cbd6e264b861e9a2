//! Days, limits and rates of billing: rows with a source, so that a change of a rule is a change of data.

use kernel::{Money, Problem, Result};
use store::{Tx, params, sql};

/// A row of `billing_setting`.
#[derive(Clone, Copy, Debug)]
pub struct Setting(&'static str);

pub const DIVISOR: Setting = Setting("proration.divisor");
pub const DUE_DAYS: Setting = Setting("bill.due_days");
pub const MAX_PAYMENT: Setting = Setting("payment.max_fen");
pub const MAX_FLOAT: Setting = Setting("shift.max_float_fen");
pub const MAX_ATTEMPTS: Setting = Setting("collaboration.max_attempts");
pub const RETRY_SECONDS: Setting = Setting("collaboration.retry_seconds");
pub const ASK_SECONDS: Setting = Setting("collaboration.ask_seconds");
pub const SUSPENSION_MONTHLY: Setting = Setting("suspension.monthly_fen");
pub const SUSPENSION_MONTHS: Setting = Setting("suspension.months_a_year");
pub const SUSPENSION_DAYS: Setting = Setting("suspension.days_a_year");
pub const FREEZE_FROM: Setting = Setting("bill_run.freeze_from_day");
pub const FREEZE_DAYS: Setting = Setting("bill_run.freeze_days");
pub const QUOTE_SECONDS: Setting = Setting("pricing.quote_seconds");
pub const RUN_HOUR: Setting = Setting("bill_run.hour");
pub const RUN_AUTO: Setting = Setting("bill_run.auto");
pub const RUN_BATCH: Setting = Setting("bill_run.batch");
pub const ALERT_FACTOR: Setting = Setting("alert.factor");
pub const ALERT_MONTHS: Setting = Setting("alert.months");
pub const ALERT_LEAST: Setting = Setting("alert.least_fen");
pub const MAX_PERCENT: Setting = Setting("discount.max_percent");
pub const LATE_PERMILLE: Setting = Setting("late_fee.permille_a_day");
pub const LATE_CAP: Setting = Setting("late_fee.cap_percent");
pub const CHANGE_UNIT: Setting = Setting("payment.change_unit_fen");
pub const MISTAKE_HOURS: Setting = Setting("payment.mistake_hours");
pub const REFUND_DIRECT: Setting = Setting("refund.direct_fen");
pub const BOOK_REMIND: Setting = Setting("book.remind_days");

sql! {
    FIND = "SELECT value FROM billing_setting WHERE name = $1";
}

impl Setting {
    pub fn number(self, tx: &mut Tx<'_>) -> Result<i64> {
        let row = tx.query_opt(&FIND, params![self.0])?;
        row.map(|r| r.int(0)).ok_or_else(|| Problem::internal(format!("billing setting {} is missing", self.0)))
    }
    pub fn money(self, tx: &mut Tx<'_>) -> Result<Money> {
        self.number(tx).map(Money::fen)
    }
}
