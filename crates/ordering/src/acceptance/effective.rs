//! When a business takes effect (生效方式).

use crate::problems;
use kernel::{Date, Problem, Result, Timestamp};
use serde::Serialize;

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Effective {
    Immediate,
    NextDay,
    NextMonth,
    /// The next billing cycle; the system's cycle is the natural month.
    NextCycle,
    /// On a day that the customer names (预约).
    Date,
}

/// Further ahead nobody books.
const MOST_DAYS: i64 = 366;

impl Effective {
    pub const ALL: [Self; 5] = [Self::Immediate, Self::NextDay, Self::NextMonth, Self::NextCycle, Self::Date];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Immediate => "immediate",
            Self::NextDay => "nextDay",
            Self::NextMonth => "nextMonth",
            Self::NextCycle => "nextCycle",
            Self::Date => "date",
        }
    }
    pub fn parse(text: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|e| e.name() == text);
        found.ok_or_else(|| Problem::invalid("effective", &Self::ALL.map(Self::name).join(" | ")))
    }
    /// The moment it takes effect when it is asked for at `now`; `day` is what the customer named.
    pub fn at(self, now: Timestamp, day: Option<&str>) -> Result<Timestamp> {
        let today = now.date();
        Ok(match self {
            Self::Immediate => now,
            Self::NextDay => today.plus_days(1).start(),
            Self::NextMonth | Self::NextCycle => today.first_of_month().plus_months(1).start(),
            Self::Date => {
                let day = Date::parse(day.ok_or_else(|| Problem::missing("effectiveDate"))?)
                    .map_err(|_| Problem::invalid("effectiveDate", "YYYY-MM-DD"))?;
                if !(0..=MOST_DAYS).contains(&day.days_since(today)) {
                    return Err(Problem::new(&problems::EFFECTIVE_DATE)
                        .with("value", &day.to_string())
                        .field("effectiveDate"));
                }
                if day == today { now } else { day.start() }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mode_has_its_moment_in_business_time() {
        let now = Timestamp::parse("2026-12-31T23:30:00+08:00").unwrap();
        let at = |mode: Effective, day| mode.at(now, day).map(|t| t.to_string());
        assert_eq!(at(Effective::Immediate, None).unwrap(), "2026-12-31T15:30:00.000Z");
        assert_eq!(at(Effective::NextDay, None).unwrap(), "2026-12-31T16:00:00.000Z");
        assert_eq!(at(Effective::NextCycle, None).unwrap(), "2026-12-31T16:00:00.000Z");
        assert_eq!(at(Effective::Date, Some("2027-02-28")).unwrap(), "2027-02-27T16:00:00.000Z");
        assert_eq!(at(Effective::Date, Some("2026-12-31")).unwrap(), "2026-12-31T15:30:00.000Z");
        for bad in [None, Some("2026-12-30"), Some("2028-06-01"), Some("soon")] {
            assert!(at(Effective::Date, bad).is_err(), "{bad:?}");
        }
    }
}
