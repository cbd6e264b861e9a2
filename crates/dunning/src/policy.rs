//! Policies: which customers, which steps, after how many days. Checked against the law when they are saved; a case keeps the
//! version it began with.

mod check;
mod keep;

pub use check::check;
pub use keep::{Kept, Wanted, all, delete, save, version};

use kernel::{Money, Problem, Result};
use serde::{Deserialize, Serialize};

/// The steps, the mildest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum StepKind {
    /// 催缴.
    Remind,
    /// 单停.
    BarOutgoing,
    /// 双停.
    BarAll,
    /// 预销.
    PreCancel,
    /// 销户.
    Terminate,
    /// 坏账核销.
    WriteOff,
}

impl StepKind {
    pub const ALL: [Self; 6] =
        [Self::Remind, Self::BarOutgoing, Self::BarAll, Self::PreCancel, Self::Terminate, Self::WriteOff];
    pub const fn name(self) -> &'static str {
        match self {
            Self::Remind => "remind",
            Self::BarOutgoing => "barOutgoing",
            Self::BarAll => "barAll",
            Self::PreCancel => "preCancel",
            Self::Terminate => "terminate",
            Self::WriteOff => "writeOff",
        }
    }
    pub const fn titles(self) -> (&'static str, &'static str) {
        match self {
            Self::Remind => ("催缴", "The reminder"),
            Self::BarOutgoing => ("单停", "Barring what goes out"),
            Self::BarAll => ("双停", "Barring both ways"),
            Self::PreCancel => ("预销", "The notice of termination"),
            Self::Terminate => ("销户", "The termination"),
            Self::WriteOff => ("坏账核销", "The write-off"),
        }
    }
    pub fn parse(text: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|k| k.name() == text);
        found.ok_or_else(|| Problem::invalid("step", &Self::ALL.map(Self::name).join(" | ")))
    }
    pub const fn bars(self) -> bool {
        matches!(self, Self::BarOutgoing | Self::BarAll)
    }
    /// The text of the message that goes with it.
    pub const fn template(self) -> Option<&'static str> {
        match self {
            Self::Remind => Some("dunning.remind"),
            Self::BarOutgoing => Some("dunning.barOutgoing"),
            Self::BarAll => Some("dunning.barAll"),
            Self::PreCancel => Some("dunning.preCancel"),
            Self::Terminate => Some("dunning.terminate"),
            Self::WriteOff => None,
        }
    }
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Step {
    pub kind: StepKind,
    /// Days after the step before it; of the first, after the due date.
    pub days: i64,
    /// Smaller debts wait here.
    #[serde(default)]
    pub min_fen: i64,
    /// `sms`, `mail`.
    #[serde(default)]
    pub channels: Vec<String>,
    /// The kind of message; the usual one of the step where empty.
    #[serde(default)]
    pub template: String,
    /// A second person decides.
    #[serde(default)]
    pub approval: bool,
}

/// Which customers; an empty list leaves the matter open.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Match {
    /// `individual`, `organization`.
    pub kinds: Vec<String>,
    pub grades: Vec<String>,
    /// Product lines, of which one is charged to the account.
    pub families: Vec<String>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Policy {
    #[serde(default, rename = "match")]
    pub matches: Match,
    /// Smaller debts are left alone.
    #[serde(default)]
    pub min_fen: i64,
    /// Nothing but reminders without the account manager and a second person.
    #[serde(default)]
    pub key_account: bool,
    pub steps: Vec<Step>,
}

impl Match {
    pub fn is_everybody(&self) -> bool {
        self.kinds.is_empty() && self.grades.is_empty() && self.families.is_empty()
    }
    pub fn fits(&self, kind: &str, grade: &str, families: &[String]) -> bool {
        let among = |list: &[String], value: &str| list.is_empty() || list.iter().any(|v| v == value);
        among(&self.kinds, kind)
            && among(&self.grades, grade)
            && (self.families.is_empty() || families.iter().any(|f| self.families.contains(f)))
    }
}

impl Policy {
    pub fn min(&self) -> Money {
        Money::fen(self.min_fen.max(1))
    }
    /// Whether this step is only done when people have decided so.
    pub fn by_people(&self, step: &Step) -> bool {
        step.approval || step.kind == StepKind::WriteOff || (self.key_account && step.kind != StepKind::Remind)
    }
}
