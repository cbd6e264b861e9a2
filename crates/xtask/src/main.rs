//! Developer commands. Only the standard library: nothing has to be built before the first one answers.

mod bench;
mod check;
mod demo;
mod docs;
mod machine;
mod pages;
mod postgres;
mod run;
mod test;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask COMMAND

  demo [--listen ADDR]   build pages and server, make a store with demo data in .demo, serve it
  test [PART…]           every test there is: check, rust, pages, e2e, durability (or only the parts named)
  check                  format, lints, licences, documents
  e2e                    the browser tests alone
  bench [NAME…] --engine sqlite|postgres --customers N --json OUT
                         rates and latencies of a release build beside the bare engine
  durability --engine sqlite|postgres --kills N --cuts N --json OUT
                         kills, power cuts and failing disks under load
";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let rest: Vec<String> = arguments.collect();
    let done = match command.as_str() {
        "demo" => demo::demo(&rest),
        "test" => test::test(&rest),
        "check" => check::check(),
        "e2e" => test::e2e(),
        "bench" => bench::bench(&rest),
        "durability" => bench::durability(&rest),
        "help" | "--help" | "-h" | "" => {
            print!("{USAGE}");
            Ok(())
        }
        other => Err(format!("there is no command {other}\n\n{USAGE}")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(text) => {
            eprintln!("\nxtask: {text}");
            ExitCode::FAILURE
        }
    }
}
