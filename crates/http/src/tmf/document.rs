//! Documents in their tables.

use super::Resource;
use kernel::{OrgPath, Problem, Result, Timestamp, codes};
use serde_json::{Map, Value, json};
use store::{Event, Row, Tx, params};

/// A stored document.
#[derive(Clone, Debug)]
pub struct Document {
    pub id: String,
    pub version: i64,
    pub org: OrgPath,
    pub created_at: Timestamp,
    pub body: Map<String, Value>,
}

impl Document {
    pub fn text(&self, name: &str) -> &str {
        self.body.get(name).and_then(Value::as_str).unwrap_or("")
    }
    pub fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.body.insert(name.to_owned(), value.into());
    }
    /// The document as it is sent.
    pub fn to_value(&self) -> Value {
        Value::Object(self.body.clone())
    }
    fn from_row(row: &Row) -> Result<Self> {
        let Value::Object(body) = row.json(4) else { return Err(Problem::internal("a stored document is no object")) };
        Ok(Self {
            id: row.text(0),
            version: row.int(1),
            org: OrgPath::parse(row.str(2))?,
            created_at: row.time(3),
            body,
        })
    }
}

/// Stores a new document: checks, defaults, projected columns, event and audit. `id` may be given by the client.
pub fn insert(tx: &mut Tx<'_>, resource: &Resource, mut body: Map<String, Value>) -> Result<Document> {
    for name in resource.mandatory {
        if matches!(body.get(*name), None | Some(Value::Null)) {
            return Err(Problem::missing(name));
        }
    }
    let id = match body.get("id") {
        None | Some(Value::Null) => tx.new_id::<Document>().into_string(),
        Some(Value::String(s)) => kernel::Id::<Document>::parse(s)?.into_string(),
        Some(other) => kernel::Id::<Document>::parse(&other.to_string())?.into_string(),
    };
    // id and href lead the document, as people expect to read it.
    let mut doc = Map::with_capacity(body.len() + 4);
    doc.insert("id".into(), json!(id));
    doc.insert("href".into(), json!(resource.href(&id)));
    body.remove("id");
    body.remove("href");
    doc.append(&mut body);
    if !doc.get("@type").is_some_and(Value::is_string) {
        doc.insert("@type".into(), json!(resource.type_name));
    }
    let org = resource.rules.create(tx, &mut doc)?;
    let stored = Document { id, version: 1, org, created_at: tx.now(), body: doc };
    insert_silently(tx, resource, &stored)?;
    resource.rules.created(tx, &stored)?;
    publish(tx, resource, &stored, "Create")?;
    Ok(stored)
}

/// The row alone, without checks and without event: for bulk loads that publish one event for all.
pub fn insert_silently(tx: &mut Tx<'_>, resource: &Resource, doc: &Document) -> Result<()> {
    let extra = resource.rules.columns(&doc.body);
    let mut names = String::from("id, version, org, created_at, updated_at, body");
    let mut binds = String::from("$1, $2, $3, $4, $5, $6");
    let body = serde_json::to_string(&doc.body).map_err(Problem::internal)?;
    let mut values = params![doc.id, doc.version, doc.org, doc.created_at, doc.created_at, body].to_vec();
    for (name, value) in extra {
        values.push(value);
        names.push_str(", ");
        names.push_str(name);
        binds.push_str(&format!(", ${}", values.len()));
    }
    tx.execute(&format!("INSERT INTO {} ({names}) VALUES ({binds})", resource.table), &values).map(drop)
}

/// The values of a new document's row, for [`insert_rows`]. Needs no transaction: bulk loads prepare rows beside the writer.
pub fn row(resource: &Resource, doc: &Document) -> Result<Vec<store::Value>> {
    let body = serde_json::to_string(&doc.body).map_err(Problem::internal)?;
    let mut values = params![doc.id, doc.version, doc.org, doc.created_at, doc.created_at].to_vec();
    values.push(store::Value::Text(body));
    values.extend(resource.rules.columns(&doc.body).into_iter().map(|(_, value)| value));
    Ok(values)
}

/// Many prepared rows, laid end to end, without checks and without events.
pub fn insert_rows(tx: &mut Tx<'_>, resource: &Resource, rows: &[store::Value]) -> Result<u64> {
    let mut names = String::from("id, version, org, created_at, updated_at, body");
    let mut width = 6;
    for (name, _) in resource.rules.columns(&Map::new()) {
        names.push_str(", ");
        names.push_str(name);
        width += 1;
    }
    tx.insert_rows(&format!("{} ({names})", resource.table), width, rows, "")
}

