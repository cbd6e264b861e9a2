//! Sources, files, matchings, the review queue and logical customers over HTTP.

use crate::{MANAGE, READ, REVIEW, codes, problems, records, review, run};
use http::{Access, Answer, Body, Ctx, Raw, Reply, Route, axum::extract::Path};
use kernel::{Actor, Problem, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::atomic::AtomicBool;
use store::{Tx, params, sql};

pub(crate) const IMPORT_JOB: &str = "identity.import";

pub(crate) fn routes() -> Vec<Route> {
    let reads = || Access::Needs(READ);
    let manages = || Access::Needs(MANAGE);
    let reviews = || Access::Needs(REVIEW);
    vec![
        Route::get("/api/v1/identity/sources", reads(), sources).doc("Source systems and how many records each has"),
        Route::put("/api/v1/identity/sources/{code}", manages(), set_source)
            .doc("Enter a source system, or say which columns of its files are what")
            .body(json!({"name": "九七系统", "mapping": {"id": "YHBH", "name": "YHMC", "certificate": "ZJHM", "phone": "DHHM", "address": "ZJDZ"}})),
        Route::get("/api/v1/identity/files", reads(), files).doc("Files taken in, newest first"),
        Route::post("/api/v1/identity/files", manages(), upload)
            .doc("Take a CSV file of a source in (up to 64 MiB; larger ones with `yitai identity import`)")
            .parameter("source", "code of the source system")
            .parameter("name", "the file's name"),
        Route::get("/api/v1/identity/files/{id}", reads(), file).doc("How far a file is"),
        Route::get("/api/v1/identity/files/{id}/refused", reads(), refused).doc("Its refused rows with reasons, as CSV"),
        Route::get("/api/v1/identity/runs", reads(), runs).doc("Matchings, newest first"),
        Route::post("/api/v1/identity/runs", manages(), start).doc("Match all records").body(json!({})),
        Route::get("/api/v1/identity/runs/{id}", reads(), one_run).doc("How far a matching is"),
        Route::post("/api/v1/identity/runs/{id}/stop", manages(), stop).doc("Stop a matching at the next safe place"),
        Route::post("/api/v1/identity/runs/{id}/resume", manages(), resume).doc("Take a stopped matching up again"),
        Route::get("/api/v1/identity/pairs", reviews(), pairs)
            .doc("Doubtful pairs, the likeliest first")
            .parameter("state", "open (default), skipped, accepted or rejected"),
        Route::get("/api/v1/identity/pairs/{key}", reviews(), pair).doc("One pair, side by side"),
        Route::post("/api/v1/identity/pairs/{key}/decide", reviews(), decide)
            .doc("Decide a pair")
            .body(json!({"verdict": "accept", "note": ""})),
        Route::get("/api/v1/identity/codes", reads(), find)
            .doc("Logical customers by code, name, telephone, certificate or source id; those with several customers of ours otherwise")
            .parameter("q", "what was typed")
            .parameter("several", "1: only those with more than one customer of ours"),
        Route::get("/api/v1/identity/codes/{code}", reads(), logical).doc("A logical customer with its records and history"),
        Route::post("/api/v1/identity/codes/{code}/separate", reviews(), separate)
            .doc("Take a record out of a logical customer")
            .body(json!({"recordNo": 1, "reason": "同名不同人"})),
        Route::post("/api/v1/identity/codes/{code}/customer", Access::Needs(customer::CREATE), adopt)
            .doc("Make a customer out of a logical customer that is none of ours yet"),
        Route::post("/api/v1/realname/cards", Access::Needs(party::realname::VERIFY), crate::cards::cards)
            .doc("How many numbers stand on a certificate that was verified just now")
            .body(json!({"verificationId": "…"})),
        Route::get("/api/v1/customers/{id}/identity", reads(), of_customer)
            .doc("A customer's identification code and what other systems know of it"),
    ]
}

async fn sources(ctx: Ctx) -> Answer {
    let all = ctx.read(records::sources).await?;
    let one =
        |(s, n): &(records::Source, i64)| json!({"code": s.code, "name": s.name, "mapping": s.mapping, "records": n});
    Ok(Reply::ok(&all.iter().map(one).collect::<Vec<_>>()))
}

#[derive(Clone, Deserialize)]
struct SetSource {
    #[serde(default)]
    name: String,
    #[serde(default)]
    mapping: Value,
}

async fn set_source(ctx: Ctx, Path(code): Path<String>, body: Body<SetSource>) -> Answer {
    let SetSource { name, mapping } = body.value;
    let word = !code.is_empty() && code.len() <= 40 && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if !word || code == records::CRM {
        return Err(Problem::invalid("code", &code).into());
    }
    if name.trim().is_empty() {
        return Err(Problem::missing("name").into());
    }
    let known = |(k, v): (&String, &Value)| v.is_string() && records::names().any(|n| n == k);
    if !mapping.is_null() && !mapping.as_object().is_some_and(|m| m.iter().all(known)) {
        return Err(Problem::invalid("mapping", &records::names().collect::<Vec<_>>().join(", ")).into());
    }
    let mapping = if mapping.is_null() { json!({}) } else { mapping };
    let reply = ctx.write(move |tx| {
        let source = records::Source { code: code.clone(), name: name.clone(), mapping: mapping.clone() };
        records::set_source(tx, &source)?;
        let detail = json!({"code": code, "name": name, "mapping": mapping});
        let org = tx.actor().org.clone();
        tx.audit("identity.source", "identitySource", &code, &org, &detail)?;
        Ok(Reply::ok(&detail))
    });
    Ok(reply.await?)
}

sql! {
    FILES = "SELECT id, source, name, state, bytes, position, written, unchanged, refused, error, started_at, ended_at, operator, org FROM identity_file \
             WHERE (org = $1 OR (org >= $2 AND org < $3)) ORDER BY id DESC LIMIT $4";
    FILE = "SELECT id, source, name, state, bytes, position, written, unchanged, refused, error, started_at, ended_at, operator, org FROM identity_file WHERE id = $1";
    REFUSED = "SELECT line, reason, text FROM identity_refusal WHERE file_id = $1 ORDER BY line LIMIT 200000";
}

fn file_json(r: &store::Row) -> Value {
    json!({
        "id": r.str(0), "source": r.str(1), "name": r.str(2), "state": r.str(3), "bytes": r.int(4), "position": r.int(5),
        "written": r.int(6), "unchanged": r.int(7), "refused": r.int(8), "error": r.opt_text(9), "startedAt": r.time(10),
        "endedAt": r.opt_time(11), "operator": r.str(12),
    })
}

async fn files(ctx: Ctx) -> Answer {
    let limit = ctx.paging(50, 200)?.limit;
    let rows = ctx.read(move |tx| {
        let scope = tx.actor().scope.clone();
        let (low, high) = scope.below();
        Ok(tx.query(&FILES, params![scope, low, high, limit])?.iter().map(file_json).collect::<Vec<_>>())
    });
    Ok(Reply::ok(&rows.await?))
}

fn visible_file(tx: &mut Tx<'_>, id: &str) -> Result<Value> {
    let row = tx.query_one(&FILE, params![id])?;
    tx.must_see(row.str(13))?;
    Ok(file_json(&row))
}

async fn file(ctx: Ctx, Path(id): Path<String>) -> Answer {
    Ok(Reply::ok(&ctx.peek(move |tx| visible_file(tx, &id)).await?))
}

/// The file is kept beside the data until it is taken in; a job does that, and goes on after a restart.
async fn upload(ctx: Ctx, Raw(bytes): Raw) -> Answer {
    let source = ctx.parameter("source").ok_or_else(|| Problem::missing("source"))?;
    let name = ctx.parameter("name").unwrap_or_else(|| format!("{source}.csv"));
    if name.chars().count() > 120 {
        return Err(Problem::invalid("name", "≤ 120").into());
    }
    if bytes.is_empty() {
        return Err(Problem::new(&problems::EMPTY_FILE).into());
    }
    let checked = source.clone();
    ctx.peek(move |tx| {
        let unknown = || Problem::new(&problems::SOURCE_UNKNOWN).field("source").with("value", &checked);
        records::source(tx, &checked)?.filter(|s| s.code != records::CRM).ok_or_else(unknown)
    })
    .await?;
    let db = ctx.app.db().clone();
    let path = records::upload_path(&db, &db.env().random_hex(8));
    let (to, content) = (path.clone(), bytes.clone());
    let kept = tokio::task::spawn_blocking(move || -> std::io::Result<()> {
        std::fs::create_dir_all(to.parent().unwrap_or(&to))?;
        std::fs::write(&to, &content)
    });
    let failed = |e: String| Problem::new(&problems::WORKPLACE).because(e);
    kept.await.map_err(|e| failed(e.to_string()))?.map_err(|e| failed(e.to_string()))?;
    let fingerprint = format!("{source} {name} {}", bytes.len());
    let reply = ctx.create(&fingerprint, move |tx| {
        let id = records::begin(tx, &records::Import { source: &source, path: &path, name: &name })?;
        let actor = tx.actor().clone();
        let payload =
            json!({"id": id, "actor": &*actor.id, "name": &*actor.name, "scope": actor.scope, "org": actor.org});
        flow::jobs::enqueue(tx, IMPORT_JOB, payload, tx.now())?;
        Ok(Reply::created(&format!("/api/v1/identity/files/{id}"), &visible_file(tx, &id)?))
    });
    Ok(reply.await?)
}

/// Takes an uploaded file in, with the scope of whoever brought it.
pub(crate) fn import_job(app: http::App, payload: Value) -> http::BoxFuture<'static, Result<()>> {
    Box::pin(async move {
        let text = |name: &str| payload.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
        let org = |name: &str| kernel::OrgPath::parse(&text(name));
        let actor = Actor {
            id: text("actor").into(),
            name: text("name").into(),
            org: org("org")?,
            scope: org("scope")?,
            ..Actor::system()
        };
        let (db, id) = (app.db().clone(), text("id"));
        let work = tokio::task::spawn_blocking(move || {
            records::import(&db, &actor, &id, &AtomicBool::new(false), &mut |_| ())
        });
        match work.await.unwrap_or_else(|e| Err(Problem::internal(e))) {
            Err(problem) if problem.code.status >= 500 => Err(problem),
            // What is wrong with the file is kept with it.
            _ => Ok(()),
        }
    })
}

