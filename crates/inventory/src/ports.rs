//! Ports of the access network: one product each, assigned by a conditional update.

mod moving;
mod resting;

pub use moving::{left, move_back, move_to};
pub use resting::{keep, pre_release};

use crate::problems;
use kernel::{OrgPath, Problem, Result};
use store::{Tx, Value, params, sql};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    pub id: String,
    pub device: String,
    pub name: String,
}

sql! {
    OF_PRODUCT = "SELECT id, device, name FROM access_port WHERE product_id = $1";
    ANY = "SELECT COUNT(*) FROM access_port WHERE org = $1 OR (org >= $2 AND org < $3)";
    ASSIGN = "UPDATE access_port SET state = 'assigned', product_id = $1 WHERE id = \
              (SELECT id FROM access_port WHERE state = 'available' AND (org = $2 OR (org >= $3 AND org < $4)) ORDER BY id LIMIT 1 {skip_locked}) \
              AND state = 'available' RETURNING id, device, name";
    CLOSE = "UPDATE access_port SET state = 'closed' WHERE device = $1 AND state = 'available'";
    RELEASE = "UPDATE access_port SET state = 'available', product_id = NULL WHERE product_id = $1";
}

/// Gives the product a free port of the city; the same one when asked again.
pub fn assign(tx: &mut Tx<'_>, org: &OrgPath, product_id: &str) -> Result<Port> {
    let port = |row: &store::Row| Port { id: row.text(0), device: row.text(1), name: row.text(2) };
    if let Some(row) = tx.query_opt(&OF_PRODUCT, params![product_id])? {
        return Ok(port(&row));
    }
    let city = city(org);
    let (from, to) = city.below();
    match tx.query_opt(&ASSIGN, params![product_id, city, from, to])? {
        Some(row) => Ok(port(&row)),
        None => Err(Problem::new(&problems::NO_PORT)),
    }
}

/// Whether the city keeps its ports here at all; where it does not, an other system assigns them.
pub fn kept_for(tx: &mut Tx<'_>, org: &OrgPath) -> Result<bool> {
    let city = city(org);
    let (from, to) = city.below();
    Ok(tx.query_one(&ANY, params![city, from, to])?.int(0) > 0)
}

pub fn release(tx: &mut Tx<'_>, product_id: &str) -> Result<()> {
    tx.execute(&RELEASE, params![product_id]).map(drop)
}

/// Adds `count` ports to a device.
pub fn add(tx: &mut Tx<'_>, org: &OrgPath, device: &str, count: usize) -> Result<u64> {
    let mut values: Vec<Value> = Vec::with_capacity(count * 5);
    for n in 1..=count {
        let id = format!("{device}-{n:04}");
        values.extend_from_slice(params![id, org, device, format!("0/{}/{}", n / 16, n % 16), "available"]);
    }
    tx.insert_rows("access_port (id, org, device, name, state)", 5, &values, "ON CONFLICT DO NOTHING")
}

/// Takes the free ports of a device out of use: it is full, or being rebuilt.
pub fn close(tx: &mut Tx<'_>, device: &str) -> Result<()> {
    tx.execute(&CLOSE, params![device]).map(drop)
}

/// The city a place belongs to: `/cn/44/4401` of `/cn/44/4401/h001`.
pub(crate) fn city(org: &OrgPath) -> OrgPath {
    let mut place = org.clone();
    while place.as_str().matches('/').count() > 3
        && let Some(parent) = place.parent()
    {
        place = parent;
    }
    place
}
