//! TMF687: the same stock as other systems ask for it. What lies in a warehouse of one kind is a `productStock`, computed;
//! what was asked of it (check, reserve, adjust, query) is kept as documents.

mod requests;

use super::levels;
use crate::STOCK_READ;
use http::{Access, Answer, Ctx, Reply, Route, axum::extract::Path, tmf};
use kernel::{Problem, Result};
pub use requests::{ADJUST, CHECK, QUERY, RESERVE};
use serde_json::{Map, Value, json};
use store::Tx;

const BASE: &str = "/tmf-api/stock/v4";

pub(crate) fn routes() -> Vec<Route> {
    let reads = Access::Needs(STOCK_READ);
    let mut routes = vec![
        Route::get("/tmf-api/stock/v4/productStock", reads, list)
            .doc("What lies in the warehouses, by kind")
            .parameter("fields", "attributes to show")
            .parameter("place.id", "a warehouse")
            .parameter("stockedProduct.name", "sim, phone, onu, stb, smartHome"),
        Route::get("/tmf-api/stock/v4/productStock/{id}", reads, one).doc("What lies in a warehouse of one kind"),
    ];
    for resource in [&CHECK, &RESERVE, &ADJUST, &QUERY] {
        routes.extend(tmf::routes(resource));
    }
    routes
}

/// All stocks the actor may see, of one warehouse or kind where they are named.
pub(super) fn stocks(tx: &mut Tx<'_>, warehouse: Option<&str>, kind: Option<&str>) -> Result<Vec<Value>> {
    let mut all = Vec::new();
    for place in levels::levels(tx, warehouse, kind)? {
        let lines = place["lines"].as_array().cloned().unwrap_or_default();
        let mut kinds: Vec<&str> = lines.iter().filter_map(|l| l["kind"].as_str()).collect();
        kinds.dedup();
        for kind in kinds {
            let of_kind = || lines.iter().filter(|l| l["kind"] == kind);
            let free: i64 = of_kind().filter_map(|l| l["free"].as_i64()).sum();
            let reserved: i64 = of_kind().filter_map(|l| l["states"]["reserved"].as_i64()).sum();
            let minimum = of_kind().find_map(|l| l["minimum"].as_i64());
            all.push(stock(&place, kind, free, reserved, minimum));
        }
    }
    Ok(all)
}

fn stock(place: &Value, kind: &str, free: i64, reserved: i64, minimum: Option<i64>) -> Value {
    let id = format!("{}.{kind}", place["id"].as_str().unwrap_or(""));
    let category = match (free, minimum) {
        (0, _) => "out",
        (free, Some(minimum)) if free < minimum => "low",
        _ => "normal",
    };
    json!({
        "id": id, "href": format!("{BASE}/productStock/{id}"), "@type": "ProductStock",
        "name": format!("{} {kind}", place["name"].as_str().unwrap_or("")),
        "stockedProduct": {"id": kind, "name": kind, "@type": "Product"},
        "place": {"id": place["id"], "name": place["name"], "role": "warehouse", "@referredType": "Place"},
        "productStockLevel": {"amount": free, "units": "piece"},
        "reservedStockLevel": {"amount": reserved, "units": "piece"},
        "minStockLevel": minimum.map(|m| json!({"amount": m, "units": "piece"})),
        "stockLevelCategory": category,
        "productStockStatusType": if free > 0 { "available" } else { "unavailable" },
    })
}

fn shape(ctx: &Ctx, stock: Value) -> Value {
    let Some(fields) = ctx.parameter("fields") else { return stock };
    let wanted: Vec<&str> = fields.split(',').map(str::trim).collect();
    let Value::Object(all) = stock else { return stock };
    let keep = |name: &str| matches!(name, "id" | "href") || wanted.contains(&name);
    Value::Object(all.into_iter().filter(|(name, _)| keep(name)).collect::<Map<String, Value>>())
}

async fn list(ctx: Ctx) -> Answer {
    let (place, kind) = (ctx.parameter("place.id"), ctx.parameter("stockedProduct.name"));
    let (page, id) = (ctx.paging(100, 1_000)?, ctx.parameter("id"));
    let all = ctx.read(move |tx| stocks(tx, place.as_deref(), kind.as_deref())).await?;
    let named = all.into_iter().filter(|s| id.as_ref().is_none_or(|id| s["id"] == id.as_str()));
    let all: Vec<Value> = named.collect();
    let total = all.len();
    let (skip, take) = (usize::try_from(page.offset).unwrap_or(0), usize::try_from(page.limit).unwrap_or(0));
    let rows: Vec<Value> = all.into_iter().skip(skip).take(take).map(|s| shape(&ctx, s)).collect();
    Ok(Reply::ok(&rows).total(total).header("x-result-count", rows.len()))
}

/// `wh-cn-44-4401.sim` is the cards of that warehouse.
pub(super) fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<Value>> {
    let Some((warehouse, kind)) = id.rsplit_once('.') else { return Ok(None) };
    Ok(stocks(tx, Some(warehouse), Some(kind))?.into_iter().next())
}

async fn one(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let stock = ctx.read(move |tx| find(tx, &id)?.ok_or_else(Problem::not_found)).await?;
    Ok(Reply::ok(&shape(&ctx, stock)))
}
