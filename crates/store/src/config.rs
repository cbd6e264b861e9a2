//! Where the records live and how carefully they are written.

use std::path::PathBuf;

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Synchronous {
    /// Every commit is on disk before it is acknowledged.
    #[default]
    Full,
    /// Loses acknowledged commits when the power goes. Exists so that the durability harness can show that it notices.
    Normal,
}

#[derive(Clone, Debug)]
pub struct Config {
    /// Keys, and the SQLite database unless `database_url` is given.
    pub data: PathBuf,
    /// `postgres://…` for PostgreSQL.
    pub database_url: Option<String>,
    pub synchronous: Synchronous,
    /// A registered SQLite VFS to write through, for the durability harness.
    pub vfs: Option<String>,
    /// Threads that read (SQLite) or connections (PostgreSQL).
    pub connections: usize,
}

impl Config {
    pub fn sqlite(data: impl Into<PathBuf>) -> Self {
        Self { data: data.into(), database_url: None, synchronous: Synchronous::Full, vfs: None, connections: 0 }
    }
    pub fn postgres(data: impl Into<PathBuf>, url: impl Into<String>) -> Self {
        Self { database_url: Some(url.into()), ..Self::sqlite(data) }
    }
    /// SQLite readers are bound by cores, PostgreSQL connections by waiting.
    pub(crate) fn threads(&self) -> usize {
        match (self.connections, &self.database_url) {
            (0, None) => std::thread::available_parallelism().map_or(2, usize::from).clamp(2, 8),
            (0, Some(_)) => 16,
            (n, _) => n,
        }
    }
}
