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
    let (db, _) = args.place.open(kernel::Env::system())?;
    let bar = seed::bar(0);
    bar.set_style(seed::bytes());
    let report = customer::import_file(
        &db,
        &Actor::system(),
        &args.file,
        args.errors.as_deref(),
        &mut |report| {
            bar.set_length(report.total);
            bar.set_position(report.done);
            bar.set_message(format!("{}", report.created + report.updated + report.unchanged));
        },
        &GO_ON,
    )?;
    bar.finish_and_clear();
    let customer::Report { batch_id, created, updated, unchanged, refused, resumed, .. } = report;
    if resumed {
        println!("接着上次的进度 / went on where the last run ended");
    }
    println!("批次 {batch_id}：新增 {created}，更新 {updated}，未变 {unchanged}，拒绝 {refused}");
    println!("batch {batch_id}: {created} created, {updated} updated, {unchanged} unchanged, {refused} refused");
    println!("撤销 / to undo: yitai import undo {batch_id} --data {}", args.place.data.display());
    told_where(refused, args.errors.as_deref());
    Ok(ExitCode::SUCCESS)
}

pub fn undo(place: &Place, batch: &str) -> Done {
    let (db, _) = place.open_existing()?;
    let bar = seed::bar(0);
    let undone = customer::undo_import(&db, &Actor::system(), batch, &mut |done| bar.set_position(done))?;
    bar.finish_and_clear();
    let customer::import::Undone { removed, restored, kept, .. } = undone;
    println!("撤销：删除 {removed}，还原 {restored}，保留（已有后续业务） {kept}");
    println!("undone: {removed} removed, {restored} restored, {kept} kept because something happened to them since");
    Ok(ExitCode::SUCCESS)
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
