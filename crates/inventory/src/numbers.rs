//! The pool of telephone numbers: searched by pattern, locked for minutes while a sale goes on, reserved by an order,
//! in use, and after release kept back for a time.
//!
//! Every change of a number's state is one conditional update on its row that names the state it comes from, so that of
//! two clerks, or two orders, only one gets it on either engine.

mod class;
mod pattern;
mod routes;
mod state;

pub use class::{Terms, terms};
pub use pattern::Pattern;
pub(crate) use routes::routes;
pub use state::{Change, NumberState};

use crate::problems;
use kernel::{Actor, OrgPath, Problem, Result, Timestamp};
use pattern::Shape;
use store::{Filter, Row, Tx, Value, params, sql};

/// A number as a clerk sees it in a search.
#[derive(Clone, Debug)]
pub struct Number {
    pub number: String,
    pub class: String,
    pub state: NumberState,
    pub org: OrgPath,
}

#[derive(Clone, Debug)]
pub struct Lock {
    pub number: String,
    pub token: String,
    pub until: Timestamp,
}

sql! {
    GET = "SELECT org, state, lock_token, until, order_id, product_id FROM number_pool WHERE number = $1 {for_update}";
    LOCK = "UPDATE number_pool SET state = 'locked', lock_token = $2, locked_by = $3, until = $4, updated_at = $5 \
            WHERE number = $1 AND (state = 'available' OR (state = 'locked' AND until <= $5))";
    UNLOCK = "UPDATE number_pool SET state = 'available', lock_token = NULL, locked_by = NULL, until = NULL, updated_at = $3 \
              WHERE number = $1 AND state = 'locked' AND locked_by = $2";
    RESERVE_LOCKED = "UPDATE number_pool SET state = 'reserved', lock_token = NULL, until = NULL, order_id = $3, updated_at = $4 \
                      WHERE number = $1 AND state = 'locked' AND lock_token = $2 AND until > $4";
    RESERVE_FREE = "UPDATE number_pool SET state = 'reserved', lock_token = NULL, until = NULL, order_id = $2, updated_at = $3 \
                    WHERE number = $1 AND (state = 'available' OR (state = 'locked' AND until <= $3))";
    ASSIGN = "UPDATE number_pool SET state = 'inUse', product_id = $2, updated_at = $3 WHERE number = $1 AND state = 'reserved'";
    FREE = "UPDATE number_pool SET state = 'available', lock_token = NULL, locked_by = NULL, order_id = NULL, product_id = NULL, until = NULL, updated_at = $2 \
            WHERE number = $1 AND state = 'reserved'";
    QUARANTINE = "UPDATE number_pool SET state = 'quarantine', order_id = NULL, product_id = NULL, until = $2, updated_at = $3 \
                  WHERE number = $1 AND state IN ('inUse', 'suspended')";
    TURN = "UPDATE number_pool SET state = $3, updated_at = $4 WHERE number = $1 AND state = $2";
    EXPIRED = "UPDATE number_pool SET state = 'available', lock_token = NULL, locked_by = NULL, until = NULL, updated_at = $1 \
               WHERE until IS NOT NULL AND until <= $1 AND state IN ('locked', 'quarantine')";
    SETTING = "SELECT value FROM inventory_setting WHERE name = $1";
}

/// Numbers for sale that match, at most `limit`: those of the actor's area and of the places above it.
pub fn search(tx: &mut Tx<'_>, pattern: &Pattern, class: &str, limit: i64) -> Result<Vec<Number>> {
    let mut filter = Filter::default();
    filter.and("state = 'available'".to_owned());
    if !class.is_empty() {
        filter.equal("class", class);
    }
    offered(&mut filter, tx.actor());
    let order = pattern.restrict(&mut filter);
    let limit = filter.bind(limit);
    let text = format!(
        "SELECT number, class, state, org FROM number_pool{} ORDER BY {order} LIMIT {limit}",
        filter.to_where()
    );
    tx.query(&text, &filter.binds)?.iter().map(read).collect()
}

