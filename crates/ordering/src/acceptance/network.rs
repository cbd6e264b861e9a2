//! The steps towards the network that a change of a product needs: what the catalogue says for this kind of change.

use super::Call;
use crate::network::{self, Whose};
use catalog::{PlannedProduct, Purpose};
use flow::NewStep;
use http::tmf::Document;
use inventory::products;
use kernel::{Problem, Result};
use serde_json::json;
use store::Tx;

/// Appends what is asked of the network for one call; returns the positions of its steps.
pub fn append(tx: &mut Tx<'_>, steps: &mut Vec<NewStep>, call: &Call, before: &[usize]) -> Result<Vec<usize>> {
    let product = products::get(tx, &call.product_id)?;
    if product.body.get("productOffering").is_none_or(|o| o["id"].as_str().is_none_or(str::is_empty)) {
        return Ok(Vec::new()); // a record of another system: nothing of ours runs for it
    }
    let planned = planned(tx, &product)?;
    let on = [call.on];
    let purpose = if call.on == "deactivate" { Purpose::Delete } else { Purpose::Change(&on) };
    let work = catalog::work(&planned, purpose);
    let extra = json!({"attributes": call.attributes, "before": call.before});
    let whose = Whose { item: "1", product: &call.product_id, extra };
    Ok(network::append(steps, &whose, &work, before))
}

/// What a product that works is made of, by the catalogue.
pub fn planned(tx: &mut Tx<'_>, product: &Document) -> Result<PlannedProduct> {
    let sold = product.body.get("productOffering");
    let id = sold.and_then(|o| o["id"].as_str()).unwrap_or("").to_owned();
    let offering = catalog::offering_at(tx, &id, sold.and_then(|o| o["version"].as_i64()))?;
    let planned = catalog::structure(tx, &offering, &[])?;
    planned.into_iter().next().ok_or_else(|| Problem::internal("an offering without products"))
}
