//! The activation system that takes TMF641 service orders: our side ([`client`], [`receiver`]) and a built-in system that
//! plays the other one ([`peer`]), over real connections on the loopback interface.

pub mod client;
pub mod memory;
pub mod peer;
pub mod receiver;

use http::App;
use kernel::Result;
use std::{
    net::SocketAddr,
    sync::{Mutex, PoisonError},
};
use store::Db;
use tokio::sync::OnceCell;

/// An activation system of the operator's own.
#[derive(Clone, Debug)]
pub struct Outside {
    /// Such as `http://activation.example:8080/tmf-api/serviceOrdering/v4`.
    pub base: String,
    pub token: String,
}

#[derive(Default)]
struct Configured(Mutex<Option<Outside>>);

/// From now on messages for `tmf641` go there instead of to the built-in system.
pub fn use_server(db: &Db, outside: Outside) {
    *db.memory::<Configured>().0.lock().unwrap_or_else(PoisonError::into_inner) = Some(outside);
}

fn configured(db: &Db) -> Option<Outside> {
    db.memory::<Configured>().0.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// The built-in system and where it calls back.
pub struct Running {
    pub base: String,
    pub token: String,
    pub callback: String,
}

#[derive(Default)]
struct Started(OnceCell<Running>);

/// Starts the built-in system when it is first needed.
pub async fn running(app: &App) -> Result<(String, String)> {
    if let Some(Outside { base, token }) = configured(app.db()) {
        return Ok((base, token));
    }
    let held = app.db().memory::<Started>();
    let running = held.0.get_or_try_init(|| start(app)).await?;
    Ok((running.base.clone(), running.token.clone()))
}

async fn start(app: &App) -> Result<Running> {
    let token = app.db().env().random_hex(16);
    let failed = |e: std::io::Error| kernel::Problem::internal(e);
    let callback = receiver::start(app.clone(), token.clone()).await.map_err(failed)?;
    let peer: SocketAddr = peer::start(app.clone(), token.clone()).await.map_err(failed)?;
    tracing::info!(%peer, %callback, "the built-in activation system listens");
    Ok(Running {
        base: format!("http://{peer}{}", peer::BASE),
        callback: format!("http://{callback}/listener/serviceOrderStateChangeEvent"),
        token,
    })
}

/// Where the built-in system calls back, once it runs.
pub fn callback(db: &Db) -> Option<(String, String)> {
    db.memory::<Started>().0.get().map(|r| (r.callback.clone(), r.token.clone()))
}
