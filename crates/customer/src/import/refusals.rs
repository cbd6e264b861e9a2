//! The file of refused rows: line, field, code, reason in both languages, the row as it was.
//!
//! It is written ahead of the transaction that moves the batch on, and cut back to the length which that transaction
//! remembers when an import goes on: no refusal is lost or told twice.

use crate::problems;
use kernel::{Lang, Problem, Result};
use std::{
    fs::{File, OpenOptions},
    io::{Seek, SeekFrom, Write},
    path::Path,
};

const HEADER: &str = "\u{feff}line,field,code,reason_zh,reason_en,row\r\n";

pub(super) struct Refusals {
    file: File,
    pub length: u64,
}

impl Refusals {
    /// Opens the file and cuts it to `length`, which was durable.
    pub fn open(path: &Path, length: u64) -> Result<Self> {
        let mut file =
            OpenOptions::new().create(true).truncate(false).write(true).read(true).open(path).map_err(unwritable)?;
        let present = file.metadata().map_err(unwritable)?.len();
        let length = length.min(present);
        file.set_len(length).map_err(unwritable)?;
        file.seek(SeekFrom::Start(length)).map_err(unwritable)?;
        let mut refusals = Self { file, length };
        if length == 0 {
            refusals.append(HEADER.as_bytes())?;
        }
        Ok(refusals)
    }
    /// Adds lines and waits until they are on disk.
    pub fn append(&mut self, text: &[u8]) -> Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        self.file.write_all(text).and_then(|()| self.file.sync_data()).map_err(unwritable)?;
        self.length += text.len() as u64;
        Ok(())
    }
}

fn unwritable(error: std::io::Error) -> Problem {
    Problem::new(&problems::ERRORS_UNWRITABLE).with("detail", &error.to_string())
}

/// One line of the file.
pub(super) fn line(number: u64, problem: &Problem, row: &str) -> String {
    let field = problem.params.iter().rev().find(|(name, _)| *name == "field").map_or("", |(_, value)| value);
    let cells = [field, problem.code.id, &problem.reason(Lang::Zh), &problem.reason(Lang::En), row].map(quoted);
    format!("{number},{}\r\n", cells.join(","))
}

fn quoted(text: &str) -> String {
    // A spreadsheet takes a cell that begins like this for a formula.
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if formula || text.contains([',', '"', '\n', '\r']) {
        format!("\"{}{}\"", if formula { "'" } else { "" }, text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
