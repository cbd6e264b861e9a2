//! Former versions of offerings, prices and specifications: what stood when an order was taken can be read years later.

use http::tmf::{Document, Resource};
use kernel::{Result, Timestamp};
use serde_json::{Map, Value};
use store::{Tx, params, sql};

sql! {
    KEEP = "INSERT INTO offering_version (resource, document_id, version, at, ended_at, ended_by, summary, body) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    FORMER = "SELECT version, at, summary, ended_at FROM offering_version WHERE resource = $1 AND document_id = $2 ORDER BY version";
    BODY = "SELECT body FROM offering_version WHERE resource = $1 AND document_id = $2 AND version = $3";
    FORGET = "DELETE FROM offering_version WHERE resource = $1 AND document_id = $2";
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Version {
    pub version: i64,
    pub at: Timestamp,
    /// The attributes that this version changed; empty for the first one.
    pub summary: String,
}

/// Keeps what `doc` was before a change that is saved already.
pub(crate) fn keep(tx: &mut Tx<'_>, resource: &Resource, before: &Map<String, Value>, doc: &Document) -> Result<()> {
    let began = before.get("lastUpdate").and_then(Value::as_str).and_then(|t| Timestamp::parse(t).ok());
    let body = Value::Object(before.clone());
    let actor = tx.actor().id.clone();
    tx.execute(
        &KEEP,
        params![
            resource.name,
            doc.id,
            doc.version - 1,
            began.unwrap_or(doc.created_at),
            tx.now(),
            &*actor,
            difference(before, &doc.body),
            body
        ],
    )
    .map(drop)
}

/// All versions, the newest first.
pub fn versions(tx: &mut Tx<'_>, resource: &Resource, doc: &Document) -> Result<Vec<Version>> {
    let rows = tx.query(&FORMER, params![resource.name, doc.id])?;
    let mut all = Vec::with_capacity(rows.len() + 1);
    let (mut at, mut summary) = (doc.created_at, String::new());
    for row in &rows {
        all.push(Version { version: row.int(0), at: row.time(1), summary });
        (at, summary) = (row.time(3), row.text(2));
    }
    all.push(Version { version: doc.version, at, summary });
    all.reverse();
    Ok(all)
}

/// The document as it stood in a former version.
pub(crate) fn former(tx: &mut Tx<'_>, resource: &Resource, id: &str, version: i64) -> Result<Value> {
    Ok(tx.query_one(&BODY, params![resource.name, id, version])?.json(0))
}

/// The same; `None` where there is no such version.
pub(crate) fn former_if(tx: &mut Tx<'_>, resource: &Resource, id: &str, version: i64) -> Result<Option<Value>> {
    Ok(tx.query_opt(&BODY, params![resource.name, id, version])?.map(|row| row.json(0)))
}

/// Forgets the versions of a deleted document.
pub(crate) fn forget(tx: &mut Tx<'_>, resource: &Resource, id: &str) -> Result<()> {
    tx.execute(&FORGET, params![resource.name, id]).map(drop)
}

/// The names of the attributes that differ, of the published row its own.
fn difference(before: &Map<String, Value>, after: &Map<String, Value>) -> String {
    let mut names: Vec<&str> = Vec::new();
    for name in before.keys().chain(after.keys()) {
        if before.get(name) != after.get(name)
            && !matches!(name.as_str(), "lastUpdate" | "source")
            && !names.contains(&name.as_str())
        {
            names.push(name);
        }
    }
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_summary_names_what_changed_once() {
        let (a, b) = (json!({"name": "a", "lastUpdate": "1", "x": 1}), json!({"name": "b", "lastUpdate": "2", "y": 1}));
        assert_eq!(difference(a.as_object().unwrap(), b.as_object().unwrap()), "name, x, y");
    }
}
