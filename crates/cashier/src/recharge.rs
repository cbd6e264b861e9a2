//! Recharge cards (充值卡).
//!
//! ```text
//! batch   making → made ─ activate → active         made, active ─ void → void
//! card    made → active → used                      active ⇄ locked (too many wrong PINs; unlocked in a hall)
//!         made, active, locked ─ void → void
//! ```
//! A PIN is never readable again once it was fetched for printing: what stays is a keyed hash. A card becomes one payment:
//! its row is taken by a conditional update in the payment's own transaction, so two clerks with one card get one answer
//! each, and one of them is a refusal. A wrong PIN is counted even though it is refused.

mod cards;
mod issue;
mod routes;
mod spend;

pub use cards::unpaid;
pub use issue::{JOB, NewBatch, make, order};
pub use routes::routes;
pub use spend::{Ask, Verdict, redeem};

use crate::problems;
use kernel::{Problem, Result};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CardState {
    Made,
    Active,
    Used,
    Locked,
    Void,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CardVerb {
    Activate,
    Use,
    Lock,
    Unlock,
    Void,
}

impl CardState {
    pub const ALL: [Self; 5] = [Self::Made, Self::Active, Self::Used, Self::Locked, Self::Void];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Made => "made",
            Self::Active => "active",
            Self::Used => "used",
            Self::Locked => "locked",
            Self::Void => "void",
        }
    }
    pub fn named(text: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|s| s.name() == text);
        found.ok_or_else(|| Problem::internal(format!("card state {text}")))
    }
    pub fn after(self, verb: CardVerb) -> Result<Self> {
        match (self, verb) {
            (Self::Made, CardVerb::Activate) | (Self::Locked, CardVerb::Unlock) => Ok(Self::Active),
            (Self::Active, CardVerb::Use) => Ok(Self::Used),
            (Self::Active, CardVerb::Lock) => Ok(Self::Locked),
            (Self::Made | Self::Active | Self::Locked, CardVerb::Void) => Ok(Self::Void),
            (Self::Used, CardVerb::Use) => Err(Problem::new(&problems::CARD_USED)),
            (Self::Locked, CardVerb::Use) => Err(Problem::new(&problems::CARD_LOCKED)),
            (Self::Made | Self::Void, CardVerb::Use) => Err(Problem::new(&problems::CARD_INACTIVE)),
            (Self::Made | Self::Used | Self::Locked | Self::Void, CardVerb::Lock)
            | (Self::Active | Self::Used | Self::Locked | Self::Void, CardVerb::Activate)
            | (Self::Made | Self::Active | Self::Used | Self::Void, CardVerb::Unlock)
            | (Self::Used | Self::Void, CardVerb::Void) => Err(self.refuse(verb)),
        }
    }
    fn refuse(self, verb: CardVerb) -> Problem {
        let verb = match verb {
            CardVerb::Activate => "激活",
            CardVerb::Use => "使用",
            CardVerb::Lock => "锁定",
            CardVerb::Unlock => "解锁",
            CardVerb::Void => "作废",
        };
        Problem::new(&problems::CARD_STATE).with("state", self.name()).with("verb", verb)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_used_card_stays_used() {
        for verb in [CardVerb::Activate, CardVerb::Use, CardVerb::Lock, CardVerb::Unlock, CardVerb::Void] {
            assert!(CardState::Used.after(verb).is_err());
            assert!(CardState::Void.after(verb).is_err());
        }
        assert_eq!(CardState::Locked.after(CardVerb::Unlock).unwrap(), CardState::Active);
    }
}
