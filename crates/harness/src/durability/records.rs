//! What is really there, read past the server, and how it compares with what clients were told.

use super::{load::Told, subject::Subject};
use crate::Done;
use postgres::{Client, NoTls};
use std::{
    collections::{HashMap, HashSet},
    fs,
    path::Path,
    time::Duration,
};

/// Ids by key, and creation events by id.
#[derive(Default)]
pub struct Found {
    records: HashMap<String, Vec<String>>,
    events: HashMap<String, i64>,
}

fn queries(subject: &Subject) -> (String, String) {
    let records = format!(
        "SELECT id, body ->> 'externalId' FROM {} WHERE body ->> 'externalId' LIKE 'durability-%'",
        subject.table
    );
    let events = format!("SELECT subject_id, COUNT(*) FROM outbox WHERE event_type = '{}' GROUP BY 1", subject.event);
    (records, events)
}

/// Looks at a copy, so that reading repairs nothing in the original.
pub fn in_sqlite(data: &Path, subject: &Subject) -> Done<Found> {
    let copy = data.with_extension("copy.db");
    for suffix in ["", "-wal"] {
        let (from, to) = (data.join(format!("yitai.db{suffix}")), format!("{}{suffix}", copy.display()));
        if let Err(e) = fs::copy(&from, &to) {
            let _ = fs::remove_file(&to); // no log of an earlier copy must be applied to this one
            if suffix.is_empty() {
                return Err(format!("{}: {e}", from.display()));
            }
        }
    }
    let failed = |e: rusqlite::Error| format!("reading the records: {e}");
    let conn = rusqlite::Connection::open(&copy).map_err(failed)?;
    let verdict: String = conn.query_row("PRAGMA quick_check(1)", [], |r| r.get(0)).map_err(failed)?;
    if verdict != "ok" {
        return Err(format!("the database is damaged: {verdict}"));
    }
    let (records, events) = queries(subject);
    let mut found = Found::default();
    let mut statement = conn.prepare(&records).map_err(failed)?;
    let mut rows = statement.query([]).map_err(failed)?;
    while let Some(row) = rows.next().map_err(failed)? {
        found.record(row.get(0).map_err(failed)?, row.get(1).map_err(failed)?);
    }
    let mut statement = conn.prepare(&events).map_err(failed)?;
    let mut rows = statement.query([]).map_err(failed)?;
    while let Some(row) = rows.next().map_err(failed)? {
        found.events.insert(row.get(0).map_err(failed)?, row.get(1).map_err(failed)?);
    }
    Ok(found)
}

pub fn in_postgres(url: &str, subject: &Subject) -> Done<Found> {
    let failed = |e: postgres::Error| format!("reading the records: {e}");
    let mut client = Client::connect(url, NoTls).map_err(failed)?;
    let (records, events) = queries(subject);
    let mut found = Found::default();
    for row in client.query(&records, &[]).map_err(failed)? {
        found.record(row.get(0), row.get(1));
    }
    for row in client.query(&events, &[]).map_err(failed)? {
        found.events.insert(row.get(0), row.get(1));
    }
    Ok(found)
}

/// For the control run: what is not synced at the commit stays in memory for a while, as a busy server's would.
pub fn lazy_log_writer(url: &str) -> Done {
    let mut client = Client::connect(url, NoTls).map_err(|e| e.to_string())?;
    let sql = ["ALTER SYSTEM SET wal_writer_delay = '5s'", "SELECT pg_reload_conf()"];
    sql.iter().try_for_each(|sql| client.batch_execute(sql)).map_err(|e| e.to_string())
}

impl Found {
    fn record(&mut self, id: String, key: String) {
        self.records.entry(key).or_default().push(id);
    }
}

/// The account over all rounds.
#[derive(Default)]
pub struct Tally {
    acknowledged: HashMap<String, String>,
    pub unknown: Vec<(String, usize)>,
    pub lost: usize,
    pub duplicated: usize,
    /// Records without exactly one creation event, and events without their record.
    pub mismatched: usize,
    pub resolved: usize,
    pub max_ready: f64,
    refused: Option<String>,
}

impl Tally {
    pub fn add(&mut self, told: Told) {
        self.acknowledged.extend(told.acknowledged);
        self.unknown.extend(told.unknown);
        self.refused = self.refused.take().or(told.refused);
    }
    pub fn acknowledge(&mut self, key: String, id: &str) {
        self.acknowledged.insert(key, id.to_owned());
    }
    pub fn acknowledged(&self) -> usize {
        self.acknowledged.len()
    }
    pub fn ready(&mut self, took: Duration) {
        self.max_ready = self.max_ready.max((took.as_secs_f64() * 1000.0).round() / 1000.0);
    }
    /// Acknowledged records that are not there (under their key, with the id that was told, with their event).
    pub fn lost_in(&mut self, found: &Found) {
        let there = |key: &String, id: &String| {
            found.records.get(key).is_some_and(|ids| ids.contains(id)) && found.events.contains_key(id)
        };
        self.lost = self.lost.max(self.acknowledged.iter().filter(|(key, id)| !there(key, id)).count());
    }
    pub fn compare(&mut self, found: &Found) {
        self.lost_in(found);
        let twice = found.records.values().filter(|ids| ids.len() > 1).count();
        let events_twice = found.events.values().filter(|n| **n > 1).count();
        self.duplicated = self.duplicated.max(twice + events_twice);
        let ids: HashSet<&String> = found.records.values().flatten().collect();
        let without = ids.iter().filter(|id| !found.events.contains_key(**id)).count();
        self.mismatched = self.mismatched.max(without);
    }
    pub fn say(&self, what: &str) {
        println!(
            "  {what}: {} acknowledged, {} lost, {} twice, {} settled by key",
            self.acknowledged(),
            self.lost,
            self.duplicated,
            self.resolved
        );
    }
    pub fn wrong(&self) -> Vec<String> {
        let counts = [
            (self.lost, "acknowledged records are lost"),
            (self.duplicated, "records are there twice"),
            (self.mismatched, "records have no event"),
        ];
        let mut wrong: Vec<String> =
            counts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
        wrong.extend(self.refused.iter().map(|text| format!("a request was refused: {text}")));
        if self.acknowledged.is_empty() {
            wrong.push("nothing was acknowledged".to_owned());
        }
        wrong
    }
}
