//! Jobs: a payload for a handler, done once; again with growing pauses when it fails; dead, and visible, after the last.

use crate::registry;
use http::{App, BoxFuture};
use kernel::{Actor, Problem, Result, Timestamp};
use serde_json::Value;
use std::time::Duration;
use store::{Tx, params, sql};

/// Does jobs of one kind. The same job may come twice (a process may die after the work and before the booking).
pub struct JobHandler {
    pub kind: &'static str,
    pub run: fn(App, Value) -> BoxFuture<'static, Result<()>>,
}

/// A taken job is due again after this, unless its runner says that it is still at work.
pub(crate) const LEASE_SECONDS: i64 = 60;
const PAUSES: [i64; 6] = [1, 5, 30, 120, 600, 3_600];

sql! {
    INSERT = "INSERT INTO job (id, kind, payload, state, run_at, attempts, created_at) VALUES ($1, $2, $3, 'queued', $4, 0, $5)";
    DUE = "SELECT id, kind, payload, attempts FROM job WHERE state = 'queued' AND run_at <= $1 ORDER BY run_at LIMIT $2 {skip_locked}";
    TAKE = "UPDATE job SET run_at = $2, attempts = attempts + 1 WHERE id = $1";
    EXTEND = "UPDATE job SET run_at = $2 WHERE id = $1 AND state = 'queued'";
    DONE = "DELETE FROM job WHERE id = $1";
    AGAIN = "UPDATE job SET state = $2, run_at = $3, error = $4 WHERE id = $1";
    DEAD = "SELECT id, kind, attempts, error, created_at FROM job WHERE state = 'dead' ORDER BY created_at LIMIT $1";
    REVIVE = "UPDATE job SET state = 'queued', attempts = 0, run_at = $2 WHERE id = $1 AND state = 'dead'";
    NEXT = "SELECT MIN(run_at) FROM job WHERE state = 'queued'";
}

/// Puts a job into the queue with this transaction.
pub fn enqueue(tx: &mut Tx<'_>, kind: &str, payload: Value, run_at: Timestamp) -> Result<String> {
    let id = tx.new_id::<JobHandler>().into_string();
    let now = tx.now();
    tx.execute(&INSERT, params![id, kind, payload, run_at, now])?;
    tx.poke();
    Ok(id)
}

/// A job that was given up.
#[derive(Clone, Debug)]
pub struct DeadJob {
    pub id: String,
    pub kind: String,
    pub attempts: i64,
    pub error: Option<String>,
    pub created_at: Timestamp,
}

pub fn dead(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<DeadJob>> {
    let rows = tx.query(&DEAD, params![limit])?;
    let read = |r: &store::Row| DeadJob {
        id: r.text(0),
        kind: r.text(1),
        attempts: r.int(2),
        error: r.opt_text(3),
        created_at: r.time(4),
    };
    Ok(rows.iter().map(read).collect())
}

/// Puts a dead job back into the queue.
pub fn revive(tx: &mut Tx<'_>, id: &str) -> Result<()> {
    let now = tx.now();
    match tx.execute(&REVIVE, params![id, now])? {
        0 => Err(Problem::not_found()),
        _ => {
            tx.poke();
            Ok(())
        }
    }
}

pub(crate) struct Taken {
    id: String,
    kind: String,
    payload: Value,
    attempts: i64,
}

pub(crate) fn take(tx: &mut Tx<'_>, most: i64) -> Result<Vec<Taken>> {
    let now = tx.now();
    let rows = tx.query(&DUE, params![now, most])?;
    let until = now.plus_seconds(LEASE_SECONDS);
    rows.iter()
        .map(|row| {
            tx.execute(&TAKE, params![row.str(0), until])?;
            Ok(Taken { id: row.text(0), kind: row.text(1), payload: row.json(2), attempts: row.int(3) + 1 })
        })
        .collect()
}

pub(crate) fn next_due(tx: &mut Tx<'_>) -> Result<Option<Timestamp>> {
    Ok(tx.query_one(&NEXT, params![])?.opt_time(0))
}

/// Runs one taken job to its end and books it; says from time to time that it is still at work.
pub(crate) async fn run(app: App, job: Taken) {
    let Taken { id, kind, payload, attempts } = job;
    let result = match registry().jobs.iter().find(|h| h.kind == kind) {
        None => Err(Problem::internal(format!("no handler for jobs of kind {kind}"))),
        Some(handler) => {
            let mut work = tokio::spawn((handler.run)(app.clone(), payload));
            loop {
                tokio::select! {
                    ended = &mut work => break ended.unwrap_or_else(|e| Err(Problem::internal(e))),
                    () = tokio::time::sleep(Duration::from_secs(LEASE_SECONDS as u64 / 3)) => {
                        let id = id.clone();
                        let _ = app.db().write(Actor::system(), move |tx| { // a missed extension only means a second run
                            let until = tx.now().plus_seconds(LEASE_SECONDS);
                            tx.execute(&EXTEND, params![id, until])
                        }).await;
                    }
                }
            }
        }
    };
    if let Err(problem) = &result {
        tracing::warn!(job = %id, %kind, %problem, attempts, "job failed");
    }
    let booked = app.db().write(Actor::system(), move |tx| match &result {
        Ok(()) => tx.execute(&DONE, params![id]),
        Err(problem) => {
            let pause = usize::try_from(attempts - 1).ok().and_then(|n| PAUSES.get(n));
            let at = tx.now().plus_seconds(pause.copied().unwrap_or(0));
            let state = if pause.is_some() { "queued" } else { "dead" };
            tx.execute(&AGAIN, params![id, state, at, problem.to_string()])
        }
    });
    if let Err(problem) = booked.await {
        tracing::error!(%problem, "a job's end could not be booked; it will be run again");
    }
}
