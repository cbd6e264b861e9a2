//! 稽核: orders from an amount on are looked at by somebody else before anything is done. Which amount is a setting; without one
//! nothing waits.

use super::{lock, noted};
use crate::{cancel, problems, settings, track};
use http::{Access, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use kernel::{Perm, Problem, Result};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use store::Tx;

pub const AUDIT: Perm = Perm { name: "order.audit", zh: "订单稽核", en: "Audit orders" };

/// Lets a new order wait where it has to be looked at; called with the saga just started.
pub fn begin(tx: &mut Tx<'_>, saga_id: &str, order: &mut Map<String, Value>) -> Result<()> {
    let from = settings::AUDIT_FROM.number(tx)?;
    let amount = order.get("amountFen").and_then(Value::as_i64).unwrap_or(0);
    if from <= 0 || amount < from {
        return Ok(());
    }
    order.insert("audit".into(), json!({"state": "pending", "takenBy": &*tx.actor().id}));
    flow::saga::hold(tx, saga_id, true)
}

/// It waits for somebody to look at it.
pub fn pending(order: &Map<String, Value>) -> bool {
    order.get("audit").is_some_and(|a| a["state"] == "pending")
}

#[derive(Clone, Deserialize)]
struct Ask {
    result: String,
    #[serde(default)]
    reason: String,
}

pub fn route() -> Route {
    Route::post("/api/v1/orders/{id}/audit", Access::Needs(AUDIT), act)
        .doc("Pass or refuse an order that waits for its audit; not one's own")
        .body(json!({"result": "pass", "reason": "资料齐全"}))
}

async fn act(ctx: Ctx, Path(id): Path<String>, body: Body<Ask>) -> Answer {
    let ask = body.value;
    let reason = ask.reason.trim().to_owned();
    if reason.is_empty() {
        return Err(Problem::new(&flow::problems::REASON_MISSING).field("reason").into());
    }
    let pass = match ask.result.as_str() {
        "pass" => true,
        "refuse" => false,
        _ => return Err(Problem::invalid("result", "pass | refuse").into()),
    };
    let lang = ctx.lang;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let (saga, mut order) = lock(tx, &id)?;
        if !pending(&order.body) {
            return Err(crate::state::refusal(order.text("state"), "audit"));
        }
        if order.body.get("audit").is_some_and(|a| a["takenBy"] == *tx.actor().id) {
            return Err(Problem::new(&problems::OWN_ORDER));
        }
        tx.audit("order.audit", "productOrder", &id, &order.org, &json!({"pass": pass, "reason": reason}))?;
        let before = order.body.clone();
        let state = if pass { "passed" } else { "refused" };
        order.set("audit", json!({"state": state, "by": &*tx.actor().name, "at": tx.now(), "reason": reason}));
        let (zh, en) = if pass { ("稽核通过", "Audit passed") } else { ("稽核不通过", "Audit refused") };
        noted(tx, &mut order, &before, (&format!("{zh}：{reason}"), &format!("{en}: {reason}")))?;
        match (pass, saga) {
            (true, Some(saga)) if order.text("state") != "held" => flow::saga::hold(tx, &saga.id, false)?,
            (true, _) => {}
            (false, _) => cancel::cancel(tx, &id, &reason)?,
        }
        Ok(Reply::ok(&track::view(tx, &id, lang)?))
    });
    Ok(reply.await?)
}
