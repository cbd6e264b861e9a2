//! TMF688: topics, the events posted to one, and hubs on one.

use super::{MANAGE, READ, of_topic, remove, show, subscribe};
use crate::{
    Access::Needs,
    Answer, Body, Ctx, Reply, Route,
    tmf::{self, Api, Ops, Resource, Rules},
};
use axum::extract::Path;
use kernel::{Problem, Result, Timestamp};
use serde_json::{Map, Value, json};
use store::{Event, Tx, params, sql};

pub const BASES: [&str; 2] = ["/tmf-api/event/v4", "/tmf-api/eventManagement/v4"];

static API: Api = Api { base: BASES[0], aliases: &[BASES[1]] };

static TOPIC: Resource = Resource {
    api: &API,
    name: "topic",
    type_name: "Topic",
    table: "event_topic",
    columns: &[],
    mandatory: &["name"],
    ops: Ops { create: true, patch: false, delete: true },
    read: READ,
    write: MANAGE,
    rules: &TopicRules,
};

struct TopicRules;

impl Rules for TopicRules {
    fn delete(&self, tx: &mut Tx<'_>, doc: &tmf::Document) -> Result<()> {
        for subscription in of_topic(tx, &doc.id)? {
            super::drop_one(tx, subscription["id"].as_str().unwrap_or_default())?;
        }
        tx.execute(&FORGET, params![doc.id]).map(drop)
    }
}

sql! {
    INSERT = "INSERT INTO topic_event (id, topic_id, org, event_type, at, body) VALUES ($1, $2, $3, $4, $5, $6)";
    GET = "SELECT body FROM topic_event WHERE topic_id = $1 AND id = $2";
    LIST = "SELECT body FROM topic_event WHERE topic_id = $1 AND (CAST($2 AS TEXT) = '' OR event_type = $2) \
            AND (CAST($3 AS TEXT) = '' OR id = $3) ORDER BY id DESC LIMIT $4 OFFSET $5";
    FORGET = "DELETE FROM topic_event WHERE topic_id = $1";
}

/// What events of this topic carry as `topic` in the outbox.
pub fn live_topic(id: &str) -> String {
    format!("topic:{id}")
}

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = tmf::routes(&TOPIC);
    for base in BASES {
        let topic = format!("{base}/topic/{{topicId}}");
        let register =
            move |ctx: Ctx, Path(id): Path<String>, body: Body<Map<String, Value>>| register(ctx, base, id, body);
        routes.extend([
            Route::get(format!("{topic}/event"), Needs(READ), list)
                .doc("Events posted to this topic")
                .parameter("eventType", "only of this type")
                .parameter("offset", "rows to skip")
                .parameter("limit", "rows to return"),
            Route::post(format!("{topic}/event"), Needs(MANAGE), post)
                .doc("Post an event to the hubs of this topic")
                .body(json!({"eventType": "OutageEvent", "event": {}})),
            Route::get(format!("{topic}/event/{{id}}"), Needs(READ), retrieve).doc("One event of this topic"),
            Route::get(format!("{topic}/hub"), Needs(MANAGE), hubs).doc("Subscriptions to this topic"),
            Route::post(format!("{topic}/hub"), Needs(MANAGE), register)
                .doc("Subscribe to this topic")
                .body(json!({"callback": "https://client.example/listener"})),
            Route::get(format!("{topic}/hub/{{id}}"), Needs(MANAGE), show).doc("A subscription to this topic"),
            Route::delete(format!("{topic}/hub/{{id}}"), Needs(MANAGE), remove).doc("End a subscription to this topic"),
        ]);
    }
    routes
}

async fn register(ctx: Ctx, base: &'static str, id: String, body: Body<Map<String, Value>>) -> Answer {
    let known = id.clone();
    ctx.peek(move |tx| tmf::load(tx, &TOPIC, &known)).await?;
    subscribe(ctx, base.to_owned(), Some(id), body).await
}

