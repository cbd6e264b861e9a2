//! The life of a product (TMF637).
//!
//! ```text
//! created → pendingActive → active ⇄ suspended
//!    │           ├→ cancelled  └──────┴→ pendingTerminate → terminated
//!    └→ aborted ←┘
//! ```

use crate::problems;
use kernel::{Problem, Result};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    Created,
    PendingActive,
    Cancelled,
    Active,
    PendingTerminate,
    Terminated,
    Suspended,
    Aborted,
}

impl Status {
    pub const ALL: [Self; 8] = [
        Self::Created,
        Self::PendingActive,
        Self::Cancelled,
        Self::Active,
        Self::PendingTerminate,
        Self::Terminated,
        Self::Suspended,
        Self::Aborted,
    ];
    pub fn text(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::PendingActive => "pendingActive",
            Self::Cancelled => "cancelled",
            Self::Active => "active",
            Self::PendingTerminate => "pendingTerminate",
            Self::Terminated => "terminated",
            Self::Suspended => "suspended",
            Self::Aborted => "aborted",
        }
    }
    pub fn parse(text: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|s| s.text() == text);
        found.ok_or_else(|| Problem::invalid("status", &Self::ALL.map(Self::text).join(" | ")))
    }
    /// The product occupies its number.
    pub fn live(self) -> bool {
        match self {
            Self::Created | Self::PendingActive | Self::Active | Self::PendingTerminate | Self::Suspended => true,
            Self::Cancelled | Self::Terminated | Self::Aborted => false,
        }
    }
    pub fn to(self, wanted: Self) -> Result<Self> {
        use Status::{Aborted, Active, Cancelled, Created, PendingActive, PendingTerminate, Suspended, Terminated};
        let allowed: &[Self] = match self {
            Created => &[PendingActive, Active, Cancelled, Aborted],
            PendingActive => &[Active, Cancelled, Aborted],
            Active => &[Suspended, PendingTerminate, Terminated, PendingActive],
            Suspended => &[Active, PendingTerminate, Terminated],
            PendingTerminate => &[Terminated, Active, Suspended],
            Cancelled | Terminated | Aborted => &[],
        };
        if allowed.contains(&wanted) {
            return Ok(wanted);
        }
        Err(Problem::new(&problems::PRODUCT_STATE).with("from", self.text()).with("to", wanted.text()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_stays_over() {
        for over in [Status::Cancelled, Status::Terminated, Status::Aborted] {
            assert!(Status::ALL.into_iter().all(|s| over.to(s).is_err()) && !over.live());
        }
        assert!(Status::Active.to(Status::Suspended).is_ok() && Status::Active.to(Status::Active).is_err());
    }
}
