//! The file over HTTP: record a contact, a need, a preference, a follow-up; close what is open.

use super::{EntryKind, NewEntry, close, journal_of, record};
use crate::{READ, WRITE, problems, summary};
use http::{Access, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use kernel::{Date, Problem, Result};
use serde::Deserialize;
use serde_json::{Value, json};

const CHANNELS: [&str; 8] = ["hall", "hotline", "online", "manager", "agent", "visit", "sms", "other"];
const LONGEST: usize = 4_000;
const LONGEST_TOPIC: usize = 100;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/customers/{id}/journal", Access::Needs(READ), list)
            .doc("A customer's contacts, needs, preferences, follow-ups, grades and managers, newest first")
            .parameter("kind", "interaction, followUp, need, preference, grade, manager")
            .parameter("limit", "at most 200; what is open comes in any case"),
        Route::post("/api/v1/customers/{id}/journal", Access::Needs(WRITE), add)
            .doc("Record a contact, a need, a preference or a follow-up")
            .body(json!({"kind": "need", "topic": "broadband", "text": "希望年底前装千兆宽带", "channel": "hall", "direction": "in", "due": "2026-12-20"})),
        Route::post("/api/v1/customers/{id}/journal/{entry}/close", Access::Needs(WRITE), end)
            .doc("Close an open need or follow-up")
            .body(json!({"status": "met", "result": "已办理千兆宽带"})),
    ]
}

async fn list(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let limit = ctx.paging(50, 200)?.limit;
    let kind = ctx.parameter("kind").unwrap_or_default();
    if !kind.is_empty() && EntryKind::parse(&kind).is_none() {
        return Err(Problem::invalid("kind", &kind).into());
    }
    let entries = ctx
        .read(move |tx| {
            summary(tx, &id)?;
            journal_of(tx, &id, limit)
        })
        .await?;
    let rows: Vec<Value> =
        entries.iter().filter(|e| kind.is_empty() || e.kind == kind).map(super::Entry::to_json).collect();
    Ok(Reply::ok(&rows))
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Ask {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    topic: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    channel: String,
    #[serde(default)]
    direction: String,
    #[serde(default)]
    result: String,
    due: Option<String>,
}

fn parse(ask: Ask) -> Result<NewEntry> {
    let kind = match EntryKind::parse(&ask.kind) {
        // Grades and managers have operations of their own.
        Some(k) if !matches!(k, EntryKind::Grade | EntryKind::Manager) => k,
        _ if ask.kind.is_empty() => return Err(Problem::missing("kind")),
        _ => return Err(Problem::invalid("kind", "interaction | followUp | need | preference")),
    };
    if ask.topic.trim().is_empty() {
        return Err(Problem::missing("topic"));
    }
    for (field, text, most) in
        [("topic", &ask.topic, LONGEST_TOPIC), ("text", &ask.text, LONGEST), ("result", &ask.result, LONGEST)]
    {
        if text.chars().count() > most {
            return Err(Problem::new(&problems::TOO_LONG).field(field).with("limit", &most.to_string()));
        }
    }
    let channel = if ask.channel.is_empty() { "hall" } else { ask.channel.as_str() };
    if !CHANNELS.contains(&channel) {
        return Err(Problem::invalid("channel", &CHANNELS.join(" | ")));
    }
    let direction = if ask.direction.is_empty() { "in" } else { ask.direction.as_str() };
    if !matches!(direction, "in" | "out") {
        return Err(Problem::invalid("direction", "in | out"));
    }
    let due = ask.due.filter(|d| !d.is_empty());
    if let Some(day) = &due {
        Date::parse(day).map_err(|_| Problem::invalid("due", "YYYY-MM-DD"))?;
    }
    Ok(NewEntry {
        channel: channel.to_owned(),
        direction: direction.to_owned(),
        text: ask.text,
        result: ask.result,
        due,
        ..NewEntry::new(kind, ask.topic.trim())
    })
}

async fn add(ctx: Ctx, Path(id): Path<String>, body: Body<Ask>) -> Answer {
    let new = parse(body.value)?;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let entry = record(tx, &id, new.clone())?;
        let answer = json!({"id": entry, "kind": new.kind.name(), "at": tx.now()});
        Ok(Reply::created(&format!("/api/v1/customers/{id}/journal/{entry}"), &answer))
    });
    Ok(reply.await?)
}

#[derive(Clone, Deserialize)]
struct End {
    #[serde(default)]
    status: String,
    #[serde(default)]
    result: String,
}

async fn end(ctx: Ctx, Path((id, entry)): Path<(String, String)>, body: Body<End>) -> Answer {
    let End { status, result } = body.value;
    let met = match status.as_str() {
        "met" => true,
        "dropped" => false,
        _ => return Err(Problem::invalid("status", "met | dropped").into()),
    };
    if result.chars().count() > LONGEST {
        return Err(Problem::new(&problems::TOO_LONG).field("result").with("limit", &LONGEST.to_string()).into());
    }
    let reply = ctx.create(&body.fingerprint, move |tx| {
        close(tx, &id, &entry, met, &result)?;
        Ok(Reply::ok(&json!({"id": entry, "status": if met { "met" } else { "dropped" }})))
    });
    Ok(reply.await?)
}
