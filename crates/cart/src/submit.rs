//! A cart becomes an order, once.

use crate::{SHOPPING_CART, document, order, problems};
use http::{Access, Answer, Body, Ctx, Reply, Route, axum::extract::Path, tmf};
use kernel::{Money, Problem, Result};
use ordering::PRODUCT_ORDER;
use serde_json::{Map, Value, json};
use store::Tx;

pub fn routes() -> Vec<Route> {
    vec![
        Route::post("/api/v1/carts/{id}/submit", Access::Needs(ordering::CREATE), submit)
            .doc("Make an order of the draft; a refused one stays a draft, and a second time gives the same order")
            .body(json!({"expectedDueNowFen": 12900})),
    ]
}

async fn submit(ctx: Ctx, Path(id): Path<String>, body: Body<Map<String, Value>>) -> Answer {
    let given = body.value.clone();
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let (order, new) = turn_into_order(tx, &id, &given)?;
        Ok(Reply::json(if new { 201 } else { 200 }, &order))
    });
    Ok(reply.await?)
}

/// The order of the cart, and whether it was made now.
fn turn_into_order(tx: &mut Tx<'_>, id: &str, given: &Map<String, Value>) -> Result<(Value, bool)> {
    let mut cart = document::lock(tx, id)?;
    if cart.text("status") == "submitted" {
        let made = tmf::load(tx, &PRODUCT_ORDER, cart.text("orderId"))?;
        return Ok((shown(&made), false));
    }
    document::workable(tx, &cart.body)?;
    if order::items(&cart.body).next().is_none() {
        return Err(Problem::new(&problems::EMPTY));
    }
    if order::customer_of(&cart.body).is_none() {
        return Err(Problem::new(&problems::CUSTOMER_MISSING));
    }
    as_agreed(tx, &cart.body, given)?;
    let made = tmf::insert(tx, &PRODUCT_ORDER, order::body(id, &cart.body, given))?;
    let before = cart.body.clone();
    cart.set("status", "submitted");
    cart.set("orderId", json!(made.id));
    tmf::save(tx, &SHOPPING_CART, &before, &mut cart)?;
    Ok((shown(&made), true))
}

fn shown(order: &tmf::Document) -> Value {
    json!({"id": order.id, "orderId": order.id, "orderNo": order.text("orderNo"), "state": order.text("state")})
}

/// What the customer was told is what is charged: a catalogue that changed since is told before anything happens.
fn as_agreed(tx: &mut Tx<'_>, cart: &Map<String, Value>, given: &Map<String, Value>) -> Result<()> {
    let Some(expected) = given.get("expectedDueNowFen").and_then(Value::as_i64) else { return Ok(()) };
    let Some(ask) = document::ask(tx, cart) else { return Ok(()) };
    let now = billing::price(tx, &ask)?.due_now;
    if now.in_fen() == expected {
        return Ok(());
    }
    let problem = Problem::new(&problems::PRICE_CHANGED).with("now", &now.to_string());
    Err(problem.with("was", &Money::fen(expected).to_string()).extra("dueNowFen", json!(now)))
}
