//! Blocks: the records of many services, packed. A directory tells where each service's records lie, so that reading one
//! service costs the directory and its own records only.
//!
//! `version · services · (key delta, bytes, records)… · segments`; all numbers are variable-length integers, times are
//! milliseconds after the record before, numbers of telephones are numbers.

use crate::{Direction, Kind, Record, ServiceKey, problems};
use kernel::{Problem, Result, Timestamp};

const VERSION: u64 = 1;
/// A block is closed at so many records or bytes, whichever comes first.
const RECORDS: usize = 2_000;
const BYTES: usize = 48 << 10;

/// A finished block.
#[derive(Debug, PartialEq)]
pub(crate) struct Block {
    pub first_key: i64,
    pub last_key: i64,
    pub records: i64,
    pub min_at: i64,
    pub max_at: i64,
    pub checksum: i64,
    pub body: Vec<u8>,
}

fn put(out: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

fn zigzag(n: i64) -> u64 {
    ((n << 1) ^ (n >> 63)).cast_unsigned()
}

fn unzigzag(n: u64) -> i64 {
    (n >> 1).cast_signed() ^ -(n & 1).cast_signed()
}

/// Digits that a number can give back: no leading zero, at most 18.
fn digits(text: &str) -> Option<u64> {
    let good = (1..=18).contains(&text.len()) && !text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit());
    if good { text.parse().ok() } else { None }
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    if text.is_empty() {
        out.push(0);
    } else if let Some(n) = digits(text) {
        out.push(1);
        put(out, n);
    } else if let Some(n) = text.strip_prefix("+86").and_then(digits) {
        out.push(2);
        put(out, n);
    } else if let Some(n) = text.strip_prefix('+').and_then(digits) {
        out.push(3);
        put(out, n);
    } else {
        put(out, text.len() as u64 + 4);
        out.extend_from_slice(text.as_bytes());
    }
}

/// Reads what [`put`] wrote; `None` where the bytes are not what we write.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn number(&mut self) -> Option<u64> {
        let mut n = 0u64;
        for (i, byte) in self.0.iter().enumerate().take(10) {
            n |= u64::from(byte & 0x7f) << (7 * i);
            if byte & 0x80 == 0 {
                self.0 = &self.0[i + 1..];
                return Some(n);
            }
        }
        None
    }
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(n)?;
        self.0 = tail;
        Some(head)
    }
    fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|b| b[0])
    }
    fn text(&mut self) -> Option<String> {
        Some(match self.number()? {
            0 => String::new(),
            1 => self.number()?.to_string(),
            2 => format!("+86{}", self.number()?),
            3 => format!("+{}", self.number()?),
            n => std::str::from_utf8(self.take(usize::try_from(n - 4).ok()?)?).ok()?.to_owned(),
        })
    }
}

fn put_record(out: &mut Vec<u8>, before: i64, r: &Record) {
    put(out, zigzag(r.at.millis() - before));
    let bit = |set: bool, at: u8| u8::from(set) << at;
    out.push(
        r.kind as u8
            | bit(r.direction == Direction::In, 3)
            | bit(r.late, 4)
            | bit(r.removed, 5)
            | bit(r.fee_fen > 0, 6)
            | bit(!r.place.is_empty(), 7),
    );
    put(out, r.amount);
    put_text(out, &r.peer);
    put_text(out, &r.id);
    if r.fee_fen > 0 {
        put(out, r.fee_fen);
    }
    if !r.place.is_empty() {
        put_text(out, &r.place);
    }
}

fn read_record(from: &mut Reader<'_>, before: &mut i64, service: ServiceKey) -> Option<Record> {
    *before += unzigzag(from.number()?);
    let bits = from.byte()?;
    let set = |at: u8| bits >> at & 1 == 1;
    let (kind, amount) = (Kind::from_bits(bits & 7)?, from.number()?);
    let (peer, id) = (from.text()?, from.text()?);
    let fee_fen = if set(6) { from.number()? } else { 0 };
    let place = if set(7) { from.text()? } else { String::new() };
    let direction = if set(3) { Direction::In } else { Direction::Out };
    let at = Timestamp::from_micros(before.checked_mul(1_000)?);
    Some(Record { service, at, kind, direction, amount, peer, place, fee_fen, id, late: set(4), removed: set(5) })
}

/// Eight bytes at a time: it tells a torn or mixed-up block, not a forged one.
pub(crate) fn checksum(body: &[u8]) -> i64 {
    const PRIME: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |h: u64, word: u64| {
        let h = (h ^ word).wrapping_mul(PRIME);
        h ^ (h >> 29)
    };
    let mut chunks = body.chunks_exact(8);
    let mut h = body.len() as u64;
    for chunk in &mut chunks {
        h = mix(
            h,
            u64::from_le_bytes([chunk[0], chunk[1], chunk[2], chunk[3], chunk[4], chunk[5], chunk[6], chunk[7]]),
        );
    }
    mix(chunks.remainder().iter().fold(h, |h, b| mix(h, u64::from(*b))), 1).cast_signed()
}

/// Packs records that come in the order (service, time, id) into blocks.
pub(crate) struct Packer {
    /// The start of the cycle: times are told from here.
    base: i64,
    directory: Vec<(i64, usize, usize)>,
    segments: Vec<u8>,
    before: i64,
    records: usize,
    min_at: i64,
    max_at: i64,
}

impl Packer {
    pub fn new(base: Timestamp) -> Self {
        Self {
            base: base.millis(),
            directory: Vec::new(),
            segments: Vec::with_capacity(BYTES + 4_096),
            before: 0,
            records: 0,
            min_at: i64::MAX,
            max_at: i64::MIN,
        }
    }

