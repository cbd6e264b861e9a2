//! Rates and latencies of the real server over a socket, each beside what the bare engine does with the same rows.
//!
//! The client shares the machine with what it measures, so it is one thread, and says what it used itself.

mod bare;
mod billrun;
mod cart;
mod cases;
mod commands;
mod decompose;
mod dunning;
mod facts;
mod identity;
mod ledger;
mod load;
mod numbers;
mod rating;
mod rows;
mod usage;
mod view;

use crate::{
    Done,
    args::{Args, Engine},
    server::{Setup, fresh},
};
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// One line of the report.
#[derive(Clone, Debug)]
pub struct Line {
    pub name: &'static str,
    /// Per second; for `start` seconds, for `memory` MB.
    pub rate: f64,
    pub p50_ms: Option<f64>,
    pub p99_ms: Option<f64>,
    pub bare_rate: Option<f64>,
    pub note: String,
}

/// In the order in which they run: what writes comes last, since orders go on being carried out behind the bench.
const ALL: &[&str] = &[
    "get_customer",
    "find_phone",
    "list_customers",
    "view",
    "cart",
    "decompose",
    "start",
    "memory",
    "view_first",
    "create_customer",
    "order",
    "payment",
    "bill_run",
    "dunning",
    "import_customers",
    "identity",
    "numbers",
    "ledger_proof",
    "usage_intake",
    "usage_detail",
    "rating",
    "allowance",
];
const WRITING: [&str; 6] = ["view_first", "create_customer", "order", "payment", "bill_run", "dunning"];

/// A bench world: a store of the wanted size, kept between runs.
pub struct World {
    pub engine: Engine,
    pub setup: Setup,
    pub token: String,
    pub customers: usize,
    pub dir: PathBuf,
}

pub fn run(args: &Args) -> Done {
    let names: Vec<&str> =
        if args.names.is_empty() { ALL.to_vec() } else { args.names.iter().map(String::as_str).collect() };
    if let Some(unknown) = names.iter().find(|n| !ALL.contains(n)) {
        return Err(format!("there is no bench {unknown}; there are {}", ALL.join(", ")));
    }
    let asked = |name: &&&str| args.names.is_empty() || args.names.iter().any(|n| n == **name);
    let names: Vec<&str> = ALL.iter().filter(asked).copied().collect();
    let dir = args.server.ancestors().nth(2).unwrap_or(Path::new("target")).join("bench");
    fs::create_dir_all(&dir).map_err(|e| format!("{}: {e}", dir.display()))?;
    let mut lines = Vec::new();
    let apart = |name: &&str| {
        matches!(
            *name,
            "import_customers"
                | "identity"
                | "numbers"
                | "ledger_proof"
                | "usage_intake"
                | "usage_detail"
                | "rating"
                | "allowance"
        )
    };
    let world = if names.iter().all(apart) { None } else { Some(World::make(args, &dir)?) };
    for name in names {
        if let (true, Some(world)) = (WRITING.contains(&name), &world) {
            let _ = fs::remove_file(world.marker()); // what is written to is not used again
        }
        let line = match (name, &world) {
            ("import_customers", _) => commands::import(args, &dir)?,
            ("identity", _) => identity::measure(args, &dir)?,
            ("numbers", _) => numbers::measure(args, &dir)?,
            ("ledger_proof", _) => ledger::proof(args, &dir)?,
            ("usage_intake", _) => usage::intake(args, &dir)?,
            ("usage_detail", _) => usage::detail(args, &dir)?,
            ("rating", _) => rating::rate(args, &dir)?,
            ("allowance", _) => rating::allowance(args, &dir)?,
            ("start", Some(world)) => commands::start(world)?,
            ("memory", Some(world)) => commands::memory(world, args)?,
            ("bill_run", Some(world)) => billrun::measure(world)?,
            ("dunning", Some(world)) => dunning::measure(world)?,
            ("cart", Some(world)) => cart::measure(world)?,
            ("decompose", Some(world)) => decompose::measure(world)?,
            ("view" | "view_first", Some(world)) => view::measure(world, name)?,
            (_, Some(world)) => cases::measure(world, name)?,
            (_, None) => continue,
        };
        println!(
            "{:18} {:>10.0}  p50 {:>8} ms  p99 {:>8} ms  bare {:>10}  {}",
            line.name,
            line.rate,
            shown(line.p50_ms),
            shown(line.p99_ms),
            shown(line.bare_rate),
            line.note
        );
        lines.push(line.json(args.engine));
    }
    args.write_json(&Value::Array(lines))
}

fn shown(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |v| if v < 100.0 { format!("{v:.2}") } else { format!("{v:.0}") })
}

impl Line {
    fn json(&self, engine: Engine) -> Value {
        let round = |v: f64| (v * 100.0).round() / 100.0;
        json!({
            "name": self.name, "engine": engine.name(), "rate": round(self.rate), "p50_ms": self.p50_ms.map(round),
            "p99_ms": self.p99_ms.map(round), "bare_rate": self.bare_rate.map(round), "note": self.note,
        })
    }
}

/// Stands in a store that is as the seed left it.
const MARKER: &str = "seeded";

impl World {
    fn marker(&self) -> PathBuf {
        self.setup.data.join(MARKER)
    }
    fn make(args: &Args, dir: &Path) -> Done<Self> {
        let past = if args.months > 0 { format!("-{}m", args.months) } else { String::new() };
        let data = dir.join(format!("{}-{}{past}", args.engine.name(), args.customers));
        let setup =
            Setup { program: args.server.clone(), data, database_url: args.database_url.clone(), extra: Vec::new() };
        let marker = setup.data.join(MARKER);
        // PostgreSQL is a fresh one each time; a SQLite store is kept, unless this build does not open it.
        let kept = args.engine == Engine::Sqlite
            && marker.exists()
            && setup.tell(&["token", "create", "--role", "admin"]).is_ok();
        if !kept {
            fresh(&setup.data)?;
            let began = Instant::now();
            println!("seeding {} customers with {} months of bills …", args.customers, args.months);
            let (customers, months) = (args.customers.to_string(), args.months.to_string());
            setup.tell(&["seed", "--customers", &customers, "--seed", "1", "--months", &months])?;
            println!("seeded in {:.0} s", began.elapsed().as_secs_f64());
            fs::write(&marker, "").map_err(|e| e.to_string())?;
        }
        let token = setup.token("admin")?;
        Ok(Self { engine: args.engine, setup, token, customers: args.customers, dir: dir.to_owned() })
    }
}

pub fn per_second(count: usize, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64().max(1e-9)
}
