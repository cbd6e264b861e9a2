//! Backup and restore. The records go into one file and the master key into another beside it: a restore needs both, and
//! whoever finds only the first cannot read certificate numbers or forge the audit chain.

use super::{Done, Place, problems};
use kernel::{Problem, Result};
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
};

pub fn backup(place: &Place, out: &Path) -> Done {
    let (db, _) = place.open_existing()?;
    let report = store::backup(&db, out)?;
    let key = key_beside(out);
    write_key(&key, &fs::read(place.master_key()).map_err(failed(&key))?)?;
    println!(
        "{} 张表，{} 行 → {}；密钥 → {}（请与备份分开保管）",
        report.tables,
        report.rows,
        out.display(),
        key.display()
    );
    println!(
        "{} tables, {} rows → {}; key → {} (keep it apart from the backup)",
        report.tables,
        report.rows,
        out.display(),
        key.display()
    );
    Ok(ExitCode::SUCCESS)
}

pub fn restore(place: &Place, input: &Path, key: Option<&Path>) -> Done {
    let _held = place.hold()?;
    take_key(place, &key.map_or_else(|| key_beside(input), Path::to_owned))?;
    let (db, _) = place.open(kernel::Env::system())?;
    let report = store::restore(&db, input)?;
    println!("{} 张表，{} 行 ← {}", report.tables, report.rows, input.display());
    println!("{} tables, {} rows ← {}", report.tables, report.rows, input.display());
    Ok(ExitCode::SUCCESS)
}

fn key_beside(backup: &Path) -> PathBuf {
    let mut name = backup.as_os_str().to_owned();
    name.push(".key");
    PathBuf::from(name)
}

/// The records can only be read with the key they were written with: it has to be in place before the store is opened.
fn take_key(place: &Place, from: &Path) -> Result<()> {
    let own = place.master_key();
    let missing = || Problem::new(&problems::KEY_MISSING).with("value", &from.display().to_string());
    match (fs::read(from), fs::read(&own)) {
        (Ok(given), Ok(held)) if given.trim_ascii() == held.trim_ascii() => Ok(()),
        (Ok(_), Ok(_)) => Err(Problem::new(&problems::KEY_OTHER).with("value", &own.display().to_string())),
        (Ok(given), Err(_)) => write_key(&own, &given),
        (Err(_), Ok(_)) => Ok(()), // the operator has put it there by hand
        (Err(_), Err(_)) => Err(missing()),
    }
}

/// Readable by the owner only.
fn write_key(path: &Path, key: &[u8]) -> Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).and_then(|mut file| file.write_all(key).and_then(|()| file.sync_all())).map_err(failed(path))
}

fn failed(path: &Path) -> impl Fn(std::io::Error) -> Problem + use<> {
    let path = path.display().to_string();
    move |error| Problem::new(&problems::FILE).with("value", &path).because(error)
}
