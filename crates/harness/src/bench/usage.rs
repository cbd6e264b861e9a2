//! A hundred records for each of so many services, twelve months of them: taken in from files, a month a file, by the
//! command line, then merged; and the detail of one number and month, asked of the server that serves this store.

use super::{Line, per_second};
use crate::{
    Done,
    args::{Args, Engine},
    client::Client,
    server::{Setup, cpu, fresh, resident},
};
use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

/// Records a service.
const EACH: usize = 100;
const MONTHS: usize = 12;
pub(super) const FIRST: usize = 13_000_000_000;
const ASKED: usize = 2_000;

/// A store of its own; the detail is asked of the one that the intake left.
pub(super) fn setup(args: &Args, dir: &Path, new: bool) -> Done<Setup> {
    let data = dir.join(format!("usage-{}-{}", args.engine.name(), args.customers));
    let database_url = match &args.database_url {
        Some(url) if !new => url.rsplit_once('/').map(|(server, _)| format!("{server}/yitai_usage")),
        _ => super::commands::separate(args, "yitai_usage")?,
    };
    Ok(Setup { program: args.server.clone(), data, database_url, extra: Vec::new() })
}

pub fn intake(args: &Args, dir: &Path) -> Done<Line> {
    let setup = setup(args, dir, true)?;
    fresh(&setup.data)?;
    let services = args.customers;
    let months = months()?;
    setup.tell(&["seed", "--customers", "0", "--seed", "1"])?;
    setup.tell(&["usage", "sample", "--services", &services.to_string(), "--months", "12"])?;
    let file = dir.join("usage.csv");
    let (mut took, mut cpu, mut most, mut taken) = (Duration::ZERO, 0.0, 0, 0);
    for (n, month) in months.iter().enumerate() {
        let rows = write(&file, month, n, services)?;
        let began = Instant::now();
        let used = run(&setup, &["usage", "import", &file.to_string_lossy()])?;
        took += began.elapsed();
        cpu += used.cpu;
        most = most.max(used.resident);
        taken += rows;
        println!("  {month}: {rows} records, {:.0}/s so far", per_second(taken, took));
    }
    let _ = fs::remove_file(&file);
    let began = Instant::now();
    let merging = run(&setup, &["usage", "compact"])?;
    let merged = began.elapsed();
    let engine = if args.engine == Engine::Sqlite { "" } else { ", PostgreSQL" };
    Ok(Line {
        name: "usage_intake",
        rate: per_second(taken, took),
        p50_ms: None,
        p99_ms: None,
        bare_rate: None,
        note: format!(
            "{taken} records of {services} services{engine}, durable, from CSV: {:.0} s, {:.0} s CPU ({:.0}/s a core), {} MB resident; \
             merging afterwards {:.0} s, {:.0} s CPU, {} MB; {:.1} bytes a record on disk",
            took.as_secs_f64(),
            cpu,
            taken as f64 / cpu.max(0.01),
            most >> 20,
            merged.as_secs_f64(),
            merging.cpu,
            merging.resident >> 20,
            size(&setup.data) as f64 / taken.max(1) as f64
        ),
    })
}

pub fn detail(args: &Args, dir: &Path) -> Done<Line> {
    let setup = setup(args, dir, false)?;
    if !setup.data.exists() {
        return Err("usage_intake makes the store that usage_detail asks: run both".to_owned());
    }
    let months = months()?;
    let server = setup.start()?;
    let mut client = Client::new(server.address, &setup.token("admin")?);
    let (mut times, mut rows) = (Vec::new(), 0);
    let began = Instant::now();
    for n in 0..ASKED {
        let number = FIRST + n * 7_919 % args.customers.max(1);
        let path = format!("/api/v1/usage?number={number}&cycle={}&limit=50", months[n % MONTHS]);
        let asked = Instant::now();
        let answer = client.get(&path).map_err(|e| e.to_string())?;
        times.push(asked.elapsed().as_secs_f64() * 1_000.0);
        if answer.status != 200 {
            return Err(format!("{path}: {} {}", answer.status, answer.body));
        }
        rows += answer.json()["total"].as_u64().unwrap_or(0);
    }
    let took = began.elapsed();
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times.get(((times.len() as f64 - 1.0) * share) as usize).copied();
    Ok(Line {
        name: "usage_detail",
        rate: per_second(ASKED, took),
        p50_ms: at(0.5),
        p99_ms: at(0.99),
        bare_rate: None,
        note: format!(
            "one number and month among {} records: p95 {:.2} ms, {:.1} rows each; server {} MB resident",
            args.customers * EACH,
            at(0.95).unwrap_or(0.0),
            rows as f64 / ASKED as f64,
            resident(server.pid()) >> 20
        ),
    })
}

