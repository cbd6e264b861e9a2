//! The states of a message to an activation system, and what an answer leads to: a pure function, so that late, doubled
//! and disordered answers can be tried in every state.
//!
//! ```text
//! new → submitted → acked → completed          cancelling → cancelled
//!   └───────┴─────────┴───→ failed             a completion in either is taken back by a message of its own
//! ```

use Answer::{
    Acked, Cancelled as SaysCancelled, Completed as SaysCompleted, Failed as SaysFailed, Progress, TooLate, Unknown,
};
use State::{Acked as IsAcked, Cancelled, Cancelling, Completed, Failed, New, Submitted};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    New,
    /// It was sent; whether it arrived is not known.
    Submitted,
    Acked,
    Completed,
    Failed,
    Cancelling,
    Cancelled,
}

impl State {
    pub const ALL: [Self; 7] = [New, Submitted, IsAcked, Completed, Failed, Cancelling, Cancelled];
    pub fn text(self) -> &'static str {
        match self {
            New => "new",
            Submitted => "submitted",
            IsAcked => "acked",
            Completed => "completed",
            Failed => "failed",
            Cancelling => "cancelling",
            Cancelled => "cancelled",
        }
    }
    /// What cannot be read counts as unsent, which the other side recognises by the message's id.
    pub fn parse(text: &str) -> Self {
        Self::ALL.into_iter().find(|s| s.text() == text).unwrap_or(New)
    }
    pub fn ended(self) -> bool {
        matches!(self, Completed | Failed | Cancelled)
    }
}

/// What the other side says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer {
    Acked,
    Progress,
    Completed,
    Failed,
    Cancelled,
    /// It cannot be cancelled any more.
    TooLate,
    /// Asked about it, it has never heard of it.
    Unknown,
}

/// What follows besides the new state.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Effect {
    /// Known already, or overtaken.
    Nothing,
    /// The steps that wait look again.
    Wake,
    /// Ask how it stands.
    Ask,
    /// Send it (again).
    Send,
    /// It was done although it had been taken back: take it back by a message of its own.
    Compensate,
}

pub fn after(state: State, answer: Answer) -> (State, Effect) {
    match (state, answer) {
        (New | Submitted, Acked | Progress) => (IsAcked, Effect::Nothing),
        (New | Submitted | IsAcked, SaysCompleted) => (Completed, Effect::Wake),
        (New | Submitted | IsAcked, SaysFailed) => (Failed, Effect::Wake),
        // Nobody here asked for that: a person there did. The work is not done.
        (New | Submitted | IsAcked, SaysCancelled) => (Failed, Effect::Wake),
        (New | Submitted | IsAcked, Unknown) => (New, Effect::Send),
        (New | Submitted | IsAcked, TooLate) => (state, Effect::Ask),
        (IsAcked, Acked | Progress) => (IsAcked, Effect::Nothing),
        // An answer after we had given up: it counts.
        (Failed, SaysCompleted) => (Completed, Effect::Wake),
        (Cancelling, SaysCancelled | Unknown | SaysFailed) => (Cancelled, Effect::Wake),
        (Cancelling | Cancelled, SaysCompleted) => (Completed, Effect::Compensate),
        (Cancelling, TooLate) => (Cancelling, Effect::Ask),
        (Cancelling, Acked | Progress) => (Cancelling, Effect::Nothing),
        (Completed | Failed | Cancelled, _) => (state, Effect::Nothing),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWERS: [Answer; 7] = [Acked, Progress, SaysCompleted, SaysFailed, SaysCancelled, TooLate, Unknown];

    #[test]
    fn an_answer_said_twice_changes_nothing_the_second_time() {
        for state in State::ALL {
            for answer in ANSWERS {
                let (once, _) = after(state, answer);
                let (twice, effect) = after(once, answer);
                assert_eq!(once, twice, "{state:?} {answer:?}");
                let asks = matches!(effect, Effect::Ask | Effect::Send);
                assert!(effect == Effect::Nothing || asks, "{state:?} {answer:?}: {effect:?}");
            }
        }
    }

    #[test]
    fn what_was_cancelled_is_never_taken_for_done() {
        for state in [Cancelling, Cancelled] {
            assert_eq!(after(state, SaysCompleted), (Completed, Effect::Compensate));
            assert_ne!(after(state, Acked).0, IsAcked);
        }
    }

    #[test]
    fn a_completion_stands_against_everything_that_comes_after_it() {
        for answer in ANSWERS {
            assert_eq!(after(Completed, answer), (Completed, Effect::Nothing));
        }
    }
}
