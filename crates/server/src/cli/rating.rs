//! Rating from the command line, for measuring: nothing is billed.

use super::{Done, Place};
use clap::Subcommand;
use kernel::{Cycle, Date, OrgPath};
use std::{process::ExitCode, time::Instant};

#[derive(Subcommand)]
pub enum Rating {
    /// 为测量用的服务指定资费方案 / Give the services for measuring a plan
    Sample {
        #[command(flatten)]
        place: Place,
        #[arg(long)]
        services: i64,
    },
    /// 试算测量用服务的一个账期，不保存 / Rate a cycle of the services for measuring; nothing is stored
    Rate {
        #[command(flatten)]
        place: Place,
        #[arg(long)]
        services: i64,
        /// 每隔几个取一个 / Only every nth
        #[arg(long, default_value_t = 1)]
        step: i64,
        /// 账期，例如 2026-10 / The month, such as 2026-10
        #[arg(long)]
        cycle: String,
        #[arg(long, default_value_t = 1)]
        threads: usize,
    },
}

pub fn command(ask: &Rating) -> Done {
    match ask {
        Rating::Sample { place, services } => {
            let (db, _) = place.open_existing()?;
            let from = db.env().now().date().first_of_month().plus_months(-36).start();
            rating::measure::sample(&db, *services, &OrgPath::parse("/cn/44/4401/h001")?, from)?;
        }
        Rating::Rate { place, services, step, cycle, threads } => {
            let (db, _) = place.open_existing()?;
            let cycle = Cycle::month_of(Date::parse(&format!("{cycle}-01"))?);
            let began = Instant::now();
            let done = rating::measure::rate(&db, *services, *step, cycle, *threads)?;
            let seconds = began.elapsed().as_secs_f64();
            println!("{} accounts {} records {seconds:.3} seconds {} yuan", done.accounts, done.records, done.amount);
        }
    }
    Ok(ExitCode::SUCCESS)
}
