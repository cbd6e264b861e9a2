//! Routes that move money between the unit, its members and their cards. All ask for the unit's password where it has one.

use crate::{
    allocate::{Kind, Much},
    batch::{self, Batch, Item},
    card, password, perms, problems, unit,
};
use http::{Access::Needs, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use kernel::{Money, Problem, Result};
use serde::Deserialize;
use serde_json::json;

pub fn routes() -> Vec<Route> {
    let one = |tail: &str| format!("/api/v1/unit-accounts/{{id}}{tail}");
    vec![
        Route::post(one("/allocations"), Needs(perms::MOVE), move_by_hand).doc("Allocate to members, or collect from them").body(json!({"kind": "allocate", "whole": true, "items": [{"memberId": "", "amountFen": 10_000}], "password": ""})),
        Route::post(one("/allocations/file"), Needs(perms::MOVE), move_by_file).doc("Allocate or collect by a CSV file with the columns number and amount").body(json!({"kind": "allocate", "whole": false, "content": "号码,金额\n13800138000,100", "password": ""})),
        Route::get(one("/batches"), Needs(perms::READ), batches).doc("Allocations and collections of many members"),
        Route::get(one("/batches/{batch}/refused"), Needs(perms::READ), refused).doc("Refused rows of a batch").parameter("format", "csv for a file"),
        Route::post(one("/members/{member}/load"), Needs(perms::MOVE), load).doc("Load money at hand onto the card").body(json!({"amountFen": 5_000})),
        Route::post(one("/members/{member}/unload"), Needs(perms::MOVE), unload).doc("Take money off the card").body(json!({"amountFen": 5_000})),
        Route::post(one("/loads/{load}/cancel"), Needs(perms::MOVE), cancel_load).doc("Take a load back that the card has not got"),
    ]
}

#[derive(Clone, Deserialize)]
struct ByHand {
    #[serde(default = "allocate")]
    kind: Kind,
    #[serde(default = "yes")]
    whole: bool,
    #[serde(default)]
    items: Vec<One>,
    #[serde(default)]
    note: String,
    #[serde(default)]
    password: String,
}

const fn allocate() -> Kind {
    Kind::Allocate
}
const fn yes() -> bool {
    true
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct One {
    #[serde(default)]
    member_id: String,
    #[serde(default)]
    identifier: String,
    amount_fen: Option<i64>,
    /// `quota` fills up, `all` collects everything.
    #[serde(default)]
    much: String,
}

impl One {
    fn item(&self, line: i64, kind: Kind) -> Item {
        let whom = if self.member_id.is_empty() { self.identifier.clone() } else { self.member_id.clone() };
        let much = match (self.much.as_str(), kind, self.amount_fen) {
            ("", _, Some(fen)) => Ok(Much::Fixed(Money::fen(fen))),
            ("quota", Kind::Allocate, None) => Ok(Much::ToQuota),
            ("all", Kind::Collect, None) => Ok(Much::All),
            _ => Err(Problem::missing("amountFen")),
        };
        let amount = self.amount_fen.map_or_else(|| self.much.clone(), |fen| Money::fen(fen).to_string());
        Item { line, text: format!("{whom},{amount}"), whom, much }
    }
}

async fn run(ctx: &Ctx, id: String, fingerprint: &str, batch: Batch) -> Result<Reply> {
    ctx.create(fingerprint, move |tx| Ok(Reply::json(201, &batch::run(tx, &id, &batch)?))).await
}

async fn move_by_hand(ctx: Ctx, Path(id): Path<String>, body: Body<ByHand>) -> Answer {
    let ask = body.value;
    password::check(&ctx, &id, &ask.password).await?;
    let items = (1..).zip(&ask.items).map(|(line, one)| one.item(line, ask.kind)).collect();
    let batch =
        Batch { kind: ask.kind, whole: ask.whole, source: "manual", rule: None, note: ask.note, again: true, items };
    Ok(run(&ctx, id, &body.fingerprint, batch).await?)
}

#[derive(Clone, Deserialize)]
struct ByFile {
    #[serde(default = "allocate")]
    kind: Kind,
    #[serde(default)]
    whole: bool,
    #[serde(default)]
    again: bool,
    #[serde(default)]
    content: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    password: String,
}

async fn move_by_file(ctx: Ctx, Path(id): Path<String>, body: Body<ByFile>) -> Answer {
    let ask = body.value;
    password::check(&ctx, &id, &ask.password).await?;
    let items = batch::read_csv(&ask.content, ask.kind)?;
    let batch =
        Batch { kind: ask.kind, whole: ask.whole, source: "file", rule: None, note: ask.note, again: ask.again, items };
    Ok(run(&ctx, id, &body.fingerprint, batch).await?)
}

async fn batches(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let paging = ctx.paging(50, 200)?;
    let rows = ctx.read(move |tx| {
        unit::unit(tx, &id)?;
        batch::list(tx, &id, paging)
    });
    Ok(Reply::ok(&rows.await?))
}

async fn refused(ctx: Ctx, Path((id, wanted)): Path<(String, String)>) -> Answer {
    let as_file = ctx.parameter("format").as_deref() == Some("csv");
    let rows = ctx
        .read(move |tx| {
            unit::unit(tx, &id)?;
            batch::refusals(tx, &id, &wanted)
        })
        .await?;
    if as_file {
        let reply = Reply::text(200, batch::to_csv(&rows)).header("content-type", "text/csv; charset=utf-8");
        return Ok(reply.header("content-disposition", "attachment; filename=\"refused.csv\""));
    }
    Ok(Reply::ok(&rows))
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Amount {
    amount_fen: Option<i64>,
    #[serde(default)]
    password: String,
}

impl Amount {
    fn money(&self) -> Result<Money> {
        self.amount_fen
            .map(Money::fen)
            .ok_or_else(|| Problem::new(&problems::AMOUNT).field("amountFen").with("value", "—"))
    }
}

async fn load(ctx: Ctx, Path((id, wanted)): Path<(String, String)>, body: Body<Amount>) -> Answer {
    let ask = body.value;
    password::check(&ctx, &id, &ask.password).await?;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let unit = unit::unit(tx, &id)?;
        let member = card::load(tx, &unit, &wanted, ask.money()?)?;
        let held = member.held(tx)?;
        Ok(Reply::json(201, &member.to_json(held)))
    });
    Ok(reply.await?)
}

async fn unload(ctx: Ctx, Path((id, wanted)): Path<(String, String)>, body: Body<Amount>) -> Answer {
    let ask = body.value;
    password::check(&ctx, &id, &ask.password).await?;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let unit = unit::unit(tx, &id)?;
        let member = card::unload(tx, &unit, &wanted, ask.money()?)?;
        let held = member.held(tx)?;
        Ok(Reply::json(201, &member.to_json(held)))
    });
    Ok(reply.await?)
}

#[derive(Clone, Deserialize)]
struct Secret {
    #[serde(default)]
    password: String,
}

async fn cancel_load(ctx: Ctx, Path((id, wanted)): Path<(String, String)>, body: Body<Secret>) -> Answer {
    password::check(&ctx, &id, &body.value.password).await?;
    let done = ctx.write(move |tx| {
        let unit = unit::unit(tx, &id)?;
        let member = card::cancel_load(tx, &unit, &wanted)?;
        let held = member.held(tx)?;
        Ok(member.to_json(held))
    });
    Ok(Reply::ok(&done.await?))
}
