//! Where a process keeps the files of imports and matchings: beside its data, or in a temporary directory.

use std::{
    path::PathBuf,
    sync::{Mutex, PoisonError},
};
use store::Db;

#[derive(Default)]
pub(crate) struct Workplace(Mutex<Option<PathBuf>>);

/// Keeps the files under `directory` from now on.
pub fn use_directory(db: &Db, directory: impl Into<PathBuf>) {
    *db.memory::<Workplace>().0.lock().unwrap_or_else(PoisonError::into_inner) = Some(directory.into());
}

pub(crate) fn directory(db: &Db) -> PathBuf {
    let given = db.memory::<Workplace>().0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    given.unwrap_or_else(|| std::env::temp_dir().join(format!("yitai-identity-{}", std::process::id())))
}
