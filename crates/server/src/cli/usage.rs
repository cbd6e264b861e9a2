//! Usage from the command line: files of any size, without a server.

use super::{Done, Place, seed};
use clap::{Args, Subcommand};
use kernel::Actor;
use std::{path::PathBuf, process::ExitCode};

#[derive(Subcommand)]
pub enum Usage {
    /// 导入话单文件（CSV 或 gz，UTF-8 或 GB18030） / Take a file of usage in
    Import(ImportArgs),
    /// 建立测量用的服务（号码自 13000000000 起） / Make services for measuring, with numbers from 13000000000 on
    Sample {
        #[command(flatten)]
        place: Place,
        #[arg(long)]
        services: i64,
        /// 开通的月数 / Months that they have been in service
        #[arg(long, default_value_t = 12)]
        months: i32,
    },
    /// 合并话单数据块 / Merge the blocks of usage now
    Compact {
        #[command(flatten)]
        place: Place,
    },
}

#[derive(Args)]
pub struct ImportArgs {
    pub file: PathBuf,
    #[command(flatten)]
    pub place: Place,
    /// 停止后从断点继续的批次号 / The id of a stopped import, to go on with it
    #[arg(long, value_name = "ID")]
    pub resume: Option<String>,
}

pub fn command(ask: &Usage) -> Done {
    match ask {
        Usage::Import(args) => import(args),
        Usage::Sample { place, services, months } => {
            let (db, _) = place.open(kernel::Env::system())?;
            let from = db.env().now().date().first_of_month().plus_months(-months).start();
            usage::sample_services(&db, *services, &kernel::OrgPath::parse("/cn/44/4401/h001")?, from)?;
            Ok(ExitCode::SUCCESS)
        }
        Usage::Compact { place } => {
            let (db, _) = place.open_existing()?;
            usage::compact_now(&db)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn import(args: &ImportArgs) -> Done {
    let (db, _) = args.place.open(kernel::Env::system())?;
    super::identity::prepare(&db, &args.place);
    let bar = seed::bar(0);
    bar.set_style(seed::bytes());
    let id = match &args.resume {
        Some(id) => id.clone(),
        None => {
            let path = std::fs::canonicalize(&args.file).unwrap_or_else(|_| args.file.clone());
            let (digest, bytes) = usage::digest(&path)?;
            let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
            db.write_blocking(Actor::system(), move |tx| {
                usage::begin(tx, &usage::NewFile { path: &path, name: &name, digest: &digest, bytes })
            })?
        }
    };
    let done = usage::import(&db, &Actor::system(), &id, &mut |state| {
        bar.set_length(state.bytes.cast_unsigned());
        bar.set_position(state.position.cast_unsigned());
    })?;
    bar.finish_and_clear();
    println!(
        "批次 {}：入库 {}（其中补收 {}），重复 {}，错单池 {}，拒绝 {}",
        done.id, done.taken, done.late, done.duplicates, done.suspended, done.refused
    );
    println!(
        "batch {}: {} taken ({} late), {} duplicates, {} in the error pool, {} refused",
        done.id, done.taken, done.late, done.duplicates, done.suspended, done.refused
    );
    match &done.error {
        Some(error) => {
            eprintln!("{error}");
            Ok(ExitCode::FAILURE)
        }
        None => Ok(ExitCode::SUCCESS),
    }
}
