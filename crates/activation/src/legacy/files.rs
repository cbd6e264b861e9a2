//! Files in directories: whole or not at all.

use std::{
    fs,
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

/// The directories of the interface.
pub const DIRECTORIES: [&str; 5] = ["drop", "ack", "result", "archive", "bad"];
/// Larger files are not read.
const LARGEST: u64 = 1 << 20;

pub fn prepare(root: &Path) -> io::Result<()> {
    DIRECTORIES.iter().try_for_each(|name| fs::create_dir_all(root.join(name)))
}

/// What writing came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Put {
    Written,
    /// It lies there already, as it was written before.
    Recognised,
}

/// Writes a file so that whoever looks sees all of it or nothing: under another name, synced, renamed, the directory
/// synced.
pub fn put(directory: &Path, name: &str, content: &str) -> io::Result<Put> {
    let place = directory.join(name);
    if fs::read(&place).is_ok_and(|there| there == content.as_bytes()) {
        return Ok(Put::Recognised);
    }
    let aside = directory.join(format!(".{name}.tmp"));
    let mut file = fs::File::create(&aside)?;
    file.write_all(content.as_bytes())?;
    file.sync_all()?;
    drop(file);
    fs::rename(&aside, &place)?;
    fs::File::open(directory)?.sync_all()?;
    Ok(Put::Written)
}

/// The names of whole files in a directory, in order, at most `most`; half-written ones begin with a dot.
pub fn list(directory: &Path, most: usize) -> io::Result<Vec<String>> {
    let mut names: Vec<String> = fs::read_dir(directory)?
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let name = entry.file_name().into_string().ok()?;
            (entry.file_type().ok()?.is_file() && !name.starts_with('.')).then_some(name)
        })
        .collect();
    names.sort();
    names.truncate(most);
    Ok(names)
}

/// The text of a file; what is no text or too large comes as far as it can be shown.
pub fn read(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(LARGEST).read_to_end(&mut bytes)?;
    // A byte that no text has would not be kept by every store; the checksum tells that it was there.
    Ok(String::from_utf8_lossy(&bytes).replace('\0', "\u{fffd}"))
}

/// Moves a file to another directory; a second one of the name gets a number. Nothing where it is gone already.
pub fn shift(from: &Path, to: &Path, name: &str) -> io::Result<()> {
    let mut place: PathBuf = to.join(name);
    let mut n = 1;
    while place.exists() && n < 1_000 {
        n += 1;
        place = to.join(format!("{name}.{n}"));
    }
    match fs::rename(from.join(name), place) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}
