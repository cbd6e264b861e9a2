//! Doing one effect and taking it back. `found` is what stood there before; the undo puts exactly that back.

use super::Effect;
use crate::{
    cards::{self, Card},
    order::customer_id,
};
use customer::KeyKind;
use inventory::{
    numbers, ports,
    products::{
        self, Status, characteristic, locks,
        locks::{Level, Reason},
    },
    services, sims,
};
use kernel::{Problem, Result};
use serde_json::{Map, Value, json};
use store::Tx;

pub fn perform(tx: &mut Tx<'_>, order_id: &str, effect: &Effect) -> Result<Value> {
    match effect {
        Effect::Lock { product, reason, level } => {
            let was = locks::set(tx, product, Reason::parse(reason)?, Level::parse(level)?, order_id)?;
            let stopped = stop(tx, product)?;
            partly(tx, product)?;
            Ok(json!({"new": was.is_none(), "level": was, "stopped": stopped}))
        }
        Effect::Unlock { product, reason } => {
            let was = locks::remove(tx, product, Reason::parse(reason)?)?;
            let free = locks::of(tx, product)?.is_empty();
            let started = free && start(tx, product)?;
            partly(tx, product)?;
            Ok(json!({"there": was.is_some(), "level": was, "started": started}))
        }
        Effect::Status { product, to } => {
            let was = products::get(tx, product)?.text("status").to_owned();
            products::set_status(tx, product, Status::parse(to)?)?;
            Ok(json!({"status": was}))
        }
        Effect::End { product } => end(tx, product).map(|()| json!({})),
        Effect::Characteristics { product, set } => products::set_characteristics(tx, product, set).map(Value::Object),
        Effect::Attributes { product, set } => products::set_attributes(tx, product, set).map(Value::Object),
        Effect::Number { product, old, new } => {
            swap(tx, product, old, new)?;
            Ok(json!({}))
        }
        Effect::RetireNumber { number } => numbers::retire(tx, number).map(|()| json!({})),
        Effect::Holder { product, from, to } => hand_over(tx, product, from, to),
        Effect::MovePort { product } => {
            let org = products::get(tx, product)?.org;
            if !ports::kept_for(tx, &org)? {
                return Ok(json!({"kept": false}));
            }
            let (old, port) = ports::move_to(tx, &org, product)?;
            let name = json!(format!("{} {}", port.device, port.name));
            let before =
                products::set_characteristics(tx, product, &Map::from_iter([("accessPort".to_owned(), name)]))?;
            // The port that is left is noted with the product until the move is completed.
            products::set_attributes(tx, product, &Map::from_iter([("leavingPort".to_owned(), json!(old))]))?;
            Ok(json!({"kept": true, "port": old, "accessPort": before["accessPort"]}))
        }
        Effect::LeavePort { product } => {
            let found =
                products::set_attributes(tx, product, &Map::from_iter([("leavingPort".to_owned(), Value::Null)]))?;
            if let Some(port) = found["leavingPort"].as_str() {
                ports::left(tx, port)?;
            }
            Ok(json!({}))
        }
        Effect::Card { product, new, stocked, .. } => {
            let card = Card { iccid: new.clone(), stocked: *stocked };
            cards::put_in(tx, order_id, product, &card).map(|()| json!({}))
        }
        Effect::PortNumberOut { number } => numbers::port_out(tx, number).map(|()| json!({})),
        Effect::CustomerName { customer, name } => Ok(json!({"name": customer::rename(tx, customer, name)?})),
    }
}

pub fn undo(tx: &mut Tx<'_>, order_id: &str, effect: &Effect, found: &Value) -> Result<()> {
    match effect {
        Effect::Lock { product, reason, .. } => {
            let reason = Reason::parse(reason)?;
            if found["new"] == true {
                locks::remove(tx, product, reason)?;
            } else if let Some(level) = found["level"].as_str() {
                locks::set(tx, product, reason, Level::parse(level)?, order_id)?;
            }
            if found["stopped"] == true {
                start(tx, product)?;
            }
            partly(tx, product)
        }
        Effect::Unlock { product, reason } => {
            if found["there"] == true {
                let level = found["level"].as_str().map_or(Ok(Level::TwoWay), Level::parse)?;
                locks::set(tx, product, Reason::parse(reason)?, level, order_id)?;
            }
            if found["started"] == true {
                stop(tx, product)?;
            }
            partly(tx, product)
        }
        Effect::Status { product, .. } => {
            let was = Status::parse(found["status"].as_str().unwrap_or(""))?;
            products::set_status(tx, product, was).map(drop)
        }
        Effect::Characteristics { product, .. } => products::set_characteristics(tx, product, object(found)?).map(drop),
        Effect::Attributes { product, .. } => products::set_attributes(tx, product, object(found)?).map(drop),
        Effect::Number { product, old, new } => swap(tx, product, new, old),
        Effect::Holder { product, from, to } => {
            hand_over(tx, product, to, from)?;
            products::set_attributes(tx, product, object(&found["attributes"])?).map(drop)
        }
        Effect::MovePort { product } if found["kept"] == true => {
            ports::move_back(tx, found["port"].as_str(), product)?;
            let name = Map::from_iter([("accessPort".to_owned(), found["accessPort"].clone())]);
            products::set_characteristics(tx, product, &name)?;
            products::set_attributes(tx, product, &Map::from_iter([("leavingPort".to_owned(), Value::Null)])).map(drop)
        }
        Effect::MovePort { .. } => Ok(()),
        Effect::Card { product, old, new, stocked } => {
            let card = Card { iccid: new.clone(), stocked: *stocked };
            cards::take_out(tx, order_id, product, &card, old.as_deref())
        }
        Effect::CustomerName { customer, .. } => {
            customer::rename(tx, customer, found["name"].as_str().unwrap_or("")).map(drop)
        }
        // Done together with the completion: after it nothing is undone.
        Effect::End { .. } | Effect::RetireNumber { .. } | Effect::LeavePort { .. } | Effect::PortNumberOut { .. } => {
            Err(crate::state::refusal("completed", "undo"))
        }
    }
}

