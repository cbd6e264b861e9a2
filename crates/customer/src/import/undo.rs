//! Takes a batch back: what it created is removed, what it updated becomes what it was. Records that somebody has worked
//! with since then are left alone and counted.

use super::update;
use crate::{CUSTOMER, bulk, keys, problems, summary};
use http::tmf::{self, Document};
use kernel::{Actor, OrgPath, Problem, Result};
use serde_json::{Value, json};
use store::{Db, Tx, params, sql};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Undone {
    pub removed: u64,
    pub restored: u64,
    /// Changed, or holding products, since the import: not touched.
    pub kept: u64,
}

sql! {
    STATE = "SELECT state, org FROM import_batch WHERE id = $1 {for_update}";
    SET_STATE = "UPDATE import_batch SET state = $2, ended_at = $3 WHERE id = $1";
    CREATED = "SELECT customer_id FROM import_created WHERE batch_id = $1 AND customer_id > $2 ORDER BY customer_id LIMIT 500";
    BEFORE = "SELECT customer_id, org, customer, customer_version, party, party_version FROM import_before \
              WHERE batch_id = $1 AND customer_id > $2 ORDER BY customer_id LIMIT 500";
    FORGET_CREATED = "DELETE FROM import_created WHERE batch_id = $1 AND customer_id = $2";
    FORGET_BEFORE = "DELETE FROM import_before WHERE batch_id = $1 AND customer_id = $2";
    CUSTOMER_ROW = "SELECT id, version, org, created_at, body FROM customer WHERE id = $1 {for_update}";
    HOLDS = "SELECT COUNT(*) FROM customer_key WHERE customer_id = $1 AND kind >= 6 AND kind <= 9 AND kind >= 5";
}

/// Undoes the batch `id`. Stopped half way, it goes on when called again.
pub fn undo(db: &Db, actor: &Actor, id: &str, progress: &mut dyn FnMut(u64)) -> Result<Undone> {
    let mut undone = Undone::default();
    let batch = id.to_owned();
    db.write_blocking(actor.clone(), move |tx| begin(tx, &batch))?;
    for step in [restore_some, remove_some] {
        let mut after = String::new();
        loop {
            let (batch, from) = (id.to_owned(), after.clone());
            let (some, last) = db.load_blocking(actor.clone(), move |tx| step(tx, &batch, &from))?;
            undone.removed += some.removed;
            undone.restored += some.restored;
            undone.kept += some.kept;
            progress(undone.removed + undone.restored + undone.kept);
            match last {
                Some(last) => after = last,
                None => break,
            }
        }
    }
    let (batch, detail) =
        (id.to_owned(), json!({"removed": undone.removed, "restored": undone.restored, "kept": undone.kept}));
    db.write_blocking(actor.clone(), move |tx| {
        let org = OrgPath::parse(tx.query_one(&STATE, params![batch])?.str(1))?;
        tx.execute(&SET_STATE, params![batch, "undone", tx.now()])?;
        bulk::announce(tx, "CustomerImportUndoneEvent", &batch, &org, &detail)
    })?;
    Ok(undone)
}

fn begin(tx: &mut Tx<'_>, id: &str) -> Result<()> {
    let state = tx.query_one(&STATE, params![id])?.text(0);
    match state.as_str() {
        "done" | "running" | "failed" | "undoing" => tx.execute(&SET_STATE, params![id, "undoing", tx.now()]).map(drop),
        other => Err(Problem::new(&problems::BATCH_STATE).with("state", other)),
    }
}

fn remove_some(tx: &mut Tx<'_>, batch: &str, after: &str) -> Result<(Undone, Option<String>)> {
    let rows = tx.query(&CREATED, params![batch, after])?;
    let mut undone = Undone::default();
    for row in &rows {
        let Some(customer) = customer(tx, row.str(0))? else { continue };
        let untouched = customer.version == 1 && tx.query_one(&HOLDS, params![customer.id])?.int(0) == 0;
        if !untouched {
            undone.kept += 1;
            continue;
        }
        keys::delete(tx, &customer.id, &keys::of_document(&customer.body))?;
        keys::delete_others(tx, &customer.id)?;
        tmf::delete_silently(tx, &CUSTOMER, &customer.id, 1)?;
        if let Some(party) = crate::rules::engaged_party(tx, &customer.body)? {
            tmf::delete_silently(tx, update::resource_of(&party), &party.id, 1)?;
        }
        tx.execute(&FORGET_CREATED, params![batch, customer.id])?;
        undone.removed += 1;
    }
    Ok((undone, rows.last().map(|r| r.text(0))))
}

fn restore_some(tx: &mut Tx<'_>, batch: &str, after: &str) -> Result<(Undone, Option<String>)> {
    let rows = tx.query(&BEFORE, params![batch, after])?;
    let mut undone = Undone::default();
    for row in &rows {
        let Some(present) = customer(tx, row.str(0))? else { continue };
        if present.version != row.int(3) {
            undone.kept += 1;
            continue;
        }
        let mut restored = present.clone();
        restored.org = OrgPath::parse(row.str(1))?;
        if let Value::Object(body) = row.json(2) {
            restored.body = body;
        }
        let mut party = crate::rules::engaged_party(tx, &restored.body)?;
        if let (Some(party), Some(version), false) = (&mut party, row.opt_int(5), row.is_null(4))
            && party.version == version
            && let Value::Object(body) = row.json(4)
        {
            party.body = body;
            tmf::save_silently(tx, update::resource_of(party), party)?;
        }
        update::write(tx, &present, &mut restored, party.as_ref())?;
        tx.execute(&FORGET_BEFORE, params![batch, restored.id])?;
        undone.restored += 1;
    }
    Ok((undone, rows.last().map(|r| r.text(0))))
}

fn customer(tx: &mut Tx<'_>, id: &str) -> Result<Option<Document>> {
    let row = tx.query_opt(&CUSTOMER_ROW, params![id])?;
    row.map(|r| summary::from_row(&r, 0)).transpose()
}
