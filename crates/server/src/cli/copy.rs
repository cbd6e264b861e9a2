//! Backup and restore.

use super::{Done, Place};
use std::{path::Path, process::ExitCode};

pub fn backup(place: &Place, out: &Path) -> Done {
    let (db, _) = place.open_existing()?;
    let report = store::backup(&db, out)?;
    println!("{} 张表，{} 行 → {}", report.tables, report.rows, out.display());
    println!("{} tables, {} rows → {}", report.tables, report.rows, out.display());
    println!("密钥文件 {0} 不在备份中，请另行保管 / the key file {0} is not in the backup: keep it apart", place.data.join("master.key").display());
    Ok(ExitCode::SUCCESS)
}

pub fn restore(place: &Place, input: &Path) -> Done {
    let _held = place.hold()?;
    let (db, _) = place.open(kernel::Env::system())?;
    let report = store::restore(&db, input)?;
    println!("{} 张表，{} 行 ← {}", report.tables, report.rows, input.display());
    println!("{} tables, {} rows ← {}", report.tables, report.rows, input.display());
    Ok(ExitCode::SUCCESS)
}
