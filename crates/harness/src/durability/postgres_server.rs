//! The PostgreSQL beside us, killed with all its processes and started again.

use crate::{Done, args::Args};
use std::{
    fs,
    path::PathBuf,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

pub struct PostgresServer {
    data: PathBuf,
    start: String,
}

impl PostgresServer {
    pub fn of(args: &Args) -> Option<Self> {
        Some(Self { data: args.postgres_data.clone()?, start: args.postgres_start.clone()? })
    }
    /// `kill -9` to the first process and all that it started.
    pub fn kill(&self) -> Done {
        let file = self.data.join("postmaster.pid");
        let text = fs::read_to_string(&file).map_err(|e| format!("{}: {e}", file.display()))?;
        let first = text.lines().next().unwrap_or_default().trim().to_owned();
        // Held still first, or it would start another process between our look and our blow.
        signal("-STOP", std::slice::from_ref(&first))?;
        let mut all = children(&first);
        all.insert(0, first);
        signal("-KILL", &all)?;
        for _ in 0..500 {
            if all.iter().all(|pid| !alive(pid)) {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(10));
        }
        Err("PostgreSQL does not die".to_owned())
    }
    pub fn start(&self) -> Done {
        for _ in 0..20 {
            let mut words = self.start.split(' ');
            let mut command = Command::new(words.next().unwrap_or_default());
            let started = command.args(words).current_dir("/").stdout(Stdio::null()).stderr(Stdio::null()).status();
            if started.map_err(|e| e.to_string())?.success() {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(500)); // its memory may not have been given back yet
        }
        Err(format!("PostgreSQL does not start again: {}", self.start))
    }
}

/// One that ended meanwhile is no matter.
fn signal(name: &str, processes: &[String]) -> Done {
    let sent = Command::new("kill").arg(name).args(processes).stderr(Stdio::null()).status();
    sent.map(drop).map_err(|e| e.to_string())
}

/// The fields of `/proc/PID/stat` behind the name: state, parent, …
fn stat(pid: &str) -> Option<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    Some(text.rsplit_once(')')?.1.split_whitespace().map(str::to_owned).collect())
}

fn alive(pid: &str) -> bool {
    stat(pid).is_some_and(|s| s.first().is_some_and(|state| state != "Z"))
}

fn children(parent: &str) -> Vec<String> {
    let names = fs::read_dir("/proc").into_iter().flatten().flatten().filter_map(|e| e.file_name().into_string().ok());
    names.filter(|pid| stat(pid).is_some_and(|s| s.get(1).is_some_and(|p| p == parent))).collect()
}
