//! A sum over all records, to prove that a refusal changed nothing.

use kernel::{Actor, Result};
use std::{
    collections::BTreeMap,
    fmt,
    hash::{DefaultHasher, Hash, Hasher},
};
use store::{Db, Engine, Tx, Value};

/// Row count and content sum of every table. Two digests are equal where no row differs.
#[derive(Clone, PartialEq, Eq)]
pub struct Digest(BTreeMap<String, (u64, u64)>);

impl Digest {
    pub(crate) async fn take(db: &Db) -> Self {
        db.read(Actor::system(), |tx| all(tx).map(Self)).await.expect("a digest of all tables")
    }
    /// Leaves out tables that are meant to change, such as the log of failed log-ins.
    pub fn without(mut self, tables: &[&str]) -> Self {
        self.0.retain(|name, _| !tables.contains(&name.as_str()));
        self
    }
    pub fn rows(&self, table: &str) -> u64 {
        self.0.get(table).unwrap_or_else(|| panic!("there is no table {table}")).0
    }
    /// The tables whose content differs, with their row counts before and after.
    pub fn changes(&self, after: &Self) -> Vec<String> {
        let none = (0, 0);
        let names = self.0.keys().chain(after.0.keys().filter(|n| !self.0.contains_key(*n)));
        names
            .map(|name| (name, self.0.get(name).unwrap_or(&none), after.0.get(name).unwrap_or(&none)))
            .filter(|(_, a, b)| a != b)
            .map(|(name, a, b)| format!("{name}: {} → {} rows", a.0, b.0))
            .collect()
    }
    #[track_caller]
    pub fn assert_unchanged(&self, after: &Self) {
        let changes = self.changes(after);
        assert!(changes.is_empty(), "records changed: {}", changes.join(", "));
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(&self.0).finish()
    }
}

fn all(tx: &mut Tx<'_>) -> Result<BTreeMap<String, (u64, u64)>> {
    let names = match tx.engine() {
        Engine::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        Engine::Postgres => {
            "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = current_schema() \
             AND table_type = 'BASE TABLE'"
        }
    };
    let names = tx.query(&names.to_owned(), &[])?;
    names.iter().map(|row| Ok((row.text(0), one(tx, row.str(0))?))).collect()
}

/// The rows are summed, so their order does not matter.
fn one(tx: &mut Tx<'_>, table: &str) -> Result<(u64, u64)> {
    let (mut rows, mut sum) = (0u64, 0u64);
    tx.each(&format!("SELECT * FROM {table}"), &[], |row| {
        let mut hasher = DefaultHasher::new();
        for i in 0..row.len() {
            match row.value(i) {
                Value::Real(n) => n.to_bits().hash(&mut hasher),
                other => format!("{other:?}").hash(&mut hasher),
            }
        }
        rows += 1;
        sum = sum.wrapping_add(hasher.finish());
        Ok(())
    })?;
    Ok((rows, sum))
}
