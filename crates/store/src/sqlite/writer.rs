//! Group commit: each operation runs in a savepoint, many operations share one COMMIT, and nobody is answered before
//! that COMMIT is on disk.
//!
//! What can go wrong, and who is told what:
//! * an operation fails → its savepoint is rolled back, it alone is told; the others stand;
//! * the engine rolls the whole transaction back (disk full) → the failed operation is told, the others run again;
//! * COMMIT fails before anything was written → all are told that nothing was saved;
//! * a sync fails → it is unknown what is on disk: all are told so, and the process must stop (see [`Shared::failed`]).

use super::statement::{named, plain};
use crate::{Tx, db::Shared, tx::Conn, work::Work};
use crossbeam_channel::Receiver;
use kernel::{ActorKind, Problem, Result, codes};
use rusqlite::Connection;
use std::{
    path::Path,
    sync::{Weak, atomic::Ordering},
    time::{Duration, Instant},
};

/// A commit takes what is waiting, but nobody waits for more than this many operations …
const GROUP: usize = 512;
/// … or this long before their commit begins.
const GROUP_TIME: Duration = Duration::from_millis(10);
/// The checkpoint thread works from this size of the write-ahead log on; at the second the writer waits for it.
const CHECKPOINT_FROM: u64 = 8 << 20;
const CHECKPOINT_FORCED: u64 = 512 << 20;
const RETRIES: usize = 5;
/// People come first. Where somebody waits for a group's commit, it takes so many operations of the system (sagas,
/// sequencer, imports) along and no more; these get the groups in between to themselves.
const BACKGROUND: usize = 4;

/// What waits: operations that somebody is waiting for, and those of the system itself.
pub(super) struct Queues {
    pub people: Receiver<Box<dyn Work>>,
    pub background: Receiver<Box<dyn Work>>,
}

impl Queues {
    /// Waits for the next operation; `None` when the last handle is gone and everything queued is done.
    fn wait(&self) -> Option<Box<dyn Work>> {
        crossbeam_channel::select_biased! {
            recv(self.people) -> work => work.or_else(|_| self.background.recv()).ok(),
            recv(self.background) -> work => work.or_else(|_| self.people.recv()).ok(),
        }
    }
    fn next(&self, background: usize) -> Option<Box<dyn Work>> {
        let work = self.people.try_recv().ok();
        if work.is_some() || background == 0 { work } else { self.background.try_recv().ok() }
    }
}

pub(super) fn run(conn: Connection, wal: &Path, queues: &Queues, shared: &Shared) {
    let mut again: Vec<Box<dyn Work>> = Vec::new();
    let mut groups = 0u32;
    loop {
        let first = match again.pop() {
            Some(work) => work,
            None => match queues.wait() {
                Some(work) => work,
                None => return,
            },
        };
        if shared.failed.load(Ordering::Acquire) {
            first.finish(Err(Problem::new(&codes::UNAVAILABLE).because("the store has stopped after a failed sync")));
            continue;
        }
        let large = first.alone();
        if large {
            alone(&conn, first, shared);
        } else {
            group(&conn, first, queues, &mut again, shared);
        }
        groups = groups.wrapping_add(1);
        if (large || groups.is_multiple_of(256)) && size(wal) > CHECKPOINT_FORCED {
            checkpoint(&conn, "PRAGMA wal_checkpoint(RESTART)", shared);
        }
    }
}

fn group(conn: &Connection, first: Box<dyn Work>, queues: &Queues, again: &mut Vec<Box<dyn Work>>, shared: &Shared) {
    if let Err(problem) = plain(conn, "BEGIN IMMEDIATE") {
        first.finish(Err(problem));
        return;
    }
    let began = Instant::now();
    let (mut done, mut failed) = (Vec::new(), Vec::new());
    let mut emitted = false;
    let mut next = Some(first);
    let mut background = GROUP;
    while let Some(mut work) = next.take() {
        if work.actor().kind == ActorKind::System {
            background = background.saturating_sub(1);
        } else {
            background = background.min(BACKGROUND);
        }
        match one(conn, &mut *work, shared) {
            Ran::Stands { wake } => {
                emitted |= wake;
                done.push(work);
            }
            Ran::Undone => failed.push(work),
            Ran::AllLost => {
                // The engine dropped the transaction: this operation failed, the earlier ones must run again.
                failed.push(work);
                again.extend(done.drain(..).rev());
                break;
            }
        }
        if done.len() + failed.len() < GROUP && began.elapsed() < GROUP_TIME {
            next = again.pop().or_else(|| queues.next(background));
            if next.as_ref().is_some_and(|work| work.alone()) {
                again.extend(next.take()); // its turn comes after this commit
            }
        }
    }
    let committed = if done.is_empty() { rollback(conn) } else { commit(conn, shared) };
    metrics::histogram!("store_group_size").record(done.len() as f64);
    if emitted && committed.is_ok() {
        shared.wake();
    }
    for work in done {
        work.finish(committed.clone());
    }
    for work in failed {
        work.finish(Ok(())); // carries its own error
    }
}

