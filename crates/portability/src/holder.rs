//! Who a line is registered to.

use customer::Summary;
use http::tmf::Document;
use kernel::{Problem, Result};
use serde_json::Value;
use store::Tx;

/// The customer of a product, with certificate in clear where the actor may see it (the system may).
pub fn of_product(tx: &mut Tx<'_>, product: &Document) -> Result<Summary> {
    let parties = product.body.get("relatedParty").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let customer = parties.iter().find(|p| p["role"] == "customer" || p["@referredType"] == "Customer");
    let id = customer.and_then(|p| p["id"].as_str()).ok_or_else(|| Problem::missing("relatedParty"))?;
    customer::summary(tx, id)
}
