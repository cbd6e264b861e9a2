//! Which rows an operation writes: the difference between all tables before and after many of them, on a small store.

use super::World;
use crate::{
    Done,
    server::{Setup, fresh},
};
use rusqlite::types::Value;
use std::{
    collections::{BTreeMap, HashSet},
    path::PathBuf,
};

/// A small SQLite store of its own beside the big one. The rows are the same on both engines.
pub struct Small {
    pub setup: Setup,
    pub token: String,
}

pub type Table = Vec<Vec<Value>>;

pub struct Recorded {
    /// New rows by table, in the order of their appearance.
    pub tables: BTreeMap<String, Table>,
    pub columns: BTreeMap<String, Vec<String>>,
    pub operations: usize,
    /// The statements that make the tables, on SQLite.
    pub schema: Vec<String>,
}

impl Recorded {
    pub fn rows_per_operation(&self) -> f64 {
        self.tables.values().map(Vec::len).sum::<usize>() as f64 / self.operations as f64
    }
    /// The n-th operation's share of each table's rows.
    pub fn share(&self, n: usize) -> impl Iterator<Item = (&String, &[Vec<Value>])> {
        self.tables.iter().map(move |(name, rows)| {
            let at = |n: usize| rows.len() * n / self.operations;
            (name, &rows[at(n)..at(n + 1)])
        })
    }
}

impl Small {
    pub fn make(world: &World) -> Done<Self> {
        let data: PathBuf = world.dir.join("small");
        fresh(&data)?;
        let setup = Setup { data, database_url: None, extra: Vec::new(), ..world.setup.clone() };
        setup.tell(&["seed", "--customers", "1000", "--seed", "2"])?;
        let token = setup.token("admin")?;
        Ok(Self { setup, token })
    }
    fn open(&self) -> Done<rusqlite::Connection> {
        rusqlite::Connection::open(self.setup.data.join("yitai.db")).map_err(|e| e.to_string())
    }
    pub fn dump(&self) -> Done<BTreeMap<String, Table>> {
        let conn = self.open()?;
        let names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
        let names = column(&conn, names)?;
        names.into_iter().map(|name| Ok((name.clone(), all_rows(&conn, &name)?))).collect()
    }
    /// What is new since `before`. With `capture`, a table of documents, only rows that carry the very microsecond at
    /// which one of them was created: a transaction has one time, so these are the rows of the same transactions.
    pub fn written(&self, before: BTreeMap<String, Table>, operations: usize, capture: Option<&str>) -> Done<Recorded> {
        let after = self.dump()?;
        let conn = self.open()?;
        let moments = match capture {
            None => None,
            Some(table) => {
                let times = column(&conn, &format!("SELECT CAST(created_at AS TEXT) FROM {table}"))?;
                Some(times.iter().filter_map(|t| t.parse::<i64>().ok()).collect::<HashSet<i64>>())
            }
        };
        let mut columns = BTreeMap::new();
        let mut tables = BTreeMap::new();
        for (name, rows) in after {
            let known: HashSet<String> = before.get(&name).into_iter().flatten().map(|r| format!("{r:?}")).collect();
            let mut new: Table = rows.into_iter().filter(|r| !known.contains(&format!("{r:?}"))).collect();
            if let Some(moments) = &moments {
                new.retain(|row| row.iter().any(|v| matches!(v, Value::Integer(n) if moments.contains(n))));
            }
            // A handful of changed rows (counters, cursors) is no part of an operation's rows.
            if new.len() * 2 >= operations {
                columns.insert(
                    name.clone(),
                    column(&conn, &format!("SELECT name FROM pragma_table_info('{name}') ORDER BY cid"))?,
                );
                tables.insert(name, new);
            }
        }
        let schema = column(&conn, "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type DESC, name")?;
        Ok(Recorded { tables, columns, operations, schema })
    }
}

fn column(conn: &rusqlite::Connection, sql: &str) -> Done<Vec<String>> {
    let mut statement = conn.prepare(sql).map_err(|e| e.to_string())?;
    let rows = statement.query_map([], |r| r.get(0)).map_err(|e| e.to_string())?;
    rows.collect::<Result<_, _>>().map_err(|e| e.to_string())
}

pub fn all_rows(conn: &rusqlite::Connection, table: &str) -> Done<Table> {
    let mut statement = conn.prepare(&format!("SELECT * FROM {table}")).map_err(|e| e.to_string())?;
    let width = statement.column_count();
    let rows = statement.query_map([], |r| (0..width).map(|i| r.get(i)).collect()).map_err(|e| e.to_string())?;
    rows.collect::<Result<_, _>>().map_err(|e| e.to_string())
}
