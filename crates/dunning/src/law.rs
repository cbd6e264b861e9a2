//! What the law allows, as rows: looked up for the place of an account, the kindest to customers of those that hold there.

use kernel::{OrgPath, Problem, Result};
use serde::Serialize;
use store::{Row, Tx, params, sql};

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    pub name: String,
    pub org: String,
    pub value: i64,
    pub zh: String,
    pub en: String,
    pub source: String,
}

/// The rules that hold at one place.
#[derive(Clone, Debug)]
pub struct Law {
    /// Days after the due date before service may be suspended.
    pub suspend: Rule,
    /// Days after the suspension before service may be ended.
    pub terminate: Rule,
    /// Hours within which service returns after full payment.
    pub restore: Rule,
    pub remind: Rule,
    pub temporary: Rule,
}

sql! {
    ALL = "SELECT name, org, value, zh, en, source FROM dunning_law ORDER BY name, org";
}

fn read(row: &Row) -> Rule {
    Rule {
        name: row.text(0),
        org: row.text(1),
        value: row.int(2),
        zh: row.text(3),
        en: row.text(4),
        source: row.text(5),
    }
}

pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Rule>> {
    Ok(tx.query(&ALL, params![])?.iter().map(read).collect())
}

/// The law as rows, to be asked for many places.
pub struct Book(Vec<Rule>);

impl Book {
    pub fn open(tx: &mut Tx<'_>) -> Result<Self> {
        all(tx).map(Self)
    }
    pub fn at(&self, org: &OrgPath) -> Result<Law> {
        let here = |rule: &&Rule| OrgPath::parse(&rule.org).is_ok_and(|place| place.contains(org));
        let of = |name: &str, longest: bool| {
            let rows = self.0.iter().filter(|r| r.name == name).filter(here);
            let best = if longest { rows.max_by_key(|r| r.value) } else { rows.min_by_key(|r| r.value) };
            best.cloned().ok_or_else(|| Problem::internal(format!("the rule {name} is missing")))
        };
        Ok(Law {
            suspend: of("suspend_days", true)?,
            terminate: of("terminate_days", true)?,
            restore: of("restore_hours", false)?,
            remind: of("remind_first", true)?,
            temporary: of("temporary_credit_days", false)?,
        })
    }
}

sql! {
    SETTING = "SELECT value FROM dunning_setting WHERE name = $1";
}

/// A figure of the house.
pub fn setting(tx: &mut Tx<'_>, name: &str) -> Result<i64> {
    let row = tx.query_opt(&SETTING, params![name])?;
    row.map(|r| r.int(0)).ok_or_else(|| Problem::internal(format!("dunning setting {name} is missing")))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub fn book() -> Book {
        let rule = |name: &str, org: &str, value| Rule {
            name: name.into(),
            org: org.into(),
            value,
            zh: String::new(),
            en: String::new(),
            source: String::new(),
        };
        Book(vec![
            rule("suspend_days", "/cn", 30),
            rule("terminate_days", "/cn", 60),
            rule("restore_hours", "/cn", 48),
            rule("restore_hours", "/cn/41", 24),
            rule("remind_first", "/cn", 1),
            rule("temporary_credit_days", "/cn", 7),
        ])
    }

    #[test]
    fn a_province_may_be_stricter_and_only_there() {
        let at = |org: &str| book().at(&OrgPath::parse(org).unwrap()).unwrap().restore.value;
        assert_eq!((at("/cn/41/4101/h1"), at("/cn/44/4401")), (24, 48));
    }
}
