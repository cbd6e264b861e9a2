//! A policy against the law: what is below it is refused, with the article.

use super::{Policy, StepKind};
use crate::{law::Law, problems};
use kernel::{Problem, Result};

const LONGEST: i64 = 3_650;

/// Fails at the first thing that cannot be.
pub fn check(policy: &Policy, law: &Law) -> Result<()> {
    if policy.steps.is_empty() || policy.steps.len() > 20 {
        return Err(Problem::invalid("steps", "1–20"));
    }
    if policy.min_fen < 0 || policy.min_fen > 100_000_000 {
        return Err(Problem::invalid("minFen", "0–1000000"));
    }
    for kind in &policy.matches.kinds {
        if !["individual", "organization"].contains(&kind.as_str()) {
            return Err(Problem::invalid("match.kinds", "individual | organization"));
        }
    }
    let mut day = 0;
    let (mut before, mut reminded, mut suspended, mut noticed) = (None, false, None, false);
    for (n, step) in policy.steps.iter().enumerate() {
        let field = format!("steps.{n}.days");
        // Two steps on one day would leave no time to answer the first.
        if !(1..=LONGEST).contains(&step.days) {
            return Err(Problem::invalid(&field, "1–3650"));
        }
        if step.min_fen < 0 {
            return Err(Problem::invalid(&format!("steps.{n}.minFen"), "≥ 0"));
        }
        if step.channels.iter().any(|c| c != "sms" && c != "mail") {
            return Err(Problem::invalid(&format!("steps.{n}.channels"), "sms | mail"));
        }
        if step.kind == StepKind::Remind && step.channels.is_empty() {
            return Err(Problem::missing(&format!("steps.{n}.channels")));
        }
        if before.is_some_and(|b| step.kind < b || (step.kind == b && step.kind != StepKind::Remind)) {
            return Err(Problem::new(&problems::ORDER).field(&field).with("value", step.kind.titles().0));
        }
        before = Some(step.kind);
        day += step.days;
        match step.kind {
            StepKind::Remind => reminded = true,
            StepKind::BarOutgoing | StepKind::BarAll => {
                if law.remind.value > 0 && !reminded {
                    let problem = Problem::new(&problems::REMINDER_FIRST).field(&field);
                    let problem = problem.with("law_zh", &law.remind.zh).with("law_en", &law.remind.en);
                    return Err(problem.with("source", &law.remind.source));
                }
                if day < law.suspend.value {
                    return Err(too_early(step.kind, &field, &law.suspend, day));
                }
                // The time to termination counts from the stricter bar: until then calls still came in.
                suspended = Some(day);
            }
            StepKind::PreCancel => noticed = true,
            StepKind::Terminate => {
                let Some(since) = suspended.filter(|_| noticed) else {
                    return Err(Problem::new(&problems::NOTICE_FIRST).field(&field));
                };
                if day - since < law.terminate.value {
                    return Err(too_early(step.kind, &field, &law.terminate, day - since));
                }
            }
            StepKind::WriteOff => {}
        }
    }
    Ok(())
}

fn too_early(kind: StepKind, field: &str, rule: &crate::law::Rule, got: i64) -> Problem {
    let (zh, en) = kind.titles();
    Problem::new(&problems::LAW)
        .field(field)
        .with("step_zh", zh)
        .with("step_en", en)
        .with("law_zh", &rule.zh)
        .with("law_en", &rule.en)
        .with("source", &rule.source)
        .with("got", &got.to_string())
        .with("least", &rule.value.to_string())
}

#[cfg(test)]
mod tests {
    use super::super::{Match, Step};
    use super::*;
    use crate::law::tests::book;
    use kernel::OrgPath;

    fn policy(steps: &[(StepKind, i64)]) -> Policy {
        let step = |(kind, days): &(StepKind, i64)| Step {
            kind: *kind,
            days: *days,
            min_fen: 0,
            channels: vec!["sms".into()],
            template: String::new(),
            approval: false,
        };
        Policy { matches: Match::default(), min_fen: 0, key_account: false, steps: steps.iter().map(step).collect() }
    }
    fn code(steps: &[(StepKind, i64)]) -> &'static str {
        let law = book().at(&OrgPath::root()).unwrap();
        check(&policy(steps), &law).map_or_else(|p| p.code.id, |()| "fine")
    }

    #[test]
    fn nothing_below_the_law_is_saved() {
        use StepKind::{BarAll, BarOutgoing, PreCancel, Remind, Terminate, WriteOff};
        assert_eq!(code(&[(Remind, 5), (BarOutgoing, 25), (BarAll, 1), (PreCancel, 59), (Terminate, 1)]), "fine");
        assert_eq!(code(&[(Remind, 5), (BarOutgoing, 24)]), "dunning.law");
        assert_eq!(code(&[(BarOutgoing, 40)]), "dunning.reminder_first");
        assert_eq!(
            code(&[(Remind, 5), (BarOutgoing, 25), (BarAll, 1), (PreCancel, 58), (Terminate, 1)]),
            "dunning.law"
        );
        assert_eq!(code(&[(Remind, 5), (PreCancel, 90), (Terminate, 90)]), "dunning.notice_first");
        assert_eq!(code(&[(Remind, 5), (BarAll, 30), (Terminate, 90)]), "dunning.notice_first");
        assert_eq!(code(&[(Remind, 5), (BarAll, 30), (BarOutgoing, 30)]), "dunning.order");
        assert_eq!(code(&[(Remind, 0)]), "field.invalid");
        assert_eq!(code(&[]), "field.invalid");
        assert_eq!(code(&[(Remind, 5), (Remind, 5), (WriteOff, 400)]), "fine");
    }
}
