//! Our own routes: a customer's points, gifts, figures and settings.

use crate::{
    adjust, gift,
    ledger::{self, Kind},
    member, perms, settings, spend,
    spend::Pay,
    statistics,
};
use http::{Access::Needs, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use kernel::{Date, Money, Problem, Result};
use serde::Deserialize;
use serde_json::{Value, json};

pub fn routes() -> Vec<Route> {
    let of = |tail: &str| format!("/api/v1/customers/{{id}}/points{tail}");
    vec![
        Route::get(of(""), Needs(perms::READ), picture)
            .doc("A customer's points: balance, years and their last days, worth"),
        Route::post(of("/enrol"), Needs(perms::WRITE), enrol).doc("Let a customer join the programme"),
        Route::post(of("/state"), Needs(perms::WRITE), state)
            .doc("Suspend, free or end a membership")
            .body(json!({"state": "suspended", "forfeit": false})),
        Route::get(of("/transactions"), Needs(perms::READ), transactions)
            .doc("The statement of a customer's points, newest first")
            .parameter("kind", "earn, takeBack, burn, redeem, restore, expire, adjust or forfeit")
            .parameter("from", "first day")
            .parameter("until", "last day"),
        Route::get(of("/statistics"), Needs(perms::READ), of_customer).doc("A customer's points by month and kind"),
        Route::post(of("/pay"), Needs(perms::WRITE), pay)
            .doc("Pay bills with points")
            .body(json!({"amountFen": 1000, "accountId": null})),
        Route::post(of("/redeem"), Needs(perms::WRITE), redeem)
            .doc("Give a gift for points")
            .body(json!({"giftId": "", "quantity": 1})),
        Route::post(of("/adjust"), Needs(perms::ADJUST), correct)
            .doc("Correct points by hand")
            .body(json!({"points": 100, "reason": "补记活动积分"})),
        Route::get(of("/redemptions"), Needs(perms::READ), redemptions).doc("Gifts a customer got for points"),
        Route::post("/api/v1/points/redemptions/{id}/cancel", Needs(perms::WRITE), cancel)
            .doc("Take a redemption back")
            .body(json!({"reason": "礼品缺损"})),
        Route::get("/api/v1/catalog/gifts", Needs(perms::READ), gifts).doc("Gifts for points"),
        Route::post("/api/v1/catalog/gifts", Needs(perms::MANAGE), add_gift)
            .doc("Offer a gift")
            .body(json!({"name": "雨伞", "nameEn": "Umbrella", "points": 1500, "stock": 100})),
        Route::patch("/api/v1/catalog/gifts/{id}", Needs(perms::MANAGE), change_gift).doc("Change a gift"),
        Route::get("/api/v1/points/statistics", Needs(perms::READ), of_scope)
            .doc("Points given and taken by month, members, what stands out")
            .parameter("from", "first day")
            .parameter("until", "last day"),
        Route::get("/api/v1/points/settings", Needs(perms::READ), all_settings).doc("Rates, days and limits of points"),
        Route::put("/api/v1/points/settings/{name}", Needs(perms::MANAGE), set)
            .doc("Change one")
            .body(json!({"value": 100})),
    ]
}

/// `from` and `until` of a list; the last twelve months where nothing is said.
fn days(ctx: &Ctx) -> Result<(Date, Date)> {
    let today = ctx.now().date();
    let day = |name: &str, default: Date| ctx.parameter(name).map_or(Ok(default), |text| Date::parse(&text));
    Ok((day("from", today.plus_months(-11).first_of_month())?, day("until", today)?))
}

async fn picture(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let found = ctx.read(move |tx| {
        customer::summary(tx, &id)?;
        match member::of_customer(tx, &id)? {
            Some(member) => statistics::picture(tx, &member),
            None => Ok(json!({"member": null, "balance": 0, "available": 0, "owed": 0, "worthFen": 0, "years": []})),
        }
    });
    Ok(Reply::ok(&found.await?))
}

async fn enrol(ctx: Ctx, Path(id): Path<String>, body: Body<Value>) -> Answer {
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let made = member::enrol(tx, &id)?;
        Ok(Reply::created(&format!("/api/v1/customers/{id}/points"), &statistics::picture(tx, &made)?))
    });
    Ok(reply.await?)
}

#[derive(Clone, Deserialize)]
struct State {
    #[serde(default)]
    state: String,
    #[serde(default)]
    forfeit: bool,
}

async fn state(ctx: Ctx, Path(id): Path<String>, body: Body<State>) -> Answer {
    let State { state, forfeit } = body.value;
    let done = ctx.write(move |tx| {
        customer::summary(tx, &id)?;
        let locked = member::lock_of_customer(tx, &id)?;
        if !["active", "suspended", "ended"].contains(&state.as_str()) {
            return Err(Problem::invalid("state", "active | suspended | ended"));
        }
        let member = member::set_state(tx, &locked.id, &state, forfeit)?;
        statistics::picture(tx, &member)
    });
    Ok(Reply::ok(&done.await?))
}

