//! Pages about messages: what was sent to which system, how it stands, what went to and fro; and trying again.

use super::{Message, Purpose, State, Wanted, decide, items, load, lock, save};
use crate::{NETWORK_READ, NETWORK_RETRY, message::book};
use http::{Access, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use kernel::{Problem, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Filter, Tx, params};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/network/messages", Access::Needs(NETWORK_READ), list)
            .doc("Messages to activation systems, the newest first")
            .parameter("system", "tmf641 or legacy97")
            .parameter(
                "state",
                "new, submitted, acked, completed, failed, cancelling, cancelled; open for all under way",
            )
            .parameter("orderId", "of one order"),
        Route::get("/api/v1/network/messages/{id}", Access::Needs(NETWORK_READ), one)
            .doc("A message with its items, its payload and what went to and fro"),
        Route::post("/api/v1/network/messages/{id}/{verb}", Access::Needs(NETWORK_RETRY), act)
            .doc("Try a message again (retry) or ask the system how it stands (ask)")
            .body(json!({"reason": "对方系统已恢复"})),
    ]
}

fn shown(m: &Message, order_no: &str) -> Value {
    json!({
        "id": m.id, "system": m.system, "orderId": m.order_id, "orderNo": order_no, "purpose": m.purpose.text(),
        "version": m.version, "state": m.state.text(), "wanted": m.wanted.text(), "due": m.due, "attempts": m.attempts,
        "externalId": m.external_id, "error": m.error, "org": m.org.as_str(), "createdAt": m.created_at,
        "updatedAt": m.updated_at, "submittedAt": m.submitted_at, "ackedAt": m.acked_at, "endedAt": m.ended_at,
    })
}

fn order_no(tx: &mut Tx<'_>, id: &str) -> Result<String> {
    let order = http::tmf::get(tx, &ordering::PRODUCT_ORDER, id)?;
    Ok(order.map_or_else(String::new, |o| o.text("orderNo").to_owned()))
}

async fn list(ctx: Ctx) -> Answer {
    let paging = ctx.paging(50, 200)?;
    let wanted: Vec<(&str, Option<String>)> =
        vec![("system", ctx.parameter("system")), ("order_id", ctx.parameter("orderId"))];
    let state = ctx.parameter("state");
    let (rows, total) = ctx
        .read(move |tx| {
            let mut filter = Filter::default();
            filter.scope("org", tx.actor());
            for (column, value) in &wanted {
                if let Some(value) = value {
                    filter.equal(column, value.as_str());
                }
            }
            match state.as_deref() {
                None | Some("all") => {}
                Some("open") => filter.and("state NOT IN ('completed', 'failed', 'cancelled')".to_owned()),
                Some(state) => filter.equal("state", state),
            }
            let condition = filter.to_where();
            let total =
                tx.query_one(&format!("SELECT COUNT(*) FROM activation_message{condition}"), &filter.binds)?.int(0);
            let (limit, offset) = (filter.bind(paging.limit), filter.bind(paging.offset));
            let text = format!(
                "SELECT id FROM activation_message{condition} ORDER BY created_at DESC, id DESC LIMIT {limit} OFFSET {offset}"
            );
            let ids: Vec<String> = tx.query(&text, &filter.binds)?.iter().map(|r| r.text(0)).collect();
            let mut rows = Vec::with_capacity(ids.len());
            for id in ids {
                let message = load(tx, &id)?;
                let no = order_no(tx, &message.order_id)?;
                let mut row = shown(&message, &no);
                row["items"] = json!(items(tx, &id)?.len());
                rows.push(row);
            }
            Ok((rows, total))
        })
        .await?;
    Ok(Reply::ok(&rows).total(total))
}

async fn one(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let view = ctx.read(move |tx| view(tx, &id)).await?;
    Ok(Reply::ok(&view))
}

