//! The order interface of the legacy system 97: files in directories, both ways. Docs: `docs/legacy97.md`.
//!
//! ```text
//! drop/    ours → 97    O order (also: a new version of it)   C cancel   Q question
//! ack/     97 → ours    A one for each file of ours
//! result/  97 → ours    R how an order stands or ended
//! archive/ what was booked          bad/ what could not be read
//! ```
//! A file appears whole: it is written under another name, synced, renamed. What has to be written stands in the table
//! `legacy_out`, so a process that dies between writing and booking writes again or finds what it wrote; every file of 97
//! is booked once, by kind, number and checksum.

pub mod exchange;
pub mod files;
pub mod format;
pub mod peer;
pub mod routes;

use kernel::{Problem, Result};
use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};
use store::Db;

/// Where the files are, and whether the built-in 97 plays the other side.
#[derive(Clone, Debug)]
pub struct Legacy {
    pub directory: PathBuf,
    pub simulated: bool,
}

#[derive(Default)]
struct Configured(Mutex<Option<Arc<Legacy>>>);

/// From now on orders for 97 go through these directories.
pub fn use_directory(db: &Db, legacy: Legacy) -> Result<()> {
    files::prepare(&legacy.directory).map_err(Problem::internal)?;
    *db.memory::<Configured>().0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(legacy));
    Ok(())
}

pub fn configured(db: &Db) -> Option<Arc<Legacy>> {
    db.memory::<Configured>().0.lock().unwrap_or_else(PoisonError::into_inner).clone()
}
