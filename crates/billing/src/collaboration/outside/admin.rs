//! Systems and routes for their page; the inbox and the results for other systems.

use super::{
    answer,
    client::{self, Heard},
    inbox::{self, Message},
    route, system, told,
};
use crate::{perms, problems};
use http::{Access, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use kernel::{Problem, Timestamp};
use serde_json::{Value, json};

pub fn routes() -> Vec<Route> {
    let read = Access::Needs(perms::COLLABORATION_READ);
    let (set, peer) = (Access::Needs(perms::COLLABORATION_ROUTE), Access::Needs(perms::COLLABORATION_PEER));
    let system = json!({
        "code": "province", "name": "省级计费", "nameEn": "Provincial billing", "url": "https://billing.example", "token": "…",
        "speaker": "province", "answerUrl": "", "enabled": true,
    });
    let order = json!({
        "id": "order:product:start", "type": "start", "orderId": "order", "customer": {"id": "c1", "name": "张三"},
        "productId": "product", "offeringId": "of-mobile-59", "effectiveFrom": "2026-11-22T00:00:00Z", "new": {},
    });
    vec![
        Route::get("/api/v1/collaboration/systems", read, systems).doc("Billing systems beside the embedded one"),
        Route::post("/api/v1/collaboration/systems", set, add).doc("Add a billing system").body(system.clone()),
        Route::put("/api/v1/collaboration/systems/{code}", set, change).doc("Change a billing system").body(system),
        Route::post("/api/v1/collaboration/systems/{code}/test", set, test)
            .doc("Ask a billing system whether it is there"),
        Route::get("/api/v1/collaboration/routes", read, places).doc("Which billing system charges what"),
        Route::post("/api/v1/collaboration/routes", set, place)
            .doc("Set which system charges a place and product line; empty is the embedded one")
            .body(json!({"org": "/cn/44", "family": "broadband", "system": "province"})),
        Route::delete("/api/v1/collaboration/routes/{id}", set, unplace).doc("Remove a route"),
        Route::post("/api/v1/collaboration/inbox", peer, receive)
            .doc("Another order entry tells us a collaboration order; its id is the key")
            .body(order),
        Route::get("/api/v1/collaboration/inbox", peer, list)
            .doc("What the caller told us between two moments, by id")
            .parameter("from", "first moment")
            .parameter("to", "moment after the last")
            .parameter("after", "the id after which the page begins"),
        Route::get("/api/v1/collaboration/inbox/{id}", peer, show).doc("How far an order of the caller's is"),
        Route::post("/api/v1/collaboration/{id}/result", peer, result)
            .doc("A billing system says how an order ended that it was told")
            .body(json!({"state": "succeeded", "ackNo": "A-1"})),
    ]
}

async fn systems(ctx: Ctx) -> Answer {
    Ok(Reply::ok(&ctx.read(system::all).await?))
}

async fn add(ctx: Ctx, body: Body<system::Ask>) -> Answer {
    let ask = body.value;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let saved = system::save(tx, &ask, true)?;
        Ok(Reply::created("/api/v1/collaboration/systems", &saved))
    });
    Ok(reply.await?)
}

async fn change(ctx: Ctx, Path(code): Path<String>, body: Body<system::Ask>) -> Answer {
    let ask = system::Ask { code, ..body.value };
    let reply = ctx.create(&body.fingerprint, move |tx| Ok(Reply::ok(&system::save(tx, &ask, false)?)));
    Ok(reply.await?)
}

async fn test(ctx: Ctx, Path(code): Path<String>) -> Answer {
    let now = ctx.now();
    let address = ctx.read(move |tx| {
        system::one(tx, &code)?; // 404 before anything else
        system::address_to(tx, &code)
    });
    let path = format!("/api/v1/collaboration/inbox?from={now}&to={now}");
    let said = match client::call(address.await?, path, None, None).await {
        Heard::Answer(_) => json!({"reachable": true}),
        Heard::Unknown => {
            let problem = Problem::new(&problems::OUTSIDE_REFUSED).with("detail", "HTTP 404");
            json!({"reachable": false, "reason": problem.reason(ctx.lang)})
        }
        Heard::Refused(problem) | Heard::Silent(problem) => {
            json!({"reachable": false, "reason": problem.reason(ctx.lang)})
        }
    };
    Ok(Reply::ok(&said))
}

async fn places(ctx: Ctx) -> Answer {
    Ok(Reply::ok(&ctx.read(route::all).await?))
}

async fn place(ctx: Ctx, body: Body<route::Ask>) -> Answer {
    let ask = body.value;
    let reply = ctx.create(&body.fingerprint, move |tx| Ok(Reply::ok(&route::set(tx, &ask)?)));
    Ok(reply.await?)
}

async fn unplace(ctx: Ctx, Path(id): Path<String>) -> Answer {
    ctx.write(move |tx| route::remove(tx, &id)).await?;
    Ok(Reply::no_content())
}

async fn receive(ctx: Ctx, body: Body<Message>) -> Answer {
    let message = body.value;
    // The message's own id is its key: an idempotency key beside it would only remember an older answer.
    let answer = ctx.write(move |tx| inbox::receive(tx, &message)).await?;
    Ok(Reply::json(202, &answer))
}

async fn show(ctx: Ctx, Path(id): Path<String>) -> Answer {
    Ok(Reply::ok(&ctx.read(move |tx| inbox::show(tx, &id)).await?))
}

async fn list(ctx: Ctx) -> Answer {
    let moment = |name: &str| {
        let text = ctx.parameter(name).ok_or_else(|| Problem::missing(name))?;
        Timestamp::parse(&text).map_err(|_| Problem::invalid(name, "RFC 3339"))
    };
    let (from, to) = (moment("from")?, moment("to")?);
    let after = ctx.parameter("after").unwrap_or_default();
    let page = ctx.read(move |tx| {
        let sender = inbox::sender(tx);
        told::charged_here(tx, &sender, from, to, &after)
    });
    Ok(Reply::ok(&page.await?))
}

async fn result(ctx: Ctx, Path(id): Path<String>, body: Body<Value>) -> Answer {
    let said = body.value;
    let reply = ctx.write(move |tx| {
        let speaker = tx.actor().name.to_string();
        let order = answer::called(tx, &id, &speaker, &said)?;
        Ok(json!({"id": order.id, "state": order.state}))
    });
    Ok(Reply::ok(&reply.await?))
}
