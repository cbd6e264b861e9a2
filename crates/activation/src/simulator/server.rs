//! The simulator's own server.

use super::memory::{self, Fate};
use crate::adapter::Verb;
use axum::{
    Json, Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::App;
use kernel::Actor;
use serde_json::{Value, json};
use std::{net::SocketAddr, time::Duration};

/// Longer than anybody waits.
const NEVER: Duration = Duration::from_secs(3_600);

/// Starts the server on a free port of the loopback interface.
pub async fn start(app: App) -> std::io::Result<SocketAddr> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let router = Router::new()
        .route("/v1/{target}/{verb}", post(perform))
        .route("/v1/{target}/requests/{key}", get(query))
        .with_state(app);
    tokio::spawn(async move { axum::serve(listener, router).await });
    tracing::info!(%address, "the built-in network listens");
    Ok(address)
}

/// As slow and as silent as the target is set to be.
async fn linger(app: &App, target: &str) -> bool {
    let wanted = target.to_owned();
    let behaviour = app.db().peek(Actor::system(), move |tx| memory::behaviour(tx, &wanted)).await;
    let Ok(Some(behaviour)) = behaviour else { return true };
    if behaviour.stuck {
        tokio::time::sleep(NEVER).await;
        return false;
    }
    if let Ok(millis @ 1..) = u64::try_from(behaviour.delay_ms) {
        tokio::time::sleep(Duration::from_millis(millis)).await;
    }
    true
}

async fn perform(
    State(app): State<App>,
    Path((target, verb)): Path<(String, String)>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    let key = headers.get("idempotency-key").and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
    let verb = Verb::ALL.into_iter().find(|v| v.text() == verb);
    let (Some(verb), Some(subscriber), false) = (verb, body["subscriber"].as_str().map(str::to_owned), key.is_empty())
    else {
        return answer(StatusCode::BAD_REQUEST, "verb, subscriber and Idempotency-Key are needed");
    };
    if !linger(&app, &target).await {
        return answer(StatusCode::GATEWAY_TIMEOUT, "stuck");
    }
    let done = app
        .db()
        .write(Actor::system(), move |tx| memory::perform(tx, &key, &target, verb, &subscriber, &body["attributes"]));
    match done.await {
        Ok(Fate::Done) => answer(StatusCode::OK, "done"),
        Ok(Fate::Lost) => {
            tokio::time::sleep(NEVER).await;
            answer(StatusCode::GATEWAY_TIMEOUT, "lost")
        }
        Ok(Fate::Refused(reason)) => answer(StatusCode::UNPROCESSABLE_ENTITY, reason),
        Ok(Fate::Busy) => answer(StatusCode::SERVICE_UNAVAILABLE, "configured to fail"),
        Err(problem) => answer(StatusCode::INTERNAL_SERVER_ERROR, problem.code.id),
    }
}

async fn query(State(app): State<App>, Path((target, key)): Path<(String, String)>) -> Response {
    if !linger(&app, &target).await {
        return answer(StatusCode::GATEWAY_TIMEOUT, "stuck");
    }
    match app.db().peek(Actor::system(), move |tx| memory::known(tx, &key)).await {
        Ok(true) => answer(StatusCode::OK, "done"),
        Ok(false) => answer(StatusCode::NOT_FOUND, "unknown"),
        Err(problem) => answer(StatusCode::INTERNAL_SERVER_ERROR, problem.code.id),
    }
}

fn answer(status: StatusCode, reason: &str) -> Response {
    (status, Json(json!({"reason": reason}))).into_response()
}
