//! TMF673 addresses and their validation.

use crate::{PLACE_READ, PLACE_WRITE};
use http::tmf::{self, Api, Column, Document, Kind, Ops, Resource, Rules};
use kernel::{OrgPath, Problem, Result};
use serde_json::{Map, Value, json};
use store::{Filter, ToValue, Tx, params, sql};

static API: Api = Api { base: "/tmf-api/geographicAddressManagement/v4", aliases: &["/tmf-api/geographicAddress/v4"] };

pub static ADDRESS: Resource = Resource {
    api: &API,
    name: "geographicAddress",
    type_name: "GeographicAddress",
    table: "geographic_address",
    columns: &[Column { attribute: "city", column: "city", kind: Kind::Text }],
    mandatory: &[],
    ops: Ops::ALL,
    read: PLACE_READ,
    write: PLACE_WRITE,
    rules: &AddressRules,
};

pub static VALIDATION: Resource = Resource {
    api: &API,
    name: "geographicAddressValidation",
    type_name: "GeographicAddressValidation",
    table: "geographic_address_validation",
    columns: &[Column { attribute: "state", column: "state", kind: Kind::Text }],
    mandatory: &[],
    ops: Ops::ALL,
    read: PLACE_READ,
    write: PLACE_READ,
    rules: &ValidationRules,
};

/// The parts of an address from the large to the small, as they are written in one line.
const PARTS: [&str; 6] = ["stateOrProvince", "city", "locality", "streetName", "streetNr", "streetSuffix"];

/// An address in one line: as given, or its parts one after another.
pub(super) fn line(doc: &Map<String, Value>) -> String {
    let text = |name: &str| doc.get(name).and_then(Value::as_str).map(str::trim).unwrap_or("");
    if !text("fullAddress").is_empty() {
        return plain(text("fullAddress"));
    }
    let mut line = String::new();
    for name in PARTS {
        // Beijing is province and city at once.
        if !(name == "city" && text(name) == text("stateOrProvince")) {
            line.push_str(text(name));
        }
    }
    let sub = doc.get("geographicSubAddress").and_then(Value::as_array).into_iter().flatten();
    for part in sub {
        line.push_str(part["name"].as_str().or(part["buildingName"].as_str()).unwrap_or(""));
    }
    plain(&line)
}

/// Without the spaces that people put in.
pub(super) fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, ',' | '，' | '、')).take(200).collect()
}

struct AddressRules;

impl Rules for AddressRules {
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Map<String, Value>) -> Result<OrgPath> {
        let line = line(doc);
        if line.is_empty() {
            return Err(Problem::missing("streetName"));
        }
        doc.insert("fullAddress".into(), json!(line));
        doc.entry("country").or_insert_with(|| json!("CN"));
        Ok(tx.actor().org.clone())
    }
    fn change(&self, _: &mut Tx<'_>, before: &Map<String, Value>, after: &mut Map<String, Value>) -> Result<()> {
        let renamed = PARTS.iter().any(|p| before.get(*p) != after.get(*p));
        if renamed && before.get("fullAddress") == after.get("fullAddress") {
            after.remove("fullAddress");
        }
        let line = line(after);
        if line.is_empty() {
            return Err(Problem::missing("streetName"));
        }
        after.insert("fullAddress".into(), json!(line));
        Ok(())
    }
    fn delete(&self, tx: &mut Tx<'_>, doc: &Document) -> Result<()> {
        super::coverage::forget(tx, &doc.id)
    }
    fn columns(&self, doc: &Map<String, Value>) -> Vec<(&'static str, store::Value)> {
        let city = doc.get("city").and_then(Value::as_str).unwrap_or("");
        vec![("text", line(doc).to_value()), ("city", city.to_value())]
    }
}

struct ValidationRules;

