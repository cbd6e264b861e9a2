//! The ledger of points: append only, and every transaction sums to zero.
//!
//! A member's side is kept by the year of earning; the other side is the pool of the programme. What a member owes (points
//! taken back that had been spent already, where the settings allow that) is a side of its own, so that a year never falls
//! below zero. Callers lock the member first. A mistake is corrected by a new transaction.

use crate::{lots::Lot, member::Member, problems};
use kernel::{Problem, Result, Timestamp};
use serde::Serialize;
use serde_json::json;
use store::{Event, Tx, params, sql};

/// The other side of everything: points that nobody has.
const POOL: &str = "pool";
/// Sums stay far from overflow below this.
const LIMIT: i64 = 1_000_000_000_000;

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    Earn,
    TakeBack,
    /// Paid with.
    Burn,
    /// Spent on a gift.
    Redeem,
    /// Given back after a reversal or a cancelled redemption.
    Restore,
    Expire,
    Adjust,
    /// Given up by leaving.
    Forfeit,
}

impl Kind {
    pub const ALL: [Self; 8] = [
        Self::Earn,
        Self::TakeBack,
        Self::Burn,
        Self::Redeem,
        Self::Restore,
        Self::Expire,
        Self::Adjust,
        Self::Forfeit,
    ];
    pub const fn name(self) -> &'static str {
        match self {
            Self::Earn => "earn",
            Self::TakeBack => "takeBack",
            Self::Burn => "burn",
            Self::Redeem => "redeem",
            Self::Restore => "restore",
            Self::Expire => "expire",
            Self::Adjust => "adjust",
            Self::Forfeit => "forfeit",
        }
    }
}

/// A transaction of points to be written: what comes to (or goes from) which year, and what is owed more or less.
#[derive(Debug)]
pub struct Move<'a> {
    pub kind: Kind,
    pub subject: (&'static str, &'a str),
    pub note: &'a str,
    pub parts: Vec<Lot>,
    pub owed: i64,
}

/// What became of it.
#[derive(Clone, Debug)]
pub struct Written {
    pub id: String,
    pub opening: i64,
    pub closing: i64,
}

/// A line of the statement.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    pub id: String,
    pub at: Timestamp,
    pub kind: String,
    pub points: i64,
    pub opening: i64,
    pub closing: i64,
    pub subject_type: String,
    pub subject_id: String,
    pub note: String,
    pub operator: String,
}

sql! {
    TXN = "INSERT INTO points_txn (id, at, day, kind, member_id, customer_id, org, subject_type, subject_id, points, opening, closing, \
           note, operator, operator_name, step) SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, \
           COALESCE(MAX(step), 0) + 1 FROM points_txn WHERE member_id = $5";
    ENTRY = "INSERT INTO points_entry (txn_id, seq, owner, year, points) VALUES ($1, $2, $3, $4, $5)";
    KEEP = "INSERT INTO points_kept (owner, year, points, updated_at) VALUES ($1, $2, $3, $4) \
            ON CONFLICT (owner, year) DO UPDATE SET points = points_kept.points + excluded.points, \
            updated_at = excluded.updated_at RETURNING points";
    LOTS = "SELECT year, points FROM points_kept WHERE owner = $1 AND points <> 0 ORDER BY year";
    PARTS = "SELECT year, points FROM points_entry WHERE txn_id = $1 AND owner = $2 ORDER BY seq";
    OF_MEMBER = "SELECT id, at, kind, points, opening, closing, subject_type, subject_id, note, operator_name FROM points_txn \
                 WHERE member_id = $1 AND ($2 = '' OR kind = $2) AND day >= $3 AND day <= $4 ORDER BY step DESC LIMIT $5 OFFSET $6";
    COUNT = "SELECT COUNT(*) FROM points_txn WHERE member_id = $1 AND ($2 = '' OR kind = $2) AND day >= $3 AND day <= $4";
}

fn owes(member_id: &str) -> String {
    format!("owed:{member_id}")
}

/// What a member has, by year.
pub fn lots(tx: &mut Tx<'_>, member_id: &str) -> Result<Vec<Lot>> {
    let rows = tx.query(&LOTS, params![member_id])?;
    Ok(rows.iter().map(|r| Lot { year: r.int(0), points: r.int(1) }).collect())
}

/// What a member owes, as a positive number.
pub fn owed(tx: &mut Tx<'_>, member_id: &str) -> Result<i64> {
    Ok(-lots(tx, &owes(member_id))?.iter().map(|l| l.points).sum::<i64>())
}

