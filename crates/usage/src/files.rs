//! Files of usage: one thread reads and parses, the store's writer takes in. Records, refusals, counts and position are one
//! transaction, so a killed import goes on behind the last durable row and no row is taken twice.

mod columns;
mod job;
mod open;

pub(crate) use job::{JOB, job, submit};

use crate::{Fate, Incoming, problems, suspense, take};
use columns::Columns;
use kernel::{Actor, Lang, Problem, Result};
use open::Rows;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::{
    io::Read,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
};
use store::{Db, Event, Row, Tx, params, sql};

/// Rows a transaction.
const BATCH: usize = 32_768;
/// Refused rows that are kept with their text; more are counted only.
const KEPT_REFUSALS: i64 = 200_000;

/// A file as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileState {
    pub id: String,
    pub org: String,
    pub name: String,
    pub path: String,
    pub state: String,
    pub bytes: i64,
    pub position: i64,
    pub line: i64,
    pub taken: i64,
    /// Of these, such as came after their cycle was closed.
    pub late: i64,
    pub duplicates: i64,
    pub suspended: i64,
    pub refused: i64,
    pub error: Option<String>,
    pub operator: String,
    pub started_at: kernel::Timestamp,
    pub ended_at: Option<kernel::Timestamp>,
}

sql! {
    KNOWN = "SELECT id, name, started_at, org FROM usage_file WHERE digest = $1 AND state <> 'failed'";
    BEGIN = "INSERT INTO usage_file (id, org, name, path, digest, state, bytes, position, line, taken, late, duplicates, suspended, refused, operator, started_at) \
             VALUES ($1, $2, $3, $4, $5, 'queued', $6, 0, 0, 0, 0, 0, 0, 0, $7, $8)";
    LOAD = "SELECT id, org, name, path, state, bytes, position, line, taken, late, duplicates, suspended, refused, error, operator, started_at, ended_at \
            FROM usage_file WHERE id = $1";
    LIST = "SELECT id, org, name, path, state, bytes, position, line, taken, late, duplicates, suspended, refused, error, operator, started_at, ended_at \
            FROM usage_file WHERE (org = $1 OR (org >= $2 AND org < $3)) ORDER BY started_at DESC, id DESC LIMIT $4 OFFSET $5";
    START = "UPDATE usage_file SET state = 'running', error = NULL WHERE id = $1 AND state IN ('queued', 'running')";
    STOP = "UPDATE usage_file SET state = 'stopped' WHERE id = $1 AND state IN ('queued', 'running')";
    RESUME = "UPDATE usage_file SET state = 'queued' WHERE id = $1 AND state = 'stopped'";
    END = "UPDATE usage_file SET state = $2, ended_at = $3, error = $4, position = CASE WHEN $2 = 'done' THEN bytes ELSE position END WHERE id = $1 AND state = 'running'";
    MOVE = "UPDATE usage_file SET position = $2, line = $3, taken = taken + $4, late = late + $5, duplicates = duplicates + $6, \
            suspended = suspended + $7, refused = refused + $8 WHERE id = $1 AND line < $3 AND state = 'running'";
    REFUSED = "SELECT line, code, detail, text FROM usage_refusal WHERE file_id = $1 ORDER BY line LIMIT 200000";
}

fn read(r: &Row) -> FileState {
    FileState {
        id: r.text(0),
        org: r.text(1),
        name: r.text(2),
        path: r.text(3),
        state: r.text(4),
        bytes: r.int(5),
        position: r.int(6),
        line: r.int(7),
        taken: r.int(8),
        late: r.int(9),
        duplicates: r.int(10),
        suspended: r.int(11),
        refused: r.int(12),
        error: r.opt_text(13),
        operator: r.text(14),
        started_at: r.time(15),
        ended_at: r.opt_time(16),
    }
}

/// Which directory a process keeps uploaded files in: beside its data, or a temporary one.
#[derive(Default)]
struct Workplace(Mutex<Option<PathBuf>>);

