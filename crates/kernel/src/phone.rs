//! Telephone numbers: normalised once at the edge, masked on the way out.

use crate::{Problem, codes};
use std::fmt;

/// A telephone number in E.164 form without spaces (`+8613900138000`), or a domestic service number (`10086`).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Phone(String);

impl Phone {
    /// Accepts mainland mobile and fixed numbers in their usual spellings (spaces, hyphens, brackets, full-width
    /// digits, leading 0/86/+86/0086) and foreign numbers with a leading `+`.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let invalid = || Problem::new(&codes::PHONE_INVALID).with("value", text);
        let mut digits = String::with_capacity(16);
        let mut plus = false;
        for c in text.trim().chars() {
            match c {
                '0'..='9' => digits.push(c),
                '０'..='９' => digits.push((b'0' + (c as u32 - '０' as u32) as u8) as char),
                '+' | '＋' if digits.is_empty() && !plus => plus = true,
                ' ' | '-' | '(' | ')' | '（' | '）' | '－' | '\u{a0}' | '.' => {}
                _ => return Err(invalid()),
            }
        }
        if let Some(rest) = digits.strip_prefix("00")
            && rest.len() > 8
        {
            digits = rest.to_owned();
            plus = true;
        }
        let national = match digits.strip_prefix("86") {
            Some(rest) if plus || rest.len() >= 10 => rest,
            _ if plus => {
                return if (8..=15).contains(&digits.len()) && !digits.starts_with('0') {
                    Ok(Self(format!("+{digits}")))
                } else {
                    Err(invalid())
                };
            }
            _ => &digits,
        };
        let trimmed = national.strip_prefix('0').unwrap_or(national);
        let mobile = trimmed.len() == 11 && trimmed.starts_with('1') && !matches!(trimmed.as_bytes()[1], b'0'..=b'2');
        let fixed = (10..=11).contains(&trimmed.len())
            && (trimmed.starts_with("10") || trimmed.starts_with("2") || matches!(trimmed.as_bytes()[0], b'3'..=b'9'));
        let short = !plus && (3..=8).contains(&digits.len()) && !digits.starts_with('0');
        if mobile || fixed {
            Ok(Self(format!("+86{trimmed}")))
        } else if short {
            Ok(Self(digits))
        } else {
            Err(invalid())
        }
    }
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// Without the country code where it is China's: what a clerk reads and types.
    pub fn national(&self) -> &str {
        self.0.strip_prefix("+86").unwrap_or(&self.0)
    }
    pub fn masked(&self) -> String {
        mask_phone(self.national())
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `13900138000` → `139****8000`.
pub fn mask_phone(text: &str) -> String {
    mask_middle(text, 3, 4)
}

/// `110101199003078515` → `1101**********8515`.
pub fn mask_certificate(text: &str) -> String {
    mask_middle(text, 4, 4)
}

fn mask_middle(text: &str, head: usize, tail: usize) -> String {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() <= head + tail {
        // Too short to show both ends: keep one character so that rows can still be told apart.
        return chars.iter().enumerate().map(|(i, c)| if i == 0 { *c } else { '*' }).collect();
    }
    let hidden = head..chars.len() - tail;
    chars.iter().enumerate().map(|(i, c)| if hidden.contains(&i) { '*' } else { *c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_spellings_give_one_number() {
        for text in [
            "13900138000",
            "139 0013 8000",
            "+86 139-0013-8000",
            "008613900138000",
            "８６13900138000",
            "0139 0013 8000",
        ] {
            assert_eq!(Phone::parse(text).unwrap().as_str(), "+8613900138000", "{text}");
        }
        assert_eq!(Phone::parse("(020) 8888 6666").unwrap().as_str(), "+862088886666");
        assert_eq!(Phone::parse("010-65001234").unwrap().as_str(), "+861065001234");
        assert_eq!(Phone::parse("+1 202 555 0143").unwrap().as_str(), "+12025550143");
        assert_eq!(Phone::parse("10086").unwrap().as_str(), "10086");
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for bad in
            ["", "abc", "1390013800", "+86", "12", "1390013800012345678", "139001380OO", "\u{202e}13900138000", "+"]
        {
            assert!(Phone::parse(bad).is_err(), "{bad:?} {:?}", Phone::parse(bad));
        }
    }

    #[test]
    fn masks_keep_the_ends_only() {
        assert_eq!(mask_phone("13900138000"), "139****8000");
        assert_eq!(mask_certificate("110101199003078515"), "1101**********8515");
        assert_eq!(mask_phone("10086"), "1****");
    }
}
