//! The bill run under the same blows: the server is killed, or the power cut, while it makes the bills of a month; started
//! again it goes on by itself, until every account that had to be billed has exactly one bill and the proof of the ledger
//! finds nothing.

use super::{World, subject::chance};
use crate::{Done, client::Client, server::Setup};
use std::{
    thread,
    time::{Duration, Instant},
};

/// The first mornings after the months' ends: a month for each life of the server.
fn clock(n: usize) -> Done<String> {
    let conn = rusqlite::Connection::open_in_memory().map_err(|e| e.to_string())?;
    let sql = format!("SELECT date('now', '+8 hours', 'start of month', '+{} months')", n + 1);
    let day: String = conn.query_row(&sql, [], |r| r.get(0)).map_err(|e| e.to_string())?;
    Ok(format!("{day}T03:00:00+08:00"))
}

/// What the rounds came to.
#[derive(Default)]
pub struct Billed {
    pub runs: usize,
    pub blows: usize,
    pub bills: i64,
    pub wrong: Vec<String>,
}

impl World {
    /// So many months, each billed while the server dies again and again.
    pub(super) fn bill_runs(&self, months: usize, vfs: &[&str]) -> Done<Billed> {
        let mut billed = Billed::default();
        for n in 0..months {
            let mut extra: Vec<String> = vfs.iter().map(|s| (*s).to_owned()).collect();
            extra.extend(["--clock".to_owned(), clock(n)?]);
            let setup = Setup { extra, ..self.setup.clone() };
            for _ in 0..5 {
                let server = setup.start()?;
                thread::sleep(Duration::from_millis(20 + chance(400)));
                server.kill()?;
                billed.blows += 1;
            }
            let server = setup.start()?;
            let mut client = Client::new(server.address, &self.token);
            let began = Instant::now();
            let run = loop {
                let runs = client.get("/api/v1/billing/runs").map_err(|e| e.to_string())?.json();
                let items = runs["items"].as_array().cloned().unwrap_or_default();
                if items.len() > n && items.iter().all(|r| r["state"] == "done") {
                    break items[0].clone();
                }
                if began.elapsed() > Duration::from_secs(60) {
                    return Err(format!("the bill run does not end: {runs}"));
                }
                thread::sleep(Duration::from_millis(50));
            };
            drop(server);
            billed.runs += 1;
            billed.bills += run["billed"].as_i64().unwrap_or(0);
            if run["failed"] != 0 || run["seen"] != run["accounts"] {
                billed.wrong.push(format!("a run that left accounts out: {run}"));
            }
            if let Err(findings) = self.setup.tell(&["check"]) {
                billed.wrong.push(findings);
            }
        }
        Ok(billed)
    }
}
