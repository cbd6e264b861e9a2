//! The handle that everything holds: read, write, and be told when something was emitted.

use crate::{
    Config, Engine, Migration, Tx, Vault,
    memory::Memory,
    migrate, postgres, sqlite,
    work::{Typed, Work},
};
use kernel::{Actor, Env, Problem, Result, codes};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use tokio::sync::{Notify, oneshot};

/// A database. Cheap to clone; closes when the last handle goes.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    backend: Backend,
    shared: Arc<Shared>,
}

enum Backend {
    Sqlite(sqlite::Store),
    Postgres(postgres::Pool),
}

/// What the store's threads need beside their connection.
pub(crate) struct Shared {
    pub env: Env,
    pub vault: Vault,
    pub memory: Memory,
    /// Woken after a commit that emitted an event or made work due: the sequencer waits on the first, the runner of jobs
    /// and sagas on the second. One waiter each, so that no wake-up is lost to the other.
    pub emitted: Notify,
    pub poked: Notify,
    /// Set once a sync of the disk has failed: nothing is written any more, the process is to be restarted.
    pub failed: AtomicBool,
}

impl Shared {
    pub fn wake(&self) {
        self.emitted.notify_one();
        self.poked.notify_one();
    }
}

impl Db {
    /// Opens or creates the database and brings its tables up to date. Blocks: call it before serving.
    pub fn open(config: &Config, env: Env, migrations: &[Migration]) -> Result<Self> {
        std::fs::create_dir_all(&config.data).map_err(|e| Problem::new(&codes::UNAVAILABLE).because(e))?;
        let vault = Vault::open(&config.data, &env)?;
        let shared = Arc::new(Shared {
            env,
            vault,
            memory: Memory::default(),
            emitted: Notify::new(),
            poked: Notify::new(),
            failed: AtomicBool::new(false),
        });
        let backend = match &config.database_url {
            None => Backend::Sqlite(sqlite::Store::open(config, &shared)?),
            Some(url) => Backend::Postgres(postgres::Pool::open(url, config.threads(), &shared)?),
        };
        let db = Self(Arc::new(Inner { backend, shared }));
        migrate::run(&db, migrations)?;
        Ok(db)
    }

    pub fn engine(&self) -> Engine {
        match self.0.backend {
            Backend::Sqlite(_) => Engine::Sqlite,
            Backend::Postgres(_) => Engine::Postgres,
        }
    }
    pub fn env(&self) -> &Env {
        &self.0.shared.env
    }
    pub fn vault(&self) -> &Vault {
        &self.0.shared.vault
    }
    /// What a module remembers of this database in this process.
    pub fn memory<T: std::any::Any + Default + Send + Sync>(&self) -> Arc<T> {
        self.0.shared.memory.of()
    }
    /// False once the store has stopped for good (a failed sync): the process should end and be started again.
    pub fn healthy(&self) -> bool {
        !self.0.shared.failed.load(Ordering::Acquire)
    }
    /// Resolves after the next commit that emitted an event.
    pub async fn emitted(&self) {
        self.0.shared.emitted.notified().await;
    }
    /// Resolves after the next commit that emitted an event or called [`Tx::poke`]: for the runner of jobs and sagas.
    pub async fn poked(&self) {
        self.0.shared.poked.notified().await;
    }

    /// Runs `operation` in a transaction and answers when it is durable.
    pub async fn write<R, F>(&self, actor: Actor, operation: F) -> Result<R>
    where
        F: FnMut(&mut Tx<'_>) -> Result<R> + Send + 'static,
        R: Send + 'static,
    {
        let (work, answer) = typed(actor, false, operation);
        self.hand_to_writer(work)?;
        answer.await.map_err(|_| Problem::new(&codes::OUTCOME_UNKNOWN))?
    }

    /// Runs `operation` on one consistent snapshot.
    pub async fn read<R, F>(&self, actor: Actor, operation: F) -> Result<R>
    where
        F: FnMut(&mut Tx<'_>) -> Result<R> + Send + 'static,
        R: Send + 'static,
    {
        let (work, answer) = typed(actor, false, operation);
        self.hand_to_reader(work)?;
        answer.await.map_err(|_| Problem::new(&codes::UNAVAILABLE))?
    }

    /// Like [`read`](Self::read) for a look-up by key that takes microseconds: on SQLite it runs where it is called,
    /// which saves two thread switches; on PostgreSQL without a transaction around it. Never for a scan, and never where
    /// two statements must see the same state.
    pub async fn peek<R, F>(&self, actor: Actor, mut operation: F) -> Result<R>
    where
        F: FnMut(&mut Tx<'_>) -> Result<R> + Send + 'static,
        R: Send + 'static,
    {
        match &self.0.backend {
            Backend::Sqlite(store) => store.peek(&actor, &mut operation),
            Backend::Postgres(pool) => {
                let (work, answer) = typed(actor, false, operation);
                pool.submit_peek(work)?;
                answer.await.map_err(|_| Problem::new(&codes::UNAVAILABLE))?
            }
        }
    }

    /// [`write`](Self::write) for a thread that may block: commands, imports, tests.
    pub fn write_blocking<R, F>(&self, actor: Actor, operation: F) -> Result<R>
    where
        F: FnMut(&mut Tx<'_>) -> Result<R> + Send + 'static,
        R: Send + 'static,
    {
        let (work, answer) = typed(actor, false, operation);
        self.hand_to_writer(work)?;
        answer.blocking_recv().map_err(|_| Problem::new(&codes::OUTCOME_UNKNOWN))?
    }

    /// [`write_blocking`](Self::write_blocking) for thousands of rows at once: in a transaction that no other operation
    /// shares. On SQLite it needs no savepoint, whose journal would grow with every page it touches.
    pub fn load_blocking<R, F>(&self, actor: Actor, operation: F) -> Result<R>
    where
        F: FnMut(&mut Tx<'_>) -> Result<R> + Send + 'static,
        R: Send + 'static,
    {
        let (work, answer) = typed(actor, true, operation);
        self.hand_to_writer(work)?;
        answer.blocking_recv().map_err(|_| Problem::new(&codes::OUTCOME_UNKNOWN))?
    }

    /// [`read`](Self::read) for a thread that may block.
    pub fn read_blocking<R, F>(&self, actor: Actor, operation: F) -> Result<R>
    where
        F: FnMut(&mut Tx<'_>) -> Result<R> + Send + 'static,
        R: Send + 'static,
    {
        let (work, answer) = typed(actor, false, operation);
        self.hand_to_reader(work)?;
        answer.blocking_recv().map_err(|_| Problem::new(&codes::UNAVAILABLE))?
    }

    fn hand_to_writer(&self, work: Box<dyn Work>) -> Result<()> {
        match &self.0.backend {
            Backend::Sqlite(store) => store.write(work),
            Backend::Postgres(pool) => pool.submit(work),
        }
    }
    fn hand_to_reader(&self, work: Box<dyn Work>) -> Result<()> {
        match &self.0.backend {
            Backend::Sqlite(store) => store.read(work),
            Backend::Postgres(pool) => pool.submit_read(work),
        }
    }
}

type Answer<R> = oneshot::Receiver<Result<R>>;

fn typed<R, F>(actor: Actor, alone: bool, operation: F) -> (Box<dyn Work>, Answer<R>)
where
    F: FnMut(&mut Tx<'_>) -> Result<R> + Send + 'static,
    R: Send + 'static,
{
    let (reply, answer) = oneshot::channel();
    (Box::new(Typed { actor, alone, operation, outcome: None, reply }), answer)
}
