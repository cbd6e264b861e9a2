//! How many numbers there are, by state, class and place.

use kernel::{Result, Timestamp};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};
use store::{Filter, Tx, params, sql};

sql! {
    SEGMENTS = "SELECT COUNT(*) FROM number_segment";
}

/// Up to so many segments are counted whenever somebody asks; a larger pool at most once in the time below.
const COUNTED_AT_ONCE: i64 = 60;
const SECONDS: i64 = 120;

type Counted = BTreeMap<(String, String, String), i64>;

/// The last count of a large pool, by the scope that it was made for.
#[derive(Default)]
struct Remembered(Mutex<BTreeMap<String, (Timestamp, Counted)>>);

/// Counts by place, class and state within the actor's scope, and when they were counted.
pub(super) fn summary(tx: &mut Tx<'_>) -> Result<Value> {
    let memory = tx.memory::<Remembered>();
    let scope = format!("{:p} {}", tx.vault(), tx.actor().scope);
    let (now, large) = (tx.now(), tx.query_one(&SEGMENTS, params![])?.int(0) > COUNTED_AT_ONCE);
    let known = memory.0.lock().unwrap_or_else(PoisonError::into_inner).get(&scope).cloned();
    let (at, counted) = match known.filter(|(at, _)| large && now.seconds_since(*at) < SECONDS) {
        Some(known) => known,
        None => {
            let counted = (now, count(tx)?);
            memory.0.lock().unwrap_or_else(PoisonError::into_inner).insert(scope, counted.clone());
            counted
        }
    };
    let mut states: BTreeMap<&str, i64> = BTreeMap::new();
    let mut classes: BTreeMap<&str, BTreeMap<&str, i64>> = BTreeMap::new();
    let mut places: BTreeMap<&str, BTreeMap<&str, i64>> = BTreeMap::new();
    for ((org, class, state), n) in &counted {
        *states.entry(state).or_default() += n;
        *classes.entry(class).or_default().entry(state).or_default() += n;
        *places.entry(org).or_default().entry(state).or_default() += n;
    }
    let total: i64 = states.values().sum();
    Ok(json!({"at": at, "total": total, "states": states, "classes": classes, "places": places}))
}

/// By city: halls and segments are too many to look at.
fn count(tx: &mut Tx<'_>) -> Result<Counted> {
    let mut filter = Filter::default();
    filter.scope("s.org", tx.actor());
    let text = format!(
        "SELECT s.org, c.class, c.state, c.n FROM (SELECT seg, class, state, COUNT(*) AS n FROM number_pool GROUP BY seg, class, state) c \
         JOIN number_segment s ON s.id = c.seg{}",
        filter.to_where()
    );
    let mut counted = Counted::new();
    tx.each(&text, &filter.binds, |row| {
        let city: Vec<&str> = row.str(0).split('/').take(4).collect();
        *counted.entry((city.join("/"), row.text(1), row.text(2))).or_default() += row.int(3);
        Ok(())
    })?;
    Ok(counted)
}
