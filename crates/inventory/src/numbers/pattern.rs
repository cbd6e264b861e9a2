//! Patterns that clerks search numbers by, and whether a number fits one.
//!
//! A pattern is one or more rows of symbols with an anchor. Every search and every class rule goes through
//! [`Row::endings`], so that what the search finds and what the rules say cannot differ.

mod symbols;

use crate::problems;
use kernel::{Problem, Result};
pub(super) use symbols::{Ending, Row, Symbol};

/// Where the symbols must lie in the number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Anchor {
    Start,
    End,
    Whole,
    Anywhere,
}

/// A search pattern: a number fits where one of its rows does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pattern {
    pub(super) rows: Vec<Row>,
    pub(super) anchor: Anchor,
    /// No digit 4, which sounds like death.
    pub(super) without_four: bool,
}

/// Symbols a pattern may have.
const MOST: usize = 18;
/// Different letters a pattern may have: each stands for a digit of its own.
const LETTERS: usize = 4;

impl Pattern {
    /// Every number.
    pub fn any() -> Self {
        Self { rows: vec![Row::default()], anchor: Anchor::Start, without_four: false }
    }
    #[must_use]
    pub fn without_four(self, wanted: bool) -> Self {
        Self { without_four: wanted, ..self }
    }
    pub fn is_any(&self) -> bool {
        self.rows.iter().all(|r| r.symbols.is_empty())
    }
    /// The number that the pattern spells out, where it is one.
    pub fn exact(&self) -> Option<String> {
        match (self.anchor, self.rows.as_slice()) {
            (Anchor::Whole, [row]) => row.digits(),
            _ => None,
        }
    }

    /// The digits a number must begin with, where that is all or part of the pattern.
    pub(super) fn prefix(&self) -> Option<String> {
        let [row] = self.rows.as_slice() else { return None };
        let fixed = matches!(self.anchor, Anchor::Start | Anchor::Whole);
        let digit = |s: &Symbol| if let Symbol::Digit(d) = s { Some(char::from(*d)) } else { None };
        let digits: String = row.symbols.iter().map_while(digit).collect();
        (fixed && !digits.is_empty()).then_some(digits)
    }

    /// `*888*`, `1390013*`, `*888`, `13900138000`, `139????8888`, `*AAA`, `*ABCD`, `*DCBA`, `*AABB`, `*ABAB`, `*AAAB`, `*A8A8`,
    /// `*AAA*`. A star leaves that side open; `?` is any digit; the same letter is the same digit, another letter another
    /// one; letters in the order of the alphabet count up, against it down. Bare digits mean "contains", bare letters "ends
    /// in".
    pub fn parse(text: &str) -> Result<Self> {
        let text: String = text.trim().chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        let text = text.to_ascii_uppercase().replace('？', "?").replace('＊', "*");
        let invalid = || Problem::new(&problems::PATTERN_INVALID).with("value", &text).field("pattern");
        let core = text.trim_matches('*');
        let fine = |b: u8| b.is_ascii_digit() || b.is_ascii_uppercase() || b == b'?';
        if core.len() > MOST || !core.bytes().all(fine) {
            return Err(invalid());
        }
        if core.bytes().all(|b| b == b'?') && (core.is_empty() || text.starts_with('*') || text.ends_with('*')) {
            return Ok(Self::any());
        }
        let letters = core.bytes().any(|b| b.is_ascii_uppercase());
        let anchor = match (text.starts_with('*'), text.ends_with('*')) {
            (true, true) => Anchor::Anywhere,
            (true, false) => Anchor::End,
            (false, true) => Anchor::Start,
            (false, false) if core.contains('?') || core.len() >= 11 => Anchor::Whole,
            (false, false) if letters => Anchor::End,
            (false, false) => Anchor::Anywhere,
        };
        let rows = Row::read(core, LETTERS).ok_or_else(invalid)?;
        Ok(Self { rows, anchor, without_four: false })
    }

    /// Whether a number fits.
    pub fn fits(&self, number: &str) -> bool {
        let digits = number.as_bytes();
        if self.without_four && digits.contains(&b'4') {
            return false;
        }
        self.rows.iter().any(|row| {
            let (length, whole) = (row.symbols.len(), digits.len());
            if length > whole {
                return false;
            }
            let at = |offset: usize| row.fits(&digits[offset..offset + length]);
            match self.anchor {
                Anchor::Start => at(0),
                Anchor::End => at(whole - length),
                Anchor::Whole => length == whole && at(0),
                Anchor::Anywhere => (0..=whole - length).any(at),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_read_as_clerks_write_them() {
        for (text, fits, not) in [
            ("*888*", "13988801234", "13900138800"),
            ("888", "13988801234", "13900138800"),
            ("1390013*", "13900138000", "13900238000"),
            ("*888", "13900138888", "13988801234"),
            ("13900138000", "13900138000", "13900138001"),
            ("139????8888", "13912348888", "13812348888"),
            ("*aaa", "13900138777", "13900137778"),
            ("AAAA", "13900138888", "13900138880"),
            ("*ABCD", "13900131234", "13900131235"),
            ("*DCBA", "13900134321", "13900131234"),
            ("*AABB", "13900138866", "13900138888"),
            ("*ABAB", "13900138686", "13900138888"),
            ("*ABBA", "13900138668", "13900138666"),
            ("*AAAB", "13900138886", "13900138888"),
            ("*AAA*", "13955512340", "13956512341"),
            ("*A8A8", "13900137878", "13900137868"),
            ("*ABCABC", "13900471471", "13900471472"),
            ("*8?8", "13900138858", "13900138885"),
            ("139 0013 8000", "13900138000", "13900138001"),
        ] {
            let pattern = Pattern::parse(text).unwrap();
            assert!(pattern.fits(fits) && !pattern.fits(not), "{text}");
        }
        assert!(Pattern::parse("").unwrap().is_any() && Pattern::parse("*").unwrap().fits("1"));
        let lucky = Pattern::parse("139*").unwrap().without_four(true);
        assert!(lucky.fits("13900138000") && !lucky.fits("13900138004"));
        for bad in ["1*2", "*AXB", "%", "'; drop", "*ABCDEFG1", "1234567890123456789", "十"] {
            assert!(Pattern::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_pattern_that_spells_a_number_is_that_number() {
        assert_eq!(Pattern::parse("13900138000").unwrap().exact().as_deref(), Some("13900138000"));
        assert_eq!(Pattern::parse("139????8000").unwrap().exact(), None);
    }
}