fn view(tx: &mut Tx<'_>, id: &str) -> Result<Value> {
    let message = load(tx, id)?;
    let no = order_no(tx, &message.order_id)?;
    let mut view = shown(&message, &no);
    let all = items(tx, id)?;
    let steps = match flow::saga::load(tx, &message.saga_id) {
        Ok(saga) => saga.plan.steps,
        Err(p) if p.is(&kernel::codes::NOT_FOUND) => Vec::new(),
        Err(p) => return Err(p),
    };
    let title = |step: i64| {
        let own = usize::try_from(step).ok().and_then(|i| steps.get(i));
        own.map_or(Value::Null, |s| json!({"zh-CN": s.zh, "en": s.en}))
    };
    view["items"] = all
        .iter()
        .map(|i| {
            json!({"title": title(i.step), "step": i.step, "target": i.target, "verb": i.verb, "task": i.task, "productId": i.product,
                   "subscriber": i.subscriber, "state": i.state.text(), "detail": i.detail})
        })
        .collect();
    view["payload"] = message.payload;
    view["trace"] = tx
        .query(&super::TRACED, params![id])?
        .iter()
        .map(|r| json!({"at": r.time(0), "direction": r.text(1), "kind": r.text(2), "summary": r.text(3), "body": r.text(4)}))
        .collect();
    Ok(view)
}

#[derive(Deserialize)]
struct Ask {
    #[serde(default)]
    reason: String,
}

async fn act(ctx: Ctx, Path((id, verb)): Path<(String, String)>, body: Body<Ask>) -> Answer {
    let reason = body.value.reason.trim().to_owned();
    if reason.is_empty() {
        return Err(Problem::new(&flow::problems::REASON_MISSING).field("reason").into());
    }
    if !matches!(verb.as_str(), "retry" | "ask") {
        return Err(Problem::not_found().into());
    }
    let view = ctx
        .write(move |tx| {
            let mut message = lock(tx, &id)?;
            tx.audit(
                &format!("activationMessage.{verb}"),
                "activationMessage",
                &id,
                &message.org,
                &json!({"reason": reason}),
            )?;
            if verb == "ask" {
                ask(tx, &mut message)?;
            } else {
                retry(tx, &mut message)?;
            }
            view(tx, &id)
        })
        .await?;
    Ok(Reply::ok(&view))
}

fn ask(tx: &mut Tx<'_>, message: &mut Message) -> Result<()> {
    if message.submitted_at.is_none() || matches!(message.state, State::Completed) {
        return Err(book::unfit(message));
    }
    (message.wanted, message.due, message.attempts) = (Wanted::Ask, Some(tx.now()), 0);
    save(tx, message)
}

/// What is under way is told again at once. What has failed is retried from its fallout item, if its saga waits there.
fn retry(tx: &mut Tx<'_>, message: &mut Message) -> Result<()> {
    match message.state {
        State::New | State::Submitted | State::Acked | State::Cancelling => {
            (message.due, message.attempts) = (Some(tx.now()), 0);
            if message.wanted == Wanted::Nothing {
                message.wanted = if message.state == State::Cancelling { Wanted::Cancel } else { Wanted::Ask };
            }
            save(tx, message)
        }
        State::Failed => {
            let steps = book::reported(tx, &message.id)?;
            let wanted = flow::fallout::Wanted {
                state: "open".into(),
                subject_id: message.order_id.clone(),
                ..flow::fallout::Wanted::default()
            };
            let (open, _) = flow::fallout::list(tx, &wanted, 0, 200)?;
            let own = open
                .iter()
                .find(|f| f.saga_id == message.saga_id && steps.iter().any(|s| usize::try_from(*s) == Ok(f.step)));
            if let Some(fallout) = own {
                return flow::fallout::act(tx, &fallout.id, flow::fallout::Verb::Retry, "message retried").map(drop);
            }
            // Nobody waits for it (taking back what was done too late): it is sent by itself.
            if message.purpose == Purpose::Undo {
                let saga = flow::saga::load(tx, &message.saga_id)?;
                let mut all = items(tx, &message.id)?;
                return decide::again(tx, &saga, message, &mut all);
            }
            Err(book::unfit(message))
        }
        State::Completed | State::Cancelled => Err(book::unfit(message)),
    }
}
