//! Where a test keeps its records: a directory and, for PostgreSQL, a schema of its own; both gone afterwards.

use postgres::{Client, NoTls};
use std::{
    env, fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};
use store::{Config, Engine};

pub(crate) const DATABASE_URL: &str = "YITAI_TEST_DATABASE_URL";

pub(crate) struct Place {
    dir: PathBuf,
    schema: Option<Schema>,
}

struct Schema {
    admin_url: String,
    name: String,
}

impl Place {
    /// `None`: the engine is not at hand on this machine.
    pub fn make(engine: Engine) -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let unique = format!("yt_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let schema = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => {
                Some(Schema::make(env::var(DATABASE_URL).ok().filter(|u| !u.is_empty())?, unique.clone()))
            }
        };
        let dir = env::temp_dir().join(unique);
        let _ = fs::remove_dir_all(&dir); // left over from a killed test whose process number came round again
        fs::create_dir_all(&dir).expect("a directory for the test's records");
        Some(Self { dir, schema })
    }
    pub fn dir(&self) -> &Path {
        &self.dir
    }
    pub fn config(&self) -> Config {
        let config = match &self.schema {
            None => Config::sqlite(&self.dir),
            Some(schema) => Config::postgres(&self.dir, schema.url()),
        };
        Config { connections: 3, ..config }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.dir);
    }
}

impl Schema {
    fn make(admin_url: String, name: String) -> Self {
        let schema = Self { admin_url, name };
        schema.admin(&format!("DROP SCHEMA IF EXISTS {0} CASCADE; CREATE SCHEMA {0}", schema.name));
        schema
    }
    fn url(&self) -> String {
        let sign = if self.admin_url.contains('?') { '&' } else { '?' };
        // What a crash would lose is thrown away anyway, so commits need not wait for the disk.
        let options = format!("-c%20search_path%3D{}%20-c%20synchronous_commit%3Doff", self.name);
        format!("{}{sign}options={options}", self.admin_url)
    }
    fn admin(&self, sql: &str) {
        let mut client = Client::connect(&self.admin_url, NoTls)
            .unwrap_or_else(|e| panic!("{DATABASE_URL} is set but PostgreSQL does not answer there: {e}"));
        client.batch_execute(sql).unwrap_or_else(|e| panic!("{sql}: {e}"));
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.admin(&format!(
                "SET lock_timeout = '20s'; SET client_min_messages = error; DROP SCHEMA IF EXISTS {} CASCADE",
                self.name
            ));
        }
    }
}
