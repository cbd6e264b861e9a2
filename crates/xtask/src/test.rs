//! Every test there is, in the order in which they fail fastest.

use crate::{
    check, machine, pages,
    postgres::{Care, Server},
    run::{Done, built, cargo, npm, step},
};
use std::time::Instant;

const PARTS: &[&str] = &["check", "pages", "rust", "e2e", "durability"];

pub fn test(parts: &[String]) -> Done {
    if let Some(unknown) = parts.iter().find(|p| !PARTS.contains(&p.as_str())) {
        return Err(format!("there is no part {unknown}; there are {}", PARTS.join(", ")));
    }
    let wanted = |part: &str| parts.is_empty() || parts.iter().any(|p| p == part);
    let began = Instant::now();
    machine::for_building()?;
    machine::for_tests()?;
    pages::build()?; // the server embeds them
    if wanted("check") {
        check::check()?;
    }
    if wanted("pages") {
        step("types of the pages", &mut npm(&["run", "--silent", "typecheck"]))?;
        step("unit tests of the pages", &mut npm(&["test", "--silent"]))?;
    }
    if wanted("rust") {
        rust()?;
    }
    if wanted("e2e") {
        e2e()?;
    }
    if wanted("durability") {
        crate::bench::small_durability()?;
    }
    println!("\nall tests passed ({:.0} min)", began.elapsed().as_secs_f64() / 60.0);
    Ok(())
}

/// Unit tests and stories, these on both engines.
fn rust() -> Done {
    let postgres = Server::start(Care::None)?;
    let nextest = machine::find("cargo-nextest").is_some();
    let mut tests = cargo(if nextest {
        &["nextest", "run", "--workspace", "--no-fail-fast"]
    } else {
        &["test", "--workspace", "--no-fail-fast"]
    });
    // The faults make the server of the durability part; one set of features builds everything once.
    tests.args(["--features", "yitai/faults"]).env("YITAI_TEST_DATABASE_URL", postgres.url());
    step("unit tests, and stories on SQLite and PostgreSQL", &mut tests)
}

/// The pages in a browser against a real server.
pub fn e2e() -> Done {
    machine::for_building()?;
    machine::for_tests()?;
    pages::build()?;
    step("build the server", &mut cargo(&["build", "--package", "yitai", "--features", "yitai/faults"]))?;
    let chromium = machine::find("chromium").ok_or("chromium is not installed")?;
    let mut tests = npm(&["run", "--silent", "e2e"]);
    tests.env("YITAI_BIN", built("debug", "yitai")).env("CHROMIUM", chromium);
    step("the pages in a browser", &mut tests)
}
