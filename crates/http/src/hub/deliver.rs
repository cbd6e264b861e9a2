//! Delivery. Each subscription has a cursor in the outbox. A round reads on from there, posts what is asked for (events
//! of one subject one after the other, subjects beside each other) and moves the cursor together with notes of what did
//! not succeed. Those are tried again with growing pauses; later events of the same subject wait behind them. Killed
//! between a post and the note of it, the event is posted again: receivers tell repeats by `eventId`.

use super::{
    Subscription,
    address::{Allowed, Guarded},
    consumer,
    query::Query,
    wants,
};
use crate::App;
use kernel::{Actor, Result, Timestamp};
use serde_json::json;
use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
    time::Duration,
};
use store::{Delivered, Tx, params, sql};
use tokio::{sync::Semaphore, task::JoinSet};
use ureq::{Agent, unversioned::transport::DefaultConnector};

const BATCH: i64 = 200;
/// Posts under way at once for one subscription.
const AT_ONCE: usize = 8;
const CONNECT: Duration = Duration::from_secs(3);
const WHOLE: Duration = Duration::from_secs(10);
/// 1 s, 2 s, 4 s … an hour: the last attempt comes about seven hours after the first.
const ATTEMPTS: i64 = 18;
const LONGEST_PAUSE_SECONDS: i64 = 3_600;
const LARGEST_BODY: usize = 4 << 20;
/// How often the cursors are compared with the outbox: what a receiver waits for an event at most.
const LOOK_EVERY: Duration = Duration::from_millis(250);

sql! {
    BLOCKED = "SELECT DISTINCT subject_id FROM hub_delivery WHERE subscription_id = $1 AND state = 'waiting'";
    DUE = "SELECT d.id, d.position, d.subject_id, d.attempts FROM hub_delivery d WHERE d.subscription_id = $1 AND d.state = 'waiting' \
           AND d.next_at <= $2 AND NOT EXISTS (SELECT 1 FROM hub_delivery e WHERE e.subscription_id = d.subscription_id \
           AND e.subject_id = d.subject_id AND e.state = 'waiting' AND e.position < d.position) ORDER BY d.position LIMIT $3";
    NOTE = "INSERT INTO hub_delivery (id, subscription_id, position, subject_id, event_type, org, state, attempts, next_at, error, updated_at) \
            VALUES ($1, $2, $3, $4, $5, $6, 'waiting', $7, $8, $9, $10) ON CONFLICT (subscription_id, position) DO NOTHING";
    DONE = "DELETE FROM hub_delivery WHERE id = $1";
    FAILED = "UPDATE hub_delivery SET state = $2, attempts = $3, next_at = $4, error = $5, updated_at = $6 WHERE id = $1";
    STILL = "SELECT 1 FROM hub_subscription WHERE id = $1 {for_update}";
    NEWS = "SELECT position FROM outbox_cursor WHERE consumer = $1";
}

/// Delivers for as long as the server runs; a slow receiver holds up nobody but itself.
pub async fn keep_delivering(app: App) {
    let sender = Sender::new(&app);
    let mut running: HashSet<String> = HashSet::new();
    let mut rounds: JoinSet<String> = JoinSet::new();
    let mut look = tokio::time::interval(LOOK_EVERY);
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            Some(done) = rounds.join_next() => {
                if let Ok(id) = done {
                    running.remove(&id);
                }
                continue;
            }
            _ = look.tick() => {}
            () = app.stopped() => return,
        }
        let subscriptions = match app.db().read(Actor::system(), super::all).await {
            Ok(all) => all,
            Err(problem) => {
                tracing::warn!(%problem, "subscriptions could not be read; trying again");
                continue;
            }
        };
        for subscription in subscriptions {
            if !running.insert(subscription.id.clone()) {
                continue;
            }
            let (app, sender) = (app.clone(), sender.clone());
            rounds.spawn(async move {
                loop {
                    match one_round(&app, &sender, &subscription).await {
                        Ok(0) => break,
                        Ok(_) => {}
                        Err(problem) => {
                            tracing::warn!(%problem, subscription = subscription.id, "a delivery round failed; trying again");
                            break;
                        }
                    }
                    if app.is_stopping() {
                        break;
                    }
                }
                subscription.id
            });
        }
    }
}

