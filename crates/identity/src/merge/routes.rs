//! Merging and parting customers over HTTP.

use super::{Ask, list, merge, merges_of, preview, split};
use crate::{MERGE, READ};
use http::{Access, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use serde::Deserialize;
use serde_json::json;

pub(crate) fn routes() -> Vec<Route> {
    let example = json!({"from": "…", "into": "…", "reason": "同一客户重复建档", "certificatesConfirmed": false, "blacklistConfirmed": false});
    vec![
        Route::get("/api/v1/customer-merges", Access::Needs(READ), all).doc("Merges of customers, newest first"),
        Route::post("/api/v1/customer-merges/preview", Access::Needs(MERGE), look)
            .doc("What a merge would move, and what forbids it")
            .body(example.clone()),
        Route::post("/api/v1/customer-merges", Access::Needs(MERGE), make)
            .doc("Merge one customer into another, over all domains")
            .body(example),
        Route::post("/api/v1/customer-merges/{id}/split", Access::Needs(MERGE), part)
            .doc("Take a merge back exactly")
            .body(json!({"reason": "误合并"})),
        Route::get("/api/v1/customers/{id}/merges", Access::Needs(READ), of_customer)
            .doc("The merges a customer took part in"),
    ]
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wanted {
    from: String,
    into: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    certificates_confirmed: bool,
    #[serde(default)]
    blacklist_confirmed: bool,
}

impl Wanted {
    fn ask(self) -> Ask {
        Ask {
            from: self.from,
            into: self.into,
            reason: self.reason.chars().take(500).collect(),
            certificates_confirmed: self.certificates_confirmed,
            blacklist_confirmed: self.blacklist_confirmed,
        }
    }
}

async fn all(ctx: Ctx) -> Answer {
    let page = ctx.paging(50, 200)?;
    Ok(Reply::ok(&ctx.read(move |tx| list(tx, page.limit, page.offset)).await?))
}

/// Locks what it looks at, hence a write; it changes nothing.
async fn look(ctx: Ctx, body: Body<Wanted>) -> Answer {
    let ask = body.value.ask();
    Ok(Reply::ok(&ctx.write(move |tx| preview(tx, &ask)).await?))
}

async fn make(ctx: Ctx, body: Body<Wanted>) -> Answer {
    let ask = body.value.ask();
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let made = merge(tx, &ask)?;
        Ok(Reply::created("/api/v1/customer-merges", &made))
    });
    Ok(reply.await?)
}

#[derive(Clone, Deserialize)]
struct Part {
    #[serde(default)]
    reason: String,
}

async fn part(ctx: Ctx, Path(id): Path<String>, body: Body<Part>) -> Answer {
    let reason: String = body.value.reason.chars().take(500).collect();
    let reply = ctx.create(&body.fingerprint, move |tx| Ok(Reply::ok(&split(tx, &id, &reason)?)));
    Ok(reply.await?)
}

async fn of_customer(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let found = ctx.read(move |tx| {
        customer::summary(tx, &id)?;
        merges_of(tx, &id)
    });
    Ok(Reply::ok(&found.await?))
}
