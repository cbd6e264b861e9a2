//! Counters: who sits where today, and which kinds they call.

use super::{changed, kind, ticket};
use crate::problems;
use kernel::{OrgPath, Problem, Result, Timestamp};
use serde::Serialize;
use serde_json::{Value, json};
use store::{Row, Tx, params, sql};

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Counter {
    pub org: OrgPath,
    pub counter: String,
    #[serde(skip)]
    pub staff_id: String,
    pub staff_name: String,
    pub kinds: Vec<String>,
    /// `open`, `paused` or `closed`.
    pub state: String,
    #[serde(skip)]
    pub day: String,
    pub opened_at: Timestamp,
}

sql! {
    OF_STAFF = "SELECT org, counter, staff_id, staff_name, kinds, state, day, opened_at FROM queue_counter WHERE staff_id = $1 AND state <> 'closed'";
    ONE = "SELECT org, counter, staff_id, staff_name, kinds, state, day, opened_at FROM queue_counter WHERE org = $1 AND counter = $2 {for_update}";
    OF_HALL = "SELECT org, counter, staff_id, staff_name, kinds, state, day, opened_at FROM queue_counter WHERE org = $1 AND day = $2 AND state <> 'closed' ORDER BY counter";
    OPEN = "INSERT INTO queue_counter (org, counter, staff_id, staff_name, kinds, state, day, opened_at) VALUES ($1, $2, $3, $4, $5, 'open', $6, $7) \
            ON CONFLICT (org, counter) DO UPDATE SET staff_id = $3, staff_name = $4, kinds = $5, state = 'open', day = $6, opened_at = $7";
    TURN = "UPDATE queue_counter SET state = $3 WHERE org = $1 AND counter = $2";
}

fn read(row: &Row) -> Result<Counter> {
    Ok(Counter {
        org: OrgPath::parse(row.str(0))?,
        counter: row.text(1),
        staff_id: row.text(2),
        staff_name: row.text(3),
        kinds: serde_json::from_value(row.json(4)).unwrap_or_default(),
        state: row.text(5),
        day: row.text(6),
        opened_at: row.time(7),
    })
}

/// The actor's counter of today.
pub fn mine(tx: &mut Tx<'_>) -> Result<Option<Counter>> {
    let (staff, day) = (tx.actor().id.to_string(), ticket::today(tx));
    let found = tx.query_opt(&OF_STAFF, params![staff])?.map(|r| read(&r)).transpose()?;
    Ok(found.filter(|c| c.day == day))
}

/// The actor's counter, or why there is none.
pub fn need(tx: &mut Tx<'_>) -> Result<Counter> {
    mine(tx)?.ok_or_else(|| Problem::new(&problems::NOT_AT_COUNTER))
}

/// Sits down at a counter. Somebody else's of today is refused; one left open on another day is not.
pub fn open(tx: &mut Tx<'_>, hall: &OrgPath, counter: &str, kinds: &[String]) -> Result<Counter> {
    let counter = counter.trim();
    if counter.is_empty() || counter.chars().count() > 6 || counter.chars().any(char::is_control) {
        return Err(Problem::invalid("counter", "1–6"));
    }
    let known = kind::kinds(tx, hall)?;
    let mut chosen: Vec<String> = Vec::new();
    for code in kinds {
        let kind = kind::kind(tx, hall, code)?;
        if !chosen.contains(&kind.code) {
            chosen.push(kind.code);
        }
    }
    if chosen.is_empty() {
        chosen = known.into_iter().map(|k| k.code).collect();
    }
    let (staff, name, day, now) = (tx.actor().id.to_string(), tx.actor().name.to_string(), ticket::today(tx), tx.now());
    if let Some(there) = tx.query_opt(&ONE, params![hall, counter])?.map(|r| read(&r)).transpose()?
        && there.state != "closed"
        && there.day == day
        && there.staff_id != staff
    {
        let problem = Problem::new(&problems::COUNTER_TAKEN).with("counter", counter);
        return Err(problem.with("name", &there.staff_name).field("counter"));
    }
    if let Some(old) = tx.query_opt(&OF_STAFF, params![staff])?.map(|r| read(&r)).transpose()? {
        if let Some(there) = ticket::at_counter(tx, &old.org, &old.counter)?
            && (old.org != *hall || old.counter != counter)
        {
            return Err(Problem::new(&problems::BUSY).with("label", &there.label));
        }
        tx.execute(&TURN, params![old.org, old.counter, "closed"])?;
    }
    tx.execute(&OPEN, params![hall, counter, staff, name, json!(chosen), day, now])?;
    changed(tx, hall, counter, 1, "counterOpen")?;
    need(tx)
}

/// `open`, `paused` or `closed`. Nobody leaves a visitor at the counter.
pub fn turn(tx: &mut Tx<'_>, state: &str) -> Result<Counter> {
    let mut counter = need(tx)?;
    if state != "open"
        && let Some(there) = ticket::at_counter(tx, &counter.org, &counter.counter)?
    {
        return Err(Problem::new(&problems::BUSY).with("label", &there.label));
    }
    tx.execute(&TURN, params![counter.org, counter.counter, state])?;
    state.clone_into(&mut counter.state);
    changed(tx, &counter.org, &counter.counter, 1, "counterState")?;
    Ok(counter)
}

pub fn of_hall(tx: &mut Tx<'_>, hall: &OrgPath, day: &str) -> Result<Vec<Counter>> {
    tx.query(&OF_HALL, params![hall, day])?.iter().map(read).collect()
}

/// What a counter's page shows: the counter, its visitor, and who waits for it.
pub fn view(tx: &mut Tx<'_>) -> Result<Value> {
    let Some(counter) = mine(tx)? else { return Ok(json!({"counter": null})) };
    let current = ticket::at_counter(tx, &counter.org, &counter.counter)?;
    let customer = match current.as_ref().and_then(|t| t.customer_id.clone()) {
        Some(id) => customer::summary(tx, &id).ok().map(|c| json!({"id": c.id, "name": c.name, "grade": c.grade})),
        None => None,
    };
    let day = ticket::today(tx);
    let waiting = super::board::waiting(tx, &counter.org, &day, None)?;
    let rows: Vec<Value> = waiting
        .iter()
        .filter(|t| counter.kinds.contains(&t.kind) && t.wanted_counter.as_ref().is_none_or(|c| *c == counter.counter))
        .map(|t| json!({"id": t.id, "label": t.label, "kind": t.kind, "priority": t.priority, "takenAt": t.taken_at, "wantedCounter": t.wanted_counter}))
        .collect();
    let missed = super::board::missed(tx, &counter.org, &day)?;
    Ok(json!({"counter": counter, "current": current, "customer": customer, "waiting": rows, "missed": missed}))
}
