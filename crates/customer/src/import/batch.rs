//! The writing half of an import: one transaction a batch, in which rows, progress and undo information stand or fall
//! together.

use super::{
    prepare::{Batch, Row},
    update,
};
use crate::{
    keys::{Key, KeyKind},
    problems, summary,
};
use http::tmf::Document;
use kernel::{Problem, Result};
use std::collections::{HashMap, HashSet};
use store::{Tx, Value, params, sql};

#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
pub(super) struct Counts {
    pub created: u64,
    pub updated: u64,
    pub unchanged: u64,
    pub refused: u64,
}

sql! {
    MOVE_ON = "UPDATE import_batch SET position = $2, line = $3, created = created + $4, updated = updated + $5, \
               unchanged = unchanged + $6, refused = refused + $7, errors_bytes = $8 WHERE id = $1 AND state = 'running'";
}

/// Stores a batch. `errors_bytes` is the length of the error file with the batch's refusals.
pub(super) fn store(tx: &mut Tx<'_>, id: &str, batch: &Batch, errors_bytes: u64) -> Result<Counts> {
    let mut counts = Counts { refused: batch.refused, ..Counts::default() };
    let known = known(tx, batch.rows.iter().flat_map(|r| &r.known_by))?;
    if known.is_empty() && !batch.repeats {
        batch.load.store(tx)?;
        remember_created(tx, id, batch.rows.iter())?;
        counts.created = batch.rows.len() as u64;
    } else {
        let mut todo: Vec<usize> = (0..batch.rows.len()).collect();
        let mut known = known;
        while !todo.is_empty() {
            todo = round(tx, id, batch, &todo, &mut known, &mut counts)?;
        }
    }
    let done = params![
        id,
        batch.position as i64,
        batch.line as i64,
        counts.created as i64,
        counts.updated as i64,
        counts.unchanged as i64,
        counts.refused as i64,
        errors_bytes as i64
    ];
    if tx.execute(&MOVE_ON, done)? == 0 {
        return Err(Problem::new(&problems::BATCH_STATE).with("state", "?"));
    }
    Ok(counts)
}

type Known = HashMap<Key, Vec<String>>;

/// Updates what exists and stores what is new, together. Rows about somebody whom this very round creates come back:
/// they are for the next one.
fn round(
    tx: &mut Tx<'_>,
    id: &str,
    batch: &Batch,
    todo: &[usize],
    known: &mut Known,
    counts: &mut Counts,
) -> Result<Vec<usize>> {
    let mut later = Vec::new();
    let mut new = vec![false; batch.rows.len()];
    let mut pending: HashSet<(&Key, &str)> = HashSet::new();
    for at in todo {
        let row = &batch.rows[*at];
        if row.marks().any(|mark| pending.contains(&mark)) {
            later.push(*at);
        } else if let Some(document) = existing(tx, row, known)? {
            match update::apply(tx, id, document, &row.new)? {
                true => counts.updated += 1,
                false => counts.unchanged += 1,
            }
        } else {
            new[*at] = true;
            counts.created += 1;
            pending.extend(row.marks());
        }
    }
    batch.load.store_only(tx, Some(&new))?;
    let created = || batch.rows.iter().zip(&new).filter(|(_, new)| **new).map(|(row, _)| row);
    remember_created(tx, id, created())?;
    if !later.is_empty() {
        for row in created() {
            for key in &row.known_by {
                known.entry(key.clone()).or_default().push(row.identity.id.clone());
            }
        }
    }
    Ok(later)
}

fn remember_created<'r>(tx: &mut Tx<'_>, id: &str, rows: impl Iterator<Item = &'r Row>) -> Result<()> {
    let values: Vec<Value> =
        rows.flat_map(|r| [Value::Text(id.to_owned()), Value::Text(r.identity.id.clone())]).collect();
    tx.insert_rows("import_created (batch_id, customer_id)", 2, &values, "").map(drop)
}

/// The customer that a row speaks of: by number, else by certificate, else by telephone and name.
fn existing(tx: &mut Tx<'_>, row: &Row, known: &Known) -> Result<Option<Document>> {
    for key in &row.known_by {
        for id in known.get(key).into_iter().flatten() {
            let Some(document) = by_id(tx, id)? else { continue };
            if key.1 != KeyKind::Phone || document.text("name") == row.new.name {
                return Ok(Some(document));
            }
        }
    }
    Ok(None)
}

sql! {
    BY_ID = "SELECT id, version, org, created_at, body FROM customer WHERE id = $1 {for_update}";
}

fn by_id(tx: &mut Tx<'_>, id: &str) -> Result<Option<Document>> {
    let row = tx.query_opt(&BY_ID, params![id])?;
    row.map(|r| summary::from_row(&r, 0)).transpose()
}

/// Which of these keys are there, and whose they are.
fn known<'k>(tx: &mut Tx<'_>, wanted: impl Iterator<Item = &'k Key>) -> Result<Known> {
    const AT_ONCE: usize = 128;
    let mut wanted: Vec<&Key> = wanted.collect();
    wanted.sort_unstable();
    wanted.dedup();
    let binds: Vec<String> = (1..=AT_ONCE).map(|n| format!("${n}")).collect();
    let text = format!("SELECT key, kind, customer_id FROM customer_key WHERE key IN ({})", binds.join(", "));
    let mut known = Known::new();
    for chunk in wanted.chunks(AT_ONCE) {
        // Always the same number of binds, so that the statement is prepared once.
        let mut values: Vec<Value> = chunk.iter().map(|(key, _)| Value::Text(key.clone())).collect();
        values.resize(AT_ONCE, values[0].clone());
        for row in tx.query(&text, &values)? {
            let key = (row.text(0), KeyKind::from_stored(row.int(1)));
            if wanted.binary_search(&&key).is_ok() {
                known.entry(key).or_default().push(row.text(2));
            }
        }
    }
    Ok(known)
}
