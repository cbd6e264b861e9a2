//! Services follow their product to another customer.

use super::{OF_PRODUCT, SERVICE};
use http::tmf;
use kernel::Result;
use serde_json::{Value, json};
use store::{Tx, params};

/// The services of a product belong to `to` from now on, and where the product belongs.
pub fn rehold(tx: &mut Tx<'_>, product_id: &str, from: &str, to: &str) -> Result<()> {
    let org = crate::products::get(tx, product_id)?.org;
    for row in &tx.query(&OF_PRODUCT, params![product_id])? {
        let mut doc = tmf::lock(tx, &SERVICE, row.str(0))?;
        let before = doc.body.clone();
        let parties = doc.body.get_mut("relatedParty").and_then(Value::as_array_mut);
        for party in parties.into_iter().flatten().filter(|p| p["id"] == from) {
            party["id"] = json!(to);
        }
        doc.org = org.clone();
        tmf::save(tx, &SERVICE, &before, &mut doc)?;
    }
    Ok(())
}
