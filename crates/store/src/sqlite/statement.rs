//! Running statements and naming their failures.

use crate::{Row, Value, tx::Failure};
use kernel::{Problem, Result, codes};
use rusqlite::{
    Connection, Error, ErrorCode,
    types::{ToSqlOutput, ValueRef},
};

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(n) => ValueRef::Integer(*n),
            Self::Real(n) => ValueRef::Real(*n),
            Self::Text(s) => ValueRef::Text(s.as_bytes()),
            Self::Blob(b) => ValueRef::Blob(b),
        }))
    }
}

pub(crate) fn each(
    conn: &Connection,
    text: &str,
    params: &[Value],
    visit: &mut dyn FnMut(Row) -> Result<()>,
) -> std::result::Result<(), Failure> {
    let mut statement = conn.prepare_cached(text).map_err(named)?;
    let columns = statement.column_count();
    let mut rows = statement.query(rusqlite::params_from_iter(params)).map_err(named)?;
    while let Some(row) = rows.next().map_err(named)? {
        let value = |i| row.get_ref(i).map(owned).map_err(named);
        visit(Row((0..columns).map(value).collect::<std::result::Result<_, _>>()?))?;
    }
    Ok(())
}

pub(crate) fn execute(conn: &Connection, text: &str, params: &[Value]) -> std::result::Result<u64, Failure> {
    let mut statement = conn.prepare_cached(text).map_err(named)?;
    Ok(statement.execute(rusqlite::params_from_iter(params)).map_err(named)? as u64)
}

pub(crate) fn batch(conn: &Connection, text: &str) -> std::result::Result<(), Failure> {
    conn.execute_batch(text).map_err(named)
}

/// `BEGIN`, `COMMIT`, `SAVEPOINT` and their kind.
pub(super) fn plain(conn: &Connection, text: &str) -> Result<()> {
    execute(conn, text, &[]).map(drop).map_err(|f| f.problem)
}

fn owned(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(n) => Value::Int(n),
        ValueRef::Real(n) => Value::Real(n),
        ValueRef::Text(t) => Value::Text(String::from_utf8_lossy(t).into_owned()),
        ValueRef::Blob(b) => Value::Blob(b.to_vec()),
    }
}

pub(super) fn named(error: Error) -> Failure {
    let code = match &error {
        Error::SqliteFailure(e, _) => match (e.code, e.extended_code) {
            (ErrorCode::ConstraintViolation, 1555 | 2067) => &codes::DUPLICATE,
            (ErrorCode::DiskFull, _) => &codes::STORAGE_FULL,
            (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _) => &codes::BUSY,
            (ErrorCode::SystemIoFailure | ErrorCode::CannotOpen | ErrorCode::NotADatabase, _) => &codes::UNAVAILABLE,
            _ => &codes::INTERNAL,
        },
        Error::UserFunctionError(_) => &codes::QUERY_INVALID,
        _ => &codes::INTERNAL,
    };
    let text = error.to_string();
    // A bad regular expression surfaces as a failed function call.
    let code = if text.contains("regex parse error") || text.contains("regex") { &codes::QUERY_INVALID } else { code };
    let problem = Problem::new(code).because(&text);
    let problem = match code.id {
        "duplicate" => problem.with("value", constraint(&text)),
        "query.invalid" => problem.with("detail", "regular expression"),
        _ => problem,
    };
    Failure { problem, retry: false }
}

/// `UNIQUE constraint failed: customer.id` → `customer.id`.
fn constraint(text: &str) -> &str {
    text.rsplit_once("failed: ").map_or("", |(_, name)| name)
}
