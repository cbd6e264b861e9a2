//! Periodic backups of a running server: one file at a time into a directory, the oldest removed.

use super::problems;
use clap::Args;
use kernel::{Problem, Result};
use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};
use store::Db;

/// Backups while serving.
#[derive(Args, Clone)]
pub struct BackupArgs {
    /// 定期备份到此目录 / Back up into this directory now and then
    #[arg(long, value_name = "DIR")]
    backup_dir: Option<PathBuf>,
    /// 每隔几小时备份一次 / Hours between two backups
    #[arg(long, value_name = "HOURS", default_value_t = 24, value_parser = clap::value_parser!(u64).range(1..=744))]
    backup_hours: u64,
    /// 保留最近几份 / How many to keep
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u64).range(1..=1000))]
    backup_keep: u64,
}

impl BackupArgs {
    /// Backs up whenever the newest file is old enough, until the server stops. A failed one is logged and tried again.
    pub async fn run(self, db: Db) {
        let Some(dir) = self.backup_dir else { return };
        let interval = Duration::from_secs(self.backup_hours * 3_600);
        let keep = usize::try_from(self.backup_keep).unwrap_or(usize::MAX);
        loop {
            let due = age_of_newest(&dir).is_none_or(|age| age >= interval);
            if due {
                let (db, dir) = (db.clone(), dir.clone());
                match tokio::task::spawn_blocking(move || once(&db, &dir, keep)).await {
                    Ok(Ok(file)) => tracing::info!(file = %file.display(), "backed up"),
                    Ok(Err(problem)) => tracing::error!(%problem, "the backup failed"),
                    Err(panic) => tracing::error!(%panic, "the backup failed"),
                }
            }
            tokio::time::sleep(Duration::from_secs(60)).await;
        }
    }
}

/// `yitai-20261122T101500.backup`: names in the order of time.
fn once(db: &Db, dir: &Path, keep: usize) -> Result<PathBuf> {
    let failed = |e: std::io::Error| Problem::new(&problems::FILE).with("value", &dir.display().to_string()).because(e);
    fs::create_dir_all(dir).map_err(failed)?;
    let time: String = db.env().now().to_string().chars().take(19).filter(|c| !matches!(c, '-' | ':')).collect();
    let file = dir.join(format!("yitai-{time}.backup"));
    store::backup(db, &file)?;
    let mut all = files(dir);
    all.sort();
    for old in all.iter().take(all.len().saturating_sub(keep)) {
        fs::remove_file(old).map_err(failed)?;
    }
    Ok(file)
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let names = fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.path());
    names.filter(|p| p.extension().is_some_and(|e| e == "backup")).collect()
}

fn age_of_newest(dir: &Path) -> Option<Duration> {
    let newest = files(dir).into_iter().max()?;
    fs::metadata(newest).ok()?.modified().ok()?.elapsed().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{Clock, Env, Timestamp};

    #[test]
    fn the_newest_backups_stay_and_can_be_restored() {
        let root = std::env::temp_dir().join(format!("yitai-rounds-{}", std::process::id()));
        let (data, out) = (root.join("data"), root.join("out"));
        let clock = Clock::fixed(Timestamp::from_micros(1_790_000_000_000_000));
        let env = Env::seeded(clock.clone(), 1);
        let db = Db::open(&store::Config::sqlite(&data), env.clone(), store::MIGRATIONS).expect("a store");
        assert!(age_of_newest(&out).is_none());
        let mut last = PathBuf::new();
        for _ in 0..4 {
            last = once(&db, &out, 2).expect("a backup");
            clock.advance(86_400);
        }
        let kept = files(&out);
        assert!(kept.len() == 2 && kept.contains(&last), "{kept:?}");
        assert!(age_of_newest(&out).is_some());
        let fresh = Db::open(&store::Config::sqlite(root.join("fresh")), env, store::MIGRATIONS).expect("a store");
        assert!(store::restore(&fresh, &last).is_ok());
        let _ = fs::remove_dir_all(root);
    }
}
