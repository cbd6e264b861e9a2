//! The states of a saga and of its steps, as pure functions: which steps may run, what a result leads to.
//!
//! ```text
//! forward:  pending → running → done            undo:  done | failed → undoing → undone
//!                       ├→ waiting → running                              └→ undoFailed → (retry) undoing
//!                       ├→ pending (retry later)
//!                       └→ failed → (retry) pending | (skip) skipped
//! ```
//! A saga's own state follows from its steps and its direction; nobody writes it.

use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum StepState {
    Pending,
    Running,
    Waiting,
    Done,
    Failed,
    Skipped,
    Undoing,
    Undone,
    UndoFailed,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SagaState {
    Running,
    Waiting,
    Stuck,
    Done,
    Compensating,
    Compensated,
    Abandoned,
}

impl SagaState {
    pub fn text(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Stuck => "stuck",
            Self::Done => "done",
            Self::Compensating => "compensating",
            Self::Compensated => "compensated",
            Self::Abandoned => "abandoned",
        }
    }
    pub fn parse(text: &str) -> Option<Self> {
        use SagaState::{Abandoned, Compensated, Compensating, Done, Running, Stuck, Waiting};
        [Running, Waiting, Stuck, Done, Compensating, Compensated, Abandoned].into_iter().find(|s| s.text() == text)
    }
    pub fn ended(self) -> bool {
        matches!(self, Self::Done | Self::Compensated | Self::Abandoned)
    }
}

/// Why a step failed, as it is shown to people.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Problem {
    pub code: String,
    pub zh: String,
    pub en: String,
}

/// A step as a template asks for it; `after` are positions in the same list.
#[derive(Clone, Debug)]
pub struct NewStep {
    pub name: String,
    pub title_zh: String,
    pub title_en: String,
    /// Which system does it: what fallout is grouped by.
    pub target: String,
    pub after: Vec<usize>,
    pub input: Value,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    pub name: String,
    pub zh: String,
    pub en: String,
    pub target: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<usize>,
    pub input: Value,
    pub state: StepState,
    /// Since the last time a person said "retry".
    #[serde(default, skip_serializing_if = "is_zero")]
    pub attempts: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// Not before this: a pause before a retry, or what it waits for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// What it waits for may have come while it was looking: it looks again at once.
    #[serde(default, skip_serializing_if = "is_false")]
    pub woken: bool,
    /// An attempt ended without an answer: the effect may be there.
    #[serde(default, skip_serializing_if = "is_false")]
    pub uncertain: bool,
    /// The place in the order of completion, from 1; undo goes backwards.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub rank: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Problem>,
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub output: Value,
}

fn is_zero(n: &u32) -> bool {
    *n == 0
}
fn is_false(b: &bool) -> bool {
    !*b
}

impl From<NewStep> for Step {
    fn from(new: NewStep) -> Self {
        let NewStep { name, title_zh, title_en, target, after, input } = new;
        Self {
            name,
            zh: title_zh,
            en: title_en,
            target,
            after,
            input,
            state: StepState::Pending,
            attempts: 0,
            started_at: None,
            ended_at: None,
            due: None,
            uncertain: false,
            woken: false,
            rank: 0,
            error: None,
            output: Value::Null,
        }
    }
}

/// How an attempt ended.
#[derive(Clone, Debug)]
pub enum Ending {
    Done(Value),
    WaitUntil(Timestamp),
    Failed { problem: Problem, retryable: bool, uncertain: bool },
}

/// The steps and the direction they are worked in.
#[derive(Clone, PartialEq, Debug)]
pub struct Plan {
    pub steps: Vec<Step>,
    pub backward: bool,
    pub abandoned: bool,
    /// A person holds it: nothing new is begun until it is released. Undoing is never held.
    pub held: bool,
}

/// Pauses before the second, third, … attempt, in seconds; after the last one the step has failed.
const PAUSES: [i64; 3] = [2, 10, 30];

