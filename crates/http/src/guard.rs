//! Before a handler: who is calling, may they, and does the request really come from our page. After it: problems
//! become bodies in the caller's language.

use crate::{Access, App, Caller, Error, app::language, problems};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use kernel::{Lang, Problem, codes};
use std::time::Instant;
use subtle_eq::same;

/// Guards one route.
pub async fn guard(State((app, access)): State<(App, Access)>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    match admit(&app, access, &parts).await {
        Ok(caller) => {
            if let Some(caller) = caller {
                parts.extensions.insert(caller);
            }
            next.run(Request::from_parts(parts, body)).await
        }
        Err(problem) => Error(problem).into_response(),
    }
}

async fn admit(app: &App, access: Access, request: &Parts) -> Result<Option<Caller>, Problem> {
    if access == Access::Public {
        return Ok(None);
    }
    let caller = app.auth().authenticate(app.db(), &request.headers).await?;
    let caller = caller.ok_or_else(|| Problem::new(&codes::UNAUTHENTICATED))?;
    let safe = matches!(request.method, Method::GET | Method::HEAD | Method::OPTIONS);
    if let (false, Some(expected)) = (safe, &caller.csrf) {
        let given = request.headers.get("x-csrf-token").map_or(&b""[..], HeaderValue::as_bytes);
        if !same(given, expected.as_bytes()) {
            return Err(Problem::new(&problems::CSRF));
        }
    }
    if let Access::Needs(perm) = access {
        caller.actor.allow(perm)?;
    }
    Ok(Some(caller))
}

/// Outermost: gives each request a trace id, turns problems into bodies, counts and logs.
pub async fn render(State((app, _)): State<(App, Access)>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let lang = language(request.headers());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let mut response = next.run(request).await;
    if let Some(Error(problem)) = response.extensions_mut().remove::<Error>() {
        let trace = app.db().env().random_hex(8);
        if problem.code.status >= 500 {
            tracing::error!(%trace, %method, %path, %problem, "request failed");
        } else {
            tracing::debug!(%trace, %method, %path, %problem, "request refused");
        }
        let headers = std::mem::take(response.headers_mut());
        response = body(&problem, lang, &trace, headers);
    }
    let status = response.status().as_u16();
    metrics::counter!("http_requests_total", "method" => method.to_string(), "status" => status.to_string())
        .increment(1);
    metrics::histogram!("http_request_seconds").record(began.elapsed().as_secs_f64());
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

fn body(problem: &Problem, lang: Lang, trace: &str, mut headers: HeaderMap) -> Response {
    let text = problem.body(lang, trace).to_string();
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    let language = if lang == Lang::En { "en" } else { "zh-CN" };
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language));
    let status = axum::http::StatusCode::from_u16(problem.code.status).unwrap_or_default();
    (status, headers, text).into_response()
}

pub async fn unknown() -> Error {
    Error(Problem::not_found())
}
pub async fn method_not_allowed() -> Error {
    Error(Problem::new(&problems::METHOD))
}

mod subtle_eq {
    /// Compares without telling by its duration where the difference is.
    pub fn same(a: &[u8], b: &[u8]) -> bool {
        a.len() == b.len() && a.iter().zip(b).fold(0, |d, (x, y)| d | (x ^ y)) == 0
    }
}
