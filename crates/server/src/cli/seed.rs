//! Believable data, made from a seed: the same seed gives the same customers.

use super::{Done, Place, demo};
use indicatif::{ProgressBar, ProgressStyle};
use kernel::Result;
use std::process::ExitCode;
use store::Db;

pub fn run(place: &Place, customers: u64, seed: u64, months: u32) -> Done {
    let (db, _) = place.open(kernel::Env::system())?;
    fill(&db, customers, seed, months)?;
    Ok(ExitCode::SUCCESS)
}

pub fn fill(db: &Db, customers: u64, seed: u64, months: u32) -> Result<()> {
    demo::places(db)?;
    let bar = bar(customers);
    crate::seed::run(db, customers, seed, months, &mut |done| bar.set_position(done))?;
    bar.finish_and_clear();
    Ok(())
}

/// A progress bar on a terminal, nothing in a log.
pub fn bar(total: u64) -> ProgressBar {
    let bar = ProgressBar::new(total);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {human_pos}/{human_len} {per_sec} {eta} {msg}") {
        bar.set_style(style);
    }
    bar
}

/// The bar of a file whose rows nobody has counted yet.
pub fn bytes() -> ProgressStyle {
    let style = ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes} {eta} · {msg}");
    style.unwrap_or_else(|_| ProgressStyle::default_bar())
}
