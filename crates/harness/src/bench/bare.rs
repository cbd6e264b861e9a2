//! The bare engine: the same rows through the driver, without a server, on the same number of threads.

use super::{World, per_second, rows::Recorded};
use crate::{Done, args::Engine};
use postgres::{Client, NoTls, types::ToSql};
use rusqlite::types::Value;
use std::{
    thread,
    time::{Duration, Instant},
};

const READING: Duration = Duration::from_secs(4);
/// Operations a commit, as many as the server's group commit gathers from 64 clients at most.
const GROUP: usize = 64;
/// Connections to PostgreSQL, as many as the server holds.
const CONNECTIONS: usize = 16;

/// Reads by one key, two threads for SQLite, sixteen connections for PostgreSQL.
pub fn read(world: &World, sql: &str, keys: Vec<String>) -> Done<f64> {
    let threads = if world.engine == Engine::Sqlite { 2 } else { CONNECTIONS };
    let counts: Vec<Done<usize>> = thread::scope(|scope| {
        let running: Vec<_> = (0..threads)
            .map(|t| {
                scope.spawn({
                    let keys = &keys;
                    move || match world.engine {
                        Engine::Sqlite => read_sqlite(world, &sql.replace('$', "?"), keys, t),
                        Engine::Postgres => read_postgres(world, sql, keys, t),
                    }
                })
            })
            .collect();
        running.into_iter().map(|r| r.join().unwrap_or_else(|_| Err("a reader panicked".to_owned()))).collect()
    });
    let total: usize = counts.into_iter().collect::<Done<Vec<usize>>>()?.into_iter().sum();
    Ok(per_second(total, READING))
}

fn read_sqlite(world: &World, sql: &str, keys: &[String], from: usize) -> Done<usize> {
    let failed = |e: rusqlite::Error| e.to_string();
    let conn = rusqlite::Connection::open(world.setup.data.join("yitai.db")).map_err(failed)?;
    conn.execute_batch("PRAGMA mmap_size = 4294967296").map_err(failed)?;
    let mut statement = conn.prepare(sql).map_err(failed)?;
    let (began, mut n) = (Instant::now(), 0);
    while began.elapsed() < READING {
        let key = keys.get((n * 7 + from) % keys.len().max(1));
        let mut rows = statement.query(rusqlite::params_from_iter(key)).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            std::hint::black_box(row.get_ref(0).map_err(failed)?);
        }
        n += 1;
    }
    Ok(n)
}

fn connect(world: &World) -> Done<Client> {
    Client::connect(world.setup.database_url.as_deref().unwrap_or_default(), NoTls).map_err(|e| e.to_string())
}

fn read_postgres(world: &World, sql: &str, keys: &[String], from: usize) -> Done<usize> {
    let mut client = connect(world)?;
    let statement = client.prepare(sql).map_err(|e| e.to_string())?;
    let (began, mut n) = (Instant::now(), 0);
    while began.elapsed() < READING {
        let key = keys.get((n * 7 + from) % keys.len().max(1));
        let binds: Vec<&(dyn ToSql + Sync)> = key.iter().map(|k| *k as _).collect();
        std::hint::black_box(client.query(&statement, &binds).map_err(|e| e.to_string())?);
        n += 1;
    }
    Ok(n)
}

/// Writes the recorded rows into tables of the same shape and indexes, as durably as the server does.
pub fn write(world: &World, recorded: &Recorded) -> Done<f64> {
    match world.engine {
        Engine::Sqlite => write_sqlite(world, recorded),
        Engine::Postgres => write_postgres(world, recorded),
    }
}

fn insert(name: &str, columns: &[String], sign: char) -> String {
    let binds: Vec<String> = (1..=columns.len()).map(|i| format!("{sign}{i}")).collect();
    format!("INSERT INTO {name} ({}) VALUES ({})", columns.join(", "), binds.join(", "))
}

