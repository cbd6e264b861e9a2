//! Which business asks for what, and the figures: rows with a source.

use crate::problems;
use kernel::{Problem, Result};
use store::{Tx, params, sql};

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Level {
    None,
    /// A valid certificate on record.
    Certificate,
    /// The certificate was shown just now.
    Verification,
}

impl Level {
    pub fn parse(text: &str) -> Result<Self> {
        match text {
            "none" => Ok(Self::None),
            "certificate" => Ok(Self::Certificate),
            "verification" => Ok(Self::Verification),
            _ => Err(Problem::new(&problems::RULE_LEVEL).field("level")),
        }
    }
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Certificate => "certificate",
            Self::Verification => "verification",
        }
    }
}

/// What a business asks for, and which rule says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    pub level: Level,
    pub source: String,
}

impl Requirement {
    /// The customer must have a valid certificate on record.
    pub fn certificate(&self) -> bool {
        self.level >= Level::Certificate
    }
    /// … and somebody must have verified it just now.
    pub fn verification(&self) -> bool {
        self.level == Level::Verification
    }
}

sql! {
    RULE = "SELECT level, source FROM realname_rule WHERE family = $1 AND business = $2";
    ALL_RULES = "SELECT family, business, level, source FROM realname_rule ORDER BY family, business";
    SET_RULE = "INSERT INTO realname_rule (family, business, level, source) VALUES ($1, $2, $3, $4) \
                ON CONFLICT (family, business) DO UPDATE SET level = $3, source = $4";
    SETTING = "SELECT value FROM realname_setting WHERE name = $1";
    ALL_SETTINGS = "SELECT name, value, source FROM realname_setting ORDER BY name";
    SET_SETTING = "UPDATE realname_setting SET value = $2, source = $3 WHERE name = $1";
}

/// What `business` (open, transfer, …) on a product of `family` asks of the customer's name.
pub fn required(tx: &mut Tx<'_>, family: &str, business: &str) -> Result<Requirement> {
    match tx.query_opt(&RULE, params![family, business])? {
        Some(row) => Ok(Requirement { level: Level::parse(row.str(0))?, source: row.text(1) }),
        None => Ok(Requirement { level: Level::None, source: String::new() }),
    }
}

/// How many mobile numbers one certificate may have with us.
pub fn limit(tx: &mut Tx<'_>) -> Result<i64> {
    setting(tx, "cards.per_certificate")
}

pub(crate) fn setting(tx: &mut Tx<'_>, name: &str) -> Result<i64> {
    let row = tx.query_opt(&SETTING, params![name])?;
    row.map(|r| r.int(0)).ok_or_else(|| Problem::internal(format!("real-name setting {name} is missing")))
}

pub(super) struct Rule {
    pub family: String,
    pub business: String,
    pub level: String,
    pub source: String,
}

pub(super) fn all(tx: &mut Tx<'_>) -> Result<Vec<Rule>> {
    let rows = tx.query(&ALL_RULES, params![])?;
    let rule = |r: &store::Row| Rule { family: r.text(0), business: r.text(1), level: r.text(2), source: r.text(3) };
    Ok(rows.iter().map(rule).collect())
}

pub(super) fn set(tx: &mut Tx<'_>, rule: &Rule) -> Result<()> {
    tx.execute(&SET_RULE, params![rule.family, rule.business, rule.level, rule.source]).map(drop)
}

pub(super) fn settings(tx: &mut Tx<'_>) -> Result<Vec<(String, i64, String)>> {
    let rows = tx.query(&ALL_SETTINGS, params![])?;
    Ok(rows.iter().map(|r| (r.text(0), r.int(1), r.text(2))).collect())
}

/// False where there is no such setting.
pub(super) fn set_setting(tx: &mut Tx<'_>, name: &str, value: i64, source: &str) -> Result<bool> {
    Ok(tx.execute(&SET_SETTING, params![name, value, source])? == 1)
}
