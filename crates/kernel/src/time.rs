//! Points in time (microseconds since 1970, UTC) and calendar days in the operator's time zone.

use crate::{Problem, codes};
use jiff::{civil, tz::Offset};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// Business days and months are those of China Standard Time, which has had no daylight saving since 1991.
const BUSINESS_OFFSET: Offset = Offset::constant(8);
const SECOND: i64 = 1_000_000;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Timestamp(i64);

impl Timestamp {
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }
    pub const fn micros(self) -> i64 {
        self.0
    }
    pub const fn millis(self) -> i64 {
        self.0 / 1_000
    }
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0 + seconds * SECOND)
    }
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self(self.0 + millis * 1_000)
    }
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0) / SECOND
    }
    /// The calendar day in the operator's time zone.
    pub fn date(self) -> Date {
        Date(BUSINESS_OFFSET.to_datetime(self.jiff()).date())
    }
    /// The hour of the business day, 0–23.
    pub fn hour(self) -> i8 {
        BUSINESS_OFFSET.to_datetime(self.jiff()).hour()
    }
    /// Accepts RFC 3339, with or without fraction, and a plain date (midnight, business time).
    pub fn parse(text: &str) -> Result<Self, Problem> {
        if let Ok(t) = text.parse::<jiff::Timestamp>() {
            return Ok(Self(t.as_microsecond()));
        }
        Date::parse(text).map(Date::start).map_err(|_| Problem::new(&codes::TIME_INVALID).with("value", text))
    }
    fn jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = jiff::Timestamp::from_millisecond(self.millis()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        write!(f, "{millis:.3}")
    }
}
impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(d)?).map_err(|p| serde::de::Error::custom(p.code.id))
    }
}

/// A calendar day in the operator's time zone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Date(civil::Date);

impl Date {
    pub fn new(year: i16, month: i8, day: i8) -> Result<Self, Problem> {
        civil::Date::new(year, month, day).map(Self).map_err(|_| Problem::new(&codes::TIME_INVALID))
    }
    /// Accepts `YYYY-MM-DD`, `YYYY/MM/DD` and `YYYYMMDD`.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let digits: String = match text.len() {
            8 => text.to_owned(),
            10 => text.replace(['-', '/'], ""),
            _ => String::new(),
        };
        let number = |range| digits.get(range).and_then(|s: &str| s.parse::<i16>().ok());
        match (
            digits.len() == 8 && digits.bytes().all(|b| b.is_ascii_digit()),
            number(0..4),
            number(4..6),
            number(6..8),
        ) {
            (true, Some(y), Some(m), Some(d)) => Self::new(y, m as i8, d as i8),
            _ => Err(Problem::new(&codes::TIME_INVALID).with("value", text)),
        }
    }
    /// Midnight at the start of the day.
    pub fn start(self) -> Timestamp {
        let at = BUSINESS_OFFSET.to_timestamp(self.0.to_datetime(civil::Time::midnight()));
        Timestamp(at.unwrap_or(jiff::Timestamp::UNIX_EPOCH).as_microsecond())
    }
    pub fn year(self) -> i16 {
        self.0.year()
    }
    pub fn month(self) -> i8 {
        self.0.month()
    }
    pub fn day(self) -> i8 {
        self.0.day()
    }
    pub fn first_of_month(self) -> Self {
        Self(self.0.first_of_month())
    }
    pub fn last_of_month(self) -> Self {
        Self(self.0.last_of_month())
    }
    pub fn plus_days(self, days: i32) -> Self {
        Self(self.0.saturating_add(jiff::Span::new().days(days)))
    }
    pub fn plus_months(self, months: i32) -> Self {
        Self(self.0.saturating_add(jiff::Span::new().months(months)))
    }
    /// Whole days from `earlier` to this day.
    pub fn days_since(self, earlier: Self) -> i64 {
        (self.start().0 - earlier.start().0) / (86_400 * SECOND)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
impl Serialize for Date {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(d)?).map_err(|p| serde::de::Error::custom(p.code.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_business_day_starts_at_midnight_in_china() {
        let late_evening_utc = Timestamp::parse("2026-11-22T16:30:00Z").unwrap();
        assert_eq!(late_evening_utc.date().to_string(), "2026-11-23");
        assert_eq!(Date::parse("20261123").unwrap().start().to_string(), "2026-11-22T16:00:00.000Z");
    }

    #[test]
    fn impossible_days_are_refused() {
        for bad in ["20260230", "2026-13-01", "yesterday", "", "99999999", "２０２６０１０１"] {
            assert!(Date::parse(bad).is_err(), "{bad}");
        }
    }
}
