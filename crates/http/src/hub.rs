//! Webhooks: somebody names an address, and the events they may see are posted there, in order per subject, again and
//! again until they are taken or given up and shown as dead letters.

mod address;
mod deliver;
mod query;
pub mod topic;

pub use address::Allowed;
pub use deliver::{keep_delivering, round};

use crate::{Access::Needs, Answer, App, Body, Ctx, Reply, Route, RouteInfo};
use axum::{extract::Path, http::Method};
use kernel::{Actor, ActorKind, OrgPath, Perm, Problem, Result};
use query::Query;
use serde_json::{Map, Value, json};
use std::{collections::BTreeSet, sync::Arc};
use store::{Filter, Row, Tx, params, sql};

pub const MANAGE: Perm = Perm { name: "hub.manage", zh: "管理事件订阅", en: "Manage event subscriptions" };
pub const READ: Perm = Perm { name: "event.read", zh: "查看事件", en: "Read events" };

sql! {
    INSERT = "INSERT INTO hub_subscription (id, base, topic, callback, query, owner, org, permissions, created_at) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    GET = "SELECT id, base, topic, callback, query, owner, org, permissions FROM hub_subscription WHERE id = $1";
    ALL = "SELECT id, base, topic, callback, query, owner, org, permissions FROM hub_subscription ORDER BY id";
    OF_TOPIC = "SELECT id, base, topic, callback, query, owner, org, permissions FROM hub_subscription WHERE topic = $1 ORDER BY id";
    DELETE = "DELETE FROM hub_subscription WHERE id = $1";
    DELETE_DELIVERIES = "DELETE FROM hub_delivery WHERE subscription_id = $1";
    OF_OWNER = "SELECT id FROM hub_subscription WHERE owner = $1";
    AGAIN = "UPDATE hub_delivery SET state = 'waiting', attempts = 0, next_at = $2, updated_at = $2 WHERE id = $1 AND state = 'dead'";
    DELIVERY = "SELECT org FROM hub_delivery WHERE id = $1";
}

#[derive(Clone, Debug)]
pub(crate) struct Subscription {
    pub id: String,
    pub base: String,
    pub topic: Option<String>,
    pub callback: String,
    pub query: String,
    pub owner: String,
    pub org: OrgPath,
    pub permissions: Arc<BTreeSet<String>>,
}

impl Subscription {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.text(0),
            base: row.text(1),
            topic: row.opt_text(2),
            callback: row.text(3),
            query: row.text(4),
            owner: row.text(5),
            org: OrgPath::parse(row.str(6))?,
            permissions: Arc::new(serde_json::from_value(row.json(7)).unwrap_or_default()),
        })
    }
    /// The subscriber, with the rights they had when they subscribed.
    pub fn actor(&self) -> Actor {
        Actor {
            kind: ActorKind::Token,
            id: self.owner.as_str().into(),
            name: self.owner.as_str().into(),
            org: self.org.clone(),
            scope: self.org.clone(),
            permissions: self.permissions.clone(),
            roles: std::sync::Arc::default(),
            channel: None,
        }
    }
    fn to_json(&self) -> Value {
        let Self { id, base, callback, query, topic, .. } = self;
        let place = topic.as_ref().map_or_else(|| base.clone(), |t| format!("{base}/topic/{t}"));
        json!({"id": id, "href": format!("{place}/hub/{id}"), "callback": callback, "query": query, "@type": "EventSubscription"})
    }
}

/// A hub on every API's base path.
pub(crate) fn routes(others: &[RouteInfo]) -> Vec<Route> {
    let of = |r: &RouteInfo| Some(r.path.strip_suffix(&format!("/{}", r.resource?.name))?.to_owned());
    let bases: BTreeSet<String> = others.iter().filter(|r| r.method == Method::GET).filter_map(of).collect();
    bases.into_iter().flat_map(on_base).collect()
}

fn on_base(base: String) -> Vec<Route> {
    let example =
        json!({"callback": "https://client.example/listener", "query": "eventType=ProductOrderStateChangeEvent"});
    let place = base.clone();
    let register = move |ctx: Ctx, body: Body<Map<String, Value>>| subscribe(ctx, place.clone(), None, body);
    vec![
        Route::post(format!("{base}/hub"), Needs(MANAGE), register)
            .doc("Subscribe to the events of this API")
            .body(example),
        Route::get(format!("{base}/hub/{{id}}"), Needs(MANAGE), show).doc("A subscription"),
        Route::delete(format!("{base}/hub/{{id}}"), Needs(MANAGE), remove).doc("End a subscription"),
    ]
}

pub(crate) async fn subscribe(ctx: Ctx, base: String, topic: Option<String>, body: Body<Map<String, Value>>) -> Answer {
    let Body { value, fingerprint, .. } = body;
    let callback =
        value.get("callback").and_then(Value::as_str).ok_or_else(|| Problem::missing("callback"))?.to_owned();
    let query = match value.get("query") {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(_) => return Err(Problem::invalid("query", "text").into()),
    };
    address::check(&callback, &Allowed(ctx.app.options().callback_hosts.clone()))?;
    Query::parse(&query)?;
    let reply = ctx.create(&fingerprint, move |tx| {
        let actor = tx.actor().clone();
        let subscription = Subscription {
            id: tx.new_id::<Subscription>().into_string(),
            base: base.clone(),
            topic: topic.clone(),
            callback: callback.clone(),
            query: query.clone(),
            owner: actor.id.to_string(),
            org: actor.scope.clone(),
            permissions: actor.permissions.clone(),
        };
        save(tx, &subscription)?;
        let body = subscription.to_json();
        Ok(Reply::created(body["href"].as_str().unwrap_or_default(), &body))
    });
    Ok(reply.await?)
}

