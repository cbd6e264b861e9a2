//! The rules' figures, reasons and prohibitions: rows with a source.

use crate::problems;
use kernel::{OrgPath, Problem, Result};
use serde::Serialize;
use serde_json::{Value, json};
use store::{Tx, params, sql};

#[derive(Clone, Copy, Debug)]
pub struct Setting(&'static str);

pub const CODE_MINUTES: Setting = Setting("code.minutes");
pub const DAYS_BETWEEN: Setting = Setting("port.days_between");
pub const CODES_A_DAY: Setting = Setting("code.per_day");
pub const CONFIRM_MINUTES: Setting = Setting("confirm.minutes");
pub const DONOR_MINUTES: Setting = Setting("donor.minutes");
pub const POLL_SECONDS: Setting = Setting("poll.seconds");
pub const GRACE_SECONDS: Setting = Setting("effective.grace_seconds");

sql! {
    FIND = "SELECT value FROM portability_setting WHERE name = $1";
    ALL = "SELECT name, value, min_value, max_value, zh, en, source FROM portability_setting ORDER BY name";
    RANGE = "SELECT value, min_value, max_value FROM portability_setting WHERE name = $1 {for_update}";
    SET = "UPDATE portability_setting SET value = $2, source = $3, updated_at = $4 WHERE name = $1";
    REASONS = "SELECT code, zh, en, zh_help, en_help, source FROM portability_reason ORDER BY rank";
    PROHIBITIONS = "SELECT code, zh, en, kept_by, source, COALESCE(kept_by_en, kept_by) FROM portability_prohibition ORDER BY code";
    OPERATORS = "SELECT code, zh, en, own FROM portability_operator ORDER BY code";
    OWN = "SELECT code FROM portability_operator WHERE own = 1";
    OPERATOR = "SELECT zh, en FROM portability_operator WHERE code = $1";
}

impl Setting {
    pub fn get(self, tx: &mut Tx<'_>) -> Result<i64> {
        let row = tx.query_opt(&FIND, params![self.0])?;
        row.map(|r| r.int(0)).ok_or_else(|| Problem::internal(format!("portability setting {} is missing", self.0)))
    }
}

/// Changes a figure within what the law leaves open.
pub fn set(tx: &mut Tx<'_>, name: &str, value: i64, source: &str) -> Result<()> {
    let row = tx.query_one(&RANGE, params![name])?;
    let (before, min, max) = (row.int(0), row.int(1), row.int(2));
    if !(min..=max).contains(&value) || source.trim().is_empty() {
        let problem = Problem::new(&problems::SETTING_RANGE).field("value");
        return Err(problem.with("min", &min.to_string()).with("max", &max.to_string()));
    }
    tx.execute(&SET, params![name, value, source, tx.now()])?;
    let detail = json!({"from": before, "to": value, "source": source});
    tx.audit("portability.setting", "portability", name, &OrgPath::root(), &detail)
}

/// Figures, reasons, prohibitions and operators, for the page.
pub fn rules(tx: &mut Tx<'_>) -> Result<Value> {
    let settings: Vec<Value> = tx.query(&ALL, params![])?.iter().map(|r| json!({
        "name": r.str(0), "value": r.int(1), "min": r.int(2), "max": r.int(3), "zh": r.str(4), "en": r.str(5), "source": r.str(6),
    })).collect();
    let reasons: Vec<Value> = tx.query(&REASONS, params![])?.iter().map(|r| json!({
        "code": r.str(0), "zh": r.str(1), "en": r.str(2), "zhHelp": r.str(3), "enHelp": r.str(4), "source": r.str(5),
    })).collect();
    let prohibitions: Vec<Value> = tx
        .query(&PROHIBITIONS, params![])?
        .iter()
        .map(|r| {
            json!({
                "code": r.str(0), "zh": r.str(1), "en": r.str(2), "keptBy": r.str(3), "keptByEn": r.str(5), "source": r.str(4),
            })
        })
        .collect();
    let operators: Vec<Value> = tx
        .query(&OPERATORS, params![])?
        .iter()
        .map(|r| {
            json!({
                "code": r.str(0), "zh": r.str(1), "en": r.str(2), "own": r.flag(3),
            })
        })
        .collect();
    Ok(json!({"settings": settings, "reasons": reasons, "prohibitions": prohibitions, "operators": operators}))
}

/// Our own code at the central system.
pub fn own(tx: &mut Tx<'_>) -> Result<String> {
    Ok(tx.query_one(&OWN, params![])?.text(0))
}

/// An operator's name in Chinese and English; its code where nobody named it.
pub fn operator(tx: &mut Tx<'_>, code: &str) -> Result<(String, String)> {
    let row = tx.query_opt(&OPERATOR, params![code])?;
    Ok(row.map_or_else(|| (code.to_owned(), code.to_owned()), |r| (r.text(0), r.text(1))))
}

/// One reason with its values filled in.
#[derive(Clone, Debug, PartialEq, Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reason {
    pub code: String,
    pub zh: String,
    pub en: String,
    #[serde(default)]
    pub zh_help: String,
    #[serde(default)]
    pub en_help: String,
    #[serde(default)]
    pub source: String,
}

/// The texts of all reasons, read once for a check.
pub struct Reasons(Vec<Reason>);

impl Reasons {
    pub fn load(tx: &mut Tx<'_>) -> Result<Self> {
        let rows = tx.query(&REASONS, params![])?;
        let read = |r: &store::Row| Reason {
            code: r.text(0),
            zh: r.text(1),
            en: r.text(2),
            zh_help: r.text(3),
            en_help: r.text(4),
            source: r.text(5),
        };
        Ok(Self(rows.iter().map(read).collect()))
    }
    /// The reason with its values, each in Chinese and in English.
    pub fn fill(&self, code: &str, values: &[(&str, &str, &str)]) -> Reason {
        let mut reason = self.0.iter().find(|r| r.code == code).cloned().unwrap_or_else(|| Reason {
            code: code.to_owned(),
            zh: code.to_owned(),
            en: code.to_owned(),
            zh_help: String::new(),
            en_help: String::new(),
            source: String::new(),
        });
        for (name, zh, en) in values {
            let place = format!("{{{name}}}");
            reason.zh = reason.zh.replace(&place, zh);
            reason.en = reason.en.replace(&place, en);
        }
        reason
    }
}

/// The reasons in a line, for a problem's text.
pub fn joined(reasons: &[Reason]) -> String {
    reasons.iter().map(|r| format!("{} / {}", r.zh, r.en)).collect::<Vec<_>>().join("；")
}
