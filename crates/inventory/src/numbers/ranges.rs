//! Numbers come into the pool by ranges: a statement for each thousand, written by the engine itself.

use super::class::{self, Class};
use crate::problems;
use kernel::{OrgPath, Problem, Result};
use store::{Tx, params, sql};

sql! {
    SEGMENT = "SELECT id FROM number_segment WHERE head = $1 AND org = $2";
    NEXT_SEGMENT = "SELECT COALESCE(MAX(id), 0) + 1 FROM number_segment";
    NEW_SEGMENT = "INSERT INTO number_segment (id, head, org) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    /// `$1` is a number without its last three digits, `$3` the first digit of its ending, `$4` a rank for each of the
    /// thousand.
    THOUSAND = "INSERT INTO number_pool (number, seg, tail, class, state, updated_at) \
                WITH digit (sign, n) AS (VALUES ('0', 0), ('1', 1), ('2', 2), ('3', 3), ('4', 4), ('5', 5), ('6', 6), ('7', 7), ('8', 8), ('9', 9)) \
                SELECT $1 || a.sign || b.sign || c.sign, CAST($2 AS BIGINT), $3 || a.sign || b.sign || c.sign, k.class, 'available', \
                CAST($7 AS BIGINT) FROM digit a CROSS JOIN digit b CROSS JOIN digit c \
                JOIN number_class k ON k.rank = CAST(substr($4, a.n * 100 + b.n * 10 + c.n + 1, 1) AS BIGINT) \
                WHERE a.n * 100 + b.n * 10 + c.n >= $5 AND a.n * 100 + b.n * 10 + c.n <= $6 \
                ORDER BY a.n, b.n, c.n ON CONFLICT DO NOTHING";
}

/// At most so many numbers a call.
const MOST: u64 = 1_000_000;

/// A stretch of numbers of one length.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Range {
    pub first: u64,
    pub last: u64,
    pub width: usize,
}

impl Range {
    /// Both ends, as digits of the same length.
    pub fn parse(from: &str, to: &str) -> Result<Self> {
        let invalid = || Problem::new(&problems::RANGE_INVALID).with("value", &format!("{from}-{to}"));
        let digits = |s: &str| (5..=18).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit());
        if !digits(from) || !digits(to) || from.len() != to.len() {
            return Err(invalid());
        }
        let (first, last) = (from.parse().map_err(|_| invalid())?, to.parse().map_err(|_| invalid())?);
        if first > last { Err(invalid()) } else { Ok(Self { first, last, width: from.len() }) }
    }
    pub fn size(self) -> u64 {
        self.last - self.first + 1
    }
    pub fn number(self, n: u64) -> String {
        format!("{n:0width$}", width = self.width)
    }
}

/// Adds the numbers `from ..= to` to the pool of `org`; those that are there already stay as they are. Returns how many
/// are new.
pub fn add_range(tx: &mut Tx<'_>, from: &str, to: &str, org: &OrgPath) -> Result<u64> {
    let range = Range::parse(from, to)?;
    if range.size() > MOST {
        return Err(Problem::new(&problems::RANGE_INVALID).with("value", &format!("{from}-{to}")));
    }
    add(tx, range, org, None)
}

/// Like [`add_range`] without a limit, for a class of its own where one is named.
pub(crate) fn add(tx: &mut Tx<'_>, range: Range, org: &OrgPath, named: Option<&str>) -> Result<u64> {
    let classes = class::load(tx)?;
    if classes.is_empty() || named.is_some_and(|n| !classes.iter().any(|c| c.name == n)) {
        return Err(Problem::new(&problems::CLASS_UNKNOWN).with("value", named.unwrap_or("")));
    }
    let (mut added, mut from, now) = (0, range.first, tx.now());
    let mut known: Option<(String, i64)> = None;
    while from <= range.last {
        let thousand = from / 1_000;
        let to = range.last.min(thousand * 1_000 + 999);
        let number = range.number(from);
        let (stem, head) = (&number[..range.width - 3], &number[..range.width - 4]);
        let seg = match &known {
            Some((of, seg)) if of == head => *seg,
            _ => segment(tx, head, org)?,
        };
        known = Some((head.to_owned(), seg));
        let (low, high) = (from % 1_000, to % 1_000);
        let ranks: String = (0..1_000).map(|n| rank(&classes, named, stem, n, low..=high)).collect();
        let first_digit = &stem[stem.len() - 1..];
        let (low, high) = (i64::try_from(low).unwrap_or(0), i64::try_from(high).unwrap_or(999));
        added += tx.execute(&THOUSAND, params![stem, seg, first_digit, ranks, low, high, now])?;
        from = to + 1;
    }
    Ok(added)
}

/// The rank of a number's class as one digit; anything for a number that is not wanted.
fn rank(classes: &[Class], named: Option<&str>, stem: &str, n: u64, wanted: std::ops::RangeInclusive<u64>) -> char {
    let class = match named {
        Some(name) => classes.iter().find(|c| c.name == name),
        None if wanted.contains(&n) => class::of(classes, &format!("{stem}{n:03}")),
        None => None,
    };
    let rank = class.map_or(0, |c| c.rank);
    u32::try_from(rank).ok().and_then(|r| char::from_digit(r, 10)).unwrap_or('0')
}

/// The segment of a head in a place, made where it is new.
pub(super) fn segment(tx: &mut Tx<'_>, head: &str, org: &OrgPath) -> Result<i64> {
    if let Some(row) = tx.query_opt(&SEGMENT, params![head, org])? {
        return Ok(row.int(0));
    }
    // The series' row is held until the commit: two new segments never get one identifier.
    tx.next_in_series("number-segment")?;
    let id = tx.query_one(&NEXT_SEGMENT, params![])?.int(0);
    tx.execute(&NEW_SEGMENT, params![id, head, org])?;
    Ok(tx.query_one(&SEGMENT, params![head, org])?.int(0))
}
