//! Benches and durability: builds the server and the harness that drives it, and hands over.

use crate::{
    machine, pages,
    postgres::{Care, Server},
    run::{Done, built, cargo, command, step, target_dir},
};

pub fn bench(arguments: &[String]) -> Done {
    machine::for_building()?;
    pages::build()?;
    step("build", &mut cargo(&["build", "--release", "--package", "yitai", "--package", "harness"]))?;
    drive("release", "bench", arguments)
}

/// The server with faults built in is kept apart, so that a shipped binary never has them.
pub fn durability(arguments: &[String]) -> Done {
    machine::for_building()?;
    pages::build()?;
    let features = ["build", "--package", "yitai", "--package", "harness", "--features", "yitai/faults"];
    step("build", &mut cargo(&features))?;
    drive("debug", "durability", arguments)
}

/// What every test run can afford: a few of everything, on both engines.
pub fn small_durability() -> Done {
    let out = target_dir().join("durability.json").to_string_lossy().into_owned();
    for engine in ["sqlite", "postgres"] {
        let cuts = if engine == "sqlite" { "3" } else { "0" };
        let small = ["--engine", engine, "--kills", "3", "--cuts", cuts, "--json", &out];
        durability(&small.map(str::to_owned))?;
    }
    Ok(())
}

fn drive(profile: &str, what: &str, arguments: &[String]) -> Done {
    let harness = built(profile, "harness");
    let mut run = command(&harness.to_string_lossy(), &[what, "--server"]);
    run.arg(built(profile, "yitai")).args(arguments);
    let postgres = match arguments.iter().skip_while(|a| *a != "--engine").nth(1).map(String::as_str) {
        None | Some("sqlite") => None,
        Some("postgres") => Some(Server::start(Care::Full)?),
        Some(other) => return Err(format!("{other} is no engine: sqlite or postgres")),
    };
    if let Some(server) = &postgres {
        let (url, data) = (server.url(), server.data());
        run.args(["--database-url", &url, "--postgres-data", &data, "--postgres-start", &server.restart_line()]);
    }
    step(what, &mut run)
}
