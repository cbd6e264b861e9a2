//! The seam to the network: what an adapter is asked, for one task at a time.

use crate::{problems, radius, shared, simulator};
use http::{App, BoxFuture};
use inventory::products;
use kernel::{Problem, Result};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use store::Tx;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verb {
    Activate,
    Deactivate,
    Change,
    Suspend,
    Resume,
}

impl Verb {
    pub const ALL: [Self; 5] = [Self::Activate, Self::Deactivate, Self::Change, Self::Suspend, Self::Resume];
    pub fn text(self) -> &'static str {
        match self {
            Self::Activate => "activate",
            Self::Deactivate => "deactivate",
            Self::Change => "change",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
        }
    }
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|v| v.text() == text)
    }
    /// What takes it back. A removal is taken back by setting up again what the product's record still knows; a change by
    /// the change to the former values, which the step carries.
    pub fn inverse(self) -> Self {
        match self {
            Self::Activate => Self::Deactivate,
            Self::Deactivate => Self::Activate,
            Self::Change => Self::Change,
            Self::Suspend => Self::Resume,
            Self::Resume => Self::Suspend,
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
    /// The product it is for, or the thing that several products share.
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

/// An adapter to a part of the network that is told each task by itself. All requests are idempotent by their key.
pub trait Activation: Send + Sync {
    fn perform(&self, request: Request) -> BoxFuture<'static, Result<(), Failure>>;
    /// Whether a request of this key has had its effect.
    fn query(&self, target: String, key: String) -> BoxFuture<'static, Result<bool, Failure>>;
}

/// The adapter of this name; where no RADIUS server is configured the built-in network stands in.
pub async fn adapter(app: &App, name: &str) -> Result<Arc<dyn Activation>, Failure> {
    if name == "radius"
        && let Some(server) = radius::server(app.db())
    {
        return Ok(Arc::new(server));
    }
    Ok(Arc::new(simulator::client(app).await?))
}

/// What a step wants from a target, as its saga carries it.
#[derive(Clone, Debug)]
pub struct Wish {
    pub target: String,
    /// What the step asks for going forward.
    pub verb: Verb,
    /// It is to be taken back.
    pub undo: bool,
    pub input: Value,
}

impl Wish {
    pub fn product(&self) -> &str {
        self.input["product"].as_str().unwrap_or("")
    }
    /// What the target is asked for.
    pub fn asked(&self) -> Verb {
        match self.verb {
            // From one bar to another: taken back, the bar it had stands again.
            Verb::Suspend if self.undo && self.input["before"]["bar"].is_string() => Verb::Suspend,
            verb if self.undo => verb.inverse(),
            verb => verb,
        }
    }
    /// The values that hold where this step works: those after the change, or those before it.
    fn overlay(&self) -> &Value {
        match (self.verb, self.undo) {
            (Verb::Change | Verb::Suspend | Verb::Resume, true) | (Verb::Deactivate, _) => &self.input["before"],
            (Verb::Change | Verb::Suspend | Verb::Resume, false) | (Verb::Activate, _) => &self.input["attributes"],
        }
    }
}

/// What a target is told about a product.
pub struct Told {
    pub subscriber: String,
    pub family: String,
    pub attributes: Map<String, Value>,
    pub shared: Option<shared::Thing>,
}

/// What the product's record says, with the values of the change laid over it.
pub fn told(tx: &mut Tx<'_>, wish: &Wish) -> Result<Told> {
    let doc = products::get(tx, wish.product())?;
    let family = doc.text("family").to_owned();
    let mut attributes = Map::new();
    attributes.insert("family".into(), json!(family));
    let all = doc.body.get("productCharacteristic").and_then(Value::as_array);
    for characteristic in all.into_iter().flatten() {
        if let Some(name) = characteristic["name"].as_str().filter(|_| !characteristic["value"].is_null()) {
            attributes.insert(name.to_owned(), characteristic["value"].clone());
        }
    }
    for (name, value) in wish.overlay().as_object().into_iter().flatten() {
        attributes.insert(name.clone(), value.clone());
    }
    let shared = shared::thing(&wish.input, &doc.body, &attributes);
    let subscriber = shared.as_ref().map_or_else(|| wish.product().to_owned(), shared::Thing::subscriber);
    Ok(Told { subscriber, family, attributes, shared })
}

/// The request to an adapter that is told each task by itself.
pub fn request(tx: &mut Tx<'_>, wish: &Wish, key: String) -> Result<Request> {
    let told = told(tx, wish)?;
    let secret = products::secret(tx, wish.product())?;
    let Told { subscriber, mut attributes, .. } = told;
    // The attributes of a target are texts: what is a number in the record is written the same way everywhere.
    for value in attributes.values_mut() {
        if value.is_number() || value.is_boolean() {
            *value = json!(value.to_string());
        }
    }
    Ok(Request { key, target: wish.target.clone(), verb: wish.asked(), subscriber, attributes, secret })
}
