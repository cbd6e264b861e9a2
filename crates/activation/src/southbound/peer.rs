//! The built-in activation system: an HTTP server on the loopback interface that takes TMF641 service orders, does them
//! on the built-in network as one transaction each, and calls back.

use super::memory::{self, Kept};
use crate::route::TMF641;
use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Path, Query, Request, State},
    http::{HeaderMap, StatusCode},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::App;
use kernel::{Actor, Problem, Result};
use serde_json::{Value, json};
use std::{collections::HashMap, net::SocketAddr, time::Duration};

pub const BASE: &str = "/tmf-api/serviceOrdering/v4";
/// Longer than anybody waits.
const NEVER: Duration = Duration::from_secs(3_600);
const LARGEST: usize = 1 << 20;

/// Starts the server on a free port of the loopback interface.
pub async fn start(app: App, token: String) -> std::io::Result<SocketAddr> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let guard = move |headers: HeaderMap, request: Request, next: Next| {
        let expected = format!("Bearer {token}");
        async move {
            match headers.get("authorization").and_then(|v| v.to_str().ok()) {
                Some(sent) if sent == expected => next.run(request).await,
                _ => StatusCode::UNAUTHORIZED.into_response(),
            }
        }
    };
    let router = Router::new()
        .route(&format!("{BASE}/serviceOrder"), post(submit).get(ask))
        .route(&format!("{BASE}/serviceOrder/{{id}}"), get(one).patch(amend))
        .route(&format!("{BASE}/cancelServiceOrder"), post(cancel))
        .layer(DefaultBodyLimit::max(LARGEST))
        .layer(from_fn(guard))
        .with_state(app);
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

fn problem(status: StatusCode, reason: &str) -> Response {
    (status, Json(json!({"code": status.as_u16().to_string(), "reason": reason}))).into_response()
}

fn broken(p: &Problem) -> Response {
    problem(StatusCode::INTERNAL_SERVER_ERROR, p.code.id)
}

/// Says nothing at all while the system is set to be stuck.
async fn stuck(app: &App) -> bool {
    let behaviour = app.db().peek(Actor::system(), |tx| memory::behaviour(tx, TMF641)).await;
    if behaviour.is_ok_and(|b| b.stuck) {
        tokio::time::sleep(NEVER).await;
        return true;
    }
    false
}

async fn submit(State(app): State<App>, Json(body): Json<Value>) -> Response {
    if stuck(&app).await {
        return problem(StatusCode::GATEWAY_TIMEOUT, "stuck");
    }
    match app.db().write(Actor::system(), move |tx| memory::accept(tx, TMF641, &body)).await {
        Ok(Ok(kept)) => (StatusCode::CREATED, Json(memory::shown(&kept, &kept.state))).into_response(),
        Ok(Err(why)) => problem(StatusCode::BAD_REQUEST, why),
        Err(p) => broken(&p),
    }
}

async fn amend(State(app): State<App>, Path(id): Path<String>, Json(body): Json<Value>) -> Response {
    if stuck(&app).await {
        return problem(StatusCode::GATEWAY_TIMEOUT, "stuck");
    }
    let amended = app.db().write(Actor::system(), move |tx| {
        let Some(kept) = memory::by_id(tx, TMF641, &id)? else { return Ok(None) };
        if matches!(kept.state.as_str(), "completed" | "cancelled" | "failed") {
            return Ok(Some(Err("the order has ended")));
        }
        memory::accept(tx, TMF641, &body).map(Some)
    });
    match amended.await {
        Ok(Some(Ok(kept))) => Json(memory::shown(&kept, &kept.state)).into_response(),
        Ok(Some(Err(why))) => problem(StatusCode::CONFLICT, why),
        Ok(None) => problem(StatusCode::NOT_FOUND, "no such order"),
        Err(p) => broken(&p),
    }
}

async fn cancel(State(app): State<App>, Json(body): Json<Value>) -> Response {
    if stuck(&app).await {
        return problem(StatusCode::GATEWAY_TIMEOUT, "stuck");
    }
    let external_id = body["externalId"].as_str().unwrap_or("").to_owned();
    match app.db().write(Actor::system(), move |tx| memory::cancel(tx, TMF641, &external_id)).await {
        Ok(Some(state)) => {
            (StatusCode::CREATED, Json(json!({"state": state, "serviceOrder": body["serviceOrder"]}))).into_response()
        }
        Ok(None) => problem(StatusCode::NOT_FOUND, "no such order"),
        Err(p) => broken(&p),
    }
}

