//! Customer numbers: `C`, four digits of the city, nine digits.
//!
//! They need not be without gaps, but they must not be a queue either: counters that each create a customer take from
//! sixteen series, bulk loads take blocks from a range of their own.

use kernel::{OrgPath, Result};
use store::Tx;

const SERIES: i64 = 16;
const BULK_FROM: i64 = 500_000_000;

/// The city's code in the path, or the province's, or zeros.
fn place(org: &OrgPath) -> &str {
    let mut parts = org.as_str().split('/').skip(2);
    let province = parts.next();
    parts.next().or(province).unwrap_or("0000")
}

fn text(place: &str, n: i64) -> String {
    format!("C{place:0>4}{n:09}")
}

/// The next number for a customer of `org`; `id` chooses the series.
pub(crate) fn next(tx: &mut Tx<'_>, org: &OrgPath, id: &str) -> Result<String> {
    let series = i64::from(id.bytes().last().map_or(0, |b| b % 16));
    let place = place(org);
    let n = tx.next_in_series(&format!("customer-{place}-{series}"))?;
    Ok(text(place, n * SERIES + series))
}

/// A block of numbers for a bulk load.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    place: String,
    next: i64,
    end: i64,
}

impl Block {
    pub fn take(tx: &mut Tx<'_>, org: &OrgPath, n: i64) -> Result<Self> {
        let place = place(org).to_owned();
        let first = BULK_FROM + tx.take_from_series(&format!("customer-{place}-bulk"), n)?;
        Ok(Self { place, next: first, end: first + n })
    }
    pub fn next(&mut self) -> Option<String> {
        let n = self.next;
        (n < self.end).then(|| {
            self.next += 1;
            text(&self.place, n)
        })
    }
}

/// Under which key of a map a block for `org` is kept.
pub(crate) fn block_name(org: &OrgPath) -> String {
    place(org).to_owned()
}
