//! Two customers become one, and two again: the customer's own part of it.
//!
//! The one that goes is closed and leads to the survivor; its keys, notes, marks and contact media go along. Taking it back
//! restores its record to the letter, takes from the survivor what came with it, and leaves what came after.

use crate::{
    CUSTOMER,
    keys::{self, KeyKind},
    problems, reassign, relation, rules,
};
use http::tmf::{self, Document};
use kernel::{OrgPath, Problem, Result};
use serde_json::{Map, Value, json};
use store::{Tx, params, sql};

sql! {
    LOCK = "SELECT id, version, org, created_at, body FROM customer WHERE id = $1 {for_update}";
    PUT_MERGED = "INSERT INTO customer_merged (from_id, into_id, at) VALUES ($1, $2, $3)";
    CUT_MERGED = "DELETE FROM customer_merged WHERE from_id = $1 AND into_id = $2";
    INTO = "SELECT into_id FROM customer_merged WHERE from_id = $1";
    KEYS = "SELECT key, kind FROM customer_key WHERE customer_id = $1 AND kind >= 5";
    HAS = "SELECT 1 FROM customer_key WHERE key = $1 AND kind = $2 AND customer_id = $3";
    PUT_KEY = "INSERT INTO customer_merged_key (into_id, key, kind, from_id) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    CUT_KEYS = "DELETE FROM customer_merged_key WHERE into_id = $1 AND from_id = $2";
    MERGED_KEYS = "SELECT key, kind FROM customer_merged_key WHERE into_id = $1";
    BACK = "SELECT customer_id FROM customer_relation WHERE related_id = $1 ORDER BY customer_id";
    REVIEW_OF = "SELECT id FROM name_review WHERE customer_id = $1 AND state = 'open'";
}

/// Rows of this crate that go along as they are.
const ROWS: [(&str, &str, &str); 3] = [
    ("customer_note", "id", "customer_id"),
    ("customer_standing", "id", "customer_id"),
    ("customer_journal", "id", "customer_id"),
];

/// Both customers for a merge, nobody else changing them; 404 outside the actor's scope.
pub fn lock_two(tx: &mut Tx<'_>, a: &str, b: &str) -> Result<(Document, Document)> {
    // Always in the same order, so that two merges of the same pair do not wait for each other.
    let (first, second) = if a <= b { (a, b) } else { (b, a) };
    let (x, y) = (tmf::lock(tx, &CUSTOMER, first)?, tmf::lock(tx, &CUSTOMER, second)?);
    Ok(if a <= b { (x, y) } else { (y, x) })
}

/// Where a merged customer lives on, to the end of the chain.
pub fn survivor(tx: &mut Tx<'_>, id: &str) -> Result<Option<String>> {
    let mut at = id.to_owned();
    for _ in 0..50 {
        match tx.query_opt(&INTO, params![at])? {
            Some(row) => at = row.text(0),
            None => break,
        }
    }
    Ok((at != id).then_some(at))
}

/// The customer for business that begins now: in use, and held against a merge until this transaction ends.
pub fn for_business(tx: &mut Tx<'_>, id: &str) -> Result<Document> {
    let doc = tmf::lock(tx, &CUSTOMER, id)?;
    match doc.body.get("mergedInto").and_then(|m| m.get("customerNo")).and_then(Value::as_str) {
        Some(number) => Err(Problem::new(&problems::MERGED).with("value", number)),
        None => Ok(doc),
    }
}

