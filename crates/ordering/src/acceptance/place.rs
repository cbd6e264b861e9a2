//! Placing the order of a business: one transaction in which everything is checked, written down and started.

use super::{Ask, Case, Change, effects, lock, preview, steps};
use crate::{
    SAGA, SAGA_VERSION, booking,
    business::{Business, Level, Spec},
    order::{PRODUCT_ORDER, line},
};
use http::tmf::{self, Document};
use inventory::products;
use kernel::{OrgPath, Problem, Result, Timestamp};
use serde::Serialize;
use serde_json::{Map, Value, json};
use store::Tx;

/// An order that was placed.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Placed {
    pub order_id: String,
    pub order_no: String,
    pub state: String,
    pub effective_at: Timestamp,
}

/// Checks an ask and places its order; every problem of the check refuses it.
pub fn place(tx: &mut Tx<'_>, ask: Ask) -> Result<Placed> {
    let id = tx.new_id::<Document>().into_string();
    let mut body = Map::new();
    body.insert("id".into(), json!(id));
    body.insert("href".into(), json!(PRODUCT_ORDER.href(&id)));
    body.insert("@type".into(), json!("ProductOrder"));
    let org = fill(tx, ask, &id, &mut body)?;
    let order_no = tx.next_number("P", &org)?;
    body.insert("orderNo".into(), json!(order_no));
    let doc = Document { id, version: 1, org, created_at: tx.now(), body };
    tmf::insert_silently(tx, &PRODUCT_ORDER, &doc)?;
    tmf::publish(tx, &PRODUCT_ORDER, &doc, "Create")?;
    Ok(Placed {
        order_id: doc.id.clone(),
        order_no,
        state: doc.text("state").to_owned(),
        effective_at: Timestamp::parse(doc.text("requestedStartDate"))?,
    })
}

/// Checks an ask, fills in the order's document and starts or books what it asks for. The caller stores the document.
pub fn fill(tx: &mut Tx<'_>, ask: Ask, id: &str, body: &mut Map<String, Value>) -> Result<OrgPath> {
    let reason = ask.reason.trim().to_owned();
    if reason.is_empty() {
        return Err(Problem::new(&flow::problems::REASON_MISSING).field("reason"));
    }
    if reason.chars().count() > 500 {
        return Err(Problem::invalid("reason", "≤ 500"));
    }
    let mut case = Case::read(tx, ask)?;
    customer::merge::for_business(tx, &case.target.customer.id)?;
    crate::caller::check(tx, &case.target.customer.id)?;
    let (found, change) = preview::examine(tx, &case)?;
    found.refuse()?;
    let change = change.ok_or_else(|| Problem::internal("a business without a plan"))?;
    let spec = case.business.spec();
    pin(tx, &mut case)?;
    describe(tx, &case, &change, body)?;
    let org = place_of(&case, tx);
    if case.booked(tx.now()) {
        body.insert("state".into(), json!("pending"));
        booking::book(tx, &case, id, &org)?;
    } else {
        start(tx, &case, spec, change, id, &org, body)?;
    }
    Ok(org)
}

/// The order keeps the version of the offering that was promised, whatever becomes of the catalogue until its day.
fn pin(tx: &mut Tx<'_>, case: &mut Case) -> Result<()> {
    if let Some(id) = case.given("offering").map(str::to_owned)
        && !case.ask.values.contains_key("version")
    {
        let version = catalog::offering(tx, &id)?.version;
        case.ask.values.insert("version".into(), json!(version));
    }
    Ok(())
}

fn place_of(case: &Case, tx: &Tx<'_>) -> OrgPath {
    match &case.target.product {
        Some(product) => product.org.clone(),
        None if tx.actor().org.contains(&case.target.customer.org) => case.target.customer.org.clone(),
        None => tx.actor().org.clone(),
    }
}

/// Locks, reserves, plans and starts. Called when the order is placed, or when its day has come.
pub fn start(
    tx: &mut Tx<'_>,
    case: &Case,
    spec: &Spec,
    mut change: Change,
    id: &str,
    org: &OrgPath,
    body: &mut Map<String, Value>,
) -> Result<()> {
    if spec.level == Level::Product {
        lock::take(tx, case.product_id()?, lock::EXCLUSIVE, id, org)?;
    }
    for subject in &change.locks {
        lock::take(tx, subject, lock::EXCLUSIVE, id, org)?;
    }
    (spec.reserve)(tx, case, id, &mut change)?;
    effects::plan(tx, id, &change)?;
    let facts: Vec<Value> = change
        .facts
        .iter()
        .map(|f| json!({"kind": f.kind.name(), "subject": f.subject, "old": f.old, "new": f.new}))
        .collect();
    body.insert("facts".into(), json!(facts));
    body.insert("reservedNumbers".into(), json!(change.numbers));
    if let Some(account) = &change.opened_account {
        body.insert("openedAccount".into(), json!(account));
    }
    if !change.makes.is_empty() {
        let parts: Vec<crate::plan::Part<'_>> = change
            .makes
            .iter()
            .map(|m| crate::plan::Part {
                item_id: "1".into(),
                product_id: m.product_id.clone(),
                planned: &m.planned,
                ported: None,
            })
            .collect();
        crate::service_order::open(tx, id, org, &parts)?;
    }
    let steps = steps::of(tx, spec, &change)?;
    let saga = flow::saga::start(tx, SAGA, SAGA_VERSION, id, org, json!({}), steps)?;
    crate::verbs::audit::begin(tx, &saga, body)
}

