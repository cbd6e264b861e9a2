//! The daily comparison with each billing system: how many orders were told, and the key fields of each. What differs is a list
//! that people work off; compared again, what agrees by then is settled by itself.
//!
//! The outside system is asked over HTTP; the embedded one is compared with what it kept of each order. A system that cannot
//! be reached is compared in the next hour.

mod compare;
mod list;

pub use compare::{Difference, What};
pub use list::routes;

use crate::setting;
use billing::outside::{self, Heard, Told};
use http::App;
use kernel::{Actor, Date, OrgPath, Problem, Result, Timestamp};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use store::{Event, Tx, params, sql};

/// The embedded billing system's code in the lists.
pub const EMBEDDED: &str = "embedded";
/// Orders asked for one by one because they are not in the day's list; more are missing altogether.
const SINGLE: usize = 200;

sql! {
    DONE = "SELECT 1 FROM reconcile_run WHERE system = $1 AND day = $2 AND state = 'done'";
    RUN = "INSERT INTO reconcile_run (system, day, state, ours, theirs, differing, error_zh, error_en, actor, ended_at) \
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (system, day) DO UPDATE SET state = $3, ours = $4, \
           theirs = $5, differing = $6, error_zh = $7, error_en = $8, actor = $9, ended_at = $10";
    FAILED = "INSERT INTO reconcile_run (system, day, state, ours, theirs, differing, error_zh, error_en, actor, ended_at) \
              VALUES ($1, $2, 'failed', 0, 0, 0, $3, $4, $5, $6) ON CONFLICT (system, day) DO UPDATE SET state = 'failed', \
              error_zh = $3, error_en = $4, actor = $5, ended_at = $6";
    KNOWN = "SELECT order_id, ours, theirs, what, state FROM reconcile_difference WHERE system = $1 AND day = $2";
    ADD = "INSERT INTO reconcile_difference (system, day, order_id, org, what, ours, theirs, state, reason, actor, found_at) \
           VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', '', '', $8) ON CONFLICT (system, day, order_id) DO UPDATE SET \
           what = $5, ours = $6, theirs = $7, state = 'open', reason = '', found_at = $8, handled_at = NULL";
    SETTLE = "UPDATE reconcile_difference SET state = 'settled', handled_at = $4 WHERE system = $1 AND day = $2 AND order_id = $3";
    OPEN = "SELECT COUNT(*) FROM reconcile_difference WHERE system = $1 AND day = $2 AND state = 'open'";
}

/// Compares yesterday with every system that has not been compared yet.
pub async fn daily(app: App) -> Result<()> {
    let now = app.db().env().now();
    let day = now.date().plus_days(-1);
    let due = app.db().read(Actor::system(), move |tx| {
        let hour = setting::RECONCILE_HOUR.get(tx)?.clamp(0, 23);
        if now < now.date().start().plus_seconds(hour * 3_600) {
            return Ok(Vec::new());
        }
        let mut systems = outside::enabled(tx)?;
        systems.push(EMBEDDED.to_owned());
        let mut due = Vec::new();
        for system in systems {
            if tx.query_opt(&DONE, params![system, day.to_string()])?.is_none() {
                due.push(system);
            }
        }
        Ok(due)
    });
    for system in due.await? {
        run(&app, Actor::system(), &system, day).await?;
    }
    Ok(())
}

/// Compares one day with one system and writes down what differs. A system that does not answer is written down as such.
pub async fn run(app: &App, actor: Actor, system: &str, day: Date) -> Result<()> {
    let compared = if system == EMBEDDED { embedded(app, day).await } else { outer(app, system, day).await };
    let (system, at) = (system.to_owned(), day.to_string());
    app.db()
        .write(actor, move |tx| match &compared {
            Ok(compared) => book(tx, &system, &at, compared),
            Err(problem) => {
                let (zh, en) = (problem.reason(kernel::Lang::Zh), problem.reason(kernel::Lang::En));
                let (name, now) = (tx.actor().name.clone(), tx.now());
                tx.execute(&FAILED, params![system, at, zh, en, &*name, now]).map(drop)
            }
        })
        .await
}

struct Compared {
    ours: usize,
    theirs: usize,
    differences: Vec<Difference>,
}

fn window(day: Date) -> (Timestamp, Timestamp) {
    (day.start(), day.plus_days(1).start())
}

async fn embedded(app: &App, day: Date) -> Result<Compared> {
    let (from, to) = window(day);
    let (mut ours, mut differences, mut after) = (0, Vec::new(), String::new());
    loop {
        let from_id = after.clone();
        let page = app.db().read(Actor::system(), move |tx| outside::embedded_on(tx, from, to, &from_id)).await?;
        let Some((last, _)) = page.last() else { break };
        after = last.id.clone();
        ours += page.len();
        for (told, wrong) in page {
            if let Some(wrong) = wrong {
                let theirs = json!({"state": wrong});
                differences.push(Difference::new(What::MissingThere, &told.id, Some(&told), Some(theirs)));
            }
        }
    }
    let theirs = ours - differences.len();
    Ok(Compared { ours, theirs, differences })
}

