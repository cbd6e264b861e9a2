//! Takes the built pages (`ui/dist`) into the binary. It never runs npm: `cargo xtask` builds the pages first, and
//! without them the server shows a page that says so.

use std::{
    env,
    fmt::Write,
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

fn main() {
    let dist = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("../../ui/dist");
    // An empty folder, so that cargo has something to watch until the pages are there.
    let _ = fs::create_dir_all(&dist);
    println!("cargo::rerun-if-changed={}", dist.display());
    let mut files = Vec::new();
    gather(&dist, &dist, &mut files);
    files.sort();
    if !files.iter().any(|f| f == "index.html") {
        println!(
            "cargo::warning=ui/dist holds no pages: the server will show a placeholder (cargo xtask demo builds them)"
        );
        files.clear();
    }
    let packed = |name: &str| name.ends_with(".br") || name.ends_with(".gz") || name.ends_with(".map");
    let mut table = String::from("pub static FILES: &[File] = &[\n");
    for name in files.iter().filter(|n| !packed(n)) {
        let variant = |suffix: &str| match files.contains(&format!("{name}{suffix}")) {
            true => format!("Some(include_bytes!({:?}))", dist.join(format!("{name}{suffix}"))),
            false => "None".to_owned(),
        };
        let mut hash = DefaultHasher::new();
        fs::read(dist.join(name)).expect("a file just listed").hash(&mut hash);
        let line = format!(
            "    File {{ path: {name:?}, mime: {:?}, etag: \"\\\"{:016x}\\\"\", bytes: include_bytes!({:?}), brotli: {}, gzip: {} }},",
            mime(name),
            hash.finish(),
            dist.join(name),
            variant(".br"),
            variant(".gz"),
        );
        writeln!(table, "{line}").expect("a string grows");
    }
    table.push_str("];\n");
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it")).join("files.rs");
    fs::write(out, table).expect("OUT_DIR can be written");
}

fn gather(root: &Path, dir: &Path, files: &mut Vec<String>) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            gather(root, &path, files);
        } else if let Ok(inner) = path.strip_prefix(root) {
            files.push(inner.to_string_lossy().replace('\\', "/"));
        }
    }
}

fn mime(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or("") {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "json" | "webmanifest" => "application/json",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