/// A hall sells its city's numbers: those of a place above the actor, or within its scope.
fn offered(filter: &mut Filter, actor: &Actor) {
    if actor.scope.is_root() {
        return;
    }
    let (own, (from, to)) = (filter.bind(actor.scope.as_str()), actor.scope.below());
    let (from, to) = (filter.bind(from), filter.bind(to));
    let mut above = Vec::new();
    let mut place = actor.org.parent();
    while let Some(org) = place {
        above.push(filter.bind(org.as_str()));
        place = org.parent();
    }
    let above = if above.is_empty() { String::new() } else { format!(" OR org IN ({})", above.join(", ")) };
    filter.and(format!("(org = {own} OR (org >= {from} AND org < {to}){above})"));
}

fn sellable_by(actor: &Actor, org: &OrgPath) -> bool {
    actor.sees(org.as_str()) || org.contains(&actor.org)
}

fn read(row: &Row) -> Result<Number> {
    Ok(Number {
        number: row.text(0),
        class: row.text(1),
        state: NumberState::parse(row.str(2))?,
        org: OrgPath::parse(row.str(3))?,
    })
}

fn setting(tx: &mut Tx<'_>, name: &str) -> Result<i64> {
    Ok(tx.query_one(&SETTING, params![name])?.int(0))
}

/// Why a conditional update found nothing to change.
fn refusal(tx: &mut Tx<'_>, number: &str, action: &str) -> Problem {
    let row = match tx.query_opt(&GET, params![number]) {
        Err(problem) => return problem,
        Ok(row) => row,
    };
    match row {
        None => Problem::new(&problems::NUMBER_UNKNOWN).with("number", number),
        Some(row) if matches!(action, "lock" | "reserve") && row.str(1) != "available" => {
            Problem::new(&problems::NUMBER_TAKEN).with("number", number)
        }
        Some(row) => Problem::new(&problems::NUMBER_STATE)
            .with("number", number)
            .with("state", row.str(1))
            .with("action", action),
    }
    .field("number")
}

/// Keeps a free number for one clerk for some minutes.
pub fn lock(tx: &mut Tx<'_>, number: &str) -> Result<Lock> {
    let row = tx.query_opt(&GET, params![number])?;
    let org = row.map(|r| OrgPath::parse(r.str(0))).transpose()?;
    if !org.is_some_and(|org| sellable_by(tx.actor(), &org)) {
        return Err(Problem::new(&problems::NUMBER_UNKNOWN).with("number", number));
    }
    let now = tx.now();
    let until = now.plus_seconds(setting(tx, "number.lock_seconds")?);
    let token = tx.env().random_hex(16);
    let by = tx.actor().id.to_string();
    match tx.execute(&LOCK, params![number, token, by, until, now])? {
        0 => Err(refusal(tx, number, "lock")),
        _ => Ok(Lock { number: number.to_owned(), token, until }),
    }
}

/// Gives one's own lock back. A number that is not locked by the actor any more is left alone.
pub fn unlock(tx: &mut Tx<'_>, number: &str) -> Result<()> {
    let (by, now) = (tx.actor().id.to_string(), tx.now());
    tx.execute(&UNLOCK, params![number, by, now]).map(drop)
}

/// Reserves a number for an order: the locked one by its token, which is thereby used up, or a free one directly.
pub fn reserve(tx: &mut Tx<'_>, number: &str, lock_token: Option<&str>, order_id: &str) -> Result<()> {
    let now = tx.now();
    let done = match lock_token {
        Some(token) => tx.execute(&RESERVE_LOCKED, params![number, token, order_id, now])?,
        None => tx.execute(&RESERVE_FREE, params![number, order_id, now])?,
    };
    if done == 1 {
        return Ok(());
    }
    let row = tx.query_opt(&GET, params![number])?;
    let code = match (row, lock_token) {
        (Some(row), Some(token)) if row.opt_text(2).as_deref() == Some(token) => &problems::LOCK_EXPIRED,
        (Some(row), Some(_)) if row.str(1) == "available" => &problems::LOCK_EXPIRED,
        (Some(row), Some(_)) if row.str(1) == "locked" => &problems::LOCK_FOREIGN,
        _ => return Err(refusal(tx, number, "reserve")),
    };
    Err(Problem::new(code).with("number", number).field("number"))
}

