//! The built-in central system: an HTTP server on the loopback interface with tables of its own. It knows the numbers of the
//! other operators, checks codes, asks donors (us over HTTP, with its own token; others as they are set to behave), lets
//! ports take effect at full hours, and tells us by notices that may come late, twice or never.
//!
//! Protocol: `POST /npc/v1/requests`, `GET /npc/v1/requests/{id}`, `POST /npc/v1/requests/{id}/cancel`,
//! `POST /npc/v1/codes`, `GET /npc/v1/numbers/{number}`, `POST /npc/v1/returns`.

pub mod memory;
mod peer;
mod server;
pub mod turn;

pub use memory::{Behaviour, Subscriber, behave, behaviour, subscribe};
pub use peer::connect;

use crate::centre::Failure;
use http::App;
use std::net::SocketAddr;
use tokio::sync::Mutex;

/// Where this process' built-in central system listens.
#[derive(Default)]
struct Listening(Mutex<Option<SocketAddr>>);

/// The address; it is started when it is first needed.
pub async fn address(app: &App) -> Result<SocketAddr, Failure> {
    let held = app.db().memory::<Listening>();
    let mut address = held.0.lock().await;
    if let Some(at) = *address {
        return Ok(at);
    }
    let at = server::start(app.clone()).await.map_err(|e| Failure::unreachable(&e.to_string()))?;
    *address = Some(at);
    Ok(at)
}
