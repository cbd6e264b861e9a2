//! PostgreSQL and what speaks its protocol: a pool of threads with a connection each. `READ COMMITTED`; every save
//! checks the version it saw, every exclusive thing has a unique constraint, and what the engine could not serialise is
//! run again.

mod connection;
mod value;

pub(crate) use connection::{Connection, batch, each, execute};

use crate::{Tx, db::Shared, tx::Conn, work::Work};
use crossbeam_channel::{Receiver, Sender, unbounded};
use kernel::{Problem, Result, codes};
use std::{sync::Arc, time::Duration};

pub(crate) struct Pool {
    writes: Sender<(Kind, Box<dyn Work>)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// One look-up: its statement is its own snapshot, and the two round trips of a transaction are saved.
    Peek,
    Read,
    Write,
}

const RETRIES: u32 = 12;

impl Pool {
    pub fn open(url: &str, threads: usize, shared: &Arc<Shared>) -> Result<Self> {
        let (writes, queue) = unbounded();
        let first = Connection::open(url)?; // a wrong address is told at start, not at the first request
        let mut ready = Some(first);
        for n in 0..threads {
            let (queue, url, shared) = (queue.clone(), url.to_owned(), shared.clone());
            let connection = ready.take();
            let spawned = std::thread::Builder::new()
                .name(format!("store-pg-{n}"))
                .spawn(move || serve(&url, connection, &queue, &shared));
            spawned.map_err(Problem::internal)?;
        }
        Ok(Self { writes })
    }
    pub fn submit(&self, work: Box<dyn Work>) -> Result<()> {
        self.writes.send((Kind::Write, work)).map_err(|_| Problem::new(&codes::UNAVAILABLE))
    }
    pub fn submit_peek(&self, work: Box<dyn Work>) -> Result<()> {
        self.writes.send((Kind::Peek, work)).map_err(|_| Problem::new(&codes::UNAVAILABLE))
    }
    pub fn submit_read(&self, work: Box<dyn Work>) -> Result<()> {
        self.writes.send((Kind::Read, work)).map_err(|_| Problem::new(&codes::UNAVAILABLE))
    }
}

fn serve(url: &str, mut connection: Option<Connection>, queue: &Receiver<(Kind, Box<dyn Work>)>, shared: &Shared) {
    for (kind, mut work) in queue {
        let outcome = match usable(url, &mut connection) {
            Ok(connection) => transact(connection, kind, &mut *work, shared),
            Err(problem) => Err(problem),
        };
        work.finish(outcome);
    }
}

/// The thread's connection, opened anew if the last one broke.
fn usable<'c>(url: &str, connection: &'c mut Option<Connection>) -> Result<&'c mut Connection> {
    if connection.as_ref().is_none_or(Connection::is_closed) {
        *connection = Some(Connection::open(url)?);
    }
    connection.as_mut().ok_or_else(|| Problem::new(&codes::UNAVAILABLE))
}

fn transact(connection: &mut Connection, kind: Kind, work: &mut dyn Work, shared: &Shared) -> Result<()> {
    let begin = match kind {
        Kind::Peek => {
            work.run(&mut Tx::new(Conn::Postgres(connection), shared, work.actor().clone()));
            return Ok(());
        }
        Kind::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        Kind::Write => "BEGIN",
    };
    for attempt in 0..RETRIES {
        connection.plain(begin).map_err(|f| f.problem)?;
        let mut tx = Tx::new(Conn::Postgres(connection), shared, work.actor().clone());
        let ok = work.run(&mut tx);
        let (mut retry, wake) = (tx.retry, tx.emitted);
        if ok {
            match connection.plain("COMMIT") {
                Ok(()) => {
                    if wake {
                        shared.wake();
                    }
                    return Ok(());
                }
                Err(failure) if failure.retry => retry = true,
                // The server may have committed before the line broke.
                Err(failure) => return Err(Problem::new(&codes::OUTCOME_UNKNOWN).because(failure.problem)),
            }
        } else {
            let _ = connection.plain("ROLLBACK"); // a broken connection is replaced before its next use
        }
        if !retry {
            return Ok(()); // the operation carries its own error
        }
        std::thread::sleep(Duration::from_millis(1 << attempt.min(6)));
    }
    Err(Problem::new(&codes::BUSY))
}
