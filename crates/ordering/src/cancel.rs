//! Cancelling an order in transit: whatever was done is undone. Against completion the first to commit wins, since both lock
//! the saga before the order.

use crate::{
    CANCEL, Event, PRODUCT_ORDER,
    order::{API, step},
    service_order, track,
};
use flow::SagaState;
use http::{
    Access, Answer, Body, Ctx, Reply, Route,
    axum::extract::Path,
    tmf::{self, Ops, Resource, Rules},
};
use kernel::{OrgPath, Problem, Result};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use store::Tx;

pub static CANCEL_PRODUCT_ORDER: Resource = Resource {
    api: &API,
    name: "cancelProductOrder",
    type_name: "CancelProductOrder",
    table: "cancel_product_order",
    columns: &[],
    mandatory: &["productOrder"],
    ops: Ops::CREATE,
    read: crate::READ,
    write: CANCEL,
    rules: &CancelRules,
};

struct CancelRules;

impl Rules for CancelRules {
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Map<String, Value>) -> Result<OrgPath> {
        let id = doc.get("productOrder").and_then(|o| o["id"].as_str()).map(str::to_owned);
        let id = id.ok_or_else(|| Problem::missing("productOrder.id"))?;
        let order =
            tmf::get(tx, &PRODUCT_ORDER, &id)?.ok_or_else(|| Problem::unknown_reference("productOrder.id", &id))?;
        let reason = doc.get("cancellationReason").and_then(Value::as_str).unwrap_or("").to_owned();
        cancel(tx, &id, &reason)?;
        doc.insert("state".into(), json!("inProgress"));
        doc.insert("effectiveCancellationDate".into(), json!(tx.now()));
        Ok(order.org)
    }
}

pub fn routes() -> Vec<Route> {
    vec![
        Route::post("/api/v1/orders/{id}/cancel", Access::Needs(CANCEL), route)
            .doc("Cancel an order in transit: what was done is undone")
            .body(json!({"reason": "客户放弃"})),
    ]
}

#[derive(Deserialize)]
struct Ask {
    reason: String,
}

async fn route(ctx: Ctx, Path(id): Path<String>, body: Body<Ask>) -> Answer {
    let reason = body.value.reason.trim().to_owned();
    if reason.is_empty() {
        return Err(Problem::new(&flow::problems::REASON_MISSING).field("reason").into());
    }
    let lang = ctx.lang;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        cancel(tx, &id, &reason)?;
        Ok(Reply::json(202, &track::view(tx, &id, lang)?))
    });
    Ok(reply.await?)
}

/// Turns an order back. 409 once it has ended or is being cancelled already.
pub fn cancel(tx: &mut Tx<'_>, id: &str, reason: &str) -> Result<()> {
    let saga = flow::saga::of_subject(tx, id)?;
    let saga = saga.map(|s| flow::saga::lock(tx, &s.id)).transpose()?;
    let mut order = tmf::lock(tx, &PRODUCT_ORDER, id)?;
    order.set("cancellationReason", reason);
    order.set("requestedCancellationDate", json!(tx.now()));
    step(tx, &mut order, Event::Cancel, (&format!("撤单：{reason}"), &format!("Cancellation: {reason}")))?;
    service_order::follow(tx, id, Event::Cancel)?;
    match saga.filter(|s| !s.state().ended()) {
        Some(saga) => flow::saga::compensate(tx, &saga.id).map(drop::<SagaState>),
        None => {
            step(tx, &mut order, Event::Undone, ("已退单", "Cancelled"))?;
            service_order::follow(tx, id, Event::Undone)
        }
    }
}
