//! Versions of plans on disk. One that is in force or was never changes, so it is held in memory.
//!
//! ```text
//! draft → active → retired        a draft can be deleted; retired: nobody new is rated by it, who has it keeps it
//! ```

use super::Plan;
use crate::problems;
use kernel::{Problem, Result, Timestamp};
use serde_json::Value;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use store::{Tx, params, sql};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    Draft,
    Active,
    Retired,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verb {
    Change,
    Delete,
    Activate,
    Retire,
}

impl State {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Active => "active",
            Self::Retired => "retired",
        }
    }
    pub fn parse(text: &str) -> Result<Self> {
        [Self::Draft, Self::Active, Self::Retired]
            .into_iter()
            .find(|s| s.name() == text)
            .ok_or_else(|| Problem::internal(format!("plan state {text}")))
    }
    /// The state after a verb.
    pub fn after(self, verb: Verb) -> Result<Self> {
        match (self, verb) {
            (Self::Draft, Verb::Change | Verb::Delete) => Ok(Self::Draft),
            (Self::Draft, Verb::Activate) => Ok(Self::Active),
            (Self::Active, Verb::Retire) => Ok(Self::Retired),
            (Self::Draft, Verb::Retire)
            | (Self::Active, Verb::Change | Verb::Delete | Verb::Activate)
            | (Self::Retired, Verb::Change | Verb::Delete | Verb::Activate | Verb::Retire) => {
                Err(Problem::new(&problems::PLAN_STATE).with("state", self.name()))
            }
        }
    }
}

/// Who wrote a version: people, a file, or the catalogue's data.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Origin {
    Own,
    Import,
    Derived,
}

impl Origin {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Import => "import",
            Self::Derived => "derived",
        }
    }
}

/// A version as rating reads it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Version {
    pub id: String,
    pub version: i64,
    pub state: State,
    pub plan: Plan,
}

sql! {
    ONE = "SELECT state, body FROM rate_plan WHERE id = $1 AND version = $2";
    LATEST = "SELECT version, state, body FROM rate_plan WHERE id = $1 ORDER BY version DESC LIMIT 1";
    IN_FORCE = "SELECT version FROM rate_plan WHERE id = $1 AND state = 'active' AND valid_from <= $2 ORDER BY version DESC LIMIT 1";
    INSERT = "INSERT INTO rate_plan (id, version, row_version, state, origin, name, name_en, note, body, valid_from, created_at, created_by, \
              created_by_name, changed_at, changed_by, changed_by_name, activated_at, activated_by, activated_by_name) \
              VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $10, $11, $12, $13, $14, $15) ON CONFLICT DO NOTHING";
    OF_OFFERING = "SELECT plan_id FROM rate_plan_offering WHERE offering_id = $1";
    BIND = "INSERT INTO rate_plan_offering (offering_id, plan_id) VALUES ($1, $2) ON CONFLICT (offering_id) DO UPDATE SET plan_id = excluded.plan_id";
    UNBIND = "DELETE FROM rate_plan_offering WHERE offering_id = $1";
    BOUND_TO = "SELECT offering_id FROM rate_plan_offering WHERE plan_id = $1 ORDER BY offering_id";
}

#[derive(Default)]
struct Held(Mutex<HashMap<(String, i64), Arc<Version>>>);

/// Versions held: more than there ever are in force.
const MOST_HELD: usize = 20_000;

/// One version, from memory where it can change no more.
pub fn plan(tx: &mut Tx<'_>, id: &str, version: i64) -> Result<Arc<Version>> {
    let (held, key) = (tx.memory::<Held>(), (id.to_owned(), version));
    if let Some(found) = held.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
        return Ok(found.clone());
    }
    let unknown = || Problem::new(&problems::PLAN_UNKNOWN).with("id", id).with("version", &version.to_string());
    let row = tx.query_opt(&ONE, params![id, version])?.ok_or_else(unknown)?;
    let state = State::parse(row.str(0))?;
    let found = Arc::new(Version { id: id.to_owned(), version, state, plan: body(&row.json(1))? });
    if state != State::Draft {
        let mut held = held.0.lock().unwrap_or_else(PoisonError::into_inner);
        if held.len() >= MOST_HELD {
            held.clear();
        }
        held.insert(key, found.clone());
    }
    Ok(found)
}

pub fn body(value: &Value) -> Result<Plan> {
    serde_json::from_value(value.clone()).map_err(|e| Problem::internal(format!("a stored plan: {e}")))
}

/// The version that new products of the plan get at a time.
pub fn in_force(tx: &mut Tx<'_>, id: &str, at: Timestamp) -> Result<Option<i64>> {
    Ok(tx.query_opt(&IN_FORCE, params![id, at])?.map(|r| r.int(0)))
}

/// The newest version of a plan, whatever its state.
pub fn latest(tx: &mut Tx<'_>, id: &str) -> Result<Option<Version>> {
    let Some(row) = tx.query_opt(&LATEST, params![id])? else { return Ok(None) };
    let (version, state) = (row.int(0), State::parse(row.str(1))?);
    Ok(Some(Version { id: id.to_owned(), version, state, plan: body(&row.json(2))? }))
}

/// Writes a version; false where somebody else wrote it at the same moment.
pub fn insert(
    tx: &mut Tx<'_>,
    (id, version): (&str, i64),
    (state, origin): (State, Origin),
    plan: &Plan,
    (note, valid_from): (&str, Timestamp),
) -> Result<bool> {
    let (actor, now) = (tx.actor().clone(), tx.now());
    let active = state == State::Active;
    let body = serde_json::to_value(plan).map_err(Problem::internal)?;
    let (by, name) = (active.then(|| actor.id.to_string()), active.then(|| actor.name.to_string()));
    let binds = params![
        id,
        version,
        state.name(),
        origin.name(),
        plan.name,
        plan.name_en,
        note,
        body,
        valid_from,
        now,
        &*actor.id,
        &*actor.name,
        active.then_some(now),
        by,
        name
    ];
    Ok(tx.execute(&INSERT, binds)? == 1)
}

/// The plan by which an offering is rated, where one is set.
pub fn of_offering(tx: &mut Tx<'_>, offering_id: &str) -> Result<Option<String>> {
    Ok(tx.query_opt(&OF_OFFERING, params![offering_id])?.map(|r| r.text(0)))
}

/// The offering is rated by this plan from now on: for products that begin from now on.
pub fn bind(tx: &mut Tx<'_>, offering_id: &str, plan_id: Option<&str>) -> Result<()> {
    match plan_id {
        Some(plan_id) => tx.execute(&BIND, params![offering_id, plan_id]).map(drop),
        None => tx.execute(&UNBIND, params![offering_id]).map(drop),
    }
}

pub fn bound_to(tx: &mut Tx<'_>, plan_id: &str) -> Result<Vec<String>> {
    Ok(tx.query(&BOUND_TO, params![plan_id])?.iter().map(|r| r.text(0)).collect())
}
