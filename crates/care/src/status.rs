//! The life of a trouble ticket, in TMF621's words.
//!
//! ```text
//! acknowledged ──→ inProgress ⇄ pending / held ──→ resolved ──→ closed
//!      │    └─────────→ pending / held                │
//!      ├→ rejected                  cancelled ←───┤ (re-opened: resolved → inProgress)
//!      └→ cancelled
//! ```

use crate::problems;
use kernel::{Problem, Result};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    Acknowledged,
    Rejected,
    Pending,
    Held,
    InProgress,
    Cancelled,
    Closed,
    Resolved,
}

const ALL: [Status; 8] = [
    Status::Acknowledged,
    Status::Rejected,
    Status::Pending,
    Status::Held,
    Status::InProgress,
    Status::Cancelled,
    Status::Closed,
    Status::Resolved,
];

impl Status {
    pub fn parse(text: &str) -> Option<Self> {
        ALL.into_iter().find(|s| s.name().eq_ignore_ascii_case(text))
    }
    pub fn name(self) -> &'static str {
        match self {
            Self::Acknowledged => "acknowledged",
            Self::Rejected => "rejected",
            Self::Pending => "pending",
            Self::Held => "held",
            Self::InProgress => "inProgress",
            Self::Cancelled => "cancelled",
            Self::Closed => "closed",
            Self::Resolved => "resolved",
        }
    }
    /// The only way from one status to another.
    pub fn to(self, next: Self) -> Result<Self> {
        let allowed = self == next
            || match self {
                Self::Acknowledged => !matches!(next, Self::Closed),
                Self::InProgress | Self::Pending | Self::Held => {
                    matches!(next, Self::InProgress | Self::Pending | Self::Held | Self::Resolved | Self::Cancelled)
                }
                Self::Resolved => matches!(next, Self::Closed | Self::InProgress),
                Self::Rejected | Self::Cancelled | Self::Closed => false,
            };
        if allowed {
            Ok(next)
        } else {
            Err(Problem::new(&problems::STATUS).with("from", self.name()).with("to", next.name()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ALL, Status};

    #[test]
    fn what_has_ended_does_not_begin_again() {
        for ended in [Status::Rejected, Status::Cancelled, Status::Closed] {
            assert!(ALL.into_iter().filter(|s| *s != ended).all(|s| ended.to(s).is_err()));
        }
        assert!(Status::Resolved.to(Status::InProgress).is_ok());
        assert!(Status::Acknowledged.to(Status::Closed).is_err());
        assert_eq!(Status::parse("nanana"), None);
    }
}
