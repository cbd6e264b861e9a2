//! Sheets, slips, checks and cash over HTTP.

use super::{Verb, cash, sheet, slip, turn, view, watch};
use crate::perms;
use http::{Access, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use kernel::{Date, OrgPath, Problem};
use serde::Deserialize;
use serde_json::json;

pub fn routes() -> Vec<Route> {
    let (read, hall) = (Access::Needs(perms::AUDIT_READ), Access::Needs(perms::AUDIT_HALL));
    let base = "/api/v1/cashier";
    vec![
        Route::get(format!("{base}/sheets"), read, list)
            .doc("Audit sheets of halls and days")
            .parameter("state", "open, hall, city, province or passed")
            .parameter("from", "first day, 30 days ago by default")
            .parameter("to", "last day, today by default"),
        Route::post(format!("{base}/sheets"), hall, open)
            .doc("Open the sheet of a hall and day, to get its audit code before the bank closes")
            .body(json!({"org": "/cn/44/4401/h001", "day": "2026-11-22"})),
        Route::get(format!("{base}/sheets/{{id}}"), read, one).doc("A sheet with its drawers, slips, checks and steps"),
        Route::post(format!("{base}/sheets/{{id}}/check"), read, check)
            .doc("Note what the level that the sheet waits for found; without an item, about all that are even")
            .body(json!({"itemType": "shift", "itemId": "", "ok": true, "note": ""})),
        Route::post(format!("{base}/sheets/{{id}}/pass"), read, pass)
            .doc("Pass the sheet to the next level")
            .body(json!({"note": ""})),
        Route::post(format!("{base}/sheets/{{id}}/return"), read, give_back)
            .doc("Return the sheet to the level below")
            .body(json!({"note": "缴款单金额有误"})),
        Route::post(format!("{base}/sheets/{{id}}/slips"), hall, enter).doc("Enter a bank slip").body(json!({
            "method": "cash", "bank": "工商银行天河支行", "number": "20261122-0001", "amountFen": 100000, "slipDay": "2026-11-22",
            "auditCode": "JK20261122-4401-h001", "carriedBy": "李娜", "witness": "王志强",
        })),
        Route::post(format!("{base}/slips/{{id}}/withdraw"), hall, withdraw)
            .doc("Withdraw a slip that was entered wrongly")
            .body(json!({"reason": "金额录错"})),
        Route::get(format!("{base}/watch"), read, watched).doc("What nobody has audited yet"),
        Route::get(format!("{base}/cash"), read, cash_now).doc("Cash in the halls against what may stay overnight"),
    ]
}

async fn list(ctx: Ctx) -> Answer {
    let today = ctx.now().date();
    let day = |name: &str, default: Date| ctx.parameter(name).map_or(Ok(default), |text| Date::parse(&text));
    let (from, to) = (day("from", today.plus_days(-30))?, day("to", today)?);
    let state = ctx.parameter("state");
    let paging = ctx.paging(50, 200)?;
    let (rows, total) = ctx
        .read(move |tx| {
            view::list(tx, state.as_deref(), &from.to_string(), &to.to_string(), paging.offset, paging.limit)
        })
        .await?;
    Ok(Reply::ok(&rows).total(total))
}

#[derive(Deserialize)]
struct Open {
    org: Option<String>,
    day: String,
}

async fn open(ctx: Ctx, body: Body<Open>) -> Answer {
    let ask = body.value;
    let org = ask.org.filter(|o| !o.is_empty()).map_or_else(|| Ok(ctx.actor.org.clone()), |o| OrgPath::parse(&o))?;
    let day = Date::parse(&ask.day)?;
    if day > ctx.now().date() {
        return Err(Problem::invalid("day", "≤ today").into());
    }
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let sheet = sheet::open(tx, &org, day)?;
        Ok(Reply::json(201, &view::sheet(tx, &sheet)?))
    });
    Ok(reply.await?)
}

async fn one(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let shown = ctx.read(move |tx| {
        let sheet = sheet::sheet(tx, &id)?;
        view::sheet(tx, &sheet)
    });
    Ok(Reply::ok(&shown.await?))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Check {
    item_type: Option<String>,
    item_id: Option<String>,
    ok: bool,
    #[serde(default)]
    note: String,
}

async fn check(ctx: Ctx, Path(id): Path<String>, body: Body<Check>) -> Answer {
    let ask = body.value;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let item = match (&ask.item_type, &ask.item_id) {
            (Some(kind), Some(id)) => Some((kind.as_str(), id.as_str())),
            (None, None) => None,
            _ => return Err(Problem::missing("itemId")),
        };
        let sheet = turn::check(tx, &id, item, ask.ok, &ask.note)?;
        Ok(Reply::ok(&view::sheet(tx, &sheet)?))
    });
    Ok(reply.await?)
}

#[derive(Deserialize)]
struct Note {
    #[serde(default)]
    note: String,
}

async fn pass(ctx: Ctx, Path(id): Path<String>, body: Body<Note>) -> Answer {
    turned(ctx, id, body, Verb::Pass).await
}

async fn give_back(ctx: Ctx, Path(id): Path<String>, body: Body<Note>) -> Answer {
    turned(ctx, id, body, Verb::Return).await
}

async fn turned(ctx: Ctx, id: String, body: Body<Note>, verb: Verb) -> Answer {
    let note = body.value.note;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let sheet = turn::turn(tx, &id, verb, &note)?;
        Ok(Reply::ok(&view::sheet(tx, &sheet)?))
    });
    Ok(reply.await?)
}

async fn enter(ctx: Ctx, Path(id): Path<String>, body: Body<slip::NewSlip>) -> Answer {
    let ask = body.value;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        slip::enter(tx, &id, &ask)?;
        let sheet = sheet::sheet(tx, &id)?;
        Ok(Reply::json(201, &view::sheet(tx, &sheet)?))
    });
    Ok(reply.await?)
}

#[derive(Deserialize)]
struct Reason {
    reason: String,
}

async fn withdraw(ctx: Ctx, Path(id): Path<String>, body: Body<Reason>) -> Answer {
    let reason = body.value.reason;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let sheet = slip::withdraw(tx, &id, &reason)?;
        let sheet = sheet::sheet(tx, &sheet)?;
        Ok(Reply::ok(&view::sheet(tx, &sheet)?))
    });
    Ok(reply.await?)
}

async fn watched(ctx: Ctx) -> Answer {
    Ok(Reply::ok(&ctx.read(watch::watch).await?))
}

async fn cash_now(ctx: Ctx) -> Answer {
    Ok(Reply::ok(&ctx.read(cash::list).await?))
}
