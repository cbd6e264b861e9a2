//! What is not asked over a socket: import, start, memory.

use super::{Line, World, per_second, rows};
use crate::{
    Done,
    args::{Args, Engine},
    client::Client,
    server::{self, Setup, fresh},
};
use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
    time::{Duration, Instant},
};

const SURNAMES: &[&str] = &["王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙"];
const GIVEN: &[&str] =
    &["伟", "芳", "娜", "秀英", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛"];

/// Streams a file of customers into an empty store.
pub fn import(args: &Args, dir: &Path) -> Done<Line> {
    let count = args.customers;
    let file = dir.join("customers.csv");
    write_csv(&file, count).map_err(|e| format!("{}: {e}", file.display()))?;
    let data = dir.join("import");
    fresh(&data)?;
    let setup =
        Setup { program: args.server.clone(), data, database_url: separate(args, "yitai_import")?, extra: Vec::new() };
    let began = Instant::now();
    let errors = dir.join("import-errors.csv");
    setup.tell(&["import", "customers", &file.to_string_lossy(), "--errors", &errors.to_string_lossy()])?;
    let took = began.elapsed();
    let refused = std::fs::read_to_string(&errors).map_or(0, |t| t.lines().count().saturating_sub(1));
    let bare = if args.engine == Engine::Sqlite { Some(bare_import(&setup, dir, count)?) } else { None };
    Ok(Line {
        name: "import_customers",
        rate: per_second(count, took),
        p50_ms: None,
        p99_ms: None,
        bare_rate: bare,
        note: format!(
            "{count} rows in {:.1} s, {refused} refused; bare: the same rows of all tables",
            took.as_secs_f64()
        ),
    })
}

/// PostgreSQL: a database of its own, so that the import starts from nothing.
pub(super) fn separate(args: &Args, name: &str) -> Done<Option<String>> {
    let Some(url) = &args.database_url else { return Ok(None) };
    let mut client = postgres::Client::connect(url, postgres::NoTls).map_err(|e| e.to_string())?;
    let sql = [format!("DROP DATABASE IF EXISTS {name}"), format!("CREATE DATABASE {name}")];
    sql.iter().try_for_each(|sql| client.batch_execute(sql)).map_err(|e| e.to_string())?;
    let (server, _) = url.rsplit_once('/').ok_or("the database URL has no database")?;
    Ok(Some(format!("{server}/{name}")))
}

fn write_csv(path: &Path, count: usize) -> std::io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    writeln!(out, "customerNo,name,certificateType,certificate,phone,address")?;
    for n in 0..count {
        let name = format!("{}{}", SURNAMES[n % SURNAMES.len()], GIVEN[n / SURNAMES.len() % GIVEN.len()]);
        writeln!(out, "B{n:09},{name},passport,E{n:08},13{:09},广州市天河区体育西路{}号", n, n % 300 + 1)?;
    }
    out.flush()
}

/// The rows the import made, through the bare driver into an empty file with the same tables, 10,000 customers a commit.
fn bare_import(setup: &Setup, dir: &Path, count: usize) -> Done<f64> {
    let failed = |e: rusqlite::Error| e.to_string();
    let from = rusqlite::Connection::open(setup.data.join("yitai.db")).map_err(failed)?;
    let path = dir.join("bare-import.db");
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", path.display()));
    }
    let into = rusqlite::Connection::open(&path).map_err(failed)?;
    into.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536")
        .map_err(failed)?;
    let mut schema =
        from.prepare("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type DESC, name").map_err(failed)?;
    let schema: Vec<String> =
        schema.query_map([], |r| r.get(0)).map_err(failed)?.collect::<Result<_, _>>().map_err(failed)?;
    schema.iter().try_for_each(|sql| into.execute_batch(sql)).map_err(failed)?;
    let mut took = Duration::ZERO;
    let mut names = from
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        .map_err(failed)?;
    let names: Vec<String> =
        names.query_map([], |r| r.get(0)).map_err(failed)?.collect::<Result<_, _>>().map_err(failed)?;
    for name in names {
        let rows = rows::all_rows(&from, &name)?;
        let Some(width) = rows.first().map(Vec::len) else { continue };
        let binds = vec!["?"; width].join(", ");
        let began = Instant::now();
        for chunk in rows.chunks(10_000) {
            into.execute_batch("BEGIN IMMEDIATE").map_err(failed)?;
            let mut insert = into.prepare_cached(&format!("INSERT INTO {name} VALUES ({binds})")).map_err(failed)?;
            for row in chunk {
                insert.execute(rusqlite::params_from_iter(row)).map_err(failed)?;
            }
            drop(insert);
            into.execute_batch("COMMIT").map_err(failed)?;
        }
        took += began.elapsed();
    }
    Ok(per_second(count, took))
}

/// From the start of the process to its first good answer.
pub fn start(world: &World) -> Done<Line> {
    let mut times: Vec<f64> = Vec::new();
    for _ in 0..5 {
        times.push(world.setup.start()?.ready.as_secs_f64());
    }
    times.sort_by(f64::total_cmp);
    let slowest = times.last().copied().unwrap_or(0.0);
    Ok(Line {
        name: "start",
        rate: times[times.len() / 2],
        p50_ms: Some(times[times.len() / 2] * 1e3),
        p99_ms: Some(slowest * 1e3),
        bare_rate: None,
        note: format!("seconds until /healthz answers, median and slowest of 5, {} customers", world.customers),
    })
}

/// Resident memory with demo data, and with the big store, each after some use.
pub fn memory(world: &World, args: &Args) -> Done<Line> {
    let data = world.dir.join("memory");
    fresh(&data)?;
    let demo = Setup { data, program: args.server.clone(), database_url: None, extra: Vec::new() };
    demo.tell(&["seed", "--customers", "2000", "--seed", "1"])?;
    let token = demo.token("admin")?;
    let (idle, used) = use_a_little(&demo, &token)?;
    let (_, big) = use_a_little(&world.setup, &world.token)?;
    let megabytes = |bytes: u64| bytes as f64 / 1e6;
    Ok(Line {
        name: "memory",
        rate: megabytes(used),
        p50_ms: None,
        p99_ms: None,
        bare_rate: None,
        note: format!(
            "MB resident with demo data after 2,000 requests ({:.0} MB after start; {:.0} MB with {} customers after the same)",
            megabytes(idle),
            megabytes(big),
            world.customers
        ),
    })
}

fn use_a_little(setup: &Setup, token: &str) -> Done<(u64, u64)> {
    let server = setup.start()?;
    let idle = server::resident(server.pid());
    let mut client = Client::new(server.address, token);
    for n in 0..2_000 {
        let path = match n % 3 {
            0 => "/tmf-api/customerManagement/v4/customer?limit=20".to_owned(),
            1 => format!("/api/v1/find?q=1390{:04}", n),
            _ => "/api/v1/catalog/offerings?limit=20".to_owned(),
        };
        client.get(&path).map_err(|e| e.to_string())?;
    }
    Ok((idle, server::resident(server.pid())))
}
