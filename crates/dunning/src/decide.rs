//! What becomes of a case today: a pure function of the case, its policy, the law and what is owed.

use crate::{
    case::Case,
    law::Law,
    policy::{Policy, StepKind},
};
use kernel::{Date, Money};
use serde::Serialize;

/// What is owed, and how much of it is left alone.
#[derive(Clone, Copy, Debug)]
pub struct Debt {
    pub amount: Money,
    pub oldest_due: Date,
    /// The credit in force: a debt within it is not dunned.
    pub allowed: Money,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Move {
    Nothing,
    /// Paid, or within what is allowed.
    Close(&'static str),
    /// This step of the policy is done now.
    Take(usize),
    /// People have to decide on this step.
    Ask(usize),
}

/// When the next step comes at the earliest, and what else it waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Next {
    pub step: StepKind,
    pub index: usize,
    pub on: Date,
    /// `days`, `law`, `hold`, `amount`, `people`; what holds it back longest.
    pub waits_for: &'static str,
}

/// The next step of a case, whenever it may come; none after the last.
pub fn next(case: &Case, policy: &Policy, law: &Law, debt: &Debt) -> Option<Next> {
    let index = usize::try_from(case.steps_done).ok()?;
    let step = policy.steps.get(index)?;
    let days = |n: i64| i32::try_from(n).unwrap_or(i32::MAX);
    let base = if index == 0 { debt.oldest_due } else { case.step_on };
    let mut on = base.plus_days(days(step.days));
    let mut waits_for = "days";
    let never = Date::parse("9999-12-31").unwrap_or(on);
    let mut later = |day: Date, why: &'static str| {
        if day > on {
            (on, waits_for) = (day, why);
        }
    };
    if step.kind.bars() {
        later(debt.oldest_due.plus_days(days(law.suspend.value)), "law");
        if law.remind.value > 0 {
            // Not on the day of the reminder: there has to be time to answer it.
            later(case.reminded_on.map_or(never, |d| d.plus_days(1)), "law");
        }
    }
    if step.kind == StepKind::Terminate {
        later(case.suspended_on.map_or(never, |d| d.plus_days(days(law.terminate.value))), "law");
        later(case.noticed_on.map_or(never, |d| d.plus_days(1)), "law");
    }
    if let Some(until) = case.hold_until.filter(|_| !case.hold.is_empty()) {
        later(until.plus_days(1), "hold");
    }
    if debt.amount.in_fen() < step.min_fen {
        waits_for = "amount";
    } else if policy.by_people(step) && waits_for == "days" {
        waits_for = "people";
    }
    Some(Next { step: step.kind, index, on, waits_for })
}

