//! The command line. The names here are what scripts rely on.

mod check;
mod copy;
mod demo;
mod identity;
mod import;
mod messages;
mod place;
mod pricing;
mod radius;
mod rating;
mod rounds;
mod seed;
mod serve;
mod southbound;
mod token;
mod usage;

use clap::{Args, Parser, Subcommand};
use kernel::{Lang, Problem};
use place::Place;
use std::{path::PathBuf, process::ExitCode};

#[derive(Parser)]
#[command(name = "yitai", version, about = "一台 Yitai：电信运营商客户关系管理 / a CRM for telecom carriers")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// 启动服务 / Serve
    Serve(ServeArgs),
    /// 建立演示数据并启动服务 / Seed demo data where there is none, and serve
    Demo {
        #[command(flatten)]
        serve: ServeArgs,
        /// 演示客户数 / How many customers
        #[arg(long, default_value_t = 2_000)]
        customers: u64,
    },
    /// 生成演示客户 / Make believable customers
    Seed {
        #[command(flatten)]
        place: Place,
        #[arg(long)]
        customers: u64,
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// 每名客户的在用产品和历史账单月数（用于测量）/ Months of bills for everybody, with services held: for measuring
        #[arg(long, default_value_t = 0)]
        months: u32,
    },
    /// 导入 / Import
    #[command(subcommand)]
    Import(Import),
    /// 多系统客户识别 / One customer out of many records
    #[command(subcommand)]
    Identity(identity::Identity),
    /// 计费测量 / Measuring of rating
    #[command(subcommand)]
    Rating(rating::Rating),
    /// 话单 / Usage
    #[command(subcommand)]
    Usage(usage::Usage),
    /// 接口令牌 / API tokens
    #[command(subcommand)]
    Token(Token),
    /// 备份到文件 / Write a backup
    Backup {
        #[command(flatten)]
        place: Place,
        out: PathBuf,
    },
    /// 从备份恢复到空库 / Restore a backup into an empty store
    Restore {
        #[command(flatten)]
        place: Place,
        input: PathBuf,
        /// 密钥文件，默认为备份旁的 .key / The key file; the .key beside the backup by default
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
    },
    /// 检查数据完整性 / Check the integrity of the store
    Check {
        #[command(flatten)]
        place: Place,
    },
}

#[derive(Args, Clone)]
struct ServeArgs {
    #[command(flatten)]
    place: Place,
    /// 监听地址 / Where to listen
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: String,
    /// 允许监听非本机地址（请置于 TLS 代理之后） / Allow an address that others can reach (put TLS in front)
    #[arg(long)]
    allow_remote: bool,
    /// 仅经 HTTPS 发送 Cookie / Send cookies over HTTPS only
    #[arg(long)]
    secure_cookies: bool,
    /// 允许事件回调访问的内网主机、地址或网段 / Private hosts or networks that webhooks may reach
    #[arg(long = "allow-callback", value_name = "HOST")]
    allow_callback: Vec<String>,
    #[command(flatten)]
    radius: radius::RadiusArgs,
    #[command(flatten)]
    southbound: southbound::SouthboundArgs,
    #[command(flatten)]
    pricing: pricing::PricingArgs,
    #[command(flatten)]
    messages: messages::MessageArgs,
    #[command(flatten)]
    backups: rounds::BackupArgs,
    /// 固定时钟（测试用） / A clock that stands still (tests)
    #[arg(long, value_name = "TIME")]
    clock: Option<String>,
}

#[derive(Subcommand)]
enum Import {
    /// 运营商公布的资费 JSON / The tariff JSON that carriers publish
    Tariffs(import::FileArgs),
    /// 客户 CSV / Customers as CSV
    Customers(import::FileArgs),
    /// 撤销一个导入批次 / Undo a batch
    Undo {
        batch: String,
        #[command(flatten)]
        place: Place,
    },
}

#[derive(Subcommand)]
enum Token {
    /// 生成令牌，只显示一次 / Make a token; it is shown once
    Create {
        #[command(flatten)]
        place: Place,
        #[arg(long)]
        role: String,
        #[arg(long, default_value = "/cn")]
        org: String,
    },
}

/// Runs the command. Exit codes: 0 done, 1 found something wrong or refused, 2 wrong usage, 74 the disk failed.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Command::Serve(args) => serve::run(&args),
        Command::Demo { serve, customers } => demo::run(&serve, customers),
        Command::Seed { place, customers, seed, months } => seed::run(&place, customers, seed, months),
        Command::Import(Import::Tariffs(args)) => import::tariffs(&args),
        Command::Import(Import::Customers(args)) => import::customers(&args),
        Command::Import(Import::Undo { batch, place }) => import::undo(&place, &batch),
        Command::Identity(ask) => identity::command(&ask),
        Command::Rating(ask) => rating::command(&ask),
        Command::Usage(ask) => usage::command(&ask),
        Command::Token(Token::Create { place, role, org }) => token::create(&place, &role, &org),
        Command::Backup { place, out } => copy::backup(&place, &out),
        Command::Restore { place, input, key } => copy::restore(&place, &input, key.as_deref()),
        Command::Check { place } => check::run(&place),
    };
    done.unwrap_or_else(|problem| {
        report(&problem);
        ExitCode::FAILURE
    })
}

type Done = kernel::Result<ExitCode>;

/// A problem on the terminal: both languages, because nobody knows who reads a log.
fn report(problem: &Problem) {
    eprintln!("错误 {}：{}。{}", problem.code.id, problem.reason(Lang::Zh), problem.help(Lang::Zh));
    eprintln!("error {}: {}. {}", problem.code.id, problem.reason(Lang::En), problem.help(Lang::En));
    if let Some(source) = &problem.source {
        eprintln!("  {source}");
    }
}

/// Error codes of the command line.
pub mod problems {
    kernel::codes! {
        LISTEN = "cli.listen", 500, "无法监听 {value}", "Cannot listen on {value}", "请检查地址、端口是否被占用", "Check the address, and whether the port is taken";
        REMOTE = "cli.remote", 500, "{value} 可被其他机器访问，默认不允许", "Others could reach {value}, which is not allowed by default", "请监听 127.0.0.1，或置于 TLS 代理之后并加 --allow-remote", "Listen on 127.0.0.1, or put TLS in front and add --allow-remote";
        IN_USE = "cli.in_use", 500, "数据目录 {value} 正被另一个进程使用", "Another process is using the data directory {value}", "请先停止该进程", "Stop that process first";
        FILE = "cli.file", 500, "文件无法读写：{value}", "The file cannot be read or written: {value}", "请检查路径与权限", "Check the path and its permissions";
        KEY_MISSING = "cli.key_missing", 500, "找不到备份的密钥 {value}", "The key of the backup is not there: {value}", "请用 --key 指明密钥文件", "Name the key file with --key";
        KEY_OTHER = "cli.key_other", 500, "{value} 是另一个库的密钥", "{value} is the key of another store", "请恢复到新的数据目录", "Restore into a new data directory";
        NOTHING = "cli.nothing", 500, "没有数据目录 {value}", "There is no data directory {value}", "请检查 --data", "Check --data";
    }
}
