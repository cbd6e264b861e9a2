//! Message records for the desk, and the gateway's door.

use crate::{GATEWAY, READ, REVEAL, list, reveal, sent, waiting};
use http::{Access, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use kernel::{Problem, codes};
use serde::Deserialize;
use serde_json::{Value, json};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/messages", Access::Needs(READ), all)
            .doc("Short messages to and from customers, newest first, codes masked")
            .parameter("number", "of this number only")
            .parameter("customerId", "of this customer only")
            .parameter("limit", "at most 200"),
        Route::post("/api/v1/messages/{id}/reveal", Access::Needs(REVEAL), show)
            .doc("A message in clear; audited")
            .body(json!({"reason": "客户称未收到"})),
        Route::get("/api/v1/messages/outbound", Access::Needs(GATEWAY), outbound)
            .doc("What waits to be sent, in clear, oldest first: for the message gateway")
            .parameter("limit", "at most 500"),
        Route::post("/api/v1/messages/outbound/sent", Access::Needs(GATEWAY), confirm)
            .doc("The gateway has sent these: they are not handed out again")
            .body(json!({"ids": ["0190f0a0-…"]})),
    ]
}

async fn all(ctx: Ctx) -> Answer {
    let number = ctx.parameter("number").unwrap_or_default();
    let customer = ctx.parameter("customerId").unwrap_or_default();
    let limit = ctx.paging(50, 200)?.limit;
    Ok(Reply::ok(&ctx.read(move |tx| list(tx, &number, &customer, limit)).await?))
}

#[derive(Deserialize)]
struct Reason {
    #[serde(default)]
    reason: String,
}

async fn show(ctx: Ctx, Path(id): Path<String>, body: Body<Reason>) -> Answer {
    let reason = body.value.reason;
    let text = ctx.write(move |tx| reveal(tx, &id, &reason)).await?;
    Ok(Reply::ok(&json!({"text": text})))
}

/// The gateway sends for everybody, so only a token of the whole group may be one.
fn gateway(ctx: &Ctx) -> Result<(), Problem> {
    if ctx.actor.scope.is_root() {
        return Ok(());
    }
    Err(Problem::new(&codes::FORBIDDEN).with("permission", GATEWAY.name))
}

async fn outbound(ctx: Ctx) -> Answer {
    gateway(&ctx)?;
    let limit = ctx.paging(100, 500)?.limit;
    let rows = ctx.read(move |tx| waiting(tx, limit)).await?;
    let one = |(id, number, text): &(String, String, String)| json!({"id": id, "number": number, "text": text});
    Ok(Reply::ok(&rows.iter().map(one).collect::<Vec<Value>>()))
}

#[derive(Deserialize)]
struct Sent {
    ids: Vec<String>,
}

async fn confirm(ctx: Ctx, body: Body<Sent>) -> Answer {
    gateway(&ctx)?;
    let ids = body.value.ids;
    let taken = ctx.write(move |tx| sent(tx, &ids)).await?;
    Ok(Reply::ok(&json!({"taken": taken})))
}
