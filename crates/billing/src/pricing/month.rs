//! The part of a month that is charged when something starts in its middle.
//!
//! A month is a natural month; a part month costs a thirtieth of the monthly amount a day; a day begun counts whole.
//! (Source: the lease contracts behind the private-line rules: "part month = monthly rent ÷ 30 per day, less than 24 h
//! counts as one day".) No part month costs more than the whole one.

use kernel::{Date, Money};

/// What is left of the month that `from` lies in, `from` included.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Part {
    pub from: Date,
    pub to: Date,
    pub days: i64,
    /// It starts on the first day.
    pub whole: bool,
}

impl Part {
    pub fn starting(from: Date) -> Self {
        let to = from.last_of_month();
        Self { from, to, days: to.days_since(from) + 1, whole: from.day() == 1 }
    }
    /// The charge for this part of a month at `monthly`, where a month counts `divisor` days.
    pub fn charge(&self, monthly: Money, divisor: i64) -> Money {
        if self.whole || self.days >= divisor { monthly } else { monthly.prorated(self.days, divisor) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn charge(day: &str, monthly: i64) -> (i64, i64) {
        let part = Part::starting(Date::parse(day).unwrap());
        (part.days, part.charge(Money::fen(monthly), 30).in_fen())
    }

    #[test]
    fn rent_of_3000_opened_on_the_16th_of_a_30_day_month_costs_1500() {
        assert_eq!(charge("2026-11-16", 300_000), (15, 150_000));
    }

    #[test]
    fn the_first_day_costs_the_whole_month_and_the_last_day_one_thirtieth() {
        assert_eq!(charge("2026-11-01", 300_000), (30, 300_000));
        assert_eq!(charge("2026-11-30", 300_000), (1, 10_000));
        assert_eq!(charge("2026-02-01", 300_000), (28, 300_000));
    }

    #[test]
    fn a_31_day_month_never_costs_more_than_the_whole() {
        assert_eq!(charge("2026-12-01", 300_000), (31, 300_000));
        assert_eq!(charge("2026-12-02", 300_000), (30, 300_000));
        assert_eq!(charge("2026-12-03", 300_000), (29, 290_000));
    }

    #[test]
    fn february_counts_its_own_days_over_thirty() {
        assert_eq!(charge("2026-02-16", 300_000), (13, 130_000));
        assert_eq!(charge("2028-02-16", 300_000), (14, 140_000));
        assert_eq!(charge("2028-02-29", 300_000), (1, 10_000));
    }

    #[test]
    fn fen_are_rounded_to_the_nearest_and_discounts_like_charges() {
        assert_eq!(charge("2026-11-22", 12_900), (9, 3_870));
        assert_eq!(charge("2026-11-30", 100), (1, 3));
        assert_eq!(charge("2026-11-30", -100), (1, -3));
    }

    #[test]
    fn the_part_grows_by_a_day_a_day_and_is_never_dearer_than_the_month() {
        let mut day = Date::parse("2027-01-01").unwrap();
        while day < Date::parse("2029-01-01").unwrap() {
            let today = Part::starting(day);
            let charge = today.charge(Money::fen(9_900), 30);
            assert!(charge > Money::ZERO && charge <= Money::fen(9_900), "{day}");
            if day.day() > 1 {
                assert_eq!(Part::starting(day.plus_days(-1)).days, today.days + 1);
            }
            day = day.plus_days(1);
        }
    }
}
