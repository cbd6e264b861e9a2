//! How much somebody may take off by hand, and whether an approved request lifts that.

use crate::problems;
use kernel::{Actor, ActorKind, Problem, Result};
use store::{Tx, params, sql};

sql! {
    LIMITS = "SELECT role, max_percent, max_fen_month, source FROM discount_authority ORDER BY max_percent, max_fen_month, role";
    SET = "INSERT INTO discount_authority (role, max_percent, max_fen_month, source) VALUES ($1, $2, $3, $4) \
           ON CONFLICT (role) DO UPDATE SET max_percent = excluded.max_percent, max_fen_month = excluded.max_fen_month, source = excluded.source";
}

/// The limits of one role.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RoleLimit {
    pub role: String,
    pub max_percent: i64,
    pub max_fen_month: i64,
    pub source: String,
}

/// What an actor may take off: per cent of a charge, and fen a month.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Authority {
    pub max_percent: i64,
    pub max_fen_month: i64,
}

pub fn limits(tx: &mut Tx<'_>) -> Result<Vec<RoleLimit>> {
    let limit = |row: &store::Row| RoleLimit {
        role: row.text(0),
        max_percent: row.int(1),
        max_fen_month: row.int(2),
        source: row.text(3),
    };
    Ok(tx.query(&LIMITS, params![])?.iter().map(limit).collect())
}

pub(crate) fn set(tx: &mut Tx<'_>, limit: &RoleLimit) -> Result<()> {
    tx.execute(&SET, params![limit.role, limit.max_percent, limit.max_fen_month, limit.source]).map(drop)
}

/// The most that any of the actor's roles may grant; nothing without a role, everything for the system itself.
pub fn authority(tx: &mut Tx<'_>, actor: &Actor) -> Result<Authority> {
    if actor.kind == ActorKind::System {
        return Ok(Authority { max_percent: 100, max_fen_month: i64::MAX });
    }
    let mut most = Authority { max_percent: 0, max_fen_month: 0 };
    for limit in limits(tx)?.iter().filter(|l| actor.has_role(&l.role)) {
        most.max_percent = most.max_percent.max(limit.max_percent);
        most.max_fen_month = most.max_fen_month.max(limit.max_fen_month);
    }
    Ok(most)
}

/// Fails with `discount.over_authority`, naming the roles that may, where this is more than the actor may grant.
pub(crate) fn within(tx: &mut Tx<'_>, percent: i64, fen_month: i64) -> Result<()> {
    let actor = tx.actor().clone();
    let own = authority(tx, &actor)?;
    if percent <= own.max_percent && fen_month <= own.max_fen_month {
        return Ok(());
    }
    let roles = limits(tx)?;
    let able: Vec<&str> = roles
        .iter()
        .filter(|l| l.max_percent >= percent && l.max_fen_month >= fen_month)
        .map(|l| l.role.as_str())
        .collect();
    let title = |name: &&str, lang: &str| {
        let role = access::roles().iter().find(|r| r.name == **name);
        role.and_then(|r| r.title.get(lang)).cloned().unwrap_or_else(|| (*name).to_owned())
    };
    let named = |lang: &str, none: &str| match able.is_empty() {
        true => none.to_owned(),
        false => able.iter().map(|n| title(n, lang)).collect::<Vec<_>>().join(if lang == "en" { ", " } else { "、" }),
    };
    Err(Problem::new(&problems::OVER_AUTHORITY)
        .with("percent", &own.max_percent.to_string())
        .with("amount", &kernel::Money::fen(own.max_fen_month).to_string())
        .with("who", &named("zh-CN", "无人"))
        .with("english", &named("en", "nobody"))
        .extra("mayGrant", serde_json::json!(able)))
}
