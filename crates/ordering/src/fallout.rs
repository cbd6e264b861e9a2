//! The fallout desk: failed steps of orders and what one may do about them. The engine is `flow`; this adds the order.

use crate::{FALLOUT_ACT, FALLOUT_READ, desk, problems};
use flow::fallout::{self, Fallout, Verb, Wanted};
use http::{Access, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use kernel::{Lang, Problem, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use store::Tx;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/fallout", Access::Needs(FALLOUT_READ), list)
            .doc("What waits for a person, oldest first; what is closed, latest first")
            .parameter("state", "open or closed; open by itself")
            .parameter("orderId", "of one order")
            .parameter("target", "of one system"),
        Route::get("/api/v1/fallout/summary", Access::Needs(FALLOUT_READ), summary)
            .doc("Open fallout by system and age"),
        Route::post("/api/v1/fallout/{id}/{verb}", Access::Needs(FALLOUT_ACT), act)
            .doc("Deal with a failed step: retry, skip, compensate, abandon")
            .body(json!({"reason": "已人工处理"})),
    ]
}

async fn list(ctx: Ctx) -> Answer {
    let paging = ctx.paging(50, 200)?;
    let wanted = Wanted {
        state: ctx.parameter("state").unwrap_or_else(|| "open".into()),
        subject_id: ctx.parameter("orderId").unwrap_or_default(),
        target: ctx.parameter("target").unwrap_or_default(),
    };
    let lang = ctx.lang;
    let (rows, total) = ctx
        .read(move |tx| {
            let (found, total) = fallout::list(tx, &wanted, paging.offset, paging.limit)?;
            let rows = found.iter().map(|f| row(tx, f, lang)).collect::<Result<Vec<Value>>>()?;
            Ok((rows, total))
        })
        .await?;
    Ok(Reply::ok(&rows).total(total))
}

fn row(tx: &mut Tx<'_>, f: &Fallout, lang: Lang) -> Result<Value> {
    let pick = |zh: &str, en: &str| if lang == Lang::En { en.to_owned() } else { zh.to_owned() };
    let order = desk::row(tx, &f.subject_id)?;
    Ok(json!({
        "id": f.id, "orderId": f.subject_id, "orderNo": order.order_no, "customerName": order.customer_name,
        "step": f.step.to_string(), "stepName": f.name, "stepTitle": pick(&f.title_zh, &f.title_en), "target": f.target,
        "error": {"code": f.code, "reason": pick(&f.reason_zh, &f.reason_en)},
        "attempts": f.attempts, "since": f.since, "owner": f.owner, "state": f.state,
    }))
}

async fn summary(ctx: Ctx) -> Answer {
    let found = ctx.read(fallout::summary).await?;
    let targets: Vec<Value> = found.by_target.iter().map(|(t, n)| json!({"target": t, "count": n})).collect();
    let ages: Vec<Value> =
        ["<1h", "<1d", ">1d"].iter().zip(found.by_age).map(|(age, n)| json!({"age": age, "count": n})).collect();
    Ok(Reply::ok(&json!({"open": found.open, "byTarget": targets, "byAge": ages})))
}

#[derive(Deserialize)]
struct Ask {
    #[serde(default)]
    reason: String,
}

async fn act(ctx: Ctx, Path((id, verb)): Path<(String, String)>, body: Body<Ask>) -> Answer {
    let verb = Verb::ALL
        .into_iter()
        .find(|v| v.text() == verb)
        .ok_or_else(|| Problem::new(&problems::VERB_UNKNOWN).with("value", &verb))?;
    let reason = body.value.reason;
    let state = ctx.write(move |tx| fallout::act(tx, &id, verb, &reason)).await?;
    Ok(Reply::ok(&json!({"state": state})))
}
