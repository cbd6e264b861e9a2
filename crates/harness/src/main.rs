//! Drives the real server over a socket: kills it, cuts its power, measures it. `cargo xtask bench` and
//! `cargo xtask durability` build this and start it.

mod args;
mod bench;
mod client;
mod durability;
mod server;

use std::process::ExitCode;

/// What went wrong, for the person at the terminal.
type Done<T = ()> = Result<T, String>;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let done = args::Args::read(arguments).and_then(|args| match command.as_str() {
        "bench" => bench::run(&args),
        "durability" => durability::run(&args),
        other => Err(format!("there is no command {other}: bench or durability")),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(text) => {
            eprintln!("harness: {text}");
            ExitCode::FAILURE
        }
    }
}
