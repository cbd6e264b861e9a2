//! A matching, from the first record to the last code: it can be stopped, killed and taken up again, and says how far it is.
//!
//! Stages: `refresh` (our own customers), `read` (features and keys into files), `compare` (parts of the keys, on every
//! core), `join` (groups out of what is certain and what was decided), `write` (codes and doubts into the store). The first
//! four can be done again without harm; `write` puts every record where it belongs and is harmless when repeated.

mod join;
mod write;

pub(crate) use join::both;

use crate::{
    matching::engine::{PARTS, Work},
    problems, records, workplace,
};
use http::{App, BoxFuture};
use kernel::{Actor, Lang, OrgPath, Problem, Result, Timestamp};
use serde_json::{Map, Value, json};
use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};
use store::{Db, Event, Row, Tx, params, sql};

pub(crate) const JOB: &str = "identity.run";

#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    pub id: String,
    pub org: OrgPath,
    /// `queued`, `running`, `stopping`, `stopped`, `done`, `failed`.
    pub state: String,
    pub stage: String,
    pub done: i64,
    pub total: i64,
    pub counts: Map<String, Value>,
    pub started_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    pub operator: String,
    pub error: Option<String>,
}

impl Run {
    pub fn to_json(&self) -> Value {
        json!({
            "id": self.id, "state": self.state, "stage": self.stage, "done": self.done, "total": self.total, "counts": self.counts,
            "startedAt": self.started_at, "endedAt": self.ended_at, "operator": self.operator, "error": self.error,
        })
    }
    pub fn count(&self, name: &str) -> i64 {
        self.counts.get(name).and_then(Value::as_i64).unwrap_or(0)
    }
}

sql! {
    INSERT = "INSERT INTO identity_run (id, org, state, stage, done, total, counts, active, started_at, operator) \
              VALUES ($1, $2, 'queued', 'refresh', 0, 0, '{}', 1, $3, $4)";
    LOAD = "SELECT id, org, state, stage, done, total, counts, started_at, ended_at, operator, error FROM identity_run WHERE id = $1";
    LIST = "SELECT id, org, state, stage, done, total, counts, started_at, ended_at, operator, error FROM identity_run \
            WHERE (org = $1 OR (org >= $2 AND org < $3)) ORDER BY id DESC LIMIT $4";
    ACTIVE = "SELECT id FROM identity_run WHERE active = 1";
    SET_STATE = "UPDATE identity_run SET state = $2, active = $3, ended_at = $4, error = $5 WHERE id = $1";
    PROGRESS = "UPDATE identity_run SET stage = $2, done = $3, total = $4, counts = $5 WHERE id = $1";
    STATE = "SELECT state FROM identity_run WHERE id = $1";
    LAST_DONE = "SELECT COALESCE(MAX(started_at), 0) FROM identity_run WHERE state = 'done'";
    COUNT = "SELECT COUNT(*) FROM identity_record";
    FEATURES = "SELECT no, features FROM identity_record WHERE no > $1 ORDER BY no LIMIT 20000";
}

fn from_row(r: &Row) -> Result<Run> {
    let counts = match r.json(6) {
        Value::Object(counts) => counts,
        _ => Map::new(),
    };
    Ok(Run {
        id: r.text(0),
        org: OrgPath::parse(r.str(1))?,
        state: r.text(2),
        stage: r.text(3),
        done: r.int(4),
        total: r.int(5),
        counts,
        started_at: r.time(7),
        ended_at: r.opt_time(8),
        operator: r.text(9),
        error: r.opt_text(10),
    })
}

/// Enters a run and has it done in the background.
pub fn start(tx: &mut Tx<'_>) -> Result<Run> {
    let run = enter(tx)?;
    flow::jobs::enqueue(tx, JOB, json!({"id": run.id}), tx.now())?;
    Ok(run)
}

/// Enters a run; [`go`] does it.
pub fn enter(tx: &mut Tx<'_>) -> Result<Run> {
    if tx.query_opt(&ACTIVE, params![])?.is_some() {
        return Err(Problem::new(&problems::RUN_BUSY));
    }
    let id = tx.new_id::<Run>().into_string();
    let (org, by) = (tx.actor().org.clone(), tx.actor().name.to_string());
    tx.execute(&INSERT, params![id, org, tx.now(), by])?;
    tell(tx, &id, &org, "CreateEvent", &json!({}))?;
    load(tx, &id)
}

fn tell(tx: &mut Tx<'_>, id: &str, org: &OrgPath, what: &str, detail: &Value) -> Result<()> {
    let event = Event::new(format!("IdentityRun{what}"), "identityRun", id, 1, org).topic(format!("identityRun:{id}"));
    tx.emit(event.payload(json!({"identityRun": {"id": id, "detail": detail}})).audit(detail.clone()))
}

pub fn load(tx: &mut Tx<'_>, id: &str) -> Result<Run> {
    let run = from_row(&tx.query_one(&LOAD, params![id])?)?;
    tx.must_see(run.org.as_str())?;
    Ok(run)
}