/// What the order says of itself.
fn describe(tx: &mut Tx<'_>, case: &Case, change: &Change, body: &mut Map<String, Value>) -> Result<()> {
    let spec = case.business.spec();
    let reason = case.ask.reason.trim();
    let mut ask = case.ask.clone();
    for value in ask.values.values_mut() {
        // A lock token is used up and nobody's business.
        if let Some(object) = value.as_object_mut() {
            object.remove("lockToken");
        }
    }
    ask.values.remove("lockToken");
    let summary =
        if change.summary.is_empty() { spec.zh.to_owned() } else { format!("{}：{}", spec.zh, change.summary) };
    let due = change.due_now()?;
    body.insert("channel".into(), crate::subject::order_channel(tx.actor())?);
    for (name, value) in [
        ("state", json!("acknowledged")),
        ("business", json!(case.business)),
        ("category", json!(case.business)),
        ("orderDate", json!(tx.now())),
        ("requestedStartDate", json!(case.at)),
        ("description", json!(summary)),
        ("operator", json!(&*tx.actor().name)),
        ("amountFen", json!(due)),
        ("customerName", json!(case.target.customer.name)),
        ("developer", json!(ask.developer)),
        ("verificationId", json!(ask.verification_id)),
        ("proxyVerificationId", json!(ask.proxy_verification_id)),
        ("ask", serde_json::to_value(&ask).map_err(Problem::internal)?),
        (
            "history",
            json!([line(tx, (&format!("{}受理：{reason}", spec.zh), &format!("{} accepted: {reason}", spec.en)))]),
        ),
    ] {
        if !value.is_null() {
            body.insert(name.to_owned(), value);
        }
    }
    body.entry("note").or_insert_with(|| json!([{"text": reason, "date": tx.now(), "author": &*tx.actor().name}]));
    let customer = json!([{"id": case.target.customer.id, "role": "customer", "@referredType": "Customer"}]);
    body.entry("relatedParty").or_insert(customer);
    if due != kernel::Money::ZERO {
        let price = json!([{"priceType": "oneTime", "price": {"taxIncludedAmount": due.to_tmf()}}]);
        body.insert("orderTotalPrice".into(), price);
    }
    body.insert("productOrderItem".into(), json!([item(case, body.get("productOrderItem"))]));
    Ok(())
}

/// The item of the order: as it came by TMF622, with what we know of it.
fn item(case: &Case, came: Option<&Value>) -> Value {
    let action = match case.business {
        Business::Close | Business::PortOut => "delete",
        _ => "modify",
    };
    let mut item = came.and_then(|items| items.get(0)).cloned().unwrap_or_else(|| json!({"id": "1", "quantity": 1}));
    item["action"] = json!(action);
    item["state"] = json!("acknowledged");
    item["business"] = json!(case.business);
    if let Some(product) = &case.target.product {
        item["family"] = json!(product.text("family"));
        item["productOffering"] = product.body.get("productOffering").cloned().unwrap_or(Value::Null);
        if !item["product"].is_object() {
            item["product"] = json!({});
        }
        item["product"]["id"] = json!(product.id);
        item["product"]["href"] = json!(products::PRODUCT.href(&product.id));
        item["product"]["name"] = json!(product.text("name"));
    }
    item
}

/// The case of a stored order, looked at again: its ask with the day it was booked for.
pub fn case_of(tx: &mut Tx<'_>, order: &Document, at: Timestamp) -> Result<Case> {
    let ask: Ask =
        serde_json::from_value(order.body.get("ask").cloned().unwrap_or(Value::Null)).map_err(Problem::internal)?;
    let mut again = ask.clone();
    // Its day was checked when it was booked, and lies behind us now.
    (again.effective, again.effective_date) = (None, None);
    let business = Business::parse(&again.business)?;
    again.effective = Some(business.spec().effective[0].name().to_owned());
    if !business.spec().effective.contains(&super::Effective::Immediate) {
        again.effective = ask.effective.clone();
        again.effective_date = Some(tx.now().date().to_string());
    }
    let mut case = Case::read(tx, again)?;
    case.ask = ask;
    (case.at, case.order_id) = (at, Some(order.id.clone()));
    Ok(case)
}
