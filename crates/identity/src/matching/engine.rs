//! Matching of millions: one pass writes the records' features and their block keys into files, a second compares within
//! each part of the keys on every core. Memory holds one part a core, the counts of names and numbers, and what was found.
//!
//! Each part's findings are written whole or not at all (a file is renamed when it is complete), so a run that is stopped
//! or killed goes on with the parts that are missing.

use super::{
    blocks,
    features::{Features, SIZE},
    score::{self, Frequency, Score},
};
use kernel::{Problem, Result};
use std::{
    fs::{self, File},
    io::{BufReader, BufWriter, Read, Write},
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    sync::{
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc,
    },
};

/// Parts of the key space; a million records make some megabytes a part.
pub const PARTS: usize = 64;
const RECORD: usize = 8 + SIZE;
const ENTRY: usize = 12;
const FOUND: usize = 20;
const PHONES: usize = 1 << 24;
const NAMES: usize = 1 << 22;

fn failed(e: impl std::fmt::Display) -> Problem {
    Problem::new(&crate::problems::WORKPLACE).because(e)
}

/// How often numbers and names occur: saturating counts by hash, too high where two hashes meet and never too low.
pub struct Counts {
    phones: Vec<u8>,
    names: Vec<u8>,
}

impl Counts {
    fn new() -> Self {
        Self { phones: vec![0; PHONES], names: vec![0; NAMES] }
    }
    fn add(&mut self, f: &Features) {
        for phone in f.phones.into_iter().filter(|p| *p != 0) {
            let slot = &mut self.phones[phone as usize % PHONES];
            *slot = slot.saturating_add(1);
        }
        let slot = &mut self.names[f.name as usize % NAMES];
        *slot = slot.saturating_add(1);
    }
}

impl Frequency for Counts {
    fn phone(&self, phone: u64) -> u32 {
        u32::from(self.phones[phone as usize % PHONES])
    }
    fn name(&self, name: u64) -> u32 {
        u32::from(self.names[name as usize % NAMES])
    }
}

/// A pair worth keeping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    pub a: u32,
    pub b: u32,
    pub score: Score,
}

/// What the second pass did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    pub compared: u64,
    /// Keys that too many records share: left out.
    pub overfull: u64,
}

/// The directory of one run.
pub struct Work {
    dir: PathBuf,
}

impl Work {
    pub fn open(dir: &Path) -> Result<Self> {
        fs::create_dir_all(dir).map_err(failed)?;
        Ok(Self { dir: dir.to_owned() })
    }
    fn path(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }
    fn part(&self, n: usize) -> PathBuf {
        self.dir.join(format!("keys-{n:02}"))
    }
    fn found(&self, n: usize) -> PathBuf {
        self.dir.join(format!("found-{n:02}"))
    }
    /// How many records the first pass of an earlier run wrote, if it came to its end.
    pub fn dumped(&self) -> Option<u32> {
        fs::read_to_string(self.path("complete")).ok()?.trim().parse().ok()
    }
    /// Parts that are compared already.
    pub fn finished(&self) -> usize {
        (0..PARTS).filter(|n| self.found(*n).exists()).count()
    }
    pub fn remove(&self) {
        let _ = fs::remove_dir_all(&self.dir); // only takes space
    }
    /// Begins the first pass anew.
    pub fn dump(&self) -> Result<Dump> {
        let _ = fs::remove_file(self.path("complete"));
        for n in 0..PARTS {
            let _ = fs::remove_file(self.found(n));
        }
        let create = |path: PathBuf| File::create(path).map(|f| BufWriter::with_capacity(1 << 16, f)).map_err(failed);
        Ok(Dump {
            records: create(self.path("records"))?,
            parts: (0..PARTS).map(|n| create(self.part(n))).collect::<Result<_>>()?,
            counts: Counts::new(),
            written: 0,
            keys: Vec::new(),
            dir: self.dir.clone(),
        })
    }
    fn counts(&self) -> Result<Counts> {
        let mut counts = Counts::new();
        let mut file = File::open(self.path("counts")).map_err(failed)?;
        file.read_exact(&mut counts.phones).and_then(|()| file.read_exact(&mut counts.names)).map_err(failed)?;
        Ok(counts)
    }
    /// The second pass: compares within blocks on `threads` threads. Stops between parts when told to.
    pub fn compare(&self, threads: usize, stop: &AtomicBool, progress: &mut dyn FnMut(usize)) -> Result<Done> {
        let counts = self.counts()?;
        let records = File::open(self.path("records")).map_err(failed)?;
        let next = AtomicUsize::new(0);
        let mut done = Done::default();
        let mut finished = self.finished();
        std::thread::scope(|scope| {
            let (send, receive) = mpsc::channel();
            for _ in 0..threads.max(1) {
                let (send, counts, records, next) = (send.clone(), &counts, &records, &next);
                scope.spawn(move || {
                    loop {
                        let n = next.fetch_add(1, Ordering::Relaxed);
                        if n >= PARTS || stop.load(Ordering::Relaxed) {
                            return;
                        }
                        if self.found(n).exists() {
                            continue;
                        }
                        let result = self.one_part(n, records, counts);
                        let failed = result.is_err();
                        if send.send(result).is_err() || failed {
                            return;
                        }
                    }
                });
            }
            drop(send);
            for result in receive {
                let part = result?;
                done.compared += part.compared;
                done.overfull += part.overfull;
                finished += 1;
                progress(finished);
            }
            Ok(done)
        })
    }