pub fn list(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<Run>> {
    let scope = tx.actor().scope.clone();
    let (low, high) = scope.below();
    tx.query(&LIST, params![scope, low, high, limit])?.iter().map(from_row).collect()
}

/// Asks a run to stop at the next safe place.
pub fn stop(tx: &mut Tx<'_>, id: &str) -> Result<Run> {
    let run = load(tx, id)?;
    let (state, active) = match run.state.as_str() {
        "queued" => ("stopped", None),
        "running" => ("stopping", Some(1i64)),
        other => return Err(Problem::new(&problems::RUN_STATE).with("state", other)),
    };
    tx.execute(&SET_STATE, params![id, state, active, None::<Timestamp>, None::<String>])?;
    tell(tx, id, &run.org, "StateChangeEvent", &json!({"state": state}))?;
    load(tx, id)
}

/// Takes a stopped or failed run up again.
pub fn resume(tx: &mut Tx<'_>, id: &str) -> Result<Run> {
    let run = load(tx, id)?;
    if !matches!(run.state.as_str(), "stopped" | "failed") {
        return Err(Problem::new(&problems::RUN_STATE).with("state", &run.state));
    }
    if tx.query_opt(&ACTIVE, params![])?.is_some() {
        return Err(Problem::new(&problems::RUN_BUSY));
    }
    tx.execute(&SET_STATE, params![id, "queued", 1i64, None::<Timestamp>, None::<String>])?;
    flow::jobs::enqueue(tx, JOB, json!({"id": id}), tx.now())?;
    tell(tx, id, &run.org, "StateChangeEvent", &json!({"state": "queued"}))?;
    load(tx, id)
}

/// The job's handler.
pub(crate) fn job(app: App, payload: Value) -> BoxFuture<'static, Result<()>> {
    Box::pin(async move {
        let id = payload.get("id").and_then(Value::as_str).unwrap_or("").to_owned();
        let db = app.db().clone();
        let halt = Arc::new(AtomicBool::new(false));
        let (watched, stopping) = (app.clone(), halt.clone());
        let watch = tokio::spawn(async move {
            watched.stopped().await;
            stopping.store(true, Ordering::Relaxed);
        });
        let work = tokio::task::spawn_blocking(move || go(&db, &id, &halt, &mut |_| ()));
        let ended = work.await.unwrap_or_else(|e| Err(Problem::internal(e)));
        watch.abort();
        match ended {
            // What is wrong is kept with the run, where it can be taken up again; the job itself is over.
            Ok(_) => Ok(()),
            Err(problem) if problem.code.status < 500 || problem.is(&problems::WORKPLACE) => Ok(()),
            Err(problem) => Err(problem),
        }
    })
}

/// The runs this process is at: two at once would take each other's files away.
#[derive(Default)]
struct Running(Mutex<HashSet<String>>);

struct Here<'a>(&'a Running, String);

impl Running {
    fn enter(&self, id: &str) -> Option<Here<'_>> {
        let fresh = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id.to_owned());
        fresh.then(|| Here(self, id.to_owned()))
    }
}

impl Drop for Here<'_> {
    fn drop(&mut self) {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.1);
    }
}

/// Does the run `id`, from where it stands, and books its end. `halt` is the process stopping: the run stays `running`, and
/// its job is taken up again.
pub fn go(db: &Db, id: &str, halt: &AtomicBool, progress: &mut dyn FnMut(&Run)) -> Result<Run> {
    let key = id.to_owned();
    let running = db.memory::<Running>();
    let Some(_here) = running.enter(id) else {
        return db.read_blocking(Actor::system(), move |tx| load(tx, &key)); // this process is at it already
    };
    let run = db.write_blocking(Actor::system(), move |tx| {
        let run = load(tx, &key)?;
        if matches!(run.state.as_str(), "queued" | "running" | "stopping") {
            let none = None::<Timestamp>;
            tx.execute(&SET_STATE, params![key, "running", 1i64, none, None::<String>])?;
        }
        Ok(run)
    })?;
    if !matches!(run.state.as_str(), "queued" | "running" | "stopping") {
        return Ok(run);
    }
    let mut task = Task { db, id: id.to_owned(), counts: run.counts.clone(), halt, progress };
    let ended = task.all(&run);
    let counts = Value::Object(task.counts.clone());
    if halt.load(Ordering::Relaxed) && ended.is_ok() {
        let key = id.to_owned();
        return db.read_blocking(Actor::system(), move |tx| load(tx, &key));
    }
    let (key, failed) = (id.to_owned(), ended.as_ref().err().cloned());
    let finished = ended.as_ref().is_ok_and(|done| *done);
    let booked = db.write_blocking(Actor::system(), move |tx| {
        let (state, error) = match &failed {
            Some(p) => ("failed", Some(format!("{} / {}", p.reason(Lang::Zh), p.reason(Lang::En)))),
            None if finished => ("done", None),
            None => ("stopped", None),
        };
        let ended_at = (state == "done").then(|| tx.now());
        tx.execute(&SET_STATE, params![key, state, None::<i64>, ended_at, error])?;
        let run = load(tx, &key)?;
        tell(tx, &key, &run.org, "StateChangeEvent", &json!({"state": state, "counts": counts}))?;
        Ok(run)
    })?;
    ended.map(|_| booked)
}

