//! The error file: one line for each refused row, with the row itself, so that it can be corrected and imported again.

use super::tariff::Refusal;
use kernel::{Lang, Problem, Result};
use std::{fs::File, path::Path};

pub struct ErrorFile(csv::Writer<File>);

impl ErrorFile {
    pub fn create(path: &Path) -> Result<Self> {
        let file = File::create(path).map_err(|e| unwritable(&e))?;
        let mut writer = csv::Writer::from_writer(file);
        writer
            .write_record(["line", "index", "id", "field", "code", "reason_zh", "reason_en", "row"])
            .map_err(|e| unwritable(&e))?;
        Ok(Self(writer))
    }
    pub fn add(&mut self, refusal: &Refusal) -> Result<()> {
        let (line, index) = (refusal.line.to_string(), refusal.index.to_string());
        let (zh, en) = (refusal.problem.reason(Lang::Zh), refusal.problem.reason(Lang::En));
        let cells = [&line, &index, &refusal.id, &refusal.field, refusal.code().id, &zh, &en, &refusal.row].map(cell);
        self.0.write_record(&cells).map_err(|e| unwritable(&e))
    }
    pub fn finish(mut self) -> Result<()> {
        self.0.flush().map_err(|e| unwritable(&e))
    }
}

/// A cell that a spreadsheet would run as a formula is made text.
pub fn cell(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

fn unwritable(e: &dyn std::error::Error) -> Problem {
    Problem::new(&crate::problems::ERRORS_UNWRITABLE).with("detail", &e.to_string())
}
