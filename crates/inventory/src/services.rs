//! TMF638 services: what runs for a product in the network, made when its activation is done.

use crate::{READ, WRITE};
use http::tmf::{self, Api, Column, Kind, Ops, Resource, Rules};
use kernel::{OrgPath, Problem, Result};
use serde_json::{Map, Value, json};
use store::{ToValue, Tx, params, sql};

static API: Api = Api { base: "/tmf-api/serviceInventory/v4", aliases: &["/tmf-api/serviceInventoryManagement/v4"] };

pub static SERVICE: Resource = Resource {
    api: &API,
    name: "service",
    type_name: "Service",
    table: "service",
    columns: &[Column { attribute: "state", column: "state", kind: Kind::Text }],
    mandatory: &["state", "serviceSpecification"],
    ops: Ops::ALL,
    read: READ,
    write: WRITE,
    rules: &ServiceRules,
};

const STATES: [&str; 6] = ["feasibilityChecked", "designed", "reserved", "inactive", "active", "terminated"];

struct ServiceRules;

impl Rules for ServiceRules {
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Map<String, Value>) -> Result<OrgPath> {
        state(doc)?;
        let now = json!(tx.now());
        doc.entry("serviceDate").or_insert_with(|| now);
        let specification = doc.get("serviceSpecification").and_then(|s| s["name"].as_str().or(s["id"].as_str()));
        let name = json!(specification.unwrap_or("service"));
        doc.entry("name").or_insert(name);
        Ok(tx.actor().org.clone())
    }
    fn change(&self, _: &mut Tx<'_>, _: &Map<String, Value>, after: &mut Map<String, Value>) -> Result<()> {
        state(after)
    }
    fn columns(&self, doc: &Map<String, Value>) -> Vec<(&'static str, store::Value)> {
        let text = |name: &str| doc.get(name).and_then(Value::as_str);
        let product = text("productId").map(str::to_owned);
        vec![("state", text("state").unwrap_or("").to_value()), ("product_id", product.to_value())]
    }
    fn events(&self, before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<&'static str> {
        if before.get("state") == after.get("state") { vec![] } else { vec!["StateChange"] }
    }
}

fn state(doc: &Map<String, Value>) -> Result<()> {
    match doc.get("state").and_then(Value::as_str) {
        Some(s) if STATES.contains(&s) => Ok(()),
        _ => Err(Problem::invalid("state", &STATES.join(" | "))),
    }
}

/// A service to be recorded for a product.
#[derive(Clone, Debug)]
pub struct NewService {
    pub name: String,
    /// `CFS` or `RFS`.
    pub category: &'static str,
    pub product_id: String,
    pub product_name: String,
}

sql! {
    OF_PRODUCT = "SELECT id FROM service WHERE product_id = $1 ORDER BY id";
}

/// Records the services of a product as active.
pub fn create(tx: &mut Tx<'_>, services: &[NewService]) -> Result<()> {
    for new in services {
        let body = json!({
            "name": new.name, "category": new.category, "state": "active", "description": new.product_name,
            "serviceSpecification": {"id": new.name, "name": new.name}, "startDate": tx.now(), "productId": new.product_id,
            "supportingService": [], "supportingResource": [], "serviceCharacteristic": [], "relatedParty": [], "place": [],
        });
        let Value::Object(body) = body else { continue };
        tmf::insert(tx, &SERVICE, body)?;
    }
    Ok(())
}

/// Sets the state of all services of a product: they follow their product.
pub fn follow(tx: &mut Tx<'_>, product_id: &str, state: &str) -> Result<()> {
    let rows = tx.query(&OF_PRODUCT, params![product_id])?;
    for row in &rows {
        let mut doc = tmf::lock(tx, &SERVICE, row.str(0))?;
        if doc.text("state") != state {
            let before = doc.body.clone();
            doc.set("state", state);
            tmf::save(tx, &SERVICE, &before, &mut doc)?;
        }
    }
    Ok(())
}
