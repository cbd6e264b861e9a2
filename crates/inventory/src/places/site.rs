//! TMF674 sites: halls, exchange buildings, a customer's premises.

use crate::{PLACE_READ, PLACE_WRITE};
use http::tmf::{Api, Column, Kind, Ops, Resource, Rules};
use kernel::{OrgPath, Problem, Result};
use serde_json::{Map, Value, json};
use store::{ToValue, Tx};

static API: Api = Api { base: "/tmf-api/geographicSiteManagement/v4", aliases: &["/tmf-api/geographicSite/v4"] };

pub static SITE: Resource = Resource {
    api: &API,
    name: "geographicSite",
    type_name: "GeographicSite",
    table: "geographic_site",
    columns: &[
        Column { attribute: "name", column: "name", kind: Kind::Text },
        Column { attribute: "status", column: "status", kind: Kind::Text },
    ],
    mandatory: &["name"],
    ops: Ops::ALL,
    read: PLACE_READ,
    write: PLACE_WRITE,
    rules: &SiteRules,
};

struct SiteRules;

fn text<'d>(doc: &'d Map<String, Value>, name: &str) -> &'d str {
    doc.get(name).and_then(Value::as_str).unwrap_or("")
}

/// The address that a site names is one of ours.
fn place(tx: &mut Tx<'_>, doc: &Map<String, Value>) -> Result<()> {
    let places = match doc.get("place") {
        None | Some(Value::Null) => return Ok(()),
        Some(Value::Array(all)) => all.clone(),
        Some(one) => vec![one.clone()],
    };
    for place in places {
        let ours = place["@referredType"] == "GeographicAddress";
        if let (true, Some(id)) = (ours, place["id"].as_str())
            && super::find(tx, id)?.is_none()
        {
            return Err(Problem::unknown_reference("place.id", id));
        }
    }
    Ok(())
}

impl Rules for SiteRules {
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Map<String, Value>) -> Result<OrgPath> {
        if text(doc, "name").trim().is_empty() {
            return Err(Problem::invalid("name", "text"));
        }
        place(tx, doc)?;
        doc.entry("status").or_insert_with(|| json!("active"));
        let now = json!(tx.now());
        doc.entry("creationDate").or_insert(now);
        Ok(tx.actor().org.clone())
    }
    fn change(&self, tx: &mut Tx<'_>, _: &Map<String, Value>, after: &mut Map<String, Value>) -> Result<()> {
        if text(after, "name").trim().is_empty() {
            return Err(Problem::invalid("name", "text"));
        }
        place(tx, after)
    }
    fn columns(&self, doc: &Map<String, Value>) -> Vec<(&'static str, store::Value)> {
        vec![("name", text(doc, "name").to_value()), ("status", text(doc, "status").to_value())]
    }
    fn events(&self, before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<&'static str> {
        if before.get("status") == after.get("status") { vec![] } else { vec!["StatusChange"] }
    }
}
