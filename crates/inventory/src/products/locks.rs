//! Why a product is suspended (停机锁): the customer asked for it, lost the card, owes money, broke the rules. Each reason is a
//! lock of its own, set and taken off by its own business; the product works again only when none is left.

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

/// A reason that stands.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Lock {
    pub reason: Reason,
    pub order_id: String,
    pub since: Timestamp,
}

sql! {
    ADD = "INSERT INTO product_suspension (product_id, reason, order_id, org, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    REMOVE = "DELETE FROM product_suspension WHERE product_id = $1 AND reason = $2";
    CLEAR = "DELETE FROM product_suspension WHERE product_id = $1";
    OF = "SELECT reason, order_id, at FROM product_suspension WHERE product_id = $1 ORDER BY at, reason";
}

/// Sets a lock; says whether it is new.
pub fn add(tx: &mut Tx<'_>, product_id: &str, reason: Reason, order_id: &str) -> Result<bool> {
    let org = super::get(tx, product_id)?.org;
    let now = tx.now();
    Ok(tx.execute(&ADD, params![product_id, reason.name(), order_id, org, now])? == 1)
}

/// Takes a lock off; says whether it was there.
pub fn remove(tx: &mut Tx<'_>, product_id: &str, reason: Reason) -> Result<bool> {
    Ok(tx.execute(&REMOVE, params![product_id, reason.name()])? == 1)
}

/// A product that is gone is locked by nothing.
pub fn clear(tx: &mut Tx<'_>, product_id: &str) -> Result<()> {
    tx.execute(&CLEAR, params![product_id]).map(drop)
}

/// The locks of a product, the oldest first.
pub fn of(tx: &mut Tx<'_>, product_id: &str) -> Result<Vec<Lock>> {
    let rows = tx.query(&OF, params![product_id])?;
    rows.iter().map(|r| Ok(Lock { reason: Reason::parse(r.str(0))?, order_id: r.text(1), since: r.time(2) })).collect()
}
