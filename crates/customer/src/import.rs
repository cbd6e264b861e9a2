//! Customers out of a CSV file, by the million.
//!
//! One thread reads, checks and prepares; the store's writer stores; two batches are under way at most. Rows, progress
//! and undo information of a batch are one transaction: an import that is killed, or that fills the disk, loses nothing
//! that was stored and goes on behind it when the same file (by checksum) is given again. Rows about known customers
//! update them. Refused rows go to a file with their reasons. One event tells of the whole import.

mod batch;
mod header;
mod lines;
mod prepare;
mod refusals;
mod row;
mod undo;
mod update;

pub use undo::{Undone, undo};

use crate::{bulk, problems};
use header::Header;
use kernel::{Actor, Problem, Result};
use lines::Lines;
use prepare::unreadable;
use refusals::Refusals;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::{
    fs::File,
    io::Read,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
};
use store::{Db, Tx, params, sql};

/// Rows a transaction: large, because neighbouring keys are written together, but not so large that a server beside the
/// import waits long for the writer.
const BATCH: usize = 10_000;

/// How far an import is, and in the end how it went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What [`undo`] takes.
    pub batch_id: String,
    /// Bytes of the file: nobody knows how many rows it has before it is read.
    pub total: u64,
    pub done: u64,
    pub created: u64,
    pub updated: u64,
    pub unchanged: u64,
    pub refused: u64,
    /// Some of it had been done by an earlier run on the same file.
    pub resumed: bool,
    /// Stopped on request: run it again to go on.
    pub stopped: bool,
}

sql! {
    OPEN_BATCH = "SELECT id, position, line, errors_bytes, created, updated, unchanged, refused FROM import_batch \
                  WHERE checksum = $1 AND org = $2 AND state = 'running' ORDER BY id DESC LIMIT 1";
    BEGIN = "INSERT INTO import_batch (id, file, checksum, org, state, bytes, position, line, created, updated, unchanged, refused, \
             errors_bytes, started_at) VALUES ($1, $2, $3, $4, 'running', $5, $6, $7, 0, 0, 0, 0, $8, $9)";
    END = "UPDATE import_batch SET state = 'done', ended_at = $2 WHERE id = $1 AND state = 'running'";
    LIST = "SELECT id, file, state, bytes, position, created, updated, unchanged, refused, started_at FROM import_batch ORDER BY id DESC LIMIT $1";
}

/// What is to be imported, by whom, and how many rows a transaction.
#[derive(Clone, Copy)]
pub struct Import<'a> {
    pub db: &'a Db,
    pub actor: &'a Actor,
    pub path: &'a Path,
    pub errors: Option<&'a Path>,
    pub batch: usize,
}

/// Imports `path` as `actor`, within whose scope the rows must belong; those without a place belong to the actor's own.
/// Refused rows go to the CSV file `errors`. Blocks.
pub fn import_file(
    db: &Db,
    actor: &Actor,
    path: &Path,
    errors: Option<&Path>,
    progress: &mut dyn FnMut(&Report),
    stop: &AtomicBool,
) -> Result<Report> {
    Import { db, actor, path, errors, batch: BATCH }.run(progress, stop)
}

impl Import<'_> {
    /// See [`import_file`].
    pub fn run(&self, progress: &mut dyn FnMut(&Report), stop: &AtomicBool) -> Result<Report> {
        let Self { db, actor, path, errors, batch: size } = *self;
        let checksum = checksum(path)?;
        let file = File::open(path).map_err(unreadable)?;
        let total = file.metadata().map_err(unreadable)?.len();
        let mut lines = Lines::new(file);
        let head = lines.next().map_err(unreadable)?.unwrap_or_default();
        let header = Header::parse(&head.text)?;
        check_encoding(path)?;
        let batch = open_batch(db, actor, path, &checksum, total, &lines)?;
        if batch.resumed {
            lines.go_to(batch.position, batch.line).map_err(unreadable)?;
        }
        let mut refusals = errors.map(|e| Refusals::open(e, batch.errors_bytes)).transpose()?;
        let mut report = batch.report(total);
        progress(&report);
        std::thread::scope(|scope| {
            let (send, receive) = mpsc::sync_channel(1);
            let reader = prepare::Reader::new(db, lines, &header, actor, stop, size);
            scope.spawn(move || reader.run(&send));
            store_all(db, actor, &receive, &mut refusals, &mut report, progress)
        })?;
        report.stopped = stop.load(Ordering::Relaxed);
        if !report.stopped {
            let (actor, report) = (actor.clone(), report.clone());
            db.write_blocking(actor, move |tx| end(tx, &report))?;
        }
        Ok(report)
    }
}