/// Keeps uploaded files under `directory` from now on.
pub fn use_directory(db: &Db, directory: impl Into<PathBuf>) {
    *db.memory::<Workplace>().0.lock().unwrap_or_else(PoisonError::into_inner) = Some(directory.into());
}

pub(crate) fn upload_path(db: &Db) -> PathBuf {
    let given = db.memory::<Workplace>().0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let directory = given.unwrap_or_else(|| std::env::temp_dir().join(format!("yitai-usage-{}", std::process::id())));
    directory.join("uploads").join(format!("{}.usage", db.env().random_hex(8)))
}

/// Which file, and under what name.
#[derive(Debug)]
pub struct NewFile<'a> {
    pub path: &'a Path,
    pub name: &'a str,
    /// See [`digest`].
    pub digest: &'a str,
    pub bytes: u64,
}

/// What tells a file from all others, and its size.
pub fn digest(path: &Path) -> Result<(String, u64)> {
    let gone = |e: std::io::Error| Problem::new(&problems::FILE_GONE).because(e);
    let mut file = std::fs::File::open(path).map_err(gone)?;
    let (mut hash, mut bytes, mut buffer) = (Sha256::new(), 0u64, vec![0; 1 << 17]);
    loop {
        match file.read(&mut buffer).map_err(gone)? {
            0 => return Ok((hash.finalize().iter().map(|b| format!("{b:02x}")).collect(), bytes)),
            n => {
                hash.update(&buffer[..n]);
                bytes += n as u64;
            }
        }
    }
}

/// Enters a file to be taken in. One that was taken in already is refused and the first named.
pub fn begin(tx: &mut Tx<'_>, new: &NewFile<'_>) -> Result<String> {
    if new.bytes == 0 {
        return Err(Problem::new(&problems::EMPTY_FILE));
    }
    if let Some(row) = tx.query_opt(&KNOWN, params![new.digest])? {
        let at = crate::detail::local(row.time(2));
        let mut problem = Problem::new(&problems::FILE_KNOWN).with("at", &at);
        // Of a file that somebody elsewhere brought no more is told than that it is there.
        problem = if tx.actor().sees(row.str(3)) {
            problem.with("name", row.str(1)).extra("fileId", json!(row.str(0)))
        } else {
            problem.with("name", "…")
        };
        return Err(problem);
    }
    let id = tx.new_id::<FileState>().into_string();
    let (org, by) = (tx.actor().org.clone(), tx.actor().name.to_string());
    let (path, now) = (new.path.to_string_lossy().into_owned(), tx.now());
    tx.execute(&BEGIN, params![id, org, new.name, path, new.digest, new.bytes.cast_signed(), by, now])?;
    let detail = json!({"id": id, "name": new.name, "bytes": new.bytes});
    tx.audit("usage.file", "usageFile", &id, &org, &detail)?;
    Ok(id)
}

/// A file within the actor's scope.
pub fn load(tx: &mut Tx<'_>, id: &str) -> Result<FileState> {
    let state = read(&tx.query_one(&LOAD, params![id])?);
    tx.must_see(&state.org)?;
    Ok(state)
}

pub(crate) fn list(tx: &mut Tx<'_>, limit: i64, offset: i64) -> Result<Vec<FileState>> {
    let scope = tx.actor().scope.clone();
    let (low, high) = scope.below();
    Ok(tx.query(&LIST, params![scope, low, high, limit, offset])?.iter().map(read).collect())
}

/// Stops an import at the next durable place.
pub(crate) fn stop(tx: &mut Tx<'_>, id: &str) -> Result<FileState> {
    verb(tx, id, &STOP, "usage.file_stopped")
}

/// Lets a stopped import go on where it stopped.
pub(crate) fn resume(tx: &mut Tx<'_>, id: &str) -> Result<FileState> {
    let state = verb(tx, id, &RESUME, "usage.file_resumed")?;
    job::enqueue(tx, id)?;
    Ok(state)
}

