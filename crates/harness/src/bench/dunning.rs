//! The sweep of credit control over all seeded accounts: the server is started on a clock that stands on the twentieth of the
//! next month, when what the seed left unpaid is overdue for the first time; the sweep of the day begins by itself, opens its
//! cases and reminds. Run `bill_run` before: the month that has ended by then would be billed beside the sweep.

use super::{Line, World};
use crate::{
    Done,
    client::Client,
    server::{Setup, cpu, resident},
};
use std::{
    thread,
    time::{Duration, Instant},
};

/// Half past nine: after the hour of the sweep.
fn clock() -> Done<String> {
    let conn = rusqlite::Connection::open_in_memory().map_err(|e| e.to_string())?;
    let day: String = conn
        .query_row("SELECT date('now', '+8 hours', 'start of month', '+1 month', '+19 days')", [], |r| r.get(0))
        .map_err(|e| e.to_string())?;
    Ok(format!("{day}T09:30:00+08:00"))
}

pub fn measure(world: &World) -> Done<Line> {
    let setup = Setup { extra: vec!["--clock".to_owned(), clock()?], ..world.setup.clone() };
    let server = setup.start()?;
    let (began, before) = (Instant::now(), cpu(server.pid()));
    let mut client = Client::new(server.address, &world.token);
    let mut most = resident(server.pid());
    let sweep = loop {
        thread::sleep(Duration::from_millis(100));
        most = most.max(resident(server.pid()));
        let sweeps = client.get("/api/v1/dunning/sweeps").map_err(|e| e.to_string())?.json();
        if sweeps[0]["state"] == "done" {
            break sweeps[0].clone();
        }
        if began.elapsed() > Duration::from_secs(1_800) {
            return Err(format!("the sweep does not end: {sweeps}"));
        }
    };
    let (took, used) = (began.elapsed().as_secs_f64(), (cpu(server.pid()) - before).as_secs_f64());
    drop(server);
    let number = |name: &str| sweep[name].as_i64().unwrap_or(0);
    let note = format!(
        "{} accounts in {took:.1} s from the start of the server, {used:.1} s CPU (wanted: 1,000,000 in 60 s); {} of them in \
         arrears, {} cases opened, {} steps done, {} messages; at most {} MB resident",
        world.customers,
        number("looked"),
        number("opened"),
        number("stepped"),
        number("told"),
        most >> 20,
    );
    let rate = world.customers as f64 / took.max(0.001);
    Ok(Line { name: "dunning", rate, p50_ms: None, p99_ms: None, bare_rate: None, note })
}
