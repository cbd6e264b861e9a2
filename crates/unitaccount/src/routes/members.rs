//! Routes of members: who they are, limits, loss, spendings.

use crate::{card, loss, member, perms, spend, statistics, unit};
use http::{Access::Needs, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use serde::Deserialize;
use serde_json::json;

pub fn routes() -> Vec<Route> {
    let one = |tail: &str| format!("/api/v1/unit-accounts/{{id}}/members{tail}");
    let reason = json!({"reason": ""});
    vec![
        Route::get(one(""), Needs(perms::READ), list)
            .doc("Members with what they hold and spent")
            .parameter("ever", "also those who left"),
        Route::post(one(""), Needs(perms::WRITE), join)
            .doc("Take a number, customer or card into the unit")
            .body(json!({"kind": "number", "identifier": "", "monthFen": 20_000, "quotaFen": 10_000})),
        Route::get(one("/{member}"), Needs(perms::READ), get).doc("A member"),
        Route::patch(one("/{member}"), Needs(perms::WRITE), change)
            .doc("Change name, group, driver and limits")
            .body(json!({"dayFen": 5_000})),
        Route::post(one("/{member}/state"), Needs(perms::WRITE), set_state)
            .doc("Suspend, free, or let a member leave")
            .body(json!({"state": "suspended", "reason": ""})),
        Route::post(one("/{member}/loss"), Needs(perms::LOSS), report)
            .doc("Report a loss: spending stops at once")
            .body(reason.clone()),
        Route::post(one("/{member}/loss/lift"), Needs(perms::LOSS), lift)
            .doc("Lift a report of loss")
            .body(reason.clone()),
        Route::post(one("/{member}/replace"), Needs(perms::LOSS), replace)
            .doc("Put a new number or card in the place of a lost one")
            .body(json!({"identifier": ""})),
        Route::get(one("/{member}/card"), Needs(perms::READ), in_card).doc("What is in the card"),
        Route::post(one("/{member}/sync"), Needs(perms::SPEND), sync)
            .doc("Make house and card agree")
            .body(json!({"balanceFen": 0, "seq": 0, "transactions": []})),
        Route::post(one("/{member}/consumptions"), Needs(perms::SPEND), consume)
            .doc("Spend a member's money, once for a reference")
            .body(json!({"amountFen": 1_000, "reference": "T-1", "place": "", "from": "any"})),
        Route::post("/api/v1/unit-accounts/{id}/consumptions/{consumption}/reverse", Needs(perms::SPEND), reverse)
            .doc("Take a spending back")
            .body(reason),
        Route::post(one("/{member}/pay-bills"), Needs(perms::MOVE), pay_bills)
            .doc("Pay the member's open bills from what is at hand"),
    ]
}

async fn list(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let ever = ctx.parameter("ever").is_some();
    let rows = ctx.read(move |tx| {
        unit::unit(tx, &id)?;
        statistics::members(tx, &id, ever)
    });
    Ok(Reply::ok(&rows.await?))
}

async fn join(ctx: Ctx, Path(id): Path<String>, body: Body<member::Ask>) -> Answer {
    let ask = body.value;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let unit = unit::lock(tx, &id)?;
        let made = member::join(tx, &unit, &ask)?;
        let held = made.held(tx)?;
        Ok(Reply::created(&format!("/api/v1/unit-accounts/{id}/members/{}", made.id), &made.to_json(held)))
    });
    Ok(reply.await?)
}

async fn get(ctx: Ctx, Path((id, wanted)): Path<(String, String)>) -> Answer {
    let found = ctx.read(move |tx| {
        unit::unit(tx, &id)?;
        let member = member::member(tx, &id, &wanted)?;
        let (held, spent) = (member.held(tx)?, spend::so_far(tx, &wanted)?);
        let mut row = member.to_json(held);
        row["spentDayFen"] = json!(spent.0);
        row["spentMonthFen"] = json!(spent.1);
        Ok((row, member.version))
    });
    let (row, version) = found.await?;
    Ok(Reply::ok(&row).etag(version))
}

