//! What the simulator remembers, in tables of its own.

use crate::adapter::Verb;
use kernel::{Problem, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{Tx, params, sql};

/// How one target behaves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Behaviour {
    pub target: String,
    /// Every answer comes so much later.
    #[serde(default)]
    pub delay_ms: i64,
    /// The share of requests, 0 to 1, that fail for a moment (HTTP 503): they are tried again by themselves.
    #[serde(default)]
    pub fail_rate: f64,
    /// The next so many requests are refused (HTTP 422): a person has to look.
    #[serde(default)]
    pub fail_next: i64,
    /// The next so many requests take effect without an answer.
    #[serde(default)]
    pub lose_next: i64,
    /// Nothing is answered at all, and nothing happens.
    #[serde(default)]
    pub stuck: bool,
}

sql! {
    ALL = "SELECT target, delay_ms, fail_permille, fail_next, lose_next, stuck FROM simulator_target ORDER BY target";
    ONE = "SELECT target, delay_ms, fail_permille, fail_next, lose_next, stuck FROM simulator_target WHERE target = $1";
    SET = "INSERT INTO simulator_target (target, delay_ms, fail_permille, fail_next, lose_next, stuck) VALUES ($1, $2, $3, $4, $5, $6) \
           ON CONFLICT (target) DO UPDATE SET delay_ms = $2, fail_permille = $3, fail_next = $4, lose_next = $5, stuck = $6";
    USE_FAIL = "UPDATE simulator_target SET fail_next = fail_next - 1 WHERE target = $1 AND fail_next > 0";
    USE_LOSE = "UPDATE simulator_target SET lose_next = lose_next - 1 WHERE target = $1 AND lose_next > 0";
    KNOWN = "SELECT 1 FROM simulator_request WHERE request_key = $1";
    KEEP = "INSERT INTO simulator_request (request_key, at) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    CONNECT = "INSERT INTO simulator_subscriber (target, subscriber, state, attributes, updated_at) VALUES ($1, $2, 'active', $3, $4) \
               ON CONFLICT (target, subscriber) DO UPDATE SET state = 'active', attributes = $3, updated_at = $4";
    TURN = "INSERT INTO simulator_subscriber (target, subscriber, state, attributes, updated_at) VALUES ($1, $2, $3, $4, $5) \
            ON CONFLICT (target, subscriber) DO UPDATE SET state = $3, attributes = $4, updated_at = $5";
    KNOWS = "SELECT attributes FROM simulator_subscriber WHERE target = $1 AND subscriber = $2 {for_update}";
    CHANGE = "INSERT INTO simulator_subscriber (target, subscriber, state, attributes, updated_at) VALUES ($1, $2, 'active', $3, $4) \
              ON CONFLICT (target, subscriber) DO UPDATE SET attributes = $3, updated_at = $4";
    SUBSCRIBERS = "SELECT target, subscriber, state, attributes, updated_at FROM simulator_subscriber WHERE subscriber = $1 ORDER BY target";
    DROP = "DELETE FROM simulator_subscriber WHERE target = $1 AND subscriber = $2";
}

fn read(row: &store::Row) -> Behaviour {
    Behaviour {
        target: row.text(0),
        delay_ms: row.int(1),
        fail_rate: row.int(2) as f64 / 1_000.0,
        fail_next: row.int(3),
        lose_next: row.int(4),
        stuck: row.flag(5),
    }
}

pub fn behaviours(tx: &mut Tx<'_>) -> Result<Vec<Behaviour>> {
    Ok(tx.query(&ALL, params![])?.iter().map(read).collect())
}

pub fn behaviour(tx: &mut Tx<'_>, target: &str) -> Result<Option<Behaviour>> {
    Ok(tx.query_opt(&ONE, params![target])?.as_ref().map(read))
}

pub fn set_behaviours(tx: &mut Tx<'_>, all: &[Behaviour]) -> Result<()> {
    for b in all {
        let valid = (1..=40).contains(&b.target.len())
            && (0.0..=1.0).contains(&b.fail_rate)
            && (0..=600_000).contains(&b.delay_ms)
            && b.fail_next >= 0
            && b.lose_next >= 0;
        if !valid {
            return Err(Problem::invalid("targets", &b.target));
        }
        let permille = (b.fail_rate * 1_000.0).round() as i64;
        tx.execute(&SET, params![b.target, b.delay_ms, permille, b.fail_next, b.lose_next, b.stuck])?;
    }
    Ok(())
}

