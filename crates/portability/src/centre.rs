//! The seam to the central system of number portability (携号转网集中业务管理系统): what it is asked, and the client that asks
//! over HTTP.
//!
//! Every request carries a key that the asker chose: asked again it has no second effect, and after a time-out it is asked
//! *about*, never assumed. Which system it is says table `portability_centre`; an empty address is the built-in one
//! ([`simulator`](crate::simulator)), spoken to over the same protocol.

mod client;

use crate::{digest, problems, setting::Reason, simulator};
use client::Client;
use http::{App, BoxFuture};
use kernel::{Actor, Problem, Timestamp};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use store::{params, sql};

/// What a recipient asks.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Submission {
    pub request_id: String,
    pub number: String,
    pub recipient: String,
    /// The recipient's local network, such as `4401`.
    pub network: String,
    /// SHA-256 over number and code: the code itself stays with its holder.
    pub code_digest: String,
    pub certificate_digest: String,
}

/// How a request stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    pub request_id: String,
    pub number: String,
    pub recipient: String,
    pub donor: String,
    pub state: State,
    /// Grows with every change.
    pub revision: i64,
    #[serde(default)]
    pub effective_at: Option<Timestamp>,
    #[serde(default)]
    pub reasons: Vec<Reason>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum State {
    /// The donor has not answered.
    Pending,
    Accepted,
    Refused,
    Effective,
    Cancelled,
}

impl State {
    pub fn text(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Effective => "effective",
            Self::Cancelled => "cancelled",
        }
    }
}

/// An authorisation code as its donor announces it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Announcement {
    pub number: String,
    pub donor: String,
    pub network: String,
    pub code_digest: String,
    pub certificate_digest: String,
    pub valid_until: Timestamp,
}

/// Whose a number is.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Whereabouts {
    pub number: String,
    /// The operator it was given to first.
    pub home: String,
    /// The operator that serves it now.
    pub owner: String,
    pub network: String,
}

/// Why the central system could not be asked, or said no.
#[derive(Clone, Debug)]
pub struct Failure {
    pub problem: Problem,
    pub retryable: bool,
    /// It may have had its effect.
    pub uncertain: bool,
}

impl Failure {
    pub fn unreachable(detail: &str) -> Self {
        let problem = Problem::new(&problems::UNREACHABLE).with("detail", detail);
        Self { problem, retryable: true, uncertain: false }
    }
    pub fn no_answer() -> Self {
        Self { problem: Problem::new(&problems::NO_ANSWER), retryable: true, uncertain: true }
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        let retryable = problem.code.status >= 500;
        Self { problem, retryable, uncertain: false }
    }
}

pub type Asked<T> = BoxFuture<'static, Result<T, Failure>>;

/// The central system.
pub trait Centre: Send + Sync {
    fn submit(&self, ask: Submission) -> Asked<Status>;
    /// How a request stands; `None` where it never arrived.
    fn status(&self, request_id: String) -> Asked<Option<Status>>;
    /// Takes a request back before it takes effect. One that never arrived is refused should it still come.
    fn cancel(&self, request_id: String, number: String) -> Asked<Status>;
    fn announce(&self, code: Announcement) -> Asked<()>;
    fn whereabouts(&self, number: String) -> Asked<Option<Whereabouts>>;
    /// Gives a number back to its home operator.
    fn give_back(&self, number: String, from: String) -> Asked<()>;
}

sql! {
    URL = "SELECT url FROM portability_centre WHERE id = 1";
}

/// The central system of this installation.
pub async fn centre(app: &App) -> Result<Arc<dyn Centre>, Failure> {
    let url = app.db().peek(Actor::system(), |tx| Ok(tx.query_one(&URL, params![])?.text(0))).await?;
    let base = if url.is_empty() { format!("http://{}", simulator::address(app).await?) } else { url };
    Ok(Arc::new(Client::new(app.db().memory::<client::Connections>(), base)))
}

impl Submission {
    /// A request as its recipient makes it out of the code and the certificate that the user brought.
    pub fn by_code(id: &str, number: &str, recipient: &str, network: &str, code: &str, certificate: &str) -> Self {
        Self {
            request_id: id.to_owned(),
            number: number.to_owned(),
            recipient: recipient.to_owned(),
            network: network.to_owned(),
            code_digest: digest::code(number, code),
            certificate_digest: digest::certificate(certificate),
        }
    }
}
