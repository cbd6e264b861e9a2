//! A file as rows: plain or gz, UTF-8 or GB18030, of any size; no row can make us keep more than a little of it in memory.

use crate::problems;
use flate2::read::MultiGzDecoder;
use kernel::{Problem, Result};
use std::{
    fs::File,
    io::{self, BufReader, Read},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// No row of usage is longer; a quote that is never closed would be.
const LONGEST_ROW: u64 = 1 << 20;

/// How far the file and the row that is being read are.
#[derive(Clone, Default)]
pub(crate) struct Progress {
    /// Bytes of the file itself.
    pub file: Arc<AtomicU64>,
    unpacked: Arc<AtomicU64>,
    row: Arc<AtomicU64>,
}

struct Counted<R> {
    inner: R,
    count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.count.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// Gives up on a row that has no end.
struct Limited<R> {
    inner: R,
    progress: Progress,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let p = &self.progress;
        if p.unpacked.load(Ordering::Relaxed).saturating_sub(p.row.load(Ordering::Relaxed)) > LONGEST_ROW {
            return Err(io::Error::other("a row without end"));
        }
        self.inner.read(buffer)
    }
}

pub(crate) struct Rows {
    reader: csv::Reader<Box<dyn Read + Send>>,
    pub progress: Progress,
    bytes: csv::ByteRecord,
}

pub(crate) fn broken(e: impl std::fmt::Display) -> Problem {
    Problem::new(&problems::FILE_BROKEN).with("detail", &e.to_string())
}

impl Rows {
    pub fn open(path: &Path) -> Result<Self> {
        let gone = |e: io::Error| Problem::new(&problems::FILE_GONE).because(e);
        let mut magic = [0; 2];
        let packed = File::open(path).map_err(gone)?.read(&mut magic).map_err(gone)? == 2 && magic == [0x1f, 0x8b];
        let progress = Progress::default();
        let file = Counted { inner: File::open(path).map_err(gone)?, count: progress.file.clone() };
        let file = BufReader::with_capacity(1 << 17, file);
        let inner: Box<dyn Read + Send> = if packed { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
        let counted = Counted { inner, count: progress.unpacked.clone() };
        let reader = csv::ReaderBuilder::new()
            .flexible(true)
            .has_headers(false)
            .buffer_capacity(1 << 16)
            .from_reader(Box::new(Limited { inner: counted, progress: progress.clone() }) as Box<dyn Read + Send>);
        Ok(Self { reader, progress, bytes: csv::ByteRecord::new() })
    }

    /// The next row and its line.
    pub fn next(&mut self) -> Result<Option<(i64, csv::StringRecord)>> {
        self.progress.row.store(self.reader.position().byte(), Ordering::Relaxed);
        if !self.reader.read_byte_record(&mut self.bytes).map_err(broken)? {
            return Ok(None);
        }
        let line = self.bytes.position().map_or(0, |p| p.line().cast_signed());
        Ok(Some((line, decoded(&self.bytes))))
    }
}

/// Rows are UTF-8, or GB18030 where they are not: no byte of a GB18030 character is a quote or a comma.
fn decoded(row: &csv::ByteRecord) -> csv::StringRecord {
    match csv::StringRecord::from_byte_record(row.clone()) {
        Ok(row) => row,
        Err(_) => row.iter().map(|field| encoding_rs::GB18030.decode_without_bom_handling(field).0).collect(),
    }
}
