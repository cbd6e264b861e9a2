//! Records on disk: one SQL text, two engines (embedded SQLite, PostgreSQL), one way to change anything.
//!
//! A transaction is a function: domain code is an ordinary closure over `&mut Tx`, run on the store's own threads and run
//! again when the engine asks for a retry. Nothing can be awaited inside it. Nobody is answered before the commit that
//! holds their change is durable.
//!
//! * SQLite: WAL, `synchronous=FULL`, one writer thread that puts many closures (a savepoint each) into one commit.
//! * PostgreSQL: a pool of threads, `READ COMMITTED`, versions checked on save, retry on serialisation failure.

mod audit;
mod backup;
mod bulk;
mod config;
mod db;
mod dialect;
mod idempotency;
mod memory;
mod migrate;
mod numbering;
mod outbox;
mod postgres;
mod sql;
mod sqlite;
mod tx;
mod value;
mod vault;
mod work;

pub use audit::AuditEntry;
pub use backup::{BackupReport, backup, restore};
pub use config::{Config, Synchronous};
pub use db::Db;
pub use dialect::{Engine, Filter};
pub use idempotency::{Stored, forget_before};
pub use linkme;
pub use migrate::Migration;
pub use outbox::{Delivered, Event, events_after, headlines_after, last_position, sequence};
pub use sql::{STATEMENTS, Sql, Statement};
pub use tx::Tx;
pub use value::{Row, ToValue, Value};
pub use vault::Vault;

/// The store's own tables.
pub const MIGRATIONS: &[Migration] = &[Migration::new("store", 1, include_str!("../migrations/0001_store.sql"))];
