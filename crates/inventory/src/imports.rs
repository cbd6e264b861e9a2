//! Files taken in: ranges of numbers, cards, devices. Kept, worked off in the background, watched, stopped and resumed; the
//! rows that were refused come back as a file with the reasons.
//!
//! ```text
//! queued → running → done | failed         running → stopped → queued        queued, stopped → cancelled
//! ```
//! A batch and how far it got are one transaction, so a run that broke off goes on where it was. The same file again
//! changes nothing: what is there counts as "same".

mod rows;
mod runner;

use crate::{POOL_MANAGE, STOCK_MANAGE, STOCK_READ, problems, stock};
use http::{Access, Answer, Ctx, Raw, Reply, Route, axum::extract::Path};
use kernel::{Lang, OrgPath, Perm, Problem, Result, codes};
pub(crate) use runner::run;
pub use runner::run_import;
use serde_json::{Value, json};
use store::{Event, Row, Tx, params, sql};

sql! {
    ADD = "INSERT INTO inventory_import (id, org, kind, file, warehouse_id, actor, actor_name, scope, state, stop, lease_until, total, done, added, \
           same, refused, line, inside, created_at, content) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'queued', 0, 0, 0, 0, 0, 0, 0, 0, 0, $9, $10)";
    ONE = "SELECT id, org, kind, file, warehouse_id, state, total, done, added, same, refused, created_at, started_at, ended_at, error, actor_name \
           FROM inventory_import WHERE id = $1";
    REFUSALS = "SELECT line, code, reason_zh, reason_en, content FROM inventory_refusal WHERE import_id = $1 ORDER BY line";
    STOP = "UPDATE inventory_import SET stop = 1 WHERE id = $1 AND state = 'running'";
    STOP_QUEUED = "UPDATE inventory_import SET state = 'stopped' WHERE id = $1 AND state = 'queued'";
    RESUME = "UPDATE inventory_import SET state = 'queued', stop = 0 WHERE id = $1 AND state IN ('stopped', 'failed') AND content IS NOT NULL";
    CANCEL = "UPDATE inventory_import SET state = 'cancelled', content = NULL, ended_at = $2 WHERE id = $1 AND state IN ('queued', 'stopped')";
}

pub(crate) fn routes() -> Vec<Route> {
    let (pool, stock, reads) = (Access::Needs(POOL_MANAGE), Access::Needs(STOCK_MANAGE), Access::Needs(STOCK_READ));
    vec![
        Route::post("/api/v1/numbers/imports", pool, start_numbers)
            .doc("Take number ranges in: CSV with from, to, org, class")
            .parameter("name", "name of the file"),
        Route::post("/api/v1/stock/imports", stock, start_stock)
            .doc("Take cards or devices in: CSV with iccid, imsi, puk, pin, ki, model; or kind, serial, model")
            .parameter("kind", "cards or devices")
            .parameter("warehouseId", "where they are put")
            .parameter("name", "name of the file"),
        Route::get("/api/v1/inventory-imports", reads, list)
            .doc("Files taken in, the newest first")
            .parameter("kind", "numbers, cards, devices"),
        Route::get("/api/v1/inventory-imports/{id}", reads, one).doc("A file taken in and how far it is"),
        Route::get("/api/v1/inventory-imports/{id}/errors", reads, errors).doc("The refused rows as CSV"),
        Route::post("/api/v1/inventory-imports/{id}/stop", stock, stop).doc("Stop after the batch in hand"),
        Route::post("/api/v1/inventory-imports/{id}/resume", stock, resume).doc("Go on where it stopped"),
        Route::post("/api/v1/inventory-imports/{id}/cancel", stock, cancel).doc("Give up what is left"),
    ]
}

async fn start_numbers(ctx: Ctx, raw: Raw) -> Answer {
    start(ctx, raw, "numbers", POOL_MANAGE).await
}

async fn start_stock(ctx: Ctx, raw: Raw) -> Answer {
    let kind = match ctx.parameter("kind").as_deref() {
        Some("cards") => "cards",
        Some("devices") => "devices",
        _ => return Err(Problem::invalid("kind", "cards | devices").into()),
    };
    start(ctx, raw, kind, STOCK_MANAGE).await
}

async fn start(ctx: Ctx, Raw(bytes): Raw, kind: &'static str, right: Perm) -> Answer {
    if bytes.is_empty() {
        return Err(Problem::new(&codes::BODY_INVALID).with("detail", "0 bytes").into());
    }
    let content = bytes.to_vec();
    rows::heading(kind, &content)?; // a file of another shape is refused at once
    let name = ctx.parameter("name").unwrap_or_else(|| format!("{kind}.csv"));
    let name: String = name.chars().filter(|c| !c.is_control()).take(200).collect();
    let warehouse = ctx.parameter("warehouseId");
    if kind != "numbers" && warehouse.is_none() {
        return Err(Problem::missing("warehouseId").into());
    }
    let fingerprint = format!("{kind} {name} {} {}", warehouse.as_deref().unwrap_or(""), rows::fingerprint(&content));
    let reply = ctx.create(&fingerprint, move |tx| {
        tx.allow(right)?;
        let warehouse = warehouse.as_deref().map(|id| stock::own_warehouse(tx, id)).transpose()?;
        let id = tx.new_id::<Row>().into_string();
        let actor = tx.actor().clone();
        let org = warehouse.as_ref().map_or_else(|| actor.org.clone(), |w| w.org.clone());
        let into = warehouse.map(|w| w.id);
        let now = tx.now();
        tx.execute(&ADD, params![id, org, kind, name, into, &*actor.id, &*actor.name, actor.scope, now, content])?;
        announce(tx, &id, "InventoryImportCreateEvent")?;
        let place = format!("/api/v1/inventory-imports/{id}");
        Ok(Reply::json(202, &json!({"id": id})).header("location", place))
    });
    Ok(reply.await?)
}

