//! Why a product is suspended (停机锁): the customer asked for it, lost the card, owes money, broke the rules. Each reason is a
//! lock of its own, set and taken off by its own business; the product works again only when none is left.
//!
//! A lock stops what goes out (单停) or everything (双停); a product is stopped as far as its strictest lock says.

use crate::problems;
use kernel::{Problem, Result, Timestamp};
use serde::Serialize;
use store::{Tx, params, sql};

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Reason {
    /// 客户报停.
    Customer,
    /// 挂失.
    Loss,
    /// 欠费停.
    Arrears,
    /// 违规停.
    Violation,
    /// 未实名停.
    RealName,
}

impl Reason {
    pub const ALL: [Self; 5] = [Self::Customer, Self::Loss, Self::Arrears, Self::Violation, Self::RealName];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Loss => "loss",
            Self::Arrears => "arrears",
            Self::Violation => "violation",
            Self::RealName => "realName",
        }
    }
    pub const fn titles(self) -> (&'static str, &'static str) {
        match self {
            Self::Customer => ("客户报停", "Suspended at the customer's wish"),
            Self::Loss => ("挂失", "Reported lost"),
            Self::Arrears => ("欠费停机", "Suspended for arrears"),
            Self::Violation => ("违规停机", "Suspended for a violation"),
            Self::RealName => ("未实名停机", "Suspended for want of real-name registration"),
        }
    }
    pub fn parse(text: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|r| r.name() == text);
        found.ok_or_else(|| Problem::new(&problems::SUSPENSION_REASON).with("value", text))
    }
}

/// How far a reason stops a product, the mildest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Level {
    /// 单停: nothing goes out, calls and messages come in.
    OneWay,
    /// 双停.
    TwoWay,
}

impl Level {
    pub const ALL: [Self; 2] = [Self::OneWay, Self::TwoWay];

    pub const fn name(self) -> &'static str {
        match self {
            Self::OneWay => "oneWay",
            Self::TwoWay => "twoWay",
        }
    }
    pub const fn titles(self) -> (&'static str, &'static str) {
        match self {
            Self::OneWay => ("单停（呼出限制）", "Outgoing barred"),
            Self::TwoWay => ("双停", "Barred both ways"),
        }
    }
    pub fn parse(text: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|l| l.name() == text);
        found.ok_or_else(|| Problem::invalid("level", "oneWay | twoWay"))
    }
}

/// A reason that stands.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Lock {
    pub reason: Reason,
    pub level: Level,
    pub order_id: String,
    pub since: Timestamp,
}

sql! {
    ADD = "INSERT INTO product_suspension (product_id, reason, order_id, org, at, level) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    LEVEL = "UPDATE product_suspension SET level = $3 WHERE product_id = $1 AND reason = $2";
    HELD = "SELECT level FROM product_suspension WHERE product_id = $1 AND reason = $2 {for_update}";
    REMOVE = "DELETE FROM product_suspension WHERE product_id = $1 AND reason = $2";
    CLEAR = "DELETE FROM product_suspension WHERE product_id = $1";
    OF = "SELECT reason, order_id, at, level FROM product_suspension WHERE product_id = $1 ORDER BY at, reason";
}

/// Sets a lock, or the level of one that stands; returns the level it had before.
pub fn set(tx: &mut Tx<'_>, product_id: &str, reason: Reason, level: Level, order_id: &str) -> Result<Option<Level>> {
    let org = super::get(tx, product_id)?.org;
    let now = tx.now();
    if tx.execute(&ADD, params![product_id, reason.name(), order_id, org, now, level.name()])? == 1 {
        return Ok(None);
    }
    let before = held(tx, product_id, reason)?;
    tx.execute(&LEVEL, params![product_id, reason.name(), level.name()])?;
    Ok(before)
}

fn held(tx: &mut Tx<'_>, product_id: &str, reason: Reason) -> Result<Option<Level>> {
    let row = tx.query_opt(&HELD, params![product_id, reason.name()])?;
    row.map(|r| Level::parse(r.str(0))).transpose()
}

/// Takes a lock off; returns the level it had, none where it was not there.
pub fn remove(tx: &mut Tx<'_>, product_id: &str, reason: Reason) -> Result<Option<Level>> {
    let before = held(tx, product_id, reason)?;
    tx.execute(&REMOVE, params![product_id, reason.name()])?;
    Ok(before)
}

/// A product that is gone is locked by nothing.
pub fn clear(tx: &mut Tx<'_>, product_id: &str) -> Result<()> {
    tx.execute(&CLEAR, params![product_id]).map(drop)
}

/// The locks of a product, the oldest first.
pub fn of(tx: &mut Tx<'_>, product_id: &str) -> Result<Vec<Lock>> {
    let rows = tx.query(&OF, params![product_id])?;
    rows.iter()
        .map(|r| {
            let (reason, level) = (Reason::parse(r.str(0))?, Level::parse(r.str(3))?);
            Ok(Lock { reason, level, order_id: r.text(1), since: r.time(2) })
        })
        .collect()
}

/// How far these locks stop a product; `two_way` where it has only one direction (a broadband line has no calls that come in).
pub fn strictest(locks: &[Lock], two_way: bool) -> Option<Level> {
    let level = locks.iter().map(|l| l.level).max();
    level.map(|l| if two_way { Level::TwoWay } else { l })
}
