//! Amounts in fen (1/100 yuan) as whole numbers; never floating point on the way to a record.

use crate::{Problem, codes};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::fmt;

/// An amount of CNY in fen. Negative amounts are credits or reversals.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(i64);

/// 10 billion yuan: larger single amounts are typing errors, and sums of many stay far from overflow.
const LIMIT: i64 = 1_000_000_000_000;

impl Money {
    pub const ZERO: Self = Self(0);

    pub const fn fen(fen: i64) -> Self {
        Self(fen)
    }
    pub const fn in_fen(self) -> i64 {
        self.0
    }
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
    /// Parses a decimal text in yuan with at most two decimals, such as `12`, `12.5`, `-0.05`.
    pub fn parse_yuan(text: &str) -> Result<Self, Problem> {
        let invalid = || Problem::new(&codes::MONEY_INVALID).with("value", text);
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let numeric = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        let fraction = fraction.trim_end_matches('0');
        if whole.is_empty() || whole.len() > 12 || fraction.len() > 2 || !numeric(whole) || !numeric(fraction) {
            return Err(invalid());
        }
        let fen = whole.parse::<i64>().map_err(|_| invalid())? * 100
            + format!("{fraction:0<2}").parse::<i64>().map_err(|_| invalid())?;
        if fen > LIMIT {
            return Err(invalid());
        }
        Ok(Self(if negative { -fen } else { fen }))
    }
    /// Reads a TMF `Money` object (`{"unit":"CNY","value":12.5}`) or a bare number of yuan.
    pub fn from_tmf(value: &Value) -> Result<Self, Problem> {
        let number = match value {
            Value::Object(o) => {
                match o.get("unit").and_then(Value::as_str) {
                    None | Some("CNY") | Some("元") => {}
                    Some(other) => return Err(Problem::new(&codes::CURRENCY_UNKNOWN).with("value", other)),
                }
                o.get("value").or_else(|| o.get("amount")).cloned().unwrap_or(Value::Null)
            }
            other => other.clone(),
        };
        match &number {
            Value::Number(n) => Self::parse_yuan(&n.to_string()),
            Value::String(s) => Self::parse_yuan(s),
            other => Err(Problem::new(&codes::MONEY_INVALID).with("value", &other.to_string())),
        }
    }
    pub fn to_tmf(self) -> Value {
        json!({"unit": "CNY", "value": self.0 as f64 / 100.0})
    }
    /// Fails instead of wrapping when the sum leaves the range of believable amounts.
    pub fn plus(self, other: Self) -> Result<Self, Problem> {
        self.0.checked_add(other.0).map(Self).ok_or_else(|| Problem::new(&codes::MONEY_INVALID))
    }
    pub fn times(self, count: i64) -> Result<Self, Problem> {
        match self.0.checked_mul(count) {
            Some(fen) if fen.unsigned_abs() <= LIMIT.unsigned_abs() => Ok(Self(fen)),
            _ => Err(Problem::new(&codes::MONEY_INVALID)),
        }
    }
    /// `self × part ÷ whole`, rounded half away from zero to a fen.
    pub fn prorated(self, part: i64, whole: i64) -> Self {
        let scaled = i128::from(self.0) * i128::from(part) * 2;
        let whole = i128::from(whole);
        Self(((scaled + whole * scaled.signum()) / (2 * whole)) as i64)
    }
    pub const fn negated(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fen = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", fen / 100, fen % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yuan_texts_become_fen_exactly() {
        for (text, fen) in [("0", 0), ("12", 1200), ("0.1", 10), ("0.29", 29), ("-3.5", -350), ("128.00", 12800)] {
            assert_eq!(Money::parse_yuan(text).unwrap(), Money::fen(fen), "{text}");
        }
        for bad in ["", ".", "1.234", "1e3", "NaN", "9999999999999", "１２", "1,000", "--1"] {
            assert!(Money::parse_yuan(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_part_month_is_rounded_to_the_nearest_fen() {
        assert_eq!(Money::fen(300_000).prorated(15, 30), Money::fen(150_000));
        assert_eq!(Money::fen(100).prorated(1, 30), Money::fen(3));
        assert_eq!(Money::fen(-100).prorated(1, 30), Money::fen(-3));
        assert_eq!(Money::fen(50).prorated(1, 100), Money::fen(1));
    }
}
