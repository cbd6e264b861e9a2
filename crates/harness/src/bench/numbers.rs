//! Ten million numbers: taken in as a file of ranges, then searched by every kind of pattern as the group, a city and a hall
//! see them. Each kind is measured by itself; the slowest decides.

use super::{Line, per_second};
use crate::{
    Done,
    args::{Args, Engine},
    client::Client,
    server::{Server, Setup, fresh},
};
use std::{
    path::Path,
    thread,
    time::{Duration, Instant},
};

/// Numbers for every customer that is asked for: a million customers, ten million numbers.
const EACH: usize = 10;
/// The places that keep numbers: five segments a city and one of each of its halls, over and over.
const CITIES: [&str; 20] = [
    "/cn/44/4401",
    "/cn/44/4403",
    "/cn/44/4404",
    "/cn/44/4406",
    "/cn/44/4413",
    "/cn/44/4419",
    "/cn/32/3201",
    "/cn/32/3202",
    "/cn/32/3205",
    "/cn/32/3206",
    "/cn/33/3301",
    "/cn/33/3302",
    "/cn/33/3303",
    "/cn/33/3304",
    "/cn/51/5101",
    "/cn/51/5103",
    "/cn/51/5107",
    "/cn/11/1101",
    "/cn/31/3101",
    "/cn/63/6301",
];
const KINDS: [(&str, &str); 22] = [
    ("any", ""),
    ("prefix", "1370012*"),
    ("prefix, short", "13*"),
    ("suffix", "*8888"),
    ("suffix, 1 digit", "*8"),
    ("suffix, 6 digits", "*013888"),
    ("contains, common", "*88*"),
    ("contains", "*0138*"),
    ("contains, rare", "*13579*"),
    ("contains, in head", "*70012*"),
    ("contains, none", "*99999999*"),
    ("exact", "13700128888"),
    ("by position", "137????8888"),
    ("AAA", "*AAA"),
    ("AAAA", "*AAAA"),
    ("ABCD", "*ABCD"),
    ("DCBA", "*DCBA"),
    ("AABB", "*AABB"),
    ("ABAB", "*ABAB"),
    ("AAAB", "*AAAB"),
    ("AAA anywhere", "*AAA*"),
    ("ABCABC", "*ABCABC"),
];
/// What is asked beside the pattern.
const ASIDES: [(&str, &str); 4] =
    [("", ""), (", no 4", "&no4=true"), (", premium", "&class=premium"), (", normal", "&class=normal")];
const TIMES: usize = 25;
/// A load that takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(1_800);

pub fn measure(args: &Args, dir: &Path) -> Done<Line> {
    let wanted = args.customers * EACH;
    let data = dir.join("numbers");
    fresh(&data)?;
    let database_url = super::commands::separate(args, "yitai_numbers")?;
    let setup = Setup { program: args.server.clone(), data, database_url, extra: Vec::new() };
    setup.tell(&["seed", "--customers", "0", "--seed", "1"])?;
    let token = setup.token("admin")?;
    let scoped = |org: &str| -> Done<String> {
        let printed = setup.tell(&["token", "create", "--role", "admin", "--org", org])?;
        printed.split_whitespace().last().map(str::to_owned).ok_or_else(|| "no token was printed".to_owned())
    };
    let callers =
        [("group", token.clone()), ("city", scoped(CITIES[0])?), ("hall", scoped(&format!("{}/h001", CITIES[0]))?)];
    let server = setup.start()?;
    let began = Instant::now();
    let added = load(&server, &token, &ranges(wanted))?;
    let took = began.elapsed();
    let (mut all, mut worst) = (Vec::new(), (0.0, String::new()));
    let searched = Instant::now();
    for (scope, token) in &callers {
        let mut client = Client::new(server.address, token);
        for (kind, pattern) in KINDS {
            for (aside, query) in ASIDES {
                let path = format!("/api/v1/numbers?pattern={}&limit=30{query}", encoded(pattern));
                let (p95, found) = one(&mut client, &path, &mut all)?;
                let name = format!("{kind}{aside} / {scope}");
                println!("  {name:40} p95 {p95:>8.2} ms  {found} found");
                if p95 > worst.0 {
                    worst = (p95, name);
                }
            }
        }
    }
    let rate = per_second(all.len(), searched.elapsed());
    drop(server);
    all.sort_by(f64::total_cmp);
    let at = |share: f64| all.get(((all.len() as f64 - 1.0) * share) as usize).copied();
    let engine = if args.engine == Engine::Sqlite { "" } else { ", PostgreSQL" };
    Ok(Line {
        name: "numbers",
        rate,
        p50_ms: at(0.5),
        p99_ms: at(0.99),
        bare_rate: None,
        note: format!(
            "{added} numbers{engine} loaded in {:.0} s ({:.0}/s); {} kinds of search × 3 scopes, all p95 {:.1} ms, the slowest {} p95 {:.1} ms",
            took.as_secs_f64(),
            per_second(added, took),
            KINDS.len() * ASIDES.len(),
            at(0.95).unwrap_or(0.0),
            worst.1,
            worst.0
        ),
    })
}

