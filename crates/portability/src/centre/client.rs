//! The client: speaks the central system's protocol over HTTP.

use super::{Announcement, Asked, Centre, Failure, Status, Submission, Whereabouts};
use kernel::Problem;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::json;
use std::{sync::Arc, time::Duration};

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
    base: String,
}

impl Client {
    pub(super) fn new(connections: Arc<Connections>, base: String) -> Self {
        Self { connections, base }
    }
    fn post<B: Serialize>(&self, path: &str, body: &B) -> Asked<(u16, String)> {
        let (agent, url) = (self.connections.clone(), format!("{}{path}", self.base));
        let text = serde_json::to_string(body);
        Box::pin(async move {
            let text = text.map_err(Problem::internal)?;
            blocking(move || read(agent.0.post(url).header("content-type", "application/json").send(text))).await
        })
    }
    fn get(&self, path: &str) -> Asked<(u16, String)> {
        let (agent, url) = (self.connections.clone(), format!("{}{path}", self.base));
        Box::pin(blocking(move || read(agent.0.get(url).call())))
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Failure> + Send + 'static) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.map_err(Problem::internal)?
}

/// Status and body; silence and a broken line mean that the outcome is unknown, a refused connection that nothing happened.
fn read(answered: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<(u16, String), Failure> {
    match answered {
        Ok(mut response) => {
            let text = response.body_mut().read_to_string().map_err(|_| Failure::no_answer())?;
            Ok((response.status().as_u16(), text))
        }
        Err(ureq::Error::ConnectionFailed | ureq::Error::HostNotFound) => Err(Failure::unreachable("connection")),
        Err(ureq::Error::Io(e)) if e.kind() == std::io::ErrorKind::ConnectionRefused => {
            Err(Failure::unreachable("connection refused"))
        }
        Err(_) => Err(Failure::no_answer()),
    }
}

fn parsed<T: DeserializeOwned>((status, text): (u16, String)) -> Result<T, Failure> {
    match status {
        200..=299 => serde_json::from_str(&text).map_err(|e| Failure::from(Problem::internal(e))),
        _ => Err(Failure::unreachable(&format!("HTTP {status}"))),
    }
}

impl Centre for Client {
    fn submit(&self, ask: Submission) -> Asked<Status> {
        let sent = self.post("/npc/v1/requests", &ask);
        Box::pin(async move { parsed(sent.await?) })
    }
    fn status(&self, request_id: String) -> Asked<Option<Status>> {
        let asked = self.get(&format!("/npc/v1/requests/{request_id}"));
        Box::pin(async move {
            match asked.await? {
                (404, _) => Ok(None),
                answer => parsed(answer).map(Some),
            }
        })
    }
    fn cancel(&self, request_id: String, number: String) -> Asked<Status> {
        let sent = self.post(&format!("/npc/v1/requests/{request_id}/cancel"), &json!({"number": number}));
        Box::pin(async move { parsed(sent.await?) })
    }
    fn announce(&self, code: Announcement) -> Asked<()> {
        let sent = self.post("/npc/v1/codes", &code);
        Box::pin(async move { parsed::<serde_json::Value>(sent.await?).map(drop) })
    }
    fn whereabouts(&self, number: String) -> Asked<Option<Whereabouts>> {
        let asked = self.get(&format!("/npc/v1/numbers/{number}"));
        Box::pin(async move {
            match asked.await? {
                (404, _) => Ok(None),
                answer => parsed(answer).map(Some),
            }
        })
    }
    fn give_back(&self, number: String, from: String) -> Asked<()> {
        let sent = self.post("/npc/v1/returns", &json!({"number": number, "from": from}));
        Box::pin(async move { parsed::<serde_json::Value>(sent.await?).map(drop) })
    }
}
