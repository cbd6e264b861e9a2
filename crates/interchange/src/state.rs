//! Where an order from billing stands.
//!
//! ```text
//! waiting ─→ working ─→ done
//!   ↑  └───────┴──→ failed ─→ manual ─→ closed
//!   └────── retry ────┴─────────┘        waiting and failed are closed too when something newer took their place
//! ```

use crate::problems;
use kernel::{Problem, Result};
use serde::Serialize;

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum State {
    Waiting,
    /// An order carries it out.
    Working,
    Done,
    /// Refused; it is tried again by itself.
    Failed,
    /// Refused for good, or too often: a person must look.
    Manual,
    Closed,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verb {
    Place,
    Finish,
    Fail,
    GiveUp,
    Retry,
    Close,
}

impl Verb {
    pub const fn titles(self) -> (&'static str, &'static str) {
        match self {
            Self::Place => ("下单", "placing"),
            Self::Finish => ("完成", "finishing"),
            Self::Fail => ("置为失败", "failing"),
            Self::GiveUp => ("转人工", "handing over to a person"),
            Self::Retry => ("重试", "retrying"),
            Self::Close => ("关闭", "closing"),
        }
    }
}

impl State {
    pub const ALL: [Self; 6] = [Self::Waiting, Self::Working, Self::Done, Self::Failed, Self::Manual, Self::Closed];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Working => "working",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Manual => "manual",
            Self::Closed => "closed",
        }
    }
    pub const fn titles(self) -> (&'static str, &'static str) {
        match self {
            Self::Waiting => ("待处理", "waiting"),
            Self::Working => ("处理中", "being done"),
            Self::Done => ("已完成", "done"),
            Self::Failed => ("失败待重试", "failed, to be tried again"),
            Self::Manual => ("待人工处理", "waiting for a person"),
            Self::Closed => ("已关闭", "closed"),
        }
    }
    /// Nothing more will come by itself: its source is told so.
    pub const fn ended(self) -> bool {
        matches!(self, Self::Done | Self::Closed)
    }
    pub fn parse(text: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|s| s.name() == text)
            .ok_or_else(|| Problem::invalid("state", &Self::ALL.map(Self::name).join(" | ")))
    }
    pub fn after(self, verb: Verb) -> Result<Self> {
        match (self, verb) {
            (Self::Waiting | Self::Failed, Verb::Place) => Ok(Self::Working),
            (Self::Waiting | Self::Working | Self::Failed, Verb::Finish) => Ok(Self::Done),
            (Self::Waiting | Self::Working | Self::Failed, Verb::Fail) => Ok(Self::Failed),
            (Self::Waiting | Self::Working | Self::Failed, Verb::GiveUp) => Ok(Self::Manual),
            (Self::Failed | Self::Manual, Verb::Retry) => Ok(Self::Waiting),
            (Self::Waiting | Self::Failed | Self::Manual, Verb::Close) => Ok(Self::Closed),
            (Self::Waiting, Verb::Retry)
            | (Self::Working, Verb::Place | Verb::Retry | Verb::Close)
            | (Self::Manual, Verb::Place | Verb::Finish | Verb::Fail | Verb::GiveUp)
            | (Self::Done | Self::Closed, _) => {
                let ((zh, en), (verb_zh, verb_en)) = (self.titles(), verb.titles());
                let problem = Problem::new(&problems::BACK_STATE).with("zh", zh).with("en", en);
                Err(problem.with("verb_zh", verb_zh).with("verb_en", verb_en))
            }
        }
    }
    /// The state of the whole: what needs attention most.
    pub fn of_all(parts: &[Self]) -> Self {
        for state in [Self::Manual, Self::Failed, Self::Working, Self::Waiting] {
            if parts.contains(&state) {
                return state;
            }
        }
        if !parts.is_empty() && parts.iter().all(|s| *s == Self::Closed) { Self::Closed } else { Self::Done }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_ended_stays_and_everything_else_can_end() {
        let verbs = [Verb::Place, Verb::Finish, Verb::Fail, Verb::GiveUp, Verb::Retry, Verb::Close];
        for state in State::ALL {
            let ways = verbs.into_iter().filter(|v| state.after(*v).is_ok()).count();
            assert_eq!(ways == 0, state.ended(), "{state:?}");
            assert_eq!(State::parse(state.name()).unwrap(), state);
        }
    }

    #[test]
    fn the_whole_stands_where_its_worst_part_stands() {
        assert_eq!(State::of_all(&[State::Done, State::Manual]), State::Manual);
        assert_eq!(State::of_all(&[State::Done, State::Working]), State::Working);
        assert_eq!(State::of_all(&[State::Done, State::Closed]), State::Done);
        assert_eq!(State::of_all(&[State::Closed]), State::Closed);
        assert_eq!(State::of_all(&[]), State::Done);
    }
}
