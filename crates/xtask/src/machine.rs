//! What the machine has, what it lacks, and how to get it.

use crate::run::{Done, command, quiet, step};
use std::{
    env,
    path::{Path, PathBuf},
};

/// A program that we need, and the Debian package that brings it.
struct Need {
    program: &'static str,
    package: &'static str,
    why: &'static str,
}

/// What the tests need beyond Rust and Node.
const FOR_TESTS: &[Need] = &[
    Need { program: "chromium", package: "chromium", why: "browser tests" },
    Need { program: "fc-list", package: "fontconfig", why: "browser tests" },
    Need { program: "radtest", package: "freeradius-utils", why: "broadband activation tests" },
    Need { program: "freeradius", package: "freeradius", why: "broadband activation tests" },
];

/// Looks in the path, and where Debian puts servers.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let places = env::split_paths(&path).chain(["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from));
    places.map(|p| p.join(program)).find(|p| p.is_file())
}

/// The newest PostgreSQL that is installed: the directory of its programs.
pub fn postgres_programs() -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|e| Some((e.file_name().to_str()?.parse().ok()?, e.path().join("bin"))))
        .filter(|(_, bin)| bin.join("initdb").is_file())
        .collect();
    versions.sort();
    let debian = versions.pop().map(|(_, bin)| bin);
    debian.or_else(|| find("initdb").and_then(|p| p.canonicalize().ok()?.parent().map(Path::to_path_buf)))
}

pub fn is_root() -> bool {
    quiet(&mut command("id", &["-u"])).is_ok_and(|id| id == "0")
}

/// Rust is here, since this runs; everything else to build the server and its pages is looked for.
pub fn for_building() -> Done {
    let mut missing = Vec::new();
    if find("cc").is_none() {
        missing.push("a C compiler, for SQLite (Debian: apt-get install gcc libc6-dev)".to_owned());
    }
    if let Some(text) = node_problem() {
        missing.push(text);
    }
    if missing.is_empty() {
        return Ok(());
    }
    Err(format!("this machine lacks:\n  - {}", missing.join("\n  - ")))
}

fn node_problem() -> Option<String> {
    const WANTED: (u32, u32) = (20, 19);
    let how = "Node.js 20.19 or newer with npm, for the pages (https://nodejs.org)";
    let Ok(version) = quiet(&mut command("node", &["--version"])) else { return Some(how.to_owned()) };
    let mut parts = version.trim_start_matches('v').split('.').map(|p| p.parse::<u32>().unwrap_or(0));
    let found = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    if found < WANTED {
        return Some(format!("{how}; this is {version}"));
    }
    find("npm").is_none().then(|| "npm, which comes with Node.js (https://nodejs.org)".to_owned())
}

/// Installs what the tests need where we may, and says the command where we may not.
pub fn for_tests() -> Done {
    let mut packages: Vec<&str> = FOR_TESTS.iter().filter(|n| find(n.program).is_none()).map(|n| n.package).collect();
    if postgres_programs().is_none() {
        packages.push("postgresql");
    }
    let fonts = quiet(&mut command("fc-list", &[":lang=zh-cn", "family"])).unwrap_or_default();
    if fonts.is_empty() {
        packages.push("fonts-noto-cjk");
    }
    if packages.is_empty() {
        return Ok(());
    }
    for need in FOR_TESTS.iter().filter(|n| packages.contains(&n.package)) {
        println!("  {} is missing ({})", need.program, need.why);
    }
    let line = format!("apt-get install --no-install-recommends {}", packages.join(" "));
    if !is_root() || find("apt-get").is_none() {
        return Err(format!("the tests need more than this machine has; as root: {line}"));
    }
    step("look up packages", command("apt-get", &["update", "-qq"]).env("DEBIAN_FRONTEND", "noninteractive"))?;
    let mut install = command("apt-get", &["install", "-y", "-qq", "--no-install-recommends"]);
    // Debian starts servers on installation; ours are private ones.
    install
        .args(&packages)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .env("RUNLEVEL", "1")
        .stdout(std::process::Stdio::null());
    step(&line, &mut install)
}