/// The reserved number starts to serve a product.
pub fn assign(tx: &mut Tx<'_>, number: &str, product_id: &str) -> Result<()> {
    let now = tx.now();
    match tx.execute(&ASSIGN, params![number, product_id, now])? {
        0 => Err(refusal(tx, number, "assign")),
        _ => Ok(()),
    }
}

/// Gives a number back: at once when it was only reserved, after its quarantine when it was in use. Nothing happens to a
/// number that serves nobody.
pub fn release(tx: &mut Tx<'_>, number: &str) -> Result<()> {
    let now = tx.now();
    if tx.execute(&FREE, params![number, now])? == 1 {
        return Ok(());
    }
    let until = now.plus_seconds(setting(tx, "number.quarantine_days")? * 86_400);
    tx.execute(&QUARANTINE, params![number, until, now]).map(drop)
}

/// Takes back an assignment that is compensated: the customer never had the number, so it needs no quarantine.
pub fn unassign(tx: &mut Tx<'_>, number: &str) -> Result<()> {
    let now = tx.now();
    tx.execute(&TURN, params![number, "inUse", "reserved", now]).map(drop)
}

pub fn suspend(tx: &mut Tx<'_>, number: &str) -> Result<()> {
    turn(tx, number, Change::Suspend)
}

pub fn resume(tx: &mut Tx<'_>, number: &str) -> Result<()> {
    turn(tx, number, Change::Resume)
}

fn turn(tx: &mut Tx<'_>, number: &str, change: Change) -> Result<()> {
    let row = tx.query_opt(&GET, params![number])?;
    let Some(row) = row else { return Err(refusal(tx, number, change.text())) };
    let from = NumberState::parse(row.str(1))?;
    let to = from.after(change).ok_or_else(|| {
        let problem = Problem::new(&problems::NUMBER_STATE).with("number", number);
        problem.with("state", from.text()).with("action", change.text())
    })?;
    let now = tx.now();
    match tx.execute(&TURN, params![number, from.text(), to.text(), now])? {
        0 => Err(refusal(tx, number, change.text())),
        _ => Ok(()),
    }
}

/// Frees numbers whose lock or quarantine is over; returns how many. Nothing depends on its punctuality: an expired lock
/// is no lock already.
pub fn expire(tx: &mut Tx<'_>) -> Result<u64> {
    let now = tx.now();
    tx.execute(&EXPIRED, params![now])
}

/// Adds the numbers `from ..= to` to the pool of `org`; those that are there already stay as they are. Returns how many
/// are new.
pub fn add_range(tx: &mut Tx<'_>, from: &str, to: &str, org: &OrgPath) -> Result<u64> {
    const MOST: u64 = 1_000_000;
    let invalid = || Problem::new(&problems::RANGE_INVALID).with("value", &format!("{from}-{to}"));
    let digits = |s: &str| (3..=18).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit());
    if !digits(from) || !digits(to) || from.len() != to.len() {
        return Err(invalid());
    }
    let (first, last) = (from.parse::<u64>().map_err(|_| invalid())?, to.parse::<u64>().map_err(|_| invalid())?);
    if first > last || last - first >= MOST {
        return Err(invalid());
    }
    let classes = class::load(tx)?;
    let (width, now) = (from.len(), tx.now());
    let mut values: Vec<Value> = Vec::with_capacity(9 * (last - first + 1) as usize);
    for n in first..=last {
        let number = format!("{n:0width$}");
        let shape = Shape::of(&number);
        let reversed: String = number.chars().rev().collect();
        let class = class::of(&classes, &number);
        values.extend_from_slice(params![
            number,
            org,
            class,
            "available",
            reversed,
            i64::from(shape.same),
            i64::from(shape.run),
            shape.name,
            now
        ]);
    }
    let into = "number_pool (number, org, class, state, reversed, tail_same, tail_run, tail_shape, updated_at)";
    tx.insert_rows(into, 9, &values, "ON CONFLICT DO NOTHING")
}