impl Plan {
    pub fn state(&self) -> SagaState {
        use StepState::{Done, Failed, Pending, Running, Skipped, UndoFailed, Undoing, Waiting};
        let any = |wanted: &[StepState]| self.steps.iter().any(|s| wanted.contains(&s.state));
        if self.abandoned {
            SagaState::Abandoned
        } else if self.backward {
            match () {
                () if any(&[UndoFailed]) => SagaState::Stuck,
                () if any(&[Running, Undoing]) || self.next_undo().is_some() => SagaState::Compensating,
                () => SagaState::Compensated,
            }
        } else if self.steps.iter().all(|s| matches!(s.state, Done | Skipped)) {
            SagaState::Done
        } else if any(&[Failed]) {
            SagaState::Stuck
        } else if any(&[Running]) || (0..self.steps.len()).any(|i| self.steps[i].state == Pending && self.open(i)) {
            SagaState::Running
        } else if any(&[Waiting]) {
            SagaState::Waiting
        } else {
            SagaState::Stuck // a template whose dependencies run in a circle
        }
    }

    /// All that the step comes after is finished.
    fn open(&self, i: usize) -> bool {
        self.steps[i]
            .after
            .iter()
            .all(|&a| self.steps.get(a).is_some_and(|s| matches!(s.state, StepState::Done | StepState::Skipped)))
    }

    fn runnable(&self, i: usize) -> bool {
        matches!(self.steps[i].state, StepState::Pending | StepState::Waiting) && self.open(i)
    }

    /// Marks what may run now as running and returns it: several forward, at most one backward.
    pub fn take(&mut self, now: Timestamp) -> Vec<usize> {
        let due = |s: &Step| s.due.is_none_or(|d| d <= now);
        let taken: Vec<usize> = match (self.abandoned, self.backward) {
            (true, _) => vec![],
            (false, false) if self.held => vec![],
            (false, false) => (0..self.steps.len()).filter(|&i| self.runnable(i) && due(&self.steps[i])).collect(),
            (false, true) => self.next_undo().filter(|&i| due(&self.steps[i])).into_iter().collect(),
        };
        for &i in &taken {
            let step = &mut self.steps[i];
            step.uncertain |= matches!(step.state, StepState::Undoing);
            step.attempts += u32::from(step.state != StepState::Waiting); // looking again is no new attempt
            step.state = if self.backward { StepState::Undoing } else { StepState::Running };
            step.started_at.get_or_insert(now);
            (step.due, step.woken) = (None, false);
        }
        taken
    }

    /// What is to be undone next: first what may have had its effect without finishing, then the others in reverse order
    /// of completion. Nothing while a step still runs or an undo is under way or failed.
    fn next_undo(&self) -> Option<usize> {
        use StepState::{Done, Failed, Pending, Running, Skipped, UndoFailed, Undoing, Undone, Waiting};
        if self.steps.iter().any(|s| s.under_way() || s.state == UndoFailed) {
            return None;
        }
        let key = |s: &Step| match s.state {
            Undoing => Some(u32::MAX),
            Failed => Some(u32::MAX - 1),
            Pending | Waiting => s.started_at.map(|_| u32::MAX - 1),
            Done => Some(s.rank),
            Skipped | Undone | Running | UndoFailed => None,
        };
        (0..self.steps.len()).filter_map(|i| Some((key(&self.steps[i])?, i))).max().map(|(_, i)| i)
    }

    /// Steps that were under way when their process died: their outcome is unknown, they are taken up again.
    pub fn recover(&mut self) {
        for step in &mut self.steps {
            match step.state {
                StepState::Running => (step.state, step.uncertain) = (StepState::Pending, true),
                // due "long ago" tells it from an undo that is under way
                StepState::Undoing if step.due.is_none() => {
                    (step.due, step.uncertain) = (Some(Timestamp::from_micros(0)), true);
                }
                _ => {}
            }
        }
    }