async fn transactions(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let paging = ctx.paging(50, 500)?;
    let (from, until) = days(&ctx)?;
    let kind = ctx.parameter("kind").unwrap_or_default();
    if !kind.is_empty() && !Kind::ALL.iter().any(|k| k.name() == kind) {
        return Err(
            Problem::invalid("kind", "earn | takeBack | burn | redeem | restore | expire | adjust | forfeit").into()
        );
    }
    let (lines, total) = ctx
        .read(move |tx| {
            customer::summary(tx, &id)?;
            let Some(member) = member::of_customer(tx, &id)? else { return Ok((Vec::new(), 0)) };
            let (from, until) = (from.to_string(), until.to_string());
            ledger::statement(tx, &member.id, &kind, (&from, &until), (paging.offset, paging.limit))
        })
        .await?;
    Ok(Reply::ok(&lines).total(total))
}

async fn of_customer(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let (from, until) = days(&ctx)?;
    let rows = ctx.read(move |tx| {
        customer::summary(tx, &id)?;
        match member::of_customer(tx, &id)? {
            Some(member) => statistics::of_member(tx, &member.id, from, until),
            None => Ok(Vec::new()),
        }
    });
    Ok(Reply::ok(&rows.await?))
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PayAsk {
    amount_fen: Option<i64>,
    account_id: Option<String>,
    #[serde(default)]
    note: String,
}

async fn pay(ctx: Ctx, Path(id): Path<String>, body: Body<PayAsk>) -> Answer {
    let ask = body.value;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        customer::summary(tx, &id)?;
        let amount = Money::fen(ask.amount_fen.ok_or_else(|| Problem::missing("amountFen"))?);
        let pay = Pay { customer_id: id.clone(), account_id: ask.account_id.clone(), amount, note: ask.note.clone() };
        let (taken, points) = spend::pay(tx, &pay)?;
        Ok(Reply::json(201, &json!({"payment": taken, "points": points})))
    });
    Ok(reply.await?)
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RedeemAsk {
    #[serde(default)]
    gift_id: String,
    #[serde(default = "one")]
    quantity: i64,
}

const fn one() -> i64 {
    1
}

async fn redeem(ctx: Ctx, Path(id): Path<String>, body: Body<RedeemAsk>) -> Answer {
    let ask = body.value;
    let reply = ctx
        .create(&body.fingerprint, move |tx| Ok(Reply::json(201, &gift::redeem(tx, &id, &ask.gift_id, ask.quantity)?)));
    Ok(reply.await?)
}

#[derive(Clone, Deserialize)]
struct Correct {
    points: Option<i64>,
    #[serde(default)]
    reason: String,
}

async fn correct(ctx: Ctx, Path(id): Path<String>, body: Body<Correct>) -> Answer {
    let ask = body.value;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        customer::summary(tx, &id)?;
        let member = member::lock_of_customer(tx, &id)?;
        let points = ask.points.ok_or_else(|| Problem::missing("points"))?;
        let done = adjust::adjust(tx, &member, points, &ask.reason)?;
        Ok(Reply::json(201, &json!({"id": done.id, "opening": done.opening, "closing": done.closing})))
    });
    Ok(reply.await?)
}

async fn redemptions(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let limit = ctx.paging(50, 200)?.limit;
    let rows = ctx.read(move |tx| {
        customer::summary(tx, &id)?;
        match member::of_customer(tx, &id)? {
            Some(member) => gift::of_member(tx, &member.id, limit),
            None => Ok(Vec::new()),
        }
    });
    Ok(Reply::ok(&rows.await?))
}

#[derive(Clone, Deserialize)]
struct Reason {
    #[serde(default)]
    reason: String,
}

async fn cancel(ctx: Ctx, Path(id): Path<String>, body: Body<Reason>) -> Answer {
    let reason = body.value.reason;
    ctx.write(move |tx| gift::cancel(tx, &id, &reason)).await?;
    Ok(Reply::no_content())
}

async fn gifts(ctx: Ctx) -> Answer {
    Ok(Reply::ok(&ctx.read(gift::gifts).await?))
}

async fn add_gift(ctx: Ctx, body: Body<gift::GiftAsk>) -> Answer {
    let ask = body.value;
    let reply = ctx.create(&body.fingerprint, move |tx| Ok(Reply::json(201, &gift::add(tx, &ask)?)));
    Ok(reply.await?)
}

async fn change_gift(ctx: Ctx, Path(id): Path<String>, body: Body<gift::GiftAsk>) -> Answer {
    let ask = body.value;
    Ok(Reply::ok(&ctx.write(move |tx| gift::change(tx, &id, &ask)).await?))
}

async fn of_scope(ctx: Ctx) -> Answer {
    let (from, until) = days(&ctx)?;
    Ok(Reply::ok(&ctx.read(move |tx| statistics::of_scope(tx, from, until)).await?))
}

async fn all_settings(ctx: Ctx) -> Answer {
    Ok(Reply::ok(&ctx.read(settings::all).await?))
}

#[derive(Clone, Deserialize)]
struct Set {
    value: Option<i64>,
}

async fn set(ctx: Ctx, Path(name): Path<String>, body: Body<Set>) -> Answer {
    let value = body.value.value;
    ctx.write(move |tx| settings::set(tx, &name, value.ok_or_else(|| Problem::missing("value"))?)).await?;
    Ok(Reply::no_content())
}
