//! Check, reserve, adjust and query.

use super::{find, stocks};
use crate::{
    STOCK_MANAGE, STOCK_MOVE, STOCK_READ, problems,
    stock::{
        ItemState, Kind, Movement, check_serial,
        items::{self, Holder},
        record, release_order,
        state::Change,
        warehouses,
    },
};
use http::tmf::{Api, Column, Document, Kind as ColumnKind, Ops, Resource, Rules};
use kernel::{OrgPath, Perm, Problem, Result};
use serde_json::{Map, Value, json};
use store::{ToValue, Tx, params, sql};

static API: Api = Api { base: super::BASE, aliases: &["/tmf-api/productStock/v4"] };

const COLUMNS: &[Column] = &[Column { attribute: "state", column: "state", kind: ColumnKind::Text }];

const fn resource(
    (name, type_name, table): (&'static str, &'static str, &'static str),
    mandatory: &'static [&'static str],
    delete: bool,
    write: Perm,
    rules: &'static dyn Rules,
) -> Resource {
    let ops = Ops { create: true, patch: false, delete };
    Resource { api: &API, name, type_name, table, columns: COLUMNS, mandatory, ops, read: STOCK_READ, write, rules }
}

pub static CHECK: Resource = resource(
    ("checkProductStock", "CheckProductStock", "check_product_stock"),
    &["checkProductStockItem"],
    false,
    STOCK_READ,
    &CheckRules,
);
pub static RESERVE: Resource = resource(
    ("reserveProductStock", "ReserveProductStock", "reserve_product_stock"),
    &["reserveProductStockItem"],
    true,
    STOCK_MOVE,
    &ReserveRules,
);
pub static ADJUST: Resource = resource(
    ("adjustProductStock", "AdjustProductStock", "adjust_product_stock"),
    &["adjustProductStockItem"],
    false,
    STOCK_MANAGE,
    &AdjustRules,
);
pub static QUERY: Resource = resource(
    ("queryProductStock", "QueryProductStock", "query_product_stock"),
    &["searchCriteria"],
    false,
    STOCK_READ,
    &QueryRules,
);

sql! {
    PICK = "SELECT serial FROM stock_item WHERE warehouse_id = $1 AND kind = $2 AND state = 'inStock' ORDER BY serial LIMIT $3 {skip_locked}";
    ADD = "INSERT INTO stock_item (serial, kind, model, warehouse_id, org, state, updated_at) VALUES ($1, $2, $3, $4, $5, 'inStock', $6) ON CONFLICT DO NOTHING";
}

/// Items of one request, and pieces of one item.
const MOST: usize = 50;
const MOST_PIECES: i64 = 1_000;

fn list_of(doc: &Map<String, Value>, name: &str) -> Result<Vec<Value>> {
    let items = doc.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    if items.is_empty() || items.len() > MOST || !items.iter().all(Value::is_object) {
        return Err(Problem::invalid(name, &format!("1–{MOST}")));
    }
    Ok(items)
}

/// The warehouse and kind that an item names by its stock.
fn named(tx: &mut Tx<'_>, item: &Value) -> Result<(warehouses::Warehouse, Kind)> {
    let id = item["productStock"]["id"].as_str().ok_or_else(|| Problem::missing("productStock.id"))?;
    let unknown = || Problem::unknown_reference("productStock.id", id);
    let (warehouse, kind) = id.rsplit_once('.').ok_or_else(unknown)?;
    let kind = Kind::parse(kind).map_err(|_| unknown())?;
    Ok((warehouses::own(tx, warehouse).map_err(|_| unknown())?, kind))
}

fn amount(item: &Value, names: &[&str]) -> Result<i64> {
    let found = names.iter().find_map(|n| item[*n]["amount"].as_i64().or(item[*n].as_i64()));
    let wanted = found.unwrap_or(1);
    if (1..=MOST_PIECES).contains(&wanted) { Ok(wanted) } else { Err(Problem::invalid("amount", "1–1000")) }
}

fn columns(doc: &Map<String, Value>) -> Vec<(&'static str, store::Value)> {
    vec![("state", doc.get("state").and_then(Value::as_str).unwrap_or("").to_value())]
}

struct CheckRules;

impl Rules for CheckRules {
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Map<String, Value>) -> Result<OrgPath> {
        let mut items = list_of(doc, "checkProductStockItem")?;
        for item in &mut items {
            let (warehouse, kind) = named(tx, item)?;
            let wanted = amount(item, &["requestedProductStock", "requestedQuantity", "checkedProductStockLevel"])?;
            let own = find(tx, &format!("{}.{}", warehouse.id, kind.text()))?;
            let free = own.as_ref().and_then(|s| s["productStockLevel"]["amount"].as_i64()).unwrap_or(0);
            item["availabilityStatus"] = json!(if free >= wanted { "available" } else { "unavailable" });
            item["availableProductStockLevel"] = json!({"amount": free, "units": "piece"});
            let others = if free >= wanted { Vec::new() } else { stocks(tx, None, Some(kind.text()))? };
            let enough = |s: &&Value| s["productStockLevel"]["amount"].as_i64().is_some_and(|n| n >= wanted);
            let reference =
                |s: &Value| json!({"id": s["id"], "name": s["name"], "productStockLevel": s["productStockLevel"]});
            item["alternateProductStock"] = others.iter().filter(enough).take(10).map(reference).collect();
        }
        doc.insert("checkProductStockItem".into(), json!(items));
        doc.insert("state".into(), json!("done"));
        doc.insert("completedCheckProductStockDate".into(), json!(tx.now()));
        Ok(tx.actor().org.clone())
    }
    fn columns(&self, doc: &Map<String, Value>) -> Vec<(&'static str, store::Value)> {
        columns(doc)
    }
}

