//! Collection by banks (托收): agreements, files out, answers in, and answers taken back.
//!
//! ```text
//! batch    made ─ send → sent ─ answer → answered ─ every item answered → done        (made ─ cancel → cancelled)
//! item     waiting → collected → returned     waiting → failed     (cancelled with its batch)
//! result   booking → done → reversing → reversed
//! ```
//! An account is in one unanswered file at most. A result file is known by its digest and by batch and serial: it is stored
//! whole or not at all, then its lines become payments in small transactions, each line exactly once (its state decides),
//! so a stop in between loses and doubles nothing. A reversed file takes back exactly the payments of its lines.
//! The formats are described in docs/bank-collection.md.

mod agreement;
mod batch;
mod file;
mod intake;
mod routes;
mod work;

pub use agreement::{NewAgreement, make as agree};
pub use batch::{dues, make as make_batch};
pub use routes::routes;
pub use work::{JOB, unpaid, work};

use crate::problems;
use kernel::{Problem, Result};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BatchState {
    Made,
    Sent,
    Answered,
    Done,
    Cancelled,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Turn {
    Send,
    /// A result has come; `true` when no item waits any more.
    Answer(bool),
    Cancel,
}

impl BatchState {
    pub const ALL: [Self; 5] = [Self::Made, Self::Sent, Self::Answered, Self::Done, Self::Cancelled];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Made => "made",
            Self::Sent => "sent",
            Self::Answered => "answered",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
        }
    }
    pub fn named(text: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|s| s.name() == text);
        found.ok_or_else(|| Problem::internal(format!("collection state {text}")))
    }
    pub fn after(self, turn: Turn) -> Result<Self> {
        let refuse =
            |verb: &str| Err(Problem::new(&problems::BATCH_STATE).with("state", self.name()).with("verb", verb));
        match (self, turn) {
            (Self::Made | Self::Sent, Turn::Send) => Ok(Self::Sent),
            (Self::Sent | Self::Answered | Self::Done, Turn::Answer(all)) => {
                Ok(if all { Self::Done } else { Self::Answered })
            }
            (Self::Made, Turn::Cancel) => Ok(Self::Cancelled),
            (Self::Made | Self::Cancelled, Turn::Answer(_)) => refuse("回盘"),
            (Self::Answered | Self::Done | Self::Cancelled, Turn::Send) => refuse("送盘"),
            // The bank has it: only its answer ends it.
            (Self::Sent | Self::Answered | Self::Done | Self::Cancelled, Turn::Cancel) => refuse("取消"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_bank_has_is_ended_by_its_answer_only() {
        assert_eq!(BatchState::Made.after(Turn::Cancel).unwrap(), BatchState::Cancelled);
        assert!(BatchState::Sent.after(Turn::Cancel).is_err());
        assert_eq!(BatchState::Sent.after(Turn::Answer(false)).unwrap(), BatchState::Answered);
        assert_eq!(BatchState::Answered.after(Turn::Answer(true)).unwrap(), BatchState::Done);
        assert!(BatchState::Made.after(Turn::Answer(true)).is_err());
    }
}