/// What to do today. One step at most: the one after it waits its days from today.
pub fn decide(case: &Case, policy: &Policy, law: &Law, debt: Option<&Debt>, today: Date) -> Move {
    let Some(debt) = debt else { return Move::Close("paid") };
    if debt.amount.is_zero() {
        return Move::Close("paid");
    }
    if debt.amount <= debt.allowed {
        return Move::Close("credit");
    }
    if case.held(today) {
        return Move::Nothing;
    }
    let Some(next) = next(case, policy, law, debt) else { return Move::Nothing };
    let Some(step) = policy.steps.get(next.index) else { return Move::Nothing };
    if today < next.on || debt.amount.in_fen() < step.min_fen {
        return Move::Nothing;
    }
    if policy.by_people(step) { Move::Ask(next.index) } else { Move::Take(next.index) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        case::Level,
        law::tests::book,
        policy::{Match, Step},
    };
    use kernel::{OrgPath, Timestamp};

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }
    fn policy() -> Policy {
        let step = |kind, days| Step {
            kind,
            days,
            min_fen: 0,
            channels: vec!["sms".into()],
            template: String::new(),
            approval: kind == StepKind::WriteOff,
        };
        use StepKind::{BarAll, BarOutgoing, PreCancel, Remind, Terminate, WriteOff};
        let steps = [(Remind, 5), (BarOutgoing, 26), (BarAll, 10), (PreCancel, 40), (Terminate, 30), (WriteOff, 100)];
        Policy {
            matches: Match::default(),
            min_fen: 100,
            key_account: false,
            steps: steps.into_iter().map(|(k, d)| step(k, d)).collect(),
        }
    }
    fn case(due: &str) -> Case {
        let now = Timestamp::from_micros(0);
        Case {
            id: "c".into(),
            version: 1,
            org: OrgPath::root(),
            account_id: "a".into(),
            customer_id: "k".into(),
            policy_id: "p".into(),
            policy_version: 1,
            state: "open".into(),
            steps_done: 0,
            step: "none".into(),
            step_on: day(due),
            oldest_due: day(due),
            overdue: Money::fen(1_000),
            level: Level::None,
            told_level: Level::None,
            told_count: 0,
            reminded_on: None,
            suspended_on: None,
            noticed_on: None,
            hold: String::new(),
            hold_until: None,
            hold_lifts: false,
            hold_reason: String::new(),
            restore_by: None,
            restored_at: None,
            opened_at: now,
            closed_at: None,
            close_reason: String::new(),
            updated_at: now,
        }
    }
    /// Does to the case what the sweep does.
    fn take(case: &mut Case, kind: StepKind, today: Date) {
        case.steps_done += 1;
        case.step = kind.name().into();
        case.step_on = today;
        match kind {
            StepKind::Remind => case.reminded_on = Some(today),
            StepKind::BarOutgoing | StepKind::BarAll => case.suspended_on = Some(today),
            StepKind::PreCancel => case.noticed_on = Some(today),
            StepKind::Terminate | StepKind::WriteOff => {}
        }
    }

    #[test]
    fn whatever_way_the_clock_jumps_no_step_is_skipped_and_none_is_early() {
        let law = book().at(&OrgPath::root()).unwrap();
        let policy = policy();
        // Jumps of a small pseudo random walk, back as well as forward, a thousand times over.
        let mut state = 7u64;
        let mut random = move |n: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) % n
        };
        for _ in 0..1_000 {
            let due = day("2026-01-31");
            let mut case = case("2026-01-31");
            let debt = Debt { amount: Money::fen(1_000), oldest_due: due, allowed: Money::ZERO };
            let mut today = due;
            let mut done: Vec<(StepKind, Date)> = Vec::new();
            for _ in 0..60 {
                let jump = i32::try_from(random(80)).unwrap() - 15;
                today = today.plus_days(jump);
                if let Move::Take(i) = decide(&case, &policy, &law, Some(&debt), today) {
                    assert_eq!(i, done.len(), "steps come in order, one at a time");
                    let kind = policy.steps[i].kind;
                    let since = done.last().map_or(due, |(_, on)| *on);
                    assert!(today.days_since(since) >= policy.steps[i].days, "{kind:?} waited");
                    if kind.bars() {
                        assert!(today.days_since(due) >= 30 && done.iter().any(|(k, _)| *k == StepKind::Remind));
                    }
                    if kind == StepKind::Terminate {
                        let barred = done.iter().filter(|(k, _)| k.bars()).map(|(_, on)| *on).max().unwrap();
                        assert!(today.days_since(barred) >= 60);
                    }
                    take(&mut case, kind, today);
                    done.push((kind, today));
                }
            }
            assert!(done.iter().all(|(k, _)| *k != StepKind::WriteOff), "people decide on that");
        }
    }

    #[test]
    fn paying_credit_and_holds_stop_it() {
        let law = book().at(&OrgPath::root()).unwrap();
        let (policy, mut one) = (policy(), case("2026-01-31"));
        let today = day("2026-03-15");
        let debt = |fen, allowed| Debt {
            amount: Money::fen(fen),
            oldest_due: day("2026-01-31"),
            allowed: Money::fen(allowed),
        };
        assert_eq!(decide(&one, &policy, &law, None, today), Move::Close("paid"));
        assert_eq!(decide(&one, &policy, &law, Some(&debt(1_000, 1_000)), today), Move::Close("credit"));
        assert_eq!(decide(&one, &policy, &law, Some(&debt(1_000, 999)), today), Move::Take(0));
        one.hold = "promise".into();
        one.hold_until = Some(today);
        assert_eq!(decide(&one, &policy, &law, Some(&debt(1_000, 0)), today), Move::Nothing);
        assert_eq!(decide(&one, &policy, &law, Some(&debt(1_000, 0)), today.plus_days(1)), Move::Take(0));
        assert_eq!(next(&one, &policy, &law, &debt(1_000, 0)).unwrap().waits_for, "hold");
    }

    #[test]
    fn nobody_is_barred_without_a_reminder_or_on_its_day() {
        let law = book().at(&OrgPath::root()).unwrap();
        let (policy, mut one) = (policy(), case("2026-01-31"));
        one.steps_done = 1; // as a policy saved before the law asked for reminders would have it
        let debt = Debt { amount: Money::fen(1_000), oldest_due: day("2026-01-31"), allowed: Money::ZERO };
        let today = day("2026-06-01");
        assert_eq!(decide(&one, &policy, &law, Some(&debt), today), Move::Nothing);
        one.reminded_on = Some(today);
        assert_eq!(decide(&one, &policy, &law, Some(&debt), today), Move::Nothing);
        assert_eq!(decide(&one, &policy, &law, Some(&debt), today.plus_days(1)), Move::Take(1));
    }
}
