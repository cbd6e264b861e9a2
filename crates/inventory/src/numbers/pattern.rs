//! Fine numbers: the shape of a number's ending, and the patterns clerks search by.

use crate::problems;
use kernel::{Problem, Result};
use store::Filter;

/// The ending of a number: how many equal digits, how many that count up, and the shape of the last four.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shape {
    pub same: u8,
    pub run: u8,
    /// `AABB`, `ABAB` or `ABBA`; empty for others.
    pub name: &'static str,
}

impl Shape {
    pub fn of(number: &str) -> Self {
        let digits: Vec<u8> = number.bytes().rev().collect();
        let streak = |follows: fn(u8, u8) -> bool| {
            1 + digits.windows(2).take_while(|w| follows(w[0], w[1])).count().min(18) as u8
        };
        let name = match digits[..] {
            [d, c, b, a, ..] if a != c || b != d => match () {
                () if a == b && c == d => "AABB",
                () if a == d && b == c && a != b => "ABBA",
                () => "",
            },
            [d, _, _, a, ..] if a != d => "ABAB",
            _ => "",
        };
        Self { same: streak(|last, before| last == before), run: streak(|last, before| last == before + 1), name }
    }
}

/// A search pattern.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Pattern {
    Any,
    Prefix(String),
    Suffix(String),
    Contains(String),
    Exact(String),
    /// Ends in so many equal digits (`*AAA`) …
    Same(u8),
    /// … or digits that count up (`*ABCD`) …
    Run(u8),
    /// … or four digits of this shape.
    Tail(&'static str),
}

impl Pattern {
    /// `*888*`, `1390013*`, `*888`, `13900138000`, `*AAA`, `AAAA`, `*ABCD`, `*AABB`; bare digits mean "contains".
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim().to_ascii_uppercase();
        let invalid = || Problem::new(&problems::PATTERN_INVALID).with("value", &text).field("pattern");
        let core = text.trim_matches('*');
        if core.len() > 18 {
            return Err(invalid());
        }
        let (open_start, open_end) = (text.starts_with('*'), text.ends_with('*'));
        if core.is_empty() {
            return Ok(Self::Any);
        }
        if core.bytes().all(|b| b.is_ascii_digit()) {
            let core = core.to_owned();
            return Ok(match (open_start, open_end) {
                (true, false) => Self::Suffix(core),
                (false, true) => Self::Prefix(core),
                (false, false) if core.len() >= 11 => Self::Exact(core),
                _ => Self::Contains(core),
            });
        }
        let letters = core.as_bytes();
        let length = letters.len() as u8;
        if letters.iter().all(|b| *b == b'A') {
            return Ok(Self::Same(length));
        }
        if letters.iter().zip(b'A'..).all(|(b, expected)| *b == expected) {
            return Ok(Self::Run(length));
        }
        ["AABB", "ABAB", "ABBA"].into_iter().find(|s| *s == core).map(Self::Tail).ok_or_else(invalid)
    }

    /// Whether a number fits: what the class rules use, and what the search in SQL must agree with.
    pub fn fits(&self, number: &str) -> bool {
        let shape = Shape::of(number);
        match self {
            Self::Any => true,
            Self::Prefix(p) => number.starts_with(p.as_str()),
            Self::Suffix(s) => number.ends_with(s.as_str()),
            Self::Contains(c) => number.contains(c.as_str()),
            Self::Exact(n) => number == n,
            Self::Same(n) => shape.same >= *n,
            Self::Run(n) => shape.run >= *n,
            Self::Tail(name) => shape.name == *name,
        }
    }

    /// Adds the condition and returns the order that its index gives.
    pub(super) fn restrict(&self, filter: &mut Filter) -> &'static str {
        let end = |s: &str| format!("{s}:"); // ':' is the byte after '9'
        match self {
            Self::Any => {}
            Self::Exact(n) => filter.equal("number", n.as_str()),
            Self::Prefix(p) => {
                let (from, to) = (filter.bind(p.as_str()), filter.bind(end(p)));
                filter.and(format!("number >= {from} AND number < {to}"));
            }
            Self::Suffix(s) => {
                let reversed: String = s.chars().rev().collect();
                let (from, to) = (filter.bind(reversed.as_str()), filter.bind(end(&reversed)));
                filter.and(format!("reversed >= {from} AND reversed < {to}"));
                return "reversed";
            }
            Self::Contains(c) => {
                let like = filter.bind(format!("%{c}%"));
                filter.and(format!("number LIKE {like}"));
            }
            // The literals repeat the condition of the partial index, which the planner must see.
            Self::Same(n) => {
                let least = filter.bind(i64::from(*n));
                let index = if *n >= 3 { " AND tail_same >= 3" } else { "" };
                filter.and(format!("tail_same >= {least}{index}"));
            }
            Self::Run(n) => {
                let least = filter.bind(i64::from(*n));
                let index = if *n >= 3 { " AND tail_run >= 3" } else { "" };
                filter.and(format!("tail_run >= {least}{index}"));
            }
            Self::Tail(name) => filter.equal("tail_shape", *name),
        }
        "number"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_have_their_shape() {
        for (number, same, run, name) in [
            ("13900138888", 4, 1, ""),
            ("13900131234", 1, 4, ""),
            ("13900131122", 2, 1, "AABB"),
            ("13900131212", 1, 2, "ABAB"),
            ("13900131221", 1, 1, "ABBA"),
            ("13900137890", 1, 1, ""),
        ] {
            assert_eq!(Shape::of(number), Shape { same, run, name }, "{number}");
        }
    }

    #[test]
    fn patterns_are_read_as_clerks_write_them() {
        for (text, pattern) in [
            ("", Pattern::Any),
            ("*888*", Pattern::Contains("888".into())),
            ("888", Pattern::Contains("888".into())),
            ("1390013*", Pattern::Prefix("1390013".into())),
            ("*888", Pattern::Suffix("888".into())),
            ("*aaa", Pattern::Same(3)),
            ("*ABCD", Pattern::Run(4)),
            ("AABB", Pattern::Tail("AABB")),
        ] {
            assert_eq!(Pattern::parse(text).unwrap(), pattern, "{text}");
        }
        for bad in ["*AXB", "1*2", "%", "*ABA", "'; drop"] {
            assert!(Pattern::parse(bad).is_err(), "{bad}");
        }
    }
}
