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
use kernel::{Actor, OrgPath, Problem, Result};
use lines::Lines;
use prepare::unreadable;
use refusals::Refusals;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::{
    fs::File,
    io::Read,
    path::Path,
    sync::{Arc, atomic::AtomicBool, mpsc},
};
use store::{Db, Tx, params, sql};

/// Rows a transaction: large, because neighbouring keys are written together, but not so large that a server beside the
/// import waits long for the writer.
const BATCH: usize = 10_000;

/// How an import ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub batch_id: String,
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
    OPEN_BATCH = "SELECT id, position, line, errors_bytes FROM import_batch WHERE checksum = $1 AND state = 'running' ORDER BY id DESC LIMIT 1";
    BEGIN = "INSERT INTO import_batch (id, file, checksum, org, state, bytes, position, line, created, updated, unchanged, refused, \
             errors_bytes, started_at) VALUES ($1, $2, $3, $4, 'running', $5, $6, $7, 0, 0, 0, 0, $8, $9)";
    TOTALS = "SELECT created, updated, unchanged, refused FROM import_batch WHERE id = $1";
    END = "UPDATE import_batch SET state = 'done', ended_at = $2 WHERE id = $1 AND state = 'running'";
    LIST = "SELECT id, file, state, bytes, position, created, updated, unchanged, refused, started_at FROM import_batch ORDER BY id DESC LIMIT $1";
}

/// Imports `path`; refused rows go to `errors_path`. `progress` is told bytes done and bytes in all. Rows without a place
/// of their own belong to the whole group.
pub fn run(db: &Db, path: &Path, errors_path: &Path, progress: &mut dyn FnMut(u64, u64), stop: &AtomicBool) -> Result<Report> {
    let home = OrgPath::root();
    let checksum = checksum(path)?;
    let file = File::open(path).map_err(unreadable)?;
    let bytes = file.metadata().map_err(unreadable)?.len();
    let mut lines = Lines::new(file);
    let head = lines.next().map_err(unreadable)?.unwrap_or_default();
    let header = Header::parse(&head.text)?;
    check_encoding(path)?;
    let batch = open_batch(db, path, &checksum, &home, bytes, &lines)?;
    if batch.resumed {
        lines.go_to(batch.position, batch.line).map_err(unreadable)?;
    }
    let mut refusals = Refusals::open(errors_path, batch.errors_bytes)?;
    progress(lines.position, bytes);
    std::thread::scope(|scope| {
        let (send, receive) = mpsc::sync_channel(1);
        let (header, home) = (&header, &home);
        scope.spawn(move || prepare::read(db, lines, header, home, stop, &send));
        store_all(db, &batch.id, &receive, &mut refusals, &mut |position| progress(position, bytes))
    })?;
    finish(db, batch, stop, &home)
}

fn store_all(
    db: &Db,
    id: &str,
    receive: &mpsc::Receiver<Result<Arc<prepare::Batch>>>,
    refusals: &mut Refusals,
    progress: &mut dyn FnMut(u64),
) -> Result<()> {
    while let Ok(batch) = receive.recv() {
        let batch = batch?;
        refusals.append(batch.refusals.as_bytes())?;
        let (handle, id_text, shared, length) = (db.clone(), id.to_owned(), batch.clone(), refusals.length);
        db.write_blocking(Actor::system(), move |tx| batch::store(tx, &handle, &id_text, &shared, length))?;
        progress(batch.position);
    }
    Ok(())
}

struct Opened {
    id: String,
    position: u64,
    line: u64,
    errors_bytes: u64,
    resumed: bool,
}

/// The batch of an earlier run that did not end, or a new one.
fn open_batch(db: &Db, path: &Path, checksum: &str, home: &OrgPath, bytes: u64, lines: &Lines<File>) -> Result<Opened> {
    let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let (checksum, home) = (checksum.to_owned(), home.clone());
    let (position, line) = (lines.position, lines.line);
    db.write_blocking(Actor::system(), move |tx| {
        if let Some(row) = tx.query_opt(&OPEN_BATCH, params![checksum])? {
            let number = |i| u64::try_from(row.int(i)).unwrap_or(0);
            return Ok(Opened { id: row.text(0), position: number(1), line: number(2), errors_bytes: number(3), resumed: true });
        }
        let id = tx.new_id::<Report>().into_string();
        let values = params![id, name, checksum, home, bytes as i64, position as i64, line as i64, 0i64, tx.now()];
        tx.execute(&BEGIN, values)?;
        Ok(Opened { id, position, line, errors_bytes: 0, resumed: false })
    })
}

fn finish(db: &Db, batch: Opened, stop: &AtomicBool, home: &OrgPath) -> Result<Report> {
    let stopped = stop.load(std::sync::atomic::Ordering::Relaxed);
    let (id, home) = (batch.id.clone(), home.clone());
    let totals = db.write_blocking(Actor::system(), move |tx| {
        let row = tx.query_one(&TOTALS, params![id])?;
        let totals: Vec<u64> = (0..4).map(|i| u64::try_from(row.int(i)).unwrap_or(0)).collect();
        if !stopped && tx.execute(&END, params![id, tx.now()])? > 0 {
            let detail = json!({"id": id, "created": totals[0], "updated": totals[1], "unchanged": totals[2], "refused": totals[3]});
            bulk::announce(tx, "CustomerImportCompleteEvent", &id, &home, &detail)?;
        }
        Ok(totals)
    })?;
    Ok(Report {
        batch_id: batch.id,
        created: totals[0],
        updated: totals[1],
        unchanged: totals[2],
        refused: totals[3],
        resumed: batch.resumed,
        stopped,
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
