//! RADIUS: the adapter keeps the subscribers in the SQL data base that the RADIUS server reads (`rlm_sql`, SQLite: tables
//! `radcheck` and `radreply`) and proves each change by asking the server itself (RFC 2865, PAP over UDP).

mod database;
mod packet;

pub use packet::{Access, ask};

use crate::{
    adapter::{Activation, Failure, Request, Verb},
    problems,
};
use http::BoxFuture;
use kernel::{Env, Problem, Result};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};
use store::Db;

/// A RADIUS server and the data base it reads.
#[derive(Clone, Debug)]
pub struct RadiusServer {
    pub database: PathBuf,
    pub address: SocketAddr,
    pub secret: String,
}

#[derive(Default)]
struct Configured(Mutex<Option<RadiusServer>>);

/// From now on broadband accounts of this process are provisioned there.
pub fn use_server(db: &Db, server: RadiusServer) -> Result<()> {
    prepare(&server.database)?;
    *db.memory::<Configured>().0.lock().unwrap_or_else(PoisonError::into_inner) = Some(server);
    Ok(())
}

/// Makes the tables that the server reads, where they are not there yet.
pub fn prepare(database: &Path) -> Result<()> {
    database::prepare(database).map_err(Problem::internal)
}

pub fn server(db: &Db) -> Option<Adapter> {
    let server = db.memory::<Configured>().0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    server.map(|server| Adapter { server: Arc::new(server), env: db.env().clone() })
}

pub struct Adapter {
    server: Arc<RadiusServer>,
    env: Env,
}

impl Activation for Adapter {
    fn perform(&self, request: Request) -> BoxFuture<'static, Result<(), Failure>> {
        let (server, env) = (self.server.clone(), self.env.clone());
        blocking(move || perform(&server, &env, &request))
    }
    fn query(&self, _: String, key: String) -> BoxFuture<'static, Result<bool, Failure>> {
        let server = self.server.clone();
        blocking(move || {
            database::known(&server.database, &key).map_err(|e| Failure::unreachable("radius", &e.to_string()))
        })
    }
}

fn perform(server: &RadiusServer, env: &Env, request: &Request) -> Result<(), Failure> {
    let text = |name: &str| request.attributes.get(name).and_then(serde_json::Value::as_str).unwrap_or("").to_owned();
    let (account, rate) = (text("broadbandAccount"), text("downMbps"));
    let secret = request.secret.clone().unwrap_or_default();
    if account.is_empty() {
        return Err(Failure::refused("radius", "broadbandAccount"));
    }
    let line = |e: rusqlite::Error| Failure::unreachable("radius", &e.to_string());
    database::perform(&server.database, &request.key, request.verb, &account, &secret, &rate).map_err(line)?;
    // The record is there; whether the server acts on it only the server can tell.
    let wanted = match request.verb {
        Verb::Change => return Ok(()), // a barred account stays barred: the answer says nothing about its rate
        Verb::Activate | Verb::Resume => Access::Accept,
        Verb::Suspend | Verb::Deactivate => Access::Reject,
    };
    let answer = ask(server.address, &server.secret, &account, &secret, env)
        .map_err(|e| Failure::unreachable("radius", &e.to_string()))?;
    if answer == wanted {
        return Ok(());
    }
    let problem =
        Problem::new(&problems::RADIUS_VERIFY).with("account", &account).with("value", &format!("{answer:?}"));
    Err(Failure { problem, retryable: true, uncertain: false })
}

fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> BoxFuture<'static, Result<T, Failure>> {
    Box::pin(async move { tokio::task::spawn_blocking(work).await.map_err(Problem::internal)? })
}
