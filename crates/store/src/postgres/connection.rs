//! One connection with its prepared statements.

use super::value::{Raw, owned};
use crate::{Row, Value, tx::Failure};
use kernel::{Problem, Result, codes};
use postgres::{Client, NoTls, Statement, error::SqlState, fallible_iterator::FallibleIterator, types::ToSql};
use std::collections::HashMap;

pub(crate) struct Connection {
    client: Client,
    prepared: HashMap<String, Statement>,
}

/// Statements built at run time (filters) are many; the cache is emptied when it holds this many.
const CACHE: usize = 1_000;

impl Connection {
    pub fn open(url: &str) -> Result<Self> {
        let client = Client::connect(url, NoTls);
        let mut client = client.map_err(|e| Problem::new(&codes::UNAVAILABLE).because(format!("PostgreSQL: {e}")))?;
        let settings = "SET statement_timeout = '60s'; SET client_min_messages = warning;";
        client.batch_execute(settings).map_err(|e| Problem::new(&codes::UNAVAILABLE).because(e))?;
        Ok(Self { client, prepared: HashMap::new() })
    }
    pub fn is_closed(&self) -> bool {
        self.client.is_closed()
    }
    pub fn plain(&mut self, text: &str) -> std::result::Result<(), Failure> {
        self.client.batch_execute(text).map_err(named)
    }
    fn prepare(&mut self, text: &str) -> std::result::Result<Statement, Failure> {
        if let Some(statement) = self.prepared.get(text) {
            return Ok(statement.clone());
        }
        if self.prepared.len() >= CACHE {
            self.prepared.clear();
        }
        let statement = self.client.prepare(text).map_err(named)?;
        self.prepared.insert(text.to_owned(), statement.clone());
        Ok(statement)
    }
}

pub(crate) fn each(
    conn: &mut Connection,
    text: &str,
    params: &[Value],
    visit: &mut dyn FnMut(Row) -> Result<()>,
) -> std::result::Result<(), Failure> {
    let statement = conn.prepare(text)?;
    let columns = statement.columns().len();
    let mut rows = conn.client.query_raw(&statement, params).map_err(named)?;
    while let Some(row) = rows.next().map_err(named)? {
        let value = |i| row.try_get::<_, Raw<'_>>(i).map_err(named).and_then(|raw| Ok(owned(&raw)?));
        visit(Row((0..columns).map(value).collect::<std::result::Result<_, Failure>>()?))?;
    }
    Ok(())
}

pub(crate) fn execute(conn: &mut Connection, text: &str, params: &[Value]) -> std::result::Result<u64, Failure> {
    let statement = conn.prepare(text)?;
    let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|p| p as _).collect();
    conn.client.execute(&statement, &params).map_err(named)
}

pub(crate) fn batch(conn: &mut Connection, text: &str) -> std::result::Result<(), Failure> {
    conn.plain(text)
}

fn named(error: postgres::Error) -> Failure {
    let state = error.code().cloned();
    let retry =
        matches!(&state, Some(s) if [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED].contains(s));
    let code = match &state {
        Some(s) if *s == SqlState::UNIQUE_VIOLATION => &codes::DUPLICATE,
        Some(s) if *s == SqlState::INVALID_REGULAR_EXPRESSION => &codes::QUERY_INVALID,
        Some(s) if *s == SqlState::DISK_FULL => &codes::STORAGE_FULL,
        Some(s) if *s == SqlState::QUERY_CANCELED => &codes::BUSY,
        Some(_) => &codes::INTERNAL,
        None if error.is_closed() => &codes::UNAVAILABLE,
        None => &codes::INTERNAL,
    };
    let database = error.as_db_error();
    let constraint = database.and_then(|e| e.constraint()).unwrap_or("").to_owned();
    let text = database.map_or_else(|| error.to_string(), |e| e.to_string());
    let problem = Problem::new(code).because(text);
    let problem = match code.id {
        "duplicate" => problem.with("value", &constraint),
        "query.invalid" => problem.with("detail", "regular expression"),
        _ => problem,
    };
    Failure { problem, retry }
}
