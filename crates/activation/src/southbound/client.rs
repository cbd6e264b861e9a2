//! Our side of TMF641: submit, amend, cancel, ask. A line that breaks leaves it open whether the order arrived; then it is
//! asked about before it is sent again.

use crate::message::{Answer, Message, Wanted, book::Said};
use http::App;
use kernel::Result;
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};

/// No answer within this means that the outcome is unknown.
const PATIENCE: Duration = Duration::from_secs(5);
/// Larger answers are cut off, and count as none.
const LARGEST: u64 = 1 << 20;

/// Connections are kept open between requests.
struct Connections(ureq::Agent);

impl Default for Connections {
    fn default() -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            .max_redirects(0)
            .build();
        Self(config.into())
    }
}

/// What came of telling the system something.
#[derive(Debug)]
pub enum Reply {
    Said(Said),
    /// It has the order and is at it.
    Still(Option<String>),
    /// It did not take it; `uncertain` where it may have.
    Silence {
        uncertain: bool,
        why: String,
    },
}

struct Call {
    agent: Arc<Connections>,
    base: String,
    token: String,
}

impl Call {
    fn send(&self, method: &str, path: &str, key: &str, body: Option<&Value>) -> Result<(u16, Value), (bool, String)> {
        let url = format!("{}/{path}", self.base);
        let bearer = format!("Bearer {}", self.token);
        let json = "application/json";
        let agent = &self.agent.0;
        let sent = match (method, body) {
            ("GET", _) => agent.get(url).header("authorization", bearer).header("accept", json).call(),
            ("PATCH", Some(body)) => {
                let request = agent.patch(url).header("authorization", bearer).header("idempotency-key", key);
                request.header("content-type", json).send(body.to_string())
            }
            (_, body) => {
                let request = agent.post(url).header("authorization", bearer).header("idempotency-key", key);
                request.header("content-type", json).send(body.map_or_else(String::new, Value::to_string))
            }
        };
        match sent {
            Ok(mut response) => {
                let text = response.body_mut().with_config().limit(LARGEST).read_to_string();
                let text = text.map_err(|e| (true, e.to_string()))?;
                Ok((response.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::Null)))
            }
            Err(ureq::Error::ConnectionFailed | ureq::Error::HostNotFound) => Err((false, "connection".to_owned())),
            Err(ureq::Error::Io(e)) if e.kind() == std::io::ErrorKind::ConnectionRefused => {
                Err((false, "connection refused".to_owned()))
            }
            Err(e) => Err((true, e.to_string())),
        }
    }
}

/// Tells the system what is wanted. `body` is the message with its secrets.
pub async fn tell(app: &App, message: &Message, body: Value) -> Result<Reply> {
    let (base, token) = super::running(app).await?;
    let call = Call { agent: app.db().memory::<Connections>(), base, token };
    let message = message.clone();
    let told = tokio::task::spawn_blocking(move || told(&call, &message, &body));
    told.await.map_err(kernel::Problem::internal)
}

fn told(call: &Call, message: &Message, body: &Value) -> Reply {
    let key = format!("{}:{}", message.id, message.version);
    let sent = match message.wanted {
        Wanted::Ask | Wanted::Nothing => {
            call.send("GET", &format!("serviceOrder?externalId={}", message.id), &key, None)
        }
        Wanted::Submit => call.send("POST", "serviceOrder", &key, Some(body)),
        Wanted::Amend => match &message.external_id {
            Some(id) => call.send("PATCH", &format!("serviceOrder/{id}"), &key, Some(body)),
            None => call.send("POST", "serviceOrder", &key, Some(body)),
        },
        Wanted::Cancel => {
            let id = message.external_id.as_deref().unwrap_or("");
            let cancel = json!({
                "cancellationReason": "cancelled", "externalId": message.id,
                "serviceOrder": {"id": id, "externalId": message.id},
            });
            call.send("POST", "cancelServiceOrder", &format!("{key}:cancel"), Some(&cancel))
        }
    };
    let (status, answer) = match sent {
        Ok(answered) => answered,
        Err((uncertain, why)) => return Reply::Silence { uncertain, why },
    };
    understood(message, status, &answer)
}

/// What an HTTP answer says.
pub fn understood(message: &Message, status: u16, answer: &Value) -> Reply {
    let detail = || answer["reason"].as_str().or(answer["message"].as_str()).unwrap_or("").to_owned();
    let said = |answer: Answer| {
        Reply::Said(Said {
            message: message.id.clone(),
            version: None,
            answer,
            external_id: None,
            items: Vec::new(),
            detail: detail(),
        })
    };
    match (message.wanted, status) {
        (_, 500..) => Reply::Silence { uncertain: status == 504, why: format!("HTTP {status} {}", detail()) },
        (_, 429) => Reply::Silence { uncertain: false, why: "HTTP 429".to_owned() },
        (Wanted::Cancel, 200..=299) => match answer["state"].as_str() {
            Some("done") => said(Answer::Cancelled),
            Some("rejected") => said(Answer::TooLate),
            _ => Reply::Still(None),
        },
        (Wanted::Cancel, 404) => said(Answer::Unknown),
        (Wanted::Cancel, 409) => said(Answer::TooLate),
        (Wanted::Ask | Wanted::Nothing, 200..=299) => match answer.as_array().and_then(|all| all.first()) {
            Some(order) => order_said(order),
            None => said(Answer::Unknown),
        },
        (Wanted::Ask | Wanted::Nothing, 404) => said(Answer::Unknown),
        // What it has begun cannot be amended: the order goes on as it was, and how it stands is asked.
        (Wanted::Amend, 409) => said(Answer::TooLate),
        (_, 200..=299) => order_said(answer),
        (..) => {
            let why = format!("HTTP {status} {}", detail());
            Reply::Said(Said {
                message: message.id.clone(),
                version: None,
                answer: Answer::Failed,
                external_id: None,
                items: Vec::new(),
                detail: why,
            })
        }
    }
}

/// What a service order, in an answer or in an event, says.
pub fn order_said(order: &Value) -> Reply {
    let text = |name: &str| order[name].as_str().map(str::to_owned);
    let Some(message) = text("externalId") else {
        return Reply::Silence { uncertain: true, why: "an answer without externalId".to_owned() };
    };
    let items = order["serviceOrderItem"].as_array().into_iter().flatten().filter_map(|item| {
        let step = item["id"].as_str()?.parse().ok()?;
        let why = item["errorMessage"][0]["message"].as_str().or(item["errorMessage"].as_str()).unwrap_or("");
        Some((step, item["state"] == "completed", why.to_owned()))
    });
    let answer = match order["state"].as_str() {
        Some("acknowledged" | "pending" | "held") => Answer::Acked,
        Some("inProgress" | "partial" | "assessingCancellation" | "pendingCancellation") => Answer::Progress,
        Some("completed") => Answer::Completed,
        Some("failed" | "rejected") => Answer::Failed,
        Some("cancelled") => Answer::Cancelled,
        _ => return Reply::Silence { uncertain: true, why: "an answer without a state".to_owned() },
    };
    let failing: Vec<(i64, bool, String)> = items.filter(|(_, done, why)| *done || !why.is_empty()).collect();
    Reply::Said(Said {
        message,
        version: order["orderVersion"].as_i64(),
        answer,
        external_id: text("id"),
        items: failing,
        detail: text("message").unwrap_or_default(),
    })
}