struct ReserveRules;

impl Rules for ReserveRules {
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Map<String, Value>) -> Result<OrgPath> {
        let mut items = list_of(doc, "reserveProductStockItem")?;
        let id = doc.get("id").and_then(Value::as_str).unwrap_or("").to_owned();
        for item in &mut items {
            let (warehouse, kind) = named(tx, item)?;
            let wanted = amount(item, &["quantityRequested", "requestedQuantity"])?;
            let rows = tx.query(&PICK, params![warehouse.id, kind.text(), wanted])?;
            if (rows.len() as i64) < wanted {
                let none = Problem::new(&problems::STOCK_NONE).with("kind", kind.text());
                return Err(none.with("org", &warehouse.name));
            }
            let mut reserved = Vec::with_capacity(rows.len());
            for row in &rows {
                let piece = items::load_any(tx, row.str(0))?;
                let holder = Holder { order: Some(&id), ..Holder::default() };
                items::turn(tx, &piece, Change::Reserve, &holder, "", &id)?;
                reserved.push(json!({"id": piece.serial, "@referredType": "Resource"}));
            }
            item["reservedResource"] = json!(reserved);
            item["reserveProductStockState"] = json!("accepted");
        }
        doc.insert("reserveProductStockItem".into(), json!(items));
        doc.insert("reserveProductStockState".into(), json!("accepted"));
        doc.insert("state".into(), json!("accepted"));
        Ok(tx.actor().org.clone())
    }
    /// What is still only reserved is free again.
    fn delete(&self, tx: &mut Tx<'_>, doc: &Document) -> Result<()> {
        release_order(tx, &doc.id)
    }
    fn columns(&self, doc: &Map<String, Value>) -> Vec<(&'static str, store::Value)> {
        columns(doc)
    }
}

struct AdjustRules;

impl Rules for AdjustRules {
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Map<String, Value>) -> Result<OrgPath> {
        let items = list_of(doc, "adjustProductStockItem")?;
        let text = |name: &str| doc.get(name).and_then(Value::as_str).unwrap_or("").trim().to_owned();
        let (id, reason) = (text("id"), text("adjustReason"));
        if reason.is_empty() {
            return Err(Problem::missing("adjustReason"));
        }
        for item in &items {
            let (warehouse, kind) = named(tx, item)?;
            // Every piece has its own number: without them an amount says nothing.
            let serials = item["serials"].as_array().filter(|s| !s.is_empty() && s.len() as i64 <= MOST_PIECES);
            let serials = serials.ok_or_else(|| Problem::missing("adjustProductStockItem.serials"))?;
            for serial in serials.iter().map(|s| s.as_str().unwrap_or("")) {
                match item["action"].as_str() {
                    Some("increase" | "add") => add(tx, &warehouse, kind, serial, &reason, &id)?,
                    Some("decrease" | "remove") => remove(tx, &warehouse, serial, &reason, &id)?,
                    _ => return Err(Problem::invalid("action", "increase | decrease")),
                }
            }
        }
        doc.insert("state".into(), json!("completed"));
        doc.insert("completedAdjustProductStockDate".into(), json!(tx.now()));
        Ok(tx.actor().org.clone())
    }
    fn columns(&self, doc: &Map<String, Value>) -> Vec<(&'static str, store::Value)> {
        columns(doc)
    }
}

fn add(
    tx: &mut Tx<'_>,
    warehouse: &warehouses::Warehouse,
    kind: Kind,
    serial: &str,
    reason: &str,
    reference: &str,
) -> Result<()> {
    check_serial(kind, serial)?;
    let (now, org) = (tx.now(), &warehouse.org);
    if tx.execute(&ADD, params![serial, kind.text(), "–", warehouse.id, org, now])? == 0 {
        return Err(Problem::new(&problems::SERIAL_TAKEN).with("value", serial));
    }
    let (from, to, warehouse) = (None, ItemState::InStock, warehouse.id.as_str());
    record(tx, &[Movement { serial, kind, what: "receive", from, to, warehouse, org, reason, reference }])
}

/// Not deleted: damaged, and to be scrapped by a person.
fn remove(
    tx: &mut Tx<'_>,
    warehouse: &warehouses::Warehouse,
    serial: &str,
    reason: &str,
    reference: &str,
) -> Result<()> {
    let piece = items::load(tx, serial)?;
    if piece.warehouse_id != warehouse.id {
        return Err(Problem::new(&problems::ITEM_ELSEWHERE).with("serial", serial));
    }
    items::turn(tx, &piece, Change::Damage, &Holder::default(), reason, reference).map(drop)
}

struct QueryRules;

impl Rules for QueryRules {
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Map<String, Value>) -> Result<OrgPath> {
        let Some(criteria) = doc.get("searchCriteria").filter(|c| c.is_object()).cloned() else {
            return Err(Problem::invalid("searchCriteria", "object"));
        };
        let stock = &criteria["productStock"];
        let kind = criteria["kind"].as_str().or(stock["stockedProduct"]["name"].as_str());
        let kind = kind.map(|k| Kind::parse(k).map(Kind::text)).transpose()?;
        let place = criteria["place"]["id"].as_str().or(stock["place"]["id"].as_str());
        let item = |s: Value| json!({"id": s["id"], "productStock": s});
        let found: Vec<Value> = stocks(tx, place, kind)?.into_iter().take(500).map(item).collect();
        doc.insert("queryProductStockItem".into(), json!(found));
        doc.insert("state".into(), json!("done"));
        doc.insert("completedQueryProductStockDate".into(), json!(tx.now()));
        Ok(tx.actor().org.clone())
    }
    fn columns(&self, doc: &Map<String, Value>) -> Vec<(&'static str, store::Value)> {
        columns(doc)
    }
}
