//! The routes: detail, files, stream, error pool, settings.

use crate::{
    Direction, INTAKE, Kind, POOL, READ, SETTINGS, detail,
    detail::{Wanted, cell},
    files::{self, FileState, NewFile},
    problems,
    read::cycle_of,
    settings, stream,
    suspense::{self, Choice},
};
use http::{Access, Answer, Body, Ctx, Raw, Reply, Route, axum::extract::Path};
use kernel::{Cycle, Date, Lang, OrgPath, Problem, Result, codes};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use store::{Tx, params, sql};

/// Rows of one page of a detail.
const PAGE: i64 = 50;
const MOST_ROWS: i64 = 1_000;
/// Records of the pool that one request may name.
const MOST_IDS: usize = 5_000;

pub(crate) fn routes() -> Vec<Route> {
    let (reads, takes, pools) = (|| Access::Needs(READ), || Access::Needs(INTAKE), || Access::Needs(POOL));
    vec![
        Route::get("/api/v1/usage", reads(), show)
            .doc("Usage of a number or product in a cycle: rows, totals, days")
            .parameter("number", "the number; whoever holds it now, or `service`")
            .parameter("productId", "instead of the number")
            .parameter("service", "one of `holders`, where a number had several in the cycle")
            .parameter("cycle", "2026-11, or the first day of a cycle; the current one by default")
            .parameter("kind", "call, sms, mms, data or content")
            .parameter("direction", "out or in")
            .parameter("from", "first day")
            .parameter("to", "last day")
            .parameter("peer", "a part of the other number")
            .parameter("late", "1: only what came after its own cycle was closed"),
        Route::get("/api/v1/usage/export", reads(), export)
            .doc("The same rows as a CSV file; leaves a trace in the audit chain"),
        Route::get("/api/v1/usage/cycles", reads(), cycles).doc("Cycles with usage: how much, whether closed"),
        Route::get("/api/v1/usage/files", takes(), all_files).doc("Files of usage, newest first"),
        Route::post("/api/v1/usage/files", takes(), upload)
            .doc("Take a CSV file in (UTF-8 or GB18030, also gz; up to 64 MiB, larger ones with `yitai usage import`)")
            .parameter("name", "the file's name"),
        Route::get("/api/v1/usage/files/{id}", takes(), one_file).doc("How far a file is"),
        Route::get("/api/v1/usage/files/{id}/refused", takes(), refused)
            .doc("Its rows that were not taken, with reasons, as CSV"),
        Route::post("/api/v1/usage/files/{id}/stop", takes(), stop).doc("Stop an import at the next durable place"),
        Route::post("/api/v1/usage/files/{id}/resume", takes(), resume).doc("Let a stopped import go on"),
        Route::post("/api/v1/usage/stream", takes(), stream::stream)
            .doc("Take records in line by line (application/x-ndjson); each batch is answered when it is durable"),
        Route::get("/api/v1/usage/pool", pools(), pool)
            .doc("The error pool: records without a service")
            .parameter("state", "open (default), recycled or discarded")
            .parameter("code", "one reason")
            .parameter("number", "one number"),
        Route::post("/api/v1/usage/pool/recycle", pools(), recycle)
            .doc("Try to take records of the pool in again")
            .body(json!({"number": "13900138000"})),
        Route::post("/api/v1/usage/pool/discard", pools(), discard)
            .doc("Give records of the pool up")
            .body(json!({"ids": ["…"], "reason": "测试话单"})),
        Route::get("/api/v1/usage/settings", reads(), all_settings).doc("Limits with their sources"),
        Route::put("/api/v1/usage/settings/{name}", Access::Needs(SETTINGS), set)
            .doc("Change a limit")
            .body(json!({"value": 13})),
    ]
}

fn day(ctx: &Ctx, name: &str) -> Result<Option<Date>> {
    ctx.parameter(name).map(|text| Date::parse(&text).map_err(|p| p.field(name))).transpose()
}

