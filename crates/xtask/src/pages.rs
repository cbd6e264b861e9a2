//! The web pages: built when their sources are newer than what was built.

use crate::run::{Done, npm, root, step};
use std::{fs, path::Path, time::SystemTime};

pub fn install() -> Done {
    let ui = root().join("ui");
    if newest(&ui.join("node_modules/.package-lock.json")) >= newest(&ui.join("package-lock.json")) {
        return Ok(());
    }
    step("fetch what the pages are made of (npm ci)", &mut npm(&["ci", "--no-audit", "--no-fund"]))
}

pub fn build() -> Done {
    install()?;
    let ui = root().join("ui");
    let sources = ["src", "public", "index.html", "package-lock.json", "vite.config.ts", "tsconfig.json"];
    let changed = sources.iter().filter_map(|s| newest(&ui.join(s))).max();
    if newest(&ui.join("dist/index.html")) >= changed {
        return Ok(());
    }
    step("build the pages", &mut npm(&["run", "--silent", "build"]))
}

/// When this file, or the newest one below this directory, was written.
fn newest(path: &Path) -> Option<SystemTime> {
    if !path.is_dir() {
        return fs::metadata(path).and_then(|m| m.modified()).ok();
    }
    fs::read_dir(path).ok()?.flatten().filter_map(|e| newest(&e.path())).max()
}
