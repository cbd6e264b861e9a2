//! One customer out of many records: two files of sample rows taken in and matched by the command line, and how right the
//! result is against the truth that the sample was made with.

use super::{Line, per_second};
use crate::{
    Done,
    args::{Args, Engine},
    server::{Setup, fresh},
};
use std::{
    collections::HashMap,
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
    process::Command,
    time::Instant,
};

/// Rows a file where nothing smaller is asked for.
const ROWS: usize = 1_000_000;

pub fn measure(args: &Args, dir: &Path) -> Done<Line> {
    let rows = args.customers.min(ROWS);
    let data = dir.join("identity");
    fresh(&data)?;
    let files = dir.join("identity-files");
    fresh(&files)?;
    let setup = Setup {
        program: args.server.clone(),
        data,
        database_url: super::commands::separate(args, "yitai_identity")?,
        extra: Vec::new(),
    };
    let made = Command::new(&setup.program)
        .args(["identity", "sample", "--rows", &rows.to_string()])
        .arg(&files)
        .status()
        .map_err(|e| e.to_string())?;
    if !made.success() {
        return Err("yitai identity sample did not succeed".to_owned());
    }
    let mapping = r#"{"id": "YHBH", "name": "YHMC", "certificate": "ZJHM", "phone": "DHHM", "address": "ZJDZ"}"#;
    let began = Instant::now();
    let (first, second, out) = (files.join("97.csv"), files.join("billing.csv"), files.join("codes.csv"));
    setup.tell(&["identity", "import", &first.to_string_lossy(), "--source", "97", "--mapping", mapping])?;
    setup.tell(&["identity", "import", &second.to_string_lossy(), "--source", "billing"])?;
    let imported = began.elapsed();
    setup.tell(&["identity", "run", "--out", &out.to_string_lossy()])?;
    let took = began.elapsed();
    let truth = Truth::read(&files.join("truth.csv"), &out)?;
    let engine = if args.engine == Engine::Sqlite { "" } else { ", PostgreSQL" };
    Ok(Line {
        name: "identity",
        rate: per_second(truth.records, took),
        p50_ms: None,
        p99_ms: None,
        bare_rate: None,
        note: format!(
            "2 × {rows} rows{engine}: {:.0} s taking in, {:.0} s in all; precision {:.4}, recall {:.4} ({} records)",
            imported.as_secs_f64(),
            took.as_secs_f64(),
            truth.precision,
            truth.recall,
            truth.records
        ),
    })
}

/// How right the codes are, pair by pair of records.
struct Truth {
    records: usize,
    /// Of the pairs under one code, how many are one person.
    precision: f64,
    /// Of the pairs that are one person, how many are under one code.
    recall: f64,
}

impl Truth {
    fn read(truth: &Path, codes: &Path) -> Done<Self> {
        let people = column(truth)?;
        let codes = column(codes)?;
        let (mut by_person, mut by_code) = (HashMap::<&str, u64>::new(), HashMap::<&str, u64>::new());
        let mut by_both = HashMap::<(&str, &str), u64>::new();
        for (record, person) in &people {
            *by_person.entry(person).or_default() += 1;
            let Some(code) = codes.get(record) else { continue };
            *by_code.entry(code).or_default() += 1;
            *by_both.entry((person, code)).or_default() += 1;
        }
        let pairs = |n: u64| n * (n - 1) / 2;
        let right: u64 = by_both.values().map(|n| pairs(*n)).sum();
        let said: u64 = by_code.values().map(|n| pairs(*n)).sum();
        let real: u64 = by_person.values().map(|n| pairs(*n)).sum();
        let share = |part: u64, whole: u64| part as f64 / whole.max(1) as f64;
        Ok(Self { records: people.len(), precision: share(right, said), recall: share(right, real) })
    }
}

/// `source,id,value` as `source,id → value`.
fn column(path: &Path) -> Done<HashMap<String, String>> {
    let failed = |e: std::io::Error| format!("{}: {e}", path.display());
    let mut all = HashMap::new();
    for line in BufReader::new(File::open(path).map_err(failed)?).lines().skip(1) {
        let line = line.map_err(failed)?;
        if let Some((record, value)) = line.rsplit_once(',') {
            all.insert(record.to_owned(), value.to_owned());
        }
    }
    Ok(all)
}