/// The twelve months before this one, `2026-10` and so on, the oldest first.
pub(super) fn months() -> Done<Vec<String>> {
    let calendar = rusqlite::Connection::open_in_memory().map_err(|e| e.to_string())?;
    let month = |n: usize| {
        let text = "SELECT strftime('%Y-%m', 'now', '+8 hours', 'start of month', ?1)";
        calendar.query_row(text, [format!("-{n} months")], |r| r.get(0)).map_err(|e| e.to_string())
    };
    (1..=MONTHS).rev().map(month).collect()
}

/// One month's records in the order of time, spread over the services.
fn write(file: &PathBuf, month: &str, n: usize, services: usize) -> Done<usize> {
    let failed = |e: std::io::Error| e.to_string();
    let rows = services * EACH / MONTHS + usize::from(n < services * EACH % MONTHS);
    let mut out = BufWriter::with_capacity(1 << 20, File::create(file).map_err(failed)?);
    writeln!(out, "number,kind,start,amount,peer,id").map_err(failed)?;
    let mut state = 0x9e37_79b9_7f4a_7c15u64 ^ n as u64;
    for row in 0..rows {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let dice = (state >> 33) as usize;
        let second = row as u64 * 28 * 86_400 / rows.max(1) as u64;
        let (day, hour, minute, s) = (second / 86_400 + 1, second / 3_600 % 24, second / 60 % 60, second % 60);
        let (kind, amount, peer) = match dice % 10 {
            0..=4 => ("call", dice / 10 % 1_800, 13_700_000_000 + dice / 10 % 90_000_000),
            5 | 6 => ("sms", 1, 13_700_000_000 + dice / 10 % 90_000_000),
            _ => ("data", dice / 10 % 50_000_000, 0),
        };
        let number = FIRST + dice * 31 % services.max(1);
        write!(out, "{number},{kind},{month}-{day:02} {hour:02}:{minute:02}:{s:02},{amount},").map_err(failed)?;
        if peer > 0 { write!(out, "{peer}") } else { write!(out, "cmnet") }.map_err(failed)?;
        writeln!(out, ",{n}{row:09}").map_err(failed)?;
    }
    out.flush().map_err(failed)?;
    Ok(rows)
}

struct Used {
    /// Seconds of all threads.
    cpu: f64,
    /// The most bytes that were seen resident.
    resident: u64,
}

/// Runs a command of the program to its end and watches what it uses.
fn run(setup: &Setup, arguments: &[&str]) -> Done<Used> {
    let mut command = setup.command(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let mut child = command.spawn().map_err(|e| e.to_string())?;
    let mut used = Used { cpu: 0.0, resident: 0 };
    loop {
        used.cpu = used.cpu.max(cpu(child.id()).as_secs_f64());
        used.resident = used.resident.max(resident(child.id()));
        match child.try_wait().map_err(|e| e.to_string())? {
            Some(status) if status.success() => return Ok(used),
            Some(status) => return Err(format!("yitai {}: {status}", arguments.join(" "))),
            None => thread::sleep(Duration::from_millis(20)),
        }
    }
}

fn size(dir: &Path) -> u64 {
    let files = fs::read_dir(dir).into_iter().flatten().flatten();
    files.filter_map(|f| f.metadata().ok()).map(|m| m.len()).sum()
}
