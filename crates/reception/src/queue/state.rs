//! The states of a ticket, and the only way between them.

use crate::problems;
use kernel::{Problem, Result};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TicketState {
    Waiting,
    Called,
    Serving,
    Done,
    NoShow,
    Cancelled,
    /// The day ended.
    Lapsed,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    Call,
    Recall,
    Serve,
    Finish,
    Skip,
    Transfer,
    /// A missed visitor has come after all.
    Return,
    Cancel,
    Lapse,
}

impl Change {
    pub const ALL: [Self; 9] = [
        Self::Call,
        Self::Recall,
        Self::Serve,
        Self::Finish,
        Self::Skip,
        Self::Transfer,
        Self::Return,
        Self::Cancel,
        Self::Lapse,
    ];
    pub fn text(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Recall => "recall",
            Self::Serve => "serve",
            Self::Finish => "finish",
            Self::Skip => "skip",
            Self::Transfer => "transfer",
            Self::Return => "return",
            Self::Cancel => "cancel",
            Self::Lapse => "lapse",
        }
    }
}

impl TicketState {
    pub const ALL: [Self; 7] =
        [Self::Waiting, Self::Called, Self::Serving, Self::Done, Self::NoShow, Self::Cancelled, Self::Lapsed];
    pub fn text(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Called => "called",
            Self::Serving => "serving",
            Self::Done => "done",
            Self::NoShow => "noShow",
            Self::Cancelled => "cancelled",
            Self::Lapsed => "lapsed",
        }
    }
    pub fn parse(text: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|s| s.text() == text);
        found.ok_or_else(|| Problem::internal(format!("a ticket is {text}")))
    }
    pub fn after(self, change: Change, label: &str) -> Result<Self> {
        use Change::{Call, Cancel, Finish, Lapse, Recall, Return, Serve, Skip, Transfer};
        use TicketState::{Called, Cancelled, Done, Lapsed, NoShow, Serving, Waiting};
        match (self, change) {
            (Waiting, Call) | (Called, Recall) => Ok(Called),
            (Called, Serve) => Ok(Serving),
            (Called | Serving, Finish) => Ok(Done),
            (Called, Skip) => Ok(NoShow),
            (Called | Serving, Transfer) | (NoShow, Return) => Ok(Waiting),
            (Waiting, Cancel) => Ok(Cancelled),
            (Waiting | Called | Serving | NoShow, Lapse) => Ok(Lapsed),
            (Waiting, Recall | Serve | Finish | Skip | Transfer | Return)
            | (Called, Call | Return | Cancel)
            | (Serving, Call | Recall | Serve | Skip | Return | Cancel)
            | (NoShow, Call | Recall | Serve | Finish | Skip | Transfer | Cancel)
            | (Done | Cancelled | Lapsed, _) => {
                let problem = Problem::new(&problems::STATE).with("label", label);
                Err(problem.with("from", self.text()).with("action", change.text()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_ended_stays_ended() {
        for state in [TicketState::Done, TicketState::Cancelled, TicketState::Lapsed] {
            assert!(Change::ALL.into_iter().all(|c| state.after(c, "A001").is_err()), "{state:?}");
        }
    }

    #[test]
    fn only_who_waits_is_called() {
        for state in TicketState::ALL {
            assert_eq!(state.after(Change::Call, "A001").is_ok(), state == TicketState::Waiting, "{state:?}");
        }
    }
}
