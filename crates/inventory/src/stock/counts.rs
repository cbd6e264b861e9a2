//! Stock-taking (盘点): what lies there beside what should. Who counted does not settle the difference.

use super::{
    ItemState, Kind,
    items::{self, Holder},
    state::Change,
    transfers::another,
    warehouses,
};
use crate::problems;
use kernel::{OrgPath, Problem, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use store::{Event, Filter, Row, Tx, params, sql};

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Count {
    pub warehouse_id: String,
    pub kind: String,
    /// Everything that lies there.
    pub serials: Vec<String>,
}

sql! {
    EXPECTED = "SELECT serial FROM stock_item WHERE warehouse_id = $1 AND kind = $2 AND state IN ('inStock', 'reserved') ORDER BY serial";
    ADD = "INSERT INTO stock_count (id, count_no, warehouse_id, org, kind, state, expected, found, missing, surplus, counted_by, counted_name, counted_at) \
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    GET = "SELECT id, count_no, warehouse_id, org, kind, state, expected, found, missing, surplus, counted_by, counted_name, counted_at, \
           settled_name, settled_at, reason FROM stock_count WHERE id = $1";
    SETTLE = "UPDATE stock_count SET state = 'settled', settled_name = $2, settled_at = $3, reason = $4 WHERE id = $1 AND state = 'differing'";
}

/// Records what was counted; returns the id of the sheet.
pub(super) fn record(tx: &mut Tx<'_>, count: &Count) -> Result<String> {
    let kind = Kind::parse(&count.kind)?;
    let warehouse = warehouses::own(tx, &count.warehouse_id)?;
    if count.serials.len() > 50_000 {
        return Err(Problem::invalid("serials", "≤ 50000"));
    }
    let rows = tx.query(&EXPECTED, params![warehouse.id, kind.text()])?;
    let expected: BTreeSet<&str> = rows.iter().map(|r| r.str(0)).collect();
    let counted: BTreeSet<&str> = count.serials.iter().map(|s| s.trim()).filter(|s| !s.is_empty()).collect();
    let missing: Vec<&&str> = expected.difference(&counted).collect();
    let surplus: Vec<&&str> = counted.difference(&expected).collect();
    let state = if missing.is_empty() && surplus.is_empty() { "matching" } else { "differing" };
    let id = tx.new_id::<Count>().into_string();
    let (by, name, now) = (tx.actor().id.to_string(), tx.actor().name.to_string(), tx.now());
    let number = tx.next_number("PD", &warehouse.org)?;
    tx.execute(
        &ADD,
        params![
            id,
            number,
            warehouse.id,
            warehouse.org,
            kind.text(),
            state,
            expected.len(),
            counted.intersection(&expected).count(),
            json!(missing),
            json!(surplus),
            by,
            name,
            now
        ],
    )?;
    let detail = json!({"expected": expected.len(), "missing": missing.len(), "surplus": surplus.len()});
    tx.emit(Event::new("StockCountCreateEvent", "stockCount", &id, 1, &warehouse.org).audit(detail))?;
    Ok(id)
}

fn load(tx: &mut Tx<'_>, id: &str) -> Result<Row> {
    let row = tx.query_one(&GET, params![id])?;
    tx.must_see(row.str(3))?;
    Ok(row)
}

pub(super) fn view(tx: &mut Tx<'_>, id: &str) -> Result<Value> {
    Ok(show(&load(tx, id)?))
}

fn show(row: &Row) -> Value {
    json!({
        "id": row.str(0), "countNo": row.str(1), "warehouseId": row.str(2), "org": row.str(3), "kind": row.str(4), "state": row.str(5),
        "expected": row.int(6), "found": row.int(7), "missing": row.json(8), "surplus": row.json(9), "countedBy": row.str(11),
        "countedAt": row.time(12), "settledBy": row.opt_text(13), "settledAt": row.opt_time(14), "reason": row.opt_text(15),
    })
}

pub(super) fn list(tx: &mut Tx<'_>, warehouse: Option<&str>, limit: i64) -> Result<Vec<Value>> {
    let mut filter = Filter::default();
    filter.scope("org", tx.actor());
    if let Some(id) = warehouse {
        filter.equal("warehouse_id", id);
    }
    let limit = filter.bind(limit);
    let text = format!(
        "SELECT id, count_no, warehouse_id, org, kind, state, expected, found, missing, surplus, counted_by, counted_name, counted_at, \
         settled_name, settled_at, reason FROM stock_count{} ORDER BY counted_at DESC, id DESC LIMIT {limit}",
        filter.to_where()
    );
    Ok(tx.query(&text, &filter.binds)?.iter().map(show).collect())
}

/// Gives the missing up as lost. Somebody else than the one who counted; what has moved meanwhile is left alone.
pub(super) fn settle(tx: &mut Tx<'_>, id: &str, reason: &str) -> Result<()> {
    let row = load(tx, id)?;
    if row.str(5) != "differing" {
        return Err(Problem::new(&problems::TRANSFER_STATE).with("state", row.str(5)));
    }
    another(tx, row.str(10), row.str(11))?;
    if reason.trim().is_empty() {
        return Err(Problem::missing("reason"));
    }
    let (missing, warehouse) = (row.json(8), row.text(2));
    let mut lost = 0;
    for serial in missing.as_array().into_iter().flatten().filter_map(Value::as_str) {
        let Some(item) = items::get(tx, serial)? else { continue };
        if item.state == ItemState::InStock && item.warehouse_id == warehouse {
            items::turn(tx, &item, Change::Lose, &Holder::default(), reason.trim(), id)?;
            lost += 1;
        }
    }
    let (name, now) = (tx.actor().name.to_string(), tx.now());
    if tx.execute(&SETTLE, params![id, name, now, reason.trim()])? == 0 {
        return Err(Problem::new(&kernel::codes::CONFLICT));
    }
    let org = OrgPath::parse(row.str(3))?;
    let detail = json!({"lost": lost, "reason": reason});
    tx.emit(Event::new("StockCountStateChangeEvent", "stockCount", id, 2, &org).audit(detail))
}