fn object(value: &Value) -> Result<&Map<String, Value>> {
    value.as_object().ok_or_else(|| Problem::internal("what an effect found is an object"))
}

/// The product stops with its number and services; says whether it ran.
fn stop(tx: &mut Tx<'_>, product_id: &str) -> Result<bool> {
    let product = products::get(tx, product_id)?;
    if product.text("status") != Status::Active.text() {
        return Ok(false);
    }
    products::set_status(tx, product_id, Status::Suspended)?;
    if let Some(number) = characteristic(&product.body, "number") {
        numbers::suspend(tx, &number)?;
    }
    services::follow(tx, product_id, "inactive")?;
    Ok(true)
}

/// The product runs again with its number and services; says whether it stood.
fn start(tx: &mut Tx<'_>, product_id: &str) -> Result<bool> {
    let product = products::get(tx, product_id)?;
    if product.text("status") != Status::Suspended.text() {
        return Ok(false);
    }
    products::set_status(tx, product_id, Status::Active)?;
    if let Some(number) = characteristic(&product.body, "number") {
        numbers::resume(tx, &number)?;
    }
    services::follow(tx, product_id, "active")?;
    Ok(true)
}

/// The product says how far it is stopped; of one that is stopped one way the services still serve what comes in.
fn partly(tx: &mut Tx<'_>, product_id: &str) -> Result<()> {
    let product = products::get(tx, product_id)?;
    let held = locks::of(tx, product_id)?;
    let level = locks::strictest(&held, !crate::business::bar::two_directions(&product));
    let reasons: Vec<Value> = held.iter().map(|l| json!({"reason": l.reason, "level": l.level})).collect();
    let reasons = if reasons.is_empty() { Value::Null } else { Value::Array(reasons) };
    let shown = Map::from_iter([("barLevel".to_owned(), json!(level)), ("locks".to_owned(), reasons)]);
    products::set_attributes(tx, product_id, &shown)?;
    if product.text("status") == Status::Suspended.text() {
        let state = if level == Some(Level::OneWay) { "active" } else { "inactive" };
        services::follow(tx, product_id, state)?;
    }
    Ok(())
}

/// What the customer is found by through a product.
pub fn keys(product: &http::tmf::Document) -> Vec<(KeyKind, String)> {
    let of = |name: &str, kind| characteristic(&product.body, name).map(|text| (kind, text));
    of("number", KeyKind::Number).into_iter().chain(of("broadbandAccount", KeyKind::Broadband)).collect()
}

fn end(tx: &mut Tx<'_>, product_id: &str) -> Result<()> {
    let product = products::set_status(tx, product_id, Status::Terminated)?;
    let customer = customer_id(&product.body).to_owned();
    for (kind, text) in keys(&product) {
        customer::remove_key(tx, &customer, kind, &text)?;
    }
    if let Some(number) = characteristic(&product.body, "number") {
        numbers::release(tx, &number)?;
    }
    ports::release(tx, product_id)?;
    sims::release(tx, product_id)?;
    locks::clear(tx, product_id)?;
    services::follow(tx, product_id, "terminated")
}

/// The product goes from one number to another; the one it leaves stays reserved.
fn swap(tx: &mut Tx<'_>, product_id: &str, from: &str, to: &str) -> Result<()> {
    numbers::unassign(tx, from)?;
    let set = Map::from_iter([("number".to_owned(), json!(to))]);
    products::set_characteristics(tx, product_id, &set)?;
    numbers::assign(tx, to, product_id)?;
    let product = products::get(tx, product_id)?;
    let customer = customer_id(&product.body).to_owned();
    customer::remove_key(tx, &customer, KeyKind::Number, from)?;
    customer::add_key(tx, &customer, KeyKind::Number, to)
}

/// The product, the keys it is found by and its services go from one customer to another.
fn hand_over(tx: &mut Tx<'_>, product_id: &str, from: &str, to: &str) -> Result<Value> {
    let new = customer::summary(tx, to)?;
    let product = products::get(tx, product_id)?;
    let before = json!({"relatedParty": product.body.get("relatedParty")});
    products::change(tx, product_id, |doc| {
        let parties = doc.body.get_mut("relatedParty").and_then(Value::as_array_mut);
        for party in parties.into_iter().flatten().filter(|p| p["id"] == from) {
            party["id"] = json!(to);
            if party["name"].is_string() {
                party["name"] = json!(new.name);
            }
        }
        doc.org = new.org.clone();
        Ok(())
    })?;
    for (kind, text) in keys(&product) {
        customer::remove_key(tx, from, kind, &text)?;
        customer::add_key(tx, to, kind, &text)?;
    }
    services::rehold(tx, product_id, from, to)?;
    Ok(json!({"attributes": before}))
}