    /// Books how an attempt ended.
    pub fn end(&mut self, i: usize, ending: Ending, now: Timestamp) {
        let rank = self.steps.iter().map(|s| s.rank).max().unwrap_or(0) + 1;
        let step = &mut self.steps[i];
        let undoing = match step.state {
            StepState::Running => false,
            StepState::Undoing => true,
            _ => return, // a late answer: somebody decided otherwise meanwhile
        };
        let turned = self.backward && !undoing;
        match ending {
            Ending::Done(output) => {
                (step.error, step.uncertain, step.ended_at) = (None, false, Some(now));
                if undoing {
                    step.state = StepState::Undone;
                } else {
                    (step.state, step.rank, step.output) = (StepState::Done, rank, output);
                }
            }
            Ending::WaitUntil(until) => {
                step.due = Some(if std::mem::take(&mut step.woken) { now } else { until });
                if !undoing {
                    step.state = StepState::Waiting;
                }
            }
            Ending::Failed { problem, retryable, uncertain } => {
                step.error = Some(problem);
                step.uncertain = uncertain;
                let pause = PAUSES.get(step.attempts.saturating_sub(1) as usize).filter(|_| retryable);
                match (pause, undoing) {
                    (Some(&seconds), _) => {
                        step.due = Some(now.plus_seconds(seconds));
                        if !undoing {
                            step.state = StepState::Pending;
                        }
                    }
                    (None, false) => (step.state, step.ended_at) = (StepState::Failed, Some(now)),
                    (None, true) => step.state = StepState::UndoFailed,
                }
            }
        }
        if turned {
            (step.attempts, step.due) = (0, None); // the saga was turned round meanwhile: the undo starts afresh
        }
    }

    /// What some step waits for may have come.
    pub fn wake(&mut self) {
        for step in &mut self.steps {
            match step.state {
                StepState::Waiting => step.due = None,
                StepState::Running => step.woken = true,
                // An undo that waits looks again; one that is under way is told that it should.
                StepState::Undoing if step.due.is_some() => step.due = Some(Timestamp::from_micros(0)),
                StepState::Undoing => step.woken = true,
                _ => {}
            }
        }
    }

    /// When the runner has to look again, if nothing is under way: never, once the saga ended or waits for a person.
    pub fn next_due(&self) -> Option<Timestamp> {
        if self.state().ended() {
            return None;
        }
        let soon = Timestamp::from_micros(0);
        if self.steps.iter().any(Step::under_way) {
            return Some(soon); // once the lease has run out, since then its process has died
        }
        if self.held && !self.backward {
            return None;
        }
        if self.backward {
            return self.next_undo().map(|i| self.steps[i].due.unwrap_or(soon));
        }
        (0..self.steps.len()).filter(|&i| self.runnable(i)).map(|i| self.steps[i].due.unwrap_or(soon)).min()
    }

    /// Turns round: what was done is undone. Pauses end, since nothing is tried any more.
    pub fn compensate(&mut self) {
        (self.backward, self.held) = (true, false);
        for step in self.steps.iter_mut().filter(|s| !s.under_way()) {
            match step.state {
                StepState::UndoFailed => step.retry(),
                StepState::Done => {}
                _ => step.uncertain |= step.started_at.is_some(),
            }
            (step.attempts, step.due) = (0, None);
        }
    }
}

impl Step {
    /// An attempt to do or undo it is under way.
    fn under_way(&self) -> bool {
        match self.state {
            StepState::Running => true,
            StepState::Undoing => self.due.is_none(),
            _ => false,
        }
    }
    /// A person wants it tried again: from the first attempt on.
    pub fn retry(&mut self) {
        self.attempts = 0;
        self.due = None;
        self.state = match self.state {
            StepState::Failed => StepState::Pending,
            StepState::UndoFailed if self.rank == 0 => StepState::Failed,
            StepState::UndoFailed => StepState::Done,
            other => other,
        };
    }
    /// A person has done it by other means, or accepts that it is not done.
    pub fn skip(&mut self, now: Timestamp) {
        self.state = match self.state {
            StepState::Failed => StepState::Skipped,
            StepState::UndoFailed => StepState::Undone,
            other => other,
        };
        self.ended_at = Some(now);
    }
}

#[cfg(test)]
mod tests;
