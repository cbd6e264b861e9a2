//! Doing what is due: each collaboration order in a transaction of its own; a refusal is recorded in another.

use super::{State, Stored, Verb, effect, lock, outside};
use crate::{pricing, settings};
use http::App;
use kernel::{Actor, Problem, Result, Timestamp};
use std::{collections::BTreeMap, time::Duration};
use store::{Tx, params, sql};
use tokio::task::JoinSet;

sql! {
    DUE = "SELECT id, order_id FROM collaboration WHERE state IN ('waiting', 'failed') AND system = '' AND next_at <= $1 \
           ORDER BY next_at, id LIMIT 200";
}

/// Orders worked on at once; more would only queue at the store.
const AT_ONCE: usize = 16;
/// Looks by itself this often, for retries and for what another process wrote.
const PAUSE: Duration = Duration::from_millis(500);

/// Whose orders a pass is about. A system that does not answer keeps nobody waiting but its own orders.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    Embedded,
    Outside,
}

/// Runs as long as the server: does what is due, then waits for news.
pub async fn run(app: App) {
    tokio::join!(run_for(app.clone(), Whose::Embedded), run_for(app, Whose::Outside));
}

async fn run_for(app: App, whose: Whose) {
    let mut events = app.events().subscribe();
    loop {
        match pass(&app, whose).await {
            Ok(n) if n > 0 => continue,
            Ok(_) => {}
            Err(problem) => tracing::error!(%problem, "collaboration orders could not be looked through"),
        }
        let news = async {
            // Lagging behind is news as well; a closed channel is the end of the server, which aborts this task.
            while events.recv().await.is_ok_and(|e| e.event_type != "CollaborationCreateEvent") {}
        };
        tokio::select! {
            () = news => {}
            () = tokio::time::sleep(PAUSE) => {}
            () = app.stopped() => return,
        }
    }
}

/// One pass over what is due; returns how many were dealt with, refusals included.
pub async fn round(app: &App) -> Result<usize> {
    Ok(pass(app, Whose::Embedded).await? + pass(app, Whose::Outside).await?)
}

async fn pass(app: &App, whose: Whose) -> Result<usize> {
    let db = app.db();
    let now = db.env().now();
    let due: Vec<(String, String)> = match whose {
        Whose::Outside => db.read(Actor::system(), outside::outside_due).await?,
        Whose::Embedded => {
            let rows = db.read(Actor::system(), move |tx| tx.query(&DUE, params![now])).await?;
            rows.iter().map(|r| (r.text(0), r.text(1))).collect()
        }
    };
    // Products of one order one after the other: they share a bill.
    let mut by_order: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (id, order) in due {
        by_order.entry(order).or_default().push(id);
    }
    let (mut tasks, mut dealt) = (JoinSet::new(), 0);
    for ids in by_order.into_values() {
        if tasks.len() >= AT_ONCE {
            dealt += tasks.join_next().await.map_or(0, Result::unwrap_or_default);
        }
        let app = app.clone();
        tasks.spawn(async move {
            let mut dealt = 0;
            for id in ids {
                match attend(&app, &id, whose).await {
                    Ok(()) => dealt += 1,
                    Err(problem) => tracing::error!(%problem, %id, "a collaboration order could not be recorded"),
                }
            }
            dealt
        });
    }
    while let Some(done) = tasks.join_next().await {
        dealt += done.unwrap_or_default();
    }
    Ok(dealt)
}

async fn attend(app: &App, id: &str, whose: Whose) -> Result<()> {
    let db = app.db();
    if whose == Whose::Outside {
        return outside::reach(app, id).await;
    }
    let own = id.to_owned();
    match pricing::run(db, Actor::system(), move |tx| deliver(tx, &own)).await {
        Ok(()) => Ok(()),
        Err(problem) => {
            let own = id.to_owned();
            db.write(Actor::system(), move |tx| fail(tx, &own, &problem)).await
        }
    }
}

/// Waiting again where it had failed, then sent and received; `None` where somebody else was faster.
fn hand_over(tx: &mut Tx<'_>, id: &str) -> Result<Option<Stored>> {
    let mut order = lock(tx, id)?;
    let now = tx.now();
    if !order.system.is_empty() {
        return Ok(None); // another system's to do
    }
    if order.state == State::Failed {
        order.step(tx, Verb::Resend, now, None, "自动重发")?;
    }
    if order.state != State::Waiting {
        return Ok(None);
    }
    order.step(tx, Verb::Send, now, None, "")?;
    order.step(tx, Verb::Receive, now, None, "")?;
    Ok(Some(order))
}

/// Does what the order asks for, in this transaction; nothing where it is done already. The background does the same by
/// itself: this is for loads that want the bill at once.
pub fn deliver(tx: &mut Tx<'_>, id: &str) -> Result<()> {
    let Some(mut order) = hand_over(tx, id)? else { return Ok(()) };
    match &order.undoes {
        Some(forward) => effect::undo(tx, forward, &order.id)?,
        None => effect::apply(tx, &order.fact, &order.id)?,
    }
    let now = tx.now();
    order.step(tx, Verb::Succeed, now, None, "")?;
    flow::saga::wake(tx, &order.fact.order_id)
}

fn fail(tx: &mut Tx<'_>, id: &str, problem: &Problem) -> Result<()> {
    let Some(mut order) = hand_over(tx, id)? else { return Ok(()) };
    let (max, base) = (settings::MAX_ATTEMPTS.number(tx)?, settings::RETRY_SECONDS.number(tx)?);
    let pause = base.saturating_mul(1 << (order.attempts - 1).clamp(0, 20)).min(86_400);
    let next: Timestamp = tx.now().plus_seconds(pause);
    order.step(tx, Verb::Fail, next, Some(problem), problem.code.id)?;
    tracing::warn!(%problem, %id, attempts = order.attempts, "a collaboration order failed");
    if order.attempts >= max {
        order.step(tx, Verb::GiveUp, next, Some(problem), "转人工")?;
        flow::saga::wake(tx, &order.fact.order_id)?;
    }
    Ok(())
}
