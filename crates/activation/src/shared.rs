//! Things that several services use, such as the ONU in a flat: set up by the first, kept while any uses it, deleted with
//! the last.
//!
//! Who uses a thing is kept by the inventory, so joining and leaving may be repeated. While the last one is being deleted
//! from the network nobody joins: the one that leaves is marked until its step is booked.

use http::tmf::Document;
use inventory::shared as holders;
use kernel::Result;
use serde_json::{Map, Value};
use store::{Tx, params, sql};

/// A shared thing: its kind and which one it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Thing {
    pub kind: String,
    pub key: String,
}

impl Thing {
    /// As the network knows it.
    pub fn subscriber(&self) -> String {
        format!("{}:{}", self.kind, self.key)
    }
}

sql! {
    MARK = "INSERT INTO shared_leaving (kind, thing, product_id, since) VALUES ($1, $2, $3, $4) ON CONFLICT (kind, thing, product_id) DO NOTHING";
    MARKED = "SELECT product_id FROM shared_leaving WHERE kind = $1 AND thing = $2 AND product_id <> $3";
    UNMARK = "DELETE FROM shared_leaving WHERE kind = $1 AND thing = $2 AND product_id = $3";
}

/// The thing a step is about, if its service shares one. Without a key of its own it is the customer's at the address.
pub fn thing(input: &Value, product: &Map<String, Value>, attributes: &Map<String, Value>) -> Option<Thing> {
    let rule = input.get("shared")?;
    let kind = rule["kind"].as_str()?.to_owned();
    let text = |name: &str| attributes.get(name).and_then(Value::as_str).map(str::trim).filter(|s| !s.is_empty());
    if let Some(key) = rule["key"].as_str().and_then(text) {
        return Some(Thing { kind, key: key.to_owned() });
    }
    let parties = product.get("relatedParty").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let customer = parties.iter().find(|p| p["role"] == "customer").and_then(|p| p["id"].as_str()).unwrap_or("");
    let place: String = text("installAddress")?.split_whitespace().collect();
    Some(Thing { kind, key: format!("{customer}@{place}") })
}

/// What became of a wish to leave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Left {
    /// Others use it still.
    InUse,
    /// It was the last: the thing goes too.
    Last,
}

/// Joins; `false` while somebody else is just taking the thing away.
pub fn join(tx: &mut Tx<'_>, thing: &Thing, product: &str) -> Result<bool> {
    holders::attach(tx, &thing.kind, &thing.key, product)?; // from here on nobody else joins or leaves beside us
    if tx.query_opt(&MARKED, params![thing.kind, thing.key, product])?.is_some() {
        holders::detach(tx, &thing.kind, &thing.key, product)?;
        return Ok(false);
    }
    tx.execute(&UNMARK, params![thing.kind, thing.key, product])?;
    Ok(true)
}

/// Leaves; where it is the last that is marked until [`gone`].
pub fn leave(tx: &mut Tx<'_>, thing: &Thing, product: &str) -> Result<Left> {
    let left = holders::detach(tx, &thing.kind, &thing.key, product)?;
    if left.holders > 0 {
        return Ok(Left::InUse);
    }
    let now = tx.now();
    tx.execute(&MARK, params![thing.kind, thing.key, product, now])?;
    Ok(Left::Last)
}

/// The network has deleted the thing, or it is certain that it never had it for this product.
pub fn gone(tx: &mut Tx<'_>, thing: &Thing, product: &str) -> Result<()> {
    holders::detach(tx, &thing.kind, &thing.key, product)?;
    tx.execute(&UNMARK, params![thing.kind, thing.key, product]).map(drop)
}

/// The products that use a thing, the first first.
pub fn users(tx: &mut Tx<'_>, thing: &Thing) -> Result<Vec<String>> {
    holders::holders(tx, &thing.kind, &thing.key)
}

/// The things a product uses.
pub fn of_product(tx: &mut Tx<'_>, product: &Document) -> Result<Vec<Thing>> {
    Ok(holders::of_product(tx, &product.id)?.into_iter().map(|(kind, key)| Thing { kind, key }).collect())
}