/// A large operation in a transaction of its own.
fn alone(conn: &Connection, mut work: Box<dyn Work>, shared: &Shared) {
    for _ in 0..RETRIES {
        if let Err(problem) = plain(conn, "BEGIN IMMEDIATE") {
            work.finish(Err(problem));
            return;
        }
        let mut tx = Tx::new(Conn::Sqlite(conn), shared, work.actor().clone());
        let ok = work.run(&mut tx);
        let (retry, wake) = (tx.retry, tx.emitted);
        if ok && !conn.is_autocommit() {
            let committed = commit(conn, shared);
            if wake && committed.is_ok() {
                shared.emitted.notify_one();
            }
            work.finish(committed);
            return;
        }
        let undone = rollback(conn);
        if ok || undone.is_err() {
            // The engine dropped the transaction although the operation saw no error.
            work.finish(undone.and(Err(Problem::new(&codes::UNAVAILABLE).because("the transaction was rolled back"))));
            return;
        }
        if !retry {
            break;
        }
    }
    work.finish(Ok(())); // carries its own error
}

enum Ran {
    Stands { wake: bool },
    Undone,
    AllLost,
}

fn one(conn: &Connection, work: &mut dyn Work, shared: &Shared) -> Ran {
    for _ in 0..RETRIES {
        if plain(conn, "SAVEPOINT operation").is_err() {
            return Ran::AllLost;
        }
        let mut tx = Tx::new(Conn::Sqlite(conn), shared, work.actor().clone());
        let ok = work.run(&mut tx);
        let (retry, wake) = (tx.retry, tx.emitted);
        if conn.is_autocommit() {
            return Ran::AllLost;
        }
        if ok {
            return if plain(conn, "RELEASE operation").is_ok() { Ran::Stands { wake } } else { Ran::AllLost };
        }
        if plain(conn, "ROLLBACK TO operation").is_err() || plain(conn, "RELEASE operation").is_err() {
            return Ran::AllLost;
        }
        if !retry {
            break;
        }
    }
    Ran::Undone
}

fn rollback(conn: &Connection) -> Result<()> {
    if conn.is_autocommit() { Ok(()) } else { plain(conn, "ROLLBACK") }
}

fn commit(conn: &Connection, shared: &Shared) -> Result<()> {
    let Err(error) = conn.execute_batch("COMMIT") else { return Ok(()) };
    tracing::error!(%error, "COMMIT failed");
    let full = matches!(&error, rusqlite::Error::SqliteFailure(e, _) if e.code == rusqlite::ErrorCode::DiskFull);
    if full && rollback(conn).is_ok() {
        return Err(named(error).problem);
    }
    // What the disk holds is unknown, and after a failed sync the kernel may have thrown pages away: never go on.
    shared.failed.store(true, Ordering::Release);
    Err(Problem::new(&codes::OUTCOME_UNKNOWN).because(error))
}

/// Copies pages from the write-ahead log into the database beside the writer.
pub(super) fn checkpoint_loop(conn: &Connection, wal: &Path, shared: &Weak<Shared>) {
    while let Some(shared) = shared.upgrade() {
        if !shared.failed.load(Ordering::Acquire) && size(wal) > CHECKPOINT_FROM {
            checkpoint(conn, "PRAGMA wal_checkpoint(PASSIVE)", &shared);
        }
        drop(shared);
        std::thread::sleep(Duration::from_millis(500));
    }
}

/// One that finds the database busy is no matter; one whose sync failed is as good a reason to stop as a commit's.
fn checkpoint(conn: &Connection, pragma: &str, shared: &Shared) {
    let done = conn.query_row(pragma, [], |_| Ok(()));
    if let Err(rusqlite::Error::SqliteFailure(error, _)) = done
        && error.code == rusqlite::ErrorCode::SystemIoFailure
    {
        tracing::error!(%error, "a checkpoint failed");
        shared.failed.store(true, Ordering::Release);
    }
}

fn size(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |m| m.len())
}
