//! Watching collaboration orders and stepping in.

use super::{CollaborationKind, State, Verb, lock, outside};
use crate::{counter, perms};
use http::{Access, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use kernel::{Problem, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Filter, Row, Tx, params, sql};

const COLUMNS: &str = "id, kind, state, order_id, order_no, customer_id, product_id, offering_id, number, effective_from, \
                       attempts, ack_at, done_at, error_code, error_text, created_at, org, system, sender, ack_no";

sql! {
    HISTORY_OF = "SELECT state, at, actor, note FROM collaboration_history WHERE collaboration_id = $1 ORDER BY version";
}

pub fn routes() -> Vec<Route> {
    let (read, operate) = (Access::Needs(perms::COLLABORATION_READ), Access::Needs(perms::COLLABORATION_OPERATE));
    let mut all = outside::routes();
    all.extend([
        Route::get("/api/v1/collaboration", read, list)
            .doc("Collaboration orders, newest first")
            .parameter("state", "waiting, sent, received, succeeded, failed, manual or closed")
            .parameter("orderId", "those of one order")
            .parameter("customerId", "those about one customer")
            .parameter("system", "those of one billing system; embedded for our own")
            .parameter("sender", "those that another order entry sent")
            .parameter("kind", "of one kind, such as start"),
        Route::get("/api/v1/collaboration/{id}", read, show).doc("A collaboration order with its history"),
        Route::post("/api/v1/collaboration/{id}/resend", operate, resend)
            .doc("Try a failed collaboration order again")
            .body(json!({"reason": ""})),
        Route::post("/api/v1/collaboration/{id}/close", operate, close)
            .doc("Close a collaboration order that was dealt with by hand")
            .body(json!({"reason": ""})),
    ]);
    all
}

fn view(tx: &Tx<'_>, row: &Row) -> Result<Value> {
    let kind = CollaborationKind::parse(row.str(1))?;
    let error = row.opt_text(13).map(|code| json!({"code": code, "reason": row.opt_text(14)}));
    Ok(json!({
        "id": row.str(0), "type": kind, "typeName": kind.zh(), "state": row.str(2), "orderId": row.str(3), "orderNo": row.str(4),
        "customerId": row.str(5), "productId": row.str(6), "offeringId": row.str(7),
        "number": counter::shown_number(tx, row.str(8)), "effectiveFrom": row.time(9), "attempts": row.int(10),
        "ackAt": row.opt_time(11), "doneAt": row.opt_time(12), "error": error, "createdAt": row.time(15),
        "system": row.str(17), "sender": row.str(18), "ackNo": row.opt_text(19),
    }))
}

async fn list(ctx: Ctx) -> Answer {
    let get = |name: &str| ctx.parameter(name).filter(|v| !v.is_empty());
    let state = get("state").map(|s| State::parse(&s)).transpose()?;
    let asked = [
        ("order_id", "orderId"),
        ("customer_id", "customerId"),
        ("system", "system"),
        ("sender", "sender"),
        ("kind", "kind"),
    ]
    .map(|(column, name)| (column, get(name)));
    let paging = ctx.paging(100, 1_000)?;
    let (rows, total) = ctx
        .read(move |tx| {
            let mut filter = Filter::default();
            if let Some(state) = state {
                filter.equal("state", state.name());
            }
            for (column, value) in &asked {
                if let Some(value) = value {
                    filter.equal(column, if value == "embedded" { "" } else { value.as_str() });
                }
            }
            filter.scope("org", tx.actor());
            let condition = filter.to_where();
            // Counted no further than a page would scroll.
            let count = format!("SELECT COUNT(*) FROM (SELECT 1 FROM collaboration{condition} LIMIT 10001) AS counted");
            let total = tx.query_one(&count, &filter.binds)?.int(0);
            let (limit, offset) = (filter.bind(paging.limit), filter.bind(paging.offset));
            let text = format!(
                "SELECT {COLUMNS} FROM collaboration{condition} ORDER BY created_at DESC, id LIMIT {limit} OFFSET {offset}"
            );
            let rows = tx.query(&text, &filter.binds)?;
            let views = rows.iter().map(|r| view(tx, r)).collect::<Result<Vec<Value>>>()?;
            Ok((views, total))
        })
        .await?;
    Ok(Reply::ok(&rows).total(total))
}

async fn show(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let view = ctx.read(move |tx| {
        let row = tx.query_one(&format!("SELECT {COLUMNS} FROM collaboration WHERE id = $1"), params![id])?;
        tx.must_see(row.str(16))?;
        let mut view = view(tx, &row)?;
        let history = tx.query(&HISTORY_OF, params![id])?;
        view["history"] = history
            .iter()
            .map(|r| json!({"state": r.str(0), "at": r.time(1), "operator": r.str(2), "note": r.str(3)}))
            .collect();
        Ok(view)
    });
    Ok(Reply::ok(&view.await?))
}

#[derive(Deserialize)]
struct Ask {
    reason: String,
}

async fn resend(ctx: Ctx, Path(id): Path<String>, body: Body<Ask>) -> Answer {
    step(ctx, id, body, Verb::Resend).await
}

async fn close(ctx: Ctx, Path(id): Path<String>, body: Body<Ask>) -> Answer {
    step(ctx, id, body, Verb::Close).await
}

async fn step(ctx: Ctx, id: String, body: Body<Ask>, verb: Verb) -> Answer {
    let reason = body.value.reason.trim().to_owned();
    if reason.is_empty() || reason.chars().count() > 500 {
        return Err(Problem::invalid("reason", "1–500").into());
    }
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let mut order = lock(tx, &id)?;
        if verb == Verb::Resend {
            order.attempts = 0;
        }
        let now = tx.now();
        order.step(tx, verb, now, None, &reason)?;
        if order.state.is_done() {
            flow::saga::wake(tx, &order.fact.order_id)?;
        }
        Ok(Reply::ok(&json!({"id": order.id, "state": order.state})))
    });
    Ok(reply.await?)
}
