//! Tariff files taken in from the desk: kept, imported in the background, watched live, cancelled, their refused rows
//! given back as CSV.
//!
//! ```text
//! queued → running → done | failed | cancelled        queued → cancelled
//! ```
//! A running import holds a lease that it renews with every step. Where the process died, the lease runs out and the
//! import is started again: rows already stored count as unchanged.

mod runner;

use crate::{
    problems,
    resources::{IMPORT, READ},
    tariffs,
};
use axum::extract::Path;
use http::{Access, Answer, Ctx, Raw, Reply, Route};
use kernel::{Lang, OrgPath, Problem, Result, codes};
pub(crate) use runner::run;
pub use runner::run_import;
use serde_json::{Value, json};
use store::{Event, Row, Tx, params, sql};

sql! {
    ADD = "INSERT INTO tariff_import (id, file, org, actor, actor_name, state, cancel, lease_until, total, done, created, \
           updated, unchanged, refused, created_at, content) \
           VALUES ($1, $2, $3, $4, $5, 'queued', 0, 0, 0, 0, 0, 0, 0, 0, $6, $7)";
    LIST = "SELECT id, file, org, state, total, done, created, updated, unchanged, refused, started_at, ended_at, error, actor_name \
            FROM tariff_import ORDER BY created_at DESC, id DESC LIMIT 100";
    ONE = "SELECT id, file, org, state, total, done, created, updated, unchanged, refused, started_at, ended_at, error, actor_name \
           FROM tariff_import WHERE id = $1";
    REFUSALS = "SELECT line, row_id, field, code, reason_zh, reason_en, content FROM tariff_refusal WHERE import_id = $1 ORDER BY seq";
    CANCEL_QUEUED = "UPDATE tariff_import SET state = 'cancelled', cancel = 1, ended_at = $2, content = NULL WHERE id = $1 AND state = 'queued'";
    CANCEL_RUNNING = "UPDATE tariff_import SET cancel = 1 WHERE id = $1 AND state = 'running'";
}

pub(crate) fn routes() -> Vec<Route> {
    let (reads, imports) = (Access::Needs(READ), Access::Needs(IMPORT));
    vec![
        Route::post("/api/v1/catalog/imports", imports, start)
            .doc("Import a tariff file")
            .parameter("name", "name of the file"),
        Route::get("/api/v1/catalog/imports", reads, list).doc("Tariff imports, the newest first"),
        Route::get("/api/v1/catalog/imports/{id}", reads, one).doc("One tariff import"),
        Route::get("/api/v1/catalog/imports/{id}/errors", reads, errors).doc("The refused rows as CSV"),
        Route::post("/api/v1/catalog/imports/{id}/cancel", imports, cancel).doc("Cancel a tariff import"),
    ]
}

async fn start(ctx: Ctx, Raw(bytes): Raw) -> Answer {
    if bytes.is_empty() {
        return Err(Problem::new(&codes::BODY_INVALID).with("detail", "0 bytes").into());
    }
    let name = ctx.parameter("name").unwrap_or_else(|| "tariffs.json".to_owned());
    let name: String = name.chars().filter(|c| !c.is_control()).take(200).collect();
    let content = bytes.to_vec();
    let fingerprint = format!("{name} {}", tariffs::fingerprint(&content));
    let reply = ctx.create(&fingerprint, move |tx| {
        let id = tx.new_id::<Row>().into_string();
        let actor = tx.actor().clone();
        tx.execute(&ADD, params![id, name, actor.org, &*actor.id, &*actor.name, tx.now(), content])?;
        announce(tx, &id, &actor.org, "TariffImportCreateEvent")?;
        Ok(Reply::json(202, &json!({"id": id})).header("location", format!("/api/v1/catalog/imports/{id}")))
    });
    Ok(reply.await?)
}

/// Tells live pages that an import has moved.
fn announce(tx: &mut Tx<'_>, id: &str, org: &OrgPath, event: &str) -> Result<()> {
    let view = view(&tx.query_one(&ONE, params![id])?, Lang::Zh);
    tx.emit(
        Event::new(event, "tariffImport", id, 1, org)
            .topic(format!("import:{id}"))
            .payload(json!({"tariffImport": view})),
    )
}

/// An import that the caller may see: those of one's own part of the organisation.
fn load(tx: &mut Tx<'_>, id: &str) -> Result<Row> {
    let row = tx.query_one(&ONE, params![id])?;
    tx.must_see(row.str(2))?;
    Ok(row)
}

async fn list(ctx: Ctx) -> Answer {
    let lang = ctx.lang;
    let rows = ctx
        .read(move |tx| {
            let rows = tx.query(&LIST, params![])?;
            Ok(rows.iter().filter(|r| tx.actor().sees(r.str(2))).map(|r| view(r, lang)).collect::<Vec<_>>())
        })
        .await?;
    Ok(Reply::ok(&rows).total(rows.len()))
}

async fn one(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let lang = ctx.lang;
    Ok(Reply::ok(&ctx.peek(move |tx| Ok(view(&load(tx, &id)?, lang))).await?))
}

async fn errors(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let lang = ctx.lang;
    let name = id.clone();
    let rows = ctx
        .read(move |tx| {
            load(tx, &id)?;
            tx.query(&REFUSALS, params![id])
        })
        .await?;
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut write = |cells: [&str; 6]| writer.write_record(cells.map(tariffs::cell)).map_err(Problem::internal);
    write(["line", "id", "field", "code", "reason", "row"])?;
    for row in &rows {
        let reason = row.str(if lang == Lang::En { 5 } else { 4 });
        write([&row.int(0).to_string(), row.str(1), row.str(2), row.str(3), reason, row.str(6)])?;
    }
    let bytes = writer.into_inner().map_err(Problem::internal)?;
    let text = String::from_utf8(bytes).map_err(Problem::internal)?;
    let safe: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    Ok(Reply::text(200, text)
        .header("content-type", "text/csv; charset=utf-8")
        .header("content-disposition", format!("attachment; filename=\"import-{safe}-errors.csv\"")))
}

async fn cancel(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let lang = ctx.lang;
    let body = ctx
        .write(move |tx| {
            let row = load(tx, &id)?;
            let org = OrgPath::parse(row.str(2))?;
            let queued = tx.execute(&CANCEL_QUEUED, params![id, tx.now()])?;
            if queued == 0 && tx.execute(&CANCEL_RUNNING, params![id])? == 0 {
                return Err(Problem::new(&problems::IMPORT_STATE).with("state", row.str(3)));
            }
            announce(tx, &id, &org, "TariffImportStateChangeEvent")?;
            Ok(view(&load(tx, &id)?, lang))
        })
        .await?;
    Ok(Reply::ok(&body))
}

fn view(row: &Row, lang: Lang) -> Value {
    let error = if row.is_null(12) { Value::Null } else { row.json(12) };
    let error = &error[if lang == Lang::En { "en" } else { "zh" }];
    json!({
        "id": row.str(0), "file": row.str(1), "state": row.str(3), "total": row.int(4), "done": row.int(5),
        "created": row.int(6), "updated": row.int(7), "unchanged": row.int(8), "refused": row.int(9),
        "startedAt": row.opt_time(10), "endedAt": row.opt_time(11), "error": error, "operator": row.str(13),
    })
}
