//! A PostgreSQL of our own for one run: Debian's programs, a spare port, a directory that goes away afterwards.

use crate::{
    machine,
    run::{Done, command, quiet},
};
use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
};

pub struct Server {
    programs: PathBuf,
    dir: PathBuf,
    port: u16,
    user: Option<&'static str>,
}

/// How carefully it writes.
#[derive(Clone, Copy, PartialEq)]
pub enum Care {
    /// For tests, whose records nobody needs after a crash.
    None,
    /// As delivered, for durability and benches.
    Full,
}

impl Server {
    pub fn start(care: Care) -> Done<Self> {
        let programs =
            machine::postgres_programs().ok_or("PostgreSQL is not installed (Debian: apt-get install postgresql)")?;
        let dir = std::env::temp_dir().join(format!("yitai-postgres-{}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(&dir).map_err(|e| format!("{}: {e}", dir.display()))?;
        let user = unprivileged()?;
        if let Some(user) = user {
            quiet(&mut command("chown", &[user, &dir.to_string_lossy()]))?;
        }
        let server = Self { programs, dir, port: spare_port()?, user };
        server.prepare(care)?;
        Ok(server)
    }

    fn prepare(&self, care: Care) -> Done {
        let data = self.data();
        let init = ["-U", "yitai", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "-D", &data];
        quiet(&mut self.program("initdb", &init))?;
        let mut settings = format!(
            "port = {}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = '{}'\nmax_connections = 200\n\
             shared_buffers = 256MB\nmax_wal_size = 4GB\ntimezone = 'UTC'\n",
            self.port,
            self.dir.display()
        );
        if care == Care::None {
            settings.push_str("fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nautovacuum = off\n");
        }
        let file = Path::new(&data).join("postgresql.auto.conf");
        fs::write(&file, settings).map_err(|e| format!("{}: {e}", file.display()))?;
        self.up()?;
        let port = self.port.to_string();
        quiet(&mut self.program("createdb", &["-h", "127.0.0.1", "-p", &port, "-U", "yitai", "yitai"])).map(drop)
    }

    fn up(&self) -> Done {
        let log = self.dir.join("log").to_string_lossy().into_owned();
        // Its output would keep our pipe open for as long as the server lives.
        let mut start = self.program("pg_ctl", &["-D", &self.data(), "-w", "-t", "60", "-l", &log, "start"]);
        let status = start.stdout(std::process::Stdio::null()).status().map_err(|e| e.to_string())?;
        if status.success() {
            Ok(())
        } else {
            Err(fs::read_to_string(&log).unwrap_or_else(|_| "PostgreSQL does not start".to_owned()))
        }
    }

    pub fn url(&self) -> String {
        format!("postgres://yitai@127.0.0.1:{}/yitai", self.port)
    }
    pub fn data(&self) -> String {
        self.dir.join("data").to_string_lossy().into_owned()
    }
    /// The command that starts it again after a kill, for the durability harness.
    pub fn restart_line(&self) -> String {
        let log = self.dir.join("log");
        let line = format!("{}/pg_ctl -D {} -w -l {} start", self.programs.display(), self.data(), log.display());
        match self.user {
            Some(user) => format!("runuser -u {user} -- {line}"),
            None => line,
        }
    }

    fn program(&self, name: &str, arguments: &[&str]) -> Command {
        let path = self.programs.join(name).to_string_lossy().into_owned();
        let mut command = match self.user {
            None => command(&path, arguments),
            Some(user) => {
                let mut as_user = command("runuser", &["-u", user, "--", &path]);
                as_user.args(arguments);
                as_user
            }
        };
        command.current_dir("/"); // the other user may not be able to enter ours
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let stop = ["-D", &self.data(), "-w", "-m", "immediate", "stop"];
        if let Err(text) = quiet(&mut self.program("pg_ctl", &stop)) {
            eprintln!("{text}");
        }
        let _ = fs::remove_dir_all(&self.dir);
    }
}

/// PostgreSQL refuses to run as root: then as the user that Debian's package made, or as nobody.
fn unprivileged() -> Done<Option<&'static str>> {
    if !machine::is_root() {
        return Ok(None);
    }
    let known = |user: &&str| quiet(&mut command("id", &["-u", user])).is_ok();
    ["postgres", "nobody"].into_iter().find(known).map(Some).ok_or_else(|| "no user to run PostgreSQL as".to_owned())
}

fn spare_port() -> Done<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|e| e.to_string())?;
    Ok(listener.local_addr().map_err(|e| e.to_string())?.port())
}
