//! Which segments and which endings a pattern can match.

use crate::numbers::{
    Pattern,
    pattern::{Anchor, Ending, Symbol},
};
use kernel::OrgPath;
use std::collections::BTreeMap;

pub(super) struct Segment {
    pub id: i64,
    pub head: String,
    pub org: OrgPath,
}

/// Segments that ask for the same endings.
pub(super) struct Group {
    pub segments: Vec<i64>,
    pub tails: Tails,
}

/// Endings that fit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Tails {
    /// A stretch of the index: every ending, or those that begin alike.
    Stretch { from: String, to: String },
    /// Scattered ones, sorted; and what they look like, where that can be said.
    Scattered { list: Vec<String>, like: Vec<String> },
}

impl Tails {
    fn all() -> Self {
        Self::Stretch { from: "0000".to_owned(), to: "9999".to_owned() }
    }
}

/// The endings that fit behind every head: those may be asked without naming segments.
pub(super) fn common(groups: &[Group]) -> Vec<String> {
    let mut scattered = groups.iter().filter_map(|g| match &g.tails {
        Tails::Scattered { list, .. } => Some(list),
        Tails::Stretch { .. } => None,
    });
    let Some(mut common) = scattered.next().cloned() else { return Vec::new() };
    for list in scattered {
        common.retain(|tail| list.binary_search(tail).is_ok());
    }
    for group in groups {
        if let Tails::Stretch { from, to } = &group.tails {
            common.retain(|tail| from <= tail && tail <= to);
        }
    }
    common
}

/// The segments that can match, by the endings that do.
pub(super) fn groups(pattern: &Pattern, segments: &[Segment]) -> Vec<Group> {
    let mut by_endings: BTreeMap<Vec<Ending>, Vec<i64>> = BTreeMap::new();
    for segment in segments {
        if pattern.without_four && segment.head.contains('4') {
            continue;
        }
        let endings = endings(pattern, segment.head.as_bytes());
        if !endings.is_empty() {
            by_endings.entry(endings).or_default().push(segment.id);
        }
    }
    let group = |(endings, segments): (Vec<Ending>, Vec<i64>)| {
        let tails = tails(&endings, pattern.without_four);
        Group { segments, tails }
    };
    by_endings
        .into_iter()
        .map(group)
        .filter(|g| !matches!(&g.tails, Tails::Scattered { list, .. } if list.is_empty()))
        .collect()
}

/// What the last four digits behind this head must be: one of these. Empty where the head does not fit.
fn endings(pattern: &Pattern, head: &[u8]) -> Vec<Ending> {
    let whole = head.len() + 4;
    let mut all = Vec::new();
    for row in &pattern.rows {
        let length = row.symbols.len();
        if length > whole || (pattern.anchor == Anchor::Whole && length != whole) {
            continue;
        }
        let offsets = match pattern.anchor {
            Anchor::Start | Anchor::Whole => 0..=0,
            Anchor::End => whole - length..=whole - length,
            Anchor::Anywhere => 0..=whole - length,
        };
        all.extend(offsets.filter_map(|offset| row.ending(head, offset)));
    }
    if let Some(any) = all.iter().position(Ending::is_any) {
        return vec![all.swap_remove(any)];
    }
    all.sort_unstable();
    all.dedup();
    all
}

fn tails(endings: &[Ending], without_four: bool) -> Tails {
    if endings.iter().any(Ending::is_any) {
        return Tails::all();
    }
    if let [one] = endings
        && let Some((from, to)) = range(one)
    {
        return Tails::Stretch { from, to };
    }
    let mut list: Vec<String> = endings.iter().flat_map(|e| written_out(e, without_four)).collect();
    list.sort_unstable();
    list.dedup();
    let like: Option<Vec<String>> = endings.iter().map(like).collect();
    Tails::Scattered { list, like: like.unwrap_or_default() }
}

/// Digits first, then anything: a stretch of the index.
fn range(ending: &Ending) -> Option<(String, String)> {
    let fixed = ending.symbols.iter().take_while(|s| matches!(s, Symbol::Digit(_))).count();
    let open = ending.symbols[fixed..].iter().all(|s| *s == Symbol::Any);
    let filled = |with: char| {
        let digit = |s: &Symbol| if let Symbol::Digit(d) = s { char::from(*d) } else { with };
        ending.symbols.iter().map(digit).collect::<String>()
    };
    (open && fixed < 4).then(|| (filled('0'), filled('9')))
}