fn store_all(
    db: &Db,
    actor: &Actor,
    receive: &mpsc::Receiver<Result<Arc<prepare::Batch>>>,
    refusals: &mut Option<Refusals>,
    report: &mut Report,
    progress: &mut dyn FnMut(&Report),
) -> Result<()> {
    while let Ok(batch) = receive.recv() {
        let batch = batch?;
        if let Some(file) = refusals {
            file.append(batch.refusals.as_bytes())?;
        }
        let length = refusals.as_ref().map_or(0, |r| r.length);
        let (id, shared) = (report.batch_id.clone(), batch.clone());
        let counts = db.load_blocking(actor.clone(), move |tx| batch::store(tx, &id, &shared, length))?;
        report.created += counts.created;
        report.updated += counts.updated;
        report.unchanged += counts.unchanged;
        report.refused += counts.refused;
        report.done = batch.position;
        progress(report);
    }
    Ok(())
}

/// Closes the batch and tells of it, in one event.
fn end(tx: &mut Tx<'_>, report: &Report) -> Result<()> {
    if tx.execute(&END, params![report.batch_id, tx.now()])? == 0 {
        return Ok(());
    }
    let detail = json!({
        "id": report.batch_id, "created": report.created, "updated": report.updated, "unchanged": report.unchanged,
        "refused": report.refused,
    });
    let org = tx.actor().org.clone();
    bulk::announce(tx, "CustomerImportCompleteEvent", &report.batch_id, &org, &detail)
}

struct Opened {
    id: String,
    position: u64,
    line: u64,
    errors_bytes: u64,
    /// Created, updated, unchanged, refused.
    counts: [u64; 4],
    resumed: bool,
}

impl Opened {
    fn report(&self, total: u64) -> Report {
        let [created, updated, unchanged, refused] = self.counts;
        let (batch_id, done, resumed) = (self.id.clone(), self.position, self.resumed);
        Report { batch_id, total, done, created, updated, unchanged, refused, resumed, stopped: false }
    }
}

/// The batch of an earlier run that did not end, or a new one.
fn open_batch(db: &Db, actor: &Actor, path: &Path, checksum: &str, bytes: u64, lines: &Lines<File>) -> Result<Opened> {
    let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let checksum = checksum.to_owned();
    let (position, line) = (lines.position, lines.line);
    db.write_blocking(actor.clone(), move |tx| {
        let org = tx.actor().org.clone();
        if let Some(row) = tx.query_opt(&OPEN_BATCH, params![checksum, org])? {
            let number = |i| u64::try_from(row.int(i)).unwrap_or(0);
            let counts = [number(4), number(5), number(6), number(7)];
            let (position, line, errors_bytes) = (number(1), number(2), number(3));
            return Ok(Opened { id: row.text(0), position, line, errors_bytes, counts, resumed: true });
        }
        let id = tx.new_id::<Report>().into_string();
        let values = params![id, name, checksum, org, bytes as i64, position as i64, line as i64, 0i64, tx.now()];
        tx.execute(&BEGIN, values)?;
        Ok(Opened { id, position, line, errors_bytes: 0, counts: [0; 4], resumed: false })
    })
}

/// A file that begins in another encoding is refused whole, not row by row.
fn check_encoding(path: &Path) -> Result<()> {
    let mut start = Vec::new();
    File::open(path).and_then(|f| f.take(1 << 20).read_to_end(&mut start)).map_err(unreadable)?;
    match std::str::from_utf8(&start) {
        Ok(_) => Ok(()),
        // The sample may end inside a character.
        Err(e) if e.error_len().is_none() => Ok(()),
        Err(e) => {
            // A few broken rows are refused one by one; a file of another encoding is broken from its first words on.
            let good = std::str::from_utf8(&start[..e.valid_up_to()]).unwrap_or("");
            if good.is_ascii() {
                Err(Problem::new(&problems::FILE_ENCODING).with("detail", "GBK / GB18030?"))
            } else {
                Ok(())
            }
        }
    }
}

fn checksum(path: &Path) -> Result<String> {
    let mut file = File::open(path).map_err(unreadable)?;
    let mut hash = Sha256::new();
    std::io::copy(&mut file, &mut hash).map_err(unreadable)?;
    Ok(hash.finalize().iter().map(|b| format!("{b:02x}")).collect())
}

/// The last imports, newest first.
pub fn list(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<serde_json::Value>> {
    let rows = tx.query(&LIST, params![limit])?;
    let row = |r: &store::Row| {
        json!({
            "id": r.str(0), "file": r.str(1), "state": r.str(2), "bytes": r.int(3), "position": r.int(4), "created": r.int(5),
            "updated": r.int(6), "unchanged": r.int(7), "refused": r.int(8), "startedAt": r.time(9),
        })
    };
    Ok(rows.iter().map(row).collect())
}
