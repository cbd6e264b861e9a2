//! Is the store sound? Every module says what must hold in its own records.

use super::{Done, Place};
use kernel::Actor;
use std::process::ExitCode;

pub fn run(place: &Place) -> Done {
    let (db, modules) = place.open_existing()?;
    let checks: Vec<http::Check> = modules.iter().flat_map(|m| m.checks.iter().copied()).collect();
    let mut wrong = 0;
    for check in checks {
        let findings = db.read_blocking(Actor::system(), check.run)?;
        println!("{:<24} {}", check.name, if findings.is_empty() { "ok" } else { "✗" });
        for finding in &findings {
            println!("  {finding}");
        }
        wrong += findings.len();
    }
    if wrong == 0 {
        println!("数据完整 / the store is sound");
        return Ok(ExitCode::SUCCESS);
    }
    println!("发现 {wrong} 处问题 / {wrong} findings");
    Ok(ExitCode::FAILURE)
}
