//! What becomes of a message.
//!
//! ```text
//! waiting ─→ sending ─→ sent ─→ delivered
//!   ↑  │        │  │      └───→ undelivered      by the gateway's receipt
//!   │  └──→ expired└─→ failed                    for good, or tried too often
//!   └───────────┘  └─────────── retry ──→ waiting
//! ```
//!
//! An attempt is written down before it is made. One that never answered is made again: a message may come twice, it is
//! never lost; a mail carries the same Message-ID each time.

use crate::problems;
use kernel::{Problem, Result};
use serde::Serialize;

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum State {
    Waiting,
    Sending,
    Sent,
    Delivered,
    Undelivered,
    Failed,
    Expired,
    /// It came from outside.
    Received,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// An attempt begins; also after one that never answered.
    Begin,
    Sent,
    /// Not this time.
    Again,
    GiveUp,
    Expire,
    Delivered,
    Undelivered,
    /// A person wants it sent after all.
    Retry,
}

impl State {
    pub const ALL: [Self; 8] = [
        Self::Waiting,
        Self::Sending,
        Self::Sent,
        Self::Delivered,
        Self::Undelivered,
        Self::Failed,
        Self::Expired,
        Self::Received,
    ];
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Undelivered => "undelivered",
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::Received => "received",
        }
    }
    pub const fn titles(self) -> (&'static str, &'static str) {
        match self {
            Self::Waiting => ("待发送", "waiting"),
            Self::Sending => ("发送中", "being sent"),
            Self::Sent => ("已发送", "sent"),
            Self::Delivered => ("已送达", "delivered"),
            Self::Undelivered => ("未送达", "not delivered"),
            Self::Failed => ("发送失败", "failed"),
            Self::Expired => ("已过期", "expired"),
            Self::Received => ("已收到", "received"),
        }
    }
    pub fn parse(text: &str) -> Result<Self> {
        let names = || Self::ALL.map(Self::name).join(" | ");
        Self::ALL.into_iter().find(|s| s.name() == text).ok_or_else(|| Problem::invalid("state", &names()))
    }
    pub fn after(self, step: Step) -> Result<Self> {
        match (self, step) {
            (Self::Waiting | Self::Sending, Step::Begin) => Ok(Self::Sending),
            (Self::Waiting | Self::Sending, Step::Sent) => Ok(Self::Sent),
            (Self::Sending, Step::Again) => Ok(Self::Waiting),
            (Self::Waiting | Self::Sending, Step::GiveUp) => Ok(Self::Failed),
            (Self::Waiting | Self::Sending, Step::Expire) => Ok(Self::Expired),
            // A receipt may overtake the answer of the attempt that it belongs to.
            (Self::Sending | Self::Sent | Self::Undelivered, Step::Delivered) => Ok(Self::Delivered),
            (Self::Sending | Self::Sent, Step::Undelivered) => Ok(Self::Undelivered),
            (Self::Undelivered | Self::Failed | Self::Expired, Step::Retry) => Ok(Self::Waiting),
            (
                Self::Waiting
                | Self::Sending
                | Self::Sent
                | Self::Delivered
                | Self::Undelivered
                | Self::Failed
                | Self::Expired
                | Self::Received,
                _,
            ) => {
                let (zh, en) = self.titles();
                Err(Problem::new(&problems::STATE).with("zh", zh).with("en", en))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_arrived_or_came_in_stays_so() {
        let steps = [
            Step::Begin,
            Step::Sent,
            Step::Again,
            Step::GiveUp,
            Step::Expire,
            Step::Delivered,
            Step::Undelivered,
            Step::Retry,
        ];
        for state in [State::Delivered, State::Received] {
            assert!(steps.iter().all(|s| state.after(*s).is_err()), "{state:?}");
        }
        assert_eq!(State::Sending.after(Step::Delivered).unwrap(), State::Delivered);
        assert_eq!(State::Failed.after(Step::Retry).unwrap(), State::Waiting);
        assert!(State::Sent.after(Step::Retry).is_err());
    }
}