fn cell(text: &str) -> String {
    // A cell that a spreadsheet would take for a formula is made text.
    let guarded = if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text.to_owned() };
    format!("\"{}\"", guarded.replace('"', "\"\""))
}

async fn refused(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let csv = ctx.read(move |tx| {
        visible_file(tx, &id)?;
        let mut csv = String::from("\u{feff}line,reason,row\r\n");
        tx.each(&REFUSED, params![id], |r| {
            csv.push_str(&format!("{},{},{}\r\n", r.int(0), cell(r.str(1)), cell(r.str(2))));
            Ok(())
        })?;
        Ok(csv)
    });
    Ok(Reply::text(200, csv.await?)
        .header("content-type", "text/csv; charset=utf-8")
        .header("content-disposition", "attachment; filename=\"refused.csv\""))
}

async fn runs(ctx: Ctx) -> Answer {
    let limit = ctx.paging(20, 100)?.limit;
    let all = ctx.read(move |tx| run::list(tx, limit)).await?;
    Ok(Reply::ok(&all.iter().map(run::Run::to_json).collect::<Vec<_>>()))
}

async fn start(ctx: Ctx, body: Body<Value>) -> Answer {
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let run = run::start(tx)?;
        Ok(Reply::created(&format!("/api/v1/identity/runs/{}", run.id), &run.to_json()))
    });
    Ok(reply.await?)
}