pub(crate) struct Task<'a> {
    pub db: &'a Db,
    pub id: String,
    pub counts: Map<String, Value>,
    halt: &'a AtomicBool,
    progress: &'a mut dyn FnMut(&Run),
}

impl Task<'_> {
    /// True where it came to its end, false where it was stopped.
    fn all(&mut self, run: &Run) -> Result<bool> {
        let work = Work::open(&workplace::directory(self.db).join(format!("run-{}", self.id)))?;
        if work.dumped().is_none() && (!self.refresh()? || !self.read(&work)?) {
            return Ok(false);
        }
        if !self.compare(&work)? {
            return Ok(false);
        }
        self.tell("join", 0, 1)?;
        let joined = join::join(self, &work)?;
        if !write::write(self, &joined, &run.org)? {
            return Ok(false);
        }
        work.remove();
        Ok(true)
    }

    /// Books how far it is; false where somebody wants it to stop.
    pub fn tell(&mut self, stage: &str, done: i64, total: i64) -> Result<bool> {
        let (id, stage, counts) = (self.id.clone(), stage.to_owned(), Value::Object(self.counts.clone()));
        let run = self.db.write_blocking(Actor::system(), move |tx| {
            tx.execute(&PROGRESS, params![id, stage, done, total, counts])?;
            load(tx, &id)
        })?;
        (self.progress)(&run);
        Ok(run.state == "running" && !self.halt.load(Ordering::Relaxed))
    }
    pub fn set(&mut self, name: &str, value: u64) {
        self.counts.insert(name.to_owned(), json!(value));
    }

    fn refresh(&mut self) -> Result<bool> {
        self.tell("refresh", 0, 0)?;
        let db = self.db;
        let since = db.read_blocking(Actor::system(), |tx| Ok(tx.query_one(&LAST_DONE, params![])?.time(0)))?;
        let mut go_on = true;
        let stop = AtomicBool::new(false);
        let mut failed = None;
        records::refresh(db, since, &stop, &mut |seen| match self.tell("refresh", seen as i64, 0) {
            Ok(true) => {}
            Ok(false) => {
                go_on = false;
                stop.store(true, Ordering::Relaxed);
            }
            Err(problem) => {
                failed = Some(problem);
                stop.store(true, Ordering::Relaxed);
            }
        })?;
        failed.map_or(Ok(go_on), Err)
    }

    fn read(&mut self, work: &Work) -> Result<bool> {
        let db = self.db;
        let total = db.read_blocking(Actor::system(), |tx| Ok(tx.query_one(&COUNT, params![])?.int(0)))?;
        let mut dump = work.dump()?;
        let (mut after, mut seen) = (0i64, 0i64);
        loop {
            let page = db.read_blocking(Actor::system(), move |tx| {
                let mut page = Vec::with_capacity(20_000);
                tx.each(&FEATURES, params![after], |row| {
                    if let store::Value::Blob(bytes) = row.value(1)
                        && let Some(features) = crate::matching::features::Features::decode(bytes)
                    {
                        page.push((row.int(0), features));
                    }
                    Ok(())
                })?;
                Ok(page)
            })?;
            let Some((last, _)) = page.last() else { break };
            after = *last;
            seen += page.len() as i64;
            page.iter().try_for_each(|(no, features)| dump.add(*no, features))?;
            if !self.tell("read", seen, total)? {
                return Ok(false);
            }
        }
        let written = dump.finish()?;
        self.set("records", u64::from(written));
        Ok(true)
    }

    fn compare(&mut self, work: &Work) -> Result<bool> {
        let threads = std::thread::available_parallelism().map_or(2, usize::from).min(8);
        let stop = AtomicBool::new(false);
        let mut failed = None;
        let mut go_on = self.tell("compare", work.finished() as i64, PARTS as i64)?;
        stop.store(!go_on, Ordering::Relaxed);
        let done =
            work.compare(threads, &stop, &mut |finished| match self.tell("compare", finished as i64, PARTS as i64) {
                Ok(true) => {}
                Ok(false) => {
                    go_on = false;
                    stop.store(true, Ordering::Relaxed);
                }
                Err(problem) => {
                    failed = Some(problem);
                    stop.store(true, Ordering::Relaxed);
                }
            })?;
        let compared = self.counts.get("compared").and_then(Value::as_u64).unwrap_or(0) + done.compared;
        let overfull = self.counts.get("overfullKeys").and_then(Value::as_u64).unwrap_or(0) + done.overfull;
        self.set("compared", compared);
        self.set("overfullKeys", overfull);
        if let Some(problem) = failed {
            return Err(problem);
        }
        Ok(go_on)
    }
}
