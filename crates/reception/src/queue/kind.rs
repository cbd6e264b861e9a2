//! Kinds of tickets and who goes before others: data, a hall's own before the group's.

use crate::problems;
use kernel::{OrgPath, Problem, Result};
use serde::Serialize;
use store::{Tx, params, sql};

#[derive(Clone, Debug, Serialize)]
pub struct Kind {
    pub code: String,
    pub letter: String,
    pub zh: String,
    pub en: String,
    #[serde(skip)]
    pub minutes: i64,
}

#[derive(Clone, Debug, Serialize)]
pub struct Priority {
    pub code: String,
    pub zh: String,
    pub en: String,
    #[serde(skip)]
    pub minutes: i64,
    #[serde(skip)]
    pub offered: bool,
}

sql! {
    KINDS = "SELECT org, code, letter, zh, en, minutes FROM queue_kind WHERE org = $1 OR org = '/cn' ORDER BY rank, code";
    PRIORITIES = "SELECT code, zh, en, minutes, offered FROM queue_priority ORDER BY minutes DESC, code";
    SETTING = "SELECT value FROM queue_setting WHERE name = $1";
}

/// The kinds of a hall.
pub fn kinds(tx: &mut Tx<'_>, hall: &OrgPath) -> Result<Vec<Kind>> {
    let rows = tx.query(&KINDS, params![hall])?;
    let own = rows.iter().any(|r| r.str(0) == hall.as_str());
    let place = if own { hall.as_str() } else { "/cn" };
    let read =
        |r: &store::Row| Kind { code: r.text(1), letter: r.text(2), zh: r.text(3), en: r.text(4), minutes: r.int(5) };
    Ok(rows.iter().filter(|r| r.str(0) == place).map(read).collect())
}

pub fn kind(tx: &mut Tx<'_>, hall: &OrgPath, code: &str) -> Result<Kind> {
    let found = kinds(tx, hall)?.into_iter().find(|k| k.code == code);
    found.ok_or_else(|| Problem::new(&problems::KIND).with("value", code).field("kind"))
}

pub fn priorities(tx: &mut Tx<'_>) -> Result<Vec<Priority>> {
    let rows = tx.query(&PRIORITIES, params![])?;
    let read = |r: &store::Row| Priority {
        code: r.text(0),
        zh: r.text(1),
        en: r.text(2),
        minutes: r.int(3),
        offered: r.flag(4),
    };
    Ok(rows.iter().map(read).collect())
}

pub fn setting(tx: &mut Tx<'_>, name: &str) -> Result<i64> {
    Ok(tx.query_one(&SETTING, params![name])?.int(0))
}
