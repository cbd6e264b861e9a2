//! The routes of the businesses.

use super::{Ask, Case, actions, effects, place, preview};
use crate::{CREATE, READ};
use http::{Access, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use serde_json::json;

pub fn routes() -> Vec<Route> {
    let example = json!({"business": "suspend", "productId": "…", "values": {}, "effective": "immediate"});
    let mut placing = example.clone();
    placing["reason"] = json!("客户报停");
    vec![
        Route::get("/api/v1/products/{id}/actions", Access::Needs(READ), of_product)
            .doc("What can be done with a product now, and why not"),
        Route::get("/api/v1/customers/{id}/actions", Access::Needs(READ), of_customer)
            .doc("What can be done for a customer now, and why not"),
        Route::post("/api/v1/businesses/check", Access::Needs(CREATE), check)
            .doc("Everything that keeps a business from being done, what it costs, when it takes effect")
            .body(example),
        Route::post("/api/v1/businesses", Access::Needs(CREATE), post)
            .doc("Do a business: an order is placed for it")
            .body(placing),
        Route::get("/api/v1/orders/{id}/effects", Access::Needs(READ), changes)
            .doc("What an order changes in our records, with what stood there before"),
    ]
}

async fn of_product(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let lang = ctx.lang;
    let found = ctx.read(move |tx| actions::of_product(tx, &id, lang)).await?;
    Ok(Reply::ok(&found))
}

async fn of_customer(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let lang = ctx.lang;
    let found = ctx.read(move |tx| actions::of_customer(tx, &id, lang)).await?;
    Ok(Reply::ok(&found))
}

async fn check(ctx: Ctx, body: Body<Ask>) -> Answer {
    let (lang, ask) = (ctx.lang, body.value);
    let answer = ctx
        .read(move |tx| {
            let case = Case::read(tx, ask.clone())?;
            let (problems, change) = preview::examine(tx, &case)?;
            preview::to_json(tx, &case, &problems, change.as_ref(), lang)
        })
        .await?;
    Ok(Reply::ok(&answer))
}

async fn post(ctx: Ctx, body: Body<Ask>) -> Answer {
    let ask = body.value;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let placed = place(tx, ask.clone())?;
        Ok(Reply::created(&format!("/api/v1/orders/{}/track", placed.order_id), &placed))
    });
    Ok(reply.await?)
}

async fn changes(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let found = ctx
        .read(move |tx| {
            crate::desk::row(tx, &id)?;
            effects::of_order(tx, &id)
        })
        .await?;
    Ok(Reply::ok(&found))
}