    fn one_part(&self, n: usize, records: &File, counts: &Counts) -> Result<Done> {
        let bytes = fs::read(self.part(n)).map_err(failed)?;
        let mut entries: Vec<(u64, u32)> = bytes.chunks_exact(ENTRY).map(entry).collect();
        drop(bytes);
        entries.sort_unstable();
        let mut done = Done::default();
        let mut found: Vec<Found> = Vec::new();
        let mut block: Vec<(u32, Features)> = Vec::new();
        for same in entries.chunk_by(|x, y| x.0 == y.0) {
            if same.len() < 2 {
                continue;
            }
            if same.len() > blocks::LARGEST {
                done.overfull += 1;
                continue;
            }
            block.clear();
            for (_, record) in same {
                block.push((*record, read_record(records, *record)?.1));
            }
            for (i, (a, fa)) in block.iter().enumerate() {
                for (b, fb) in &block[i + 1..] {
                    done.compared += 1;
                    let score = score::compare(fa, fb, counts);
                    if score.points >= score::DOUBTFUL {
                        found.push(Found { a: *a.min(b), b: *a.max(b), score });
                    }
                }
            }
        }
        found.sort_unstable_by_key(|f| (f.a, f.b));
        found.dedup_by_key(|f| (f.a, f.b));
        let mut out = Vec::with_capacity(found.len() * FOUND);
        for f in &found {
            out.extend_from_slice(&f.a.to_le_bytes());
            out.extend_from_slice(&f.b.to_le_bytes());
            out.extend_from_slice(&f.score.pack());
        }
        let half = self.dir.join(format!("half-{n:02}"));
        fs::write(&half, out).and_then(|()| fs::rename(&half, self.found(n))).map_err(failed)?;
        Ok(done)
    }

    /// Everything found, each pair once, the surest first; ties in the order of the records.
    pub fn findings(&self) -> Result<Vec<Found>> {
        let mut all = Vec::new();
        for n in 0..PARTS {
            let bytes = fs::read(self.found(n)).map_err(failed)?;
            all.extend(bytes.chunks_exact(FOUND).map(|c| {
                let mut packed = [0; 12];
                packed.copy_from_slice(&c[8..]);
                Found { a: four(&c[0..4]), b: four(&c[4..8]), score: Score::unpack(&packed) }
            }));
        }
        all.sort_unstable_by_key(|f| (f.a, f.b));
        all.dedup_by_key(|f| (f.a, f.b));
        all.sort_by_key(|f| std::cmp::Reverse(f.score.points)); // stable: ties stay in order
        Ok(all)
    }

    /// Every record in order: its number in the store and its features.
    pub fn each(&self, mut visit: impl FnMut(u32, i64, Features) -> Result<()>) -> Result<()> {
        let file = File::open(self.path("records")).map_err(failed)?;
        let mut file = BufReader::with_capacity(1 << 18, file);
        let mut bytes = [0; RECORD];
        for record in 0..self.dumped().unwrap_or(0) {
            file.read_exact(&mut bytes).map_err(failed)?;
            let (no, features) = record_of(&bytes)?;
            visit(record, no, features)?;
        }
        Ok(())
    }
}