/// One pass over everything due for every subscription; returns how many events it looked at.
pub async fn round(app: &App) -> Result<usize> {
    let sender = Sender::new(app);
    let mut all = 0;
    for subscription in app.db().read(Actor::system(), super::all).await? {
        all += one_round(app, &sender, &subscription).await?;
    }
    Ok(all)
}

/// What is to be posted, and the note of an earlier attempt.
struct Item {
    event: Arc<Delivered>,
    note: Option<(String, i64)>,
}

enum Outcome {
    Taken,
    Refused(String),
    /// An earlier event of the same subject has to go first.
    Behind,
}

struct Plan {
    cursor: Option<i64>,
    /// In order, by subject.
    items: BTreeMap<String, Vec<Item>>,
    /// Wait behind an earlier event of their subject.
    behind: Vec<Arc<Delivered>>,
    /// Notes whose event is gone.
    lost: Vec<String>,
    looked_at: usize,
}

async fn one_round(app: &App, sender: &Sender, subscription: &Subscription) -> Result<usize> {
    let (reader, ours) = (app.clone(), subscription.clone());
    let plan = app.db().read(Actor::system(), move |tx| plan(tx, &reader, &ours)).await?;
    if plan.looked_at == 0 {
        return Ok(0);
    }
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let mut posts: JoinSet<Vec<(Item, Outcome)>> = JoinSet::new();
    for items in plan.items.into_values() {
        let (app, sender, turns, ours) = (app.clone(), sender.clone(), turns.clone(), subscription.clone());
        posts.spawn(async move {
            let _turn = turns.acquire_owned().await;
            let mut done = Vec::new();
            let mut blocked = false;
            for item in items {
                let outcome = if blocked { Outcome::Behind } else { sender.post(&app, &ours, &item.event).await };
                blocked |= !matches!(outcome, Outcome::Taken);
                done.push((item, outcome));
            }
            done
        });
    }
    let mut outcomes = Vec::new();
    while let Some(done) = posts.join_next().await {
        outcomes.extend(done.unwrap_or_default());
    }
    let notes: Arc<Vec<(Item, Outcome)>> = Arc::new(outcomes);
    let (id, cursor, behind, lost) = (subscription.id.clone(), plan.cursor, plan.behind, plan.lost);
    app.db().write(Actor::system(), move |tx| write_down(tx, &id, cursor, &notes, &behind, &lost)).await?;
    Ok(plan.looked_at)
}

fn plan(tx: &mut Tx<'_>, app: &App, subscription: &Subscription) -> Result<Plan> {
    let query = Query::parse(&subscription.query)?;
    let id = &subscription.id;
    let mut plan = Plan { cursor: None, items: BTreeMap::new(), behind: Vec::new(), lost: Vec::new(), looked_at: 0 };
    let blocked: HashSet<String> = tx.query(&BLOCKED, params![id])?.iter().map(|r| r.text(0)).collect();
    for row in tx.query(&DUE, params![id, tx.now(), BATCH])? {
        plan.looked_at += 1;
        let event = store::events_after(tx, row.int(1) - 1, 1)?.into_iter().find(|e| e.position == row.int(1));
        match event {
            Some(event) => {
                let note = Some((row.text(0), row.int(3)));
                plan.items.entry(row.text(2)).or_default().push(Item { event: Arc::new(event), note });
            }
            None => plan.lost.push(row.text(0)),
        }
    }
    let Some(cursor) = tx.query_opt(&NEWS, params![consumer(id)])? else { return Ok(plan) };
    for event in store::events_after(tx, cursor.int(0), BATCH)? {
        plan.looked_at += 1;
        plan.cursor = Some(event.position);
        if !wants(app, subscription, &query, &event) {
            continue;
        }
        let event = Arc::new(event);
        if blocked.contains(&event.subject_id) {
            plan.behind.push(event);
        } else {
            plan.items.entry(event.subject_id.clone()).or_default().push(Item { event, note: None });
        }
    }
    Ok(plan)
}

