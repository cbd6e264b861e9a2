//! Changes of a product that orders make: each gives back what stood there before, so that it can be put back.

use super::PRODUCT;
use http::tmf::{self, Document};
use kernel::Result;
use serde_json::{Map, Value, json};
use store::{Tx, params, sql};

/// Changes a product under its lock and publishes the change; nothing happens where `change` leaves it as it is.
pub fn change(tx: &mut Tx<'_>, id: &str, change: impl FnOnce(&mut Document) -> Result<()>) -> Result<Document> {
    let mut doc = tmf::lock(tx, &PRODUCT, id)?;
    let (before, org) = (doc.body.clone(), doc.org.clone());
    change(&mut doc)?;
    if doc.body != before || doc.org != org {
        tmf::save(tx, &PRODUCT, &before, &mut doc)?;
    }
    Ok(doc)
}

/// Sets attributes of a product (null removes); returns what they were.
pub fn set_attributes(tx: &mut Tx<'_>, id: &str, set: &Map<String, Value>) -> Result<Map<String, Value>> {
    let mut before = Map::new();
    change(tx, id, |doc| {
        for (name, value) in set {
            before.insert(name.clone(), doc.body.get(name).cloned().unwrap_or(Value::Null));
            match value {
                Value::Null => drop(doc.body.remove(name)),
                value => doc.set(name, value.clone()),
            }
        }
        Ok(())
    })?;
    Ok(before)
}

/// Sets characteristics of a product (null removes); returns what they were.
pub fn set_characteristics(tx: &mut Tx<'_>, id: &str, set: &Map<String, Value>) -> Result<Map<String, Value>> {
    let mut before = Map::new();
    change(tx, id, |doc| {
        let list = doc.body.entry("productCharacteristic").or_insert_with(|| json!([]));
        let Some(list) = list.as_array_mut() else { return Ok(()) };
        for (name, value) in set {
            let at = list.iter().position(|c| c["name"] == name.as_str());
            before.insert(name.clone(), at.map_or(Value::Null, |i| list[i]["value"].clone()));
            match (at, value) {
                (Some(i), Value::Null) => drop(list.remove(i)),
                (Some(i), value) => list[i]["value"] = value.clone(),
                (None, Value::Null) => {}
                (None, value) => list.push(json!({"name": name, "value": value})),
            }
        }
        Ok(())
    })?;
    Ok(before)
}

sql! {
    LIVE_BODIES = "SELECT body FROM product WHERE customer_id = $1 AND live = 1 ORDER BY id LIMIT 1000";
    MEMBERS = "SELECT COUNT(*) FROM product WHERE group_id = $1 AND live = 1";
}

/// How many live products of a product line a customer holds, wherever they belong.
pub fn live_of_family(tx: &mut Tx<'_>, customer_id: &str, family: &str) -> Result<i64> {
    let mut n = 0;
    for row in tx.query(&LIVE_BODIES, params![customer_id])? {
        n += i64::from(row.json(0)["family"] == family);
    }
    Ok(n)
}

/// How many live products are members of a group.
pub fn members_of(tx: &mut Tx<'_>, group_id: &str) -> Result<i64> {
    Ok(tx.query_one(&MEMBERS, params![group_id])?.int(0))
}