async fn hubs(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let all = ctx.read(move |tx| tmf::load(tx, &TOPIC, &id).and_then(|t| of_topic(tx, &t.id))).await?;
    let one = ctx.parameter("id").map(|id| id.trim_matches('"').to_owned());
    let fields = ctx.parameter("fields");
    let asked = all.into_iter().filter(|hub| one.as_ref().is_none_or(|id| hub["id"] == **id));
    let rows: Vec<Value> = asked.map(|hub| named(hub, fields.as_deref())).collect();
    Ok(Reply::ok(&rows).total(rows.len()).header("x-result-count", rows.len()))
}

async fn post(ctx: Ctx, Path(topic): Path<String>, body: Body<Map<String, Value>>) -> Answer {
    let Body { value, fingerprint, .. } = body;
    let reply = ctx.create(&fingerprint, move |tx| {
        let topic = tmf::load(tx, &TOPIC, &topic)?;
        let body = publish(tx, &topic, value.clone())?;
        Ok(Reply::created(body["href"].as_str().unwrap_or_default(), &body))
    });
    Ok(reply.await?)
}

fn publish(tx: &mut Tx<'_>, topic: &tmf::Document, mut body: Map<String, Value>) -> Result<Value> {
    let event_type =
        body.get("eventType").and_then(Value::as_str).ok_or_else(|| Problem::missing("eventType"))?.to_owned();
    if event_type.is_empty() || event_type.len() > 100 || !event_type.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(Problem::invalid("eventType", "A–Z a–z 0–9"));
    }
    let payload = body.get("event").cloned().ok_or_else(|| Problem::missing("event"))?;
    if !payload.is_object() {
        return Err(Problem::invalid("event", "object"));
    }
    for name in ["eventTime", "timeOccurred"] {
        if let Some(given) = body.get(name) {
            let text = given.as_str().ok_or_else(|| Problem::invalid(name, "RFC 3339"))?;
            let at = Timestamp::parse(text)?;
            body.insert(name.into(), json!(at));
        }
    }
    let id = tx.new_id::<Event>().into_string();
    body.entry("eventTime").or_insert_with(|| json!(tx.now()));
    body.entry("eventId").or_insert_with(|| json!(id));
    body.insert("id".into(), json!(id));
    body.insert("href".into(), json!(format!("{}/event/{id}", TOPIC.href(&topic.id))));
    body.entry("@type").or_insert_with(|| json!("Event"));
    let stored = Value::Object(body);
    tx.execute(&INSERT, params![id, topic.id, topic.org, event_type, tx.now(), stored])?;
    tx.emit(
        Event::new(event_type, "topic", &topic.id, topic.version, &topic.org)
            .topic(live_topic(&topic.id))
            .payload(payload),
    )?;
    Ok(stored)
}

async fn list(ctx: Ctx, Path(topic): Path<String>) -> Answer {
    let page = ctx.paging(100, 1_000)?;
    let asked = |name: &str| ctx.parameter(name).unwrap_or_default().trim_matches('"').to_owned();
    let (id, event_type) = (asked("id"), asked("eventType"));
    let fields = ctx.parameter("fields");
    let rows = ctx.read(move |tx| {
        let topic = tmf::load(tx, &TOPIC, &topic)?;
        tx.query(&LIST, params![topic.id, event_type, id, page.limit, page.offset])
    });
    let rows: Vec<Value> = rows.await?.iter().map(|row| named(row.json(0), fields.as_deref())).collect();
    Ok(Reply::ok(&rows).header("x-result-count", rows.len()))
}

async fn retrieve(ctx: Ctx, Path((topic, id)): Path<(String, String)>) -> Answer {
    let fields = ctx.parameter("fields");
    let row = ctx.peek(move |tx| tmf::load(tx, &TOPIC, &topic).and_then(|t| tx.query_one(&GET, params![t.id, id])));
    Ok(Reply::ok(&named(row.await?.json(0), fields.as_deref())))
}

/// `fields=a,b` keeps these, and `id` and `href`.
pub(super) fn named(value: Value, fields: Option<&str>) -> Value {
    match (value, fields) {
        (Value::Object(object), Some(fields)) => {
            let wanted = |name: &str| matches!(name, "id" | "href") || fields.split(',').any(|f| f.trim() == name);
            object.into_iter().filter(|(name, _)| wanted(name)).collect()
        }
        (value, _) => value,
    }
}
