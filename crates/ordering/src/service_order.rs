//! TMF641 service orders: what has to be done for a product order, CFS and RFS together in one document; and those that
//! other systems place.

use crate::{CREATE, Event, READ, State, plan::Part};
use http::tmf::{self, Api, Column, Document, Kind, Ops, Resource, Rules};
use inventory::services::{Planned, Specification};
use kernel::{OrgPath, Problem, Result};
use serde_json::{Map, Value, json};
use store::{ToValue, Tx, params, sql};

static API: Api = Api { base: "/tmf-api/serviceOrdering/v4", aliases: &["/tmf-api/serviceOrderingManagement/v4"] };

pub static SERVICE_ORDER: Resource = Resource {
    api: &API,
    name: "serviceOrder",
    type_name: "ServiceOrder",
    table: "service_order",
    columns: &[Column { attribute: "state", column: "state", kind: Kind::Text }],
    mandatory: &["serviceOrderItem"],
    ops: Ops::ALL,
    read: READ,
    write: CREATE,
    rules: &ServiceOrderRules,
};

pub static CANCEL_SERVICE_ORDER: Resource = Resource {
    api: &API,
    name: "cancelServiceOrder",
    type_name: "CancelServiceOrder",
    table: "cancel_service_order",
    columns: &[],
    mandatory: &["serviceOrder"],
    ops: Ops::CREATE,
    read: READ,
    write: CREATE,
    rules: &CancelRules,
};

struct ServiceOrderRules;

impl Rules for ServiceOrderRules {
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Map<String, Value>) -> Result<OrgPath> {
        let items = doc.get_mut("serviceOrderItem").and_then(Value::as_array_mut).filter(|i| !i.is_empty());
        for (n, item) in items.ok_or_else(|| Problem::missing("serviceOrderItem"))?.iter_mut().enumerate() {
            if !item["service"]["serviceSpecification"]["id"].is_string() {
                return Err(Problem::missing("serviceOrderItem.service.serviceSpecification.id"));
            }
            let Some(item) = item.as_object_mut() else { continue };
            item.entry("id").or_insert_with(|| json!((n + 1).to_string()));
            item.entry("action").or_insert_with(|| json!("add"));
            item.entry("state").or_insert_with(|| json!("acknowledged"));
        }
        doc.insert("state".into(), json!("acknowledged"));
        doc.insert("orderDate".into(), json!(tx.now()));
        Ok(tx.actor().org.clone())
    }
    fn change(&self, _: &mut Tx<'_>, before: &Map<String, Value>, after: &mut Map<String, Value>) -> Result<()> {
        let text = |doc: &Map<String, Value>| doc.get("state").and_then(Value::as_str).unwrap_or("").to_owned();
        let (from, to) = (State::parse(&text(before))?, State::parse(&text(after))?);
        let reached = from == to || Event::ALL.into_iter().any(|e| from.after(e).is_ok_and(|s| s == to));
        if reached {
            return Ok(());
        }
        Err(crate::state::refusal(from.text(), to.text()))
    }
    fn columns(&self, doc: &Map<String, Value>) -> Vec<(&'static str, store::Value)> {
        let text = |name: &str| doc.get(name).and_then(Value::as_str);
        vec![
            ("state", text("state").unwrap_or("").to_value()),
            ("product_order_id", text("productOrderId").map(str::to_owned).to_value()),
        ]
    }
    fn events(&self, before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<&'static str> {
        if before.get("state") == after.get("state") { vec![] } else { vec!["StateChange"] }
    }
}

struct CancelRules;

impl Rules for CancelRules {
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Map<String, Value>) -> Result<OrgPath> {
        let id = doc.get("serviceOrder").and_then(|o| o["id"].as_str()).map(str::to_owned);
        let id = id.ok_or_else(|| Problem::missing("serviceOrder.id"))?;
        let mut order =
            tmf::get(tx, &SERVICE_ORDER, &id)?.ok_or_else(|| Problem::unknown_reference("serviceOrder.id", &id))?;
        if order.body.contains_key("productOrderId") {
            return Err(Problem::invalid("serviceOrder", "productOrder"));
        }
        let before = order.body.clone();
        let state = State::parse(order.text("state"))?.after(Event::Cancel)?.after(Event::Undone)?;
        order.set("state", state.text());
        tmf::save(tx, &SERVICE_ORDER, &before, &mut order)?;
        doc.insert("state".into(), json!("done"));
        doc.insert("effectiveCancellationDate".into(), json!(tx.now()));
        Ok(order.org)
    }
}

