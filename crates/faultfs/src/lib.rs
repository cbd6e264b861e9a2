//! A disk that forgets, and a disk that fails: a SQLite VFS for the durability harness, never part of a shipped binary.
//!
//! What SQLite writes goes into an [`image`] of the file in memory, shared by all connections of the process, and reaches
//! the real file only on `xSync`. Killing the process is then a power cut: everything unsynced is gone. To be as unkind
//! as a real disk, now and then a part of an unsynced write reaches the real file early, torn at a sector.
//!
//! Creating a file reaches the directory at once and deleting one too: with a write-ahead log SQLite does so only when the
//! first connection opens and the last one closes, and both outcomes of a cut then mean the same to its recovery.

mod image;
mod vfs;

/// How the disk misbehaves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// Unsynced writes are lost with the process.
    PowerCut,
    /// As `PowerCut`, and the n-th sync (counted from 1) and the next few report failure. As on Linux, what they should have
    /// written may or may not be on disk, and later syncs report success all the same.
    FailSync(u64),
}

impl Fault {
    /// `powercut` or `failsync:N`.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            None if text == "powercut" => Ok(Self::PowerCut),
            Some(("failsync", n)) => n.parse().map(Self::FailSync).map_err(|e| format!("failsync:{n}: {e}")),
            _ => Err(format!("{text} is neither powercut nor failsync:N")),
        }
    }
}

/// Registers the VFS for this process, once, and returns the name to open databases with.
pub fn install(fault: &str) -> Result<&'static str, String> {
    vfs::install(Fault::parse(fault)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::{Connection, OpenFlags};

    fn open(path: &std::path::Path, vfs: Option<&str>) -> Connection {
        let conn = match vfs {
            Some(vfs) => Connection::open_with_flags_and_vfs(path, OpenFlags::default(), vfs).unwrap(),
            None => Connection::open(path).unwrap(),
        };
        conn.execute_batch("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0").unwrap();
        conn
    }

    /// Copies what is on the "disk": what a cut at this moment would leave.
    fn after_a_cut(path: &std::path::Path) -> Vec<i64> {
        let copy = path.with_file_name("copy.db");
        for suffix in ["", "-wal"] {
            let from = format!("{}{suffix}", path.display());
            std::fs::copy(from, format!("{}{suffix}", copy.display())).unwrap();
        }
        let conn = open(&copy, None);
        let mut found = conn.prepare("SELECT n FROM t ORDER BY n").unwrap();
        found.query_map([], |r| r.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn synced_commits_survive_and_unsynced_ones_do_not() {
        let vfs = install("powercut").unwrap();
        let dir = std::env::temp_dir().join(format!("faultfs-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        let path = dir.join("a.db");
        let conn = open(&path, Some(vfs));
        conn.execute_batch("PRAGMA synchronous = FULL; CREATE TABLE t (n INTEGER)").unwrap();
        for n in 0..50 {
            conn.execute("INSERT INTO t VALUES (?1)", [n]).unwrap();
        }
        assert_eq!(after_a_cut(&path), (0..50).collect::<Vec<_>>());

        conn.execute_batch("PRAGMA synchronous = NORMAL").unwrap();
        for n in 50..100 {
            conn.execute("INSERT INTO t VALUES (?1)", [n]).unwrap();
        }
        let left = after_a_cut(&path);
        assert!(left.len() < 100, "the control must lose commits");
        assert_eq!(left, (0..left.len() as i64).collect::<Vec<_>>(), "what is left has no holes");

        let other = open(&path, Some(vfs)); // a second connection sees what the disk has not got yet
        assert_eq!(other.query_row("SELECT COUNT(*) FROM t", [], |r| r.get::<_, i64>(0)).unwrap(), 100);
        conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
        assert_eq!(after_a_cut(&path).len(), 100);
        drop((conn, other));
        std::fs::remove_dir_all(&dir).unwrap();
    }

    #[test]
    fn a_fault_is_read_from_its_name() {
        assert_eq!(Fault::parse("failsync:7"), Ok(Fault::FailSync(7)));
        assert!(Fault::parse("failsync:x").is_err() && Fault::parse("gremlin").is_err());
    }
}
