//! Searching and locking numbers at the desk.

use super::{Pattern, Terms, lock, search, terms, unlock};
use crate::{NUMBER_LOCK, NUMBER_READ};
use http::{Access, Answer, Ctx, Reply, Route, axum::extract::Path};
use kernel::{Money, Problem};
use serde_json::{Value, json};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/numbers", Access::Needs(NUMBER_READ), list)
            .doc("Search numbers for sale")
            .parameter("pattern", "*888*, 1390013*, *888, *AAA, *ABCD, *AABB")
            .parameter("class", "normal, good, premium")
            .parameter("limit", "at most 200"),
        Route::post("/api/v1/numbers/{number}/lock", Access::Needs(NUMBER_LOCK), take)
            .doc("Keep a number for some minutes"),
        Route::delete("/api/v1/numbers/{number}/lock", Access::Needs(NUMBER_LOCK), give_back)
            .doc("Give a kept number back"),
    ]
}

async fn list(ctx: Ctx) -> Answer {
    let pattern = Pattern::parse(&ctx.parameter("pattern").unwrap_or_default())?;
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
fn display(number: &str) -> String {
    match (number.get(..3), number.get(3..7), number.get(7..)) {
        (Some(a), Some(b), Some(c)) if number.len() == 11 => format!("{a} {b} {c}"),
        _ => number.to_owned(),
    }
}

async fn take(ctx: Ctx, Path(number): Path<String>) -> Answer {
    check(&number)?;
    let lock = ctx.write(move |tx| lock(tx, &number)).await?;
    Ok(Reply::ok(&json!({"number": lock.number, "lockedUntil": lock.until, "lockToken": lock.token})))
}

async fn give_back(ctx: Ctx, Path(number): Path<String>) -> Answer {
    check(&number)?;
    ctx.write(move |tx| unlock(tx, &number)).await?;
    Ok(Reply::no_content())
}

fn check(number: &str) -> Result<(), Problem> {
    let digits = number.len() <= 18 && number.bytes().all(|b| b.is_ascii_digit());
    if digits { Ok(()) } else { Err(Problem::not_found()) }
}
