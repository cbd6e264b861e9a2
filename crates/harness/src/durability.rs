//! Does what was acknowledged survive? Clients post under load; the server is killed, the power is cut, the disk fails;
//! then every acknowledged record must be there exactly once, each with its event, and the server ready within seconds.
//!
//! * kill: `kill -9`. What the process had handed to the operating system survives.
//! * cut: on SQLite the server writes through a disk that forgets what was not synced (crate `faultfs`) and is killed; on
//!   PostgreSQL all of its processes are killed.
//! * control: the same with commits that do not wait for the disk. A harness that does not catch this losing records would
//!   prove nothing.
//! * shifts: cashiers open, take and count under kills and cuts; every drawer is closed with exactly its payments.
//! * failing sync (SQLite): the server must stop by itself, and what clients could not know is settled by sending the same
//!   key again.

mod billrun;
mod load;
mod postgres_server;
mod records;
mod shifts;
mod subject;

use crate::{
    Done,
    args::{Args, Engine},
    client::Client,
    server::{Server, Setup, fresh},
};
use postgres_server::PostgresServer;
use records::Tally;
use serde_json::json;
use std::{
    fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};
use subject::Subject;

/// The promise: answering again this soon after a restart.
const READY: f64 = 5.0;

struct World {
    engine: Engine,
    setup: Setup,
    token: String,
    subject: Subject,
    postgres: Option<PostgresServer>,
    rounds: usize,
}

pub fn run(args: &Args) -> Done {
    let dir = std::env::temp_dir().join(format!("yitai-durability-{}", std::process::id()));
    fresh(&dir)?;
    let outcome = all(args, &dir);
    if outcome.is_ok() {
        let _ = fs::remove_dir_all(&dir);
    } else {
        eprintln!("the stores are kept in {}", dir.display());
    }
    outcome
}

