//! Imports from files. They go straight to the store, so the server may run meanwhile; a killed import is taken up again
//! by the same command.

use super::{Done, Place, problems, seed};
use clap::Args;
use kernel::{Actor, Problem};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::atomic::AtomicBool,
};

#[derive(Args)]
pub struct FileArgs {
    pub file: PathBuf,
    #[command(flatten)]
    pub place: Place,
    /// 被拒绝的行及原因 / Refused rows and why
    #[arg(long, value_name = "OUT.csv")]
    pub errors: Option<PathBuf>,
}

/// Nobody asks a command to stop but with a signal, which it need not survive.
static GO_ON: AtomicBool = AtomicBool::new(false);

pub fn tariffs(args: &FileArgs) -> Done {
    readable(&args.file)?;
    let (db, _) = args.place.open(kernel::Env::system())?;
    let bar = seed::bar(0);
    let report = catalog::tariffs::import_file(
        &db,
        &Actor::system(),
        &args.file,
        args.errors.as_deref(),
        &mut |report| {
            bar.set_length(report.total);
            bar.set_position(report.done);
        },
        &GO_ON,
    )?;
    bar.finish_and_clear();
    let catalog::tariffs::Report { total, created, updated, unchanged, refused, .. } = report;
    println!("共 {total} 行：新增 {created}，更新 {updated}，未变 {unchanged}，拒绝 {refused}");
    println!("{total} rows: {created} created, {updated} updated, {unchanged} unchanged, {refused} refused");
    told_where(refused, args.errors.as_deref());
    Ok(ExitCode::SUCCESS)
}

pub fn customers(args: &FileArgs) -> Done {
    readable(&args.file)?;
    Err(Problem::internal("customers cannot be imported by this build"))
}

pub fn undo(place: &Place, batch: &str) -> Done {
    let _ = (place, batch);
    Err(Problem::internal("imports cannot be undone by this build"))
}

fn told_where(refused: u64, errors: Option<&Path>) {
    if let (1.., Some(path)) = (refused, errors) {
        println!("被拒绝的行见 / refused rows are in {}", path.display());
    }
}

/// Before a store is opened: a mistyped name is not worth one.
fn readable(path: &Path) -> kernel::Result<()> {
    let failed = |e| Problem::new(&problems::FILE).with("value", &path.display().to_string()).because(e);
    std::fs::File::open(path).map(drop).map_err(failed)
}