    /// Adds a record; gives the block that is full because of it.
    pub fn push(&mut self, record: &Record) -> Option<Block> {
        let full = if self.records >= RECORDS || self.segments.len() >= BYTES { self.finish() } else { None };
        let key = record.service.0;
        if self.directory.last().is_none_or(|(last, ..)| *last != key) {
            self.directory.push((key, 0, 0));
            self.before = self.base;
        }
        let begin = self.segments.len();
        put_record(&mut self.segments, self.before, record);
        self.before = record.at.millis();
        self.records += 1;
        (self.min_at, self.max_at) = (self.min_at.min(record.at.micros()), self.max_at.max(record.at.micros()));
        if let Some((_, bytes, records)) = self.directory.last_mut() {
            *bytes += self.segments.len() - begin;
            *records += 1;
        }
        full
    }

    /// What is left, as a block.
    pub fn finish(&mut self) -> Option<Block> {
        let (first, last) = (self.directory.first()?.0, self.directory.last()?.0);
        let mut body = Vec::with_capacity(self.segments.len() + self.directory.len() * 5 + 16);
        put(&mut body, VERSION);
        put(&mut body, zigzag(self.base));
        put(&mut body, self.directory.len() as u64);
        let mut before = 0;
        for (key, bytes, records) in self.directory.drain(..) {
            put(&mut body, zigzag(key - before));
            put(&mut body, bytes as u64);
            put(&mut body, records as u64);
            before = key;
        }
        body.append(&mut self.segments);
        let block = Block {
            first_key: first,
            last_key: last,
            records: self.records as i64,
            min_at: self.min_at,
            max_at: self.max_at,
            checksum: checksum(&body),
            body,
        };
        (self.records, self.min_at, self.max_at) = (0, i64::MAX, i64::MIN);
        Some(block)
    }
}

/// Hands the records of the services that `wanted` names to `visit`, service by service, each in the order of time.
pub(crate) fn unpack(body: &[u8], sum: i64, wanted: impl Fn(i64) -> bool, mut visit: impl FnMut(Record)) -> Result<()> {
    let damaged = || Problem::new(&problems::DAMAGED);
    if checksum(body) != sum {
        return Err(damaged());
    }
    walk(body, wanted, &mut visit).ok_or_else(damaged)
}

fn walk(body: &[u8], wanted: impl Fn(i64) -> bool, visit: &mut impl FnMut(Record)) -> Option<()> {
    let mut head = Reader(body);
    if head.number()? != VERSION {
        return None;
    }
    let base = unzigzag(head.number()?);
    let services = head.number()?;
    let mut hits = Vec::new();
    let (mut key, mut offset) = (0i64, 0usize);
    for _ in 0..services {
        key += unzigzag(head.number()?);
        let bytes = usize::try_from(head.number()?).ok()?;
        let records = head.number()?;
        if wanted(key) {
            hits.push((key, offset, bytes, records));
        }
        offset = offset.checked_add(bytes)?;
    }
    for (key, offset, bytes, records) in hits {
        let mut segment = Reader(head.0.get(offset..offset.checked_add(bytes)?)?);
        let mut before = base;
        for _ in 0..records {
            visit(read_record(&mut segment, &mut before, ServiceKey(key))?);
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(n: i64) -> Vec<Record> {
        let base = Timestamp::from_micros(1_793_462_400_000_000);
        (0..n)
            .map(|i| {
                let mut r = Record::new(
                    ServiceKey(i / 7 * 3),
                    base.plus_millis((i % 7) * 61_001 - 5),
                    Kind::ALL[(i % 5) as usize],
                    (i as u64).wrapping_mul(7919) % 100_000,
                    format!("{}{i}", if i % 2 == 0 { "" } else { "F-" }),
                );
                r.peer = ["+8613900138000", "+85212345678", "10086", "cmnet", "", "0101"][(i % 6) as usize].to_owned();
                r.place = ["", "44", "+852"][(i % 3) as usize].to_owned();
                r.fee_fen = if i % 5 == 4 { 200 } else { 0 };
                r.direction = if i % 4 == 1 { Direction::In } else { Direction::Out };
                r.late = i % 11 == 0;
                r
            })
            .collect()
    }

    #[test]
    fn what_is_packed_comes_back_in_order() {
        let records = sample(9_000);
        let mut packer = Packer::new(Timestamp::from_micros(1_793_462_400_000_000));
        let mut blocks: Vec<Block> = records.iter().filter_map(|r| packer.push(r)).collect();
        blocks.extend(packer.finish());
        assert!(blocks.len() >= 4 && packer.finish().is_none());
        let mut back = Vec::new();
        for block in &blocks {
            unpack(&block.body, block.checksum, |_| true, |r| back.push(r)).unwrap();
        }
        assert_eq!(back, records);
        let mut one = Vec::new();
        for block in &blocks {
            unpack(&block.body, block.checksum, |key| key == 300, |r| one.push(r)).unwrap();
        }
        assert_eq!(one.len(), 7);
        let bytes: usize = blocks.iter().map(|b| b.body.len()).sum();
        assert!(bytes / records.len() < 30, "{} bytes a record", bytes / records.len());
    }

    #[test]
    fn a_damaged_block_is_told_and_never_panics() {
        let records = sample(60);
        let mut packer = Packer::new(Timestamp::from_micros(0));
        for r in &records {
            packer.push(r);
        }
        let block = packer.finish().unwrap();
        for at in 0..block.body.len() {
            let mut body = block.body.clone();
            body[at] ^= 0x55;
            assert!(unpack(&body, block.checksum, |_| true, |_| ()).is_err(), "byte {at}");
            let _ = walk(&body, |_| true, &mut |_| ());
            let _ = walk(&body[..at], |_| true, &mut |_| ());
        }
    }
}
