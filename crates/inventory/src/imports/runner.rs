//! Works off queued files, one after another.

use super::{
    announce,
    rows::{self, Line, Wanted},
};
use crate::{
    numbers::{Range, add_numbers},
    problems,
    stock::{ItemState, Kind, Movement, record},
};
use http::{App, BoxFuture};
use kernel::{Actor, Lang, OrgPath, Problem, Result};
use serde_json::json;
use std::{sync::Arc, time::Duration};
use store::{Db, Tx, params, sql};

sql! {
    WAITING = "SELECT id FROM inventory_import WHERE state = 'queued' OR (state = 'running' AND lease_until < $1) ORDER BY created_at, id LIMIT 1";
    CLAIM = "UPDATE inventory_import SET state = 'running', lease_until = $2, started_at = COALESCE(started_at, $3), total = $4 \
             WHERE id = $1 AND (state = 'queued' OR (state = 'running' AND lease_until < $3)) RETURNING line, inside";
    CONTENT = "SELECT kind, content, scope, actor, actor_name, warehouse_id, org FROM inventory_import WHERE id = $1";
    MOVE = "UPDATE inventory_import SET lease_until = $2, line = $3, inside = $4, done = done + $5, added = added + $6, same = same + $7, \
            refused = refused + $8 WHERE id = $1 AND state = 'running' RETURNING stop";
    REFUSED = "INSERT INTO inventory_refusal (import_id, line, code, reason_zh, reason_en, content) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    END = "UPDATE inventory_import SET state = $2, ended_at = $3, error = $4, content = CASE WHEN $2 = 'done' THEN NULL ELSE content END WHERE id = $1";
    KNOWN = "SELECT kind, COALESCE(imsi, '') FROM stock_item WHERE serial = $1";
    IMSI = "SELECT serial FROM stock_item WHERE imsi = $1";
    ITEM = "INSERT INTO stock_item (serial, kind, model, imsi, warehouse_id, org, state, updated_at) VALUES ($1, $2, $3, $4, $5, $6, 'inStock', $7) \
            ON CONFLICT DO NOTHING";
    SECRET = "INSERT INTO stock_secret (serial, sealed) VALUES ($1, $2) ON CONFLICT DO NOTHING";
}

const LEASE_SECONDS: i64 = 60;
/// How often a waiting file is looked for when nothing wakes us.
const PAUSE: Duration = Duration::from_secs(2);
/// Numbers, and pieces, a transaction: other people's work goes on between two.
const NUMBERS: u64 = 20_000;
const PIECES: usize = 500;

struct Job {
    id: String,
    actor: Actor,
    warehouse: Option<String>,
    org: OrgPath,
    lines: Vec<Line>,
    line: usize,
    inside: u64,
}

#[derive(Clone, Copy, Default)]
struct Counts {
    done: i64,
    added: i64,
    same: i64,
    refused: i64,
}

pub(crate) fn run(app: App) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        while !app.is_stopping() {
            match run_import(&app).await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(problem) => tracing::warn!(%problem, "inventory import"),
            }
            tokio::select! {
                () = app.db().emitted() => {}
                () = tokio::time::sleep(PAUSE) => {}
                () = app.stopped() => return,
            }
        }
    })
}

/// Takes one waiting file to its end, or to where it is stopped. False where none waits.
pub async fn run_import(app: &App) -> Result<bool> {
    let now = app.db().env().now();
    let waiting =
        app.db().read(Actor::system(), move |tx| Ok(tx.query_opt(&WAITING, params![now])?.map(|r| r.text(0)))).await?;
    let Some(id) = waiting else { return Ok(false) };
    let worker = app.clone();
    let done = tokio::task::spawn_blocking(move || carry_out(&worker, id)).await;
    done.map_err(Problem::internal)?.map(|()| true)
}

