//! The specifications every system starts with, and a few offerings to try it with. Both are data files in TM Forum form;
//! what is there already is left as it stands, so an operator's changes survive the next start.

use crate::resources::{
    CATALOG, CATEGORY, PRODUCT_OFFERING, PRODUCT_OFFERING_PRICE, PRODUCT_SPECIFICATION, SERVICE_SPECIFICATION,
};
use http::tmf::{self, Resource};
use kernel::{Problem, Result};
use serde_json::{Map, Value};
use store::Tx;

/// In the order in which they refer to each other.
static ORDER: [(&str, &Resource); 6] = [
    ("serviceSpecification", &SERVICE_SPECIFICATION),
    ("productSpecification", &PRODUCT_SPECIFICATION),
    ("category", &CATEGORY),
    ("productOfferingPrice", &PRODUCT_OFFERING_PRICE),
    ("productOffering", &PRODUCT_OFFERING),
    ("catalog", &CATALOG),
];

/// Specifications of the product lines, the components of bundles, and the categories. Safe to run at every start.
pub fn ensure_defaults(tx: &mut Tx<'_>) -> Result<()> {
    load(tx, include_str!("../data/defaults.json"))?;
    load(tx, include_str!("../data/families.json"))
}

/// Invented offerings for demonstrations and tests, a closed one among them.
pub fn ensure_demo(tx: &mut Tx<'_>) -> Result<()> {
    ensure_defaults(tx)?;
    load(tx, include_str!("../data/demo.json"))?;
    load(tx, include_str!("../data/demo-families.json"))
}

fn load(tx: &mut Tx<'_>, text: &str) -> Result<()> {
    let mut file: Map<String, Value> = serde_json::from_str(text).map_err(Problem::internal)?;
    for (name, resource) in ORDER {
        let Some(Value::Array(documents)) = file.remove(name) else { continue };
        for document in documents {
            let Value::Object(body) = document else { continue };
            let id = body.get("id").and_then(Value::as_str).unwrap_or("").to_owned();
            if tmf::get(tx, resource, &id)?.is_none() {
                tmf::insert(tx, resource, body)?;
            }
        }
    }
    Ok(())
}
