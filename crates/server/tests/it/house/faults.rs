//! A disk whose sync fails: the store stops for good, tells its callers the truth, and a repeat under the same key settles
//! what they could not know. (Kills and power cuts need a process to kill: `cargo xtask durability`.)

use kernel::{Actor, Env, codes};
use store::{Config, Db, MIGRATIONS, Stored, params};

fn answer(n: i64) -> Stored {
    Stored { status: 201, headers: "[]".to_owned(), body: n.to_string() }
}

/// Counts one up under a key, once.
fn count(db: &Db, n: i64) -> kernel::Result<()> {
    db.write_blocking(Actor::system(), move |tx| {
        if tx.replay(&format!("key-{n}"), "same")?.is_none() {
            tx.next_in_series("counted")?;
            tx.remember(&format!("key-{n}"), "same", &answer(n))?;
        }
        Ok(())
    })
}

#[test]
fn after_a_failed_sync_nothing_is_acknowledged_and_keys_settle_what_is_unknown() {
    let dir = std::env::temp_dir().join(format!("yitai-failsync-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&dir);
    let vfs = faultfs::install("failsync:40").unwrap();
    let config = Config { vfs: Some(vfs.to_owned()), ..Config::sqlite(&dir) };
    let db = Db::open(&config, Env::system(), MIGRATIONS).unwrap();
    let unknown = (0..1_000).find_map(|n| count(&db, n).err().map(|problem| (n, problem)));
    let (last, problem) = unknown.expect("the sync fails before the thousandth commit");
    assert!(problem.is(&codes::OUTCOME_UNKNOWN), "{problem:?}");
    assert!(!db.healthy());
    let refused = count(&db, last + 1).unwrap_err();
    assert!(refused.is(&codes::UNAVAILABLE), "a stopped store takes nothing: {refused:?}");
    drop(db);

    // What a new process finds on the disk itself.
    let copy = dir.join("after");
    std::fs::create_dir_all(&copy).unwrap();
    for file in ["yitai.db", "yitai.db-wal", "master.key"] {
        let _ = std::fs::copy(dir.join(file), copy.join(file));
    }
    let db = Db::open(&Config::sqlite(&copy), Env::system(), MIGRATIONS).unwrap();
    count(&db, last).unwrap();
    let rows = db.read_blocking(Actor::system(), |tx| {
        let keys = tx.query_one(&"SELECT COUNT(*) FROM idempotency".to_owned(), &[])?.int(0);
        let counted =
            tx.query_one(&"SELECT last FROM number_series WHERE name = $1".to_owned(), params!["counted"])?.int(0);
        Ok((keys, counted))
    });
    assert_eq!(rows.unwrap(), (last + 1, last + 1), "every acknowledged one, and the unknown one exactly once");
    drop(db);
    let _ = std::fs::remove_dir_all(&dir);
}
