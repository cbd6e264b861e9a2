//! Where an adjustment stands, and what may become of it.

use crate::problems;
use kernel::{Problem, Result};
use serde::Serialize;

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum State {
    Requested,
    Waiting,
    Applied,
    Rejected,
    Withdrawn,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verb {
    /// Allowed, to be carried out at once.
    Apply,
    /// Allowed, to wait for the next bill.
    Await,
    Reject,
    Withdraw,
    /// The next bill was made.
    Bill,
}

impl State {
    const ALL: [Self; 5] = [Self::Requested, Self::Waiting, Self::Applied, Self::Rejected, Self::Withdrawn];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Waiting => "waiting",
            Self::Applied => "applied",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
        }
    }
    pub fn named(text: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|s| s.name() == text);
        found.ok_or_else(|| Problem::internal(format!("adjustment state {text}")))
    }
    pub fn after(self, verb: Verb) -> Result<Self> {
        match (self, verb) {
            (Self::Requested, Verb::Apply) | (Self::Waiting, Verb::Bill) => Ok(Self::Applied),
            (Self::Requested, Verb::Await) => Ok(Self::Waiting),
            (Self::Requested, Verb::Reject) => Ok(Self::Rejected),
            (Self::Requested | Self::Waiting, Verb::Withdraw) => Ok(Self::Withdrawn),
            (Self::Requested, Verb::Bill)
            | (Self::Waiting, Verb::Apply | Verb::Await | Verb::Reject)
            | (Self::Applied | Self::Rejected | Self::Withdrawn, _) => {
                Err(Problem::new(&problems::ADJUSTMENT_STATE).with("state", self.name()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_booked_or_refused_stays_so() {
        let verbs = [Verb::Apply, Verb::Await, Verb::Reject, Verb::Withdraw, Verb::Bill];
        for end in [State::Applied, State::Rejected, State::Withdrawn] {
            assert!(verbs.into_iter().all(|verb| end.after(verb).is_err()));
        }
        assert_eq!(State::Waiting.after(Verb::Bill).unwrap(), State::Applied);
        assert!(State::Requested.after(Verb::Bill).is_err());
        for state in State::ALL {
            assert_eq!(State::named(state.name()).unwrap(), state);
        }
    }
}
