//! Records of other systems, taken in and matched from the command line: files of any size, without a server.

use super::{Done, Place, seed};
use clap::{Args, Subcommand};
use kernel::{Actor, Result};
use serde_json::json;
use std::{path::PathBuf, process::ExitCode, sync::atomic::AtomicBool};
use store::Db;

#[derive(Subcommand)]
pub enum Identity {
    /// 导入来源系统的客户文件 / Take a file of a source system in
    Import(ImportArgs),
    /// 匹配所有记录 / Match all records
    Run(RunArgs),
    /// 生成两个样本文件与标准答案 / Make two sample files and the truth about them
    Sample {
        /// 每个文件的行数 / Rows in each file
        #[arg(long, default_value_t = 20_000)]
        rows: u64,
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// 写到该目录 / Where to write them
        dir: PathBuf,
    },
}

#[derive(Args)]
pub struct ImportArgs {
    pub file: PathBuf,
    #[command(flatten)]
    pub place: Place,
    /// 来源系统代码 / Code of the source system (97, billing, 10000, …)
    #[arg(long)]
    pub source: String,
    /// 列映射 / Which column is what, as JSON: {"id": "YHBH", "name": "YHMC"}
    #[arg(long, value_name = "JSON")]
    pub mapping: Option<String>,
}

#[derive(Args)]
pub struct RunArgs {
    #[command(flatten)]
    pub place: Place,
    /// 每条记录的识别码写到该文件 / Write every record's code to this file
    #[arg(long, value_name = "OUT.csv")]
    pub out: Option<PathBuf>,
}

/// Nobody asks a command to stop but with a signal, which it need not survive.
static GO_ON: AtomicBool = AtomicBool::new(false);

pub fn command(ask: &Identity) -> Done {
    match ask {
        Identity::Import(args) => import(args),
        Identity::Run(args) => run(args),
        Identity::Sample { rows, seed, dir } => sample(*rows, *seed, dir),
    }
}

/// Where a store's process keeps the files of matchings and of usage, and what its card readers show.
pub fn prepare(db: &Db, place: &Place) {
    identity::use_directory(db, place.data.join("identity"));
    ::usage::use_directory(db, place.data.join("usage"));
    db.memory::<party::realname::adapters::Devices>().use_files(place.data.join("devices"));
}

fn sample(rows: u64, seed: u64, dir: &std::path::Path) -> Done {
    let failed = |e: std::io::Error| {
        kernel::Problem::new(&super::problems::FILE).with("value", &dir.display().to_string()).because(e)
    };
    std::fs::create_dir_all(dir).map_err(failed)?;
    let open = |name: &str| std::fs::File::create(dir.join(name)).map(std::io::BufWriter::new).map_err(failed);
    let (mut first, mut second, mut truth) = (open("97.csv")?, open("billing.csv")?, open("truth.csv")?);
    let made = identity::sample::write(rows, seed, &mut first, &mut second, &mut truth)?;
    println!("{}", json!({"rows": made.rows, "both": made.both}));
    Ok(ExitCode::SUCCESS)
}

fn import(args: &ImportArgs) -> Done {
    let (db, _) = args.place.open(kernel::Env::system())?;
    prepare(&db, &args.place);
    let read = |text: &String| {
        serde_json::from_str::<serde_json::Value>(text).map_err(|e| kernel::Problem::invalid("mapping", &e.to_string()))
    };
    let mapping = args.mapping.as_ref().map(read).transpose()?;
    let bar = seed::bar(0);
    bar.set_style(seed::bytes());
    let path = std::fs::canonicalize(&args.file).unwrap_or_else(|_| args.file.clone());
    let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let (source, file) = (args.source.clone(), path);
    let id = db.write_blocking(Actor::system(), move |tx| {
        if let Some(columns) = &mapping {
            identity::records::set_mapping(tx, &source, columns)?;
        }
        identity::records::begin(tx, &identity::records::Import { source: &source, path: &file, name: &name })
    })?;
    let done = identity::records::import(&db, &Actor::system(), &id, &GO_ON, &mut |state| {
        bar.set_length(state.bytes.cast_unsigned());
        bar.set_position(state.position.cast_unsigned());
    })?;
    bar.finish_and_clear();
    println!("写入 {}，未变 {}，拒绝 {}", done.written, done.unchanged, done.refused);
    println!("{} written, {} unchanged, {} refused", done.written, done.unchanged, done.refused);
    Ok(ExitCode::SUCCESS)
}

fn run(args: &RunArgs) -> Done {
    let (db, _) = args.place.open(kernel::Env::system())?;
    prepare(&db, &args.place);
    let bar = seed::bar(0);
    let run = db.write_blocking(Actor::system(), identity::run::enter)?;
    let done = identity::run::go(&db, &run.id, &GO_ON, &mut |run| {
        bar.set_message(run.stage.clone());
        bar.set_length(run.total.cast_unsigned());
        bar.set_position(run.done.cast_unsigned());
    })?;
    bar.finish_and_clear();
    println!("{}", json!(done.counts));
    if let Some(out) = &args.out {
        write_codes(&db, out)?;
    }
    Ok(if done.state == "done" { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn write_codes(db: &Db, out: &std::path::Path) -> Result<()> {
    use std::io::Write;
    let failed = |e: std::io::Error| {
        kernel::Problem::new(&super::problems::FILE).with("value", &out.display().to_string()).because(e)
    };
    let mut file = std::io::BufWriter::new(std::fs::File::create(out).map_err(failed)?);
    writeln!(file, "source,id,code").map_err(failed)?;
    let mut after = 0;
    loop {
        let page = db.read_blocking(Actor::system(), move |tx| identity::records::coded(tx, after, 20_000))?;
        let Some(last) = page.last() else { break };
        after = last.no;
        for one in &page {
            writeln!(file, "{},{},{}", one.source, one.source_id, identity::codes::shown(one.code)).map_err(failed)?;
        }
    }
    file.flush().map_err(failed)
}
