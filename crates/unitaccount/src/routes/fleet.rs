//! Routes of groups, drivers, monthly rules and differences of cards.

use crate::{card, group, perms, rule, unit};
use http::{Answer, Body, Ctx, Reply, axum::extract::Path};
use serde::Deserialize;
use serde_json::json;

pub(super) async fn groups(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let found = ctx.read(move |tx| {
        unit::unit(tx, &id)?;
        group::groups(tx, &id)
    });
    Ok(Reply::ok(&found.await?))
}

pub(super) async fn add_group(ctx: Ctx, Path(id): Path<String>, body: Body<group::GroupAsk>) -> Answer {
    let ask = body.value;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let unit = unit::unit(tx, &id)?;
        Ok(Reply::json(201, &group::add(tx, &unit, &ask)?))
    });
    Ok(reply.await?)
}

pub(super) async fn change_group(
    ctx: Ctx,
    Path((id, wanted)): Path<(String, String)>,
    body: Body<group::GroupAsk>,
) -> Answer {
    let ask = body.value;
    let done = ctx.write(move |tx| {
        let unit = unit::unit(tx, &id)?;
        group::change(tx, &unit, &wanted, &ask)
    });
    Ok(Reply::ok(&done.await?))
}

pub(super) async fn drop_group(ctx: Ctx, Path((id, wanted)): Path<(String, String)>) -> Answer {
    let done = ctx.write(move |tx| {
        let unit = unit::unit(tx, &id)?;
        group::drop_group(tx, &unit, &wanted)
    });
    done.await?;
    Ok(Reply::no_content())
}

pub(super) async fn drivers(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let clear = ctx.actor.may(perms::WRITE);
    let found = ctx.read(move |tx| {
        unit::unit(tx, &id)?;
        group::drivers(tx, &id, clear)
    });
    Ok(Reply::ok(&found.await?))
}

pub(super) async fn add_driver(ctx: Ctx, Path(id): Path<String>, body: Body<group::DriverAsk>) -> Answer {
    let ask = body.value;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let unit = unit::unit(tx, &id)?;
        Ok(Reply::json(201, &json!({"id": group::add_driver(tx, &unit, &ask)?})))
    });
    Ok(reply.await?)
}

pub(super) async fn change_driver(
    ctx: Ctx,
    Path((id, wanted)): Path<(String, String)>,
    body: Body<group::DriverAsk>,
) -> Answer {
    let ask = body.value;
    let done = ctx.write(move |tx| {
        let unit = unit::unit(tx, &id)?;
        group::change_driver(tx, &unit, &wanted, &ask)
    });
    done.await?;
    Ok(Reply::no_content())
}

pub(super) async fn rules(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let found = ctx.read(move |tx| {
        unit::unit(tx, &id)?;
        rule::list(tx, &id)
    });
    Ok(Reply::ok(&found.await?))
}

pub(super) async fn add_rule(ctx: Ctx, Path(id): Path<String>, body: Body<rule::Ask>) -> Answer {
    let ask = body.value;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let unit = unit::unit(tx, &id)?;
        Ok(Reply::json(201, &rule::add(tx, &unit, &ask)?))
    });
    Ok(reply.await?)
}

pub(super) async fn change_rule(ctx: Ctx, Path((id, wanted)): Path<(String, String)>, body: Body<rule::Ask>) -> Answer {
    let ask = body.value;
    let done = ctx.write(move |tx| {
        let unit = unit::unit(tx, &id)?;
        rule::change(tx, &unit, &wanted, &ask)
    });
    Ok(Reply::ok(&done.await?))
}

pub(super) async fn differences(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let found = ctx.read(move |tx| {
        unit::unit(tx, &id)?;
        card::differences(tx, &id)
    });
    Ok(Reply::ok(&found.await?))
}

#[derive(Clone, Deserialize)]
pub(super) struct Repair {
    #[serde(default)]
    remedy: String,
    #[serde(default)]
    reason: String,
}

pub(super) async fn repair(ctx: Ctx, Path((id, wanted)): Path<(String, String)>, body: Body<Repair>) -> Answer {
    let ask = body.value;
    let done = ctx.write(move |tx| {
        let unit = unit::lock(tx, &id)?;
        card::repair(tx, &unit, &wanted, &ask.remedy, &ask.reason)
    });
    done.await?;
    Ok(Reply::no_content())
}
