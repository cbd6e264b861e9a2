//! TMF639 resources: SIM cards, ports and devices as documents.

use crate::{READ, WRITE};
use http::tmf::{Api, Column, Kind, Ops, Resource, Rules};
use kernel::{OrgPath, Result};
use serde_json::{Map, Value, json};
use store::{ToValue, Tx};

static API: Api = Api { base: "/tmf-api/resourceInventoryManagement/v4", aliases: &["/tmf-api/resourceInventory/v4"] };

pub static RESOURCE: Resource = Resource {
    api: &API,
    name: "resource",
    type_name: "Resource",
    table: "resource",
    columns: &[Column { attribute: "name", column: "name", kind: Kind::Text }],
    mandatory: &["name"],
    ops: Ops::ALL,
    read: READ,
    write: WRITE,
    rules: &ResourceRules,
};

struct ResourceRules;

impl Rules for ResourceRules {
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Map<String, Value>) -> Result<OrgPath> {
        if !doc.get("name").is_some_and(Value::is_string) {
            return Err(kernel::Problem::invalid("name", "text"));
        }
        doc.entry("resourceStatus").or_insert_with(|| json!("available"));
        Ok(tx.actor().org.clone())
    }
    fn columns(&self, doc: &Map<String, Value>) -> Vec<(&'static str, store::Value)> {
        vec![("name", doc.get("name").and_then(Value::as_str).unwrap_or("").to_value())]
    }
    fn events(&self, before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<&'static str> {
        if before.get("resourceStatus") == after.get("resourceStatus") { vec![] } else { vec!["StateChange"] }
    }
}
