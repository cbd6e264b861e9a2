//! The bill run of a month over all seeded accounts: the server is started on a clock that stands after the month's end, the
//! run begins by itself, and its progress is asked for until it is done.

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

/// The month that ends next, and the first morning after it.
fn clock() -> Done<(String, String)> {
    let conn = rusqlite::Connection::open_in_memory().map_err(|e| e.to_string())?;
    let sql = "SELECT strftime('%Y-%m', 'now', '+8 hours'), date('now', '+8 hours', 'start of month', '+1 month')";
    let (month, day): (String, String) =
        conn.query_row(sql, [], |r| Ok((r.get(0)?, r.get(1)?))).map_err(|e| e.to_string())?;
    Ok((month, format!("{day}T03:00:00+08:00")))
}

pub fn measure(world: &World) -> Done<Line> {
    let (month, at) = clock()?;
    let setup = Setup { extra: vec!["--clock".to_owned(), at], ..world.setup.clone() };
    let server = setup.start()?;
    let (began, before) = (Instant::now(), cpu(server.pid()));
    let mut client = Client::new(server.address, &world.token);
    let path = format!("/api/v1/billing/runs/{month}");
    let mut most = resident(server.pid());
    let run = loop {
        thread::sleep(Duration::from_millis(200));
        most = most.max(resident(server.pid()));
        let run = client.get(&path).map_err(|e| e.to_string())?.json();
        if run["state"] == "done" {
            break run;
        }
        if began.elapsed() > Duration::from_secs(7_200) {
            return Err(format!("the run does not end: {run}"));
        }
    };
    let (took, used) = (began.elapsed().as_secs_f64(), (cpu(server.pid()) - before).as_secs_f64());
    drop(server);
    let number = |name: &str| run[name].as_i64().unwrap_or(0);
    let seen = number("seen");
    if seen < world.customers as i64 / 2 || number("failed") > 0 {
        return Err(format!("not all accounts were billed: {run}"));
    }
    let note = format!(
        "{} bills of {seen} accounts in {took:.1} s; {:.0} accounts/s of one core (wanted: 2,000); at most {} MB resident \
         (wanted: 300)",
        number("billed"),
        seen as f64 / used.max(0.001),
        most >> 20,
    );
    Ok(Line {
        name: "bill_run",
        rate: seen as f64 / took.max(0.001),
        p50_ms: None,
        p99_ms: None,
        bare_rate: None,
        note,
    })
}
