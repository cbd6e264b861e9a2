//! Debts of a demonstration, as months of daily passes would have left them: each step with its day in the case's history, the
//! lines barred by an order to order entry, and what is for people to decide put before them.

use crate::{
    act, case,
    decide::{Debt, next},
    hold,
    sweep::Ground,
    task,
};
use kernel::{Date, Money, Result, Timestamp};
use store::{Tx, params, sql};

/// How far an account has come.
#[derive(Clone, Debug)]
pub struct Stage {
    pub account_id: String,
    /// Steps of its policy that are done.
    pub steps: usize,
    /// The last of them so many days ago.
    pub ago: i32,
    pub then: Then,
}

/// What came after the last step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Then {
    Nothing,
    /// The customer has promised to pay.
    Promise,
    /// The account manager has proposed to go on.
    Proposed,
}

sql! {
    LIVE = "SELECT id FROM dunning_task WHERE case_id = $1 AND state = 'open'";
}

/// Passes run in the morning.
fn morning(day: Date) -> Timestamp {
    day.start().plus_seconds(9 * 3_600)
}

/// Opens the cases; an account that owes nothing overdue is left out.
pub fn demo(tx: &mut Tx<'_>, stages: &[Stage]) -> Result<()> {
    let ground = Ground::open(tx)?;
    stages.iter().try_for_each(|stage| one(tx, &ground, stage))
}

fn one(tx: &mut Tx<'_>, ground: &Ground, stage: &Stage) -> Result<()> {
    let (today, mut told) = (tx.now().date(), Vec::new());
    let Some(found) = billing::overdue_of(tx, &stage.account_id, today)? else { return Ok(()) };
    let Some(kept) = ground.choose(tx, &found)? else { return Ok(()) };
    let (policy, law) = (kept.policy.clone(), ground.book.at(&found.org)?);
    let debt = Debt { amount: found.amount, oldest_due: found.oldest_due, allowed: Money::ZERO };
    let mut case = case::fresh(tx, &found, (&kept.id, kept.version));
    case.opened_at = morning(found.oldest_due.plus_days(1));
    case.save(tx)?;
    case.note_at(tx, case.opened_at, "opened", &kept.name)?;
    for (done, step) in (1..=stage.steps).zip(&policy.steps) {
        let Some(due) = next(&case, &policy, &law, &debt) else { break };
        let on = if done == stage.steps { due.on.max(today.plus_days(-stage.ago)) } else { due.on };
        if on > today {
            break;
        }
        case.advance(step.kind, on);
        case.note_at(tx, morning(on), "step", "")?;
    }
    act::align(tx, &mut case, &law, today, &mut told)?;
    case.save(tx)?;
    case.publish(tx, "Create")?;
    act::evaluate(tx, &mut case, &policy, &law, Some(&debt), &mut told)?;
    case.save(tx)?;
    match stage.then {
        Then::Nothing => {}
        Then::Promise => {
            hold::hold(tx, &case.id, "promise", today.plus_days(7), false, "客户来电承诺下周一缴清")?;
        }
        Then::Proposed => {
            if let Some(open) = tx.query_opt(&LIVE, params![case.id])? {
                task::propose(tx, open.str(0), true, None, "多次上门未果，建议先停呼出")?;
            }
        }
    }
    messaging::store_all(tx, &told).map(drop)
}