/// Lets `from` go into `into`. Returns what moved, by labels, and what is needed to restore the record.
pub fn absorb(tx: &mut Tx<'_>, from: &Document, into: &Document) -> Result<(Vec<String>, Value)> {
    let mut moved = Vec::new();
    let from_party = rules::engaged_party(tx, &from.body)?;
    let mut all = keys::of_document(&from.body);
    if let Some(party) = &from_party {
        all.extend(keys::of_party(&party.body, tx.vault()));
    }
    let held = tx.query(&KEYS, params![from.id])?;
    all.extend(held.iter().map(|r| (r.text(0), KeyKind::from_stored(r.int(1)))));
    // Keys that came with an earlier merge go on with this one.
    let earlier = tx.query(&MERGED_KEYS, params![from.id])?;
    all.extend(earlier.iter().map(|r| (r.text(0), KeyKind::from_stored(r.int(1)))));
    all.sort_unstable();
    all.dedup();
    for (key, kind) in &all {
        let there = tx.query_opt(&HAS, params![key, *kind as i64, into.id])?.is_some();
        keys::delete_hard(tx, &from.id, key, *kind)?;
        if !there {
            keys::insert(tx, &into.id, &into.org, &[(key.clone(), *kind)])?;
            moved.push(format!("customer_key:{}:{key}", *kind as i64));
        } else {
            moved.push(format!("customer_key_shared:{}:{key}", *kind as i64));
        }
        if !held_by_product(*kind) {
            tx.execute(&PUT_KEY, params![into.id, key, *kind as i64, from.id])?;
        }
    }
    for table in ROWS {
        moved.extend(reassign::rows(tx, table, &from.id, &into.id, None)?);
    }
    if tx.query_opt(&REVIEW_OF, params![into.id])?.is_none() {
        moved.extend(reassign::rows(tx, ("name_review", "id", "customer_id"), &from.id, &into.id, None)?);
    }
    moved.extend(relations(tx, &from.id, into, None)?);
    let mut survivor = again(tx, &into.id)?;
    let unchanged = survivor.body.clone();
    take_over(&mut survivor.body, from);
    save(tx, &unchanged, &mut survivor)?;
    let mut gone = again(tx, &from.id)?;
    let before = gone.body.clone();
    gone.set("status", "closed");
    gone.set(
        "mergedInto",
        json!({"id": into.id, "href": CUSTOMER.href(&into.id), "customerNo": into.text("customerNo"), "name": into.text("name")}),
    );
    save_without_keys(tx, &before, &mut gone)?;
    tx.execute(&PUT_MERGED, params![from.id, into.id, tx.now()])?;
    Ok((moved, Value::Object(before)))
}

/// Takes `from` out of `into` again.
pub fn release(tx: &mut Tx<'_>, from: &str, into: &str, moved: &[String], before: &Value) -> Result<Vec<String>> {
    let mut restored = Vec::new();
    let survivor = again(tx, into)?;
    tx.execute(&CUT_KEYS, params![into, from])?;
    let mut gone = again(tx, from)?;
    for label in moved {
        let (shared, rest) = match (label.strip_prefix("customer_key:"), label.strip_prefix("customer_key_shared:")) {
            (Some(rest), _) => (false, rest),
            (_, Some(rest)) => (true, rest),
            _ => continue,
        };
        let Some((kind, key)) = rest.split_once(':') else { continue };
        let kind = KeyKind::from_stored(kind.parse().unwrap_or(1));
        let there = tx.query_opt(&HAS, params![key, kind as i64, into])?.is_some();
        if held_by_product(kind) && !there {
            continue; // the product it belonged to is gone
        }
        if !shared && !own(tx, &survivor, key, kind)? {
            keys::delete(tx, into, &[(key.to_owned(), kind)])?;
        }
        keys::insert(tx, from, &gone.org, &[(key.to_owned(), kind)])?;
        restored.push(label.clone());
    }
    for table in ROWS.into_iter().chain([("name_review", "id", "customer_id")]) {
        restored.extend(reassign::rows(tx, table, into, from, Some(moved))?);
    }
    let target = gone.clone();
    restored.extend(relations(tx, into, &target, Some(moved))?);
    let mut kept = again(tx, into)?;
    let unchanged = kept.body.clone();
    give_back(&mut kept.body, from);
    save(tx, &unchanged, &mut kept)?;
    let closed = gone.body.clone();
    if let Value::Object(before) = before {
        gone.body = before.clone();
    }
    save_without_keys(tx, &closed, &mut gone)?;
    tx.execute(&CUT_MERGED, params![from, into])?;
    Ok(restored)
}

fn held_by_product(kind: KeyKind) -> bool {
    matches!(kind, KeyKind::Account | KeyKind::Circuit | KeyKind::Broadband | KeyKind::Number)
}

