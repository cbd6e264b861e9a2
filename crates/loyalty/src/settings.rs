//! Rates, days and limits of points: rows with a source.

use kernel::{Problem, Result};
use serde_json::{Value, json};
use store::{Event, Tx, params, sql};

/// A row of `loyalty_setting`.
#[derive(Clone, Copy, Debug)]
pub struct Setting(&'static str);

pub const AUTOMATIC: Setting = Setting("enrol.automatic");
pub const POINTS_PER_YUAN: Setting = Setting("pay.points_per_yuan");
pub const LEAST_POINTS: Setting = Setting("pay.least_points");
pub const YEARS: Setting = Setting("expiry.years");
pub const REMIND_DAYS: Setting = Setting("expiry.remind_days");
pub const MAY_OWE: Setting = Setting("takeback.may_owe");
pub const ADJUST_MOST: Setting = Setting("adjust.most_points");

sql! {
    FIND = "SELECT value FROM loyalty_setting WHERE name = $1";
    ALL = "SELECT name, value, least, most, source, note, note_en FROM loyalty_setting ORDER BY name";
    LIMITS = "SELECT least, most FROM loyalty_setting WHERE name = $1 {for_update}";
    SET = "UPDATE loyalty_setting SET value = $2 WHERE name = $1";
}

impl Setting {
    pub fn number(self, tx: &mut Tx<'_>) -> Result<i64> {
        let row = tx.query_opt(&FIND, params![self.0])?;
        row.map(|r| r.int(0)).ok_or_else(|| Problem::internal(format!("points setting {} is missing", self.0)))
    }
    pub fn is_on(self, tx: &mut Tx<'_>) -> Result<bool> {
        Ok(self.number(tx)? != 0)
    }
}

pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Value>> {
    let row = |r: &store::Row| {
        json!({
            "name": r.str(0), "value": r.int(1), "least": r.int(2), "most": r.int(3), "source": r.str(4),
            "note": {"zh-CN": r.str(5), "en": r.str(6)},
        })
    };
    Ok(tx.query(&ALL, params![])?.iter().map(row).collect())
}

pub fn set(tx: &mut Tx<'_>, name: &str, value: i64) -> Result<()> {
    let row = tx.query_one(&LIMITS, params![name])?;
    let (least, most) = (row.int(0), row.int(1));
    if value < least || value > most {
        return Err(Problem::invalid("value", &format!("{least}–{most}")));
    }
    tx.execute(&SET, params![name, value])?;
    let org = tx.actor().org.clone();
    tx.emit(Event::new("LoyaltySettingChangeEvent", "loyaltySetting", name, 1, &org).audit(json!({"value": value})))
}