fn wanted(ctx: &Ctx) -> Result<Wanted> {
    let invalid = |name: &str| Problem::new(&codes::QUERY_INVALID).with("detail", name);
    let kind = ctx.parameter("kind").map(|k| Kind::parse(&k).ok_or_else(|| invalid("kind"))).transpose()?;
    let direction =
        ctx.parameter("direction").map(|d| Direction::parse(&d).ok_or_else(|| invalid("direction"))).transpose()?;
    let peer = ctx.parameter("peer").unwrap_or_default().trim().to_owned();
    Ok(Wanted {
        kind,
        direction,
        from: day(ctx, "from")?,
        to: day(ctx, "to")?,
        peer,
        late: ctx.parameter("late").is_some_and(|l| l == "1"),
    })
}

/// Whose usage and which cycle a request asks for.
#[derive(Clone)]
struct Asked {
    number: Option<String>,
    product: Option<String>,
    service: Option<i64>,
    month: Option<String>,
    today: Date,
}

impl Asked {
    fn of(ctx: &Ctx) -> Result<Self> {
        let (number, product) = (ctx.parameter("number"), ctx.parameter("productId"));
        if number.is_none() && product.is_none() {
            return Err(Problem::new(&problems::WHOSE));
        }
        let service = ctx.parameter("service").and_then(|s| s.parse().ok());
        Ok(Self { number, product, service, month: ctx.parameter("cycle"), today: ctx.now().date() })
    }
    /// The service, its cycle, and all that held the number then.
    fn find(&self, tx: &mut Tx<'_>) -> Result<(crate::Service, Cycle, Vec<crate::Service>)> {
        let month = detail::cycle(self.month.as_deref(), self.today)?;
        let all = detail::services(tx, self.number.as_deref(), self.product.as_deref(), month)?;
        let chosen = match self.service {
            Some(key) => all.iter().find(|s| s.key.0 == key),
            None => all.first(),
        };
        let service = chosen.cloned().ok_or_else(Problem::not_found)?;
        // A month names the cycle that begins in it; today's is the one that runs.
        let cycle = match self.month.as_deref() {
            None => Cycle::containing(self.today, service.cycle_day),
            Some(text) if text.len() == 7 => {
                Cycle::starting(month.first().first_of_month().plus_days(i32::from(service.cycle_day) - 1))
            }
            Some(_) => month,
        };
        Ok((service, cycle, all))
    }
}

async fn show(ctx: Ctx) -> Answer {
    let (asked, wanted, page) = (Asked::of(&ctx)?, wanted(&ctx)?, ctx.paging(PAGE, MOST_ROWS)?);
    let paging = (usize::try_from(page.offset).unwrap_or(usize::MAX), usize::try_from(page.limit).unwrap_or(0));
    let (shown, total) = ctx
        .read(move |tx| {
            let (service, cycle, all) = asked.find(tx)?;
            let (mut shown, total) = detail::show(tx, &service, cycle, &wanted, paging)?;
            let months = settings::RETENTION_MONTHS.get(tx)?;
            shown["cycles"] = json!(detail::recent(&service, asked.today, months));
            let holder =
                |s: &crate::Service| json!({"service": s.key, "customerId": s.customer_id, "from": s.from, "to": s.to});
            shown["holders"] = all.iter().map(holder).collect();
            Ok((shown, total))
        })
        .await?;
    Ok(Reply::ok(&shown).total(total))
}

/// A file leaves the house: who took it is written down.
async fn export(ctx: Ctx) -> Answer {
    let (asked, wanted, zh) = (Asked::of(&ctx)?, wanted(&ctx)?, ctx.lang == Lang::Zh);
    let (csv, name) = ctx
        .write(move |tx| {
            let (service, cycle, _) = asked.find(tx)?;
            let csv = detail::csv(tx, &service, cycle, &wanted, zh)?;
            let detail =
                json!({"service": service.key, "cycle": cycle.label(), "rows": csv.lines().count().saturating_sub(1)});
            tx.audit("usage.exported", "product", &service.product_id, &OrgPath::parse(&service.org)?, &detail)?;
            Ok((csv, format!("usage-{}-{}.csv", service.number.trim_start_matches('+'), cycle.label())))
        })
        .await?;
    let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.')).collect();
    Ok(Reply::text(200, csv)
        .header("content-type", "text/csv; charset=utf-8")
        .header("content-disposition", format!("attachment; filename=\"{name}\"")))
}