async fn ask(State(app): State<App>, Query(query): Query<HashMap<String, String>>) -> Response {
    if stuck(&app).await {
        return problem(StatusCode::GATEWAY_TIMEOUT, "stuck");
    }
    let external_id = query.get("externalId").cloned().unwrap_or_default();
    match app.db().write(Actor::system(), move |tx| memory::get(tx, TMF641, &external_id)).await {
        Ok(found) => {
            let all: Vec<Value> = found.iter().map(|k| memory::shown(k, &k.state)).collect();
            Json(all).into_response()
        }
        Err(p) => broken(&p),
    }
}

async fn one(State(app): State<App>, Path(id): Path<String>) -> Response {
    match app.db().write(Actor::system(), move |tx| memory::by_id(tx, TMF641, &id)).await {
        Ok(Some(kept)) => Json(memory::shown(&kept, &kept.state)).into_response(),
        Ok(None) => problem(StatusCode::NOT_FOUND, "no such order"),
        Err(p) => broken(&p),
    }
}

/// One pass over what is due: the work is done, and what is to be told is told. Returns how much there was.
pub async fn round(app: &App) -> Result<usize> {
    let quiet = app
        .db()
        .peek(Actor::system(), |tx| Ok(memory::due(tx, TMF641)?.is_empty() || memory::behaviour(tx, TMF641)?.stuck));
    if quiet.await? {
        return Ok(0);
    }
    let due = app.db().read(Actor::system(), |tx| memory::due(tx, TMF641)).await?;
    for external_id in &due {
        let id = external_id.clone();
        let kept = app.db().write(Actor::system(), move |tx| work(tx, TMF641, &id)).await?;
        let Some(kept) = kept else { continue };
        tell(app, &kept).await;
    }
    Ok(due.len())
}

/// Does an order's work when it is due, and takes what is to be told now. `None` where it was cancelled meanwhile.
pub fn work(tx: &mut store::Tx<'_>, system: &str, external_id: &str) -> Result<Option<Kept>> {
    let now = tx.now();
    let Some(mut kept) = memory::get(tx, system, external_id)?.filter(|k| k.due.is_some_and(|d| d <= now)) else {
        return Ok(None);
    };
    if kept.state == "acknowledged" {
        let b = memory::behaviour(tx, system)?;
        if b.refuse_next > 0 {
            memory::used(tx, &b, |_| [false, false, true, false, false])?;
            let first = kept.body["serviceOrderItem"][0]["id"].as_str().unwrap_or("").to_owned();
            "failed".clone_into(&mut kept.state);
            kept.detail = format!("{first}: configured to refuse");
        } else {
            match memory::perform(tx, &kept)? {
                Ok(()) => "completed".clone_into(&mut kept.state),
                Err((item, why)) => {
                    "failed".clone_into(&mut kept.state);
                    kept.detail = format!("{item}: {why}");
                }
            }
        }
    }
    let told = kept.clone();
    (kept.tell, kept.due) = (Vec::new(), None);
    memory::put(tx, system, &kept)?;
    Ok(Some(told))
}

/// Calls back with each thing there is to tell, in the order in which the system tells it.
async fn tell(app: &App, kept: &Kept) {
    let Some((callback, token)) = super::callback(app.db()) else { return };
    for what in kept.tell.iter().filter(|t| *t != "silence") {
        let state = if what == "result" { kept.state.as_str() } else { what };
        let event = json!({
            "eventId": format!("{}:{}:{state}", kept.external_id, kept.version), "eventType": "ServiceOrderStateChangeEvent",
            "eventTime": app.db().env().now(), "event": {"serviceOrder": memory::shown(kept, state)},
        });
        let (callback, token) = (callback.clone(), token.clone());
        let sent = tokio::task::spawn_blocking(move || {
            let agent: ureq::Agent =
                ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(5))).build().into();
            let request = agent.post(callback).header("authorization", format!("Bearer {token}"));
            request.header("content-type", "application/json").send(event.to_string()).map(drop)
        });
        if !matches!(sent.await, Ok(Ok(()))) {
            tracing::warn!(order = %kept.external_id, "the built-in activation system could not call back; it will be asked");
        }
    }
}
