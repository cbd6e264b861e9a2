//! Runs queued imports one after another.

use super::announce;
use crate::tariffs::{self, Input, Refusal, Report};
use http::{App, BoxFuture};
use kernel::{Actor, Lang, OrgPath, Problem, Result};
use serde_json::json;
use std::{sync::Arc, time::Duration};
use store::{Db, params, sql};

sql! {
    WAITING = "SELECT id FROM tariff_import WHERE state = 'queued' OR (state = 'running' AND lease_until < $1) ORDER BY created_at, id LIMIT 1";
    /// A new start forgets what a broken-off run had counted and refused.
    CLAIM = "UPDATE tariff_import SET state = 'running', lease_until = $2, started_at = COALESCE(started_at, $3), total = 0, done = 0, \
             created = 0, updated = 0, unchanged = 0, refused = 0 \
             WHERE id = $1 AND (state = 'queued' OR (state = 'running' AND lease_until < $3)) RETURNING file, org, actor, actor_name, content";
    FORGET = "DELETE FROM tariff_refusal WHERE import_id = $1";
    REFUSED = "INSERT INTO tariff_refusal (import_id, seq, line, row_id, field, code, reason_zh, reason_en, content) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING";
    MOVE = "UPDATE tariff_import SET lease_until = $2, total = $3, done = $4, created = $5, updated = $6, unchanged = $7, refused = $8 \
            WHERE id = $1 AND state = 'running' RETURNING cancel";
    END = "UPDATE tariff_import SET state = $2, ended_at = $3, error = $4, content = NULL WHERE id = $1";
}

const LEASE_SECONDS: i64 = 60;
/// How often a waiting import is looked for when nothing wakes us.
const PAUSE: Duration = Duration::from_secs(2);
/// Live pages hear of a running import this many times at most.
const NOTICES: u64 = 20;

struct Claimed {
    id: String,
    /// Where the import itself belongs.
    org: OrgPath,
    input: Input,
    actor: Actor,
}

pub(crate) fn run(app: App) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        // A system without specifications could sell nothing, so they are there from the first start on.
        if let Err(problem) = app.db().write(Actor::system(), crate::ensure_defaults).await {
            tracing::warn!(%problem, "default specifications");
        }
        while !app.is_stopping() {
            match run_import(&app).await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(problem) => tracing::warn!(%problem, "tariff import"),
            }
            tokio::select! {
                () = app.db().emitted() => {}
                () = tokio::time::sleep(PAUSE) => {}
                () = app.stopped() => return,
            }
        }
    })
}

/// Takes one waiting import to its end. False where none waits.
pub async fn run_import(app: &App) -> Result<bool> {
    let now = app.db().env().now();
    let waiting =
        app.db().read(Actor::system(), move |tx| Ok(tx.query_opt(&WAITING, params![now])?.map(|r| r.text(0)))).await?;
    let Some(id) = waiting else { return Ok(false) };
    let claimed = app.db().write(Actor::system(), move |tx| {
        let Some(row) = tx.query_opt(&CLAIM, params![id, tx.now().plus_seconds(LEASE_SECONDS), tx.now()])? else {
            return Ok(None);
        };
        tx.execute(&FORGET, params![id])?;
        let org = OrgPath::parse(row.str(1))?;
        announce(tx, &id, &org, "TariffImportStateChangeEvent")?;
        let bytes = match row.value(4) {
            store::Value::Blob(bytes) => bytes.clone(),
            _ => Vec::new(),
        };
        // The catalogue belongs to the group: who may import changes it in the group's place, under their own name.
        let actor = Actor { id: row.str(2).into(), name: row.str(3).into(), ..Actor::system() };
        let input = Input::Bytes { name: row.text(0), bytes: Arc::new(bytes) };
        Ok(Some(Claimed { id: id.clone(), org, input, actor }))
    });
    let Some(claimed) = claimed.await? else { return Ok(true) };
    let worker = app.clone();
    let done = tokio::task::spawn_blocking(move || carry_out(&worker, &claimed)).await;
    done.map_err(Problem::internal)?.map(|()| true)
}

fn carry_out(app: &App, claimed: &Claimed) -> Result<()> {
    let db = app.db();
    let (mut seq, mut told) = (0, 0);
    let mut keep = |refused: &[Refusal]| {
        let (id, first, rows) = (claimed.id.clone(), seq, refused.to_vec());
        seq += refused.len() as i64;
        if rows.is_empty() {
            return Ok(());
        }
        db.write_blocking(Actor::system(), move |tx| {
            for (at, r) in (first..).zip(&rows) {
                let (zh, en) = (r.problem.reason(Lang::Zh), r.problem.reason(Lang::En));
                tx.execute(&REFUSED, params![id, at, r.line as i64, r.id, r.field, r.code().id, zh, en, r.row])?;
            }
            Ok(())
        })
    };
    let mut progress = |report: &Report| {
        let notice = report.done * NOTICES / report.total.max(1);
        let tell = std::mem::replace(&mut told, notice) < notice;
        Ok(step(db, claimed, *report, tell)? && !app.is_stopping())
    };
    let outcome = tariffs::import(db, &claimed.actor, &claimed.input, &mut keep, &mut progress);
    if app.is_stopping() && outcome.as_ref().is_ok_and(|r| r.stopped) {
        return Ok(()); // the lease runs out and the next process goes on
    }
    end(db, claimed, &outcome)
}

/// Writes how far it is and renews the lease. False where it is to stop.
fn step(db: &Db, claimed: &Claimed, report: Report, tell: bool) -> Result<bool> {
    let (id, org) = (claimed.id.clone(), claimed.org.clone());
    db.write_blocking(claimed.actor.clone(), move |tx| {
        let counts = [report.total, report.done, report.created, report.updated, report.unchanged, report.refused]
            .map(|n| n as i64);
        let lease = tx.now().plus_seconds(LEASE_SECONDS);
        let row =
            tx.query_opt(&MOVE, params![id, lease, counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]])?;
        if tell {
            announce(tx, &id, &org, "TariffImportProgressEvent")?;
        }
        Ok(row.is_some_and(|r| r.int(0) == 0))
    })
}

fn end(db: &Db, claimed: &Claimed, outcome: &Result<Report>) -> Result<()> {
    let (id, org) = (claimed.id.clone(), claimed.org.clone());
    let (state, error) = match outcome {
        Ok(report) if report.stopped => ("cancelled", None),
        Ok(_) => ("done", None),
        Err(p) => {
            let text = |lang, stop| format!("{}{stop}{}", p.reason(lang), p.help(lang));
            tracing::warn!(import = %id, problem = %p, "tariff import failed");
            ("failed", Some(json!({"code": p.code.id, "zh": text(Lang::Zh, "。"), "en": text(Lang::En, ". ")})))
        }
    };
    db.write_blocking(claimed.actor.clone(), move |tx| {
        tx.execute(&END, params![id, state, tx.now(), error])?;
        announce(tx, &id, &org, "TariffImportStateChangeEvent")
    })
}