/// The document for reading: 404 where there is none or the actor may not see it.
pub fn load(tx: &mut Tx<'_>, resource: &Resource, id: &str) -> Result<Document> {
    get(tx, resource, id)?.ok_or_else(Problem::not_found)
}

/// The document, if there is one that the actor may see.
pub fn get(tx: &mut Tx<'_>, resource: &Resource, id: &str) -> Result<Option<Document>> {
    fetch(tx, resource, id, "", resource.rules.shared())
}

/// Like [`load`], and nobody else changes it before this transaction ends.
pub fn lock(tx: &mut Tx<'_>, resource: &Resource, id: &str) -> Result<Document> {
    fetch(tx, resource, id, "{for_update}", false)?.ok_or_else(Problem::not_found)
}

fn fetch(tx: &mut Tx<'_>, resource: &Resource, id: &str, lock: &str, shared: bool) -> Result<Option<Document>> {
    if let Some(rendered) = resource.rules.rendered() {
        let Some((condition, binds)) = (rendered.key)(id) else { return Ok(None) };
        let rows = tx.query(&format!("{} WHERE {condition} {lock}", rendered.select), &binds)?;
        let Some(row) = rows.first().filter(|row| shared || tx.actor().sees(row.str(2))) else { return Ok(None) };
        let (version, org, created_at) = (row.int(1), OrgPath::parse(row.str(2))?, row.time(3));
        let body = (rendered.write)(tx, &rows)?.pop().ok_or_else(Problem::not_found)?;
        return Ok(Some(Document { id: id.to_owned(), version, org, created_at, body }));
    }
    let text = format!("SELECT id, version, org, created_at, body FROM {} WHERE id = $1 {lock}", resource.table);
    let Some(row) = tx.query_opt(&text, params![id])? else { return Ok(None) };
    if !shared && !tx.actor().sees(row.str(2)) {
        return Ok(None);
    }
    Document::from_row(&row).map(Some)
}

/// Writes a changed document back (409 where somebody was faster) and publishes `what` (`AttributeValueChange`, …) and
/// the resource's further events.
pub fn save(tx: &mut Tx<'_>, resource: &Resource, before: &Map<String, Value>, doc: &mut Document) -> Result<()> {
    save_silently(tx, resource, doc)?;
    let further = resource.rules.events(before, &doc.body);
    if further.is_empty() {
        return publish(tx, resource, doc, "AttributeValueChange");
    }
    further.into_iter().try_for_each(|what| publish(tx, resource, doc, what))
}

/// The changed row alone: for bulk loads that publish one event for all.
pub fn save_silently(tx: &mut Tx<'_>, resource: &Resource, doc: &mut Document) -> Result<()> {
    let body = match resource.rules.rendered() {
        Some(rendered) => serde_json::to_string(&(rendered.keep)(&doc.body)),
        None => serde_json::to_string(&doc.body),
    }
    .map_err(Problem::internal)?;
    let mut values = params![doc.id, doc.version, tx.now(), body, doc.org].to_vec();
    let mut sets = String::from("version = version + 1, updated_at = $3, body = $4, org = $5");
    for (name, value) in resource.rules.columns(&doc.body) {
        values.push(value);
        sets.push_str(&format!(", {name} = ${}", values.len()));
    }
    let text = format!("UPDATE {} SET {sets} WHERE id = $1 AND version = $2", resource.table);
    tx.execute_versioned(&text, &values)?;
    doc.version += 1;
    Ok(())
}

/// Removes the row if it still has this version; says whether it did. Neither rules nor event.
pub fn delete_silently(tx: &mut Tx<'_>, resource: &Resource, id: &str, version: i64) -> Result<bool> {
    let text = format!("DELETE FROM {} WHERE id = $1 AND version = $2", resource.table);
    Ok(tx.execute(&text, params![id, version])? > 0)
}

pub fn delete(tx: &mut Tx<'_>, resource: &Resource, doc: &Document) -> Result<()> {
    resource.rules.delete(tx, doc)?;
    let text = format!("DELETE FROM {} WHERE id = $1 AND version = $2", resource.table);
    match tx.execute(&text, params![doc.id, doc.version])? {
        0 => Err(Problem::new(&codes::CONFLICT)),
        _ => publish(tx, resource, doc, "Delete"),
    }
}

/// Publishes `what` happened to a stored document and leaves its trace in the audit chain.
pub fn publish(tx: &mut Tx<'_>, resource: &Resource, doc: &Document, what: &str) -> Result<()> {
    let event = Event::new(resource.event(what), resource.name, &doc.id, doc.version, &doc.org)
        .topic(resource.rules.topic(&doc.body).unwrap_or_else(|| format!("{}:{}", resource.name, doc.id)))
        .payload(json!({ resource.name: doc.body }));
    tx.emit(event)
}