sql! {
    CYCLES = "SELECT c.cycle, c.intakes, c.closed_at, COUNT(r.id), COALESCE(SUM(r.records), 0), COALESCE(SUM(r.bytes), 0) \
              FROM usage_cycle c LEFT JOIN usage_run r ON r.cycle = c.cycle AND r.state = 'live' \
              GROUP BY c.cycle, c.intakes, c.closed_at ORDER BY c.cycle DESC LIMIT 60";
}

async fn cycles(ctx: Ctx) -> Answer {
    let rows = ctx.read(|tx| tx.query(&CYCLES, params![])).await?;
    let one = |r: &store::Row| -> Result<Value> {
        let cycle = cycle_of(r.int(0))?;
        let number = |i: usize| match r.value(i) {
            store::Value::Real(n) => *n as i64,
            store::Value::Text(t) => t.parse().unwrap_or(0),
            _ => r.int(i),
        };
        Ok(json!({"label": cycle.label(), "first": cycle.first(), "last": cycle.last(), "closedAt": r.opt_time(2),
            "runs": r.int(3), "records": number(4), "bytes": number(5)}))
    };
    Ok(Reply::ok(&rows.iter().map(one).collect::<Result<Vec<_>>>()?))
}

fn file_json(s: &FileState) -> Value {
    json!({
        "id": s.id, "name": s.name, "state": s.state, "bytes": s.bytes, "position": s.position, "line": s.line, "taken": s.taken,
        "late": s.late, "duplicates": s.duplicates, "suspended": s.suspended, "refused": s.refused, "error": s.error,
        "operator": s.operator, "startedAt": s.started_at, "endedAt": s.ended_at,
    })
}

async fn all_files(ctx: Ctx) -> Answer {
    let page = ctx.paging(50, 200)?;
    let all = ctx.read(move |tx| files::list(tx, page.limit, page.offset)).await?;
    Ok(Reply::ok(&all.iter().map(file_json).collect::<Vec<_>>()))
}

async fn one_file(ctx: Ctx, Path(id): Path<String>) -> Answer {
    Ok(Reply::ok(&file_json(&ctx.peek(move |tx| files::load(tx, &id)).await?)))
}

async fn upload(ctx: Ctx, Raw(bytes): Raw) -> Answer {
    let name = ctx.parameter("name").unwrap_or_else(|| "usage.csv".into());
    if name.chars().count() > 120 || name.chars().any(char::is_control) {
        return Err(Problem::invalid("name", "≤ 120").into());
    }
    if bytes.is_empty() {
        return Err(Problem::new(&problems::EMPTY_FILE).into());
    }
    let db = ctx.app.db().clone();
    let path = files::upload_path(&db);
    let to = path.clone();
    let kept = tokio::task::spawn_blocking(move || -> Result<(String, u64)> {
        let gone = |e: std::io::Error| Problem::new(&problems::FILE_GONE).because(e);
        std::fs::create_dir_all(to.parent().unwrap_or(&to)).map_err(gone)?;
        std::fs::write(&to, &bytes).map_err(gone)?;
        // The import is answered as taken over: the file must outlive the power.
        std::fs::File::open(&to).and_then(|f| f.sync_all()).map_err(gone)?;
        files::digest(&to)
    });
    let (digest, bytes) = kept.await.map_err(Problem::internal)??;
    let fingerprint = digest.clone();
    let file = path.clone();
    let reply = ctx
        .create(&fingerprint, move |tx| {
            let state = files::submit(tx, &NewFile { path: &file, name: &name, digest: &digest, bytes })?;
            Ok(Reply::created(&format!("/api/v1/usage/files/{}", state.id), &file_json(&state)))
        })
        .await;
    if reply.is_err() {
        let _ = std::fs::remove_file(path); // refused: nobody will read it
    }
    Ok(reply?)
}

