//! How much lies where.

use kernel::Result;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use store::{Filter, Tx};

/// Pieces by warehouse, kind, model and state, of the warehouses the actor may see.
pub(crate) fn levels(tx: &mut Tx<'_>, warehouse: Option<&str>, kind: Option<&str>) -> Result<Vec<Value>> {
    let mut filter = Filter::default();
    filter.scope("w.org", tx.actor());
    filter.and("w.active = 1".to_owned());
    if let Some(id) = warehouse {
        filter.equal("w.id", id);
    }
    let mut on = String::new();
    if let Some(kind) = kind {
        let bind = filter.bind(kind);
        on = format!(" AND i.kind = {bind}");
    }
    let text = format!(
        "SELECT w.id, w.name, w.org, w.level, i.kind, i.model, i.state, COUNT(i.serial), \
         (SELECT m.minimum FROM stock_minimum m WHERE m.warehouse_id = w.id AND m.kind = i.kind) \
         FROM warehouse w LEFT JOIN stock_item i ON i.warehouse_id = w.id{on}{} \
         GROUP BY w.id, w.name, w.org, w.level, i.kind, i.model, i.state ORDER BY w.org, w.id, i.kind, i.model",
        filter.to_where()
    );
    let mut warehouses: Vec<Value> = Vec::new();
    let mut lines: BTreeMap<(String, String, String), Line> = BTreeMap::new();
    for row in &tx.query(&text, &filter.binds)? {
        if warehouses.last().is_none_or(|w| w["id"] != row.str(0)) {
            warehouses.push(
                json!({"id": row.str(0), "name": row.str(1), "org": row.str(2), "level": row.int(3), "lines": []}),
            );
        }
        if let Some(kind) = row.opt_text(4) {
            let line = lines.entry((row.text(0), kind, row.text(5))).or_default();
            line.states.insert(row.text(6), row.int(7));
            line.minimum = row.opt_int(8);
        }
    }
    for ((id, kind, model), line) in lines {
        let free = line.states.get("inStock").copied().unwrap_or(0);
        let shown = json!({
            "kind": kind, "model": model, "states": line.states, "free": free, "minimum": line.minimum,
            "low": line.minimum.is_some_and(|m| free < m),
        });
        if let Some(warehouse) = warehouses.iter_mut().find(|w| w["id"] == id.as_str())
            && let Some(lines) = warehouse["lines"].as_array_mut()
        {
            lines.push(shown);
        }
    }
    Ok(warehouses)
}

#[derive(Default)]
struct Line {
    states: BTreeMap<String, i64>,
    minimum: Option<i64>,
}
