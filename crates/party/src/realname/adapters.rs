//! What reads a certificate and what compares a face: devices and services behind two traits, and an implementation of
//! both out of files, for halls without devices, for tests and for trying things out.

use crate::problems;
use kernel::{Problem, Result};
use serde::Deserialize;
use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

/// What lies on a card reader.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Card {
    pub certificate_type: String,
    pub certificate: String,
    pub name: String,
    pub birth_date: Option<String>,
    #[serde(default)]
    pub address: String,
    /// The last day on which the certificate holds.
    pub valid_until: Option<String>,
}

/// How a picture fits a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Face {
    pub permille: i64,
    pub alive: bool,
}

pub trait CardReader: Send + Sync {
    /// The readers there are.
    fn names(&self) -> Vec<String>;
    fn read(&self, reader: &str) -> Result<Card>;
}

pub trait FaceCheck: Send + Sync {
    /// Compares the picture named `photo` with the register's picture of the bearer of `certificate`.
    fn compare(&self, certificate: &str, name: &str, photo: &str) -> Result<Face>;
}

/// The devices of one store's process; kept with the database, so that two in one process have their own.
#[derive(Default)]
pub struct Devices(Mutex<Option<Arc<Files>>>);

impl Devices {
    pub fn use_files(&self, directory: impl Into<PathBuf>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(Files(directory.into())));
    }
    fn files(&self) -> Option<Arc<Files>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
    pub fn reader(&self) -> Option<Arc<dyn CardReader>> {
        self.files().map(|f| f as Arc<dyn CardReader>)
    }
    pub fn face(&self) -> Option<Arc<dyn FaceCheck>> {
        self.files().map(|f| f as Arc<dyn FaceCheck>)
    }
}

/// `readers/NAME.json` is what lies on the reader `NAME` ([`Card`]); `faces/PHOTO.json` is what a comparing service says
/// of a picture: `{"certificate": "…", "permille": 930, "alive": true}`.
pub struct Files(pub PathBuf);

#[derive(Deserialize)]
struct Compared {
    certificate: String,
    permille: i64,
    alive: bool,
}

impl Files {
    /// A name that stays inside its directory.
    fn path(&self, folder: &str, name: &str) -> Option<PathBuf> {
        let plain =
            !name.is_empty() && name.len() <= 80 && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
        plain.then(|| self.0.join(folder).join(format!("{name}.json")))
    }
}

impl CardReader for Files {
    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.0.join("readers")).into_iter().flatten().flatten();
        let mut names: Vec<String> = entries
            .filter_map(|e| e.file_name().to_str()?.strip_suffix(".json").map(str::to_owned))
            .filter(|name| self.path("readers", name).is_some())
            .collect();
        names.sort_unstable();
        names
    }
    fn read(&self, reader: &str) -> Result<Card> {
        let unknown = || Problem::new(&problems::READER_UNKNOWN).field("reader").with("value", reader);
        let path = self.path("readers", reader).ok_or_else(unknown)?;
        let text = std::fs::read_to_string(path).map_err(|_| unknown())?;
        if text.trim().is_empty() {
            return Err(Problem::new(&problems::READER_EMPTY).field("reader").with("value", reader));
        }
        let broken = |e| Problem::new(&problems::READER_BROKEN).field("reader").with("value", reader).because(e);
        serde_json::from_str(&text).map_err(broken)
    }
}

impl FaceCheck for Files {
    fn compare(&self, certificate: &str, _: &str, photo: &str) -> Result<Face> {
        let unavailable = || Problem::new(&problems::FACE_UNAVAILABLE).field("photo");
        let path = self.path("faces", photo).ok_or_else(unavailable)?;
        let text = std::fs::read_to_string(path).map_err(|_| unavailable())?;
        let compared: Compared = serde_json::from_str(&text).map_err(|_| unavailable())?;
        let same = compared.certificate.eq_ignore_ascii_case(certificate);
        Ok(Face { permille: if same { compared.permille } else { 0 }, alive: compared.alive })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_do_not_leave_their_directory() {
        let files = Files(PathBuf::from("/somewhere"));
        for bad in ["", "../etc/passwd", "a/b", "a.b", "..", "\0"] {
            assert!(files.path("readers", bad).is_none(), "{bad:?}");
        }
        assert!(files.path("readers", "天河-1").is_some());
    }
}