fn like(ending: &Ending) -> Option<String> {
    let sign = |s: &Symbol| match s {
        Symbol::Digit(d) => Some(char::from(*d)),
        Symbol::Any => Some('_'),
        Symbol::Letter(_) => None,
    };
    ending.symbols.iter().map(sign).collect()
}

/// Every ending that fits.
fn written_out(ending: &Ending, without_four: bool) -> Vec<String> {
    fn go(ending: &Ending, without_four: bool, tail: &mut [u8; 4], at: usize, out: &mut Vec<String>) {
        let Some(symbol) = ending.symbols.get(at) else {
            out.push(tail.iter().map(|d| char::from(*d)).collect());
            return;
        };
        let digits = match symbol {
            Symbol::Digit(d) => *d..=*d,
            Symbol::Any | Symbol::Letter(_) => b'0'..=b'9',
        };
        for digit in digits.filter(|d| !(without_four && *d == b'4')) {
            let before = ending.symbols[..at].iter().zip(tail.iter());
            let fits = match symbol {
                Symbol::Letter(_) => before.clone().all(|(s, d)| match s {
                    Symbol::Letter(_) => (s == symbol) == (*d == digit),
                    Symbol::Digit(_) | Symbol::Any => true,
                }),
                Symbol::Digit(_) | Symbol::Any => true,
            };
            if fits && !(matches!(symbol, Symbol::Letter(_)) && ending.taken.contains(&digit)) {
                tail[at] = digit;
                go(ending, without_four, tail, at + 1, out);
            }
        }
    }
    let mut out = Vec::new();
    go(ending, without_four, &mut [b'0'; 4], 0, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADS: [&str; 6] = ["1390013", "1398888", "1347780", "1350012", "1991234", "010555"];

    fn segments() -> Vec<Segment> {
        (0..).zip(HEADS).map(|(id, head)| Segment { id, head: head.to_owned(), org: OrgPath::root() }).collect()
    }

    fn within(tails: &Tails, tail: &str) -> bool {
        match tails {
            Tails::Stretch { from, to } => from.as_str() <= tail && tail <= to.as_str(),
            Tails::Scattered { list, like } => {
                let fits = |l: &String| l.bytes().zip(tail.bytes()).all(|(l, t)| l == b'_' || l == t);
                let listed = list.binary_search(&tail.to_owned()).is_ok();
                // What they look like says the same, but for the fours, which the statement leaves out.
                assert!(like.is_empty() || tail.contains('4') || listed == like.iter().any(fits));
                listed
            }
        }
    }

    #[test]
    fn the_plan_finds_exactly_what_fits() {
        let segments = segments();
        for text in [
            "",
            "*888*",
            "8",
            "*8",
            "*88",
            "1390013*",
            "13900138*",
            "*8888",
            "*80138888",
            "AAAA",
            "*AAAAAA",
            "*ABCD",
            "*DCBA",
            "*ABCDEF",
            "*AABB",
            "*ABAB",
            "*AABBCC",
            "*ABCABC",
            "*AAA*",
            "139????8888",
            "139????8?88",
            "*8?8",
            "*A8A8",
            "*12*",
            "*0013*",
            "*AABB*",
            "13900138000",
            "*?88?",
            "01055*",
            "*ABBA*",
        ] {
            for without_four in [false, true] {
                let pattern = Pattern::parse(text).unwrap().without_four(without_four);
                let groups = groups(&pattern, &segments);
                for segment in &segments {
                    for n in 0..10_000 {
                        let tail = format!("{n:04}");
                        let mut mine = groups.iter().filter(|g| g.segments.contains(&segment.id));
                        // Reading along, the statement leaves the fours out.
                        let planned = mine.any(|g| within(&g.tails, &tail)) && !(without_four && tail.contains('4'));
                        let number = format!("{}{tail}", segment.head);
                        assert_eq!(planned, pattern.fits(&number), "{text} {number}");
                    }
                }
            }
        }
    }
}