async fn one_run(ctx: Ctx, Path(id): Path<String>) -> Answer {
    Ok(Reply::ok(&ctx.peek(move |tx| run::load(tx, &id)).await?.to_json()))
}

async fn stop(ctx: Ctx, Path(id): Path<String>) -> Answer {
    Ok(Reply::ok(&ctx.write(move |tx| run::stop(tx, &id)).await?.to_json()))
}

async fn resume(ctx: Ctx, Path(id): Path<String>) -> Answer {
    Ok(Reply::ok(&ctx.write(move |tx| run::resume(tx, &id)).await?.to_json()))
}

async fn pairs(ctx: Ctx) -> Answer {
    let state = ctx.parameter("state").unwrap_or_else(|| "open".into());
    let page = ctx.paging(20, 200)?;
    let (rows, total) = ctx
        .read(move |tx| Ok((review::queue(tx, &state, page.limit, page.offset)?, review::waiting(tx, &state)?)))
        .await?;
    Ok(Reply::ok(&rows).total(total))
}

fn two(key: &str) -> Result<(i64, i64)> {
    let numbers = key.split_once('-').and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
    numbers.ok_or_else(Problem::not_found)
}

async fn pair(ctx: Ctx, Path(key): Path<String>) -> Answer {
    let (a, b) = two(&key)?;
    Ok(Reply::ok(&ctx.read(move |tx| review::pair(tx, a, b)).await?))
}

