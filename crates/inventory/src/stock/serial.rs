//! Serial numbers with a check digit.

use super::Kind;
use crate::problems;
use kernel::{Problem, Result};

/// Whether the last digit is the check digit of those before it (ISO/IEC 7812).
pub fn luhn(digits: &str) -> bool {
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) && sum(digits, false).is_multiple_of(10)
}

/// The digits with their check digit.
pub fn with_luhn(digits: &str) -> String {
    let check = (10 - sum(digits, true) % 10) % 10;
    format!("{digits}{check}")
}

fn sum(digits: &str, doubled_first: bool) -> u32 {
    let double = |n: u32| if n > 4 { 2 * n - 9 } else { 2 * n };
    let digits = digits.bytes().rev().map(|b| u32::from(b - b'0'));
    digits.enumerate().map(|(i, n)| if (i % 2 == 1) != doubled_first { double(n) } else { n }).sum()
}

/// Checks a serial number as its kind demands it.
pub fn check(kind: Kind, serial: &str) -> Result<()> {
    let good = match kind {
        // 89 for telecommunication, 86 for China, and a check digit.
        Kind::Sim => matches!(serial.len(), 19 | 20) && serial.starts_with("8986") && luhn(serial),
        Kind::Phone => serial.len() == 15 && luhn(serial),
        Kind::Onu | Kind::Stb | Kind::SmartHome => {
            (6..=32).contains(&serial.len()) && serial.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        }
    };
    if good { Ok(()) } else { Err(Problem::new(&problems::SERIAL_INVALID).with("value", serial).field("serial")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_are_those_of_the_standard() {
        assert!(luhn("490154203237518") && !luhn("490154203237519"), "an IMEI");
        assert!(luhn("79927398713") && !luhn("7992739871"));
        for digits in ["898600123456789012", "35693803564380", "1"] {
            assert!(luhn(&with_luhn(digits)), "{digits}");
        }
        assert!(check(Kind::Sim, &with_luhn("898600123456789012")).is_ok());
        assert!(check(Kind::Sim, "8986001234567890123").is_err() || luhn("8986001234567890123"));
        assert!(check(Kind::Onu, "ZTEG-C8A1B2C3").is_ok() && check(Kind::Onu, "a b").is_err());
    }
}
