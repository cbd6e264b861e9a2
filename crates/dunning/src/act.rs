//! Doing what was decided: a step with its bar and its message, closing, restoring. All of it with the case, in one
//! transaction.

use crate::{
    case::{Case, Level},
    decide::{Debt, Move, decide, next},
    law::Law,
    policy::{Policy, Step, StepKind},
    task,
};
use interchange::{BackOrder, Kind, Subject};
use inventory::products::locks::Reason;
use kernel::{Date, Result};
use messaging::{Channel, Notice, Prepared};
use serde_json::json;
use store::Tx;

/// What one evaluation did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Did {
    pub stepped: bool,
    pub closed: bool,
    pub asked: bool,
}

/// Evaluates a case and does what is due. Messages are gathered, for the caller to store together.
pub fn evaluate(
    tx: &mut Tx<'_>,
    case: &mut Case,
    policy: &Policy,
    law: &Law,
    debt: Option<&Debt>,
    told: &mut Vec<Prepared>,
) -> Result<Did> {
    let today = tx.now().date();
    let mut did = Did::default();
    if let Some(debt) = debt {
        case.overdue = debt.amount;
        case.oldest_due = debt.oldest_due;
    }
    end_hold(tx, case, today)?;
    match decide(case, policy, law, debt, today) {
        Move::Nothing => {
            // The end of a hold, or a credit that ran out, may leave the bars behind what the steps say.
            if align(tx, case, law, today, told)? {
                case.save(tx)?;
            }
        }
        Move::Close(reason) => {
            close(tx, case, law, reason, told)?;
            did.closed = true;
        }
        Move::Take(index) => {
            let Some(step) = policy.steps.get(index) else { return Ok(did) };
            take(tx, case, policy, law, step, debt, told)?;
            did.stepped = true;
        }
        Move::Ask(index) => {
            let Some(step) = policy.steps.get(index) else { return Ok(did) };
            if align(tx, case, law, today, told)? {
                case.save(tx)?;
            }
            did.asked = task::ask(tx, case, step.kind, index, policy.key_account)?;
        }
    }
    Ok(did)
}

fn end_hold(tx: &mut Tx<'_>, case: &mut Case, today: Date) -> Result<()> {
    if case.hold.is_empty() || case.held(today) {
        return Ok(());
    }
    let ended = std::mem::take(&mut case.hold);
    case.hold_until = None;
    case.hold_lifts = false;
    case.hold_reason.clear();
    case.note(tx, "holdEnded", &ended)?;
    case.save(tx)
}

/// Does one step of the policy.
pub fn take(
    tx: &mut Tx<'_>,
    case: &mut Case,
    policy: &Policy,
    law: &Law,
    step: &Step,
    debt: Option<&Debt>,
    told: &mut Vec<Prepared>,
) -> Result<()> {
    let today = tx.now().date();
    case.advance(step.kind, today);
    case.note(tx, "step", "")?;
    align(tx, case, law, today, told)?;
    case.save(tx)?;
    if step.kind != StepKind::Remind {
        case.publish(tx, "StateChange")?;
    }
    let then = debt.and_then(|d| next(case, policy, law, d));
    tell(tx, case, step, then.map(|n| n.on), told)
}

/// Ends a case: what was barred for it is set free, unless the lines have ended.
pub fn close(tx: &mut Tx<'_>, case: &mut Case, law: &Law, reason: &str, told: &mut Vec<Prepared>) -> Result<()> {
    let today = tx.now().date();
    "closed".clone_into(&mut case.state);
    reason.clone_into(&mut case.close_reason);
    case.closed_at = Some(tx.now());
    if reason == "paid" {
        case.overdue = kernel::Money::ZERO;
    }
    task::void(tx, &case.id)?;
    case.note(tx, "closed", reason)?;
    align(tx, case, law, today, told)?;
    case.save(tx)?;
    case.publish(tx, "StateChange")
}

