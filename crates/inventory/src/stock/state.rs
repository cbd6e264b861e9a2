//! The life of a card or device.
//!
//! ```text
//! inStock ⇄ inTransit        inStock → reserved → bound → returned → inStock (devices)
//!    └→ damaged → scrapped      ↑  cancel ┘  undo ┘           └→ scrapped
//!    └→ lost → inStock (found)
//! ```

use kernel::{Problem, Result};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Sim,
    Phone,
    Onu,
    Stb,
    SmartHome,
}

impl Kind {
    pub const ALL: [Self; 5] = [Self::Sim, Self::Phone, Self::Onu, Self::Stb, Self::SmartHome];
    pub fn text(self) -> &'static str {
        match self {
            Self::Sim => "sim",
            Self::Phone => "phone",
            Self::Onu => "onu",
            Self::Stb => "stb",
            Self::SmartHome => "smartHome",
        }
    }
    pub fn parse(text: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|k| k.text() == text);
        found.ok_or_else(|| Problem::invalid("kind", &Self::ALL.map(Self::text).join(" | ")))
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ItemState {
    InStock,
    Reserved,
    Bound,
    InTransit,
    Returned,
    Damaged,
    Lost,
    Scrapped,
}

/// What happens to an item.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    Reserve,
    Cancel,
    Bind,
    Unbind,
    Return,
    Restock,
    Dispatch,
    Receive,
    Damage,
    Lose,
    Find,
    Scrap,
}

impl Change {
    pub fn text(self) -> &'static str {
        match self {
            Self::Reserve => "reserve",
            Self::Cancel => "cancel",
            Self::Bind => "bind",
            Self::Unbind => "unbind",
            Self::Return => "return",
            Self::Restock => "restock",
            Self::Dispatch => "dispatch",
            Self::Receive => "receive",
            Self::Damage => "damage",
            Self::Lose => "lose",
            Self::Find => "find",
            Self::Scrap => "scrap",
        }
    }
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Return, Self::Restock, Self::Damage, Self::Lose, Self::Find, Self::Scrap]
            .into_iter()
            .find(|c| c.text() == text)
    }
}

impl ItemState {
    pub const ALL: [Self; 8] = [
        Self::InStock,
        Self::Reserved,
        Self::Bound,
        Self::InTransit,
        Self::Returned,
        Self::Damaged,
        Self::Lost,
        Self::Scrapped,
    ];
    pub fn text(self) -> &'static str {
        match self {
            Self::InStock => "inStock",
            Self::Reserved => "reserved",
            Self::Bound => "bound",
            Self::InTransit => "inTransit",
            Self::Returned => "returned",
            Self::Damaged => "damaged",
            Self::Lost => "lost",
            Self::Scrapped => "scrapped",
        }
    }
    pub fn parse(text: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|s| s.text() == text);
        found.ok_or_else(|| Problem::invalid("state", &Self::ALL.map(Self::text).join(" | ")))
    }
    /// The state after `change`; `None` where that cannot happen.
    pub fn after(self, change: Change, kind: Kind) -> Option<Self> {
        use ItemState::{Bound, Damaged, InStock, InTransit, Lost, Reserved, Returned, Scrapped};
        match change {
            Change::Reserve => (self == InStock).then_some(Reserved),
            Change::Cancel => (self == Reserved).then_some(InStock),
            Change::Bind => matches!(self, InStock | Reserved).then_some(Bound),
            Change::Unbind => (self == Bound).then_some(InStock),
            Change::Return => (self == Bound).then_some(Returned),
            // A card that was in a customer's hand is never sold again.
            Change::Restock => (self == Returned && kind != Kind::Sim).then_some(InStock),
            Change::Dispatch => (self == InStock).then_some(InTransit),
            Change::Receive => (self == InTransit).then_some(InStock),
            Change::Damage => matches!(self, InStock | InTransit | Returned).then_some(Damaged),
            Change::Lose => matches!(self, InStock | InTransit | Damaged).then_some(Lost),
            Change::Find => (self == Lost).then_some(InStock),
            Change::Scrap => matches!(self, Damaged | Returned).then_some(Scrapped),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_has_is_given_to_nobody_else() {
        for state in ItemState::ALL.into_iter().filter(|s| *s != ItemState::InStock) {
            assert_eq!(state.after(Change::Reserve, Kind::Sim), None, "{state:?}");
            assert_eq!(state.after(Change::Dispatch, Kind::Sim), None, "{state:?}");
        }
        assert_eq!(ItemState::Returned.after(Change::Restock, Kind::Sim), None);
        assert_eq!(ItemState::Returned.after(Change::Restock, Kind::Onu), Some(ItemState::InStock));
        assert_eq!(ItemState::Scrapped.after(Change::Find, Kind::Onu), None);
    }
}
