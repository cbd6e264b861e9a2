//! Collection over HTTP.

use super::{
    Turn,
    agreement::{self, NewAgreement},
    batch, file, intake,
};
use crate::perms;
use http::{
    Access, Answer, Body, Ctx, Error, Raw, Reply, Route,
    axum::{
        extract::Path,
        http::header,
        response::{IntoResponse, Response},
    },
};
use kernel::Problem;
use serde::Deserialize;
use serde_json::{Value, json};

pub fn routes() -> Vec<Route> {
    let (read, write) = (Access::Needs(perms::COLLECTION_READ), Access::Needs(perms::COLLECTION_WRITE));
    let base = "/api/v1/collection";
    vec![
        Route::get(format!("{base}/banks"), read, banks).doc("Banks that collect for us"),
        Route::get(format!("{base}/agreements"), read, agreements)
            .doc("Agreements to collect")
            .parameter("customerId", "of one customer")
            .parameter("bankCode", "with one bank")
            .parameter("state", "active or ended"),
        Route::post(format!("{base}/agreements"), write, agree).doc("Register an agreement").body(json!({
            "number": "13900138000", "bankCode": "102", "payerName": "张伟", "bankAccount": "6222021234567890123", "limitFen": 50000,
        })),
        Route::post(format!("{base}/agreements/{{id}}/end"), write, end_agreement)
            .doc("End an agreement")
            .body(json!({"reason": "客户申请"})),
        Route::get(format!("{base}/batches"), read, batches).doc("Files for banks"),
        Route::post(format!("{base}/batches"), write, make)
            .doc("Make a file of everything that is due with a bank")
            .body(json!({"bankCode": "102"})),
        Route::get(format!("{base}/batches/{{id}}"), read, one).doc("A file for a bank, how far it is answered"),
        Route::get(format!("{base}/batches/{{id}}/items"), read, items).doc("The items of a file"),
        Route::post(format!("{base}/batches/{{id}}/file"), write, fetch)
            .doc("The file for the bank, with account numbers in clear; says that it was sent")
            .parameter("encoding", "utf-8 (default) or gbk")
            .body(json!({})),
        Route::post(format!("{base}/batches/{{id}}/cancel"), write, cancel)
            .doc("Cancel a file that was not sent")
            .body(json!({})),
        Route::get(format!("{base}/results"), read, results)
            .doc("What banks answered")
            .parameter("batchId", "of one file"),
        Route::post(format!("{base}/results"), write, take_in)
            .doc("Take in a bank's answer or its reversal: the file as it is, UTF-8 or GBK"),
        Route::get(format!("{base}/results/{{id}}"), read, result).doc("A result, live while it is booked"),
        Route::get(format!("{base}/results/{{id}}/refused"), read, refused).doc("Refused lines as CSV"),
    ]
}

async fn banks(ctx: Ctx) -> Answer {
    Ok(Reply::ok(&ctx.read(agreement::banks).await?))
}

async fn agreements(ctx: Ctx) -> Answer {
    let paging = ctx.paging(50, 200)?;
    let by = [
        ("customer_id", ctx.parameter("customerId")),
        ("bank_code", ctx.parameter("bankCode")),
        ("state", ctx.parameter("state")),
    ];
    let (rows, total) = ctx.read(move |tx| agreement::list(tx, &by, paging.offset, paging.limit)).await?;
    Ok(Reply::ok(&rows).total(total))
}

async fn agree(ctx: Ctx, body: Body<NewAgreement>) -> Answer {
    let ask = body.value;
    let reply = ctx.create(&body.fingerprint, move |tx| Ok(Reply::json(201, &agreement::make(tx, &ask)?)));
    Ok(reply.await?)
}

#[derive(Deserialize)]
struct Reason {
    reason: String,
}

async fn end_agreement(ctx: Ctx, Path(id): Path<String>, body: Body<Reason>) -> Answer {
    let reason = body.value.reason;
    let reply = ctx.create(&body.fingerprint, move |tx| Ok(Reply::ok(&agreement::end(tx, &id, &reason)?)));
    Ok(reply.await?)
}

async fn batches(ctx: Ctx) -> Answer {
    let paging = ctx.paging(50, 200)?;
    let (rows, total) = ctx.read(move |tx| batch::list(tx, paging.offset, paging.limit)).await?;
    Ok(Reply::ok(&rows).total(total))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Make {
    bank_code: String,
}

async fn make(ctx: Ctx, body: Body<Make>) -> Answer {
    let bank = body.value.bank_code;
    let wanted = bank.clone();
    // Found beside the writer; what changed in between is refused by the unique item of an account.
    let dues = ctx.read(move |tx| batch::dues(tx, &wanted)).await?;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let id = batch::make(tx, &bank, &dues)?;
        Ok(Reply::json(201, &batch::view(tx, &id)?))
    });
    Ok(reply.await?)
}

async fn one(ctx: Ctx, Path(id): Path<String>) -> Answer {
    Ok(Reply::ok(&ctx.read(move |tx| batch::view(tx, &id)).await?))
}

async fn items(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let paging = ctx.paging(100, 1_000)?;
    Ok(Reply::ok(&ctx.read(move |tx| batch::items(tx, &id, paging.offset, paging.limit)).await?))
}

async fn fetch(ctx: Ctx, Path(id): Path<String>, _: Body<Value>) -> Result<Response, Error> {
    let encoding = ctx.parameter("encoding").unwrap_or_else(|| "utf-8".to_owned()).to_lowercase();
    let wanted = encoding.clone();
    let (name, bytes) = ctx
        .write(move |tx| {
            let mut batch = batch::lock(tx, &id)?;
            batch.turn(tx, Turn::Send)?;
            let (name, text) = batch::content(tx, &id)?;
            Ok((name, file::bytes(&text, &wanted)?))
        })
        .await?;
    let headers = [
        (header::CONTENT_TYPE, format!("text/plain; charset={encoding}")),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, bytes).into_response())
}

async fn cancel(ctx: Ctx, Path(id): Path<String>, body: Body<Value>) -> Answer {
    let reply = ctx.create(&body.fingerprint, move |tx| {
        batch::lock(tx, &id)?.turn(tx, Turn::Cancel)?;
        Ok(Reply::ok(&batch::view(tx, &id)?))
    });
    Ok(reply.await?)
}

async fn results(ctx: Ctx) -> Answer {
    let of = ctx.parameter("batchId");
    Ok(Reply::ok(&ctx.read(move |tx| intake::list(tx, of.as_deref(), 100)).await?))
}

async fn take_in(ctx: Ctx, Raw(bytes): Raw) -> Answer {
    if bytes.is_empty() {
        return Err(Problem::missing("file").into());
    }
    let shown = ctx.write(move |tx| {
        let id = intake::take_in(tx, &bytes)?;
        intake::view(tx, &id)
    });
    Ok(Reply::json(202, &shown.await?))
}

async fn result(ctx: Ctx, Path(id): Path<String>) -> Answer {
    Ok(Reply::ok(&ctx.read(move |tx| intake::view(tx, &id)).await?))
}

async fn refused(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let csv = ctx.read(move |tx| intake::refused(tx, &id)).await?;
    let name = "attachment; filename=\"refused.csv\"";
    Ok(Reply::text(200, csv).header("content-type", "text/csv; charset=utf-8").header("content-disposition", name))
}
