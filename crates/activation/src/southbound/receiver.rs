//! Where activation systems call back with events: for systems outside through the ordinary door with a token of the
//! right [`NETWORK_CALLBACK`](crate::NETWORK_CALLBACK), for the built-in one on the loopback interface.

use super::client::{Reply as Heard, order_said};
use crate::message::{book, trace};
use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, StatusCode},
    routing::post,
};
use http::{Answer, App, Body, Ctx, Reply};
use kernel::{Actor, Problem, Result};
use serde_json::Value;
use std::net::SocketAddr;
use store::Tx;

/// Larger events are refused.
const LARGEST: usize = 1 << 20;

/// Books one event. Returns what became of it.
pub fn receive(tx: &mut Tx<'_>, event: &Value) -> Result<&'static str> {
    let order = &event["event"]["serviceOrder"];
    match order_said(order) {
        Heard::Said(said) => {
            let verdict = book::book(tx, &said)?;
            if verdict != "unknown" {
                let summary = format!("{} · {verdict}", order["state"].as_str().unwrap_or("?"));
                trace(tx, &said.message, "in", "callback", &summary, &event.to_string())?;
            }
            Ok(verdict)
        }
        Heard::Still(_) => Ok("known"),
        Heard::Silence { why, .. } => Err(Problem::invalid("event.serviceOrder", &why)),
    }
}

/// The route for systems outside.
pub async fn route(ctx: Ctx, body: Body<Value>) -> Answer {
    let event = body.value;
    // A callback is booked by the system: the caller's right is to call, not to see all orders.
    let verdict = ctx.app.db().write(Actor::system(), move |tx| receive(tx, &event)).await?;
    Ok(Reply::json(if verdict == "unknown" { 404 } else { 201 }, &serde_json::json!({"booked": verdict})))
}

/// The receiver for the built-in system.
pub async fn start(app: App, token: String) -> std::io::Result<SocketAddr> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let router = Router::new()
        .route("/listener/serviceOrderStateChangeEvent", post(heard))
        .layer(DefaultBodyLimit::max(LARGEST))
        .with_state((app, token));
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

async fn heard(
    State((app, token)): State<(App, String)>,
    headers: HeaderMap,
    Json(event): Json<Value>,
) -> (StatusCode, Json<Value>) {
    let bearer = headers.get("authorization").and_then(|v| v.to_str().ok()).and_then(|v| v.strip_prefix("Bearer "));
    if bearer != Some(token.as_str()) {
        return (StatusCode::UNAUTHORIZED, Json(Value::Null));
    }
    let booked = app.db().write(Actor::system(), move |tx| receive(tx, &event)).await;
    match booked {
        Ok(verdict) => (StatusCode::CREATED, Json(serde_json::json!({"booked": verdict}))),
        Err(problem) => {
            let status = StatusCode::from_u16(problem.code.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, Json(serde_json::json!({"code": problem.code.id})))
        }
    }
}
