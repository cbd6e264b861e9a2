//! A transaction: the only way to read or change a record. It knows who acts and what time it is.

use crate::{Engine, Row, Statement, Value, Vault, db::Shared, postgres, sqlite};
use kernel::{Actor, Env, Id, Perm, Problem, Result, Timestamp, codes};

pub struct Tx<'a> {
    pub(crate) conn: Conn<'a>,
    pub(crate) shared: &'a Shared,
    pub(crate) actor: Actor,
    pub(crate) now: Timestamp,
    /// The engine asked for the whole transaction to be run again.
    pub(crate) retry: bool,
    /// Somebody should be woken after the commit.
    pub(crate) emitted: bool,
}

pub(crate) enum Conn<'a> {
    Sqlite(&'a rusqlite::Connection),
    Postgres(&'a mut postgres::Connection),
}

impl<'a> Tx<'a> {
    pub(crate) fn new(conn: Conn<'a>, shared: &'a Shared, actor: Actor) -> Self {
        Self { conn, shared, actor, now: shared.env.now(), retry: false, emitted: false }
    }

    pub fn actor(&self) -> &Actor {
        &self.actor
    }
    /// One time for the whole transaction.
    pub fn now(&self) -> Timestamp {
        self.now
    }
    pub fn env(&self) -> &Env {
        &self.shared.env
    }
    pub fn vault(&self) -> &Vault {
        &self.shared.vault
    }
    /// The calling module's memory of this database: a cache, never the truth. Another process does not see it.
    pub fn memory<T: std::any::Any + Default + Send + Sync>(&self) -> std::sync::Arc<T> {
        self.shared.memory.of()
    }
    pub fn new_id<T: ?Sized>(&self) -> Id<T> {
        self.shared.env.new_id()
    }
    pub fn engine(&self) -> Engine {
        match self.conn {
            Conn::Sqlite(_) => Engine::Sqlite,
            Conn::Postgres(_) => Engine::Postgres,
        }
    }
    /// Fails with 403 unless the actor holds `perm`.
    pub fn allow(&self, perm: Perm) -> Result<()> {
        self.actor.allow(perm)
    }
    /// Fails with 404 where the actor may not see a record of `org`.
    pub fn must_see(&self, org: &str) -> Result<()> {
        if self.actor.sees(org) { Ok(()) } else { Err(Problem::not_found()) }
    }
    /// Wakes the background work after the commit, as `emit` does.
    pub fn poke(&mut self) {
        self.emitted = true;
    }

    pub fn query<S: Statement + ?Sized>(&mut self, sql: &S, params: &[Value]) -> Result<Vec<Row>> {
        let mut rows = Vec::new();
        self.each(sql, params, |row| {
            rows.push(row);
            Ok(())
        })?;
        Ok(rows)
    }

    /// Hands each row to `visit` as it arrives.
    pub fn each<S, V>(&mut self, sql: &S, params: &[Value], mut visit: V) -> Result<()>
    where
        S: Statement + ?Sized,
        V: FnMut(Row) -> Result<()>,
    {
        let text = sql.rendered(self.engine());
        let done = match &mut self.conn {
            Conn::Sqlite(conn) => sqlite::each(conn, &text, params, &mut visit),
            Conn::Postgres(conn) => postgres::each(conn, &text, params, &mut visit),
        };
        done.map_err(|failure| self.note(failure))
    }

    pub fn query_opt<S: Statement + ?Sized>(&mut self, sql: &S, params: &[Value]) -> Result<Option<Row>> {
        Ok(self.query(sql, params)?.into_iter().next())
    }

    /// Exactly one row; 404 where there is none.
    pub fn query_one<S: Statement + ?Sized>(&mut self, sql: &S, params: &[Value]) -> Result<Row> {
        self.query_opt(sql, params)?.ok_or_else(Problem::not_found)
    }

    /// Runs a statement and returns how many rows it touched.
    pub fn execute<S: Statement + ?Sized>(&mut self, sql: &S, params: &[Value]) -> Result<u64> {
        let text = sql.rendered(self.engine());
        let done = match &mut self.conn {
            Conn::Sqlite(conn) => sqlite::execute(conn, &text, params),
            Conn::Postgres(conn) => postgres::execute(conn, &text, params),
        };
        done.map_err(|failure| self.note(failure))
    }

    /// Runs an update that names the version it saw; 409 where somebody was faster.
    pub fn execute_versioned<S: Statement + ?Sized>(&mut self, sql: &S, params: &[Value]) -> Result<()> {
        match self.execute(sql, params)? {
            1 => Ok(()),
            0 => Err(Problem::new(&codes::CONFLICT)),
            n => Err(Problem::internal(format!("a versioned update touched {n} rows"))),
        }
    }

    /// Several statements separated by `;`, without binds: migrations.
    pub(crate) fn batch(&mut self, text: &str) -> Result<()> {
        let text = self.engine().render(text);
        let done = match &mut self.conn {
            Conn::Sqlite(conn) => sqlite::batch(conn, &text),
            Conn::Postgres(conn) => postgres::batch(conn, &text),
        };
        done.map_err(|failure| self.note(failure))
    }

    fn note(&mut self, failure: Failure) -> Problem {
        self.retry |= failure.retry;
        failure.problem
    }
}

/// A failed statement, and whether the engine wants the transaction run again.
pub(crate) struct Failure {
    pub problem: Problem,
    pub retry: bool,
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self { problem, retry: false }
    }
}