fn four(bytes: &[u8]) -> u32 {
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

fn entry(bytes: &[u8]) -> (u64, u32) {
    (u64::from(four(&bytes[0..4])) | u64::from(four(&bytes[4..8])) << 32, four(&bytes[8..12]))
}

fn record_of(bytes: &[u8; RECORD]) -> Result<(i64, Features)> {
    let no = u64::from(four(&bytes[0..4])) | u64::from(four(&bytes[4..8])) << 32;
    let features = Features::decode(&bytes[8..]).ok_or_else(|| failed("a record of another layout"))?;
    Ok((no.cast_signed(), features))
}

fn read_record(file: &File, record: u32) -> Result<(i64, Features)> {
    let mut bytes = [0; RECORD];
    file.read_exact_at(&mut bytes, u64::from(record) * RECORD as u64).map_err(failed)?;
    record_of(&bytes)
}

/// The first pass under way.
pub struct Dump {
    records: BufWriter<File>,
    parts: Vec<BufWriter<File>>,
    counts: Counts,
    written: u32,
    keys: Vec<u64>,
    dir: PathBuf,
}

impl Dump {
    /// Takes the record whose number in the store is `no`; records come in the order of these numbers.
    pub fn add(&mut self, no: i64, features: &Features) -> Result<()> {
        self.records.write_all(&no.to_le_bytes()).map_err(failed)?;
        self.records.write_all(&features.encode()).map_err(failed)?;
        self.counts.add(features);
        blocks::keys(features, &mut self.keys);
        for key in &self.keys {
            let part = &mut self.parts[(key >> 58) as usize % PARTS];
            part.write_all(&key.to_le_bytes())
                .and_then(|()| part.write_all(&self.written.to_le_bytes()))
                .map_err(failed)?;
        }
        self.written += 1;
        Ok(())
    }
    pub fn finish(mut self) -> Result<u32> {
        self.records.flush().map_err(failed)?;
        self.parts.iter_mut().try_for_each(|p| p.flush()).map_err(failed)?;
        let mut counts = File::create(self.dir.join("counts")).map_err(failed)?;
        counts.write_all(&self.counts.phones).and_then(|()| counts.write_all(&self.counts.names)).map_err(failed)?;
        fs::write(self.dir.join("complete"), self.written.to_string()).map_err(failed)?;
        Ok(self.written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::features::{Keyed, Person};

    fn person(n: u32, source: u32) -> Features {
        let name = ["王芳", "李强", "张敏", "刘洋", "陈杰"][n as usize % 5];
        let person = Person {
            name: format!("{name}{}", char::from_u32(0x4e00 + n).unwrap_or('一')),
            phones: vec![format!("139{:08}", n)],
            address: format!("广州市天河区天河路{}号{source}01室", n),
            ..Person::default()
        };
        Features::of(&person, Keyed::new(&[3; 32]))
    }

    #[test]
    fn a_stopped_run_goes_on_and_finds_the_same() {
        let dir = std::env::temp_dir().join(format!("yitai-match-{}", std::process::id()));
        let work = Work::open(&dir).unwrap();
        let mut dump = work.dump().unwrap();
        for n in 0..2_000 {
            dump.add(i64::from(n) + 1, &person(n % 1_000, n / 1_000)).unwrap();
        }
        assert_eq!(dump.finish().unwrap(), 2_000);
        let stop = AtomicBool::new(false);
        let mut seen = 0;
        work.compare(2, &stop, &mut |n| {
            seen = n;
            stop.store(n >= 10, Ordering::Relaxed);
        })
        .unwrap();
        assert!((10..PARTS).contains(&seen), "{seen}");
        stop.store(false, Ordering::Relaxed);
        work.compare(2, &stop, &mut |n| seen = n).unwrap();
        assert_eq!(seen, PARTS);
        let found = work.findings().unwrap();
        assert_eq!(found.len(), 1_000);
        assert!(found.iter().all(|f| f.b == f.a + 1_000 && f.score.points >= score::DOUBTFUL));
        let mut records = 0;
        work.each(|record, no, _| {
            records += 1;
            assert_eq!(no, i64::from(record) + 1);
            Ok(())
        })
        .unwrap();
        assert_eq!(records, 2_000);
        work.remove();
    }
}
