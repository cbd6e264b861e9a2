//! The states of a port in either direction, and the only way between them.
//!
//! ```text
//! in:   prepared → requested → accepted → effective → returned
//!          ↑           ├→ refused ┄(new code)┄→ prepared
//!          └───────────┴→ cancelled
//! out:  accepted → effective → closing → closed
//!          └→ cancelled                     (refused ones are kept, and end there)
//! ```
//! What the central system says may come late, twice or out of order. It numbers the revisions of a request; an older
//! revision than the one known changes nothing, and a newer one may leave a state out (its notice was lost).

use crate::problems;
use kernel::{Problem, Result};

macro_rules! states {
    ($name:ident { $($variant:ident = $text:literal),* $(,)? }) => {
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum $name { $($variant),* }
        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
            pub fn text(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }
            pub fn parse(text: &str) -> Result<Self> {
                Self::ALL.iter().copied().find(|s| s.text() == text)
                    .ok_or_else(|| Problem::internal(format!("a port is {text}")))
            }
        }
    };
}

states!(InState {
    Prepared = "prepared",
    Requested = "requested",
    Accepted = "accepted",
    Refused = "refused",
    Effective = "effective",
    Cancelled = "cancelled",
    Returned = "returned",
});

states!(InEvent {
    Sent = "sent",
    Accept = "accept",
    Refuse = "refuse",
    TakeEffect = "takeEffect",
    Cancel = "cancel",
    NewCode = "newCode",
    Return = "return",
});

impl InState {
    /// The number is being waited for, or ours by it.
    pub fn live(self) -> bool {
        match self {
            Self::Prepared | Self::Requested | Self::Accepted | Self::Refused | Self::Effective => true,
            Self::Cancelled | Self::Returned => false,
        }
    }
    pub fn after(self, event: InEvent) -> Result<Self> {
        use InEvent::{Accept, Cancel, NewCode, Refuse, Return, Sent, TakeEffect};
        use InState::{Accepted, Cancelled, Effective, Prepared, Refused, Requested, Returned};
        match (self, event) {
            (Prepared, Sent) => Ok(Requested),
            (Prepared | Requested, Accept) => Ok(Accepted),
            (Prepared | Requested, Refuse) => Ok(Refused),
            (Prepared | Requested | Accepted, TakeEffect) => Ok(Effective),
            (Prepared | Requested | Accepted | Refused, Cancel) => Ok(Cancelled),
            (Refused, NewCode) => Ok(Prepared),
            (Effective, Return) => Ok(Returned),
            // said again: nothing new
            (Requested, Sent)
            | (Accepted, Accept | Sent)
            | (Refused, Refuse)
            | (Effective, TakeEffect)
            | (Cancelled, Cancel)
            | (Returned, Return) => Ok(self),
            (Prepared | Requested | Accepted, NewCode | Return)
            | (Accepted, Refuse)
            | (Refused, Sent | Accept | TakeEffect | Return)
            | (Effective, Sent | Accept | Refuse | Cancel | NewCode)
            | (Cancelled, Sent | Accept | Refuse | TakeEffect | NewCode | Return)
            | (Returned, Sent | Accept | Refuse | TakeEffect | Cancel | NewCode) => {
                Err(Problem::new(&problems::STATE).with("from", self.text()).with("action", event.text()))
            }
        }
    }
}

states!(OutState {
    Refused = "refused",
    Accepted = "accepted",
    Cancelled = "cancelled",
    Effective = "effective",
    Closing = "closing",
    Closed = "closed",
});

states!(OutEvent {
    Cancel = "cancel",
    TakeEffect = "takeEffect",
    Close = "close",
    Finish = "finish",
});

impl OutState {
    pub fn live(self) -> bool {
        match self {
            Self::Accepted | Self::Effective | Self::Closing => true,
            Self::Refused | Self::Cancelled | Self::Closed => false,
        }
    }
    /// The number serves its user elsewhere.
    pub fn left(self) -> bool {
        match self {
            Self::Effective | Self::Closing | Self::Closed => true,
            Self::Refused | Self::Accepted | Self::Cancelled => false,
        }
    }
    pub fn after(self, event: OutEvent) -> Result<Self> {
        use OutEvent::{Cancel, Close, Finish, TakeEffect};
        use OutState::{Accepted, Cancelled, Closed, Closing, Effective, Refused};
        match (self, event) {
            (Accepted, Cancel) => Ok(Cancelled),
            (Accepted, TakeEffect) => Ok(Effective),
            (Effective, Close) => Ok(Closing),
            (Closing, Finish) => Ok(Closed),
            (Cancelled, Cancel)
            | (Effective | Closing | Closed, TakeEffect)
            | (Closing | Closed, Close)
            | (Closed, Finish) => Ok(self),
            (Refused, _)
            | (Accepted, Close | Finish)
            | (Cancelled, TakeEffect | Close | Finish)
            | (Effective, Cancel | Finish)
            | (Closing | Closed, Cancel) => {
                Err(Problem::new(&problems::STATE).with("from", self.text()).with("action", event.text()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_took_effect_is_never_taken_back_by_a_message() {
        for event in [InEvent::Cancel, InEvent::Refuse, InEvent::Accept] {
            assert!(InState::Effective.after(event).is_err(), "{event:?}");
        }
        for state in [OutState::Effective, OutState::Closing, OutState::Closed] {
            assert!(state.after(OutEvent::Cancel).is_err() && state.left(), "{state:?}");
        }
    }

    #[test]
    fn what_was_cancelled_stays_cancelled() {
        for event in InEvent::ALL.iter().filter(|e| **e != InEvent::Cancel) {
            assert!(InState::Cancelled.after(*event).is_err(), "{event:?}");
        }
        assert!(OutState::Cancelled.after(OutEvent::TakeEffect).is_err());
    }

    #[test]
    fn a_message_that_comes_twice_changes_nothing() {
        for state in InState::ALL {
            for event in InEvent::ALL {
                if let Ok(after) = state.after(*event)
                    && *event != InEvent::NewCode
                {
                    assert_eq!(after.after(*event).ok(), Some(after), "{state:?} {event:?}");
                }
            }
        }
        for state in OutState::ALL {
            for event in OutEvent::ALL {
                if let Ok(after) = state.after(*event) {
                    assert_eq!(after.after(*event).ok(), Some(after), "{state:?} {event:?}");
                }
            }
        }
    }
}
