//! The built-in network: an HTTP server on the loopback interface that remembers its subscribers and fails on request, so
//! that fallout can be practised and every path tested over a real socket.
//!
//! Protocol: `POST /v1/{target}/{verb}` with `Idempotency-Key` and the subscriber as JSON; `GET /v1/requests/{key}` tells
//! whether a request took effect.

mod client;
mod memory;
mod server;

pub use memory::{Behaviour, behaviours, known_as, perform, refuses, set_behaviours};

use crate::adapter::Failure;
use client::Client;
use http::App;
use std::net::SocketAddr;
use tokio::sync::Mutex;

/// Where this process' simulator listens.
#[derive(Default)]
struct Listening(Mutex<Option<SocketAddr>>);

/// A client of the simulator, which is started when it is first needed.
pub async fn client(app: &App) -> Result<Client, Failure> {
    let held = app.db().memory::<Listening>();
    let mut address = held.0.lock().await;
    let at = match *address {
        Some(at) => at,
        None => {
            let at = server::start(app.clone()).await.map_err(|e| Failure::unreachable("simulator", &e.to_string()))?;
            *address = Some(at);
            at
        }
    };
    Ok(Client::new(app.db().memory::<client::Connections>(), at))
}

/// Runs beside the requests for as long as the server does.
pub async fn keep_serving(app: App) {
    if let Err(failure) = client(&app).await {
        tracing::error!(problem = %failure.problem, "the built-in network could not be started");
    }
    app.stopped().await;
}
