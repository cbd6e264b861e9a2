//! TMF622 product orders as documents.

use crate::{CREATE, Event, READ, State, acceptance::lock, booking, capture};
use http::tmf::{self, Api, Column, Document, Kind, Ops, Resource, Rules};
use kernel::{OrgPath, Problem, Result, Timestamp, codes};
use serde_json::{Map, Value, json};
use store::{ToValue, Tx};

pub static API: Api = Api { base: "/tmf-api/productOrderingManagement/v4", aliases: &["/tmf-api/productOrdering/v4"] };

pub static PRODUCT_ORDER: Resource = Resource {
    api: &API,
    name: "productOrder",
    type_name: "ProductOrder",
    table: "product_order",
    columns: &[
        Column { attribute: "state", column: "state", kind: Kind::Text },
        Column { attribute: "orderNo", column: "order_no", kind: Kind::Text },
    ],
    mandatory: &["productOrderItem"],
    ops: Ops { create: true, patch: true, delete: false },
    read: READ,
    write: CREATE,
    rules: &OrderRules,
};

struct OrderRules;

/// What only the system writes.
const OWN: [&str; 12] = [
    "state",
    "orderNo",
    "orderDate",
    "orderTotalPrice",
    "amountFen",
    "productOrderItem",
    "history",
    "relatedParty",
    "completionDate",
    "cancellationDate",
    "cancellationReason",
    "customerName",
];

impl Rules for OrderRules {
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Map<String, Value>) -> Result<OrgPath> {
        capture::capture(tx, doc)
    }
    fn change(&self, _: &mut Tx<'_>, before: &Map<String, Value>, after: &mut Map<String, Value>) -> Result<()> {
        match OWN.into_iter().find(|name| before.get(*name) != after.get(*name)) {
            Some(name) => Err(Problem::new(&codes::FIELD_READONLY).field(name)),
            None => Ok(()),
        }
    }
    fn columns(&self, doc: &Map<String, Value>) -> Vec<(&'static str, store::Value)> {
        let text = |name: &str| doc.get(name).and_then(Value::as_str).unwrap_or("");
        vec![
            ("order_no", text("orderNo").to_value()),
            ("state", text("state").to_value()),
            ("customer_id", customer_id(doc).to_value()),
            ("customer_name", text("customerName").to_value()),
            ("summary", text("description").to_value()),
            ("amount_fen", doc.get("amountFen").and_then(Value::as_i64).unwrap_or(0).to_value()),
            ("operator", text("operator").to_value()),
            ("changes_product", None::<String>.to_value()), // who changes a product stands in product_lock
            ("business", doc.get("business").and_then(Value::as_str).map(str::to_owned).to_value()),
            ("urges", doc.get("urges").and_then(Value::as_i64).unwrap_or(0).to_value()),
            ("effective_at", Timestamp::parse(text("requestedStartDate")).ok().to_value()),
        ]
    }
    fn events(&self, before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<&'static str> {
        if before.get("state") == after.get("state") { vec![] } else { vec!["StateChange"] }
    }
    fn topic(&self, doc: &Map<String, Value>) -> Option<String> {
        Some(format!("order:{}", doc.get("id")?.as_str()?))
    }
}

pub fn customer_id(doc: &Map<String, Value>) -> &str {
    let parties = doc.get("relatedParty").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let customer = parties.iter().find(|p| p["role"] == "customer" || p["@referredType"] == "Customer");
    customer.and_then(|p| p["id"].as_str()).unwrap_or("")
}

/// Moves an order, with a line in its history and the same state on its items.
pub fn step(tx: &mut Tx<'_>, doc: &mut Document, event: Event, what: (&str, &str)) -> Result<()> {
    let state = State::parse(doc.text("state"))?.after(event)?;
    let before = doc.body.clone();
    doc.set("state", state.text());
    let now = json!(tx.now());
    match state {
        State::Completed => doc.set("completionDate", now),
        State::Cancelled => doc.set("cancellationDate", now),
        _ => {}
    }
    if let Some(Value::Array(items)) = doc.body.get_mut("productOrderItem") {
        items.iter_mut().for_each(|i| set_item_state(i, state));
    }
    note(tx, doc, what);
    tmf::save(tx, &PRODUCT_ORDER, &before, doc)?;
    if !state.ended() {
        return Ok(());
    }
    ended(tx, doc)?;
    crate::ended::tell(tx, doc, state)
}

/// What the order held is free for others, and booked orders that wait for it look at once.
fn ended(tx: &mut Tx<'_>, doc: &Document) -> Result<()> {
    lock::release(tx, &doc.id)?;
    if [State::Cancelled, State::Rejected].iter().any(|s| doc.text("state") == s.text()) {
        catalog::give_back(tx, &doc.id)?; // the discount granted to it can be used for another order
    }
    booking::drop_from_row(tx, &doc.id)?;
    let items = doc.body.get("productOrderItem").and_then(Value::as_array).into_iter().flatten();
    let products: Vec<String> = items.filter_map(|i| i["product"]["id"].as_str()).map(str::to_owned).collect();
    products.iter().try_for_each(|p| booking::nudge(tx, p))
}

fn set_item_state(item: &mut Value, state: State) {
    item["state"] = json!(state.text());
    for nested in item["productOrderItem"].as_array_mut().into_iter().flatten() {
        set_item_state(nested, state);
    }
}

/// A line of an order's history, in both languages.
pub fn line(tx: &Tx<'_>, (zh, en): (&str, &str)) -> Value {
    json!({"at": tx.now(), "what": zh, "whatEn": en, "operator": &*tx.actor().name})
}

/// Adds a line to the order's history; the caller saves.
pub fn note(tx: &Tx<'_>, doc: &mut Document, what: (&str, &str)) {
    let line = line(tx, what);
    match doc.body.get_mut("history") {
        Some(Value::Array(lines)) => lines.push(line),
        _ => doc.set("history", json!([line])),
    }
}