pub fn known(tx: &mut Tx<'_>, key: &str) -> Result<bool> {
    Ok(tx.query_opt(&KNOWN, params![key])?.is_some())
}

/// Refuses where the target is set to, and uses that up.
pub fn refuses(tx: &mut Tx<'_>, target: &str) -> Result<bool> {
    // The count goes down by the row that is there: of two requests at once, one is refused where one should be.
    Ok(tx.execute(&USE_FAIL, params![target])? == 1)
}

/// What the network knows of a subscriber: target, state, attributes.
pub fn known_as(tx: &mut Tx<'_>, subscriber: &str) -> Result<Vec<Value>> {
    let rows = tx.query(&SUBSCRIBERS, params![subscriber])?;
    let shown = |r: &store::Row| serde_json::json!({"target": r.text(0), "subscriber": r.text(1), "state": r.text(2), "attributes": r.json(3), "at": r.time(4)});
    Ok(rows.iter().map(shown).collect())
}

/// What is known of a subscriber, with the bar it is told now: how far, and what may be called all the same.
fn turned(tx: &mut Tx<'_>, target: &str, subscriber: &str, told: &Value) -> Result<Value> {
    let Some(row) = tx.query_opt(&KNOWS, params![target, subscriber])? else { return Ok(told.clone()) };
    let mut known = row.json(0);
    if let Some(all) = known.as_object_mut() {
        all.retain(|name, _| !name.starts_with("bar"));
        let bar = told.as_object().into_iter().flatten().filter(|(name, _)| name.starts_with("bar"));
        all.extend(bar.map(|(name, value)| (name.clone(), value.clone())));
    }
    Ok(known)
}

/// What is told now, with the bar that is known: a change of the card or rate lifts none.
fn changed(tx: &mut Tx<'_>, target: &str, subscriber: &str, told: &Value) -> Result<Value> {
    let mut told = told.clone();
    if let (Some(row), Some(all)) = (tx.query_opt(&KNOWS, params![target, subscriber])?, told.as_object_mut()) {
        let known = row.json(0);
        let bar = known.as_object().into_iter().flatten().filter(|(name, _)| name.starts_with("bar"));
        all.extend(bar.map(|(name, value)| (name.clone(), value.clone())));
    }
    Ok(told)
}

/// What becomes of a request.
pub enum Fate {
    Done,
    /// It took effect, but nobody hears of it.
    Lost,
    Refused(&'static str),
    Busy,
}

/// Does what is asked, once for each key.
pub fn perform(
    tx: &mut Tx<'_>,
    key: &str,
    target: &str,
    verb: Verb,
    subscriber: &str,
    attributes: &Value,
) -> Result<Fate> {
    if known(tx, key)? {
        return Ok(Fate::Done);
    }
    let behaviour = behaviour(tx, target)?;
    if let Some(b) = &behaviour {
        if b.fail_next > 0 && tx.execute(&USE_FAIL, params![target])? == 1 {
            return Ok(Fate::Refused("configured to refuse"));
        }
        let mut dice = [0u8; 8];
        tx.env().random(&mut dice);
        if (u64::from_le_bytes(dice) % 1_000) < (b.fail_rate * 1_000.0) as u64 {
            return Ok(Fate::Busy);
        }
    }
    let now = tx.now();
    // Who is not known yet was connected before this network was: it is taken over as it is told. Who is to go and is not
    // there is gone.
    match verb {
        Verb::Activate => tx.execute(&CONNECT, params![target, subscriber, attributes, now])?,
        Verb::Change => {
            let changed = changed(tx, target, subscriber, attributes)?;
            tx.execute(&CHANGE, params![target, subscriber, changed, now])?
        }
        Verb::Suspend | Verb::Resume => {
            let state = if verb == Verb::Suspend { "suspended" } else { "active" };
            let turned = turned(tx, target, subscriber, attributes)?;
            tx.execute(&TURN, params![target, subscriber, state, turned, now])?
        }
        Verb::Deactivate => tx.execute(&DROP, params![target, subscriber])?,
    };
    tx.execute(&KEEP, params![key, now])?;
    if behaviour.is_some_and(|b| b.lose_next > 0) && tx.execute(&USE_LOSE, params![target])? == 1 {
        return Ok(Fate::Lost);
    }
    Ok(Fate::Done)
}