async fn change(ctx: Ctx, Path((id, wanted)): Path<(String, String)>, body: Body<member::Ask>) -> Answer {
    let ask = body.value;
    let done = ctx.write(move |tx| {
        unit::unit(tx, &id)?;
        let member = member::change(tx, &id, &wanted, &ask)?;
        let held = member.held(tx)?;
        Ok(member.to_json(held))
    });
    Ok(Reply::ok(&done.await?))
}

#[derive(Clone, Deserialize)]
struct Reason {
    #[serde(default)]
    state: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    identifier: String,
}

async fn set_state(ctx: Ctx, Path((id, wanted)): Path<(String, String)>, body: Body<Reason>) -> Answer {
    let ask = body.value;
    let done = ctx.write(move |tx| {
        unit::unit(tx, &id)?;
        let next = member::State::ALL.into_iter().find(|s| s.name() == ask.state);
        let next = next.ok_or_else(|| kernel::Problem::invalid("state", "active | suspended | left"))?;
        let member = member::set_state(tx, &id, &wanted, next, &ask.reason)?;
        let held = member.held(tx)?;
        Ok(member.to_json(held))
    });
    Ok(Reply::ok(&done.await?))
}

async fn report(ctx: Ctx, Path((id, wanted)): Path<(String, String)>, body: Body<Reason>) -> Answer {
    let reason = body.value.reason;
    let done = ctx.write(move |tx| {
        let member = loss::report(tx, &id, &wanted, &reason)?;
        let held = member.held(tx)?;
        Ok(member.to_json(held))
    });
    Ok(Reply::ok(&done.await?))
}

async fn lift(ctx: Ctx, Path((id, wanted)): Path<(String, String)>, body: Body<Reason>) -> Answer {
    let reason = body.value.reason;
    let done = ctx.write(move |tx| {
        let member = loss::lift(tx, &id, &wanted, &reason)?;
        let held = member.held(tx)?;
        Ok(member.to_json(held))
    });
    Ok(Reply::ok(&done.await?))
}

async fn replace(ctx: Ctx, Path((id, wanted)): Path<(String, String)>, body: Body<Reason>) -> Answer {
    let identifier = body.value.identifier;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let unit = unit::lock(tx, &id)?;
        let made = loss::replace(tx, &unit, &wanted, &identifier)?;
        let held = made.held(tx)?;
        Ok(Reply::created(&format!("/api/v1/unit-accounts/{id}/members/{}", made.id), &made.to_json(held)))
    });
    Ok(reply.await?)
}

async fn in_card(ctx: Ctx, Path((id, wanted)): Path<(String, String)>) -> Answer {
    let found = ctx.read(move |tx| {
        unit::unit(tx, &id)?;
        card::query(tx, &id, &wanted)
    });
    Ok(Reply::ok(&found.await?))
}

async fn sync(ctx: Ctx, Path((id, wanted)): Path<(String, String)>, body: Body<card::Said>) -> Answer {
    let said = body.value;
    Ok(Reply::ok(&ctx.write(move |tx| card::sync(tx, &id, &wanted, &said)).await?))
}

async fn consume(ctx: Ctx, Path((id, wanted)): Path<(String, String)>, body: Body<spend::Ask>) -> Answer {
    let ask = body.value;
    let reply = ctx.create(&body.fingerprint, move |tx| Ok(Reply::json(201, &spend::spend(tx, &id, &wanted, &ask)?)));
    Ok(reply.await?)
}

async fn reverse(ctx: Ctx, Path((id, wanted)): Path<(String, String)>, body: Body<Reason>) -> Answer {
    let reason = body.value.reason;
    Ok(Reply::ok(&ctx.write(move |tx| spend::reverse(tx, &id, &wanted, &reason)).await?))
}

async fn pay_bills(ctx: Ctx, Path((id, wanted)): Path<(String, String)>) -> Answer {
    let paid = ctx.write(move |tx| spend::pay_bills(tx, &id, &wanted));
    Ok(Reply::ok(&json!({"paidFen": paid.await?})))
}
