//! The states of a product order (TMF622) and the only way between them.
//!
//! ```text
//! acknowledged ─begin→ inProgress ─complete→ completed
//!      │  ├─hold→ held     │ ├─partly→ partial ─complete→ completed
//!      │  └─wait→ pending  │ └─fail→ failed
//!      └──────── cancel ───┴→ pendingCancellation ─undone→ cancelled
//! ```

use crate::problems;
use kernel::{Problem, Result};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    Acknowledged,
    Rejected,
    Pending,
    Held,
    InProgress,
    Cancelled,
    Completed,
    Failed,
    Partial,
    AssessingCancellation,
    PendingCancellation,
}

/// What happens to an order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Event {
    Begin,
    Reject,
    /// It waits for something outside.
    Wait,
    /// The customer is not ready.
    Hold,
    Partly,
    Complete,
    Fail,
    AssessCancel,
    Cancel,
    /// What was done has been undone.
    Undone,
}

impl Event {
    pub const ALL: [Self; 10] = [
        Self::Begin,
        Self::Reject,
        Self::Wait,
        Self::Hold,
        Self::Partly,
        Self::Complete,
        Self::Fail,
        Self::AssessCancel,
        Self::Cancel,
        Self::Undone,
    ];
    fn text(self) -> &'static str {
        match self {
            Self::Begin => "begin",
            Self::Reject => "reject",
            Self::Wait => "wait",
            Self::Hold => "hold",
            Self::Partly => "partly",
            Self::Complete => "complete",
            Self::Fail => "fail",
            Self::AssessCancel => "assessCancel",
            Self::Cancel => "cancel",
            Self::Undone => "undone",
        }
    }
}

/// What a refusal calls states and verbs, in the words of the trade; the English ones are the standard's own.
const WORDS: [(&str, &str); 24] = [
    ("acknowledged", "已受理"),
    ("rejected", "已驳回"),
    ("pending", "等待中"),
    ("held", "已挂起"),
    ("inProgress", "正在开通"),
    ("cancelled", "已退单"),
    ("completed", "已竣工"),
    ("failed", "已失败"),
    ("partial", "部分竣工"),
    ("assessingCancellation", "正在评估退单"),
    ("pendingCancellation", "正在撤单"),
    ("terminated", "已拆机"),
    ("begin", "开始施工"),
    ("reject", "驳回"),
    ("wait", "等待"),
    ("hold", "挂起"),
    ("release", "解挂"),
    ("urge", "催办"),
    ("amend", "改单"),
    ("audit", "稽核"),
    ("complete", "竣工"),
    ("fail", "置为失败"),
    ("cancel", "退单"),
    ("undo", "撤销"),
];

/// An order in this state cannot have this done to it.
pub(crate) fn refusal(from: &str, verb: &str) -> Problem {
    let zh = |word: &str| {
        WORDS.iter().find(|(w, _)| *w == word).map_or_else(|| format!(" {word} "), |(_, zh)| (*zh).to_owned())
    };
    let problem = Problem::new(&problems::ORDER_STATE).with("from", from).with("verb", verb);
    problem.with("from_zh", &zh(from)).with("verb_zh", &zh(verb))
}

impl State {
    pub const ALL: [Self; 11] = [
        Self::Acknowledged,
        Self::Rejected,
        Self::Pending,
        Self::Held,
        Self::InProgress,
        Self::Cancelled,
        Self::Completed,
        Self::Failed,
        Self::Partial,
        Self::AssessingCancellation,
        Self::PendingCancellation,
    ];
    pub fn text(self) -> &'static str {
        match self {
            Self::Acknowledged => "acknowledged",
            Self::Rejected => "rejected",
            Self::Pending => "pending",
            Self::Held => "held",
            Self::InProgress => "inProgress",
            Self::Cancelled => "cancelled",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Partial => "partial",
            Self::AssessingCancellation => "assessingCancellation",
            Self::PendingCancellation => "pendingCancellation",
        }
    }
    pub fn parse(text: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|s| s.text() == text);
        found.ok_or_else(|| Problem::invalid("state", &Self::ALL.map(Self::text).join(" | ")))
    }
    /// Nothing happens to it any more.
    pub fn ended(self) -> bool {
        match self {
            Self::Rejected | Self::Cancelled | Self::Completed | Self::Failed => true,
            Self::Acknowledged
            | Self::Pending
            | Self::Held
            | Self::InProgress
            | Self::Partial
            | Self::AssessingCancellation
            | Self::PendingCancellation => false,
        }
    }
    pub fn after(self, event: Event) -> Result<Self> {
        use Event::{AssessCancel, Begin, Cancel, Complete, Fail, Hold, Partly, Reject, Undone, Wait};
        use State::{
            Acknowledged, AssessingCancellation, Cancelled, Completed, Failed, Held, InProgress, Partial, Pending,
            PendingCancellation, Rejected,
        };
        match (self, event) {
            (Acknowledged | Pending | Held | AssessingCancellation, Begin) => Ok(InProgress),
            (Acknowledged | Pending, Reject) => Ok(Rejected),
            (Acknowledged | InProgress | Held, Wait) => Ok(Pending),
            (Acknowledged | InProgress | Pending, Hold) => Ok(Held),
            (InProgress, Partly) => Ok(Partial),
            (InProgress | Partial, Complete) => Ok(Completed),
            (Acknowledged | InProgress | Pending | Held | Partial | PendingCancellation, Fail) => Ok(Failed),
            (Acknowledged | InProgress | Pending | Held | Partial, AssessCancel) => Ok(AssessingCancellation),
            (Acknowledged | InProgress | Pending | Held | Partial | AssessingCancellation, Cancel) => {
                Ok(PendingCancellation)
            }
            (PendingCancellation, Undone) => Ok(Cancelled),
            (Acknowledged, Partly | Complete | Undone)
            | (InProgress, Begin | Reject | Undone)
            | (Pending, Wait | Partly | Complete | Undone)
            | (Held, Reject | Hold | Partly | Complete | Undone)
            | (Partial, Begin | Reject | Wait | Hold | Partly | Undone)
            | (AssessingCancellation, Reject | Wait | Hold | Partly | Complete | Fail | AssessCancel | Undone)
            | (PendingCancellation, Begin | Reject | Wait | Hold | Partly | Complete | AssessCancel | Cancel)
            | (Rejected | Cancelled | Completed | Failed, _) => Err(refusal(self.text(), event.text())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ended_order_stays_as_it_is_and_others_can_end() {
        for state in State::ALL {
            let ways = Event::ALL.into_iter().filter(|e| state.after(*e).is_ok()).count();
            assert_eq!(ways == 0, state.ended(), "{state:?}");
        }
    }

    #[test]
    fn a_cancellation_wins_over_completion_only_while_it_comes_first() {
        assert!(State::Completed.after(Event::Cancel).is_err());
        assert!(State::PendingCancellation.after(Event::Complete).is_err());
    }
}