fn write_down(
    tx: &mut Tx<'_>,
    subscription: &str,
    cursor: Option<i64>,
    outcomes: &[(Item, Outcome)],
    behind: &[Arc<Delivered>],
    lost: &[String],
) -> Result<()> {
    if tx.query_opt(&STILL, params![subscription])?.is_none() {
        return Ok(()); // unsubscribed meanwhile
    }
    for (item, outcome) in outcomes {
        match (&item.note, outcome) {
            (None, Outcome::Taken) => {}
            (Some((id, _)), Outcome::Taken) => drop(tx.execute(&DONE, params![id])?),
            (None, Outcome::Refused(error)) => note(tx, subscription, &item.event, 1, error)?,
            (None, Outcome::Behind) => note(tx, subscription, &item.event, 0, "")?,
            (Some((id, attempts)), Outcome::Refused(error)) => {
                let attempts = attempts + 1;
                let state = if attempts >= ATTEMPTS { "dead" } else { "waiting" };
                tx.execute(&FAILED, params![id, state, attempts, next(tx.now(), attempts), error, tx.now()])?;
            }
            (Some(_), Outcome::Behind) => {}
        }
    }
    for event in behind {
        note(tx, subscription, event, 0, "")?;
    }
    for id in lost {
        tx.execute(&FAILED, params![id, "dead", ATTEMPTS, tx.now(), "the event is no longer kept", tx.now()])?;
    }
    if let Some(position) = cursor {
        tx.move_cursor(&consumer(subscription), position)?;
    }
    Ok(())
}

fn note(tx: &mut Tx<'_>, subscription: &str, event: &Delivered, attempts: i64, error: &str) -> Result<()> {
    let id = tx.new_id::<Item>();
    let Delivered { position, subject_id, event_type, org, .. } = event;
    let due = if attempts == 0 { tx.now() } else { next(tx.now(), attempts) };
    tx.execute(&NOTE, params![id, subscription, *position, subject_id, event_type, org, attempts, due, error, tx.now()])
        .map(drop)
}

fn next(now: Timestamp, attempts: i64) -> Timestamp {
    now.plus_seconds((1i64 << (attempts - 1).clamp(0, 20)).min(LONGEST_PAUSE_SECONDS))
}

#[derive(Clone)]
struct Sender(Agent);

impl Sender {
    fn new(app: &App) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0) // a redirect could lead where the address check forbids
            .max_redirects_will_error(false)
            .proxy(None) // a proxy would resolve the name itself
            .timeout_connect(Some(CONNECT))
            .timeout_global(Some(WHOLE))
            .max_response_header_size(64 << 10)
            .user_agent("yitai-hub")
            .build();
        let allowed = Allowed(app.options().callback_hosts.clone());
        Self(Agent::with_parts(config, DefaultConnector::default(), Guarded(allowed)))
    }

    async fn post(&self, app: &App, subscription: &Subscription, event: &Delivered) -> Outcome {
        let shown = app.audience().shown(&subscription.actor(), app.db().vault(), event);
        let body = json!({
            "eventId": event.id, "eventTime": event.at, "eventType": event.event_type,
            "domain": event.subject_type, "correlationId": event.position.to_string(), "event": shown,
        });
        let body = body.to_string();
        if body.len() > LARGEST_BODY {
            return Outcome::Refused("the event is too large to be posted".to_owned());
        }
        let (agent, callback, id) = (self.0.clone(), subscription.callback.clone(), event.id.clone());
        let sent = tokio::task::spawn_blocking(move || {
            let request = agent
                .post(&callback)
                .header("content-type", "application/json; charset=utf-8")
                .header("x-event-id", &id);
            request.send(&body)
        });
        let outcome = match sent.await {
            Ok(Ok(answer)) if answer.status().is_success() => Outcome::Taken,
            Ok(Ok(answer)) => Outcome::Refused(format!("HTTP {}", answer.status().as_u16())),
            Ok(Err(error)) => Outcome::Refused(error.to_string()),
            Err(error) => Outcome::Refused(error.to_string()),
        };
        let result = if matches!(outcome, Outcome::Taken) { "taken" } else { "refused" };
        metrics::counter!("hub_deliveries_total", "result" => result).increment(1);
        outcome
    }
}
