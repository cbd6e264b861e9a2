//! The life of a number.
//!
//! ```text
//! available → locked → reserved → inUse ⇄ suspended
//!     ↑  ↖ unlock, expiry │ cancel      └──────┬─ release
//!     └─────── quarantine over ──── quarantine ┘
//! ```

use kernel::{Problem, Result};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NumberState {
    Available,
    Locked,
    Reserved,
    InUse,
    Suspended,
    Quarantine,
}

/// What happens to a number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    Lock,
    Unlock,
    Reserve,
    Cancel,
    Assign,
    Suspend,
    Resume,
    Release,
    QuarantineOver,
}

impl Change {
    pub const ALL: [Self; 9] = [
        Self::Lock,
        Self::Unlock,
        Self::Reserve,
        Self::Cancel,
        Self::Assign,
        Self::Suspend,
        Self::Resume,
        Self::Release,
        Self::QuarantineOver,
    ];
    pub fn text(self) -> &'static str {
        match self {
            Self::Lock => "lock",
            Self::Unlock => "unlock",
            Self::Reserve => "reserve",
            Self::Cancel => "cancel",
            Self::Assign => "assign",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Release => "release",
            Self::QuarantineOver => "quarantineOver",
        }
    }
}

impl NumberState {
    pub const ALL: [Self; 6] =
        [Self::Available, Self::Locked, Self::Reserved, Self::InUse, Self::Suspended, Self::Quarantine];

    pub fn text(self) -> &'static str {
        match self {
            Self::Available => "available",
            Self::Locked => "locked",
            Self::Reserved => "reserved",
            Self::InUse => "inUse",
            Self::Suspended => "suspended",
            Self::Quarantine => "quarantine",
        }
    }
    pub fn parse(text: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|s| s.text() == text);
        found.ok_or_else(|| Problem::internal(format!("a number's state is {text}")))
    }
    /// The state after `change`; `None` where that cannot happen.
    pub fn after(self, change: Change) -> Option<Self> {
        use Change::{Assign, Cancel, Lock, QuarantineOver, Release, Reserve, Resume, Suspend, Unlock};
        Some(match (self, change) {
            (Self::Available, Lock) => Self::Locked,
            (Self::Available | Self::Locked, Reserve) => Self::Reserved,
            (Self::Locked, Unlock) | (Self::Reserved, Cancel) | (Self::Quarantine, QuarantineOver) => Self::Available,
            (Self::Reserved, Assign) | (Self::Suspended, Resume) => Self::InUse,
            (Self::InUse, Suspend) => Self::Suspended,
            (Self::InUse | Self::Suspended, Release) => Self::Quarantine,
            (Self::Available, Unlock | Cancel | Assign | Suspend | Resume | Release | QuarantineOver)
            | (Self::Locked, Lock | Cancel | Assign | Suspend | Resume | Release | QuarantineOver)
            | (Self::Reserved, Lock | Unlock | Reserve | Suspend | Resume | Release | QuarantineOver)
            | (Self::InUse, Lock | Unlock | Reserve | Cancel | Assign | Resume | QuarantineOver)
            | (Self::Suspended, Lock | Unlock | Reserve | Cancel | Assign | Suspend | QuarantineOver)
            | (Self::Quarantine, Lock | Unlock | Reserve | Cancel | Assign | Suspend | Resume | Release) => {
                return None;
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_in_use_is_never_sold_again_without_quarantine() {
        for state in [NumberState::InUse, NumberState::Suspended, NumberState::Quarantine, NumberState::Reserved] {
            for change in [Change::Lock, Change::Reserve] {
                assert_eq!(state.after(change), None, "{state:?} {change:?}");
            }
        }
        assert_eq!(NumberState::InUse.after(Change::Release), Some(NumberState::Quarantine));
    }

    #[test]
    fn every_state_can_be_left() {
        for state in NumberState::ALL {
            assert!(Change::ALL.iter().any(|c| state.after(*c).is_some()), "{state:?}");
            assert_eq!(NumberState::parse(state.text()).unwrap(), state);
        }
    }
}