#[derive(Clone, Deserialize)]
struct Decide {
    #[serde(default)]
    verdict: String,
    #[serde(default)]
    note: String,
}

async fn decide(ctx: Ctx, Path(key): Path<String>, body: Body<Decide>) -> Answer {
    let (a, b) = two(&key)?;
    let verdict = review::Verdict::parse(&body.value.verdict)?;
    let note: String = body.value.note.chars().take(500).collect();
    let reply = ctx.create(&body.fingerprint, move |tx| Ok(Reply::ok(&review::decide(tx, a, b, verdict, &note)?)));
    Ok(reply.await?)
}

async fn find(ctx: Ctx) -> Answer {
    let q = ctx.parameter("q").unwrap_or_default();
    let several = ctx.parameter("several").is_some_and(|s| s == "1" || s == "true");
    let page = ctx.paging(50, 200)?;
    let found = ctx.read(move |tx| {
        let mut logical = Vec::new();
        if q.trim().is_empty() {
            logical = codes::list(tx, several, 2, page.limit, page.offset)?;
        } else {
            let mut wanted: Vec<i64> = codes::parse(&q).into_iter().collect();
            wanted.extend(records::find(tx, &q)?.iter().filter_map(|r| r.code));
            wanted.sort_unstable();
            wanted.dedup();
            for code in wanted.into_iter().take(50) {
                match codes::load(tx, code) {
                    Ok(one) => logical.push(one),
                    Err(p) if p.is(&kernel::codes::NOT_FOUND) => {}
                    Err(p) => return Err(p),
                }
            }
        }
        logical.iter().map(|l| codes::to_json(tx, l)).collect::<Result<Vec<_>>>()
    });
    Ok(Reply::ok(&found.await?))
}

fn code(text: &str) -> Result<i64> {
    codes::parse(text).ok_or_else(Problem::not_found)
}

async fn logical(ctx: Ctx, Path(text): Path<String>) -> Answer {
    let code = code(&text)?;
    let found = ctx.read(move |tx| {
        let logical = codes::load(tx, code)?;
        let mut shown = codes::to_json(tx, &logical)?;
        shown["askedFor"] = json!(codes::shown(code));
        shown["history"] = json!(codes::history(tx, logical.code)?);
        Ok(shown)
    });
    Ok(Reply::ok(&found.await?))
}

async fn of_customer(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let found = ctx.read(move |tx| {
        customer::summary(tx, &id)?;
        let Some(code) = codes::of_customer(tx, &id)? else { return Ok(json!({"code": null, "records": []})) };
        let logical = codes::load(tx, code)?;
        codes::to_json(tx, &logical)
    });
    Ok(Reply::ok(&found.await?))
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Separate {
    record_no: i64,
    #[serde(default)]
    reason: String,
}

async fn separate(ctx: Ctx, Path(text): Path<String>, body: Body<Separate>) -> Answer {
    let (code, ask) = (code(&text)?, body.value);
    if ask.reason.trim().is_empty() {
        return Err(Problem::new(&problems::REASON).field("reason").into());
    }
    let reply = ctx.write(move |tx| {
        let fresh = review::separate(tx, code, ask.record_no, &ask.reason)?;
        Ok(Reply::ok(&json!({"code": codes::shown(fresh), "recordNo": ask.record_no})))
    });
    Ok(reply.await?)
}

async fn adopt(ctx: Ctx, Path(text): Path<String>) -> Answer {
    let code = code(&text)?;
    let reply = ctx.create(&text, move |tx| {
        let id = crate::adopt::adopt(tx, code)?;
        Ok(Reply::created(&customer::CUSTOMER.href(&id), &json!({"customerId": id, "code": codes::shown(code)})))
    });
    Ok(reply.await?)
}