async fn stop(ctx: Ctx, Path(id): Path<String>) -> Answer {
    Ok(Reply::ok(&file_json(&ctx.write(move |tx| files::stop(tx, &id)).await?)))
}

async fn resume(ctx: Ctx, Path(id): Path<String>) -> Answer {
    Ok(Reply::ok(&file_json(&ctx.write(move |tx| files::resume(tx, &id)).await?)))
}

async fn refused(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let csv = ctx.read(move |tx| {
        files::load(tx, &id)?;
        let mut csv = String::from("\u{feff}line,code,原因,reason,value,row\r\n");
        files::refusals(tx, &id, |r| {
            let title = suspense::title(r.str(1));
            let text = |lang: &str| cell(title[lang].as_str().unwrap_or(""));
            let (zh, en) = (text("zh-CN"), text("en"));
            csv.push_str(&format!("{},{},{zh},{en},{},{}\r\n", r.int(0), r.str(1), cell(r.str(2)), cell(r.str(3))));
        })?;
        Ok(csv)
    });
    Ok(Reply::text(200, csv.await?)
        .header("content-type", "text/csv; charset=utf-8")
        .header("content-disposition", "attachment; filename=\"refused.csv\""))
}

async fn pool(ctx: Ctx) -> Answer {
    let state = ctx.parameter("state").unwrap_or_else(|| "open".into());
    if !["open", "recycled", "discarded"].contains(&state.as_str()) {
        return Err(Problem::new(&codes::QUERY_INVALID).with("detail", "state").into());
    }
    let (code, number, page) = (ctx.parameter("code"), ctx.parameter("number"), ctx.paging(PAGE, MOST_ROWS)?);
    let (rows, total, counts) = ctx
        .read(move |tx| {
            let actor = tx.actor().clone();
            let paging = (page.limit, page.offset);
            let (rows, total) = suspense::page(tx, &actor, &state, code.as_deref(), number.as_deref(), paging)?;
            Ok((rows, total, suspense::counts(tx)?))
        })
        .await?;
    Ok(Reply::ok(&json!({"records": rows, "open": counts})).total(total))
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Chosen {
    #[serde(default)]
    ids: Vec<String>,
    #[serde(default)]
    number: String,
    #[serde(default)]
    all: bool,
    #[serde(default)]
    reason: String,
}

impl Chosen {
    fn choice(&self) -> Result<Choice> {
        match (self.ids.len(), self.number.trim(), self.all) {
            (1..=MOST_IDS, "", false) => Ok(Choice::Ids(self.ids.clone())),
            (0, number, false) if !number.is_empty() => Ok(Choice::Number(number.to_owned())),
            (0, "", true) => Ok(Choice::All),
            _ => Err(Problem::new(&problems::POOL_CHOICE)),
        }
    }
}

async fn recycle(ctx: Ctx, body: Body<Chosen>) -> Answer {
    let choice = Arc::new(body.value.choice()?);
    let passed = ctx.write(move |tx| suspense::recycle(tx, &choice)).await?;
    Ok(Reply::ok(&passed.to_json()))
}

async fn discard(ctx: Ctx, body: Body<Chosen>) -> Answer {
    let (choice, reason) = (Arc::new(body.value.choice()?), body.value.reason.chars().take(500).collect::<String>());
    let count = ctx.write(move |tx| suspense::discard(tx, &choice, &reason)).await?;
    Ok(Reply::ok(&json!({"discarded": count})))
}

async fn all_settings(ctx: Ctx) -> Answer {
    Ok(Reply::ok(&ctx.read(settings::all).await?))
}

#[derive(Clone, Deserialize)]
struct Set {
    value: i64,
}

async fn set(ctx: Ctx, Path(name): Path<String>, body: Body<Set>) -> Answer {
    let value = body.value.value;
    let all = ctx.write(move |tx| {
        settings::set(tx, &name, value)?;
        settings::all(tx)
    });
    Ok(Reply::ok(&all.await?))
}
