//! What a customer holds, given to another customer: the tools with which each crate moves its own records when two
//! customers are merged, and moves exactly those back when they are parted.
//!
//! What moved is named by labels `table:id`. A reference inside a document remembers in `mergedFrom` whom it named before,
//! so that parting restores the document's own words.

use crate::CUSTOMER;
use http::tmf::{self, Document, Resource};
use kernel::{OrgPath, Problem, Result};
use serde_json::{Map, Value, json};
use store::{Tx, params};

/// The ids of `table` among labels.
pub fn ids_of(only: Option<&[String]>, table: &str) -> Option<Vec<String>> {
    only.map(|labels| {
        labels.iter().filter_map(|l| l.strip_prefix(table)?.strip_prefix(':')).map(str::to_owned).collect()
    })
}

/// Moves rows of `table` whose `column` names `from`; with `only`, those among them. `key` is the column that identifies a
/// row. Returns the labels of what moved.
pub fn rows(
    tx: &mut Tx<'_>,
    (table, key, column): (&str, &str, &str),
    from: &str,
    into: &str,
    only: Option<&[String]>,
) -> Result<Vec<String>> {
    let found = match ids_of(only, table) {
        Some(ids) => ids,
        None => {
            let text = format!("SELECT {key} FROM {table} WHERE {column} = $1 ORDER BY {key}");
            tx.query(&text, params![from])?.iter().map(|r| r.text(0)).collect()
        }
    };
    let text = format!("UPDATE {table} SET {column} = $3 WHERE {key} = $1 AND {column} = $2");
    let mut moved = Vec::new();
    for id in found {
        if tx.execute(&text, params![id, from, into])? > 0 {
            moved.push(format!("{table}:{id}"));
        }
    }
    Ok(moved)
}

/// Moves documents of `resource` whose column `customer_id` names `from`: the reference in `relatedParty` changes, and with
/// it what the resource's rules derive from it.
pub fn documents(
    tx: &mut Tx<'_>,
    resource: &Resource,
    from: &str,
    into: &str,
    only: Option<&[String]>,
) -> Result<Vec<String>> {
    let table = resource.table;
    let found = match ids_of(only, table) {
        Some(ids) => ids,
        None => {
            let text = format!("SELECT id FROM {table} WHERE customer_id = $1 ORDER BY id");
            tx.query(&text, params![from])?.iter().map(|r| r.text(0)).collect()
        }
    };
    let name = name_of(tx, into)?;
    let text =
        format!("SELECT id, version, org, created_at, body, customer_id FROM {table} WHERE id = $1 {{for_update}}");
    let mut moved = Vec::new();
    for id in found {
        let Some(row) = tx.query_opt(&text, params![id])? else { continue };
        if row.opt_text(5).as_deref() != Some(from) {
            continue; // it went to somebody else meanwhile, by a business of its own
        }
        let Value::Object(body) = row.json(4) else { return Err(Problem::internal("a stored document is no object")) };
        let org = OrgPath::parse(row.str(2))?;
        let mut doc = Document { id: row.text(0), version: row.int(1), org, created_at: row.time(3), body };
        let before = doc.body.clone();
        refer(&mut doc.body, from, into, &name, only.is_some());
        if doc.body != before {
            tmf::save(tx, resource, &before, &mut doc)?;
            moved.push(format!("{table}:{id}"));
        }
    }
    Ok(moved)
}

/// How many rows of each table name a customer, for a preview. Each crate asks for its own tables.
pub fn counts(tx: &mut Tx<'_>, tables: &[&'static str], customer: &str) -> Result<Vec<(&'static str, i64)>> {
    let count = |table: &&'static str| {
        let text = format!("SELECT COUNT(*) FROM {table} WHERE customer_id = $1");
        Ok((*table, tx.query_one(&text, params![customer])?.int(0)))
    };
    tables.iter().map(count).collect()
}

/// A customer's name, whoever asks.
pub fn name_of(tx: &mut Tx<'_>, id: &str) -> Result<String> {
    let row = tx.query_opt(&"SELECT name FROM customer WHERE id = $1".to_owned(), params![id])?;
    Ok(row.map(|r| r.text(0)).unwrap_or_default())
}

/// Lets the references to `from` in `relatedParty` name `into`. On the way `back` only what a merge had changed is restored,
/// to the letter.
pub fn refer(doc: &mut Map<String, Value>, from: &str, into: &str, into_name: &str, back: bool) {
    let parties = doc.get_mut("relatedParty").and_then(Value::as_array_mut).into_iter().flatten();
    for party in parties.filter_map(Value::as_object_mut) {
        if party.get("id").and_then(Value::as_str) != Some(from) {
            continue;
        }
        if back {
            let was = party.get("mergedFrom").and_then(Value::as_object).cloned();
            if let Some(mut was) = was.filter(|w| w.get("id").and_then(Value::as_str) == Some(into)) {
                // A chain of merges is taken apart one at a time: what lies below stays remembered.
                party.remove("mergedFrom");
                for name in ["id", "href", "name"] {
                    match was.remove(name) {
                        Some(value) => party.insert(name.to_owned(), value),
                        None => party.remove(name),
                    };
                }
                if let Some(deeper) = was.remove("mergedFrom") {
                    party.insert("mergedFrom".into(), deeper);
                }
            }
            continue;
        }
        let mut was = Map::new();
        for name in ["id", "href", "name", "mergedFrom"] {
            if let Some(value) = party.get(name) {
                was.insert(name.to_owned(), value.clone());
            }
        }
        party.insert("id".into(), json!(into));
        if party.contains_key("href") {
            party.insert("href".into(), json!(CUSTOMER.href(into)));
        }
        if party.contains_key("name") {
            party.insert("name".into(), json!(into_name));
        }
        party.insert("mergedFrom".into(), Value::Object(was));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back_is_what_it_was() {
        let body = json!({"relatedParty": [
            {"id": "a", "href": "/x/a", "role": "customer", "@referredType": "Customer"},
            {"id": "z", "role": "operator"},
        ]});
        let Value::Object(before) = body else { panic!() };
        let mut doc = before.clone();
        refer(&mut doc, "a", "b", "乙", false);
        refer(&mut doc, "b", "c", "丙", false);
        assert_eq!(doc["relatedParty"][0]["id"], "c");
        refer(&mut doc, "c", "b", "乙", true);
        assert_eq!(doc["relatedParty"][0]["id"], "b");
        refer(&mut doc, "b", "a", "甲", true);
        assert_eq!(doc, before);
        refer(&mut doc, "a", "b", "乙", true);
        assert_eq!(doc, before, "nothing that no merge changed");
    }
}