fn all(args: &Args, dir: &Path) -> Done {
    let mut world = World::make(args, &dir.join("store"))?;
    let template = dir.join("template");
    copy(&world.setup.data, &template)?;

    let mut tally = Tally::default();
    for n in 1..=args.kills {
        world.round(&mut tally, &[], Blow::Kill)?;
        tally.say(&format!("kill {n}/{}", args.kills));
    }
    for n in 1..=args.cuts {
        match world.engine {
            Engine::Sqlite => world.round(&mut tally, &["--vfs", "powercut"], Blow::Kill)?,
            Engine::Postgres => world.round(&mut tally, &[], Blow::Postgres)?,
        }
        tally.say(&format!("cut {n}/{}", args.cuts));
    }
    let paid = world.payments(args)?;
    let checked = world.setup.tell(&["check"]).err();
    let counted = world.shift_closes(args)?;
    println!("  shifts: {} closed, {} payments through {} blows", counted.closed, counted.payments, counted.blows);
    let months = if args.kills + args.cuts == 0 { 0 } else { 3 };
    let vfs: &[&str] = if world.engine == Engine::Sqlite && args.cuts > 0 { &["--vfs", "powercut"] } else { &[] };
    let billed = world.bill_runs(months, vfs)?;
    println!("  bill runs: {} of {} bills through {} blows", billed.runs, billed.bills, billed.blows);

    let mut failed_syncs = 0;
    if world.engine == Engine::Sqlite && args.cuts > 0 {
        for n in [40, 90, 200].into_iter().take(args.cuts) {
            world.round(&mut tally, &["--vfs", &format!("failsync:{n}")], Blow::Itself)?;
            failed_syncs += 1;
            tally.say(&format!("failing sync {n}"));
        }
    }
    let control_caught = if args.cuts > 0 { Some(world.control(&template)?) } else { None };
    println!("  control caught: {control_caught:?}");

    let report = json!({
        "acknowledged": tally.acknowledged(), "lost": tally.lost, "duplicated": tally.duplicated,
        "kills": args.kills, "cuts": args.cuts, "control_caught": control_caught, "max_ready_s": tally.max_ready,
        "engine": args.engine.name(), "records": world.subject.name, "outbox_mismatches": tally.mismatched,
        "failed_syncs": failed_syncs, "payments": paid.acknowledged(), "payments_lost": paid.lost, "payments_duplicated": paid.duplicated, "resolved_by_key": tally.resolved, "shifts_closed": counted.closed, "shift_payments": counted.payments, "shift_blows": counted.blows, "shifts_wrong": counted.wrong, "bill_runs": billed.runs, "bill_run_blows": billed.blows, "bill_run_wrong": billed.wrong,
        "check": checked.clone().unwrap_or_else(|| "ok".to_owned()),
    });
    args.write_json(&report)?;
    println!("{report}");
    let mut wrong = tally.wrong();
    wrong.extend(checked);
    if args.kills + args.cuts > 0 {
        wrong.extend(paid.wrong().into_iter().map(|what| format!("payments: {what}")));
    }
    wrong.extend(billed.wrong);
    wrong.extend(counted.wrong);
    if control_caught == Some(false) {
        wrong.push("the control run lost nothing: this harness would not notice a loss".to_owned());
    }
    if tally.max_ready > READY {
        wrong.push(format!("ready after {:.1} s, promised are {READY} s", tally.max_ready));
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
}

/// How a round ends.
#[derive(Clone, Copy, PartialEq)]
enum Blow {
    Kill,
    Postgres,
    /// The server is to stop by itself.
    Itself,
}

impl World {
    fn make(args: &Args, data: &Path) -> Done<Self> {
        fresh(data)?;
        let (engine, database_url) = (args.engine, args.database_url.clone());
        if engine == Engine::Postgres && database_url.is_none() {
            return Err("--engine postgres needs --database-url".to_owned());
        }
        let setup = Setup { program: args.server.clone(), data: data.to_owned(), database_url, extra: Vec::new() };
        setup.tell(&["seed", "--customers", "200", "--seed", "1"])?;
        let token = setup.token("admin")?;
        let subject = {
            let server = setup.start()?;
            Subject::find(&mut Client::new(server.address, &token))?
        };
        println!("  records: {}", subject.name);
        Ok(Self { engine, setup, token, subject, postgres: PostgresServer::of(args), rounds: 0 })
    }

    /// The same blows while money comes in by every method and goes back: half as many of each.
    fn payments(&mut self, args: &Args) -> Done<Tally> {
        let mut tally = Tally::default();
        let payments = {
            let server = self.start(&[])?;
            Subject::payments(&mut Client::new(server.address, &self.token))?
        };
        let orders = std::mem::replace(&mut self.subject, payments);
        for n in 1..=args.kills.div_ceil(2) {
            self.round(&mut tally, &[], Blow::Kill)?;
            tally.say(&format!("payments, kill {n}"));
        }
        for n in 1..=args.cuts.div_ceil(2) {
            match self.engine {
                Engine::Sqlite => self.round(&mut tally, &["--vfs", "powercut"], Blow::Kill)?,
                Engine::Postgres => self.round(&mut tally, &[], Blow::Postgres)?,
            }
            tally.say(&format!("payments, cut {n}"));
        }
        self.subject = orders;
        Ok(tally)
    }

    fn start(&self, extra: &[&str]) -> Done<Server> {
        let extra = extra.iter().map(|s| (*s).to_owned()).collect();
        Setup { extra, ..self.setup.clone() }.start()
    }

    /// One life of the server under load, its end, and what is left.
    fn round(&mut self, tally: &mut Tally, extra: &[&str], blow: Blow) -> Done {
        self.rounds += 1;
        let mut server = self.start(extra)?;
        tally.ready(server.ready);
        let load = load::Load::start(server.address, &self.token, &self.subject, self.rounds);
        let moment = Duration::from_millis(150 + subject::chance(1_200));
        let mut restarted = None;
        match blow {
            Blow::Kill => {
                thread::sleep(moment);
                server.kill()?;
            }
            Blow::Postgres => {
                thread::sleep(moment);
                let postgres = self.postgres.as_ref().ok_or("PostgreSQL is not ours to kill")?;
                postgres.kill()?;
                thread::sleep(Duration::from_millis(100));
                postgres.start()?;
                restarted = Some((server, Instant::now()));
            }
            Blow::Itself => {
                let ended = server.ends_within(Duration::from_secs(20));
                if ended.is_none_or(|status| status.success()) {
                    return Err("the server went on after a failed sync".to_owned());
                }
            }
        }
        let done = load.stop();
        tally.add(done);
        // The survivor of a database restart must find its way back; the others are started again.
        let (server, began) = match restarted {
            Some(survivor) => survivor,
            None => {
                self.verify(tally)?; // before the next start repairs anything
                let server = self.start(&[])?;
                tally.ready(server.ready);
                (server, Instant::now())
            }
        };
        self.settle_unknown(tally, &server, began)?;
        drop(server);
        self.verify(tally)
    }

    /// Sends again, under the same keys, what nobody got an answer to.
    fn settle_unknown(&self, tally: &mut Tally, server: &Server, began: Instant) -> Done {
        let mut client = Client::new(server.address, &self.token);
        for (key, n) in std::mem::take(&mut tally.unknown) {
            let body = self.subject.body(&key, n);
            loop {
                match client.post(&self.subject.path, &key, &body) {
                    Ok(answer) if answer.status == 201 => {
                        tally.acknowledge(key, answer.json()["id"].as_str().unwrap_or_default());
                        tally.resolved += 1;
                        break;
                    }
                    Ok(answer) if answer.status < 500 => {
                        return Err(format!("replay of {key}: {} {}", answer.status, answer.body));
                    }
                    _ if began.elapsed() > Duration::from_secs(30) => {
                        return Err(format!("replay of {key}: no answer"));
                    }
                    _ => thread::sleep(Duration::from_millis(20)),
                }
            }
        }
        tally.ready(if self.engine == Engine::Postgres {
            began.elapsed().min(Duration::from_secs(30))
        } else {
            Duration::ZERO
        });
        Ok(())
    }

    fn verify(&self, tally: &mut Tally) -> Done {
        let found = match &self.setup.database_url {
            None => records::in_sqlite(&self.setup.data, &self.subject)?,
            Some(url) => records::in_postgres(url, &self.subject)?,
        };
        tally.compare(&found);
        Ok(())
    }

    /// Commits that do not wait for the disk, under the same blows: does the harness notice?
    fn control(&mut self, template: &Path) -> Done<bool> {
        let careless = match (self.engine, &self.setup.database_url) {
            (Engine::Postgres, Some(url)) => {
                let sign = if url.contains('?') { '&' } else { '?' };
                let database_url = Some(format!("{url}{sign}options=-c%20synchronous_commit%3Doff"));
                records::lazy_log_writer(url)?;
                Setup { database_url, ..self.setup.clone() }
            }
            _ => {
                let data: PathBuf = self.setup.data.with_file_name("control");
                copy(template, &data)?;
                Setup {
                    data,
                    extra: ["--vfs", "powercut", "--synchronous", "normal"].map(str::to_owned).into(),
                    ..self.setup.clone()
                }
            }
        };
        for round in 0..10 {
            let server = careless.start()?;
            let load = load::Load::start(server.address, &self.token, &self.subject, 1_000 + round);
            thread::sleep(Duration::from_millis(700));
            match self.engine {
                Engine::Sqlite => server.kill()?,
                Engine::Postgres => {
                    let postgres = self.postgres.as_ref().ok_or("PostgreSQL is not ours to kill")?;
                    postgres.kill()?;
                    drop(server);
                    postgres.start()?;
                }
            }
            let mut tally = Tally::default();
            tally.add(load.stop());
            let found = match &careless.database_url {
                None => records::in_sqlite(&careless.data, &self.subject)?,
                Some(url) => records::in_postgres(url, &self.subject)?,
            };
            tally.lost_in(&found);
            println!("  control: {} of {} acknowledged are lost", tally.lost, tally.acknowledged());
            if tally.lost > 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Copies a store that nobody has open.
fn copy(from: &Path, to: &Path) -> Done {
    fresh(to)?;
    for entry in fs::read_dir(from).map_err(|e| e.to_string())?.flatten() {
        if entry.path().is_file() {
            fs::copy(entry.path(), to.join(entry.file_name())).map_err(|e| e.to_string())?;
        }
    }
    Ok(())
}
