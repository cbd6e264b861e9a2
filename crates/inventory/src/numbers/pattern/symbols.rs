//! A row of symbols: digits, place-holders and letters, matched against digits.

use std::collections::BTreeMap;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(in crate::numbers) enum Symbol {
    Digit(u8),
    Any,
    /// The same letter is the same digit, another letter another digit.
    Letter(u8),
}

/// Digits in ASCII that letters stand for so far.
type Bound = BTreeMap<u8, u8>;

#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(in crate::numbers) struct Row {
    pub symbols: Vec<Symbol>,
}

impl Row {
    /// The rows that a text means: one, or for letters that count up or down one for each digit to start with.
    pub(super) fn read(text: &str, most_letters: usize) -> Option<Vec<Self>> {
        let bytes = text.as_bytes();
        let letters: Vec<u8> = bytes.iter().copied().filter(u8::is_ascii_uppercase).collect();
        if letters.len() == bytes.len() && letters.len() >= 2 {
            let step = |up: bool| letters.windows(2).all(|w| if up { w[1] == w[0] + 1 } else { w[0] == w[1] + 1 });
            if step(true) || step(false) {
                return Self::counting(letters.len(), step(true));
            }
        }
        // Letters are introduced in their order: AABB, not XXYY, so that a slip of the pen is noticed.
        let mut different: Vec<u8> = Vec::new();
        for letter in letters {
            if !different.contains(&letter) {
                different.push(letter);
            }
        }
        if different.len() > most_letters || !different.iter().zip(b'A'..).all(|(l, expected)| *l == expected) {
            return None;
        }
        let symbol = |b: &u8| match b {
            b'?' => Symbol::Any,
            b if b.is_ascii_digit() => Symbol::Digit(*b),
            b => Symbol::Letter(*b),
        };
        Some(vec![Self { symbols: bytes.iter().map(symbol).collect() }])
    }

    fn counting(length: usize, up: bool) -> Option<Vec<Self>> {
        let length = u8::try_from(length).ok().filter(|n| *n <= 10)?;
        let run = |first: u8| {
            let digit = |i: u8| Symbol::Digit(b'0' + if up { first + i } else { first + length - 1 - i });
            Self { symbols: (0..length).map(digit).collect() }
        };
        Some((0..=10 - length).map(run).collect())
    }

    /// The digits, where there is nothing but digits.
    pub(super) fn digits(&self) -> Option<String> {
        let digit = |s: &Symbol| if let Symbol::Digit(d) = s { Some(char::from(*d)) } else { None };
        self.symbols.iter().map(digit).collect()
    }

    /// Whether as many digits fit the symbols.
    pub(super) fn fits(&self, digits: &[u8]) -> bool {
        bind(&self.symbols, digits, &mut Bound::new())
    }

    /// The four symbols that a number's ending must fit where the row lies at `offset` of a number with this head; `None`
    /// where the head does not fit. Letters that the head fixes are digits then.
    pub(in crate::numbers) fn ending(&self, head: &[u8], offset: usize) -> Option<Ending> {
        let (mut bound, start) = (Bound::new(), offset.min(head.len()));
        let in_head = (head.len() - start).min(self.symbols.len());
        if !bind(&self.symbols[..in_head], &head[start..start + in_head], &mut bound) {
            return None;
        }
        let mut symbols = [Symbol::Any; 4];
        let first = offset.saturating_sub(head.len());
        for (at, symbol) in (first..).zip(&self.symbols[in_head..]) {
            let fixed = if let Symbol::Letter(l) = symbol { bound.get(l).map(|d| Symbol::Digit(*d)) } else { None };
            *symbols.get_mut(at)? = fixed.unwrap_or(*symbol);
        }
        // A letter that is still open must not become a digit that another letter has already.
        let open = symbols.iter().any(|s| matches!(s, Symbol::Letter(_)));
        let taken = if open { bound.into_values().collect() } else { Vec::new() };
        Some(Ending { symbols, taken })
    }
}

fn bind(symbols: &[Symbol], digits: &[u8], bound: &mut Bound) -> bool {
    symbols.iter().zip(digits).all(|(symbol, digit)| match symbol {
        Symbol::Any => true,
        Symbol::Digit(d) => d == digit,
        Symbol::Letter(l) => match bound.get(l) {
            Some(known) => known == digit,
            None if bound.values().any(|d| d == digit) => false,
            None => bound.insert(*l, *digit).is_none(),
        },
    })
}

/// What the last four digits must be.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(in crate::numbers) struct Ending {
    pub symbols: [Symbol; 4],
    /// Digits that open letters may not stand for.
    pub taken: Vec<u8>,
}

impl Ending {
    pub fn is_any(&self) -> bool {
        self.symbols.iter().all(|s| *s == Symbol::Any)
    }
}
