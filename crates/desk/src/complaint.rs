//! A complaint accepted at the desk becomes a trouble ticket.

use http::{Answer, Body, Ctx, Reply, axum::extract::Path};
use kernel::Problem;
use serde::Deserialize;
use serde_json::json;

#[derive(Clone, Deserialize)]
pub(crate) struct Ask {
    #[serde(default)]
    name: String,
    #[serde(default)]
    description: String,
    severity: Option<String>,
}

pub(crate) async fn accept(ctx: Ctx, Path(id): Path<String>, body: Body<Ask>) -> Answer {
    let Ask { name, description, severity } = body.value;
    if name.trim().is_empty() {
        return Err(Problem::missing("name").into());
    }
    let severity = severity.filter(|s| !s.trim().is_empty()).unwrap_or_else(|| "minor".to_owned());
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let ticket = care::complain(tx, &id, &name, &description, &severity)?;
        let answer = json!({"id": ticket.id, "ticketNo": ticket.text("ticketNo"), "status": ticket.text("status")});
        Ok(Reply::created(&care::TROUBLE_TICKET.href(&ticket.id), &answer))
    });
    Ok(reply.await?)
}