fn carry_out(app: &App, id: String) -> Result<()> {
    let db = app.db();
    let Some(mut job) = claim(db, &id)? else { return Ok(()) };
    let outcome = work(app, db, &mut job);
    let (state, error) = match &outcome {
        Ok(true) => ("done", None),
        Ok(false) if app.is_stopping() => return Ok(()), // the lease runs out and the next process goes on
        Ok(false) => ("stopped", None),
        Err(p) => {
            tracing::warn!(import = %id, problem = %p, "inventory import failed");
            let text = |lang| p.reason(lang);
            ("failed", Some(json!({"code": p.code.id, "zh": text(Lang::Zh), "en": text(Lang::En)})))
        }
    };
    db.write_blocking(job.actor, move |tx| {
        let now = tx.now();
        tx.execute(&END, params![id, state, now, error])?;
        announce(tx, &id, "InventoryImportStateChangeEvent")
    })
}

fn claim(db: &Db, id: &str) -> Result<Option<Job>> {
    let id = id.to_owned();
    db.write_blocking(Actor::system(), move |tx| {
        let row = tx.query_one(&CONTENT, params![id])?;
        let content = match row.value(1) {
            store::Value::Blob(bytes) => bytes.clone(),
            _ => Vec::new(),
        };
        let lines = rows::read(row.str(0), &content)?;
        let total = lines.iter().fold(0i64, |sum, l| sum.saturating_add(l.size()));
        let now = tx.now();
        let lease = now.plus_seconds(LEASE_SECONDS);
        let Some(at) = tx.query_opt(&CLAIM, params![id, lease, now, total])? else { return Ok(None) };
        announce(tx, &id, "InventoryImportStateChangeEvent")?;
        let scope = OrgPath::parse(row.str(2))?;
        let org = OrgPath::parse(row.str(6))?;
        // Under the name of who brought the file, and no further than they could reach.
        let actor =
            Actor { id: row.str(3).into(), name: row.str(4).into(), org: org.clone(), scope, ..Actor::system() };
        let (line, inside) = (usize::try_from(at.int(0)).unwrap_or(0), u64::try_from(at.int(1)).unwrap_or(0));
        Ok(Some(Job { id: id.clone(), actor, warehouse: row.opt_text(5), org, lines, line, inside }))
    })
}

