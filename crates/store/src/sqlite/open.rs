//! Connections and their settings.

use crate::{Config, Synchronous};
use kernel::{Problem, Result, codes};
use rusqlite::{Connection, OpenFlags, config::DbConfig, functions::FunctionFlags};
use std::path::PathBuf;

fn path(config: &Config) -> PathBuf {
    config.data.join("yitai.db")
}
pub(super) fn wal_path(config: &Config) -> PathBuf {
    config.data.join("yitai.db-wal")
}

pub(super) fn writer(config: &Config) -> Result<Connection> {
    let conn = connect(config, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
    let synchronous = match config.synchronous {
        Synchronous::Full => "FULL",
        Synchronous::Normal => "NORMAL",
    };
    // The checkpoint thread moves pages back into the database; through a special VFS the writer does it itself.
    // Not in the harness's control run: a checkpoint syncs, and would now and then save what the run is to lose.
    let checkpoint = if config.vfs.is_some() && config.synchronous == Synchronous::Full { 1000 } else { 0 };
    pragmas(
        &conn,
        &format!(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous}; PRAGMA cache_size = -65536; \
         PRAGMA wal_autocheckpoint = {checkpoint}; PRAGMA temp_store = MEMORY;"
        ),
    )?;
    Ok(conn)
}

pub(super) fn reader(config: &Config) -> Result<Connection> {
    let conn = connect(config, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    // Not mapped: pages of a long read would all count as resident, up to the size of the store.
    pragmas(&conn, "PRAGMA query_only = ON; PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY;")?;
    Ok(conn)
}

pub(super) fn checkpointer(config: &Config) -> Result<Connection> {
    let conn = connect(config, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    pragmas(&conn, "PRAGMA synchronous = FULL; PRAGMA cache_size = -1024;")?;
    Ok(conn)
}

fn connect(config: &Config, flags: OpenFlags) -> Result<Connection> {
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = match &config.vfs {
        None => Connection::open_with_flags(path(config), flags),
        Some(vfs) => Connection::open_with_flags_and_vfs(path(config), flags, vfs.as_str()),
    };
    let conn =
        opened.map_err(|e| Problem::new(&codes::UNAVAILABLE).because(format!("{}: {e}", path(config).display())))?;
    conn.set_prepared_statement_cache_capacity(256);
    // One plan a statement. Without it SQLite plans a range or a LIMIT anew for each value bound to it, which costs more
    // than most of our queries.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(Problem::internal)?;
    // An import from the command line may hold the write lock for a moment.
    conn.busy_timeout(std::time::Duration::from_secs(10)).map_err(Problem::internal)?;
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    conn.create_scalar_function("regexp", 2, flags, regexp).map_err(Problem::internal)?;
    Ok(conn)
}

fn pragmas(conn: &Connection, text: &str) -> Result<()> {
    conn.execute_batch(text).map_err(|e| Problem::new(&codes::UNAVAILABLE).because(e))
}

/// `text REGEXP pattern`, with the compiled pattern kept on the statement.
fn regexp(ctx: &rusqlite::functions::Context<'_>) -> rusqlite::Result<Option<bool>> {
    type Fault = Box<dyn std::error::Error + Send + Sync>;
    let pattern = ctx.get_or_create_aux(0, |v| -> std::result::Result<regex::Regex, Fault> {
        Ok(regex::RegexBuilder::new(v.as_str()?).size_limit(1 << 20).build()?)
    })?;
    Ok(match ctx.get_raw(1) {
        rusqlite::types::ValueRef::Null => None,
        rusqlite::types::ValueRef::Text(t) => std::str::from_utf8(t).ok().map(|t| pattern.is_match(t)),
        rusqlite::types::ValueRef::Integer(n) => Some(pattern.is_match(&n.to_string())),
        rusqlite::types::ValueRef::Real(n) => Some(pattern.is_match(&n.to_string())),
        rusqlite::types::ValueRef::Blob(_) => None,
    })
}
