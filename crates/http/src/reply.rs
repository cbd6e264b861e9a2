//! What a handler answers.

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use kernel::Problem;
use serde::Serialize;
use store::Stored;

pub type Answer = Result<Reply, Error>;

/// A problem on its way out; the outermost layer writes it in the caller's language.
#[derive(Clone, Debug)]
pub struct Error(pub Problem);

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = StatusCode::from_u16(self.0.code.status).unwrap_or_default().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// A status, a few headers and a text body; can be kept and given again (see `Ctx::create`).
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Reply {
    pub fn json(status: u16, value: &impl Serialize) -> Self {
        let body = serde_json::to_string(value).unwrap_or_default();
        Self::text(status, body)
    }
    /// A body that is JSON text already.
    pub fn text(status: u16, body: String) -> Self {
        Self { status, headers: Vec::new(), body }
    }
    pub fn ok(value: &impl Serialize) -> Self {
        Self::json(200, value)
    }
    pub fn created(href: &str, value: &impl Serialize) -> Self {
        Self::json(201, value).header("location", href)
    }
    pub fn no_content() -> Self {
        Self::text(204, String::new())
    }
    pub fn header(mut self, name: &str, value: impl ToString) -> Self {
        self.headers.push((name.to_owned(), value.to_string()));
        self
    }
    pub fn etag(self, version: i64) -> Self {
        self.header("etag", format!("\"{version}\""))
    }
    pub fn total(self, total: impl ToString) -> Self {
        self.header("x-total-count", total)
    }
    pub(crate) fn stored(&self) -> Stored {
        let headers = serde_json::to_string(&self.headers).unwrap_or_default();
        Stored { status: self.status, headers, body: self.body.clone() }
    }
    pub(crate) fn from_stored(stored: Stored) -> Self {
        let headers = serde_json::from_str(&stored.headers).unwrap_or_default();
        Self { status: stored.status, headers, body: stored.body }.header("idempotency-replayed", "true")
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let empty = self.body.is_empty();
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if !empty {
            let json = HeaderValue::from_static("application/json; charset=utf-8");
            response.headers_mut().insert(header::CONTENT_TYPE, json);
        }
        for (name, value) in self.headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                match name {
                    header::CONTENT_TYPE => drop(response.headers_mut().insert(name, value)),
                    name => drop(response.headers_mut().append(name, value)),
                }
            }
        }
        response
    }
}
