//! A backup of one engine is a backup for the other.

use kernel::{Actor, Env};
use std::path::{Path, PathBuf};
use store::{BackupReport, Config, Db};
use testkit::{Engine, TestApp, both_databases, json};

fn open(config: &Config) -> Db {
    let modules = server::modules::all();
    let migrations: Vec<_> =
        store::MIGRATIONS.iter().chain(modules.iter().flat_map(|m| m.migrations)).copied().collect();
    Db::open(config, Env::system(), &migrations).unwrap()
}

/// A directory with the key of another one.
fn beside(dir: &Path, name: &str) -> PathBuf {
    let other = dir.join(name);
    std::fs::create_dir_all(&other).unwrap();
    std::fs::copy(dir.join("master.key"), other.join("master.key")).unwrap();
    other
}

fn sound(db: &Db) -> Vec<String> {
    let checks: Vec<http::Check> = server::modules::all().iter().flat_map(|m| m.checks.clone()).collect();
    checks.iter().flat_map(|c| db.read_blocking(Actor::system(), c.run).unwrap()).collect()
}

#[both_databases]
async fn a_backup_is_restored_into_either_engine_and_is_sound_there(t: TestApp) {
    let db = t.db().clone();
    tokio::task::spawn_blocking(move || server::seed::run(&db, 12, 7, 0, &mut |_| ())).await.unwrap().unwrap();
    t.post("/api/v1/organizations", json!({"path": "/cn/98", "name": "省"})).await.created();
    t.settle().await;
    while access::seal(t.db()).await.unwrap() > 0 {}

    let (db, dir) = (t.db().clone(), t.dir().to_owned());
    let schema = format!("yt_copy_{}", std::process::id());
    if t.engine() == Engine::Postgres {
        let make = format!("CREATE SCHEMA {schema}");
        t.write(move |tx| tx.execute(&make, &[]).map(drop)).await;
    }
    // A schema of its own in the story's database.
    let beneath = t.database_url().map(|url| format!("{url}%20-c%20search_path%3D{schema}"));
    let work = move || {
        let first = store::backup(&db, &dir.join("first.bak")).unwrap();
        assert!(first.rows > 100, "{first:?}");
        let copy = open(&Config::sqlite(beside(&dir, "copy")));
        assert_eq!(store::restore(&copy, &dir.join("first.bak")).unwrap(), first);
        assert_eq!(sound(&copy), Vec::<String>::new());
        let again = store::restore(&copy, &dir.join("first.bak")).unwrap_err();
        assert_eq!(again.code.id, "store.not_empty");
        assert_eq!(store::backup(&copy, &dir.join("second.bak")).unwrap(), first);
        if let Some(url) = beneath {
            back_into_postgres(&dir, url, &first);
        }
    };
    tokio::task::spawn_blocking(work).await.unwrap();
}

/// And from the embedded engine into PostgreSQL again.
fn back_into_postgres(dir: &Path, url: String, expected: &BackupReport) {
    let config = Config { connections: 2, ..Config::postgres(beside(dir, "again"), url) };
    let again = open(&config);
    assert_eq!(store::restore(&again, &dir.join("second.bak")).unwrap(), *expected);
    assert_eq!(sound(&again), Vec::<String>::new());
}
