//! What needs no running server: format, lints, licences, documents.

use crate::{
    docs, machine,
    run::{Done, cargo, step},
};

pub fn check() -> Done {
    step("format", &mut cargo(&["fmt", "--all", "--check"]))?;
    docs::check()?;
    let lints = ["clippy", "--workspace", "--all-targets", "--features", "yitai/faults", "--", "--deny", "warnings"];
    step("lints", &mut cargo(&lints))?;
    if machine::find("cargo-deny").is_none() {
        println!("  licences and advisories are not checked: cargo-deny is not installed (cargo install cargo-deny)");
        return Ok(());
    }
    step("licences", &mut cargo(&["deny", "--log-level", "error", "check", "licenses", "bans", "sources"]))
}
