//! What a billing system asks for.

use kernel::{Problem, Result};
use serde::Serialize;

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// 欠费停机: nothing goes out, calls come in.
    BarOutgoing,
    /// 双停: nothing goes out or comes in.
    BarAll,
    /// 复机: this reason is taken away.
    Unbar,
    /// 销户.
    Terminate,
    /// 高额: the charges of a cycle are out of the ordinary.
    HighCharge,
    /// 信用度变更.
    Credit,
}

impl Kind {
    pub const ALL: [Self; 6] =
        [Self::BarOutgoing, Self::BarAll, Self::Unbar, Self::Terminate, Self::HighCharge, Self::Credit];

    pub const fn name(self) -> &'static str {
        match self {
            Self::BarOutgoing => "barOutgoing",
            Self::BarAll => "barAll",
            Self::Unbar => "unbar",
            Self::Terminate => "terminate",
            Self::HighCharge => "highCharge",
            Self::Credit => "credit",
        }
    }
    pub const fn titles(self) -> (&'static str, &'static str) {
        match self {
            Self::BarOutgoing => ("单停", "Bar outgoing"),
            Self::BarAll => ("双停", "Bar both ways"),
            Self::Unbar => ("复机", "Lift the bar"),
            Self::Terminate => ("销户", "Terminate"),
            Self::HighCharge => ("高额提醒", "High charge"),
            Self::Credit => ("信用度变更", "Credit limit"),
        }
    }
    /// Carried out by an order on a product; the others are news that are heard and answered.
    pub const fn is_business(self) -> bool {
        match self {
            Self::BarOutgoing | Self::BarAll | Self::Unbar | Self::Terminate => true,
            Self::HighCharge | Self::Credit => false,
        }
    }
    /// It says anew how far a product is barred for a reason: what was said before and has not begun is out of date.
    pub const fn sets_bar(self) -> bool {
        matches!(self, Self::BarOutgoing | Self::BarAll | Self::Unbar)
    }
    pub fn parse(text: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|k| k.name() == text)
            .ok_or_else(|| Problem::invalid("kind", &Self::ALL.map(Self::name).join(" | ")))
    }
}
