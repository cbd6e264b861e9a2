//! Calling the application the way a client does, and reading what it answered.

use crate::{app::Shared, auth};
use http::axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use http_body_util::BodyExt;
use kernel::{Actor, OrgPath};
use serde_json::Value;
use std::{
    future::{Future, IntoFuture},
    pin::Pin,
    sync::Arc,
};
use tower::ServiceExt;

/// Somebody who calls: a made actor, or the plain headers of a real session or token. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    pub(crate) shared: Arc<Shared>,
    actor: Option<Actor>,
    headers: Vec<(String, String)>,
}

impl Client {
    pub(crate) fn new(shared: Arc<Shared>, actor: Option<Actor>) -> Self {
        let headers =
            actor.iter().map(|a| (auth::HEADER.to_owned(), shared.actors.add(a.clone()).to_string())).collect();
        Self { shared, actor, headers }
    }
    fn with_actor(&self, change: impl FnOnce(&mut Actor)) -> Self {
        let mut actor = self.actor.clone().unwrap_or_else(|| self.shared.everything());
        change(&mut actor);
        Self::new(self.shared.clone(), Some(actor))
    }
    /// The same person with the rights of one role only.
    pub fn as_role(&self, role: &str) -> Self {
        let permissions = (self.shared.system.permissions_of)(role, &self.shared.permissions);
        self.with_actor(|actor| {
            actor.permissions = Arc::new(permissions);
            actor.name = role.into();
            actor.roles = [role.to_owned()].into();
        })
    }
    /// The same person with exactly these rights.
    pub fn with_permissions(&self, names: &[&str]) -> Self {
        self.with_actor(|actor| actor.permissions = Arc::new(names.iter().map(|n| (*n).to_owned()).collect()))
    }
    /// The same rights, seeing (and working in) this part of the organisation only.
    pub fn as_scope(&self, path: &str) -> Self {
        let path = OrgPath::parse(path).expect("an organisation path");
        self.with_actor(|actor| (actor.scope, actor.org) = (path.clone(), path))
    }
    /// Working in this hall: new records belong there. What is seen stays.
    pub fn in_org(&self, path: &str) -> Self {
        let path = OrgPath::parse(path).expect("an organisation path");
        self.with_actor(|actor| actor.org = path)
    }
    /// The same rights as somebody else: keys and own records are told apart by this id.
    pub fn named(&self, id: &str) -> Self {
        self.with_actor(|actor| (actor.id, actor.name) = (id.into(), id.into()))
    }
    /// Without login.
    pub fn anonymous(&self) -> Self {
        Self::new(self.shared.clone(), None)
    }
    /// Sends this header with every call: a real cookie, token or language.
    pub fn with_header(&self, name: &str, value: &str) -> Self {
        let mut client = self.clone();
        client.headers.push((name.to_owned(), value.to_owned()));
        client
    }
    /// The made actor behind the calls, for domain functions called in the story itself.
    pub fn actor(&self) -> Actor {
        self.actor.clone().unwrap_or_else(Actor::system)
    }

    pub fn call(&self, method: Method, path: &str) -> Call {
        Call {
            shared: self.shared.clone(),
            method,
            path: path.to_owned(),
            headers: self.headers.clone(),
            body: Vec::new(),
        }
    }
    pub fn get(&self, path: &str) -> Call {
        self.call(Method::GET, path)
    }
    pub fn post(&self, path: &str, body: Value) -> Call {
        self.call(Method::POST, path).json(&body)
    }
    pub fn put(&self, path: &str, body: Value) -> Call {
        self.call(Method::PUT, path).json(&body)
    }
    /// A merge patch.
    pub fn patch(&self, path: &str, body: Value) -> Call {
        self.call(Method::PATCH, path).json(&body).header("content-type", "application/merge-patch+json")
    }
    pub fn delete(&self, path: &str) -> Call {
        self.call(Method::DELETE, path)
    }
}

/// A request being put together; `.await` sends it.
pub struct Call {
    shared: Arc<Shared>,
    method: Method,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Call {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(n, _)| !n.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
    pub fn key(self, idempotency_key: &str) -> Self {
        self.header("idempotency-key", idempotency_key)
    }
    pub fn if_match(self, version: i64) -> Self {
        self.header("if-match", &format!("\"{version}\""))
    }
    pub fn english(self) -> Self {
        self.header("accept-language", "en")
    }
    pub fn json(self, body: &Value) -> Self {
        self.raw(body.to_string(), "application/json")
    }
    /// A body as it is, well formed or not.
    pub fn raw(mut self, body: impl Into<Vec<u8>>, media_type: &str) -> Self {
        self.body = body.into();
        self.header("content-type", media_type)
    }
    pub async fn send(self) -> Response {
        let mut request = Request::builder().method(&self.method).uri(&self.path);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let request = request.body(Body::from(self.body)).expect("a well-formed request");
        let what = format!("{} {}", self.method, self.path);
        let response = match self.shared.router.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("the whole body").to_bytes();
        let headers =
            parts.headers.iter().map(|(n, v)| (n.to_string(), String::from_utf8_lossy(v.as_bytes()).into_owned()));
        Response {
            what,
            status: parts.status,
            headers: headers.collect(),
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }
}

impl IntoFuture for Call {
    type Output = Response;
    type IntoFuture = Pin<Box<dyn Future<Output = Response> + Send>>;
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

#[derive(Clone, Debug)]
pub struct Response {
    what: String,
    pub status: StatusCode,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Response {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }
    pub fn version(&self) -> i64 {
        let etag = self.header("etag").and_then(|v| v.trim_matches('"').parse().ok());
        etag.unwrap_or_else(|| panic!("{} carries no ETag", self.what))
    }
    pub fn total(&self) -> i64 {
        let total = self.header("x-total-count").and_then(|v| v.parse().ok());
        total.unwrap_or_else(|| panic!("{} carries no X-Total-Count", self.what))
    }
    #[track_caller]
    pub fn json(&self) -> Value {
        match serde_json::from_str(&self.body) {
            Ok(value) => value,
            Err(e) => panic!("{} answered {} and no JSON ({e}): {}", self.what, self.status, self.body),
        }
    }
    /// The body of an answer with exactly this status.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}: {}", self.what, self.body);
        if self.body.is_empty() { Value::Null } else { self.json() }
    }
    #[track_caller]
    pub fn ok(&self) -> Value {
        self.expect(200)
    }
    #[track_caller]
    pub fn created(&self) -> Value {
        self.expect(201)
    }
    #[track_caller]
    pub fn no_content(&self) {
        self.expect(204);
    }
    /// The error body of a refusal: its status, its code, and that it is complete in both languages.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) -> Value {
        let body = self.expect(status);
        assert_eq!(body["code"], code, "{}: {}", self.what, self.body);
        assert_eq!(body["status"], status.to_string(), "{}: {}", self.what, self.body);
        for language in ["zh-CN", "en"] {
            for part in ["reason", "message"] {
                let text = body["i18n"][language][part].as_str().unwrap_or("");
                assert!(!text.is_empty() && !text.contains('{'), "{}: {language} {part} is {text:?}", self.what);
            }
        }
        body
    }
}
