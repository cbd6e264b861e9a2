//! Carrying out what billing asked: each product in a transaction of its own, placed as a business like a clerk's; a refusal
//! is recorded in another. Orders that were placed tell when they end ([`ordered`]).

use crate::{
    Kind, State, answer, heard, problems, setting,
    state::Verb,
    target::{self, Note, Target},
};
use http::{App, tmf::Document};
use inventory::products::{
    self,
    locks::{self, Level},
};
use kernel::{Actor, Problem, Result};
use ordering::Ask;
use serde_json::{Map, Value, json};
use std::time::Duration;
use store::{Tx, params, sql};
use tokio::task::JoinSet;

sql! {
    DUE = "SELECT back_id, seq FROM back_target WHERE state IN ('waiting', 'failed') AND next_at <= $1 \
           ORDER BY next_at, back_id, seq LIMIT 200";
}

const AT_ONCE: usize = 16;
/// Looks by itself this often, for retries and for what another process wrote.
const PAUSE: Duration = Duration::from_millis(700);
/// A product that another order changes is looked at again after this, if its end was not heard of.
const IN_TRANSIT_SECONDS: i64 = 600;

/// Runs as long as the server.
pub async fn run(app: App) {
    let mut events = app.events().subscribe();
    loop {
        match round(&app).await {
            Ok(n) if n > 0 => continue,
            Ok(_) => {}
            Err(problem) => tracing::error!(%problem, "orders from billing could not be looked through"),
        }
        let news = async { while events.recv().await.is_ok_and(|e| e.event_type != "BackOrderCreateEvent") {} };
        tokio::select! {
            () = news => {}
            () = tokio::time::sleep(PAUSE) => {}
            () = app.stopped() => return,
        }
    }
}

