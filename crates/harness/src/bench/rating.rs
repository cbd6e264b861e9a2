//! Rating of what the intake left: a cycle of every account at a time, read, rated and thrown away, as the bill run reads it;
//! and the balance and allowances of one number, asked of the server.

use super::{Line, per_second, usage};
use crate::{
    Done,
    args::{Args, Engine},
    client::Client,
    server::{Setup, resident},
};
use std::{path::Path, process::Stdio, time::Instant};

const ASKED: usize = 2_000;

fn store(args: &Args, dir: &Path) -> Done<Setup> {
    let setup = usage::setup(args, dir, false)?;
    if args.engine == Engine::Sqlite && !setup.data.exists() {
        return Err("usage_intake makes the store that rating reads: run both".to_owned());
    }
    setup.tell(&["rating", "sample", "--services", &args.customers.to_string()])?;
    Ok(setup)
}

pub fn rate(args: &Args, dir: &Path) -> Done<Line> {
    let setup = store(args, dir)?;
    let months = usage::months()?;
    let services = args.customers.to_string();
    let (mut accounts, mut records, mut seconds) = (0.0, 0.0, 0.0);
    for month in months.iter().rev().take(3) {
        let arguments = ["rating", "rate", "--services", &services, "--cycle", month];
        let mut command = setup.command(&arguments);
        let out = command.stdin(Stdio::null()).output().map_err(|e| e.to_string())?;
        let text = String::from_utf8_lossy(&out.stdout);
        let words: Vec<f64> = text.split_whitespace().filter_map(|w| w.parse().ok()).collect();
        let [some, of, took, ..] = words[..] else { return Err(format!("rating rate: {text}")) };
        (accounts, records, seconds) = (accounts + some, records + of, seconds + took);
    }
    let per = |n: f64| n / seconds.max(0.001);
    Ok(Line {
        name: "rating",
        rate: per(records),
        p50_ms: None,
        p99_ms: None,
        bare_rate: None,
        note: format!(
            "{records:.0} records of {accounts:.0} accounts and months on one core: {:.0} accounts/s, {:.0} µs an account; read from the store each time",
            per(accounts),
            1_000_000.0 / per(accounts).max(0.001)
        ),
    })
}

pub fn allowance(args: &Args, dir: &Path) -> Done<Line> {
    let setup = store(args, dir)?;
    let months = usage::months()?;
    let server = setup.start()?;
    let mut client = Client::new(server.address, &setup.token("admin")?);
    let mut times = Vec::new();
    let began = Instant::now();
    for n in 0..ASKED {
        let number = usage::FIRST + n * 7_919 % args.customers.max(1);
        let path = format!("/api/v1/rating/balance?number={number}&cycle={}", months[n % months.len()]);
        let asked = Instant::now();
        let answer = client.get(&path).map_err(|e| e.to_string())?;
        times.push(asked.elapsed().as_secs_f64() * 1_000.0);
        if answer.status != 200 {
            return Err(format!("{path}: {} {}", answer.status, answer.body));
        }
    }
    let took = began.elapsed();
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times.get(((times.len() as f64 - 1.0) * share) as usize).copied();
    Ok(Line {
        name: "allowance",
        rate: per_second(ASKED, took),
        p50_ms: at(0.5),
        p99_ms: at(0.99),
        bare_rate: None,
        note: format!(
            "balance and allowances of one number among {} services, rated when asked: p95 {:.2} ms; server {} MB resident",
            args.customers,
            at(0.95).unwrap_or(0.0),
            resident(server.pid()) >> 20
        ),
    })
}