fn verb(tx: &mut Tx<'_>, id: &str, statement: &store::Sql, action: &str) -> Result<FileState> {
    let before = load(tx, id)?;
    if tx.execute(statement, params![id])? == 0 {
        return Err(Problem::new(&problems::FILE_STATE).with("state", &before.state));
    }
    let org = kernel::OrgPath::parse(&before.org)?;
    tx.audit(action, "usageFile", id, &org, &json!({"line": before.line}))?;
    load(tx, id)
}

/// Hands each refused row to `visit`: line, code, what its text speaks of, the row.
pub(crate) fn refusals(tx: &mut Tx<'_>, id: &str, mut visit: impl FnMut(&Row)) -> Result<()> {
    tx.each(&REFUSED, params![id], |r| {
        visit(&r);
        Ok(())
    })
}

/// What the reading thread hands to the writer.
#[derive(Default)]
struct Batch {
    rows: Vec<Incoming>,
    lines: Vec<i64>,
    refused: Vec<(i64, Problem, String)>,
    /// Bytes read, and the last line read.
    position: i64,
    line: i64,
}

/// Takes the file in, from where it stands. Blocks. What is wrong with the whole file is kept with it.
pub fn import(db: &Db, actor: &Actor, id: &str, progress: &mut dyn FnMut(&FileState)) -> Result<FileState> {
    let file = id.to_owned();
    let state = db.write_blocking(actor.clone(), move |tx| {
        let state = read(&tx.query_one(&LOAD, params![file])?);
        match tx.execute(&START, params![file])? {
            0 => Err(Problem::new(&problems::FILE_STATE).with("state", &state.state)),
            _ => Ok(state),
        }
    })?;
    let ended = run(db, actor, &state, progress);
    if let Err(problem) = &ended
        && (problem.is(&problems::FILE_STATE) || problem.code.status >= 500)
    {
        // Stopped, or something passing: it goes on from here later.
        let file = id.to_owned();
        let now = db.read_blocking(actor.clone(), move |tx| Ok(read(&tx.query_one(&LOAD, params![file])?)))?;
        return if now.state == "stopped" { Ok(now) } else { Err(problem.clone()) };
    }
    let (file, told) = (id.to_owned(), ended.err());
    db.write_blocking(actor.clone(), move |tx| {
        let (state, error) = match &told {
            None => ("done", None),
            Some(problem) => ("failed", Some(format!("{} / {}", problem.reason(Lang::Zh), problem.reason(Lang::En)))),
        };
        tx.execute(&END, params![file, state, tx.now(), error])?;
        let s = read(&tx.query_one(&LOAD, params![file])?);
        let detail = json!({"id": s.id, "name": s.name, "state": s.state, "taken": s.taken, "late": s.late,
            "duplicates": s.duplicates, "suspended": s.suspended, "refused": s.refused});
        let org = kernel::OrgPath::parse(&s.org)?;
        let event = Event::new("UsageFileImportCompleteEvent", "usageFile", &file, 1, &org);
        tx.emit(event.topic("usageFiles").payload(json!({"usageFile": detail})).audit(detail))?;
        Ok(s)
    })
}

fn run(db: &Db, actor: &Actor, file: &FileState, progress: &mut dyn FnMut(&FileState)) -> Result<()> {
    let mut rows = Rows::open(Path::new(&file.path))?;
    let (_, header) = rows.next()?.ok_or_else(|| Problem::new(&problems::EMPTY_FILE))?;
    let columns = Columns::parse(header.iter())?;
    let gone = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let (send, receive) = mpsc::sync_channel::<Result<Arc<Batch>>>(1);
        let (columns, gone, after) = (&columns, &gone, file.line);
        scope.spawn(move || read_rows(&mut rows, columns, after, gone, &send));
        let stored = receive.iter().try_for_each(|batch| {
            let (id, batch) = (file.id.clone(), batch?);
            crate::take::warm(db, &crate::take::months(&batch.rows))?;
            progress(&db.load_blocking(actor.clone(), move |tx| store(tx, &id, &batch))?);
            Ok(())
        });
        gone.store(true, Ordering::Relaxed); // the reading thread stops at its next batch
        stored
    })
}

