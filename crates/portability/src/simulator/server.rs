//! The built-in central system's own server.

use super::memory;
use crate::centre::{Announcement, Submission};
use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::App;
use kernel::{Actor, Result};
use serde::Serialize;
use serde_json::{Value, json};
use std::{net::SocketAddr, time::Duration};
use store::Tx;

/// Longer than anybody waits.
const NEVER: Duration = Duration::from_secs(3_600);

/// Starts the server on a free port of the loopback interface.
pub async fn start(app: App) -> std::io::Result<SocketAddr> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let router = Router::new()
        .route("/npc/v1/requests", post(submit))
        .route("/npc/v1/requests/{id}", get(status))
        .route("/npc/v1/requests/{id}/cancel", post(cancel))
        .route("/npc/v1/codes", post(announce))
        .route("/npc/v1/numbers/{number}", get(number))
        .route("/npc/v1/returns", post(give_back))
        .with_state(app);
    tokio::spawn(async move { axum::serve(listener, router).await });
    tracing::info!(%address, "the built-in central system of number portability listens");
    Ok(address)
}

/// Does it and answers; never answers while the system is set to be down.
async fn done<R, F>(app: &App, operation: F) -> Result<R, Response>
where
    F: FnMut(&mut Tx<'_>) -> Result<R> + Send + 'static,
    R: Send + 'static,
{
    let how = app.db().peek(Actor::system(), memory::behaviour).await;
    if how.is_ok_and(|h| h.down) {
        tokio::time::sleep(NEVER).await;
    }
    app.db()
        .write(Actor::system(), operation)
        .await
        .map_err(|problem| (StatusCode::INTERNAL_SERVER_ERROR, Json(json!({"code": problem.code.id}))).into_response())
}

fn answer<T: Serialize>(result: Result<Option<T>, Response>) -> Response {
    match result {
        Ok(Some(value)) => Json(json!(value)).into_response(),
        Ok(None) => (StatusCode::NOT_FOUND, Json(json!({"code": "unknown"}))).into_response(),
        Err(response) => response,
    }
}

async fn submit(State(app): State<App>, Json(ask): Json<Submission>) -> Response {
    match done(&app, move |tx| memory::submit(tx, &ask)).await {
        Ok((status, false)) => answer(Ok(Some(status))),
        Ok((_, true)) => {
            tokio::time::sleep(NEVER).await;
            StatusCode::GATEWAY_TIMEOUT.into_response()
        }
        Err(response) => response,
    }
}

async fn status(State(app): State<App>, Path(id): Path<String>) -> Response {
    answer(done(&app, move |tx| Ok(memory::request(tx, &id)?.map(|r| r.status))).await)
}

async fn cancel(State(app): State<App>, Path(id): Path<String>, Json(body): Json<Value>) -> Response {
    let number = body["number"].as_str().unwrap_or("").to_owned();
    answer(done(&app, move |tx| memory::cancel(tx, &id, &number).map(Some)).await)
}

async fn announce(State(app): State<App>, Json(code): Json<Announcement>) -> Response {
    match done(&app, move |tx| memory::announce(tx, &code)).await {
        Ok(true) => Json(json!({"taken": true})).into_response(),
        Ok(false) => (StatusCode::CONFLICT, Json(json!({"code": "npc.not_owner"}))).into_response(),
        Err(response) => response,
    }
}

async fn number(State(app): State<App>, Path(number): Path<String>) -> Response {
    answer(done(&app, move |tx| memory::whereabouts(tx, &number)).await)
}

async fn give_back(State(app): State<App>, Json(body): Json<Value>) -> Response {
    let text = |name: &str| body[name].as_str().unwrap_or("").to_owned();
    let (number, from) = (text("number"), text("from"));
    match done(&app, move |tx| memory::give_back(tx, &number, &from)).await {
        Ok(true) => Json(json!({"taken": true})).into_response(),
        Ok(false) => (StatusCode::NOT_FOUND, Json(json!({"code": "npc.number_unknown"}))).into_response(),
        Err(response) => response,
    }
}
