//! Prepayment campaigns over HTTP.

use crate::{payment::campaign, perms};
use http::{Access, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use kernel::Problem;
use serde::Deserialize;
use serde_json::json;

pub fn routes() -> Vec<Route> {
    let (read, write) = (Access::Needs(perms::PAYMENT_READ), Access::Needs(perms::CAMPAIGN_WRITE));
    let base = "/api/v1/counter/campaigns";
    vec![
        Route::get(base, read, list)
            .doc("Prepayment campaigns that run here today")
            .parameter("state", "running (default), or all: drafts, stopped and past ones too"),
        Route::post(base, write, create).doc("Write a prepayment campaign; without draft it is in force at once").body(
            json!({
                "name": "", "nameEn": "", "minFen": 10000, "giftFen": 1000, "giftMonths": 12, "validFrom": "2026-11-22",
                "validTo": "2026-12-31", "source": "", "draft": false,
            }),
        ),
        Route::post(format!("{base}/{{id}}/{{verb}}"), write, turn)
            .doc("start or stop; stopping says why")
            .body(json!({"reason": ""})),
    ]
}

async fn list(ctx: Ctx) -> Answer {
    let every = match ctx.parameter("state").as_deref() {
        None | Some("" | "running") => false,
        Some("all") => true,
        Some(_) => return Err(Problem::invalid("state", "running | all").into()),
    };
    let rows = ctx.read(move |tx| if every { campaign::every(tx) } else { campaign::running(tx) });
    Ok(Reply::ok(&rows.await?))
}

async fn create(ctx: Ctx, body: Body<campaign::NewCampaign>) -> Answer {
    let new = body.value;
    let reply = ctx.create(&body.fingerprint, move |tx| Ok(Reply::json(201, &campaign::create(tx, &new)?)));
    Ok(reply.await?)
}

#[derive(Deserialize)]
struct Why {
    #[serde(default)]
    reason: String,
}

async fn turn(ctx: Ctx, Path((id, verb)): Path<(String, String)>, body: Body<Why>) -> Answer {
    let (verb, reason) = (campaign::Verb::parse(&verb)?, body.value.reason.trim().to_owned());
    if reason.chars().count() > 500 || (verb == campaign::Verb::Stop && reason.is_empty()) {
        return Err(Problem::invalid("reason", "1–500").into());
    }
    let reply = ctx.create(&body.fingerprint, move |tx| Ok(Reply::ok(&campaign::turn(tx, &id, verb, &reason)?)));
    Ok(reply.await?)
}
