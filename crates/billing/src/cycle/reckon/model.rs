//! The reckoning against a naive model: day by day, over products whose price changes again and again.

use super::tests::{day, product, terms};
use super::*;

/// A small generator: the same sequence each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as i64) % n
    }
}

fn after(from: Date, days: i64) -> Date {
    from.plus_days(i32::try_from(days).unwrap_or(0))
}

#[test]
fn whatever_changes_when_each_day_is_charged_once_at_its_price_and_a_month_is_the_most() {
    for seed in 0..400 {
        let mut dice = Dice(seed);
        let begun = after(day("2026-01-01"), dice.below(200));
        let mut rows = Vec::new();
        let mut from = begun;
        for n in 0..dice.below(4) + 1 {
            let to = after(from, dice.below(60));
            let to = (n < 3).then_some(to);
            let amount = Money::fen(dice.below(20_000));
            rows.push(ChargeRow { price_id: format!("p{n}"), name: "月费".into(), amount, months: 1, from, to });
            match to {
                Some(to) => from = to,
                None => break,
            }
        }
        let mut facts = product(&begun.to_string(), rows);
        if dice.below(3) == 0 {
            facts.to = Some(after(begun, dice.below(300)));
        }
        let first = Cycle::month_of(begun);
        let mut cycle = first;
        for _ in 0..14 {
            let lines = reckon(&facts, cycle, &terms()).unwrap();
            let sum: i64 = lines.iter().map(|c| c.line.amount.in_fen()).sum();
            let most = facts.charges.iter().map(|r| r.amount.in_fen()).max().unwrap_or(0);
            assert!(sum >= 0 && sum <= most + 2 * facts.charges.len() as i64, "{seed} {cycle:?}: {sum} of {most}");
            // The same again, each day by itself: thirty days at most, prices by the day.
            let (mut exact, mut n) = (0.0, 0);
            let mut today = cycle.first();
            while today <= cycle.last() {
                let alive = facts.from <= today && facts.to.is_none_or(|to| today < to);
                let row = facts.charges.iter().find(|r| r.from <= today && r.to.is_none_or(|to| today < to));
                if alive {
                    n += 1;
                }
                if let Some(row) = row.filter(|_| alive && n <= 30) {
                    let advance =
                        row.from.first_of_month() == begun.first_of_month() && today <= row.from.last_of_month();
                    if !advance {
                        exact += row.amount.in_fen() as f64 / 30.0;
                    }
                }
                today = today.plus_days(1);
            }
            let whole = lines.len() == 1 && matches!(lines[0].note, Note::Whole(_));
            if !whole {
                assert!(
                    (sum as f64 - exact).abs() <= facts.charges.len() as f64,
                    "{seed} {cycle:?}: {sum}, not {exact}"
                );
            }
            cycle = cycle.next();
        }
    }
}
