//! The simulator's adapter: speaks its protocol over HTTP.

use crate::adapter::{Activation, Failure, Request};
use http::BoxFuture;
use serde_json::{Value, json};
use std::{net::SocketAddr, sync::Arc, time::Duration};

/// No answer within this means that the outcome is unknown.
const PATIENCE: Duration = Duration::from_secs(3);

/// Connections are kept open between requests.
pub struct Connections(ureq::Agent);

impl Default for Connections {
    fn default() -> Self {
        let config = ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).http_status_as_error(false).build();
        Self(config.into())
    }
}

pub struct Client {
    connections: Arc<Connections>,
    at: SocketAddr,
}

impl Client {
    pub(super) fn new(connections: Arc<Connections>, at: SocketAddr) -> Self {
        Self { connections, at }
    }
}

impl Activation for Client {
    fn perform(&self, request: Request) -> BoxFuture<'static, Result<(), Failure>> {
        let (agent, at) = (self.connections.clone(), self.at);
        blocking(move || {
            let Request { key, target, verb, subscriber, attributes, .. } = request;
            let body = json!({"subscriber": subscriber, "attributes": attributes}).to_string();
            let sent = agent
                .0
                .post(format!("http://{at}/v1/{target}/{}", verb.text()))
                .header("idempotency-key", &key)
                .header("content-type", "application/json")
                .send(body);
            let (status, answer) = read(sent, &target)?;
            let reason = answer["reason"].as_str().unwrap_or("?");
            match status {
                200 => Ok(()),
                500.. => Err(Failure::unreachable(&target, reason)),
                _ => Err(Failure::refused(&target, reason)),
            }
        })
    }

    fn query(&self, target: String, key: String) -> BoxFuture<'static, Result<bool, Failure>> {
        let (agent, at) = (self.connections.clone(), self.at);
        blocking(move || {
            let asked = agent.0.get(format!("http://{at}/v1/{target}/requests/{key}")).call();
            match read(asked, &target)? {
                (200, _) => Ok(true),
                (404, _) => Ok(false),
                (_, answer) => Err(Failure::unreachable(&target, answer["reason"].as_str().unwrap_or("?"))),
            }
        })
    }
}

type Answered = Result<ureq::http::Response<ureq::Body>, ureq::Error>;

/// Status and body; silence and a broken line mean that the outcome is unknown, a refused connection that nothing happened.
fn read(answered: Answered, target: &str) -> Result<(u16, Value), Failure> {
    match answered {
        Ok(mut response) => {
            let text = response.body_mut().read_to_string().map_err(|_| Failure::no_answer(target))?;
            Ok((response.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::Null)))
        }
        Err(ureq::Error::ConnectionFailed | ureq::Error::HostNotFound) => {
            Err(Failure::unreachable(target, "connection"))
        }
        Err(ureq::Error::Io(e)) if e.kind() == std::io::ErrorKind::ConnectionRefused => {
            Err(Failure::unreachable(target, "connection refused"))
        }
        Err(_) => Err(Failure::no_answer(target)),
    }
}

fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> BoxFuture<'static, Result<T, Failure>> {
    Box::pin(async move { tokio::task::spawn_blocking(work).await.map_err(kernel::Problem::internal)? })
}
