//! What this crate itself contributes: the live stream, hubs, the event API, the API description, the error table, and
//! the sequencer that gives events their places.

use crate::{
    Access::{LoggedIn, Needs, Public},
    Answer, App, Background, Check, Ctx, Module, Reply, Route, hub, live, openapi,
};
use axum::extract::Path;
use kernel::{Lang, Problem, Result};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use store::{Migration, Tx, params, sql};

const MIGRATIONS: &[Migration] = &[Migration::new("http", 1, include_str!("../migrations/0001_hub.sql"))];

/// The module of this crate. `others` are all other modules: each of their APIs gets a hub.
pub fn module(others: &[Module]) -> Module {
    let mut routes = vec![
        Route::get("/api/v1/events", LoggedIn, live::events)
            .doc("Live events (text/event-stream)")
            .parameter("topic", "only events of this topic, such as order:ID")
            .parameter("lastEventId", "replay from here, like the header Last-Event-ID"),
        Route::get("/openapi.json", Public, openapi::document).doc("This description"),
        Route::get("/api/v1/problems", Public, problems).doc("Every error code with its texts"),
        Route::get("/api/v1/problems/{code}", Public, problem).doc("One error code"),
        Route::get("/api/v1/permissions", LoggedIn, rights).doc("Every right that a role can give"),
        Route::get("/api/v1/dead-letters", Needs(hub::MANAGE), hub::dead_letters)
            .doc("Events that could not be delivered"),
        Route::post("/api/v1/dead-letters/{id}/retry", Needs(hub::MANAGE), hub::retry)
            .doc("Deliver a dead letter again"),
    ];
    routes.extend(hub::topic::routes());
    let infos: Vec<_> = others.iter().flat_map(|m| &m.routes).chain(&routes).map(|r| r.info.clone()).collect();
    routes.extend(hub::routes(&infos));
    Module {
        name: "http",
        routes,
        migrations: MIGRATIONS,
        problems: &[],
        permissions: &[hub::MANAGE, hub::READ],
        background: vec![
            Background { name: "sequencer", run: |app| Box::pin(keep_sequencing(app)) },
            Background { name: "hub", run: |app| Box::pin(hub::keep_delivering(app)) },
        ],
        checks: vec![Check { name: "outbox", run: check_outbox }],
        answers: Vec::new(),
    }
}

/// Without news the outbox is looked at this often: another process may have written.
const LOOK_EVERY: Duration = Duration::from_millis(200);

async fn keep_sequencing(app: App) {
    let mut at = None;
    loop {
        match place(&app, at).await {
            Ok((position, more)) => {
                at = Some(position);
                if more {
                    continue;
                }
            }
            Err(problem) => tracing::warn!(%problem, "events could not be placed; trying again"),
        }
        tokio::select! {
            () = app.db().emitted() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
            () = app.stopped() => return,
        }
    }
}

/// Places what waits and tells live pages and hubs. Other processes place events too, so it reads on from where this
/// one last stood, not from what it placed itself.
async fn place(app: &App, at: Option<i64>) -> Result<(i64, bool)> {
    const BATCH: i64 = 1_000;
    let system = kernel::Actor::system;
    let at = match at {
        Some(at) => at,
        None => app.db().read(system(), store::last_position).await?,
    };
    let placed = store::sequence(app.db()).await?;
    if app.events().receiver_count() == 0 {
        let position = if placed > 0 { app.db().read(system(), store::last_position).await? } else { at };
        return Ok((position, placed > 0));
    }
    let news = app.db().read(system(), move |tx| store::headlines_after(tx, at, BATCH)).await?;
    let position = news.last().map_or(at, |e| e.position);
    let more = placed > 0 || news.len() as i64 == BATCH;
    for event in news {
        let _ = app.events().send(Arc::new(event)); // nobody may be listening
    }
    Ok((position, more))
}

sql! {
    GAPS = "SELECT COUNT(*), COALESCE(MIN(position), 0), COALESCE(MAX(position), 0) FROM outbox WHERE position IS NOT NULL";
    AHEAD = "SELECT consumer, position FROM outbox_cursor WHERE position > $1 ORDER BY consumer";
}

/// Positions run without gaps, and no reader claims to have seen more than there is.
fn check_outbox(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    let row = tx.query_one(&GAPS, params![])?;
    let (count, first, last) = (row.int(0), row.int(1), row.int(2));
    let mut findings = Vec::new();
    if count > 0 && last - first + 1 != count {
        findings.push(format!(
            "{} of the events between position {first} and {last} are missing",
            last - first + 1 - count
        ));
    }
    for row in tx.query(&AHEAD, params![last])? {
        findings.push(format!("the consumer {} has read up to {}, the last event is {last}", row.str(0), row.int(1)));
    }
    Ok(findings)
}

fn describe(code: &kernel::Code) -> Value {
    json!({
        "code": code.id, "status": code.status,
        "i18n": {
            "zh-CN": {"reason": code.zh, "message": code.zh_help},
            "en": {"reason": code.en, "message": code.en_help},
        },
    })
}

async fn problems(ctx: Ctx) -> Answer {
    let mut all = ctx.app.problems().to_vec();
    all.sort_by_key(|c| c.id);
    all.dedup_by_key(|c| c.id);
    Ok(Reply::ok(&all.into_iter().map(describe).collect::<Vec<_>>()))
}

async fn problem(ctx: Ctx, Path(code): Path<String>) -> Answer {
    let found = ctx.app.problems().iter().find(|c| c.id == code);
    Ok(Reply::ok(&describe(found.ok_or_else(Problem::not_found)?)))
}

async fn rights(ctx: Ctx) -> Answer {
    let text = |p: &kernel::Perm| if ctx.lang == Lang::En { p.en } else { p.zh };
    let one = |p: &kernel::Perm| json!({"name": p.name, "title": {"zh-CN": p.zh, "en": p.en}, "text": text(p)});
    Ok(Reply::ok(&ctx.app.permissions().iter().map(one).collect::<Vec<_>>()))
}