/// Tells order entry how far the account is to be barred, where that has changed. True where something was told.
pub fn align(tx: &mut Tx<'_>, case: &mut Case, law: &Law, today: Date, told: &mut Vec<Prepared>) -> Result<bool> {
    let wanted = case.wanted(today);
    if wanted == case.told_level || case.told_level == Level::Ended {
        return Ok(false);
    }
    let kind = match wanted {
        Level::None => Kind::Unbar,
        Level::OneWay => Kind::BarOutgoing,
        Level::TwoWay => Kind::BarAll,
        Level::Ended => Kind::Terminate,
    };
    case.told_count += 1;
    let order = BackOrder {
        id: format!("{}-{}", case.id, case.told_count),
        kind,
        subject: Subject::Account(case.account_id.clone()),
        reason: Reason::Arrears,
        source: crate::SOURCE.to_owned(),
        at: tx.now(),
        note: format!("{} 元 / CNY {}", case.overdue, case.overdue),
        detail: json!({"caseId": case.id, "overdueFen": case.overdue}),
    };
    match interchange::submit(tx, &order) {
        Ok(_) => case.note(tx, "told", kind.name())?,
        // Nothing is charged to the account any more: there is nothing to bar.
        Err(problem) if problem.code.status < 500 => case.note(tx, "nothingToBar", problem.code.id)?,
        Err(problem) => return Err(problem),
    }
    if wanted == Level::None {
        let by = tx.now().plus_seconds(law.restore.value * 3_600);
        (case.restore_by, case.restored_at) = (Some(by), None);
        let step = Step {
            kind: StepKind::Remind,
            days: 0,
            min_fen: 0,
            channels: vec!["sms".to_owned()],
            template: "dunning.restored".to_owned(),
            approval: false,
        };
        tell(tx, case, &step, None, told)?;
    } else {
        (case.restore_by, case.restored_at) = (None, None);
    }
    case.told_level = wanted;
    Ok(true)
}

/// Prepares the messages of a step: to the numbers of the account, or to the customer; once for each step.
fn tell(tx: &mut Tx<'_>, case: &Case, step: &Step, then: Option<Date>, told: &mut Vec<Prepared>) -> Result<()> {
    let template = match (step.template.as_str(), step.kind.template()) {
        ("", Some(usual)) => usual,
        ("", None) => return Ok(()),
        (own, _) => own,
    };
    let today = tx.now().date();
    let reach = customer::reach(tx, &case.customer_id).unwrap_or_default();
    let numbers = billing::numbers_of_account(tx, &case.account_id)?;
    let mobile = numbers.iter().find(|n| customer::is_mobile(n)).cloned();
    let number = mobile.clone().or_else(|| numbers.first().cloned()).unwrap_or_default();
    let then = then.map_or_else(String::new, |d| d.to_string());
    let values = [
        ("name", reach.name.clone()),
        ("number", kernel::mask_phone(&number)),
        ("amount", case.overdue.to_string()),
        ("due", case.oldest_due.to_string()),
        ("days", today.days_since(case.oldest_due).to_string()),
        ("stopOn", then.clone()),
        ("endOn", then),
    ];
    for channel in &step.channels {
        let channel = Channel::parse(channel)?;
        let to = match channel {
            // A barred line still gets messages; the customer's own telephone otherwise.
            Channel::Sms => mobile.clone().or_else(|| reach.telephone.clone()),
            Channel::Mail => reach.mail.clone(),
        };
        let Some(to) = to else { continue };
        let cause = format!("dunning:{}:{}:{}:{template}", case.id, case.steps_done, case.told_count);
        let cause = format!("{cause}:{}", channel.name());
        let notice = Notice {
            template,
            channel,
            to: &to,
            customer_id: Some(&case.customer_id),
            org: &case.org,
            values: &values,
            cause: Some(&cause),
        };
        told.extend(messaging::prepare(tx, &notice)?);
    }
    Ok(())
}