/// What a member has, less what is owed.
pub fn balance(tx: &mut Tx<'_>, member_id: &str) -> Result<i64> {
    let has: i64 = lots(tx, member_id)?.iter().map(|l| l.points).sum();
    Ok(has - owed(tx, member_id)?)
}

/// The parts of an earlier transaction, by year.
pub fn parts_of(tx: &mut Tx<'_>, txn_id: &str, member_id: &str) -> Result<Vec<Lot>> {
    let rows = tx.query(&PARTS, params![txn_id, member_id])?;
    Ok(rows.iter().map(|r| Lot { year: r.int(0), points: r.int(1) }).collect())
}

/// Writes a transaction. Fails where a year would fall below zero.
pub fn post(tx: &mut Tx<'_>, member: &Member, ask: &Move<'_>) -> Result<Written> {
    let too_much = || Problem::new(&problems::AMOUNT).with("value", "overflow");
    let sum = ask.parts.iter().try_fold(ask.owed, |sum, part| sum.checked_add(part.points)).ok_or_else(too_much)?;
    let opening = balance(tx, &member.id)?;
    let closing = opening.checked_add(sum).filter(|c| c.abs() <= LIMIT).ok_or_else(too_much)?;
    let id = tx.new_id::<Line>().into_string();
    let (at, actor) = (tx.now(), tx.actor().clone());
    tx.execute(
        &TXN,
        params![
            id,
            at,
            at.date().to_string(),
            ask.kind.name(),
            member.id,
            member.customer_id,
            member.org,
            ask.subject.0,
            ask.subject.1,
            sum,
            opening,
            closing,
            ask.note,
            &*actor.id,
            &*actor.name
        ],
    )?;
    let owed = owes(&member.id);
    let sides = ask.parts.iter().map(|p| (member.id.as_str(), p.year, p.points));
    let sides = sides.chain([(owed.as_str(), 0, ask.owed), (POOL, 0, -sum)]).filter(|s| s.2 != 0);
    for (seq, (owner, year, points)) in sides.enumerate() {
        tx.execute(&ENTRY, params![id, seq, owner, year, points])?;
        if owner == POOL {
            continue;
        }
        let kept = tx.query_one(&KEEP, params![owner, year, points, at])?.int(0);
        let wrong = if owner == owed { kept > 0 } else { kept < 0 };
        if wrong {
            let available = opening.max(0).to_string();
            return Err(Problem::new(&problems::SHORT)
                .with("available", &available)
                .with("needed", &points.abs().to_string()));
        }
    }
    publish(tx, member, ask, &id, sum, closing)?;
    Ok(Written { id, opening, closing })
}

fn publish(tx: &mut Tx<'_>, member: &Member, ask: &Move<'_>, id: &str, sum: i64, closing: i64) -> Result<()> {
    let name = if sum >= 0 { "LoyaltyEarnCreateEvent" } else { "LoyaltyBurnCreateEvent" };
    let payload = json!({"loyaltyTransaction": {
        "id": id, "kind": ask.kind, "quantity": sum, "closingBalance": closing, "loyaltyProgramMember": {"id": member.id},
    }});
    let topic = member.customer_id.as_ref().map_or_else(String::new, |c| format!("customer:{c}"));
    let event = Event::new(name, "loyaltyTransaction", id, 1, &member.org)
        .topic(topic)
        .payload(payload)
        .audit(json!({"kind": ask.kind, "points": sum, "memberId": member.id, "subject": ask.subject.1}));
    tx.emit(event)
}

/// A member's statement, newest first, and how many lines there are.
pub fn statement(
    tx: &mut Tx<'_>,
    member_id: &str,
    kind: &str,
    days: (&str, &str),
    paging: (i64, i64),
) -> Result<(Vec<Line>, i64)> {
    let line = |r: &store::Row| Line {
        id: r.text(0),
        at: r.time(1),
        kind: r.text(2),
        points: r.int(3),
        opening: r.int(4),
        closing: r.int(5),
        subject_type: r.text(6),
        subject_id: r.text(7),
        note: r.text(8),
        operator: r.text(9),
    };
    let rows = tx.query(&OF_MEMBER, params![member_id, kind, days.0, days.1, paging.1, paging.0])?;
    let count = tx.query_one(&COUNT, params![member_id, kind, days.0, days.1])?.int(0);
    Ok((rows.iter().map(line).collect(), count))
}
