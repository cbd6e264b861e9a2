//! Tables are made and changed by numbered migrations, each applied once, in the order of the modules.

use crate::{Db, Tx, params};
use kernel::{Actor, Problem, Result, Timestamp};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

#[derive(Clone, Copy, Debug)]
pub struct Migration {
    pub module: &'static str,
    pub version: i64,
    pub sql: &'static str,
}

impl Migration {
    pub const fn new(module: &'static str, version: i64, sql: &'static str) -> Self {
        Self { module, version, sql }
    }
    fn checksum(&self) -> String {
        Sha256::digest(self.sql).iter().take(8).map(|b| format!("{b:02x}")).collect()
    }
}

const LEDGER: &str = "CREATE TABLE IF NOT EXISTS schema_migration (module TEXT NOT NULL, version BIGINT NOT NULL, \
                      checksum TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (module, version))";

impl Tx<'_> {
    /// When this database got a migration: from then on it has kept what that is about.
    pub fn migrated_at(&mut self, module: &str, version: i64) -> Result<Option<Timestamp>> {
        let text = "SELECT at FROM schema_migration WHERE module = $1 AND version = $2".to_owned();
        Ok(self.query_opt(&text, params![module, version])?.map(|r| r.time(0)))
    }
}

/// Applies what is missing. Refuses a database whose applied migrations differ from ours: it belongs to another build.
pub(crate) fn run(db: &Db, migrations: &[Migration]) -> Result<()> {
    db.write_blocking(Actor::system(), |tx| tx.batch(LEDGER))?;
    let all = migrations.to_vec();
    db.write_blocking(Actor::system(), move |tx| apply(tx, &all))
}

fn apply(tx: &mut Tx<'_>, migrations: &[Migration]) -> Result<()> {
    let rows = tx.query(&"SELECT module, version, checksum FROM schema_migration".to_owned(), &[])?;
    let done: HashMap<(String, i64), String> = rows.iter().map(|r| ((r.text(0), r.int(1)), r.text(2))).collect();
    for migration in migrations {
        let checksum = migration.checksum();
        match done.get(&(migration.module.to_owned(), migration.version)) {
            Some(applied) if *applied == checksum => continue,
            Some(_) => {
                let Migration { module, version, .. } = migration;
                return Err(Problem::internal(format!(
                    "migration {module}/{version} was changed after it had been applied; \
                     restore the database into a fresh data directory, or use the build that made it"
                )));
            }
            None => {}
        }
        tx.batch(migration.sql)
            .map_err(|p| Problem::internal(format!("{}/{}: {p}", migration.module, migration.version)))?;
        let insert = "INSERT INTO schema_migration (module, version, checksum, at) VALUES ($1, $2, $3, $4)".to_owned();
        tx.execute(&insert, params![migration.module, migration.version, checksum, tx.now()])?;
    }
    Ok(())
}
