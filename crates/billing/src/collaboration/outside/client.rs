//! Calling a billing system: bounded in time and size, without redirects, with our id as the key of each order.

use super::Address;
use crate::problems;
use http::BoxFuture;
use kernel::{Problem, Result};
use serde_json::Value;
use std::{io::Read, sync::OnceLock, time::Duration};
use ureq::Agent;

const CONNECT: Duration = Duration::from_secs(1);
const WHOLE: Duration = Duration::from_secs(5);
const LARGEST_ANSWER: u64 = 8 << 20;

fn agent() -> &'static Agent {
    static AGENT: OnceLock<Agent> = OnceLock::new();
    AGENT.get_or_init(|| {
        Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_connect(Some(CONNECT))
            .timeout_global(Some(WHOLE))
            .user_agent("yitai-collaboration")
            .build()
            .into()
    })
}

/// How a call ended.
#[derive(Debug)]
pub enum Heard {
    /// It answered.
    Answer(Value),
    /// It does not know what it is asked about.
    Unknown,
    /// It will not have it, however often it is told.
    Refused(Problem),
    /// Nobody there, too busy, or silent: it may or may not have it, and is told again under the same id.
    Silent(Problem),
}

fn silent(address: &Address, why: &str) -> Heard {
    Heard::Silent(Problem::new(&problems::OUTSIDE_SILENT).with("system", &address.code).with("detail", why))
}

/// `POST` with a body, or `GET` without one, to a path below the system's root.
pub fn call(address: Address, path: String, body: Option<Value>, key: Option<String>) -> BoxFuture<'static, Heard> {
    Box::pin(async move {
        let name = address.clone();
        let called = tokio::task::spawn_blocking(move || speak(&address, &path, body.as_ref(), key.as_deref())).await;
        called.unwrap_or_else(|e| silent(&name, &e.to_string()))
    })
}

fn speak(address: &Address, path: &str, body: Option<&Value>, key: Option<&str>) -> Heard {
    let url = format!("{}{path}", address.url);
    let bearer = address.token.as_ref().map(|t| format!("Bearer {t}"));
    let answered = match body {
        Some(body) => {
            let mut request = agent().post(&url).header("content-type", "application/json");
            if let Some(bearer) = &bearer {
                request = request.header("authorization", bearer);
            }
            if let Some(key) = key {
                request = request.header("idempotency-key", key);
            }
            request.send(body.to_string())
        }
        None => {
            let mut request = agent().get(&url);
            if let Some(bearer) = &bearer {
                request = request.header("authorization", bearer);
            }
            request.call()
        }
    };
    let mut answer = match answered {
        Ok(answer) => answer,
        Err(e) => return silent(address, &e.to_string()),
    };
    let status = answer.status().as_u16();
    let mut text = String::new();
    if let Err(e) = answer.body_mut().as_reader().take(LARGEST_ANSWER).read_to_string(&mut text) {
        return silent(address, &e.to_string());
    }
    let value: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
    match status {
        200..=299 => Heard::Answer(value),
        404 => Heard::Unknown,
        400 | 409 | 413 | 422 => {
            let said = value["reason"].as_str().unwrap_or("?");
            let detail = format!("{} {said}", value["code"].as_str().unwrap_or(""));
            Heard::Refused(
                Problem::new(&problems::OUTSIDE_REFUSED).with("system", &address.code).with("detail", detail.trim()),
            )
        }
        _ => silent(address, &format!("HTTP {status}")),
    }
}

/// Tells a system something at an address of its own.
pub async fn send(address: Address, body: &Value) -> Result<()> {
    match call(address, String::new(), Some(body.clone()), None).await {
        Heard::Answer(_) => Ok(()),
        Heard::Unknown => Err(Problem::new(&problems::OUTSIDE_REFUSED).with("detail", "HTTP 404")),
        Heard::Refused(problem) | Heard::Silent(problem) => Err(problem),
    }
}
