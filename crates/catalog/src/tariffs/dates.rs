//! Days as operators write them.

use super::text::plain;
use kernel::{Date, Timestamp};
use regex::Regex;
use serde_json::Value;
use std::sync::LazyLock;

static PARTS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?:\D.*)?$").ok());

/// A year from here on means "without end" (`99991231`).
const OPEN_END: i16 = 2900;

/// The day; `None` where there is none or it is open (`长期有效`); `Err` with the text where it is not a day that exists.
pub fn day(value: Option<&Value>) -> Result<Option<Date>, String> {
    let text = match value {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Number(n)) => n.to_string(),
        Some(Value::String(s)) => plain(s.trim()),
        Some(other) => return Err(other.to_string()),
    };
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    let date = match (digits, text.len()) {
        (true, 8) => Date::parse(&text),
        (true, 14) => Date::parse(&text[..8]),
        (true, 13) => {
            text.parse().map(|ms: i64| Timestamp::from_micros(ms.saturating_mul(1_000)).date()).map_err(|_| invalid())
        }
        (true, 10) => {
            text.parse().map(|s: i64| Timestamp::from_micros(s.saturating_mul(1_000_000)).date()).map_err(|_| invalid())
        }
        _ if !text.bytes().any(|b| b.is_ascii_digit()) => return Ok(None),
        _ => match PARTS.as_ref().and_then(|p| p.captures(&text)) {
            Some(parts) if !text.contains('T') => {
                let n = |i: usize| parts[i].parse::<i16>().unwrap_or(0);
                Date::new(n(1), n(2) as i8, n(3) as i8)
            }
            _ => Timestamp::parse(&text).map(Timestamp::date),
        },
    };
    match date {
        Ok(date) if date.year() >= OPEN_END => Ok(None),
        Ok(date) if date.year() >= 1949 => Ok(Some(date)),
        _ => Err(text),
    }
}

fn invalid() -> kernel::Problem {
    kernel::Problem::new(&kernel::codes::TIME_INVALID)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn days_are_read_in_every_published_form() {
        let expected = Some(Date::new(2026, 1, 15).unwrap());
        for value in [
            json!("20260115"),
            json!(20_260_115),
            json!("2026-01-15"),
            json!("2026/1/15"),
            json!("2026.01.15"),
            json!("2026年1月15日"),
            json!("2026-01-15 08:30:00"),
            json!("20260115083000"),
            json!("2026-01-15T00:00:00+08:00"),
            json!("２０２６０１１５"),
            json!(1_768_435_200_000_i64),
            json!(1_768_435_200),
            json!(" 20260115 "),
        ] {
            assert_eq!(day(Some(&value)), Ok(expected), "{value}");
        }
    }

    #[test]
    fn an_open_end_is_none_and_an_impossible_day_is_an_error() {
        for open in [json!("长期有效"), json!(""), json!("-"), json!("无"), json!(null), json!("99991231")] {
            assert_eq!(day(Some(&open)), Ok(None), "{open}");
        }
        assert_eq!(day(None), Ok(None));
        for bad in [
            json!("20260230"),
            json!("2026-13-01"),
            json!("202601"),
            json!("明年3月"),
            json!(0),
            json!("00000000"),
            json!([2026]),
            json!("12/31"),
        ] {
            assert!(day(Some(&bad)).is_err(), "{bad}");
        }
    }
}