/// Segments of ten thousand, dealt out to the cities; every sixth belongs to one of the city's halls.
fn ranges(wanted: usize) -> String {
    let mut text = "from,to,org,class\n".to_owned();
    let (mut left, mut segment) = (wanted, 1_370_000);
    for n in 0.. {
        if left == 0 {
            break;
        }
        let size = left.min(10_000);
        let city = CITIES[n % CITIES.len()];
        let place = match (n / CITIES.len()) % 6 {
            5 => format!("{city}/h{:03}", n / CITIES.len() / 6 % 3 + 1),
            _ => city.to_owned(),
        };
        text.push_str(&format!("{segment}0000,{segment}{:04},{place},\n", size - 1));
        segment += 1;
        left -= size;
    }
    text
}

/// Takes the file in and waits for its end; returns how many numbers are new.
fn load(server: &Server, token: &str, file: &str) -> Done<usize> {
    let mut client = Client::new(server.address, token);
    let request = format!(
        "POST /api/v1/numbers/imports?name=numbers.csv HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Type: text/csv\r\n\
         Content-Length: {}\r\n\r\n{file}",
        file.len()
    );
    let started = client.send(&request).map_err(|e| e.to_string())?;
    let id = started.json()["id"].as_str().ok_or(started.body)?.to_owned();
    let began = Instant::now();
    loop {
        thread::sleep(Duration::from_millis(250));
        let run = client.get(&format!("/api/v1/inventory-imports/{id}")).map_err(|e| e.to_string())?.json();
        match run["state"].as_str() {
            Some("done") if run["refused"] == 0 => return Ok(run["added"].as_u64().unwrap_or(0) as usize),
            Some("queued" | "running") if began.elapsed() < PATIENCE => {}
            _ => return Err(format!("the file was not taken in: {run}")),
        }
    }
}

/// The p95 of one search, warmed up once, and how many numbers it finds.
fn one(client: &mut Client, path: &str, all: &mut Vec<f64>) -> Done<(f64, usize)> {
    let mut took = Vec::with_capacity(TIMES);
    let mut found = 0;
    for n in 0..=TIMES {
        let began = Instant::now();
        let answer = client.get(path).map_err(|e| e.to_string())?;
        if answer.status != 200 {
            return Err(format!("{path}: {} {}", answer.status, answer.body));
        }
        if n > 0 {
            took.push(began.elapsed().as_secs_f64() * 1_000.0);
        }
        found = answer.json().as_array().map_or(0, Vec::len);
    }
    took.sort_by(f64::total_cmp);
    all.extend_from_slice(&took);
    Ok((took[(took.len() * 95).div_ceil(100) - 1], found))
}

fn encoded(pattern: &str) -> String {
    pattern.replace('?', "%3F").replace('*', "%2A")
}
