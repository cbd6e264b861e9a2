//! TMF638 services: what runs for a product in the network, made when its activation is done.

mod holder;
mod record;

pub use holder::rehold;

use crate::{READ, WRITE};
use http::tmf::{self, Api, Column, Document, Kind, Ops, Resource, Rules};
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

/// The specification of a service in the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Specification {
    pub id: String,
    pub version: String,
    pub name: String,
}

/// A customer-facing service of a product and the resource-facing ones it relies on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    pub cfs: Specification,
    pub rfs: Vec<Specification>,
}

impl From<&catalog::PlannedCfs> for Planned {
    fn from(cfs: &catalog::PlannedCfs) -> Self {
        let specification = |id: &str, version: &str, name: &str| Specification {
            id: id.to_owned(),
            version: version.to_owned(),
            name: name.to_owned(),
        };
        Self {
            cfs: specification(&cfs.spec_id, &cfs.version, &cfs.name),
            rfs: cfs.rfs.iter().map(|r| specification(&r.spec_id, &r.version, &r.name)).collect(),
        }
    }
}

sql! {
    OF_PRODUCT = "SELECT id FROM service WHERE product_id = $1 ORDER BY id";
}

/// Records the services of products, in the state their product is in. Resource-facing services come first, so that those
/// the customer knows are the newest.
pub fn create(tx: &mut Tx<'_>, made: &[(&Document, Vec<Planned>)]) -> Result<()> {
    let mut facing_customers = Vec::new();
    for (product, planned) in made {
        let shared = record::of_product(tx, product)?;
        for planned in planned {
            // Relations point both ways, so the identifiers come before the rows.
            let supporting: Vec<(String, &Specification)> =
                planned.rfs.iter().map(|rfs| (tx.new_id::<Document>().into_string(), rfs)).collect();
            facing_customers.push((*product, shared.clone(), &planned.cfs, supporting));
        }
    }
    let own: Vec<String> = facing_customers.iter().map(|_| tx.new_id::<Document>().into_string()).collect();
    for (id, (product, shared, cfs, supporting)) in own.iter().zip(&facing_customers) {
        for (rfs_id, rfs) in supporting {
            let relations = record::relations("supports", &[(id, *cfs)]);
            insert(tx, product, record::service(shared, rfs_id, "RFS", rfs, relations, Value::Array(Vec::new())))?;
        }
    }
    for (id, (product, shared, cfs, supporting)) in own.iter().zip(facing_customers) {
        let supporting: Vec<(&String, &Specification)> = supporting.iter().map(|(id, rfs)| (id, *rfs)).collect();
        let relations = record::relations("reliesOn", &supporting);
        let references = record::references(&supporting);
        insert(tx, product, record::service(&shared, id, "CFS", cfs, relations, references))?;
    }
    Ok(())
}

/// A service belongs where its product does, whoever books it.
fn insert(tx: &mut Tx<'_>, product: &Document, body: Map<String, Value>) -> Result<()> {
    let id = body["id"].as_str().unwrap_or("").to_owned();
    let doc = Document { id, version: 1, org: product.org.clone(), created_at: tx.now(), body };
    tmf::insert_silently(tx, &SERVICE, &doc)?;
    tmf::publish(tx, &SERVICE, &doc, "Create")
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
