//! Which plan rates a product, from when to when, and who shares with whom. What was recorded stays: an end is written
//! beside it, and what is taken back becomes void.

use crate::{derive, plan::versions, problems};
use kernel::{Cycle, OrgPath, Problem, Result, Timestamp};
use std::collections::BTreeSet;
use store::{Row, Tx, params, sql};

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Assignment {
    pub id: String,
    pub product_id: String,
    /// The product that brought it: the line itself, or an option on it.
    pub source: String,
    pub offering_id: String,
    pub plan_id: String,
    pub plan_version: i64,
    pub from: Timestamp,
    pub to: Option<Timestamp>,
}

/// A plan for a product.
#[derive(Clone, Debug)]
pub struct Assign<'a> {
    pub product_id: &'a str,
    pub source: &'a str,
    pub org: &'a OrgPath,
    pub offering_id: &'a str,
    pub version: Option<i64>,
    /// The bundle it was sold in, which may say what is included.
    pub bundle: Option<(&'a str, Option<i64>)>,
    pub from: Timestamp,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Share {
    pub group_id: String,
    pub product_id: String,
    pub from: Timestamp,
    pub to: Option<Timestamp>,
}

/// Products that can be rated together.
pub const MOST_SHARING: usize = 500;

sql! {
    INSERT = "INSERT INTO rate_assignment (id, org, product_id, source, offering_id, offering_version, plan_id, plan_version, from_at, \
              recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    OPEN_OF = "SELECT id, product_id, source, offering_id, plan_id, plan_version, from_at, to_at FROM rate_assignment \
               WHERE product_id = $1 AND source = $2 AND to_at IS NULL AND voided_at IS NULL {for_update}";
    OPEN_BY = "SELECT id, product_id, source, offering_id, plan_id, plan_version, from_at, to_at FROM rate_assignment \
               WHERE source = $1 AND to_at IS NULL AND voided_at IS NULL ORDER BY id {for_update}";
    OPEN_ON = "SELECT id, product_id, source, offering_id, plan_id, plan_version, from_at, to_at FROM rate_assignment \
               WHERE product_id = $1 AND to_at IS NULL AND voided_at IS NULL ORDER BY id {for_update}";
    BY_ID = "SELECT id, product_id, source, offering_id, plan_id, plan_version, from_at, to_at FROM rate_assignment WHERE id = $1";
    AGAIN = "INSERT INTO rate_assignment (id, org, product_id, source, offering_id, offering_version, plan_id, plan_version, from_at, \
             recorded_at) SELECT $1, org, product_id, source, offering_id, offering_version, plan_id, plan_version, $3, $4 \
             FROM rate_assignment WHERE id = $2";
    OF_PRODUCT = "SELECT id, product_id, source, offering_id, plan_id, plan_version, from_at, to_at FROM rate_assignment \
                  WHERE product_id = $1 AND from_at < $3 AND (to_at IS NULL OR to_at > $2) AND voided_at IS NULL ORDER BY from_at, id";
    END = "UPDATE rate_assignment SET to_at = CASE WHEN from_at > $2 THEN from_at ELSE $2 END, ended_at = $3 \
           WHERE id = $1 AND to_at IS NULL";
    REOPEN = "UPDATE rate_assignment SET to_at = NULL, ended_at = NULL WHERE id = $1 AND voided_at IS NULL";
    VOID = "UPDATE rate_assignment SET voided_at = $2 WHERE id = $1";
    JOIN = "INSERT INTO rate_share (id, org, group_id, product_id, from_at, recorded_at) VALUES ($1, $2, $3, $4, $5, $6) \
            ON CONFLICT DO NOTHING";
    OPEN_SHARE = "SELECT id FROM rate_share WHERE group_id = $1 AND product_id = $2 AND to_at IS NULL AND voided_at IS NULL";
    LEAVE = "UPDATE rate_share SET to_at = CASE WHEN from_at > $2 THEN from_at ELSE $2 END, ended_at = $3 \
             WHERE id = $1 AND to_at IS NULL AND voided_at IS NULL";
    VOID_SHARE = "UPDATE rate_share SET voided_at = $2 WHERE id = $1";
    REJOIN = "UPDATE rate_share SET to_at = NULL, ended_at = NULL WHERE id = $1 AND voided_at IS NULL";
    SHARES_OF = "SELECT group_id, product_id, from_at, to_at FROM rate_share WHERE product_id = $1 AND from_at < $3 \
                 AND (to_at IS NULL OR to_at > $2) AND voided_at IS NULL ORDER BY from_at, id";
    MEMBERS_OF = "SELECT group_id, product_id, from_at, to_at FROM rate_share WHERE group_id = $1 AND from_at < $3 \
                  AND (to_at IS NULL OR to_at > $2) AND voided_at IS NULL ORDER BY from_at, id";
}

fn read(r: &Row) -> Assignment {
    Assignment {
        id: r.text(0),
        product_id: r.text(1),
        source: r.text(2),
        offering_id: r.text(3),
        plan_id: r.text(4),
        plan_version: r.int(5),
        from: r.time(6),
        to: r.opt_time(7),
    }
}

fn read_share(r: &Row) -> Share {
    Share { group_id: r.text(0), product_id: r.text(1), from: r.time(2), to: r.opt_time(3) }
}

/// The offering's plan rates the product from `from` on; what the same source brought before ends then. `None` where the
/// offering has nothing that is metered.
pub fn assign(tx: &mut Tx<'_>, new: &Assign<'_>) -> Result<Option<String>> {
    if let Some(held) = tx.query_opt(&OPEN_OF, params![new.product_id, new.source])? {
        end(tx, held.str(0), new.from)?;
    }
    let Some((plan_id, version)) = derive::plan_of(tx, new)? else { return Ok(None) };
    assign_plan(tx, new, &plan_id, version).map(Some)
}

/// The same with a plan that is named.
pub fn assign_plan(tx: &mut Tx<'_>, new: &Assign<'_>, plan_id: &str, version: i64) -> Result<String> {
    versions::plan(tx, plan_id, version)?;
    let id = tx.new_id::<Assignment>().into_string();
    let from = unbilled(tx, new.product_id, new.from)?;
    let binds = params![
        id,
        new.org,
        new.product_id,
        new.source,
        new.offering_id,
        new.version,
        plan_id,
        version,
        from,
        tx.now()
    ];
    tx.execute(&INSERT, binds)?;
    Ok(id)
}

/// Ends one assignment; returns it, for [`reassign`].
pub fn end(tx: &mut Tx<'_>, id: &str, at: Timestamp) -> Result<Option<String>> {
    let now = tx.now();
    let Some(row) = tx.query_opt(&BY_ID, params![id])? else { return Ok(None) };
    let at = unbilled(tx, row.str(1), at)?;
    Ok((tx.execute(&END, params![id, at, now])? == 1).then(|| id.to_owned()))
}

/// What was billed stays as it was billed: a change that reaches into closed cycles begins with the first open one.
fn unbilled(tx: &mut Tx<'_>, product_id: &str, at: Timestamp) -> Result<Timestamp> {
    if at >= tx.now() {
        return Ok(at);
    }
    let day = usage::service_of(tx, product_id)?.map_or(1, |s| s.cycle_day);
    let (mut cycle, mut moved) = (Cycle::containing(at.date(), day), at);
    while usage::is_closed(tx, cycle)? {
        cycle = cycle.next();
        moved = cycle.first().start();
    }
    Ok(moved)
}

/// What a source brought ends; returns the assignments, for [`reassign`].
pub fn unassign(tx: &mut Tx<'_>, source: &str, at: Timestamp) -> Result<Vec<String>> {
    ended(tx, &OPEN_BY, source, at)
}

/// All that rates a product ends, whoever brought it; returns the assignments, for [`reassign`].
pub fn unassign_all(tx: &mut Tx<'_>, product_id: &str, at: Timestamp) -> Result<Vec<String>> {
    ended(tx, &OPEN_ON, product_id, at)
}

fn ended(tx: &mut Tx<'_>, of: &'static store::Sql, key: &str, at: Timestamp) -> Result<Vec<String>> {
    let held: Vec<String> = tx.query(of, params![key])?.iter().map(|r| r.text(0)).collect();
    held.iter().try_for_each(|id| end(tx, id, at).map(drop))?;
    Ok(held)
}

/// The inverse of an end. Where cycles have been billed since, it goes on with the first open one.
pub fn reassign(tx: &mut Tx<'_>, ids: &[String]) -> Result<()> {
    for id in ids {
        let Some(row) = tx.query_opt(&BY_ID, params![id])? else { continue };
        let held = read(&row);
        let Some(to) = held.to else { continue };
        let again = unbilled(tx, &held.product_id, to)?;
        if again == to {
            tx.execute(&REOPEN, params![id])?;
        } else {
            let (new, now) = (tx.new_id::<Assignment>().into_string(), tx.now());
            tx.execute(&AGAIN, params![new, id, again, now])?;
        }
    }
    Ok(())
}

/// The inverse of [`assign`]: it never was. What of it has been billed stays.
pub fn void(tx: &mut Tx<'_>, ids: &[String]) -> Result<()> {
    let now = tx.now();
    for id in ids {
        let Some(row) = tx.query_opt(&BY_ID, params![id])? else { continue };
        let held = read(&row);
        let open = unbilled(tx, &held.product_id, held.from)?;
        if open == held.from {
            tx.execute(&VOID, params![id, now])?;
        } else {
            tx.execute(&END, params![id, open, now])?;
        }
    }
    Ok(())
}

/// What rates a product now.
pub fn open_on(tx: &mut Tx<'_>, product_id: &str) -> Result<Vec<Assignment>> {
    Ok(tx.query(&OPEN_ON, params![product_id])?.iter().map(read).collect())
}

/// What a source has brought, wherever it rates.
pub fn brought_by(tx: &mut Tx<'_>, source: &str) -> Result<Vec<Assignment>> {
    Ok(tx.query(&OPEN_BY, params![source])?.iter().map(read).collect())
}

/// What rated a product between two moments.
pub fn of_product(tx: &mut Tx<'_>, product_id: &str, from: Timestamp, to: Timestamp) -> Result<Vec<Assignment>> {
    Ok(tx.query(&OF_PRODUCT, params![product_id, from, to])?.iter().map(read).collect())
}

/// From `at` on the product shares the allowances of the group. Returns what [`void_shares`] takes back.
///
/// Fails where the cycles of those who share begin on different days, or too many share.
pub fn share_join(tx: &mut Tx<'_>, group_id: &str, product_id: &str, at: Timestamp) -> Result<Option<String>> {
    let mine = usage::service_of(tx, product_id)?;
    let members: Vec<Share> = tx
        .query(&MEMBERS_OF, params![group_id, at, Timestamp::from_micros(i64::MAX)])?
        .iter()
        .map(read_share)
        .collect();
    if members.len() >= MOST_SHARING {
        return Err(Problem::new(&problems::SHARE_MANY).with("limit", &MOST_SHARING.to_string()));
    }
    if let (Some(mine), Some(other)) = (&mine, members.iter().find(|m| m.product_id != product_id))
        && let Some(theirs) = usage::service_of(tx, &other.product_id)?
        && theirs.cycle_day != mine.cycle_day
    {
        let (mine, others) = (mine.cycle_day.to_string(), theirs.cycle_day.to_string());
        return Err(Problem::new(&problems::SHARE_CYCLE).with("mine", &mine).with("others", &others));
    }
    let (id, now) = (tx.new_id::<Share>().into_string(), tx.now());
    let org = mine.map_or_else(|| tx.actor().org.as_str().to_owned(), |m| m.org);
    let made = tx.execute(&JOIN, params![id, org, group_id, product_id, at, now])?;
    Ok((made == 1).then_some(id))
}

/// From `at` on it shares no more. Returns what [`rejoin`] takes back.
pub fn share_leave(tx: &mut Tx<'_>, group_id: &str, product_id: &str, at: Timestamp) -> Result<Option<String>> {
    let Some(row) = tx.query_opt(&OPEN_SHARE, params![group_id, product_id])? else { return Ok(None) };
    let (id, now) = (row.text(0), tx.now());
    tx.execute(&LEAVE, params![id, at, now])?;
    Ok(Some(id))
}

/// It never joined.
pub fn void_shares(tx: &mut Tx<'_>, ids: &[String]) -> Result<()> {
    let now = tx.now();
    ids.iter().try_for_each(|id| tx.execute(&VOID_SHARE, params![id, now]).map(drop))
}

/// It never left.
pub fn rejoin(tx: &mut Tx<'_>, ids: &[String]) -> Result<()> {
    ids.iter().try_for_each(|id| tx.execute(&REJOIN, params![id]).map(drop))
}

/// The products that share in a group at a moment.
pub fn members(tx: &mut Tx<'_>, group_id: &str, at: Timestamp) -> Result<Vec<String>> {
    let rows = tx.query(&MEMBERS_OF, params![group_id, at, Timestamp::from_micros(i64::MAX)])?;
    Ok(rows.iter().map(|r| r.text(1)).collect())
}

/// Every group that a product shares with now.
pub fn groups_of(tx: &mut Tx<'_>, product_id: &str, at: Timestamp) -> Result<Vec<String>> {
    let rows = tx.query(&SHARES_OF, params![product_id, at, Timestamp::from_micros(i64::MAX)])?;
    Ok(rows.iter().map(|r| r.text(0)).collect())
}

/// All products that have to be rated with this one in a stretch of time, this one first; and how they share.
pub fn together(
    tx: &mut Tx<'_>,
    product_id: &str,
    from: Timestamp,
    to: Timestamp,
) -> Result<(Vec<String>, Vec<Share>)> {
    let mut products = vec![product_id.to_owned()];
    let mut groups: BTreeSet<String> = BTreeSet::new();
    let mut shares: Vec<Share> = Vec::new();
    let mut next = 0;
    while let Some(product) = products.get(next).cloned() {
        next += 1;
        for row in tx.query(&SHARES_OF, params![product, from, to])? {
            if !groups.insert(row.text(0)) {
                continue;
            }
            for member in tx.query(&MEMBERS_OF, params![row.str(0), from, to])?.iter().map(read_share) {
                if !products.contains(&member.product_id) {
                    products.push(member.product_id.clone());
                }
                shares.push(member);
            }
        }
        if products.len() > MOST_SHARING {
            return Err(Problem::new(&problems::SHARE_MANY).with("limit", &MOST_SHARING.to_string()));
        }
    }
    Ok((products, shares))
}
