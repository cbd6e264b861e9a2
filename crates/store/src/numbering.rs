//! Numbers that people read: without gaps (a rolled-back transaction gives its number back) and without clashes.

use crate::{Tx, params, sql};
use kernel::{OrgPath, Result};

sql! {
    TAKE = "INSERT INTO number_series (name, last) VALUES ($1, $2) \
            ON CONFLICT (name) DO UPDATE SET last = number_series.last + $2 RETURNING last";
    NEXT = "INSERT INTO number_series (name, last) VALUES ($1, 1) \
            ON CONFLICT (name) DO UPDATE SET last = number_series.last + 1 RETURNING last";
}

impl Tx<'_> {
    /// The next number of a series that runs per city and day, such as `P-4401-20261122-000017`. The series' row stays
    /// locked until the commit, so take the number as late as possible; a series a city and day keeps the queue short.
    pub fn next_number(&mut self, prefix: &str, org: &OrgPath) -> Result<String> {
        let series = self.series(prefix, org);
        let last = self.query_one(&NEXT, params![series])?.int(0);
        Ok(format!("{series}-{last:06}"))
    }
    /// The next `n` numbers of the same series.
    pub fn next_numbers(&mut self, prefix: &str, org: &OrgPath, n: i64) -> Result<Vec<String>> {
        let series = self.series(prefix, org);
        let last = self.query_one(&TAKE, params![series, n])?.int(0);
        Ok((last - n + 1..=last).map(|number| format!("{series}-{number:06}")).collect())
    }
    fn series(&self, prefix: &str, org: &OrgPath) -> String {
        let place = org.as_str().split('/').nth(3).or(org.as_str().split('/').nth(2)).unwrap_or("0");
        let day = self.now.date().to_string().replace('-', "");
        format!("{prefix}-{place}-{day}")
    }
    /// The first of `n` following numbers of a named series, for bulk loads.
    pub fn take_from_series(&mut self, name: &str, n: i64) -> Result<i64> {
        Ok(self.query_one(&TAKE, params![name, n])?.int(0) - n + 1)
    }
    /// The next whole number of a named series.
    pub fn next_in_series(&mut self, name: &str) -> Result<i64> {
        Ok(self.query_one(&NEXT, params![name])?.int(0))
    }
}