fn write_sqlite(world: &World, recorded: &Recorded) -> Done<f64> {
    let failed = |e: rusqlite::Error| e.to_string();
    let path = world.dir.join("bare.db");
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", path.display()));
    }
    let conn = rusqlite::Connection::open(&path).map_err(failed)?;
    conn.set_prepared_statement_cache_capacity(100);
    conn.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536")
        .map_err(failed)?;
    for sql in &recorded.schema {
        conn.execute_batch(sql).map_err(failed)?;
    }
    let inserts: Vec<(&String, String)> =
        recorded.columns.iter().map(|(name, columns)| (name, insert(name, columns, '?'))).collect();
    let began = Instant::now();
    for group in 0..recorded.operations.div_ceil(GROUP) {
        conn.execute_batch("BEGIN IMMEDIATE").map_err(failed)?;
        for n in group * GROUP..((group + 1) * GROUP).min(recorded.operations) {
            for ((_, sql), (_, rows)) in inserts.iter().zip(recorded.share(n)) {
                let mut statement = conn.prepare_cached(sql).map_err(failed)?;
                for row in rows {
                    statement.execute(rusqlite::params_from_iter(row)).map_err(failed)?;
                }
            }
        }
        conn.execute_batch("COMMIT").map_err(failed)?;
    }
    Ok(per_second(recorded.operations, began.elapsed()))
}

/// Into copies of the tables, with their indexes, in a schema of their own; a transaction an operation, many at once.
fn write_postgres(world: &World, recorded: &Recorded) -> Done<f64> {
    let failed = |e: postgres::Error| e.as_db_error().map_or_else(|| e.to_string(), |d| d.message().to_owned());
    let mut admin = connect(world)?;
    admin.batch_execute("DROP SCHEMA IF EXISTS bare CASCADE; CREATE SCHEMA bare").map_err(failed)?;
    for name in recorded.columns.keys() {
        admin.batch_execute(&format!("CREATE TABLE bare.{name} (LIKE public.{name} INCLUDING ALL)")).map_err(failed)?;
    }
    let began = Instant::now();
    let done: Vec<Done> = thread::scope(|scope| {
        let running: Vec<_> = (0..CONNECTIONS).map(|t| scope.spawn(move || writer(world, recorded, t))).collect();
        running.into_iter().map(|r| r.join().unwrap_or_else(|_| Err("a writer panicked".to_owned()))).collect()
    });
    let took = began.elapsed();
    done.into_iter().collect::<Done<Vec<()>>>()?;
    Ok(per_second(recorded.operations, took))
}

fn writer(world: &World, recorded: &Recorded, thread: usize) -> Done {
    let failed = |e: postgres::Error| e.as_db_error().map_or_else(|| e.to_string(), |d| d.message().to_owned());
    let mut client = connect(world)?;
    let prepare = |(name, columns): (&String, &Vec<String>)| {
        let sql = insert(&format!("bare.{name}"), columns, '$');
        client.prepare(&sql).map_err(failed)
    };
    let statements: Vec<_> = recorded.columns.iter().map(prepare).collect::<Done<_>>()?;
    for n in (thread..recorded.operations).step_by(CONNECTIONS) {
        let mut tx = client.transaction().map_err(failed)?;
        for (statement, (_, rows)) in statements.iter().zip(recorded.share(n)) {
            for row in rows {
                let values: Vec<Cell<'_>> = row.iter().map(Cell).collect();
                let binds: Vec<&(dyn ToSql + Sync)> = values.iter().map(|v| v as _).collect();
                tx.execute(statement, &binds).map_err(failed)?;
            }
        }
        tx.commit().map_err(failed)?;
    }
    Ok(())
}

/// A value recorded on SQLite, bound on PostgreSQL.
#[derive(Debug)]
struct Cell<'a>(&'a Value);

impl ToSql for Cell<'_> {
    fn to_sql(
        &self,
        ty: &postgres::types::Type,
        out: &mut postgres::types::private::BytesMut,
    ) -> Result<postgres::types::IsNull, Box<dyn std::error::Error + Sync + Send>> {
        use postgres::types::Type;
        match (self.0, ty) {
            (Value::Null, _) => return Ok(postgres::types::IsNull::Yes),
            (Value::Integer(n), &Type::BOOL) => (*n != 0).to_sql(ty, out)?,
            (Value::Integer(n), &Type::INT4) => i32::try_from(*n)?.to_sql(ty, out)?,
            (Value::Integer(n), _) => n.to_sql(&Type::INT8, out)?,
            (Value::Real(n), _) => n.to_sql(&Type::FLOAT8, out)?,
            (Value::Text(s), &Type::JSONB) => {
                out.extend_from_slice(&[1]);
                out.extend_from_slice(s.as_bytes());
                postgres::types::IsNull::No
            }
            (Value::Text(s), _) => s.to_sql(&Type::TEXT, out)?,
            (Value::Blob(b), _) => b.to_sql(&Type::BYTEA, out)?,
        };
        Ok(postgres::types::IsNull::No)
    }
    fn accepts(_: &postgres::types::Type) -> bool {
        true
    }
    postgres::types::to_sql_checked!();
}
