//! Free cards and devices of one's own hall, as the fields that pick one ask for them.

use super::{Kind, items};
use crate::STOCK_READ;
use http::{Access, Answer, Ctx, Reply, Route};
use kernel::{Problem, Result};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use store::{Tx, params, sql};

sql! {
    NAME = "SELECT name FROM warehouse WHERE id = $1";
}

pub(crate) fn routes() -> Vec<Route> {
    let reads = Access::Needs(STOCK_READ);
    vec![
        Route::get("/api/v1/sims", reads, sims)
            .doc("Free cards of one's own hall")
            .parameter("q", "part of the ICCID")
            .parameter("state", "inStock"),
        Route::get("/api/v1/devices", reads, devices)
            .doc("Free devices of one's own hall")
            .parameter("kind", "phone, onu, stb, smartHome")
            .parameter("q", "part of the serial number"),
    ]
}

fn names(tx: &mut Tx<'_>, found: &[items::Item]) -> Result<BTreeMap<String, String>> {
    let mut names = BTreeMap::new();
    for item in found {
        if !names.contains_key(&item.warehouse_id) {
            let name = tx.query_opt(&NAME, params![item.warehouse_id])?.map(|r| r.text(0)).unwrap_or_default();
            names.insert(item.warehouse_id.clone(), name);
        }
    }
    Ok(names)
}

async fn sims(ctx: Ctx) -> Answer {
    let (part, limit) = (ctx.parameter("q").unwrap_or_default(), ctx.paging(20, 100)?.limit);
    if ctx.parameter("state").is_some_and(|s| s != "inStock") {
        return Err(Problem::invalid("state", "inStock").into());
    }
    let rows = ctx
        .read(move |tx| {
            let org = tx.actor().org.clone();
            let found = items::free(tx, Kind::Sim, &org, &part, limit)?;
            let names = names(tx, &found)?;
            let row = |i: &items::Item| {
                json!({
                    "iccid": i.serial, "imsi": i.imsi, "profile": i.model, "state": i.state.text(), "warehouse": i.warehouse_id,
                    "warehouseName": names.get(&i.warehouse_id),
                })
            };
            Ok(found.iter().map(row).collect::<Vec<Value>>())
        })
        .await?;
    Ok(Reply::ok(&rows))
}

async fn devices(ctx: Ctx) -> Answer {
    let (part, limit) = (ctx.parameter("q").unwrap_or_default(), ctx.paging(20, 100)?.limit);
    let kinds = match ctx.parameter("kind") {
        Some(kind) => vec![Kind::parse(&kind)?],
        None => vec![Kind::Phone, Kind::Onu, Kind::Stb, Kind::SmartHome],
    };
    let rows = ctx
        .read(move |tx| {
            let org = tx.actor().org.clone();
            let mut found = Vec::new();
            for kind in &kinds {
                found.extend(items::free(tx, *kind, &org, &part, limit)?);
            }
            found.truncate(usize::try_from(limit).unwrap_or(0));
            let names = names(tx, &found)?;
            let row = |i: &items::Item| {
                json!({
                    "serial": i.serial, "kind": i.kind.text(), "model": i.model, "state": i.state.text(),
                    "warehouseName": names.get(&i.warehouse_id),
                })
            };
            Ok(found.iter().map(row).collect::<Vec<Value>>())
        })
        .await?;
    Ok(Reply::ok(&rows))
}