/// The survivor says the same of itself.
fn own(tx: &mut Tx<'_>, survivor: &Document, key: &str, kind: KeyKind) -> Result<bool> {
    let mut all = keys::of_document(&survivor.body);
    if let Some(party) = rules::engaged_party(tx, &survivor.body)? {
        all.extend(keys::of_party(&party.body, tx.vault()));
    }
    Ok(all.iter().any(|(k, n)| k == key && *n == kind))
}

fn again(tx: &mut Tx<'_>, id: &str) -> Result<Document> {
    let row = tx.query_one(&LOCK, params![id])?;
    crate::summary::from_row(&row, 0)
}

/// With its event; its keys and relations follow.
fn save(tx: &mut Tx<'_>, before: &Map<String, Value>, doc: &mut Document) -> Result<()> {
    if *before == doc.body {
        return Ok(());
    }
    tmf::save(tx, &CUSTOMER, before, doc)?;
    let (old, new) = (keys::of_document(before), keys::of_document(&doc.body));
    let gone: Vec<_> = old.into_iter().filter(|k| !new.contains(k)).collect();
    keys::delete(tx, &doc.id, &gone)?;
    keys::insert(tx, &doc.id, &doc.org, &new)?;
    relation::follow(tx, Some(before), doc)
}

fn save_without_keys(tx: &mut Tx<'_>, before: &Map<String, Value>, doc: &mut Document) -> Result<()> {
    tmf::save(tx, &CUSTOMER, before, doc)?;
    relation::follow(tx, Some(before), doc)
}

/// Contact media and relations of the one that goes, marked so that they can be told from the survivor's own.
fn take_over(into: &mut Map<String, Value>, from: &Document) {
    for list in ["contactMedium", "relatedParty"] {
        let theirs = from.body.get(list).and_then(Value::as_array).cloned().unwrap_or_default();
        if theirs.is_empty() {
            continue;
        }
        let own = into.entry(list).or_insert_with(|| json!([]));
        let Some(own) = own.as_array_mut() else { continue };
        for mut element in theirs {
            let same = |o: &Value| match list {
                "contactMedium" => o.get("characteristic") == element.get("characteristic"),
                _ => o.get("role") == element.get("role") && (o.get("id") == element.get("id") || manager(&element)),
            };
            if own.iter().any(same) {
                continue;
            }
            if let Some(element) = element.as_object_mut() {
                element.insert("takenFrom".into(), json!(from.id));
                if list == "contactMedium" {
                    element.insert("preferred".into(), json!(false));
                }
            }
            own.push(element);
        }
        if own.is_empty() {
            into.remove(list);
        }
    }
}

/// A customer has one account manager: the survivor's own stays.
fn manager(element: &Value) -> bool {
    element.get("role").and_then(Value::as_str) == Some("accountManager")
}

fn give_back(into: &mut Map<String, Value>, from: &str) {
    for list in ["contactMedium", "relatedParty"] {
        if let Some(own) = into.get_mut(list).and_then(Value::as_array_mut) {
            own.retain(|e| e.get("takenFrom").and_then(Value::as_str) != Some(from));
            if own.is_empty() {
                into.remove(list);
            }
        }
    }
}

/// Other customers' documents that name the one that goes.
fn relations(tx: &mut Tx<'_>, from: &str, into: &Document, only: Option<&[String]>) -> Result<Vec<String>> {
    let named = match reassign::ids_of(only, "customer") {
        Some(ids) => ids,
        None => tx.query(&BACK, params![from])?.iter().map(|r| r.text(0)).collect(),
    };
    let mut moved = Vec::new();
    for id in named.into_iter().filter(|id| *id != into.id && id != from) {
        let Some(row) = tx.query_opt(&LOCK, params![id])? else { continue };
        let mut doc = crate::summary::from_row(&row, 0)?;
        let before = doc.body.clone();
        reassign::refer(&mut doc.body, from, &into.id, into.text("name"), only.is_some());
        if doc.body != before {
            save_without_keys(tx, &before, &mut doc)?;
            moved.push(format!("customer:{id}"));
        }
    }
    Ok(moved)
}

/// A note on a customer's record by the system, shown on its time line.
pub fn remark(tx: &mut Tx<'_>, customer: &str, org: &OrgPath, text: &str) -> Result<()> {
    crate::note::write(tx, customer, org, "note", text)
}
