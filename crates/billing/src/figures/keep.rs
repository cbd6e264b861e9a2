//! Adding to the kept sums, at a place and at every place above it.

use kernel::{Money, OrgPath, Result};
use std::collections::BTreeMap;
use store::{Tx, Value, params};

/// Figure, place, period, part, detail.
type Key = (&'static str, String, String, String, String);

/// What is to be added, by what it is added to: one row of the table each.
#[derive(Default)]
pub struct Sums(BTreeMap<Key, (Money, i64)>);

const INTO: &str = "figure_sum (figure, org, period, part, detail, parent, fen, count)";

impl Sums {
    pub fn add(
        &mut self,
        figure: &'static str,
        org: &str,
        (period, part, detail): (&str, &str, &str),
        fen: Money,
        count: i64,
    ) -> Result<()> {
        let mut place = Some(OrgPath::parse(org)?);
        while let Some(at) = place {
            let key = (figure, at.to_string(), period.to_owned(), part.to_owned(), detail.to_owned());
            let sum = self.0.entry(key).or_insert((Money::ZERO, 0));
            *sum = (sum.0.plus(fen)?, sum.1 + count);
            place = at.parent();
        }
        Ok(())
    }

    pub fn store(&self, tx: &mut Tx<'_>) -> Result<()> {
        let mut values: Vec<Value> = Vec::with_capacity(self.0.len() * 8);
        for ((figure, org, period, part, detail), (fen, count)) in &self.0 {
            let parent = OrgPath::parse(org)?.parent().map_or_else(String::new, |p| p.to_string());
            values.extend_from_slice(params![*figure, org, period, part, detail, parent, *fen, *count]);
        }
        let suffix = "ON CONFLICT (figure, org, period, part, detail) DO UPDATE SET \
                      fen = figure_sum.fen + excluded.fen, count = figure_sum.count + excluded.count";
        tx.insert_rows(INTO, 8, &values, suffix).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_stands_at_its_place_and_at_every_place_above() {
        let mut sums = Sums::default();
        let at = ("2026-11", "mobile", "recurring");
        sums.add("billed", "/cn/44/4401", at, Money::fen(300), 1).unwrap();
        sums.add("billed", "/cn/44/4401/h001", at, Money::fen(200), 1).unwrap();
        let of = |org: &str| {
            let key = ("billed", org.to_owned(), "2026-11".to_owned(), "mobile".to_owned(), "recurring".to_owned());
            sums.0[&key]
        };
        assert_eq!(of("/cn"), (Money::fen(500), 2));
        assert_eq!(of("/cn/44/4401"), (Money::fen(500), 2));
        assert_eq!(of("/cn/44/4401/h001"), (Money::fen(200), 1));
        assert_eq!(sums.0.len(), 4);
    }
}
