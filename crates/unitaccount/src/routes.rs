//! Routes of the unit account itself: opening, home page, own data, funds, statements, figures, password.

use crate::{
    movement::{self, Which},
    password, perms, problems, statistics, unit,
};
use billing::books::{self, GENERAL};
use http::{Access::Needs, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use kernel::{Date, Money, Problem, Result};
use serde::Deserialize;
use serde_json::{Value, json};

mod fleet;
mod members;
mod moving;

pub fn routes() -> Vec<Route> {
    let one = |tail: &str| format!("/api/v1/unit-accounts/{{id}}{tail}");
    let mut all = vec![
        Route::get("/api/v1/unit-accounts", Needs(perms::READ), list)
            .doc("Unit accounts, newest first")
            .parameter("q", "name or number")
            .parameter("state", "active, frozen or closed"),
        Route::post("/api/v1/unit-accounts", Needs(perms::WRITE), open)
            .doc("Open a unit account for an organisation")
            .body(json!({"customerId": "", "name": "", "contactName": "", "contactPhone": ""})),
        Route::get("/api/v1/customers/{id}/unit-account", Needs(perms::READ), of_customer)
            .doc("A customer's unit account"),
        Route::get(one(""), Needs(perms::READ), home).doc("The home page of a unit account"),
        Route::patch(one(""), Needs(perms::WRITE), change)
            .doc("Keep the unit's own data")
            .body(json!({"contactName": ""})),
        Route::post(one("/state"), Needs(perms::MANAGE), set_state)
            .doc("Freeze, free or close")
            .body(json!({"state": "frozen", "reason": ""})),
        Route::post(one("/fund"), Needs(perms::MOVE), fund)
            .doc("Move money between another account of the customer and the unit account")
            .body(json!({"accountId": "", "amountFen": 100_000, "out": false})),
        Route::post(one("/password"), Needs(perms::WRITE), change_password)
            .doc("Set or change the unit's password")
            .body(json!({"old": "", "new": ""})),
        Route::post(one("/password/reset"), Needs(perms::MANAGE), reset_password)
            .doc("Reset the unit's password")
            .body(json!({"new": "", "reason": ""})),
        Route::get(one("/transactions"), Needs(perms::READ), transactions)
            .doc("The statement of the unit account itself, from the ledger")
            .parameter("from", "first day")
            .parameter("until", "last day"),
        Route::get(one("/movements"), Needs(perms::READ), movements)
            .doc("Movements between unit, members and cards, newest first")
            .parameter("kind", "kinds, separated by commas")
            .parameter("member", "of one member")
            .parameter("group", "of one group"),
        Route::get(one("/consumptions"), Needs(perms::READ), consumptions)
            .doc("Spendings, newest first")
            .parameter("member", "of one member"),
        Route::get(one("/statistics"), Needs(perms::READ), figures).doc("What moved by month, day, member and group"),
        Route::get(one("/points"), Needs(perms::READ), points)
            .doc("The unit's points by month and kind, and the last transactions"),
        Route::get(one("/groups"), Needs(perms::READ), fleet::groups).doc("Fleets and departments"),
        Route::post(one("/groups"), Needs(perms::WRITE), fleet::add_group)
            .doc("Add a group")
            .body(json!({"name": "一车队", "kind": "fleet", "parentId": null})),
        Route::put(one("/groups/{group}"), Needs(perms::WRITE), fleet::change_group)
            .doc("Change a group")
            .body(json!({"name": "", "kind": "fleet"})),
        Route::delete(one("/groups/{group}"), Needs(perms::WRITE), fleet::drop_group).doc("Drop an empty group"),
        Route::get(one("/drivers"), Needs(perms::READ), fleet::drivers).doc("Drivers of the unit"),
        Route::post(one("/drivers"), Needs(perms::WRITE), fleet::add_driver)
            .doc("Add a driver")
            .body(json!({"name": "", "staffNo": "", "phone": "", "groupId": null})),
        Route::put(one("/drivers/{driver}"), Needs(perms::WRITE), fleet::change_driver)
            .doc("Change a driver")
            .body(json!({"name": "", "staffNo": ""})),
        Route::get(one("/rules"), Needs(perms::READ), fleet::rules).doc("Rules of monthly allocation"),
        Route::post(one("/rules"), Needs(perms::WRITE), fleet::add_rule).doc("Add a rule").body(
            json!({"name": "每月定额", "how": "toLimit", "amountFen": 0, "dayOfMonth": 1, "collectFirst": false}),
        ),
        Route::put(one("/rules/{rule}"), Needs(perms::WRITE), fleet::change_rule)
            .doc("Change a rule")
            .body(json!({"name": "", "how": "fixed", "amountFen": 10_000, "dayOfMonth": 1})),
        Route::get(one("/differences"), Needs(perms::READ), fleet::differences)
            .doc("Cards that say otherwise than the house"),
        Route::post(one("/differences/{difference}/repair"), Needs(perms::MANAGE), fleet::repair)
            .doc("Repair a difference")
            .body(json!({"remedy": "card", "reason": ""})),
    ];
    all.extend(members::routes());
    all.extend(moving::routes());
    all
}

/// `from` and `until` of a list; this month and the one before where nothing is said.
fn days(ctx: &Ctx, months: i32) -> Result<(Date, Date)> {
    let today = ctx.now().date();
    let day = |name: &str, default: Date| ctx.parameter(name).map_or(Ok(default), |text| Date::parse(&text));
    Ok((day("from", today.plus_months(1 - months).first_of_month())?, day("until", today)?))
}

async fn list(ctx: Ctx) -> Answer {
    let paging = ctx.paging(50, 200)?;
    let (q, state) = (ctx.parameter("q").unwrap_or_default(), ctx.parameter("state").unwrap_or_default());
    let (rows, total) = ctx
        .read(move |tx| {
            let (units, total) = unit::list(tx, &q, &state, paging)?;
            let mut rows = Vec::new();
            for unit in units {
                let balance = unit.balance(tx)?;
                rows.push(unit.to_json(balance));
            }
            Ok((rows, total))
        })
        .await?;
    Ok(Reply::ok(&rows).total(total))
}

async fn open(ctx: Ctx, body: Body<unit::Ask>) -> Answer {
    let ask = body.value;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let made = unit::open(tx, &ask)?;
        let home = statistics::home(tx, &made)?;
        Ok(Reply::created(&format!("/api/v1/unit-accounts/{}", made.id), &home))
    });
    Ok(reply.await?)
}

