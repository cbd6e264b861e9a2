//! Import of the tariffs that operators must publish (资费公示), from files of any operator.
//!
//! A file is read twice. The first time to its end, so that one that is cut or broken changes nothing; the second time
//! row by row into the catalogue, a hundred to a transaction. A row is a tariff or it is refused with a reason; it never
//! stops the others. The identity of a row is its operator's id: importing again changes only what was published anew, so
//! an import that was interrupted is simply started again.

mod csv_file;
mod dates;
mod family;
pub(crate) mod port_in;
mod read;
mod row;
mod store;
mod tariff;
mod text;

pub(crate) use csv_file::cell;
pub use read::Input;
pub(crate) use store::specification;
pub use tariff::Refusal;

use crate::{defaults, problems};
use ::store::Db;
use csv_file::ErrorFile;
use kernel::{Actor, Problem, Result};
use std::{
    collections::HashMap,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};
use store::Outcome;
use tariff::Tariff;

/// Rows stored in one transaction.
const CHUNK: usize = 100;

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Report {
    /// Rows in the file.
    pub total: u64,
    pub done: u64,
    pub created: u64,
    pub updated: u64,
    pub unchanged: u64,
    pub refused: u64,
    /// Ended early because it was asked to; what is stored stays.
    pub stopped: bool,
}

/// Imports a file for the command line: refused rows go to the CSV file `errors`. Blocks.
pub fn import_file(
    db: &Db,
    actor: &Actor,
    path: &Path,
    errors: Option<&Path>,
    progress: &mut dyn FnMut(&Report),
    stop: &AtomicBool,
) -> Result<Report> {
    let mut file = errors.map(ErrorFile::create).transpose()?;
    let mut sink = |refused: &[Refusal]| match &mut file {
        Some(file) => refused.iter().try_for_each(|r| file.add(r)),
        None => Ok(()),
    };
    let report = import(db, actor, &Input::File(path.to_owned()), &mut sink, &mut |report| {
        progress(report);
        Ok(!stop.load(Ordering::Relaxed))
    });
    if let Some(file) = file {
        file.finish()?;
    }
    report
}

/// Imports `input`. `refused` gets the refused rows, `progress` the counts after every chunk and answers whether to go on.
/// Blocks: never call it from an asynchronous task.
///
/// Fails with `tariff.*`, before anything is written, where the file cannot be read to its end.
pub fn import(
    db: &Db,
    actor: &Actor,
    input: &Input,
    refused: &mut dyn FnMut(&[Refusal]) -> Result<()>,
    progress: &mut dyn FnMut(&Report) -> Result<bool>,
) -> Result<Report> {
    let (header, total) = read::read(input, &mut |_, _| Ok(()))?;
    db.write_blocking(Actor::system(), defaults::ensure_defaults)?;
    let mut run = Run {
        db,
        actor,
        file: input.name(),
        report: Report { total, ..Report::default() },
        chunk: Vec::with_capacity(CHUNK),
        refusals: Vec::new(),
        seen: HashMap::new(),
        refused,
        progress,
    };
    let outcome = read::read(input, &mut |_, entry| run.take(&header, entry)).and_then(|_| run.flush());
    match outcome {
        Err(p) if run.report.stopped && p.is(&problems::IMPORT_STATE) => Ok(run.report),
        Err(p) => Err(p),
        Ok(()) => Ok(run.report),
    }
}

struct Run<'r> {
    db: &'r Db,
    actor: &'r Actor,
    file: String,
    report: Report,
    chunk: Vec<(read::Entry, Tariff)>,
    refusals: Vec<Refusal>,
    /// The line each id was first seen in.
    seen: HashMap<String, u64>,
    refused: &'r mut dyn FnMut(&[Refusal]) -> Result<()>,
    progress: &'r mut dyn FnMut(&Report) -> Result<bool>,
}

impl Run<'_> {
    fn take(&mut self, header: &read::Header, entry: read::Entry) -> Result<()> {
        match tariff::understand(header, entry.clone()) {
            Err(refusal) => self.refusals.push(*refusal),
            Ok(tariff) => match self.seen.get(&tariff.source_id) {
                Some(line) => {
                    let problem = Problem::new(&problems::ROW_DUPLICATE).with("line", &line.to_string());
                    self.refusals.push(*tariff::refusal(&entry, "id", problem));
                }
                None => {
                    self.seen.insert(tariff.source_id.clone(), tariff.line);
                    self.chunk.push((entry, tariff));
                }
            },
        }
        if self.chunk.len() + self.refusals.len() >= CHUNK { self.flush() } else { Ok(()) }
    }

    /// Stores what has gathered and tells how far it is.
    fn flush(&mut self) -> Result<()> {
        let chunk = Arc::new(std::mem::take(&mut self.chunk));
        match self.write(&chunk) {
            Ok(outcomes) => outcomes.into_iter().for_each(|o| self.count(o)),
            Err(p) if p.code.status >= 500 => return Err(p),
            // One of them does not fit what is stored already: find it.
            Err(_) => self.one_by_one(&chunk)?,
        }
        self.report.refused += self.refusals.len() as u64;
        (self.refused)(&self.refusals)?;
        self.refusals.clear();
        let report = &mut self.report;
        report.done = report.created + report.updated + report.unchanged + report.refused;
        if !(self.progress)(report)? && report.done < report.total {
            report.stopped = true;
            return Err(Problem::new(&problems::IMPORT_STATE));
        }
        Ok(())
    }

    fn write(&self, chunk: &Arc<Vec<(read::Entry, Tariff)>>) -> Result<Vec<Outcome>> {
        if chunk.is_empty() {
            return Ok(Vec::new());
        }
        let (chunk, file) = (Arc::clone(chunk), self.file.clone());
        self.db.write_blocking(self.actor.clone(), move |tx| {
            chunk.iter().map(|(_, t)| store::store(tx, t, &file)).collect()
        })
    }

    fn one_by_one(&mut self, chunk: &[(read::Entry, Tariff)]) -> Result<()> {
        for pair in chunk {
            match self.write(&Arc::new(vec![pair.clone()])) {
                Ok(outcomes) => outcomes.into_iter().for_each(|o| self.count(o)),
                Err(p) if p.code.status >= 500 => return Err(p),
                Err(p) => {
                    let field = p.params.iter().find(|(n, _)| *n == "field").map_or("", |(_, v)| v.as_str()).to_owned();
                    self.refusals.push(*tariff::refusal(&pair.0, &field, p));
                }
            }
        }
        Ok(())
    }

    fn count(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Created => self.report.created += 1,
            Outcome::Updated => self.report.updated += 1,
            Outcome::Unchanged => self.report.unchanged += 1,
        }
    }
}

/// Tells one upload from another.
pub(crate) fn fingerprint(content: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(content).iter().map(|b| format!("{b:02x}")).collect()
}
