//! Audit of a hall's day (营收稽核), level by level.
//!
//! ```text
//! hall ─ pass ─→ city ─ pass ─→ province ─ pass ─→ passed
//!  ↑              │  ↑             │
//!  └── return ────┘  └── return ───┘
//! ```
//! Level 1 is the cashier's own count. The hall's auditor checks each cashier and enters each bank slip; the slips of a
//! method must come to what the drawers hold, and passing moves exactly that to the bank in the ledger. The city checks
//! item by item, and every difference gets a finding; a return to the hall takes the banking back. Nobody audits their own
//! takings, and each level is another person. Days of a hall pass in their order.

mod cash;
mod routes;
mod sheet;
mod slip;
mod turn;
mod view;
mod watch;

pub use routes::routes;
pub use sheet::open as open_sheet;
pub use watch::sweep;

use crate::{perms, problems};
use kernel::{Perm, Problem, Result};

/// Whom a sheet waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SheetState {
    Hall,
    City,
    Province,
    Passed,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verb {
    Pass,
    Return,
}

impl SheetState {
    pub const ALL: [Self; 4] = [Self::Hall, Self::City, Self::Province, Self::Passed];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Hall => "hall",
            Self::City => "city",
            Self::Province => "province",
            Self::Passed => "passed",
        }
    }
    pub fn named(text: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|s| s.name() == text);
        found.ok_or_else(|| Problem::internal(format!("audit state {text}")))
    }
    /// The level that acts in this state, and the right it needs.
    pub const fn level(self) -> Option<(i64, Perm)> {
        match self {
            Self::Hall => Some((2, perms::AUDIT_HALL)),
            Self::City => Some((3, perms::AUDIT_CITY)),
            Self::Province => Some((4, perms::AUDIT_PROVINCE)),
            Self::Passed => None,
        }
    }
    pub fn after(self, verb: Verb) -> Result<Self> {
        match (self, verb) {
            (Self::Hall, Verb::Pass) => Ok(Self::City),
            (Self::City, Verb::Pass) => Ok(Self::Province),
            (Self::Province, Verb::Pass) => Ok(Self::Passed),
            (Self::City, Verb::Return) => Ok(Self::Hall),
            (Self::Province, Verb::Return) => Ok(Self::City),
            // A cashier's count is locked for good: there is nobody to return it to.
            (Self::Hall, Verb::Return) => Err(self.refuse("退回")),
            (Self::Passed, Verb::Pass) => Err(self.refuse("通过")),
            (Self::Passed, Verb::Return) => Err(self.refuse("退回")),
        }
    }
    pub fn refuse(self, verb: &str) -> Problem {
        Problem::new(&problems::SHEET_STATE).with("state", self.name()).with("verb", verb)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_climbs_one_level_at_a_time_and_falls_back_one() {
        let mut state = SheetState::Hall;
        for _ in 0..3 {
            let next = state.after(Verb::Pass).unwrap();
            if next != SheetState::Passed {
                assert_eq!(next.after(Verb::Return).unwrap(), state);
            }
            state = next;
        }
        assert_eq!(state, SheetState::Passed);
        assert!(state.after(Verb::Return).is_err() && state.after(Verb::Pass).is_err());
        assert!(SheetState::Hall.after(Verb::Return).is_err());
    }
}
