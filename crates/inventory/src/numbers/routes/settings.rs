//! What the pool goes by: classes with their demands, and days. Rows with a source, changed by who keeps the pool.

use crate::{NUMBER_READ, POOL_MANAGE, numbers::Pattern};
use http::{Access, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use kernel::{OrgPath, Problem};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Event, Tx, params, sql};

sql! {
    CLASSES = "SELECT class, rank, patterns, deposit_fen, min_spend_fen, source FROM number_class ORDER BY rank DESC";
    CHANGE_CLASS = "UPDATE number_class SET patterns = $2, deposit_fen = $3, min_spend_fen = $4, source = $5 WHERE class = $1";
    SETTINGS = "SELECT name, value, source FROM inventory_setting ORDER BY name";
    CHANGE_SETTING = "UPDATE inventory_setting SET value = $2, source = $3 WHERE name = $1";
}

pub(super) fn routes() -> Vec<Route> {
    let (reads, keeps) = (Access::Needs(NUMBER_READ), Access::Needs(POOL_MANAGE));
    vec![
        Route::get("/api/v1/number-classes", reads, classes).doc("Classes of numbers and what they ask of the buyer"),
        Route::put("/api/v1/number-classes/{class}", keeps, change_class)
            .doc("Change what a class asks; it holds for numbers added from now on, the price for all")
            .body(json!({"patterns": "AAAA,8888", "depositFen": 50000, "minSpendFen": 16800, "source": "市场部〔2026〕12号"})),
        Route::get("/api/v1/inventory-settings", reads, settings).doc("Days and limits of numbers and stock, each with its source"),
        Route::put("/api/v1/inventory-settings/{name}", keeps, change_setting)
            .doc("Change a setting")
            .body(json!({"value": 90, "source": "…"})),
    ]
}

async fn classes(ctx: Ctx) -> Answer {
    let rows = ctx.read(|tx| tx.query(&CLASSES, params![])).await?;
    let row = |r: &store::Row| json!({"class": r.str(0), "rank": r.int(1), "patterns": r.str(2), "depositFen": r.int(3), "minSpendFen": r.int(4), "source": r.str(5)});
    Ok(Reply::ok(&rows.iter().map(row).collect::<Vec<Value>>()))
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Class {
    patterns: String,
    deposit_fen: i64,
    min_spend_fen: i64,
    source: String,
}

async fn change_class(ctx: Ctx, Path(class): Path<String>, body: Body<Class>) -> Answer {
    let wanted = body.value;
    for pattern in wanted.patterns.split(',').filter(|p| !p.is_empty()) {
        Pattern::parse(&format!("*{pattern}")).map_err(|p| p.field("patterns"))?;
    }
    if wanted.deposit_fen < 0 || wanted.min_spend_fen < 0 {
        return Err(Problem::invalid("depositFen", "≥ 0").into());
    }
    if wanted.source.trim().is_empty() {
        return Err(Problem::missing("source").into());
    }
    ctx.write(move |tx| {
        let source = wanted.source.trim();
        let changed = tx.execute(
            &CHANGE_CLASS,
            params![class, wanted.patterns, wanted.deposit_fen, wanted.min_spend_fen, source],
        )?;
        if changed == 0 {
            return Err(Problem::not_found());
        }
        told(tx, "NumberClassChangeEvent", &class, &json!({"patterns": wanted.patterns, "source": source}))
    })
    .await?;
    Ok(Reply::no_content())
}

async fn settings(ctx: Ctx) -> Answer {
    let rows = ctx.read(|tx| tx.query(&SETTINGS, params![])).await?;
    let row = |r: &store::Row| json!({"name": r.str(0), "value": r.int(1), "source": r.str(2)});
    Ok(Reply::ok(&rows.iter().map(row).collect::<Vec<Value>>()))
}

#[derive(Clone, Deserialize)]
struct Setting {
    value: i64,
    source: String,
}

/// The law's least rest of a number.
const LEAST_QUARANTINE: i64 = 90;

async fn change_setting(ctx: Ctx, Path(name): Path<String>, body: Body<Setting>) -> Answer {
    let wanted = body.value;
    let least = if name.starts_with("number.quarantine_days") { LEAST_QUARANTINE } else { 0 };
    if wanted.value < least || wanted.value > 1_000_000 {
        return Err(Problem::invalid("value", &format!("≥ {least}")).into());
    }
    if wanted.source.trim().is_empty() {
        return Err(Problem::missing("source").into());
    }
    ctx.write(move |tx| {
        if tx.execute(&CHANGE_SETTING, params![name, wanted.value, wanted.source.trim()])? == 0 {
            return Err(Problem::not_found());
        }
        told(tx, "InventorySettingChangeEvent", &name, &json!({"value": wanted.value, "source": wanted.source}))
    })
    .await?;
    Ok(Reply::no_content())
}

fn told(tx: &mut Tx<'_>, event: &'static str, id: &str, detail: &Value) -> Result<(), Problem> {
    // Classes and settings hold for the whole group.
    if !tx.actor().scope.is_root() {
        return Err(Problem::not_found());
    }
    let version = tx.now().micros();
    tx.emit(Event::new(event, "inventorySetting", id, version, &OrgPath::root()).audit(detail.clone()))
}