fn save(tx: &mut Tx<'_>, s: &Subscription) -> Result<()> {
    let permissions = json!(s.permissions);
    tx.execute(&INSERT, params![s.id, s.base, s.topic, s.callback, s.query, s.owner, s.org, permissions, tx.now()])?;
    // What happens from now on is delivered, nothing from before.
    let now = store::last_position(tx)?;
    tx.cursor(&consumer(&s.id), now)?;
    // The address may carry a secret of the subscriber's, so the chain keeps its host only.
    let host = url::Url::parse(&s.callback).ok().and_then(|u| u.host_str().map(str::to_owned));
    tx.audit("hub.subscribe", "hub", &s.id, &s.org, &json!({"host": host, "query": s.query, "base": s.base}))
}

pub(crate) fn consumer(subscription: &str) -> String {
    format!("hub:{subscription}")
}

fn find(tx: &mut Tx<'_>, id: &str) -> Result<Subscription> {
    let found = Subscription::from_row(&tx.query_one(&GET, params![id])?)?;
    tx.must_see(found.org.as_str())?;
    Ok(found)
}

/// The last part of a path is the subscription's id, whatever stands before it.
type Ids = Path<Vec<(String, String)>>;

fn last(ids: Ids) -> String {
    ids.0.into_iter().next_back().map(|(_, id)| id).unwrap_or_default()
}

pub(crate) async fn show(ctx: Ctx, ids: Ids) -> Answer {
    let id = last(ids);
    let found = ctx.peek(move |tx| find(tx, &id)).await?;
    Ok(Reply::ok(&topic::named(found.to_json(), ctx.parameter("fields").as_deref())))
}

pub(crate) async fn remove(ctx: Ctx, ids: Ids) -> Answer {
    let id = last(ids);
    ctx.write(move |tx| {
        let found = find(tx, &id)?;
        drop_one(tx, &id)?;
        tx.audit("hub.unsubscribe", "hub", &id, &found.org, &json!({}))
    })
    .await?;
    Ok(Reply::no_content())
}

fn drop_one(tx: &mut Tx<'_>, id: &str) -> Result<()> {
    tx.execute(&DELETE, params![id])?;
    tx.execute(&DELETE_DELIVERIES, params![id])?;
    tx.drop_cursor(&consumer(id))
}

/// Ends every subscription of somebody who has lost their access.
pub fn forget_owner(tx: &mut Tx<'_>, owner: &str) -> Result<()> {
    let ids = tx.query(&OF_OWNER, params![owner])?;
    ids.iter().try_for_each(|row| drop_one(tx, row.str(0)))
}

pub(crate) fn all(tx: &mut Tx<'_>) -> Result<Vec<Subscription>> {
    tx.query(&ALL, params![])?.iter().map(Subscription::from_row).collect()
}

pub(crate) fn of_topic(tx: &mut Tx<'_>, topic: &str) -> Result<Vec<Value>> {
    tx.query(&OF_TOPIC, params![topic])?.iter().map(|row| Ok(Subscription::from_row(row)?.to_json())).collect()
}

/// Is the event one of those this subscription asks for?
pub(crate) fn wants(app: &App, subscription: &Subscription, query: &Query, event: &store::Delivered) -> bool {
    let ours = match &subscription.topic {
        Some(topic) => event.topic == topic::live_topic(topic),
        None if topic::BASES.contains(&subscription.base.as_str()) => true,
        None => {
            let place = format!("{}/{}", subscription.base, event.subject_type);
            app.routes().iter().any(|r| r.resource.is_some() && r.path == place)
        }
    };
    ours && query.matches(event) && app.audience().includes(&subscription.actor(), event)
}

pub(crate) async fn dead_letters(ctx: Ctx) -> Answer {
    let page = ctx.paging(50, 500)?;
    let rows = ctx.read(move |tx| {
        let mut filter = Filter::default();
        filter.scope("d.org", tx.actor());
        filter.and("d.state = 'dead'".to_owned());
        let conditions = filter.to_where();
        let (limit, offset) = (filter.bind(page.limit), filter.bind(page.offset));
        let text = format!(
            "SELECT d.id, d.subscription_id, s.callback, d.position, d.subject_id, d.event_type, d.attempts, d.error, d.updated_at \
             FROM hub_delivery d JOIN hub_subscription s ON s.id = d.subscription_id{conditions} \
             ORDER BY d.id DESC LIMIT {limit} OFFSET {offset}"
        );
        let one = |row: &Row| {
            json!({
                "id": row.str(0), "subscriptionId": row.str(1), "callback": row.str(2), "position": row.int(3),
                "subjectId": row.str(4), "eventType": row.str(5), "attempts": row.int(6), "error": row.str(7), "at": row.time(8),
            })
        };
        Ok(tx.query(&text, &filter.binds)?.iter().map(one).collect::<Vec<Value>>())
    });
    Ok(Reply::ok(&rows.await?))
}

pub(crate) async fn retry(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let done = ctx.write(move |tx| {
        let row = tx.query_one(&DELIVERY, params![id])?;
        tx.must_see(row.str(0))?;
        if tx.execute(&AGAIN, params![id, tx.now()])? == 0 {
            return Err(Problem::not_found());
        }
        tx.poke();
        let org = OrgPath::parse(row.str(0))?;
        tx.audit("hub.retry", "dead-letters", &id, &org, &json!({}))
    });
    done.await?;
    Ok(Reply::json(202, &json!({"state": "waiting"})))
}
