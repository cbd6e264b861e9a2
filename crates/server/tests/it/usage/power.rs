//! The power goes in the middle of an intake and of a compaction, again and again: a child process works through a disk that
//! forgets what was not synced, and is killed. What is then on the disk is whole, and the import goes on to the same end.

use kernel::{Actor, Clock, Cycle, Env, OrgPath, Timestamp};
use std::{fmt::Write, fs, path::Path, process::Command, time::Duration};
use store::{Config, Db, Migration};

const CHILD: &str = "YITAI_POWER_CHILD";
const ROWS: i64 = 300_000;
const NUMBERS: i64 = 500;

fn now() -> Timestamp {
    Timestamp::parse("2026-11-22T12:00:00+08:00").unwrap()
}

fn open(dir: &Path, vfs: Option<&str>) -> Db {
    let migrations: Vec<Migration> = store::MIGRATIONS.iter().chain(usage::module().migrations).copied().collect();
    let config = Config { vfs: vfs.map(str::to_owned), ..Config::sqlite(dir) };
    Db::open(&config, Env::at(Clock::fixed(now())), &migrations).unwrap()
}

fn file(dir: &Path) -> std::path::PathBuf {
    dir.join("usage.csv")
}

/// Goes on with the import, then merges; killed somewhere on the way.
#[test]
fn the_child_that_is_killed() {
    let Ok(dir) = std::env::var(CHILD) else { return };
    let dir = Path::new(&dir);
    let db = open(dir, Some(faultfs::install("powercut").unwrap()));
    println!("ready");
    work(&db, dir);
}

fn work(db: &Db, dir: &Path) {
    let path = file(dir);
    let (digest, bytes) = usage::digest(&path).unwrap();
    let id = db.write_blocking(Actor::system(), move |tx| {
        match usage::begin(tx, &usage::NewFile { path: &path, name: "usage.csv", digest: &digest, bytes }) {
            Ok(id) => Ok(id),
            Err(known) => Ok(known.extra.as_ref().and_then(|e| e["fileId"].as_str()).unwrap().to_owned()),
        }
    });
    let id = id.unwrap();
    match usage::import(db, &Actor::system(), &id, &mut |_| ()) {
        Ok(_) => {}
        Err(problem) => assert_eq!(problem.code.id, "usage.file_state", "{problem:?}"), // it is done
    }
    usage::compact_now(db).unwrap();
}

/// Records on the disk, and what the file's row says; nothing may be wrong with the blocks.
fn stands(db: &Db) -> (i64, i64) {
    db.read_blocking(Actor::system(), |tx| {
        let check = usage::module().checks.remove(0);
        assert_eq!((check.run)(tx)?, Vec::<String>::new());
        let number =
            |tx: &mut store::Tx<'_>, sql: &str| Ok::<_, kernel::Problem>(tx.query_one(&sql.to_owned(), &[])?.int(0));
        let records = number(tx, "SELECT COALESCE(SUM(records), 0) FROM usage_run WHERE state = 'live'")?;
        Ok((records, number(tx, "SELECT COALESCE(SUM(taken), 0) FROM usage_file")?))
    })
    .unwrap()
}

#[test]
fn after_a_power_cut_an_intake_goes_on_and_no_record_is_lost_or_doubled() {
    if std::env::var(CHILD).is_ok() {
        return;
    }
    let dir = std::env::temp_dir().join(format!("yitai-usage-power-{}", std::process::id()));
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(&dir).unwrap();
    let db = open(&dir, None);
    db.write_blocking(Actor::system(), |tx| {
        let (org, from) = (OrgPath::parse("/cn/44")?, Timestamp::parse("2026-10-01")?);
        for n in 0..NUMBERS {
            let (product, number) = (format!("p{n}"), (13_900_000_000 + n).to_string());
            let new = usage::NewService {
                product_id: &product,
                customer_id: "c",
                account_id: "a",
                org: &org,
                number: &number,
                cycle_day: 1,
                from,
            };
            usage::open_service(tx, &new)?;
        }
        Ok(())
    })
    .unwrap();
    drop(db);
    let mut text = String::from("number,kind,start,amount,peer,id\n");
    for n in 0..ROWS {
        let number = 13_900_000_000 + n * 7_919 % NUMBERS;
        let _ =
            writeln!(text, "{number},call,2026-11-{:02} 09:{:02}:00,{},13711112222,r{n}", n % 20 + 1, n % 60, n % 900);
    }
    fs::write(file(&dir), text).unwrap();

    let (mut seen, mut partly, mut whole) = (0, 0, 0);
    for cut in 0..12u64 {
        if whole == 3 {
            break; // these cuts fell into the merging
        }
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["usage::power::the_child_that_is_killed", "--exact", "--nocapture"])
            .env(CHILD, &dir)
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(350 + cut % 5 * 330));
        let _ = child.kill();
        child.wait().unwrap();
        let db = open(&dir, None);
        let (records, taken) = stands(&db);
        assert_eq!(records, taken, "what the file's row counts is there");
        assert!(records >= seen, "{records} after {seen}");
        partly += usize::from(records > 0 && records < ROWS);
        whole += usize::from(records == ROWS);
        seen = records;
    }
    let db = open(&dir, None);
    work(&db, &dir);
    assert_eq!(stands(&db), (ROWS, ROWS));
    let read = db.read_blocking(Actor::system(), |tx| {
        let mut amounts = 0;
        let mut ids = std::collections::HashSet::new();
        let services = usage::services_of_account(tx, "a")?;
        let keys: Vec<usage::ServiceKey> = services.iter().map(|s| s.key).collect();
        for r in usage::records(tx, &keys, Cycle::month_of(now().date()))? {
            amounts += r.amount;
            ids.insert(r.id);
        }
        Ok((ids.len() as i64, amounts))
    });
    assert_eq!(read.unwrap(), (ROWS, (0..ROWS as u64).map(|n| n % 900).sum()));
    println!("{partly} cuts fell into the intake, {whole} behind it");
    drop(db);
    let _ = fs::remove_dir_all(&dir);
}
