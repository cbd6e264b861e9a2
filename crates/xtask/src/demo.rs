//! From a clone to a page to log in to, in one command.

use crate::{
    machine, pages,
    run::{Done, built, cargo, command, root, step},
};

pub fn demo(arguments: &[String]) -> Done {
    let listen = match arguments {
        [] => "127.0.0.1:8080",
        [name, address] if name == "--listen" => address,
        _ => return Err("usage: cargo xtask demo [--listen ADDR]".to_owned()),
    };
    machine::for_building()?;
    pages::build()?;
    // A release build: the optimiser costs a few minutes once, and the demo is what the figures are judged by.
    step(
        "build the server (the first time takes some minutes)",
        &mut cargo(&["build", "--release", "--package", "yitai"]),
    )?;
    let program = built("release", "yitai");
    let data = root().join(".demo");
    let mut serve = command(&program.to_string_lossy(), &["demo", "--listen", listen, "--data"]);
    // Ends with Ctrl-C, which the server gets as well and closes its store on.
    let status = serve.arg(&data).status().map_err(|e| format!("{} does not start: {e}", program.display()))?;
    if status.success() || status.code().is_none() { Ok(()) } else { Err(format!("the server ended with {status}")) }
}