sql! {
    OF_ORDER = "SELECT id FROM service_order WHERE product_order_id = $1";
}

/// Writes down what has to be done for a product order.
pub fn open(tx: &mut Tx<'_>, order_id: &str, org: &OrgPath, parts: &[Part<'_>]) -> Result<()> {
    let mut items = Vec::new();
    for part in parts {
        for cfs in &part.planned.cfs {
            let parent = (items.len() + 1).to_string();
            let item = |id: &str, (spec, version, name): (&str, &str, &str), kind: &str, relation: Value| {
                let href = catalog::SERVICE_SPECIFICATION.href(spec);
                json!({
                    "id": id, "action": "add", "state": "acknowledged", "serviceOrderItemRelationship": relation,
                    "service": {"serviceType": kind, "name": name, "state": "reserved", "productId": part.product_id,
                                "serviceSpecification": {"id": spec, "href": href, "version": version, "name": name}},
                })
            };
            items.push(item(&parent, (&cfs.spec_id, &cfs.version, &cfs.name), "CFS", json!([])));
            for rfs in &cfs.rfs {
                let id = (items.len() + 1).to_string();
                let relation = json!([{"relationshipType": "reliesOn", "orderItem": {"itemId": parent}}]);
                items.push(item(&id, (&rfs.spec_id, &rfs.version, &rfs.name), "RFS", relation));
            }
        }
    }
    if items.is_empty() {
        return Ok(());
    }
    let id = tx.new_id::<Document>().into_string();
    let body = json!({
        "id": id, "href": SERVICE_ORDER.href(&id), "@type": "ServiceOrder", "state": "acknowledged",
        "orderDate": tx.now(), "productOrderId": order_id, "category": "productOrder", "serviceOrderItem": items,
    });
    let Value::Object(body) = body else { return Ok(()) };
    let doc = Document { id, version: 1, org: org.clone(), created_at: tx.now(), body };
    tmf::insert_silently(tx, &SERVICE_ORDER, &doc)?;
    tmf::publish(tx, &SERVICE_ORDER, &doc, "Create")
}

/// Lets the service order follow its product order.
pub fn follow(tx: &mut Tx<'_>, order_id: &str, event: Event) -> Result<()> {
    let rows = tx.query(&OF_ORDER, params![order_id])?;
    for row in &rows {
        let mut doc = tmf::lock(tx, &SERVICE_ORDER, row.str(0))?;
        let state = State::parse(doc.text("state"))?.after(event)?;
        let before = doc.body.clone();
        doc.set("state", state.text());
        for item in doc.body.get_mut("serviceOrderItem").and_then(Value::as_array_mut).into_iter().flatten() {
            item["state"] = json!(state.text());
        }
        tmf::save(tx, &SERVICE_ORDER, &before, &mut doc)?;
    }
    Ok(())
}

/// The services that a product order makes for one of its products.
pub fn services_of(tx: &mut Tx<'_>, order_id: &str, product_id: &str) -> Result<Vec<Planned>> {
    let rows = tx.query(&OF_ORDER, params![order_id])?;
    let mut found: Vec<Planned> = Vec::new();
    for row in &rows {
        let doc = tmf::load(tx, &SERVICE_ORDER, row.str(0))?;
        for item in doc.body.get("serviceOrderItem").and_then(Value::as_array).into_iter().flatten() {
            let service = &item["service"];
            if service["productId"] != product_id {
                continue;
            }
            let specification = specification(service);
            // A customer-facing service is followed by those it relies on, as `open` writes them.
            match found.last_mut() {
                Some(planned) if service["serviceType"] == "RFS" => planned.rfs.push(specification),
                _ => found.push(Planned { cfs: specification, rfs: Vec::new() }),
            }
        }
    }
    Ok(found)
}

fn specification(service: &Value) -> Specification {
    let text = |name: &str| service["serviceSpecification"][name].as_str().map(str::to_owned);
    let name = service["name"].as_str().unwrap_or("").to_owned();
    Specification {
        id: text("id").unwrap_or_else(|| name.clone()),
        version: text("version").unwrap_or_else(|| "1.0".into()),
        name,
    }
}
