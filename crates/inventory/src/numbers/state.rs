//! The life of a number.
//!
//! ```text
//! available → locked → reserved → inUse ⇄ suspended
//!   ⇅    ↑  ↖ unlock, expiry │ cancel      └──────┬─ release
//! blocked └─────── quarantine over ──── quarantine ┘ ─→ returned (a foreign number)
//!                                   inUse, suspended ─→ portedOut (one of ours, gone to another operator)
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
    /// Held back from sale.
    Blocked,
    PortedOut,
    Returned,
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
    Block,
    Unblock,
    PortOut,
    PortIn,
    GoHome,
    ComeHome,
}

impl Change {
    pub const ALL: [Self; 15] = [
        Self::Lock,
        Self::Unlock,
        Self::Reserve,
        Self::Cancel,
        Self::Assign,
        Self::Suspend,
        Self::Resume,
        Self::Release,
        Self::QuarantineOver,
        Self::Block,
        Self::Unblock,
        Self::PortOut,
        Self::PortIn,
        Self::GoHome,
        Self::ComeHome,
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
            Self::Block => "block",
            Self::Unblock => "unblock",
            Self::PortOut => "portOut",
            Self::PortIn => "portIn",
            Self::GoHome => "goHome",
            Self::ComeHome => "comeHome",
        }
    }
}

impl NumberState {
    pub const ALL: [Self; 9] = [
        Self::Available,
        Self::Locked,
        Self::Reserved,
        Self::InUse,
        Self::Suspended,
        Self::Quarantine,
        Self::Blocked,
        Self::PortedOut,
        Self::Returned,
    ];

    pub fn text(self) -> &'static str {
        match self {
            Self::Available => "available",
            Self::Locked => "locked",
            Self::Reserved => "reserved",
            Self::InUse => "inUse",
            Self::Suspended => "suspended",
            Self::Quarantine => "quarantine",
            Self::Blocked => "blocked",
            Self::PortedOut => "portedOut",
            Self::Returned => "returned",
        }
    }
    pub fn parse(text: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|s| s.text() == text);
        found.ok_or_else(|| Problem::internal(format!("a number's state is {text}")))
    }
    /// The state after `change`; `None` where that cannot happen.
    pub fn after(self, change: Change) -> Option<Self> {
        use Change::{
            Assign, Block, Cancel, ComeHome, GoHome, Lock, PortIn, PortOut, QuarantineOver, Release, Reserve, Resume,
            Suspend, Unblock, Unlock,
        };
        use NumberState as S;
        match change {
            Lock => matches!(self, S::Available | S::Reserved).then_some(S::Locked),
            Unlock => (self == S::Locked).then_some(S::Available),
            Reserve => matches!(self, S::Available | S::Locked).then_some(S::Reserved),
            Cancel => (self == S::Reserved).then_some(S::Available),
            Assign => (self == S::Reserved).then_some(S::InUse),
            Suspend => (self == S::InUse).then_some(S::Suspended),
            Resume => (self == S::Suspended).then_some(S::InUse),
            Release => matches!(self, S::InUse | S::Suspended).then_some(S::Quarantine),
            QuarantineOver => (self == S::Quarantine).then_some(S::Available),
            Block => matches!(self, S::Available | S::Quarantine).then_some(S::Blocked),
            Unblock => (self == S::Blocked).then_some(S::Available),
            PortOut => matches!(self, S::InUse | S::Suspended | S::Quarantine).then_some(S::PortedOut),
            PortIn => matches!(self, S::PortedOut | S::Returned).then_some(S::Reserved),
            GoHome => matches!(self, S::InUse | S::Suspended | S::Quarantine | S::Reserved).then_some(S::Returned),
            ComeHome => (self == S::PortedOut).then_some(S::Quarantine),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_in_use_is_never_sold_again_without_quarantine() {
        for state in [NumberState::InUse, NumberState::Suspended, NumberState::Quarantine, NumberState::PortedOut] {
            for change in [Change::Lock, Change::Reserve] {
                assert_eq!(state.after(change), None, "{state:?} {change:?}");
            }
        }
        assert_eq!(NumberState::InUse.after(Change::Release), Some(NumberState::Quarantine));
        assert_eq!(NumberState::Returned.after(Change::Unblock), None);
    }

    #[test]
    fn every_state_can_be_left() {
        for state in NumberState::ALL {
            assert!(Change::ALL.iter().any(|c| state.after(*c).is_some()), "{state:?}");
            assert_eq!(NumberState::parse(state.text()).unwrap(), state);
        }
    }
}
