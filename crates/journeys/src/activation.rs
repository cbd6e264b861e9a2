//! The seam to the network: what an adapter is asked, and which adapter serves which target.

use crate::{problems, radius, simulator};
use http::{App, BoxFuture};
use inventory::products::{self, characteristic};
use kernel::{Actor, Problem, Result};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use store::{Tx, params, sql};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verb {
    Activate,
    Deactivate,
    Suspend,
    Resume,
}

impl Verb {
    pub const ALL: [Self; 4] = [Self::Activate, Self::Deactivate, Self::Suspend, Self::Resume];
    pub fn text(self) -> &'static str {
        match self {
            Self::Activate => "activate",
            Self::Deactivate => "deactivate",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
        }
    }
    /// What takes it back; a removal cannot be taken back, since what was removed is not known any more.
    pub fn inverse(self) -> Option<Self> {
        match self {
            Self::Activate => Some(Self::Deactivate),
            Self::Suspend => Some(Self::Resume),
            Self::Resume => Some(Self::Suspend),
            Self::Deactivate => None,
        }
    }
}

/// One request to the network.
#[derive(Clone, Debug)]
pub struct Request {
    /// The same key asked again has no second effect.
    pub key: String,
    pub target: String,
    pub verb: Verb,
    /// The product it is for: the network's subscriber.
    pub subscriber: String,
    /// Number, account, rate: what the target needs to know.
    pub attributes: Map<String, Value>,
    /// The password of a broadband account.
    pub secret: Option<String>,
}

/// Why a request did not succeed.
#[derive(Clone, Debug)]
pub struct Failure {
    pub problem: Problem,
    /// It may be tried again by itself.
    pub retryable: bool,
    /// It may have had its effect.
    pub uncertain: bool,
}

impl Failure {
    pub fn refused(target: &str, detail: &str) -> Self {
        let problem = Problem::new(&problems::REFUSED).with("target", target).with("detail", detail);
        Self { problem, retryable: false, uncertain: false }
    }
    pub fn unreachable(target: &str, detail: &str) -> Self {
        let problem = Problem::new(&problems::UNREACHABLE).with("target", target).with("detail", detail);
        Self { problem, retryable: true, uncertain: false }
    }
    pub fn no_answer(target: &str) -> Self {
        let problem = Problem::new(&problems::NO_ANSWER).with("target", target);
        Self { problem, retryable: true, uncertain: true }
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        let retryable = problem.code.status >= 500;
        Self { problem, retryable, uncertain: false }
    }
}

/// An adapter to a part of the network. All requests are idempotent by their key.
pub trait Activation: Send + Sync {
    fn perform(&self, request: Request) -> BoxFuture<'static, Result<(), Failure>>;
    /// Whether a request of this key has had its effect.
    fn query(&self, target: String, key: String) -> BoxFuture<'static, Result<bool, Failure>>;
}

sql! {
    ROUTE = "SELECT adapter FROM activation_route WHERE target = $1 OR target = '*' ORDER BY CASE WHEN target = '*' THEN 1 ELSE 0 END LIMIT 1";
}

/// The adapter that serves `target`.
pub async fn adapter(app: &App, target: &str) -> Result<Arc<dyn Activation>, Failure> {
    let wanted = target.to_owned();
    let name = app.db().peek(Actor::system(), move |tx| Ok(tx.query_one(&ROUTE, params![wanted])?.text(0))).await?;
    if name == "radius"
        && let Some(server) = radius::server(app.db())
    {
        return Ok(Arc::new(server));
    }
    Ok(Arc::new(simulator::client(app).await?))
}

/// What a request for a product says about it.
pub fn request(tx: &mut Tx<'_>, product: &str, target: &str, verb: Verb, key: String) -> Result<Request> {
    let doc = products::get(tx, product)?;
    let mut attributes = Map::new();
    attributes.insert("family".into(), json!(doc.text("family")));
    for name in ["number", "iccid", "broadbandAccount", "accessPort", "downMbps", "dataMb", "installAddress"] {
        if let Some(value) = characteristic(&doc.body, name) {
            attributes.insert(name.to_owned(), json!(value));
        }
    }
    let secret = products::secret(tx, product)?;
    Ok(Request { key, target: target.to_owned(), verb, subscriber: product.to_owned(), attributes, secret })
}
