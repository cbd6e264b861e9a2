//! Running other programs and saying what happens.

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

pub type Done<T = ()> = Result<T, String>;

/// The top of the repository.
pub fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).map_or_else(|| here.clone(), Path::to_path_buf)
}

pub fn target_dir() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// A built program of ours.
pub fn built(profile: &str, name: &str) -> PathBuf {
    target_dir().join(profile).join(name)
}

pub fn command(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    command
}

pub fn cargo(arguments: &[&str]) -> Command {
    command(&env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()), arguments)
}

pub fn npm(arguments: &[&str]) -> Command {
    let mut npm = command("npm", arguments);
    npm.current_dir(root().join("ui"));
    npm
}

/// Runs with our own output, after saying what and before saying how long it took.
pub fn step(what: &str, command: &mut Command) -> Done {
    println!("▶ {what}");
    let began = Instant::now();
    let status = command.status().map_err(|e| format!("{what}: {} does not start: {e}", name(command)))?;
    if status.success() {
        println!("✓ {what} ({:.0} s)", began.elapsed().as_secs_f64());
        return Ok(());
    }
    let line: Vec<String> = command.get_args().map(|a| a.to_string_lossy().into_owned()).collect();
    Err(format!("{what} failed ({status}): {} {}", name(command), line.join(" ")))
}

/// Runs without output and gives back what was printed.
pub fn quiet(command: &mut Command) -> Done<String> {
    let output = command.stdin(Stdio::null()).output().map_err(|e| format!("{} does not start: {e}", name(command)))?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if output.status.success() {
        return Ok(text);
    }
    Err(format!("{} failed: {text} {}", name(command), String::from_utf8_lossy(&output.stderr).trim()))
}

fn name(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}