/// One pass over what is due; returns how many were dealt with, refusals included.
pub async fn round(app: &App) -> Result<usize> {
    let now = app.db().env().now();
    let due = app.db().read(Actor::system(), move |tx| tx.query(&DUE, params![now])).await?;
    let (mut tasks, mut dealt) = (JoinSet::new(), 0);
    for row in due {
        if tasks.len() >= AT_ONCE {
            dealt += tasks.join_next().await.map_or(0, Result::unwrap_or_default);
        }
        let (app, id, seq) = (app.clone(), row.text(0), row.int(1));
        tasks.spawn(async move {
            match attend(&app, &id, seq).await {
                Ok(()) => 1,
                Err(problem) => {
                    tracing::error!(%problem, %id, "an order from billing could not be recorded");
                    0
                }
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        dealt += done.unwrap_or_default();
    }
    Ok(dealt + answer::round(app).await?)
}

async fn attend(app: &App, id: &str, seq: i64) -> Result<()> {
    let own = id.to_owned();
    let db = app.db();
    match db.write(Actor::system(), move |tx| carry_out(tx, &own, seq)).await {
        Ok(()) => Ok(()),
        Err(problem) => {
            let own = id.to_owned();
            db.write(Actor::system(), move |tx| fail(tx, &own, seq, &problem)).await
        }
    }
}

/// A target that is due; none where somebody else was faster.
fn due(tx: &mut Tx<'_>, id: &str, seq: i64) -> Result<Option<Target>> {
    let target = target::lock(tx, id, seq)?;
    Ok(Some(target).filter(|t| matches!(t.state, State::Waiting | State::Failed)))
}

fn carry_out(tx: &mut Tx<'_>, id: &str, seq: i64) -> Result<()> {
    let Some(mut target) = due(tx, id, seq)? else { return Ok(()) };
    if !target.kind.is_business() {
        let outcome = heard::tell(tx, &target)?;
        return target.step(tx, Verb::Finish, &Note { outcome, ..Note::default() });
    }
    let product = products::get(tx, &target.product_id)?;
    if let Some(outcome) = nothing_to_do(tx, &target, &product)? {
        return target.step(tx, Verb::Finish, &Note { outcome, ..Note::default() });
    }
    let placed = ordering::place(tx, ask(&target))?;
    let order = Some((placed.order_id.as_str(), placed.order_no.as_str()));
    target.step(tx, Verb::Place, &Note { text: &placed.order_no, order, ..Note::default() })
}

/// Why nothing has to be done; none where something has.
fn nothing_to_do(tx: &mut Tx<'_>, target: &Target, product: &Document) -> Result<Option<&'static str>> {
    if matches!(product.text("status"), "terminated" | "cancelled" | "aborted") {
        return Ok(Some("gone"));
    }
    let held = locks::of(tx, &product.id)?.into_iter().find(|l| l.reason == target.reason).map(|l| l.level);
    Ok(match (target.kind, held) {
        (Kind::BarOutgoing, Some(Level::OneWay)) | (Kind::BarAll, Some(Level::TwoWay)) => Some("barredAlready"),
        (Kind::Unbar, None) => Some("notBarred"),
        _ => None,
    })
}

/// The business that does it.
fn ask(target: &Target) -> Ask {
    let (zh, _) = target.kind.titles();
    let reason = target.reason.name();
    let (business, values) = match target.kind {
        Kind::BarOutgoing => ("bar", json!({"reasonKind": reason, "level": "oneWay"})),
        Kind::BarAll => ("bar", json!({"reasonKind": reason, "level": "twoWay"})),
        Kind::Unbar => ("unbar", json!({"reasonKind": reason})),
        Kind::Terminate | Kind::HighCharge | Kind::Credit => ("close", json!({"closeKind": "arrears"})),
    };
    let values: Map<String, Value> = values.as_object().cloned().unwrap_or_default();
    Ask {
        business: business.to_owned(),
        product_id: Some(target.product_id.clone()),
        values,
        reason: format!("计费协作单 {}：{zh}", target.back_id),
        confirmations: vec!["earlyTermination".to_owned()],
        ..Ask::default()
    }
}

fn fail(tx: &mut Tx<'_>, id: &str, seq: i64, problem: &Problem) -> Result<()> {
    let Some(mut target) = due(tx, id, seq)? else { return Ok(()) };
    let now = tx.now();
    // Somebody changes the product at this moment: that is no failure, and its end is heard of.
    if problem.code.id == "order.in_transit" {
        return target.later(tx, now.plus_seconds(IN_TRANSIT_SECONDS), "inTransit");
    }
    let (max, base) = (setting::MAX_ATTEMPTS.get(tx)?, setting::RETRY_SECONDS.get(tx)?);
    let attempts = target.attempts + 1;
    let pause = base.saturating_mul(1 << (attempts - 1).clamp(0, 20)).min(86_400);
    let note = Note {
        text: problem.code.id,
        error: Some(problem),
        next_at: Some(now.plus_seconds(pause)),
        attempts: Some(attempts),
        ..Note::default()
    };
    tracing::warn!(%problem, %id, attempts, "an order from billing failed");
    target.step(tx, Verb::Fail, &note)?;
    if attempts >= max { target.step(tx, Verb::GiveUp, &note) } else { Ok(()) }
}

/// An order has ended, with this transaction: what it carried out has ended too, and what waited for its product may begin.
pub fn ordered(tx: &mut Tx<'_>, order: &Document, state: ordering::State) -> Result<()> {
    for carried in target::of_order(tx, &order.id)? {
        // The whole first, like everybody who moves a part: two orders of one account may end at once.
        let mut target = target::lock(tx, &carried.back_id, carried.seq)?;
        if target.state != State::Working {
            continue;
        }
        if state == ordering::State::Completed {
            target.step(tx, Verb::Finish, &Note { outcome: "ordered", ..Note::default() })?;
            continue;
        }
        let problem = Problem::new(&problems::ORDER_ENDED).with("order", order.text("orderNo"));
        let problem = problem.with("state", state.text());
        target.step(tx, Verb::GiveUp, &Note { text: state.text(), error: Some(&problem), ..Note::default() })?;
    }
    let items = order.body.get("productOrderItem").and_then(Value::as_array).into_iter().flatten();
    let products: Vec<String> = items.filter_map(|i| i["product"]["id"].as_str()).map(str::to_owned).collect();
    products.iter().try_for_each(|product| target::wake(tx, product))
}
