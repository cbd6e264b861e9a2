//! The ticket machine, the counter, the board and the figures.

use super::{
    BOARD, Change, READ, SERVE, TAKE, board, counter, hall, kind, statistics,
    ticket::{self, Turn},
};
use crate::problems;
use http::{Access, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use kernel::{Actor, Date, Problem};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

pub fn routes() -> Vec<Route> {
    let base = "/api/v1/queue";
    let mut all = vec![
        Route::get(format!("{base}/kinds"), Access::Needs(TAKE), kinds)
            .doc("What a ticket can be for, and who goes before others")
            .parameter("hall", "another hall than one's own"),
        Route::post(format!("{base}/tickets"), Access::Needs(TAKE), take)
            .doc("Take a ticket")
            .body(json!({"kind": "business", "priority": "elderly", "phone": "13900138000"})),
        Route::get(format!("{base}/board"), Access::Needs(BOARD), show_board)
            .doc("Who is called where, and how many wait")
            .parameter("hall", "another hall than one's own"),
        Route::post(format!("{base}/counters"), Access::Needs(SERVE), open)
            .doc("Sit down at a counter")
            .body(json!({"counter": "3", "kinds": ["business", "payment"]})),
        Route::get(format!("{base}/counter"), Access::Needs(SERVE), mine).doc("One's counter, its visitor, who waits"),
        Route::post(format!("{base}/counter/{{state}}"), Access::Needs(SERVE), turn_counter)
            .doc("next, pause, resume or close")
            .body(json!({})),
        Route::post(format!("{base}/tickets/{{id}}/{{action}}"), Access::Needs(SERVE), act)
            .doc("call, recall, serve, skip, finish, transfer, return, cancel; name a customer")
            .body(json!({"kind": "care", "counter": "5", "customerId": "…"})),
        Route::get(format!("{base}/statistics"), Access::Needs(READ), figures)
            .doc("Waiting times by hall, kind and hour")
            .parameter("hall", "one hall only")
            .parameter("from", "first day")
            .parameter("to", "last day"),
    ];
    all.shrink_to_fit();
    all
}

async fn kinds(ctx: Ctx) -> Answer {
    let named = ctx.parameter("hall");
    let shown = ctx.read(move |tx| {
        let hall = hall(tx, named.as_deref())?;
        let name = access::org_name(tx, hall.as_str())?;
        let offered: Vec<kind::Priority> = kind::priorities(tx)?.into_iter().filter(|p| p.offered).collect();
        Ok(json!({"hall": hall, "hallName": name, "kinds": kind::kinds(tx, &hall)?, "priorities": offered}))
    });
    Ok(Reply::ok(&shown.await?))
}

#[derive(Clone, Deserialize)]
struct Take {
    kind: String,
    #[serde(default)]
    priority: String,
    #[serde(default)]
    phone: String,
}

/// The machine may not look customers up; whether a number belongs to one is found for it, and not told.
async fn take(mut ctx: Ctx, body: Body<Take>) -> Answer {
    let ask = body.value;
    ctx.actor = Actor { permissions: Arc::default(), ..ctx.actor };
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let hall = hall(tx, None)?;
        Ok(Reply::json(201, &ticket::take(tx, &hall, &ask.kind, &ask.priority, &ask.phone)?))
    });
    Ok(reply.await?)
}

async fn show_board(ctx: Ctx) -> Answer {
    let named = ctx.parameter("hall");
    let shown = ctx.read(move |tx| {
        let hall = hall(tx, named.as_deref())?;
        board::board(tx, &hall)
    });
    Ok(Reply::ok(&shown.await?))
}

#[derive(Clone, Deserialize)]
struct Open {
    counter: String,
    #[serde(default)]
    kinds: Vec<String>,
}

async fn open(ctx: Ctx, body: Body<Open>) -> Answer {
    let ask = body.value;
    let shown = ctx.write(move |tx| {
        let hall = hall(tx, None)?;
        counter::open(tx, &hall, &ask.counter, &ask.kinds)?;
        counter::view(tx)
    });
    Ok(Reply::ok(&shown.await?))
}

async fn mine(ctx: Ctx) -> Answer {
    Ok(Reply::ok(&ctx.read(counter::view).await?))
}

async fn turn_counter(ctx: Ctx, Path(action): Path<String>, body: Body<Value>) -> Answer {
    let reply = ctx.create(&body.fingerprint, move |tx| {
        match action.as_str() {
            "next" => {
                let counter = counter::need(tx)?;
                if counter.state != "open" {
                    return Err(Problem::new(&problems::PAUSED));
                }
                ticket::call_next(tx, &counter)?;
            }
            "pause" => drop(counter::turn(tx, "paused")?),
            "resume" => drop(counter::turn(tx, "open")?),
            "close" => drop(counter::turn(tx, "closed")?),
            _ => return Err(Problem::not_found()),
        }
        Ok(Reply::ok(&counter::view(tx)?))
    });
    Ok(reply.await?)
}

#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Act {
    kind: Option<String>,
    counter: Option<String>,
    customer_id: Option<String>,
}

async fn act(ctx: Ctx, Path((id, action)): Path<(String, String)>, body: Body<Act>) -> Answer {
    let ask = body.value;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let seen = ticket::one(tx, &id)?;
        let at = counter::mine(tx)?;
        let how = Turn { kind: ask.kind.clone(), counter: ask.counter.clone().filter(|c| !c.is_empty()) };
        let change = match action.as_str() {
            "recall" => Change::Recall,
            "serve" => Change::Serve,
            "skip" => Change::Skip,
            "finish" => Change::Finish,
            "transfer" => Change::Transfer,
            "return" => Change::Return,
            "cancel" => Change::Cancel,
            "call" => {
                let counter = counter::need(tx)?;
                seen.state.after(Change::Call, &seen.label)?;
                if let Some(there) = ticket::at_counter(tx, &counter.org, &counter.counter)? {
                    return Err(Problem::new(&problems::BUSY).with("label", &there.label));
                }
                if counter.org != seen.org || ticket::call(tx, &counter, &id)?.is_none() {
                    return Err(Problem::new(&kernel::codes::CONFLICT));
                }
                return Ok(Reply::ok(&counter::view(tx)?));
            }
            "customer" => {
                let customer = ask.customer_id.clone().ok_or_else(|| Problem::missing("customerId"))?;
                let counter = counter::need(tx)?;
                ticket::name(tx, &id, &customer, &counter)?;
                return Ok(Reply::ok(&counter::view(tx)?));
            }
            _ => return Err(Problem::not_found()),
        };
        ticket::turn(tx, &id, change, at.as_ref(), &how)?;
        Ok(Reply::ok(&counter::view(tx)?))
    });
    Ok(reply.await?)
}

async fn figures(ctx: Ctx) -> Answer {
    let today = ctx.now().date();
    let day = |name: &str, default: Date| ctx.parameter(name).map_or(Ok(default), |text| Date::parse(&text));
    let (from, to) = (day("from", today)?, day("to", today)?);
    let named = ctx.parameter("hall");
    Ok(Reply::ok(&ctx.read(move |tx| statistics::statistics(tx, named.as_deref(), from, to)).await?))
}
