//! Where a test keeps its records: a directory and, for PostgreSQL, a database of its own; both gone afterwards.
//!
//! A database is a copy of a template that has all tables: copying files takes a fraction of the time that making hundreds of
//! tables does. The template is named after the migrations, made by the first process that needs it under a lock of the
//! server, and shared by all that come after it, other processes too.

use crate::app::begin;
use kernel::{Clock, Env};
use postgres::{Client, NoTls};
use std::{
    env, fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::Duration,
};
use store::{Config, Db, Engine, Migration};

pub(crate) const DATABASE_URL: &str = "YITAI_TEST_DATABASE_URL";
const TEMPLATES: &str = "yt_template_";

pub(crate) struct Place {
    dir: PathBuf,
    database: Option<Database>,
}

/// A database on the server; dropped with this.
struct Database {
    admin_url: String,
    name: String,
}

impl Place {
    /// `None`: the engine is not at hand on this machine.
    pub fn make(engine: Engine, migrations: &[Migration]) -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let unique = format!("yt_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let database = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => {
                let admin_url = env::var(DATABASE_URL).ok().filter(|u| !u.is_empty())?;
                Some(Database::make(admin_url, unique.clone(), migrations))
            }
        };
        let dir = env::temp_dir().join(unique);
        let _ = fs::remove_dir_all(&dir); // left over from a killed test whose process number came round again
        fs::create_dir_all(&dir).expect("a directory for the test's records");
        Some(Self { dir, database })
    }
    pub fn dir(&self) -> &Path {
        &self.dir
    }
    /// Where the records are on PostgreSQL; further options may be added to its end.
    pub fn database_url(&self) -> Option<String> {
        self.database.as_ref().map(|d| url(&d.admin_url, &d.name))
    }
    pub fn config(&self) -> Config {
        let config = match self.database_url() {
            None => Config::sqlite(&self.dir),
            Some(url) => Config::postgres(&self.dir, url),
        };
        Config { connections: 3, ..config }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.dir);
    }
}

impl Database {
    fn make(admin_url: String, name: String, migrations: &[Migration]) -> Self {
        static COPY: OnceLock<String> = OnceLock::new();
        let mut client = connect(&admin_url);
        let copy = COPY.get_or_init(|| template(&admin_url, migrations));
        run(&mut client, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        // What a crash would lose is thrown away anyway: where the server does not sync, plain copies are the fastest.
        let plain = setting(&mut client, "fsync") == "off" && *setting(&mut client, "server_version_num") >= *"150000";
        let how = if plain { " STRATEGY FILE_COPY" } else { "" };
        run(&mut client, &format!("CREATE DATABASE {name} TEMPLATE {copy}{how}"));
        Self { admin_url, name }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if !thread::panicking() {
            let mut client = connect(&self.admin_url);
            run(&mut client, &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
        }
    }
}

/// The database to copy: made once for these migrations.
fn template(admin_url: &str, migrations: &[Migration]) -> String {
    let mut hasher = DefaultHasher::new();
    for Migration { module, version, sql } in migrations {
        (module, version, sql).hash(&mut hasher);
    }
    let name = format!("{TEMPLATES}{:016x}", hasher.finish());
    let mut client = connect(admin_url);
    run(&mut client, "SELECT pg_advisory_lock(7409)"); // until this connection ends
    let known = |client: &mut Client, like: &str| -> Vec<String> {
        let rows = client.query("SELECT datname::text FROM pg_database WHERE datname LIKE $1", &[&like]);
        rows.unwrap_or_else(|e| panic!("the databases there are: {e}")).iter().map(|r| r.get(0)).collect()
    };
    if !known(&mut client, &name).is_empty() {
        return name;
    }
    // Of other migrations, and what a killed process left behind.
    for old in known(&mut client, "yt\\_template\\_%") {
        let _ = client.batch_execute(&format!("DROP DATABASE {old} WITH (FORCE)")); // somebody may be copying it
    }
    let (new, dir) = (format!("{TEMPLATES}new"), env::temp_dir().join(format!("yt_template_{}", std::process::id())));
    run(&mut client, &format!("CREATE DATABASE {new} TEMPLATE template0"));
    let config = Config { connections: 1, ..Config::postgres(&dir, url(admin_url, &new)) };
    let made = Db::open(&config, Env::seeded(Clock::fixed(begin()), 1), migrations);
    drop(made.expect("a fresh database"));
    let _ = fs::remove_dir_all(&dir);
    run(&mut client, &format!("ALTER DATABASE {new} ALLOW_CONNECTIONS false"));
    // Its own connections are on their way out.
    for _ in 0..200 {
        if client.batch_execute(&format!("ALTER DATABASE {new} RENAME TO {name}")).is_ok() {
            return name;
        }
        thread::sleep(Duration::from_millis(20));
    }
    panic!("{new} stays in use")
}

/// The address of another database on the same server.
fn url(admin_url: &str, database: &str) -> String {
    let (base, options) = admin_url.split_once('?').map_or((admin_url, ""), |(base, options)| (base, options));
    let server = base.find("://").map_or(0, |at| at + 3);
    let server = base[server..].find('/').map_or(base, |at| &base[..server + at]);
    let sign = if options.is_empty() { "" } else { "&" };
    format!("{server}/{database}?{options}{sign}options=-c%20synchronous_commit%3Doff")
}

fn connect(admin_url: &str) -> Client {
    Client::connect(admin_url, NoTls)
        .unwrap_or_else(|e| panic!("{DATABASE_URL} is set but PostgreSQL does not answer there: {e}"))
}

fn run(client: &mut Client, sql: &str) {
    client.batch_execute(sql).unwrap_or_else(|e| panic!("{sql}: {e}: {:?}", e.as_db_error().map(ToString::to_string)));
}

fn setting(client: &mut Client, name: &str) -> String {
    let row = client.query_one("SELECT current_setting($1)", &[&name]);
    row.unwrap_or_else(|e| panic!("{name}: {e}")).get(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_database_of_the_same_server() {
        let options = "options=-c%20synchronous_commit%3Doff";
        for (given, wanted) in [
            ("postgres://a@h:1/b", "postgres://a@h:1/x?"),
            ("postgres://a@h:1", "postgres://a@h:1/x?"),
            ("postgres://h/b?sslmode=disable", "postgres://h/x?sslmode=disable&"),
        ] {
            assert_eq!(url(given, "x"), format!("{wanted}{options}"));
        }
    }
}
