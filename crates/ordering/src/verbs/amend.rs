//! 改单: changing what an order has not sent yet.
//!
//! * A booked order may change its day and everything that was filled in; it is checked again as if it were asked for now.
//! * An order being carried out may change the characteristics of the products it makes, as long as no system was told of them: a
//!   step that was sent refuses, and names itself. What only people need (the time of a visit, a contact) may change until the end.

use super::noted;
use crate::{
    acceptance::{self, Case, Effective, Field, FieldKind},
    booking,
    business::Business,
    problems,
};
use flow::{Saga, Step, StepState};
use http::tmf::Document;
use inventory::products;
use kernel::{Problem, Result};
use serde_json::{Map, Value, json};
use store::Tx;

/// What is to be changed.
pub struct Change {
    pub values: Map<String, Value>,
    pub item_id: Option<String>,
    pub effective_date: Option<String>,
}

/// What may be changed on a product that is being made: name, titles, kind, and whether a system is told of it.
const OF_PRODUCTS: [(&str, &str, &str, FieldKind, bool); 5] = [
    ("installAddress", "装机地址", "Address", FieldKind::Address, true),
    ("installSlot", "上门时间", "Time of the visit", FieldKind::Text, false),
    ("contactName", "联系人", "Contact", FieldKind::Text, false),
    ("contactPhone", "联系电话", "Telephone of the contact", FieldKind::Text, false),
    ("installNote", "施工备注", "Note for the fitter", FieldKind::Text, false),
];

pub fn amend(tx: &mut Tx<'_>, saga: Option<&Saga>, order: &mut Document, reason: &str, change: &Change) -> Result<()> {
    if change.values.is_empty() && change.effective_date.is_none() {
        return Err(Problem::missing("values"));
    }
    let before = order.body.clone();
    let told = match booking::day_of(tx, &order.id)? {
        Some(_) => booked(tx, order, change)?,
        None if change.effective_date.is_some() => {
            return Err(Problem::new(&problems::NOT_BOOKED).field("effectiveDate"));
        }
        None => made(tx, saga, order, change)?,
    };
    order.set("amendments", order.body.get("amendments").and_then(Value::as_i64).unwrap_or(0) + 1);
    noted(tx, order, &before, (&format!("改单：{reason}（{told}）"), &format!("Amended: {reason} ({told})")))
}

/// Another day or other values for a booked order.
fn booked(tx: &mut Tx<'_>, order: &mut Document, change: &Change) -> Result<String> {
    let at = booking::day_of(tx, &order.id)?.unwrap_or(tx.now());
    let mut case = acceptance::case_of(tx, order, at)?;
    let mut told = Vec::new();
    for (name, value) in &change.values {
        case.ask.values.insert(name.clone(), value.clone());
        told.push(name.clone());
        if name == "offering" {
            case.ask.values.remove("version");
        }
    }
    if let Some(day) = &change.effective_date {
        case.at = Effective::Date.at(tx.now(), Some(day))?;
        told.push(day.clone());
    }
    again(tx, &case)?;
    if change.values.contains_key("offering") {
        let version = catalog::offering(tx, case.text("offering"))?.version;
        case.ask.values.insert("version".into(), json!(version));
    }
    booking::move_to(tx, &order.id, case.at)?;
    order.set("requestedStartDate", json!(case.at));
    order.set("ask", serde_json::to_value(&case.ask).map_err(Problem::internal)?);
    Ok(told.join("、"))
}

/// Everything is checked as if it were asked for now; what another order holds at the moment does not matter yet.
fn again(tx: &mut Tx<'_>, case: &Case) -> Result<()> {
    let (found, _) = acceptance::examine(tx, case)?;
    found.refuse()
}

/// Characteristics of products that the order makes.
fn made(tx: &mut Tx<'_>, saga: Option<&Saga>, order: &Document, change: &Change) -> Result<String> {
    let products = products::of_order(tx, &order.id)?;
    if products.is_empty() || !order.text("business").is_empty() {
        return Err(Problem::new(&problems::AMEND_BEGUN));
    }
    let mut told = Vec::new();
    for (name, value) in &change.values {
        let Some((_, title, _, _, network)) = OF_PRODUCTS.into_iter().find(|f| f.0 == name) else {
            let names: Vec<&str> = OF_PRODUCTS.iter().map(|f| f.0).collect();
            return Err(Problem::invalid(name, &names.join(" | ")));
        };
        let text = value.as_str().map(str::trim).filter(|t| !t.is_empty() && t.chars().count() <= 500);
        let text = text.ok_or_else(|| Problem::invalid(name, "1–500"))?;
        let mut hit = false;
        for product in products.iter().filter(|p| concerns(p, change.item_id.as_deref())) {
            let has = products::characteristic(&product.body, name).is_some();
            if network && !has {
                continue; // the product has no such thing
            }
            if network && let Some(sent) = saga.and_then(|s| sent(s, &product.id)) {
                return Err(Problem::new(&problems::AMEND_SENT).with("zh", &sent.zh).with("en", &sent.en).field(name));
            }
            products::set_characteristics(tx, &product.id, &Map::from_iter([(name.clone(), json!(text))]))?;
            hit = true;
        }
        if !hit {
            return Err(Problem::unknown_reference("values", name));
        }
        told.push(format!("{title}={text}"));
    }
    Ok(told.join("，"))
}

fn concerns(product: &Document, item: Option<&str>) -> bool {
    let own = product.body.get("productOrderItem").and_then(|i| i[0]["orderItemId"].as_str());
    item.is_none_or(|item| own.is_some_and(|own| own == item || own.starts_with(&format!("{item}."))))
}

/// A step of a product that a system may know of.
fn sent<'a>(saga: &'a Saga, product: &str) -> Option<&'a Step> {
    saga.plan.steps.iter().find(|s| {
        s.input["product"] == product
            && !matches!(s.target.as_str(), "ordering" | "inventory")
            && (s.uncertain || !matches!(s.state, StepState::Pending | StepState::Undone))
    })
}

/// What may be changed on an order now, as fields.
pub fn amendable(tx: &mut Tx<'_>, order: &Document, saga: Option<&Saga>) -> Result<Vec<Value>> {
    let mut fields = Vec::new();
    let shown = |item: &str, field: &Field| {
        let mut shown = field.to_json();
        shown["itemId"] = json!(item);
        shown
    };
    if booking::day_of(tx, &order.id)?.is_some() {
        let business = Business::parse(order.text("business"))?;
        let at = tx.now();
        let case = acceptance::case_of(tx, order, at)?;
        for field in (business.spec().fields)(tx, &case.target)? {
            let current = case.ask.values.get(field.name).cloned().unwrap_or(Value::Null);
            fields.push(shown("1", &field.current(current)));
        }
        return Ok(fields);
    }
    if !order.text("business").is_empty() {
        return Ok(fields);
    }
    for product in products::of_order(tx, &order.id)?.iter().filter(|p| p.text("status") == "pendingActive") {
        let item =
            product.body.get("productOrderItem").and_then(|i| i[0]["orderItemId"].as_str()).unwrap_or("1").to_owned();
        for (name, zh, en, kind, network) in OF_PRODUCTS {
            let current = products::characteristic(&product.body, name);
            let open =
                if network { current.is_some() && saga.is_none_or(|s| sent(s, &product.id).is_none()) } else { true };
            let address = products::characteristic(&product.body, "installAddress").is_some();
            if open && address {
                fields.push(shown(&item, &Field::new(name, kind, zh, en).optional().current(json!(current))));
            }
        }
    }
    Ok(fields)
}
