//! Numbers at the desk: search, lock, keep for a customer, and keeping the pool.

use super::{
    NumberState, Pattern, Terms, holders, keep, lock, manage,
    manage::{Bulk, Wanted},
    search, stock, terms,
};
use crate::{NUMBER_LOCK, NUMBER_READ, NUMBER_RESERVE, POOL_MANAGE};
use http::{Access, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use kernel::{Money, Problem, Result};
use serde::Deserialize;
use serde_json::{Value, json};

mod settings;

pub(crate) fn routes() -> Vec<Route> {
    let (reads, locks, keeps) = (Access::Needs(NUMBER_READ), Access::Needs(NUMBER_LOCK), Access::Needs(POOL_MANAGE));
    let mut routes = vec![
        Route::get("/api/v1/numbers", reads, list)
            .doc("Search numbers for sale")
            .parameter("pattern", "*888*, 1390013*, *888, 139????8888, *AAA, *ABCD, *DCBA, *AABB, *ABAB, *AAAB, *AAA*")
            .parameter("class", "normal, good, premium")
            .parameter("no4", "true for numbers without a 4")
            .parameter("limit", "at most 200"),
        Route::get("/api/v1/numbers/pool", keeps, pool)
            .doc("Numbers of one state, with what they serve")
            .parameter(
                "state",
                "available, reserved, inUse, suspended, quarantine, blocked, portedOut, returned, locked",
            )
            .parameter("pattern", "as in the search")
            .parameter("class", "normal, good, premium")
            .parameter("after", "the last number of the page before"),
        Route::get("/api/v1/numbers/summary", reads, summary).doc("How many numbers by state, class and city"),
        Route::post("/api/v1/numbers/bulk", keeps, bulk)
            .doc("Block, unblock, recycle, extend the rest of, reclass or move many numbers")
            .body(json!({"action": "block", "from": "13900138000", "to": "13900138099", "reason": "专号"})),
        Route::get("/api/v1/numbers/{number}", reads, one).doc("A number and who holds it"),
        Route::post("/api/v1/numbers/{number}/lock", locks, take)
            .doc("Keep a number for some minutes")
            .parameter("customerId", "the customer for whom it may be kept already"),
        Route::delete("/api/v1/numbers/{number}/lock", locks, give_back).doc("Give a kept number back"),
        Route::post("/api/v1/numbers/{number}/reservation", Access::Needs(NUMBER_RESERVE), reserve)
            .doc("Keep a number for a customer for some days")
            .body(json!({"customerId": "…", "days": 7})),
        Route::delete("/api/v1/numbers/{number}/reservation", Access::Needs(NUMBER_RESERVE), let_go)
            .doc("Give a number back that was kept for a customer"),
    ];
    routes.extend(settings::routes());
    routes
}

fn wish(ctx: &Ctx) -> Result<Pattern, Problem> {
    let pattern = Pattern::parse(&ctx.parameter("pattern").unwrap_or_default())?;
    Ok(pattern.without_four(ctx.parameter("no4").is_some_and(|v| v == "true" || v == "1")))
}

async fn list(ctx: Ctx) -> Answer {
    let pattern = wish(&ctx)?;
    let class = ctx.parameter("class").unwrap_or_default();
    let limit = ctx.paging(30, 200)?.limit;
    let (numbers, terms) = ctx.read(move |tx| Ok((search(tx, &pattern, &class, limit)?, terms(tx)?))).await?;
    let of = |class: &str, amount: fn(&Terms) -> Money| {
        terms.iter().find(|t| t.class == class).map_or(0, |t| amount(t).in_fen())
    };
    let rows: Vec<Value> = numbers
        .iter()
        .map(|n| {
            json!({
                "number": n.number, "display": display(&n.number), "class": n.class,
                "minSpendFen": of(&n.class, |t| t.min_spend), "depositFen": of(&n.class, |t| t.deposit),
                "state": n.state.text(), "org": n.org,
            })
        })
        .collect();
    Ok(Reply::ok(&rows))
}

/// `139 0013 8888`, as numbers are read out.
pub(super) fn display(number: &str) -> String {
    match (number.get(..3), number.get(3..7), number.get(7..)) {
        (Some(a), Some(b), Some(c)) if number.len() == 11 => format!("{a} {b} {c}"),
        _ => number.to_owned(),
    }
}

async fn pool(ctx: Ctx) -> Answer {
    let state = ctx.parameter("state").unwrap_or_else(|| "available".to_owned());
    let known = NumberState::ALL.map(NumberState::text).join(" | ");
    let wanted = Wanted {
        state: NumberState::parse(&state).map_err(|_| Problem::invalid("state", &known))?,
        pattern: wish(&ctx)?,
        class: ctx.parameter("class").unwrap_or_default(),
        customer: ctx.parameter("customerId"),
        after: ctx.parameter("after").unwrap_or_default(),
        limit: ctx.paging(50, 500)?.limit,
    };
    let (rows, next) = ctx.read(move |tx| manage::list(tx, &wanted)).await?;
    Ok(Reply::ok(&json!({"items": rows, "next": next})))
}

async fn summary(ctx: Ctx) -> Answer {
    Ok(Reply::ok(&ctx.read(stock::summary).await?))
}

async fn bulk(ctx: Ctx, body: Body<Bulk>) -> Answer {
    let (wanted, lang) = (body.value, ctx.lang);
    Ok(ctx.create(&body.fingerprint, move |tx| Ok(Reply::ok(&manage::bulk(tx, &wanted, lang)?))).await?)
}

async fn one(ctx: Ctx, Path(number): Path<String>) -> Answer {
    check(&number)?;
    Ok(Reply::ok(&ctx.read(move |tx| holders::view(tx, &number)).await?))
}

async fn take(ctx: Ctx, Path(number): Path<String>) -> Answer {
    check(&number)?;
    let customer = ctx.parameter("customerId");
    let lock = ctx.write(move |tx| lock::lock_for(tx, &number, customer.as_deref())).await?;
    Ok(Reply::ok(&json!({"number": lock.number, "lockedUntil": lock.until, "lockToken": lock.token})))
}

async fn give_back(ctx: Ctx, Path(number): Path<String>) -> Answer {
    check(&number)?;
    ctx.write(move |tx| lock::unlock(tx, &number)).await?;
    Ok(Reply::no_content())
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Keep {
    customer_id: String,
    #[serde(default)]
    days: i64,
}

async fn reserve(ctx: Ctx, Path(number): Path<String>, body: Body<Keep>) -> Answer {
    check(&number)?;
    let wanted = body.value;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let until = keep::reserve_for(tx, &number, &wanted.customer_id, wanted.days)?;
        Ok(Reply::ok(&json!({"number": number, "customerId": wanted.customer_id, "keptUntil": until})))
    });
    Ok(reply.await?)
}

async fn let_go(ctx: Ctx, Path(number): Path<String>) -> Answer {
    check(&number)?;
    ctx.write(move |tx| keep::let_go(tx, &number)).await?;
    Ok(Reply::no_content())
}

fn check(number: &str) -> Result<(), Problem> {
    let digits = number.len() <= 18 && number.bytes().all(|b| b.is_ascii_digit());
    if digits { Ok(()) } else { Err(Problem::not_found()) }
}