fn read_rows(
    rows: &mut Rows,
    columns: &Columns,
    after: i64,
    gone: &AtomicBool,
    send: &mpsc::SyncSender<Result<Arc<Batch>>>,
) {
    let mut batch = Batch::default();
    let hand_over = |batch: &mut Batch, rows: &Rows| {
        batch.position = rows.progress.file.load(Ordering::Relaxed).cast_signed();
        send.send(Ok(Arc::new(std::mem::take(batch)))).is_ok()
    };
    loop {
        let (line, row) = match rows.next() {
            Ok(Some(row)) => row,
            Ok(None) => break,
            Err(problem) => {
                let _ = send.send(Err(problem)); // nobody listens where the writer failed first
                return;
            }
        };
        if line <= after || row.iter().all(str::is_empty) {
            continue;
        }
        batch.line = line;
        match Incoming::parse(&columns.texts(&row)) {
            Ok(record) => {
                batch.rows.push(record);
                batch.lines.push(line);
            }
            Err(problem) => {
                let text: Vec<&str> = row.iter().collect();
                batch.refused.push((line, problem, text.join(",").chars().take(300).collect()));
            }
        }
        if batch.rows.len() + batch.refused.len() >= BATCH
            && (!hand_over(&mut batch, rows) || gone.load(Ordering::Relaxed))
        {
            return;
        }
    }
    if batch.line > 0 {
        hand_over(&mut batch, rows);
    }
}

fn store(tx: &mut Tx<'_>, id: &str, batch: &Batch) -> Result<FileState> {
    let fates = take(tx, &batch.rows)?;
    let mut refused: Vec<(i64, Problem, String)> = batch.refused.clone();
    let (mut taken, mut late, mut duplicates) = (0i64, 0i64, 0i64);
    let mut keep = Vec::new();
    for ((record, line), fate) in batch.rows.iter().zip(&batch.lines).zip(fates) {
        match fate {
            Fate::Taken { late: l, .. } => (taken, late) = (taken + 1, late + i64::from(l)),
            Fate::Refused(problem) => {
                duplicates += i64::from(problem.is(&problems::DUPLICATE));
                if problems::keeps(problem.code) {
                    keep.push((*line, record, problem.code));
                }
                refused.push((*line, problem, text(record)));
            }
        }
    }
    let suspended = suspense::keep(tx, id, &keep)? as i64;
    duplicates += keep.len() as i64 - suspended; // the pool had them already
    let others = refused.len() as i64 - duplicates - suspended;
    let moved = params![id, batch.position, batch.line, taken, late, duplicates, suspended, others];
    let before = read(&tx.query_one(&LOAD, params![id])?);
    if tx.execute(&MOVE, moved)? == 0 {
        return Err(Problem::new(&problems::FILE_STATE).with("state", &before.state));
    }
    let room = KEPT_REFUSALS - before.duplicates - before.suspended - before.refused;
    let mut values = Vec::new();
    for (line, problem, text) in refused.iter().take(room.max(0) as usize) {
        let detail = problem.params.iter().find(|(n, _)| *n == "value").map_or("", |(_, v)| v.as_str());
        values.extend_from_slice(params![id, *line, problem.code.id, detail, text]);
    }
    tx.insert_rows("usage_refusal (file_id, line, code, detail, text)", 5, &values, "ON CONFLICT DO NOTHING")?;
    Ok(read(&tx.query_one(&LOAD, params![id])?))
}

/// A record as a line for people.
pub(crate) fn text(r: &Incoming) -> String {
    let whose = if r.number.is_empty() { &r.product_id } else { &r.number };
    format!("{whose},{},{},{},{},{}", r.kind.name(), r.at, r.amount, r.peer, r.id)
}
