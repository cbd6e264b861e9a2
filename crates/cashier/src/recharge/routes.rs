//! Recharge cards over HTTP.

use super::{
    cards,
    issue::{self, NewBatch},
    spend::{self, Ask, Verdict},
};
use crate::perms;
use http::{Access, Answer, Body, Ctx, Raw, Reply, Route, axum::extract::Path};
use kernel::{Problem, codes};
use serde::Deserialize;
use serde_json::json;

pub fn routes() -> Vec<Route> {
    let (read, write) = (Access::Needs(perms::CARDS_READ), Access::Needs(perms::CARDS_WRITE));
    let base = "/api/v1/recharge-cards";
    vec![
        Route::post("/api/v1/recharge", Access::Needs(perms::RECHARGE), redeem)
            .doc("Recharge a number with a card, exactly once")
            .body(json!({"number": "13900138000", "serial": "000001000001", "pin": "123456789012345678"})),
        Route::get(format!("{base}/batches"), read, batches).doc("Batches of recharge cards"),
        Route::post(format!("{base}/batches"), write, order)
            .doc("Make a batch of cards")
            .body(json!({"faceFen": 5000, "cards": 100, "validTo": "2028-12-31"})),
        Route::post(format!("{base}/import"), write, import)
            .doc("Take in a maker's file with lines of serial,PIN; all or nothing")
            .parameter("faceFen", "face value of all its cards")
            .parameter("validTo", "last day they are valid"),
        Route::get(format!("{base}/batches/{{id}}"), read, one)
            .doc("A batch, and how many of its cards are in which state"),
        Route::post(format!("{base}/batches/{{id}}/pins"), Access::Needs(perms::CARDS_PINS), pins)
            .doc("The PINs for printing, once")
            .body(json!({"reason": "交印刷厂"})),
        Route::post(format!("{base}/batches/{{id}}/{{verb}}"), write, turn)
            .doc("activate or void")
            .body(json!({"reason": ""})),
        Route::get(format!("{base}/cards"), read, list)
            .doc("Cards of a batch, or one by its number")
            .parameter("batchId", "of one batch")
            .parameter("serial", "one card"),
        Route::post(format!("{base}/cards/{{serial}}/{{verb}}"), write, turn_card)
            .doc("unlock, void or activate one card")
            .body(json!({"reason": "持卡人身份已核验"})),
    ]
}

async fn redeem(ctx: Ctx, body: Body<Ask>) -> Answer {
    let (ask, trace, lang) = (body.value, ctx.session.clone(), ctx.lang);
    let reply = ctx.create(&body.fingerprint, move |tx| {
        Ok(match spend::redeem(tx, &ask)? {
            Verdict::Done(done) => Reply::json(201, &done),
            Verdict::Wrong(problem) => Reply::json(problem.code.status, &problem.body(lang, &trace)),
        })
    });
    Ok(reply.await?)
}

async fn batches(ctx: Ctx) -> Answer {
    let paging = ctx.paging(50, 200)?;
    let (rows, total) = ctx.read(move |tx| cards::batches(tx, paging.offset, paging.limit)).await?;
    Ok(Reply::ok(&rows).total(total))
}

async fn order(ctx: Ctx, body: Body<NewBatch>) -> Answer {
    let ask = body.value;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let id = issue::order(tx, &ask)?;
        Ok(Reply::json(201, &cards::batch(tx, &id)?))
    });
    Ok(reply.await?)
}

async fn import(ctx: Ctx, Raw(bytes): Raw) -> Answer {
    let face = ctx.parameter("faceFen").ok_or_else(|| Problem::missing("faceFen"))?;
    let face_fen = face.parse::<i64>().map_err(|_| Problem::invalid("faceFen", &face))?;
    let valid_to = ctx.parameter("validTo").ok_or_else(|| Problem::missing("validTo"))?;
    let text =
        String::from_utf8(bytes.to_vec()).map_err(|_| Problem::new(&codes::BODY_INVALID).with("detail", "UTF-8"))?;
    let new = NewBatch { face_fen, cards: 0, valid_to };
    let shown = ctx.write(move |tx| {
        let id = issue::import(tx, &new, &text)?;
        cards::batch(tx, &id)
    });
    Ok(Reply::json(201, &shown.await?))
}

async fn one(ctx: Ctx, Path(id): Path<String>) -> Answer {
    Ok(Reply::ok(&ctx.read(move |tx| cards::batch(tx, &id)).await?))
}

#[derive(Deserialize)]
struct Reason {
    #[serde(default)]
    reason: String,
}

async fn pins(ctx: Ctx, Path(id): Path<String>, body: Body<Reason>) -> Answer {
    let reason = body.value.reason;
    let (name, csv) = ctx.write(move |tx| issue::pins(tx, &id, &reason)).await?;
    let disposition = format!("attachment; filename=\"{name}\"");
    let reply = Reply::text(200, csv).header("content-type", "text/csv; charset=utf-8");
    Ok(reply.header("content-disposition", disposition).header("cache-control", "no-store"))
}

async fn turn(ctx: Ctx, Path((id, verb)): Path<(String, String)>, body: Body<Reason>) -> Answer {
    let reason = body.value.reason;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        issue::turn(tx, &id, &verb, &reason)?;
        Ok(Reply::ok(&cards::batch(tx, &id)?))
    });
    Ok(reply.await?)
}

async fn list(ctx: Ctx) -> Answer {
    let paging = ctx.paging(100, 1_000)?;
    let (batch, serial) = (ctx.parameter("batchId"), ctx.parameter("serial"));
    let rows =
        ctx.read(move |tx| cards::cards(tx, batch.as_deref(), serial.as_deref(), paging.offset, paging.limit)).await?;
    Ok(Reply::ok(&rows))
}

async fn turn_card(ctx: Ctx, Path((serial, verb)): Path<(String, String)>, body: Body<Reason>) -> Answer {
    let reason = body.value.reason;
    let reply = ctx.create(&body.fingerprint, move |tx| Ok(Reply::ok(&cards::turn(tx, &serial, &verb, &reason)?)));
    Ok(reply.await?)
}
