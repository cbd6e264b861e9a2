//! Stock at the desk: what lies where, transfers, counts, single pieces.

use super::{
    Dispatch, ItemState, Kind, Receipt, counts,
    items::{self, Holder},
    ledger, levels,
    state::Change,
    transfers, warehouses,
};
use crate::{STOCK_MANAGE, STOCK_MOVE, STOCK_READ, STOCK_REVEAL, problems};
use http::{Access, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use kernel::{OrgPath, Problem};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Filter, params, sql};

pub(crate) fn routes() -> Vec<Route> {
    let (reads, moves) = (Access::Needs(STOCK_READ), Access::Needs(STOCK_MOVE));
    let (manages, reveals) = (Access::Needs(STOCK_MANAGE), Access::Needs(STOCK_REVEAL));
    vec![
        Route::get("/api/v1/stock/warehouses", reads, list_warehouses)
            .doc("The warehouses of one's area")
            .parameter("q", "part of a name"),
        Route::get("/api/v1/stock/destinations", reads, destinations)
            .doc("Where stock can be sent: one's own warehouses and those above, which supply them"),
        Route::post("/api/v1/stock/warehouses", manages, create_warehouse)
            .doc("A further warehouse")
            .body(json!({"org": "/cn/44/4401", "name": "广州二号库", "parentId": null})),
        Route::put("/api/v1/stock/warehouses/{id}", manages, change_warehouse).doc("Rename or close a warehouse"),
        Route::put("/api/v1/stock/warehouses/{id}/minimum", manages, minimum)
            .doc("Below how many pieces it is to be supplied")
            .body(json!({"kind": "sim", "minimum": 50})),
        Route::get("/api/v1/stock/levels", reads, show_levels)
            .doc("Pieces by warehouse, kind, model and state")
            .parameter("warehouseId", "one warehouse")
            .parameter("kind", "sim, phone, onu, stb, smartHome"),
        Route::get("/api/v1/stock/items", reads, list_items)
            .doc("Cards and devices")
            .parameter("kind", "sim, phone, onu, stb, smartHome")
            .parameter("state", "inStock, reserved, bound, inTransit, returned, damaged, lost, scrapped")
            .parameter("warehouseId", "one warehouse")
            .parameter("q", "part of a serial number"),
        Route::get("/api/v1/stock/items/{serial}", reads, one_item).doc("A piece and its history"),
        Route::post("/api/v1/stock/items/{serial}/change", moves, change_item)
            .doc("Damage, lose, find, scrap, return or restock a piece")
            .body(json!({"action": "damage", "reason": "芯片划伤"})),
        Route::post("/api/v1/stock/items/{serial}/reveal", reveals, reveal)
            .doc("PUK and PIN of a card; leaves a trace")
            .body(json!({"reason": "客户忘记 PIN"})),
        Route::get("/api/v1/stock/transfers", reads, list_transfers)
            .doc("Transfers, the newest first")
            .parameter("state", "dispatched, received, differing, settled, cancelled"),
        Route::post("/api/v1/stock/transfers", moves, dispatch)
            .doc("Send pieces to another warehouse")
            .body(json!({"fromId": "wh-cn-44-4401", "toId": "wh-cn-44-4401-h001", "kind": "sim", "quantity": 100})),
        Route::get("/api/v1/stock/transfers/{id}", reads, one_transfer).doc("A transfer with its pieces"),
        Route::post("/api/v1/stock/transfers/{id}/receive", moves, receive)
            .doc("Take pieces in; not by the sender")
            .body(json!({"all": true})),
        Route::post("/api/v1/stock/transfers/{id}/settle", moves, settle)
            .doc("Say what became of missing pieces; not by the receiver")
            .body(json!({"found": [], "reason": "运输途中遗失"})),
        Route::post("/api/v1/stock/transfers/{id}/cancel", moves, cancel)
            .doc("Take a parcel back before it is received")
            .body(json!({"reason": "发错仓库"})),
        Route::get("/api/v1/stock/counts", reads, list_counts).doc("Stock-takings, the newest first"),
        Route::post("/api/v1/stock/counts", moves, count)
            .doc("Record what was counted in a warehouse")
            .body(json!({"warehouseId": "wh-cn-44-4401-h001", "kind": "sim", "serials": ["8986…"]})),
        Route::get("/api/v1/stock/counts/{id}", reads, one_count).doc("A stock-taking"),
        Route::post("/api/v1/stock/counts/{id}/settle", manages, settle_count)
            .doc("Give what is missing up as lost; not by who counted")
            .body(json!({"reason": "…"})),
    ]
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewWarehouse {
    org: OrgPath,
    name: String,
    parent_id: Option<String>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Renamed {
    name: String,
    active: bool,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Minimum {
    kind: String,
    minimum: i64,
}

#[derive(Clone, Deserialize)]
struct Reason {
    #[serde(default)]
    action: String,
    #[serde(default)]
    reason: String,
}

async fn list_warehouses(ctx: Ctx) -> Answer {
    let (part, limit) = (ctx.parameter("q").unwrap_or_default(), ctx.paging(500, 2_000)?.limit);
    let rows = ctx.read(move |tx| warehouses::list(tx, false, &part, limit)).await?;
    Ok(Reply::ok(&rows.iter().map(warehouses::Warehouse::view).collect::<Vec<Value>>()))
}

async fn destinations(ctx: Ctx) -> Answer {
    let rows = ctx.read(|tx| warehouses::list(tx, true, "", 2_000)).await?;
    let row = |w: &warehouses::Warehouse| json!({"value": w.id, "label": w.name, "level": w.level, "org": w.org});
    Ok(Reply::ok(&rows.iter().map(row).collect::<Vec<Value>>()))
}

async fn create_warehouse(ctx: Ctx, body: Body<NewWarehouse>) -> Answer {
    let wanted = body.value;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let made = warehouses::create(tx, &wanted.org, &wanted.name, wanted.parent_id.as_deref())?;
        Ok(Reply::created(&format!("/api/v1/stock/warehouses/{}", made.id), &made.view()))
    });
    Ok(reply.await?)
}

async fn change_warehouse(ctx: Ctx, Path(id): Path<String>, body: Body<Renamed>) -> Answer {
    let wanted = body.value;
    let changed = ctx.write(move |tx| warehouses::change(tx, &id, &wanted.name, wanted.active)).await?;
    Ok(Reply::ok(&changed.view()))
}

async fn minimum(ctx: Ctx, Path(id): Path<String>, body: Body<Minimum>) -> Answer {
    let (kind, minimum) = (Kind::parse(&body.value.kind)?, body.value.minimum);
    ctx.write(move |tx| warehouses::set_minimum(tx, &id, kind, minimum)).await?;
    Ok(Reply::no_content())
}

async fn show_levels(ctx: Ctx) -> Answer {
    let (warehouse, kind) = (ctx.parameter("warehouseId"), ctx.parameter("kind"));
    Ok(Reply::ok(&ctx.read(move |tx| levels::levels(tx, warehouse.as_deref(), kind.as_deref())).await?))
}

async fn list_items(ctx: Ctx) -> Answer {
    let page = ctx.paging(50, 500)?;
    let mut filter = Filter::default();
    filter.scope("org", &ctx.actor);
    if let Some(kind) = ctx.parameter("kind") {
        filter.equal("kind", Kind::parse(&kind)?.text());
    }
    if let Some(state) = ctx.parameter("state") {
        filter.equal("state", ItemState::parse(&state)?.text());
    }
    if let Some(id) = ctx.parameter("warehouseId") {
        filter.equal("warehouse_id", id);
    }
    if let Some(part) = ctx.parameter("q") {
        let part: String = part.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        let like = filter.bind(format!("%{part}%"));
        filter.and(format!("serial LIKE {like}"));
    }
    let (limit, offset) = (filter.bind(page.limit), filter.bind(page.offset));
    let text = format!(
        "SELECT serial, kind, model, imsi, warehouse_id, org, state, order_id, product_id, transfer_id FROM stock_item{} \
         ORDER BY serial LIMIT {limit} OFFSET {offset}",
        filter.to_where()
    );
    let rows =
        ctx.read(move |tx| tx.query(&text, &filter.binds)?.iter().map(items::read).collect::<Result<Vec<_>, _>>());
    Ok(Reply::ok(&rows.await?.iter().map(shown).collect::<Vec<Value>>()))
}

fn shown(item: &items::Item) -> Value {
    json!({
        "serial": item.serial, "kind": item.kind.text(), "model": item.model, "imsi": item.imsi, "warehouseId": item.warehouse_id,
        "org": item.org, "state": item.state.text(), "orderId": item.order_id, "productId": item.product_id,
        "transferId": item.transfer_id,
    })
}

async fn one_item(ctx: Ctx, Path(serial): Path<String>) -> Answer {
    let body = ctx
        .read(move |tx| {
            let mut body = shown(&items::load(tx, &serial)?);
            body["history"] = json!(ledger::of_item(tx, &serial)?);
            Ok(body)
        })
        .await?;
    Ok(Reply::ok(&body))
}

async fn change_item(ctx: Ctx, Path(serial): Path<String>, body: Body<Reason>) -> Answer {
    let Reason { action, reason } = body.value;
    let change = Change::parse(&action)
        .ok_or_else(|| Problem::invalid("action", "damage | lose | find | scrap | return | restock"))?;
    if reason.trim().is_empty() {
        return Err(Problem::missing("reason").into());
    }
    let body = ctx
        .write(move |tx| {
            let item = items::load(tx, &serial)?;
            if item.state == ItemState::InTransit || item.state == ItemState::Bound {
                // A parcel is settled as a whole, and what a customer has comes back by an order.
                let problem = Problem::new(&problems::ITEM_STATE).with("serial", &serial);
                return Err(problem.with("state", item.state.text()).with("action", change.text()));
            }
            items::turn(tx, &item, change, &Holder::default(), reason.trim(), "")?;
            Ok(shown(&items::load(tx, &serial)?))
        })
        .await?;
    Ok(Reply::ok(&body))
}

sql! {
    SECRET = "SELECT sealed FROM stock_secret WHERE serial = $1";
}

async fn reveal(ctx: Ctx, Path(serial): Path<String>, body: Body<Reason>) -> Answer {
    let reason = body.value.reason;
    if reason.trim().is_empty() {
        return Err(Problem::missing("reason").into());
    }
    let shown = ctx
        .write(move |tx| {
            let item = items::load(tx, &serial)?;
            let row = tx.query_opt(&SECRET, params![serial])?;
            let sealed = row.ok_or_else(|| Problem::new(&problems::SECRET_NONE).with("serial", &serial))?;
            let clear = tx.vault().open_sealed(sealed.str(0))?;
            tx.audit("stock.reveal", "stockItem", &serial, &item.org, &json!({"reason": reason.trim()}))?;
            let mut shown: Value = serde_json::from_str(&clear).map_err(Problem::internal)?;
            // The key of a card is for the network alone.
            if let Some(shown) = shown.as_object_mut() {
                shown.remove("ki");
            }
            Ok(shown)
        })
        .await?;
    Ok(Reply::ok(&shown))
}

async fn list_transfers(ctx: Ctx) -> Answer {
    let (state, page) = (ctx.parameter("state"), ctx.paging(50, 200)?);
    let rows = ctx.read(move |tx| transfers::list(tx, state.as_deref(), page.limit, page.offset)).await?;
    Ok(Reply::ok(&rows))
}

async fn dispatch(ctx: Ctx, body: Body<Dispatch>) -> Answer {
    let wanted = body.value;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let id = transfers::dispatch(tx, &wanted)?;
        Ok(Reply::created(&format!("/api/v1/stock/transfers/{id}"), &transfers::view(tx, &id)?))
    });
    Ok(reply.await?)
}

