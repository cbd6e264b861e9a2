//! Products, their services and reserved numbers, given to another customer when two are merged, and back.

use crate::{products::PRODUCT, services::SERVICE};
use customer::reassign;
use http::tmf::{self, Document};
use kernel::{OrgPath, Problem, Result};
use serde_json::Value;
use store::{Tx, params, sql};

sql! {
    SERVICES = "SELECT id, version, org, created_at, body FROM service WHERE product_id = $1 {for_update}";
}

/// Moves what `from` holds to `into`; with `only`, those of these labels. Returns the labels of what moved.
pub fn reassign(tx: &mut Tx<'_>, from: &str, into: &str, only: Option<&[String]>) -> Result<Vec<String>> {
    let mut moved = reassign::documents(tx, &PRODUCT, from, into, only)?;
    let name = customer::name_of(tx, into)?;
    let products = reassign::ids_of(Some(&moved), PRODUCT.table).unwrap_or_default();
    for product in products {
        for row in tx.query(&SERVICES, params![product])? {
            let Value::Object(body) = row.json(4) else {
                return Err(Problem::internal("a stored service is no object"));
            };
            let org = OrgPath::parse(row.str(2))?;
            let mut doc = Document { id: row.text(0), version: row.int(1), org, created_at: row.time(3), body };
            let before = doc.body.clone();
            reassign::refer(&mut doc.body, from, into, &name, only.is_some());
            if doc.body != before {
                tmf::save(tx, &SERVICE, &before, &mut doc)?;
            }
        }
    }
    moved.extend(reassign::rows(tx, ("number_pool", "number", "customer_id"), from, into, only)?);
    Ok(moved)
}

/// How much of each kind a customer has.
pub fn holds(tx: &mut Tx<'_>, customer: &str) -> Result<Vec<(&'static str, i64)>> {
    reassign::counts(tx, &["product"], customer)
}
