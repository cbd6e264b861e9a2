//! Plans walk through their states: forward, backward, stuck and turned round.

use super::*;

const NOON: Timestamp = Timestamp::from_micros(1_700_000_000_000_000);

/// `(name, after)` for each step.
fn plan(steps: &[(&str, &[usize])]) -> Plan {
    let step = |(name, after): &(&str, &[usize])| {
        let name = (*name).to_owned();
        let (title_zh, title_en, target) = (name.clone(), name.clone(), "test".to_owned());
        Step::from(NewStep { name, title_zh, title_en, target, after: after.to_vec(), input: Value::Null })
    };
    Plan { steps: steps.iter().map(step).collect(), backward: false, abandoned: false, held: false }
}

fn diamond() -> Plan {
    plan(&[("check", &[]), ("left", &[0]), ("right", &[0]), ("finish", &[1, 2])])
}

fn refused(retryable: bool) -> Ending {
    let problem = Problem { code: "x".into(), zh: "x".into(), en: "x".into() };
    Ending::Failed { problem, retryable, uncertain: false }
}

#[test]
fn steps_run_side_by_side_once_what_they_come_after_is_done() {
    let mut plan = diamond();
    assert_eq!(plan.take(NOON), [0]);
    assert_eq!(plan.take(NOON), [0usize; 0], "a running step is not taken twice");
    plan.end(0, Ending::Done(Value::Null), NOON);
    assert_eq!(plan.take(NOON), [1, 2]);
    plan.end(1, Ending::Done(Value::Null), NOON);
    assert_eq!(plan.take(NOON), [0usize; 0], "finish waits for both");
    plan.end(2, Ending::Done(Value::Null), NOON);
    assert_eq!(plan.take(NOON), [3]);
    plan.end(3, Ending::Done(Value::Null), NOON);
    assert_eq!((plan.state(), plan.next_due()), (SagaState::Done, None));
}

#[test]
fn a_failing_step_is_tried_again_with_pauses_and_then_waits_for_a_person() {
    let mut plan = diamond();
    let mut now = NOON;
    for pause in PAUSES {
        assert_eq!(plan.take(now), [0]);
        plan.end(0, refused(true), now);
        assert_eq!(plan.next_due(), Some(now.plus_seconds(pause)));
        assert_eq!(plan.take(now), [0usize; 0], "not before the pause is over");
        now = now.plus_seconds(pause);
    }
    plan.take(now);
    plan.end(0, refused(true), now);
    assert_eq!((plan.state(), plan.next_due()), (SagaState::Stuck, None));
    plan.steps[0].retry();
    assert_eq!(plan.take(now), [0]);
}

#[test]
fn a_refusal_is_not_tried_again_and_the_other_branch_goes_on() {
    let mut plan = diamond();
    plan.take(NOON);
    plan.end(0, Ending::Done(Value::Null), NOON);
    plan.take(NOON);
    plan.end(1, refused(false), NOON);
    assert_eq!(plan.state(), SagaState::Stuck);
    plan.end(2, Ending::Done(Value::Null), NOON);
    assert_eq!(plan.take(NOON), [0usize; 0]);
    plan.steps[1].skip(NOON);
    assert_eq!(plan.take(NOON), [3]);
}

#[test]
fn undo_goes_backwards_beginning_with_what_is_uncertain() {
    let mut plan = diamond();
    plan.take(NOON);
    plan.end(0, Ending::Done(Value::Null), NOON);
    plan.take(NOON);
    plan.end(2, Ending::Done(Value::Null), NOON);
    plan.end(1, refused(false), NOON);
    plan.compensate();
    assert_eq!(plan.state(), SagaState::Compensating);
    let mut order = Vec::new();
    while let [i] = plan.take(NOON)[..] {
        order.push(i);
        plan.end(i, Ending::Done(Value::Null), NOON);
    }
    assert_eq!(order, [1, 2, 0], "the failed one first, then against the order of completion; finish never ran");
    assert_eq!((plan.state(), plan.next_due()), (SagaState::Compensated, None));
    assert_eq!(plan.steps[3].state, StepState::Pending);
}

#[test]
fn a_step_under_way_is_waited_for_before_anything_is_undone() {
    let mut plan = diamond();
    plan.take(NOON);
    plan.end(0, Ending::Done(Value::Null), NOON);
    plan.take(NOON);
    plan.compensate();
    assert_eq!(plan.take(NOON), [0usize; 0]);
    plan.end(1, refused(true), NOON);
    plan.end(2, Ending::Done(Value::Null), NOON);
    assert_eq!(plan.take(NOON), [1], "it may have had its effect");
}

#[test]
fn a_failed_undo_is_stuck_until_a_person_decides() {
    let mut plan = diamond();
    plan.take(NOON);
    plan.end(0, Ending::Done(Value::Null), NOON);
    plan.compensate();
    assert_eq!(plan.take(NOON), [0]);
    plan.end(0, refused(false), NOON);
    assert_eq!((plan.state(), plan.next_due()), (SagaState::Stuck, None));
    plan.steps[0].retry();
    assert_eq!(plan.take(NOON), [0]);
    plan.end(0, Ending::Done(Value::Null), NOON);
    assert_eq!(plan.state(), SagaState::Compensated);
}

#[test]
fn what_ran_when_the_process_died_is_uncertain_and_runs_again() {
    let mut plan = diamond();
    plan.take(NOON);
    assert!(plan.next_due().is_some(), "somebody must look once the lease is over");
    plan.recover();
    assert_eq!(plan.take(NOON), [0]);
    assert!(plan.steps[0].uncertain);
    plan.compensate();
    plan.recover();
    assert_eq!(plan.take(NOON), [0], "and an undo that was under way likewise");
    plan.recover();
    assert_eq!(plan.take(NOON), [0]);
}

#[test]
fn waiting_costs_no_attempts() {
    let mut plan = diamond();
    let mut now = NOON;
    for _ in 0..50 {
        assert_eq!(plan.take(now), [0]);
        now = now.plus_seconds(1);
        plan.end(0, Ending::WaitUntil(now), now);
        assert_eq!(plan.state(), SagaState::Waiting);
    }
    assert_eq!(plan.steps[0].attempts, 1);
}

#[test]
fn what_comes_while_a_step_looks_is_not_missed() {
    let mut plan = diamond();
    plan.take(NOON);
    plan.wake();
    plan.end(0, Ending::WaitUntil(NOON.plus_seconds(60)), NOON);
    assert_eq!(plan.take(NOON), [0], "it looks again at once");
    plan.end(0, Ending::WaitUntil(NOON.plus_seconds(60)), NOON);
    assert_eq!(plan.take(NOON), [0usize; 0], "once");
}
