//! Policies kept: each change a new version, the old ones stay for the cases that run by them.

use super::{Policy, check};
use crate::{law, problems};
use kernel::{OrgPath, Problem, Result, Timestamp};
use serde::Serialize;
use serde_json::json;
use store::{Event, Row, Tx, params, sql};

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Kept {
    pub id: String,
    pub version: i64,
    pub org: OrgPath,
    pub name: String,
    pub name_en: String,
    pub priority: i64,
    pub state: String,
    pub updated_at: Timestamp,
    pub updated_by: String,
    pub policy: Policy,
}

sql! {
    ALL = "SELECT p.id, p.version, p.org, p.name, p.name_en, p.priority, p.state, p.updated_at, p.updated_by, v.body \
           FROM dunning_policy p JOIN dunning_policy_version v ON v.id = p.id AND v.version = p.version ORDER BY p.priority, p.id";
    LOCK = "SELECT version, org FROM dunning_policy WHERE id = $1 {for_update}";
    BODY = "SELECT body FROM dunning_policy_version WHERE id = $1 AND version = $2";
    INSERT = "INSERT INTO dunning_policy (id, version, org, name, name_en, priority, state, updated_at, updated_by) \
              VALUES ($1, 1, $2, $3, $4, $5, 'active', $6, $7)";
    UPDATE = "UPDATE dunning_policy SET version = $2, name = $3, name_en = $4, priority = $5, updated_at = $6, updated_by = $7, org = $8 \
              WHERE id = $1";
    VERSION = "INSERT INTO dunning_policy_version (id, version, body, at, by_name) VALUES ($1, $2, $3, $4, $5)";
    RETIRE = "UPDATE dunning_policy SET state = 'retired', updated_at = $2, updated_by = $3 WHERE id = $1";
}

fn read(row: &Row) -> Result<Kept> {
    Ok(Kept {
        id: row.text(0),
        version: row.int(1),
        org: OrgPath::parse(row.str(2))?,
        name: row.text(3),
        name_en: row.text(4),
        priority: row.int(5),
        state: row.text(6),
        updated_at: row.time(7),
        updated_by: row.text(8),
        policy: serde_json::from_value(row.json(9)).map_err(Problem::internal)?,
    })
}

/// All policies, those tried first in front.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Kept>> {
    tx.query(&ALL, params![])?.iter().map(read).collect()
}

/// The version that a case runs by.
pub fn version(tx: &mut Tx<'_>, id: &str, version: i64) -> Result<Policy> {
    let row = tx.query_one(&BODY, params![id, version])?;
    serde_json::from_value(row.json(0)).map_err(Problem::internal)
}

/// A policy as it is to be.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub id: Option<String>,
    pub org: OrgPath,
    pub name: String,
    pub name_en: String,
    pub priority: i64,
    pub policy: Policy,
}

/// Saves a policy, a new one or a new version; refuses what the law does not allow where it holds.
pub fn save(tx: &mut Tx<'_>, wanted: &Wanted) -> Result<Kept> {
    tx.must_see(wanted.org.as_str())?;
    let fits = |text: &str| (1..=60).contains(&text.trim().chars().count());
    if !fits(&wanted.name) {
        return Err(Problem::invalid("name", "1–60"));
    }
    if !(1..=10_000).contains(&wanted.priority) {
        return Err(Problem::invalid("priority", "1–10000"));
    }
    let book = law::Book::open(tx)?;
    check(&wanted.policy, &book.at(&wanted.org)?)?;
    for step in wanted.policy.steps.iter().filter(|s| !s.template.is_empty()) {
        messaging::template::kind(tx, &step.template)
            .map_err(|_| Problem::new(&problems::TEXT_UNKNOWN).with("value", &step.template))?;
    }
    let (now, by) = (tx.now(), tx.actor().name.to_string());
    let body = serde_json::to_value(&wanted.policy).map_err(Problem::internal)?;
    let english = if fits(&wanted.name_en) { wanted.name_en.trim() } else { wanted.name.trim() };
    let (id, version) = match &wanted.id {
        None => {
            let id = tx.new_id::<Kept>().into_string();
            tx.execute(&INSERT, params![id, wanted.org, wanted.name.trim(), english, wanted.priority, now, by])?;
            (id, 1)
        }
        Some(id) => {
            let row = tx.query_one(&LOCK, params![id])?;
            tx.must_see(row.str(1))?;
            let version = row.int(0) + 1;
            let named = wanted.name.trim();
            tx.execute(&UPDATE, params![id, version, named, english, wanted.priority, now, by, wanted.org])?;
            (id.clone(), version)
        }
    };
    tx.execute(&VERSION, params![id, version, body, now, by])?;
    stays_complete(tx)?;
    let event = Event::new("DunningPolicyChangeEvent", "dunningPolicy", &id, version, &wanted.org);
    tx.emit(event.audit(json!({"name": wanted.name, "policy": body})))?;
    all(tx)?.into_iter().find(|k| k.id == id).ok_or_else(Problem::not_found)
}

/// Takes a policy out of use; cases that run by it go on.
pub fn delete(tx: &mut Tx<'_>, id: &str) -> Result<()> {
    let row = tx.query_one(&LOCK, params![id])?;
    tx.must_see(row.str(1))?;
    let (now, by) = (tx.now(), tx.actor().name.to_string());
    tx.execute(&RETIRE, params![id, now, by])?;
    stays_complete(tx)?;
    let org = OrgPath::parse(row.str(1))?;
    tx.emit(Event::new("DunningPolicyDeleteEvent", "dunningPolicy", id, row.int(0) + 1, &org))
}

/// Everybody is under some policy.
fn stays_complete(tx: &mut Tx<'_>) -> Result<()> {
    let whole = |k: &Kept| k.state == "active" && k.policy.matches.is_everybody() && k.org.is_root();
    if all(tx)?.iter().any(whole) { Ok(()) } else { Err(Problem::new(&problems::POLICY_LAST)) }
}