/// True at the end of the file, false where somebody stopped it.
fn work(app: &App, db: &Db, job: &mut Job) -> Result<bool> {
    while job.line < job.lines.len() {
        if app.is_stopping() {
            return Ok(false);
        }
        let stopped = match &job.lines[job.line].wanted {
            Ok(Wanted::Numbers { range, org, class }) => {
                let (range, org, class) = (*range, org.clone().unwrap_or_else(|| job.org.clone()), class.clone());
                numbers(db, job, range, org, class)?
            }
            _ => pieces(db, job)?,
        };
        if stopped {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A part of a range; the next turn goes on behind it.
fn numbers(db: &Db, job: &mut Job, range: Range, org: OrgPath, class: Option<String>) -> Result<bool> {
    let from = range.first + job.inside;
    // Up to the end of a thousand, which is what one statement writes.
    let to = range.last.min((from + NUMBERS) / 1_000 * 1_000 - 1);
    let part = Range { first: from, last: to, ..range };
    let (id, line) = (job.id.clone(), job.lines[job.line].clone());
    let at = job.line as i64;
    let (next_line, next_inside) =
        if to == range.last { (at + 1, 0) } else { (at, i64::try_from(to + 1 - range.first).unwrap_or(0)) };
    let skipped = i64::try_from(range.last + 1 - from).unwrap_or(0);
    let (stopped, refused) = db.load_blocking(job.actor.clone(), move |tx| {
        let size = i64::try_from(part.size()).unwrap_or(0);
        let taken = allowed(tx, &org).and_then(|()| add_numbers(tx, part, &org, class.as_deref()));
        let (counts, refused, next) = match taken {
            Ok(added) => {
                let added = i64::try_from(added).unwrap_or(0);
                (Counts { done: size, added, same: size - added, refused: 0 }, false, (next_line, next_inside))
            }
            Err(problem) if problem.code.status < 500 => {
                refuse(tx, &id, &line, &problem)?;
                (Counts { done: skipped, refused: 1, ..Counts::default() }, true, (at + 1, 0))
            }
            Err(problem) => return Err(problem),
        };
        Ok((step(tx, &id, next, counts)?, refused))
    })?;
    (job.line, job.inside) = match (refused, to == range.last) {
        (false, false) => (job.line, to + 1 - range.first),
        _ => (job.line + 1, 0),
    };
    Ok(stopped)
}

fn allowed(tx: &mut Tx<'_>, org: &OrgPath) -> Result<()> {
    if tx.actor().sees(org.as_str()) && access::org_exists(tx, org)? {
        return Ok(());
    }
    Err(Problem::unknown_reference("org", org.as_str()))
}

fn refuse(tx: &mut Tx<'_>, id: &str, line: &Line, problem: &Problem) -> Result<()> {
    let (zh, en) = (problem.reason(Lang::Zh), problem.reason(Lang::En));
    tx.execute(&REFUSED, params![id, line.at, problem.code.id, zh, en, line.text]).map(drop)
}

/// Writes how far it is and renews the lease. True where it is to stop.
fn step(tx: &mut Tx<'_>, id: &str, next: (i64, i64), c: Counts) -> Result<bool> {
    let lease = tx.now().plus_seconds(LEASE_SECONDS);
    let row = tx.query_opt(&MOVE, params![id, lease, next.0, next.1, c.done, c.added, c.same, c.refused])?;
    Ok(row.is_none_or(|r| r.flag(0)))
}

fn pieces(db: &Db, job: &mut Job) -> Result<bool> {
    let rest = &job.lines[job.line..];
    let ranges = rest.iter().position(|l| matches!(l.wanted, Ok(Wanted::Numbers { .. }))).unwrap_or(rest.len());
    let to = job.line + ranges.min(PIECES);
    let batch = Arc::new(job.lines[job.line..to].to_vec());
    let (id, next) = (job.id.clone(), (to as i64, 0));
    let (warehouse, org) = (job.warehouse.clone().unwrap_or_default(), job.org.clone());
    let stopped = db.write_blocking(job.actor.clone(), move |tx| {
        let mut counts = Counts::default();
        for line in batch.iter() {
            counts.done += 1;
            match line.wanted.clone().and_then(|w| piece(tx, &id, &warehouse, &org, w)) {
                Ok(true) => counts.added += 1,
                Ok(false) => counts.same += 1,
                Err(problem) if problem.code.status < 500 => {
                    refuse(tx, &id, line, &problem)?;
                    counts.refused += 1;
                }
                Err(problem) => return Err(problem),
            }
        }
        step(tx, &id, next, counts)
    })?;
    job.line = to;
    Ok(stopped)
}

/// True where the piece is new; false where it was there already, just so.
fn piece(tx: &mut Tx<'_>, id: &str, warehouse: &str, org: &OrgPath, wanted: Wanted) -> Result<bool> {
    let Wanted::Piece { kind, serial, model, imsi, secret } = wanted else {
        return Err(Problem::internal("a range is no piece"));
    };
    if let Some(row) = tx.query_opt(&KNOWN, params![serial])? {
        let same = row.str(0) == kind.text() && (kind != Kind::Sim || Some(row.str(1)) == imsi.as_deref());
        return if same { Ok(false) } else { Err(Problem::new(&problems::SERIAL_TAKEN).with("value", &serial)) };
    }
    if let Some(imsi) = &imsi
        && tx.query_opt(&IMSI, params![imsi])?.is_some()
    {
        return Err(Problem::new(&problems::SERIAL_TAKEN).with("value", imsi));
    }
    let now = tx.now();
    if tx.execute(&ITEM, params![serial, kind.text(), model, imsi, warehouse, org, now])? == 0 {
        return Ok(false);
    }
    if let Some(secret) = secret {
        let sealed = tx.vault().seal(&secret.to_string())?;
        tx.execute(&SECRET, params![serial, sealed])?;
    }
    let to = ItemState::InStock;
    record(
        tx,
        &[Movement {
            serial: &serial,
            kind,
            what: "import",
            from: None,
            to,
            warehouse,
            org,
            reason: "",
            reference: id,
        }],
    )?;
    Ok(true)
}
