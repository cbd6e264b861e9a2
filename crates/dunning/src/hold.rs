//! Holding a case back: a promise to pay, an exemption, a dispute; until a day, with a reason.

use crate::{act, case, case::Case, follow, law, problems};
use kernel::{Date, Problem, Result};
use messaging::{Channel, Notice};
use store::Tx;

const KINDS: [&str; 4] = ["promise", "exempt", "dispute", "other"];

/// The day where it lies after today and within what the setting allows.
pub fn may_wait(tx: &mut Tx<'_>, until: Date, setting: &str) -> Result<Date> {
    let today = tx.now().date();
    let most = today.plus_days(i32::try_from(law::setting(tx, setting)?).unwrap_or(0));
    if until <= today || until > most {
        let problem = Problem::new(&problems::HOLD_UNTIL).field("until");
        return Err(problem.with("value", &until.to_string()).with("most", &most.to_string()));
    }
    Ok(until)
}

/// Holds a case until a day; `lifts` sets the lines free for that time.
pub fn hold(tx: &mut Tx<'_>, id: &str, kind: &str, until: Date, lifts: bool, reason: &str) -> Result<Case> {
    if !KINDS.contains(&kind) {
        return Err(Problem::invalid("kind", &KINDS.join(" | ")));
    }
    if reason.trim().is_empty() || reason.chars().count() > 300 {
        return Err(Problem::new(&problems::REASON).field("reason"));
    }
    let mut case = case::lock(tx, id)?;
    case::must_be_open(&case)?;
    let until = may_wait(tx, until, if kind == "promise" { "promise.max_days" } else { "hold.max_days" })?;
    kind.clone_into(&mut case.hold);
    case.hold_until = Some(until);
    case.hold_lifts = lifts;
    reason.trim().clone_into(&mut case.hold_reason);
    case.note(tx, "held", &format!("{kind} ≤ {until}: {}", reason.trim()))?;
    let book = law::Book::open(tx)?;
    let mut told = Vec::new();
    let (law, today) = (book.at(&case.org)?, tx.now().date());
    act::align(tx, &mut case, &law, today, &mut told)?;
    case.save(tx)?;
    if kind == "promise" {
        confirm(tx, &case, until, &mut told)?;
    }
    messaging::store_all(tx, &told)?;
    case.publish(tx, "AttributeValueChange")?;
    Ok(case)
}

fn confirm(tx: &mut Tx<'_>, case: &Case, until: Date, told: &mut Vec<messaging::Prepared>) -> Result<()> {
    let Some(to) = customer::telephone(tx, &case.customer_id)? else { return Ok(()) };
    let values = [("amount", case.overdue.to_string()), ("until", until.to_string())];
    let notice = Notice {
        template: "dunning.promise",
        channel: Channel::Sms,
        to: &to,
        customer_id: Some(&case.customer_id),
        org: &case.org,
        values: &values,
        cause: None,
    };
    told.extend(messaging::prepare(tx, &notice)?);
    Ok(())
}

/// Lifts a hold before its day; what is due is done at once.
pub fn release(tx: &mut Tx<'_>, id: &str, reason: &str) -> Result<Case> {
    let mut case = case::lock(tx, id)?;
    case::must_be_open(&case)?;
    if case.hold.is_empty() {
        return Err(Problem::new(&problems::NOT_HELD));
    }
    if reason.trim().is_empty() {
        return Err(Problem::new(&problems::REASON).field("reason"));
    }
    case.hold.clear();
    case.hold_until = None;
    case.hold_lifts = false;
    case.hold_reason.clear();
    case.note(tx, "released", reason.trim())?;
    case.save(tx)?;
    case.publish(tx, "AttributeValueChange")?;
    follow::again(tx, &mut case)?;
    Ok(case)
}
