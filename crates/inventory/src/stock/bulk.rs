//! Much stock at once: for demonstrations and takeovers, where nobody counts the parcels.

use super::{ItemState, Kind};
use kernel::{OrgPath, Result};
use store::{Tx, Value, params};

/// A warehouse with its place.
#[derive(Clone, Debug)]
pub struct NewWarehouse {
    pub org: OrgPath,
    pub name: String,
}

/// Cards or devices that lie in a place's warehouse.
#[derive(Clone, Debug)]
pub struct NewItem {
    pub kind: Kind,
    pub serial: String,
    pub model: String,
    pub imsi: Option<String>,
    pub org: OrgPath,
}

/// The warehouse of a place that has one.
pub fn warehouse_of(org: &OrgPath) -> String {
    format!("wh{}", org.as_str().replace('/', "-"))
}

/// Puts warehouses up and stock into them; what is there already stays as it is.
pub fn stock_up(tx: &mut Tx<'_>, warehouses: &[NewWarehouse], items: &[NewItem]) -> Result<u64> {
    let now = tx.now();
    let mut rows: Vec<Value> = Vec::with_capacity(warehouses.len() * 7);
    for w in warehouses {
        let level = i64::try_from(w.org.as_str().matches('/').count()).unwrap_or(4).min(4);
        let above = w.org.parent().map(|p| warehouse_of(&p));
        rows.extend_from_slice(params![warehouse_of(&w.org), w.org, level, w.name, above, 1i64, now]);
    }
    let into = "warehouse (id, org, level, name, parent_id, active, created_at)";
    tx.insert_rows(into, 7, &rows, "ON CONFLICT DO NOTHING")?;
    let mut rows: Vec<Value> = Vec::with_capacity(items.len() * 8);
    for i in items {
        let (kind, state) = (i.kind.text(), ItemState::InStock.text());
        rows.extend_from_slice(params![i.serial, kind, i.model, i.imsi, warehouse_of(&i.org), i.org, state, now]);
    }
    let into = "stock_item (serial, kind, model, imsi, warehouse_id, org, state, updated_at)";
    tx.insert_rows(into, 8, &rows, "ON CONFLICT DO NOTHING")
}
