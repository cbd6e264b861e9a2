//! What moved between the three places of the money: written once with its ledger transaction, never changed.

use crate::{member::Member, problems, settings, unit::Unit};
use kernel::{Date, Money, Problem, Result, Timestamp};
use serde::Serialize;
use std::collections::BTreeMap;
use store::{Filter, Row, Tx, params, sql};

/// A movement to be written. The amount is positive towards the member, negative away from it; for the unit's own funds
/// positive into the unit account.
#[derive(Clone, Copy, Debug, Default)]
pub struct New<'a> {
    /// `fund`, `withdraw`, `allocate`, `collect`, `load`, `unload`, `spend`, `settle`, `reverse`, `replace`, `repair`.
    pub kind: &'static str,
    pub amount: Money,
    pub txn: &'a str,
    pub reference: &'a str,
    pub batch: Option<&'a str>,
    pub place: &'a str,
    pub note: &'a str,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Movement {
    pub id: String,
    pub at: Timestamp,
    pub kind: String,
    pub member_id: Option<String>,
    pub identifier: Option<String>,
    pub member_name: Option<String>,
    pub group_name: Option<String>,
    #[serde(rename = "amountFen")]
    pub amount: Money,
    #[serde(rename = "unitAfterFen")]
    pub unit_after: Money,
    #[serde(rename = "memberAfterFen")]
    pub member_after: Money,
    pub reference: String,
    pub batch_id: Option<String>,
    pub place: String,
    pub note: String,
    pub operator: String,
}

sql! {
    INSERT = "INSERT INTO unit_movement (id, unit_id, member_id, group_id, org, at, day, kind, amount_fen, unit_after_fen, \
              member_after_fen, txn_id, reference, batch_id, place, note, operator, operator_name) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";
}

/// Above zero and within the limit of one movement.
pub fn believable(tx: &mut Tx<'_>, amount: Money) -> Result<()> {
    let most = settings::MOST_FEN.money(tx)?;
    if amount > Money::ZERO && amount <= most {
        return Ok(());
    }
    Err(Problem::new(&problems::AMOUNT).field("amountFen").with("value", &format!("{amount} (≤ {most})")))
}

pub fn write(tx: &mut Tx<'_>, unit: &Unit, member: Option<&Member>, new: &New<'_>) -> Result<String> {
    let id = tx.new_id::<Movement>().into_string();
    let unit_after = unit.balance(tx)?;
    let member_after = match member {
        Some(member) => member.held(tx)?.total()?,
        None => Money::ZERO,
    };
    let (now, actor) = (tx.now(), tx.actor().clone());
    tx.execute(
        &INSERT,
        params![
            id,
            unit.id,
            member.map(|m| m.id.as_str()),
            member.and_then(|m| m.group_id.as_deref()),
            unit.org,
            now,
            now.date().to_string(),
            new.kind,
            new.amount,
            unit_after,
            member_after,
            new.txn,
            new.reference,
            new.batch,
            new.place,
            new.note,
            &*actor.id,
            &*actor.name
        ],
    )?;
    Ok(id)
}

/// Which movements are asked for.
#[derive(Clone, Debug)]
pub struct Which {
    pub member: String,
    pub group: String,
    /// Kinds, separated by commas; empty for all.
    pub kinds: String,
    pub from: Date,
    pub until: Date,
}

/// Movements of a unit, newest first, how many there are, and their sums in and out.
pub fn list(
    tx: &mut Tx<'_>,
    unit_id: &str,
    which: &Which,
    paging: http::Paging,
) -> Result<(Vec<Movement>, i64, (Money, Money))> {
    let mut filter = Filter::default();
    filter.equal("v.unit_id", unit_id);
    let (from, until) = (filter.bind(which.from.to_string()), filter.bind(which.until.to_string()));
    filter.and(format!("v.day >= {from} AND v.day <= {until}"));
    if !which.member.is_empty() {
        filter.equal("v.member_id", which.member.as_str());
    }
    if !which.group.is_empty() {
        filter.equal("v.group_id", which.group.as_str());
    }
    let kinds: Vec<String> = which.kinds.split(',').filter(|k| !k.is_empty()).map(|k| filter.bind(k)).collect();
    if !kinds.is_empty() {
        filter.and(format!("v.kind IN ({})", kinds.join(", ")));
    }
    let place = filter.to_where();
    let sums = tx.query_one(
        &format!(
            "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN v.amount_fen > 0 THEN v.amount_fen ELSE 0 END), 0) AS BIGINT), \
             CAST(COALESCE(SUM(CASE WHEN v.amount_fen < 0 THEN v.amount_fen ELSE 0 END), 0) AS BIGINT) FROM unit_movement v{place}"
        ),
        &filter.binds,
    )?;
    let (limit, offset) = (filter.bind(paging.limit), filter.bind(paging.offset));
    let text = format!(
        "SELECT v.id, v.at, v.kind, v.member_id, m.identifier, m.name, g.name, v.amount_fen, v.unit_after_fen, v.member_after_fen, \
         v.reference, v.batch_id, v.place, v.note, v.operator_name FROM unit_movement v LEFT JOIN unit_member m ON m.id = v.member_id \
         LEFT JOIN unit_group g ON g.id = v.group_id{place} ORDER BY v.id DESC LIMIT {limit} OFFSET {offset}"
    );
    let one = |r: &Row| Movement {
        id: r.text(0),
        at: r.time(1),
        kind: r.text(2),
        member_id: r.opt_text(3),
        identifier: r.opt_text(4),
        member_name: r.opt_text(5),
        group_name: r.opt_text(6),
        amount: r.money(7),
        unit_after: r.money(8),
        member_after: r.money(9),
        reference: r.text(10),
        batch_id: r.opt_text(11),
        place: r.text(12),
        note: r.text(13),
        operator: r.text(14),
    };
    let rows = tx.query(&text, &filter.binds)?;
    Ok((rows.iter().map(one).collect(), sums.int(0), (sums.money(1), sums.money(2))))
}

sql! {
    WHOSE = "SELECT v.txn_id, m.identifier, m.name FROM unit_movement v JOIN unit_member m ON m.id = v.member_id \
             WHERE v.unit_id = $1 AND v.day >= $2 AND v.day <= $3";
}

/// Whose movement a ledger transaction was: number and name by transaction, between two days.
pub fn whose(tx: &mut Tx<'_>, unit_id: &str, days: (Date, Date)) -> Result<BTreeMap<String, (String, String)>> {
    let rows = tx.query(&WHOSE, params![unit_id, days.0.to_string(), days.1.to_string()])?;
    Ok(rows.iter().map(|r| (r.text(0), (r.text(1), r.text(2)))).collect())
}
