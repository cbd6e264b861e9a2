//! How points of several years are used: pure.
//!
//! Points are kept by the year they were earned in. The oldest year that has not ended is spent first, so that nobody
//! loses what could have been spent.

use kernel::{Date, Result};

/// Points of one year.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Lot {
    pub year: i64,
    pub points: i64,
}

/// The last day on which points earned in `year` can be spent.
pub fn last_day(year: i64, years: i64) -> Result<Date> {
    let ends = i16::try_from(year + years).unwrap_or(9_999).clamp(1, 9_999);
    Date::new(ends, 12, 31)
}

/// True where points of `year` have ended before `today`.
pub fn has_ended(year: i64, years: i64, today: Date) -> bool {
    year + years < i64::from(today.year())
}

/// What can be spent.
pub fn available(lots: &[Lot], years: i64, today: Date) -> i64 {
    lots.iter().filter(|l| !has_ended(l.year, years, today)).map(|l| l.points.max(0)).sum()
}

/// Takes `points` from the lots in the order of their years; `None` where they do not suffice.
pub fn spend(lots: &[Lot], points: i64, years: i64, today: Date) -> Option<Vec<Lot>> {
    let mut usable: Vec<Lot> =
        lots.iter().copied().filter(|l| l.points > 0 && !has_ended(l.year, years, today)).collect();
    usable.sort_by_key(|l| l.year);
    let mut rest = points;
    let mut parts = Vec::new();
    for lot in usable {
        let part = rest.min(lot.points);
        if part > 0 {
            parts.push(Lot { year: lot.year, points: part });
            rest -= part;
        }
    }
    (rest == 0).then_some(parts)
}

/// Takes back up to `points` that had been given in `year`: first of that year, then of the others, the newest first.
/// Returns what could be had.
pub fn take_back(lots: &[Lot], points: i64, year: i64) -> Vec<Lot> {
    let mut order: Vec<Lot> = lots.iter().copied().filter(|l| l.points > 0).collect();
    order.sort_by_key(|l| (l.year != year, -l.year));
    let mut rest = points;
    let mut parts = Vec::new();
    for lot in order {
        let part = rest.min(lot.points);
        if part > 0 {
            parts.push(Lot { year: lot.year, points: part });
            rest -= part;
        }
    }
    parts
}

/// Points for an amount: whole units only, in numbers that cannot overflow. A rule of 0 fen gives its points once.
pub fn earned(points: i64, per_fen: i64, amount_fen: i64) -> i64 {
    if per_fen == 0 {
        return points;
    }
    let whole = i128::from(amount_fen.max(0)) / i128::from(per_fen) * i128::from(points);
    i64::try_from(whole).unwrap_or(i64::MAX)
}

/// Points that pay `amount_fen`; a part of a point is a point.
pub fn price(amount_fen: i64, points_per_yuan: i64) -> i64 {
    let points = (i128::from(amount_fen) * i128::from(points_per_yuan) + 99) / 100;
    i64::try_from(points).unwrap_or(i64::MAX)
}

/// What `points` pay, in fen, rounded down.
pub fn worth(points: i64, points_per_yuan: i64) -> i64 {
    let fen = i128::from(points.max(0)) * 100 / i128::from(points_per_yuan.max(1));
    i64::try_from(fen).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{Clock, Env, Timestamp};

    fn date(text: &str) -> Date {
        Date::parse(text).unwrap()
    }
    fn lot(year: i64, points: i64) -> Lot {
        Lot { year, points }
    }

    #[test]
    fn the_oldest_year_that_has_not_ended_goes_first() {
        let lots = [lot(2026, 50), lot(2024, 30), lot(2023, 999), lot(2025, 20)];
        let today = date("2026-11-22");
        assert_eq!(available(&lots, 2, today), 100);
        assert_eq!(spend(&lots, 40, 2, today), Some(vec![lot(2024, 30), lot(2025, 10)]));
        assert_eq!(spend(&lots, 101, 2, today), None);
        assert_eq!(last_day(2024, 2).unwrap().to_string(), "2026-12-31");
        assert!(!has_ended(2024, 2, date("2026-12-31")) && has_ended(2024, 2, date("2027-01-01")));
        assert!(!has_ended(2028, 0, date("2028-02-29")));
    }

    #[test]
    fn points_are_given_for_whole_units_and_paying_rounds_up() {
        assert_eq!(
            (earned(1, 100, 19_900), earned(1, 100, 199), earned(5, 100, -300), earned(20, 0, 1)),
            (199, 1, 0, 20)
        );
        assert_eq!(earned(i64::MAX, 1, i64::MAX), i64::MAX);
        assert_eq!((price(1, 100), price(150, 100), price(101, 50), price(1, 50)), (1, 150, 51, 1));
        assert_eq!((worth(51, 50), worth(-3, 50), worth(100, 0)), (102, 0, 10_000));
    }

    #[test]
    fn spending_and_taking_back_never_take_more_than_there_is_and_lose_nothing() {
        let env = Env::seeded(Clock::fixed(Timestamp::from_micros(0)), 3);
        let below = |n: u64| {
            let mut bytes = [0; 8];
            env.random(&mut bytes);
            i64::try_from(u64::from_le_bytes(bytes) % n).unwrap()
        };
        let today = date("2026-11-22");
        for _ in 0..2_000 {
            let lots: Vec<Lot> = (0..below(5)).map(|i| lot(2022 + i, below(100) - 10)).collect();
            let (wanted, years) = (1 + below(200), below(4));
            let have = |year: i64| lots.iter().filter(|l| l.year == year).map(|l| l.points.max(0)).sum::<i64>();
            let all = available(&lots, years, today);
            match spend(&lots, wanted, years, today) {
                None => assert!(all < wanted),
                Some(parts) => {
                    assert_eq!(parts.iter().map(|p| p.points).sum::<i64>(), wanted);
                    assert!(parts.iter().all(|p| p.points > 0 && p.points <= have(p.year)));
                    assert!(parts.windows(2).all(|w| w[0].year < w[1].year));
                    assert!(parts.iter().all(|p| !has_ended(p.year, years, today)));
                }
            }
            let back = take_back(&lots, wanted, 2024);
            let sum: i64 = back.iter().map(|p| p.points).sum();
            assert_eq!(sum, wanted.min(lots.iter().map(|l| l.points.max(0)).sum()));
            assert!(back.iter().all(|p| p.points <= have(p.year)));
        }
    }
}
