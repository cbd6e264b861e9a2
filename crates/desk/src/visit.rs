//! Opening a customer is itself recorded: once for each person, customer and day. What does not change within a day is held
//! in memory: who has been recorded, and what the nodes of the organisation are called.

use kernel::{OrgPath, Result};
use serde_json::json;
use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, PoisonError},
};
use store::{Tx, params, sql};

#[derive(Default)]
struct Seen(Mutex<HashSet<(String, String, String)>>);

#[derive(Default)]
struct Names(Mutex<HashMap<String, String>>);

/// Entries held; then memory begins anew.
const HELD: usize = 200_000;

/// The name of a node of the organisation. Names are given once and never change; a node without one is asked for again.
pub(crate) fn org_name(tx: &mut Tx<'_>, path: &str) -> Result<String> {
    let names = tx.memory::<Names>();
    if let Some(name) = names.0.lock().unwrap_or_else(PoisonError::into_inner).get(path) {
        return Ok(name.clone());
    }
    let name = access::org_name(tx, path)?;
    if name != path {
        names.0.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), name.clone());
    }
    Ok(name)
}

sql! {
    SEEN = "SELECT at FROM desk_visit WHERE actor = $1 AND customer_id = $2 AND day = $3";
    NOTE = "INSERT INTO desk_visit (actor, customer_id, day, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
}

/// Whether today's visit of this actor is on record already.
pub(crate) fn noted(tx: &mut Tx<'_>, customer_id: &str) -> Result<bool> {
    let (actor, day) = (tx.actor().id.clone(), tx.now().date().to_string());
    let (seen, key) = (tx.memory::<Seen>(), (actor.to_string(), customer_id.to_owned(), day.clone()));
    if seen.0.lock().unwrap_or_else(PoisonError::into_inner).contains(&key) {
        return Ok(true);
    }
    let noted = tx.query_opt(&SEEN, params![&*actor, customer_id, day])?.is_some();
    if noted {
        let mut held = seen.0.lock().unwrap_or_else(PoisonError::into_inner);
        if held.len() >= HELD {
            held.clear();
        }
        held.insert(key);
    }
    Ok(noted)
}

pub(crate) fn note(tx: &mut Tx<'_>, customer_id: &str, org: &OrgPath) -> Result<()> {
    let (actor, day) = (tx.actor().id.clone(), tx.now().date().to_string());
    if tx.execute(&NOTE, params![&*actor, customer_id, day, tx.now()])? > 0 {
        tx.audit("customer.view", "customer", customer_id, org, &json!({"day": day}))?;
    }
    Ok(())
}
