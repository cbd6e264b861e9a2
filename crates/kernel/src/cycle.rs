//! Billing cycles: a month that begins on a given day.

use crate::Date;
use serde::{Deserialize, Serialize};

/// One billing cycle, named by its first day. A cycle that begins on the 1st is a natural month.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cycle(Date);

impl Cycle {
    /// The last day a cycle may begin on: every month has it.
    pub const LAST_DAY: i8 = 28;

    /// The cycle that `date` lies in, where cycles begin on `day` (1 to 28).
    pub fn containing(date: Date, day: i8) -> Self {
        let first = date.first_of_month().plus_days(i32::from(day.clamp(1, Self::LAST_DAY)) - 1);
        Self(if first > date { first.plus_months(-1) } else { first })
    }
    /// The natural month of a date.
    pub fn month_of(date: Date) -> Self {
        Self(date.first_of_month())
    }
    /// The cycle that begins on this day, which is at most the 28th.
    pub fn starting(first: Date) -> Self {
        Self::containing(first, first.day())
    }
    pub fn first(self) -> Date {
        self.0
    }
    /// The last day, included.
    pub fn last(self) -> Date {
        self.0.plus_months(1).plus_days(-1)
    }
    pub fn next(self) -> Self {
        Self(self.0.plus_months(1))
    }
    pub fn previous(self) -> Self {
        Self(self.0.plus_months(-1))
    }
    pub fn days(self) -> i64 {
        self.next().0.days_since(self.0)
    }
    pub fn contains(self, date: Date) -> bool {
        self.0 <= date && date < self.next().0
    }
    /// For lists and file names: the month for a natural month, the first day otherwise.
    pub fn label(self) -> String {
        let text = self.0.to_string();
        if self.0.day() == 1 { text[..7].to_owned() } else { text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn every_day_lies_in_exactly_one_cycle_whatever_day_cycles_begin_on() {
        for day in 1..=Cycle::LAST_DAY {
            let mut today = date("2027-12-20");
            while today < date("2028-04-10") {
                let cycle = Cycle::containing(today, day);
                assert!(cycle.contains(today) && !cycle.next().contains(today) && !cycle.previous().contains(today));
                assert_eq!(cycle.first().day(), day);
                assert_eq!(cycle.last().plus_days(1), cycle.next().first());
                today = today.plus_days(1);
            }
        }
    }

    #[test]
    fn a_leap_february_has_29_days_and_a_month_is_labelled_by_its_month() {
        assert_eq!(Cycle::month_of(date("2028-02-29")).days(), 29);
        assert_eq!(Cycle::month_of(date("2027-02-03")).days(), 28);
        assert_eq!(Cycle::containing(date("2028-02-29"), 21).days(), 29);
        assert_eq!(Cycle::month_of(date("2028-02-29")).label(), "2028-02");
        assert_eq!(Cycle::containing(date("2028-02-11"), 21).label(), "2028-01-21");
    }
}