impl Rules for ValidationRules {
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Map<String, Value>) -> Result<OrgPath> {
        let asked = doc.get("submittedGeographicAddress").or_else(|| doc.get("validAddress")).cloned();
        let Some(Value::Object(asked)) = asked else { return Err(Problem::missing("submittedGeographicAddress")) };
        let id = asked.get("id").and_then(Value::as_str).map(str::to_owned).unwrap_or_else(|| line(&asked));
        let known = find(tx, &id)?;
        let alternates = if known.is_some() { Vec::new() } else { suggest(tx, &line(&asked), 5)? };
        let result = match (&known, alternates.is_empty()) {
            (Some(_), _) => "success",
            (None, false) => "partial",
            (None, true) => "fail",
        };
        doc.insert("state".into(), json!("done"));
        doc.insert("validationResult".into(), json!(result));
        doc.insert("validationDate".into(), json!(tx.now()));
        let reference = |id: &str, name: &str| json!({"id": id, "href": ADDRESS.href(id), "fullAddress": name, "@type": "GeographicAddress"});
        if let Some(found) = known {
            doc.insert("validAddress".into(), reference(&found.id, found.text("fullAddress")));
        }
        let near: Vec<Value> = alternates.iter().map(|d| reference(&d.id, d.text("fullAddress"))).collect();
        doc.insert("alternateGeographicAddress".into(), json!(near));
        Ok(tx.actor().org.clone())
    }
    fn columns(&self, doc: &Map<String, Value>) -> Vec<(&'static str, store::Value)> {
        vec![("state", doc.get("state").and_then(Value::as_str).unwrap_or("").to_value())]
    }
}

sql! {
    BY_TEXT = "SELECT id FROM geographic_address WHERE text = $1 ORDER BY id LIMIT 20";
    SEEN = "SELECT id, version, org, created_at, body FROM geographic_address WHERE id = $1";
}

/// An address by its id or by its whole line, if the actor's place or one above has it.
pub fn find(tx: &mut Tx<'_>, id_or_text: &str) -> Result<Option<Document>> {
    if let Some(doc) = by_id(tx, id_or_text)? {
        return Ok(Some(doc));
    }
    let rows = tx.query(&BY_TEXT, params![plain(id_or_text)])?;
    for row in &rows {
        if let Some(doc) = by_id(tx, row.str(0))? {
            return Ok(Some(doc));
        }
    }
    Ok(None)
}

/// Addresses are kept by the city for all its halls.
fn by_id(tx: &mut Tx<'_>, id: &str) -> Result<Option<Document>> {
    let Some(row) = tx.query_opt(&SEEN, params![id])? else { return Ok(None) };
    let org = OrgPath::parse(row.str(2))?;
    if !tx.actor().sees(org.as_str()) && !org.contains(&tx.actor().org) {
        return Ok(None);
    }
    let Value::Object(body) = row.json(4) else { return Ok(None) };
    Ok(Some(Document { id: row.text(0), version: row.int(1), org, created_at: row.time(3), body }))
}

/// Addresses in which every word occurs, the shortest first.
pub(super) fn suggest(tx: &mut Tx<'_>, text: &str, limit: i64) -> Result<Vec<Document>> {
    let mut filter = Filter::default();
    crate::numbers::offered(&mut filter, tx.actor());
    for word in text.split_whitespace().take(6) {
        let word: String = plain(word).chars().filter(|c| !matches!(c, '%' | '_')).collect();
        let like = filter.bind(format!("%{word}%"));
        filter.and(format!("text LIKE {like}"));
    }
    let limit = filter.bind(limit);
    let sql =
        format!("SELECT id FROM geographic_address{} ORDER BY length(text), text, id LIMIT {limit}", filter.to_where());
    let ids: Vec<String> = tx.query(&sql, &filter.binds)?.iter().map(|r| r.text(0)).collect();
    let mut found = Vec::with_capacity(ids.len());
    for id in &ids {
        found.extend(by_id(tx, id)?);
    }
    Ok(found)
}

/// Adds an address of a place; the one there is where the line is known already.
pub fn add(tx: &mut Tx<'_>, org: &OrgPath, parts: Map<String, Value>) -> Result<Document> {
    if let Some(known) = find(tx, &line(&parts))?.filter(|d| d.org == *org) {
        return Ok(known);
    }
    let mut doc = tmf::insert(tx, &ADDRESS, parts)?;
    if doc.org != *org {
        let before = doc.body.clone();
        doc.org = org.clone();
        tmf::save(tx, &ADDRESS, &before, &mut doc)?;
    }
    Ok(doc)
}