async fn of_customer(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let found = ctx.read(move |tx| {
        customer::summary(tx, &id)?;
        match unit::of_customer(tx, &id)? {
            Some(unit) => statistics::home(tx, &unit),
            None => Ok(Value::Null),
        }
    });
    Ok(Reply::ok(&found.await?))
}

async fn home(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let found = ctx.read(move |tx| {
        let unit = unit::unit(tx, &id)?;
        Ok((statistics::home(tx, &unit)?, unit.version))
    });
    let (home, version) = found.await?;
    Ok(Reply::ok(&home).etag(version))
}

async fn change(ctx: Ctx, Path(id): Path<String>, body: Body<unit::Ask>) -> Answer {
    let ask = body.value;
    let home = ctx.write(move |tx| {
        let unit = unit::change(tx, &id, &ask)?;
        statistics::home(tx, &unit)
    });
    Ok(Reply::ok(&home.await?))
}

#[derive(Clone, Deserialize)]
struct StateAsk {
    #[serde(default)]
    state: String,
    #[serde(default)]
    reason: String,
}

async fn set_state(ctx: Ctx, Path(id): Path<String>, body: Body<StateAsk>) -> Answer {
    let StateAsk { state, reason } = body.value;
    let home = ctx.write(move |tx| {
        unit::unit(tx, &id)?;
        let unit = unit::set_state(tx, &id, unit::State::parse(&state)?, &reason)?;
        statistics::home(tx, &unit)
    });
    Ok(Reply::ok(&home.await?))
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fund {
    #[serde(default)]
    account_id: String,
    amount_fen: Option<i64>,
    #[serde(default)]
    out: bool,
    #[serde(default)]
    password: String,
}

async fn fund(ctx: Ctx, Path(id): Path<String>, body: Body<Fund>) -> Answer {
    let ask = body.value;
    if ask.out {
        password::check(&ctx, &id, &ask.password).await?;
    }
    let reply = ctx.create(&body.fingerprint, move |tx| {
        unit::unit(tx, &id)?;
        let amount = Money::fen(ask.amount_fen.ok_or_else(|| Problem::missing("amountFen"))?);
        let unit = unit::fund(tx, &id, &ask.account_id, amount, ask.out)?;
        Ok(Reply::json(201, &statistics::home(tx, &unit)?))
    });
    Ok(reply.await?)
}

#[derive(Clone, Deserialize)]
struct Passwords {
    #[serde(default)]
    old: String,
    #[serde(default)]
    new: String,
    #[serde(default)]
    reason: String,
}

async fn change_password(ctx: Ctx, Path(id): Path<String>, body: Body<Passwords>) -> Answer {
    password::check(&ctx, &id, &body.value.old).await?;
    let made = password::make(&ctx, &id, &body.value.new).await?;
    ctx.write(move |tx| password::set(tx, &id, &made, false)).await?;
    Ok(Reply::no_content())
}

async fn reset_password(ctx: Ctx, Path(id): Path<String>, body: Body<Passwords>) -> Answer {
    let made = password::make(&ctx, &id, &body.value.new).await?;
    if body.value.reason.trim().is_empty() {
        return Err(Problem::new(&problems::REASON).field("reason").into());
    }
    ctx.write(move |tx| password::set(tx, &id, &made, true)).await?;
    Ok(Reply::no_content())
}

async fn transactions(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let days = days(&ctx, 2)?;
    let statement = ctx.read(move |tx| {
        let unit = unit::unit(tx, &id)?;
        let (opening, lines, closing) = books::statement(tx, &unit.account_id, GENERAL, days)?;
        let whose = movement::whose(tx, &id, days)?;
        let line = |l: &books::BookLine| {
            let mut line = json!(l);
            if let Some((identifier, name)) = whose.get(&l.txn_id) {
                (line["identifier"], line["memberName"]) = (json!(identifier), json!(name));
            }
            line
        };
        let lines: Vec<Value> = lines.iter().map(line).collect();
        Ok(json!({"from": days.0, "until": days.1, "openingFen": opening, "closingFen": closing, "lines": lines}))
    });
    Ok(Reply::ok(&statement.await?))
}

async fn movements(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let paging = ctx.paging(50, 5_000)?;
    let (from, until) = days(&ctx, 2)?;
    let text = |name: &str| ctx.parameter(name).unwrap_or_default();
    let which = Which { member: text("member"), group: text("group"), kinds: text("kind"), from, until };
    let (rows, total, sums) = ctx
        .read(move |tx| {
            unit::unit(tx, &id)?;
            movement::list(tx, &id, &which, paging)
        })
        .await?;
    Ok(Reply::ok(&rows).total(total).header("x-sum-in", sums.0.in_fen()).header("x-sum-out", sums.1.in_fen()))
}

async fn consumptions(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let paging = ctx.paging(50, 5_000)?;
    let days = days(&ctx, 2)?;
    let member = ctx.parameter("member").unwrap_or_default();
    let (rows, total, sum) = ctx
        .read(move |tx| {
            unit::unit(tx, &id)?;
            statistics::consumptions(tx, &id, &member, days, paging)
        })
        .await?;
    Ok(Reply::ok(&rows).total(total).header("x-sum-out", sum))
}

async fn figures(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let (from, until) = days(&ctx, 6)?;
    let found = ctx.read(move |tx| {
        unit::unit(tx, &id)?;
        statistics::statistics(tx, &id, from, until)
    });
    Ok(Reply::ok(&found.await?))
}

async fn points(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let (from, until) = days(&ctx, 12)?;
    let found = ctx.read(move |tx| {
        let unit = unit::unit(tx, &id)?;
        let Some(member) = loyalty::of_customer(tx, &unit.customer_id)? else { return Ok(json!({"member": null})) };
        let (first, last) = (from.to_string(), until.to_string());
        let (lines, total) = loyalty::statement(tx, &member.id, "", (&first, &last), (0, 100))?;
        let months = loyalty::statistics_of(tx, &member.id, from, until)?;
        let picture = loyalty::picture(tx, &member)?;
        Ok(json!({"member": picture["member"], "picture": picture, "lines": lines, "total": total, "months": months}))
    });
    Ok(Reply::ok(&found.await?))
}
