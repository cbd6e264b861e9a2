//! Limits as rows with a source.

use crate::problems;
use kernel::{Problem, Result, Timestamp};
use serde_json::{Value, json};
use store::{Tx, params, sql};

#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting(&'static str);

pub(crate) const RETENTION_MONTHS: Setting = Setting("retention.months");
pub(crate) const FUTURE_MINUTES: Setting = Setting("future.minutes");

sql! {
    FIND = "SELECT value FROM usage_setting WHERE name = $1";
    ALL = "SELECT name, value, minimum, maximum, zh, en, source FROM usage_setting ORDER BY name";
    LIMITS = "SELECT minimum, maximum, zh, en, source FROM usage_setting WHERE name = $1 {for_update}";
    SET = "UPDATE usage_setting SET value = $2 WHERE name = $1";
}

impl Setting {
    pub fn get(self, tx: &mut Tx<'_>) -> Result<i64> {
        let row = tx.query_opt(&FIND, params![self.0])?;
        row.map(|r| r.int(0)).ok_or_else(|| Problem::internal(format!("usage setting {} is missing", self.0)))
    }
}

/// The beginning of the month before which nothing is kept, and nothing is taken in.
pub(crate) fn oldest_kept(tx: &mut Tx<'_>) -> Result<Timestamp> {
    let months = i32::try_from(RETENTION_MONTHS.get(tx)?).unwrap_or(i32::MAX);
    Ok(tx.now().date().first_of_month().plus_months(-months).start())
}

pub(crate) fn all(tx: &mut Tx<'_>) -> Result<Vec<Value>> {
    let one = |r: &store::Row| {
        json!({
            "name": r.str(0), "value": r.int(1), "minimum": r.int(2), "maximum": r.int(3),
            "title": {"zh-CN": r.str(4), "en": r.str(5)}, "source": r.str(6),
        })
    };
    Ok(tx.query(&ALL, params![])?.iter().map(one).collect())
}

/// Changes a limit, within what the law and good sense allow.
pub(crate) fn set(tx: &mut Tx<'_>, name: &str, value: i64) -> Result<()> {
    let row = tx.query_one(&LIMITS, params![name])?;
    let (minimum, maximum) = (row.int(0), row.int(1));
    let title = format!("{} ({})", row.str(2), row.str(3));
    if value < minimum {
        return Err(Problem::new(&problems::BELOW_MINIMUM)
            .field("value")
            .with("name", &title)
            .with("minimum", &minimum.to_string())
            .with("source", row.str(4)));
    }
    if value > maximum {
        let problem = Problem::new(&problems::ABOVE_MAXIMUM).field("value").with("name", &title);
        return Err(problem.with("maximum", &maximum.to_string()));
    }
    tx.execute(&SET, params![name, value])?;
    let org = tx.actor().org.clone();
    tx.audit("usage.setting", "usageSetting", name, &org, &json!({"name": name, "value": value}))
}