async fn outer(app: &App, system: &str, day: Date) -> Result<Compared> {
    let (from, to) = window(day);
    let code = system.to_owned();
    let address = app.db().read(Actor::system(), move |tx| outside::address_to(tx, &code)).await?;
    let mut ours: BTreeMap<String, Told> = BTreeMap::new();
    loop {
        let (code, after) = (system.to_owned(), ours.last_key_value().map(|(id, _)| id.clone()).unwrap_or_default());
        let page = app.db().read(Actor::system(), move |tx| outside::told_on(tx, &code, from, to, &after)).await?;
        if page.is_empty() {
            break;
        }
        ours.extend(page.into_iter().map(|t| (t.id.clone(), t)));
    }
    let mut theirs: BTreeMap<String, Told> = BTreeMap::new();
    loop {
        let after = theirs.last_key_value().map(|(id, _)| id.clone()).unwrap_or_default();
        let path = format!("/api/v1/collaboration/inbox?from={from}&to={to}&after={after}");
        let page: Vec<Told> = match outside::call(address.clone(), path, None, None).await {
            Heard::Answer(page) => serde_json::from_value(page).map_err(Problem::internal)?,
            Heard::Unknown => return Err(Problem::not_found()),
            Heard::Refused(problem) | Heard::Silent(problem) => return Err(problem),
        };
        if page.is_empty() || page.iter().all(|t| theirs.contains_key(&t.id)) {
            break;
        }
        theirs.extend(page.into_iter().map(|t| (t.id.clone(), t)));
    }
    let counts = (ours.len(), theirs.len());
    // Around midnight the two days differ: what one list lacks may stand in another day of the other side.
    let missing: Vec<String> = ours.keys().filter(|id| !theirs.contains_key(*id)).take(SINGLE).cloned().collect();
    for id in missing {
        let path = format!("/api/v1/collaboration/inbox/{id}");
        if let Heard::Answer(said) = outside::call(address.clone(), path, None, None).await
            && let Some(told) = ours.get(&id)
        {
            let state = match said["state"].as_str() {
                Some("succeeded") => "done",
                Some("withdrawn") => "ended",
                _ => "open",
            };
            theirs.insert(id, Told { state: state.to_owned(), ..told.clone() });
        }
    }
    let unknown: Vec<String> = theirs.keys().filter(|id| !ours.contains_key(*id)).cloned().collect();
    for id in unknown {
        let (code, own) = (system.to_owned(), id.clone());
        let found = app.db().read(Actor::system(), move |tx| outside::told_once(tx, &code, &own)).await?;
        if let Some(told) = found {
            ours.insert(id, told);
        }
    }
    Ok(Compared { ours: counts.0, theirs: counts.1, differences: compare::compare(&ours, &theirs) })
}

fn book(tx: &mut Tx<'_>, system: &str, day: &str, compared: &Compared) -> Result<()> {
    let now = tx.now();
    let mut known: BTreeMap<String, (Value, Value, String, String)> = BTreeMap::new();
    for row in tx.query(&KNOWN, params![system, day])? {
        let side = |i: usize| row.opt_text(i).map_or(Value::Null, |_| row.json(i));
        known.insert(row.text(0), (side(1), side(2), row.text(3), row.text(4)));
    }
    let mut found = BTreeSet::new();
    for difference in &compared.differences {
        found.insert(difference.order_id.clone());
        let (ours, theirs) = difference.sides();
        // What a person has dealt with stays dealt with, unless it differs in another way now.
        if let Some((was_ours, was_theirs, what, state)) = known.get(&difference.order_id)
            && *was_ours == ours
            && *was_theirs == theirs
            && what == difference.what.name()
            && state != "settled"
            && state != "retold"
        {
            continue;
        }
        let org = org_of(tx, difference)?;
        let id = &difference.order_id;
        tx.execute(&ADD, params![system, day, id, org, difference.what.name(), ours, theirs, now])?;
    }
    for (id, (.., state)) in &known {
        if !found.contains(id) && (state == "open" || state == "retold") {
            tx.execute(&SETTLE, params![system, day, id, now])?;
        }
    }
    let open = tx.query_one(&OPEN, params![system, day])?.int(0);
    let (name, none) = (tx.actor().name.clone(), None::<String>);
    let counts = (compared.ours as i64, compared.theirs as i64);
    tx.execute(&RUN, params![system, day, "done", counts.0, counts.1, open, none, none, &*name, now])?;
    let event = Event::new("BillingReconciledEvent", "reconciliation", &format!("{system}:{day}"), 1, &OrgPath::root())
        .payload(json!({"reconciliation": {"system": system, "day": day, "differing": open}}));
    tx.emit(event)
}

/// Where a difference belongs: where its product is, or everywhere.
fn org_of(tx: &mut Tx<'_>, difference: &Difference) -> Result<OrgPath> {
    match inventory::products::get(tx, &difference.product_id) {
        Ok(product) => Ok(product.org),
        Err(problem) if problem.is(&kernel::codes::NOT_FOUND) => Ok(OrgPath::root()),
        Err(problem) => Err(problem),
    }
}