/// Tells live pages that an import has moved.
fn announce(tx: &mut Tx<'_>, id: &str, event: &str) -> Result<()> {
    let row = tx.query_one(&ONE, params![id])?;
    let org = OrgPath::parse(row.str(1))?;
    let (shown, version) = (view(&row, Lang::Zh), tx.now().micros());
    tx.emit(
        Event::new(event, "inventoryImport", id, version, &org)
            .topic(format!("import:{id}"))
            .payload(json!({"inventoryImport": shown})),
    )
}

fn load(tx: &mut Tx<'_>, id: &str) -> Result<Row> {
    let row = tx.query_one(&ONE, params![id])?;
    tx.must_see(row.str(1))?;
    Ok(row)
}

async fn list(ctx: Ctx) -> Answer {
    let (lang, mut filter) = (ctx.lang, store::Filter::default());
    filter.scope("org", &ctx.actor);
    if let Some(kind) = ctx.parameter("kind") {
        filter.equal("kind", kind);
    }
    let text = format!(
        "SELECT id, org, kind, file, warehouse_id, state, total, done, added, same, refused, created_at, started_at, ended_at, error, actor_name \
         FROM inventory_import{} ORDER BY created_at DESC, id DESC LIMIT 100",
        filter.to_where()
    );
    let rows = ctx.read(move |tx| tx.query(&text, &filter.binds)).await?;
    Ok(Reply::ok(&rows.iter().map(|r| view(r, lang)).collect::<Vec<Value>>()))
}

async fn one(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let lang = ctx.lang;
    Ok(Reply::ok(&ctx.peek(move |tx| Ok(view(&load(tx, &id)?, lang))).await?))
}

async fn errors(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let (lang, name) = (ctx.lang, id.clone());
    let rows = ctx
        .read(move |tx| {
            load(tx, &id)?;
            tx.query(&REFUSALS, params![id])
        })
        .await?;
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["line", "code", "reason", "row"]).map_err(Problem::internal)?;
    for row in &rows {
        let reason = row.str(if lang == Lang::En { 3 } else { 2 });
        let cells = [row.int(0).to_string(), row.text(1), reason.to_owned(), row.text(4)];
        writer.write_record(cells.map(|c| rows::cell(&c))).map_err(Problem::internal)?;
    }
    let bytes = writer.into_inner().map_err(Problem::internal)?;
    let text = String::from_utf8(bytes).map_err(Problem::internal)?;
    let safe: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    Ok(Reply::text(200, text)
        .header("content-type", "text/csv; charset=utf-8")
        .header("content-disposition", format!("attachment; filename=\"import-{safe}-errors.csv\"")))
}

#[derive(Clone, Copy)]
enum Verb {
    Stop,
    Resume,
    Cancel,
}

async fn stop(ctx: Ctx, Path(id): Path<String>) -> Answer {
    turn(ctx, id, Verb::Stop).await
}
async fn resume(ctx: Ctx, Path(id): Path<String>) -> Answer {
    turn(ctx, id, Verb::Resume).await
}
async fn cancel(ctx: Ctx, Path(id): Path<String>) -> Answer {
    turn(ctx, id, Verb::Cancel).await
}

async fn turn(ctx: Ctx, id: String, verb: Verb) -> Answer {
    let lang = ctx.lang;
    let body = ctx
        .write(move |tx| {
            let row = load(tx, &id)?;
            let touched = match verb {
                Verb::Stop => tx.execute(&STOP, params![id])? + tx.execute(&STOP_QUEUED, params![id])?,
                Verb::Resume => tx.execute(&RESUME, params![id])?,
                Verb::Cancel => {
                    let now = tx.now();
                    tx.execute(&CANCEL, params![id, now])?
                }
            };
            if touched == 0 {
                return Err(Problem::new(&problems::IMPORT_STATE).with("state", row.str(5)));
            }
            announce(tx, &id, "InventoryImportStateChangeEvent")?;
            Ok(view(&load(tx, &id)?, lang))
        })
        .await?;
    Ok(Reply::ok(&body))
}

fn view(row: &Row, lang: Lang) -> Value {
    let error = if row.is_null(14) { Value::Null } else { row.json(14) };
    let error = &error[if lang == Lang::En { "en" } else { "zh" }];
    json!({
        "id": row.str(0), "org": row.str(1), "kind": row.str(2), "file": row.str(3), "warehouseId": row.opt_text(4), "state": row.str(5),
        "total": row.int(6), "done": row.int(7), "added": row.int(8), "same": row.int(9), "refused": row.int(10),
        "createdAt": row.time(11), "startedAt": row.opt_time(12), "endedAt": row.opt_time(13), "error": error, "operator": row.str(15),
    })
}