async fn one_transfer(ctx: Ctx, Path(id): Path<String>) -> Answer {
    Ok(Reply::ok(&ctx.read(move |tx| transfers::view(tx, &id)).await?))
}

async fn receive(ctx: Ctx, Path(id): Path<String>, body: Body<Receipt>) -> Answer {
    let receipt = body.value;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        transfers::receive(tx, &id, &receipt)?;
        Ok(Reply::ok(&transfers::view(tx, &id)?))
    });
    Ok(reply.await?)
}

async fn settle(ctx: Ctx, Path(id): Path<String>, body: Body<transfers::Settlement>) -> Answer {
    let wanted = body.value;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        transfers::settle(tx, &id, &wanted)?;
        Ok(Reply::ok(&transfers::view(tx, &id)?))
    });
    Ok(reply.await?)
}

async fn cancel(ctx: Ctx, Path(id): Path<String>, body: Body<Reason>) -> Answer {
    let reason = body.value.reason;
    let shown = ctx.write(move |tx| {
        transfers::cancel(tx, &id, &reason)?;
        transfers::view(tx, &id)
    });
    Ok(Reply::ok(&shown.await?))
}

async fn list_counts(ctx: Ctx) -> Answer {
    let (warehouse, limit) = (ctx.parameter("warehouseId"), ctx.paging(50, 200)?.limit);
    Ok(Reply::ok(&ctx.read(move |tx| counts::list(tx, warehouse.as_deref(), limit)).await?))
}

async fn count(ctx: Ctx, body: Body<counts::Count>) -> Answer {
    let wanted = body.value;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let id = counts::record(tx, &wanted)?;
        Ok(Reply::created(&format!("/api/v1/stock/counts/{id}"), &counts::view(tx, &id)?))
    });
    Ok(reply.await?)
}

async fn one_count(ctx: Ctx, Path(id): Path<String>) -> Answer {
    Ok(Reply::ok(&ctx.read(move |tx| counts::view(tx, &id)).await?))
}

async fn settle_count(ctx: Ctx, Path(id): Path<String>, body: Body<Reason>) -> Answer {
    let reason = body.value.reason;
    let shown = ctx.write(move |tx| {
        counts::settle(tx, &id, &reason)?;
        counts::view(tx, &id)
    });
    Ok(Reply::ok(&shown.await?))
}
