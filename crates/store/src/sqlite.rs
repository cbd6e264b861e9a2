//! The embedded engine: one writer with group commit, readers beside it.

mod open;
mod statement;
mod writer;

pub(crate) use statement::{batch, each, execute};

use crate::{Config, Tx, db::Shared, tx::Conn, work::Work};
use crossbeam_channel::{Receiver, Sender, unbounded};
use kernel::{Actor, ActorKind, Problem, Result, codes};
use std::sync::{Arc, Mutex, PoisonError};

pub(crate) struct Store {
    writes: Sender<Box<dyn Work>>,
    background_writes: Sender<Box<dyn Work>>,
    reads: Sender<Box<dyn Work>>,
    /// Connections for look-ups that run where they are called.
    idle: Mutex<Vec<rusqlite::Connection>>,
    config: Config,
    shared: Arc<Shared>,
}

impl Store {
    pub fn open(config: &Config, shared: &Arc<Shared>) -> Result<Self> {
        let (writes, people) = unbounded();
        let (background_writes, background) = unbounded();
        let queues = writer::Queues { people, background };
        let (reads, read_queue) = unbounded();
        let connection = open::writer(config)?;
        let wal = open::wal_path(config);
        let context = shared.clone();
        spawn("store-writer", move || writer::run(connection, &wal, &queues, &context))?;
        for n in 0..config.threads() {
            let connection = open::reader(config)?;
            let (queue, context): (Receiver<Box<dyn Work>>, _) = (read_queue.clone(), shared.clone());
            spawn(&format!("store-reader-{n}"), move || {
                for mut work in queue {
                    let committed = snapshot(&connection, |conn| {
                        work.run(&mut Tx::new(Conn::Sqlite(conn), &context, work.actor().clone()));
                    });
                    work.finish(committed);
                }
            })?;
        }
        if config.vfs.is_none() {
            let connection = open::checkpointer(config)?;
            let (wal, context) = (open::wal_path(config), Arc::downgrade(shared));
            spawn("store-checkpoint", move || writer::checkpoint_loop(&connection, &wal, &context))?;
        }
        Ok(Self {
            writes,
            background_writes,
            reads,
            idle: Mutex::default(),
            config: config.clone(),
            shared: shared.clone(),
        })
    }

    pub fn write(&self, work: Box<dyn Work>) -> Result<()> {
        let lane = if work.actor().kind == ActorKind::System { &self.background_writes } else { &self.writes };
        lane.send(work).map_err(|_| Problem::new(&codes::UNAVAILABLE))
    }
    pub fn read(&self, work: Box<dyn Work>) -> Result<()> {
        self.reads.send(work).map_err(|_| Problem::new(&codes::UNAVAILABLE))
    }

    pub fn peek<R>(&self, actor: &Actor, operation: &mut dyn FnMut(&mut Tx<'_>) -> Result<R>) -> Result<R> {
        let pooled = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match pooled {
            Some(connection) => connection,
            None => open::reader(&self.config)?,
        };
        let mut outcome = None;
        let done = snapshot(&connection, |conn| {
            outcome = Some(operation(&mut Tx::new(Conn::Sqlite(conn), &self.shared, actor.clone())));
        });
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        done?;
        outcome.unwrap_or_else(|| Err(Problem::internal("a look-up did not run")))
    }
}

/// Runs `visit` inside a read transaction, so that several statements see one state.
fn snapshot(connection: &rusqlite::Connection, visit: impl FnOnce(&rusqlite::Connection)) -> Result<()> {
    statement::plain(connection, "BEGIN")?;
    visit(connection);
    if connection.is_autocommit() { Ok(()) } else { statement::plain(connection, "COMMIT") }
}

fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> Result<()> {
    let thread = std::thread::Builder::new().name(name.to_owned()).spawn(body);
    thread.map(drop).map_err(Problem::internal)
}
