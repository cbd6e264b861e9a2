//! The server as a process: started, watched, killed.

use crate::Done;
use std::{
    fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

/// How to start it.
#[derive(Clone, Debug)]
pub struct Setup {
    pub program: PathBuf,
    pub data: PathBuf,
    pub database_url: Option<String>,
    /// Further options of `serve`.
    pub extra: Vec<String>,
}

pub struct Server {
    child: Child,
    pub address: SocketAddr,
    /// From the start of the process to the first answer that says it is ready.
    pub ready: Duration,
}

const PATIENCE: Duration = Duration::from_secs(120);

impl Setup {
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(words).arg("--data").arg(&self.data);
        if let Some(url) = &self.database_url {
            command.args(["--database-url", url]);
        }
        command
    }
    /// Runs a command of the server to its end and gives back what it printed.
    pub fn tell(&self, words: &[&str]) -> Done<String> {
        let output = self.command(words).stdin(Stdio::null()).output();
        let output = output.map_err(|e| format!("{}: {e}", self.program.display()))?;
        let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if output.status.success() {
            return Ok(text);
        }
        Err(format!("yitai {}: {text} {}", words.join(" "), String::from_utf8_lossy(&output.stderr).trim()))
    }
    pub fn token(&self, role: &str) -> Done<String> {
        let printed = self.tell(&["token", "create", "--role", role])?;
        printed.split_whitespace().last().map(str::to_owned).ok_or_else(|| "no token was printed".to_owned())
    }

    pub fn start(&self) -> Done<Server> {
        let began = Instant::now();
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0"]);
        let log = self.data.with_extension("log");
        let errors =
            fs::File::options().create(true).append(true).open(&log).map_err(|e| format!("{}: {e}", log.display()))?;
        let child = command.args(&self.extra).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(errors).spawn();
        let mut child = child.map_err(|e| format!("{}: {e}", self.program.display()))?;
        let mut lines = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
        let address = loop {
            let Some(Ok(line)) = lines.next() else {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("the server ended before it listened; see {}", log.display()));
            };
            if let Some(address) = address(&line) {
                break address;
            }
        };
        // Its further output must go somewhere, or it would block.
        thread::spawn(move || lines.for_each(drop));
        while !crate::client::healthy(address) {
            if matches!(child.try_wait(), Ok(Some(_))) {
                return Err(format!("the server ended before it was ready; see {}", log.display()));
            }
            if began.elapsed() > PATIENCE {
                let _ = child.kill();
                let _ = child.wait();
                return Err("the server does not become ready".to_owned());
            }
            thread::sleep(Duration::from_millis(5));
        }
        Ok(Server { child, address, ready: began.elapsed() })
    }
}

/// The address in a line such as `listening on http://127.0.0.1:41234`.
fn address(line: &str) -> Option<SocketAddr> {
    let (_, rest) = line.split_once("http://")?;
    rest.split(|c: char| c.is_whitespace() || c == '/').next()?.parse().ok()
}

impl Server {
    pub fn pid(&self) -> u32 {
        self.child.id()
    }
    /// `kill -9`.
    pub fn kill(mut self) -> Done {
        self.child.kill().map_err(|e| e.to_string())?;
        self.child.wait().map(drop).map_err(|e| e.to_string())
    }
    /// The status it ends with by itself, if it does within `limit`.
    pub fn ends_within(&mut self, limit: Duration) -> Option<ExitStatus> {
        let began = Instant::now();
        while began.elapsed() < limit {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Some(status);
            }
            thread::sleep(Duration::from_millis(10));
        }
        None
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Processor time of a process so far.
pub fn cpu(pid: u32) -> Duration {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let after_name = text.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks: u64 = after_name.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10) // USER_HZ is 100 on every Linux
}

/// Resident memory of a process in bytes.
pub fn resident(pid: u32) -> u64 {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = text.lines().find_map(|l| l.strip_prefix("VmRSS:"));
    line.and_then(|l| l.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) * 1024
}

/// A directory of our own, empty.
pub fn fresh(path: &Path) -> Done {
    let _ = fs::remove_dir_all(path);
    fs::create_dir_all(path).map_err(|e| format!("{}: {e}", path.display()))
}
