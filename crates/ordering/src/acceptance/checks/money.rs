//! Checks on money. Billing knows what is owed, bound and frozen; here is what follows for a business.

use super::Problems;
use crate::{acceptance::Case, problems};
use kernel::{Money, Problem, Result};
use serde_json::json;
use store::Tx;

/// What is overdue is paid first. A prepaid balance counts: it is not owed.
pub fn arrears(tx: &mut Tx<'_>, case: &Case, problems: &mut Problems) -> Result<()> {
    let owed = billing::arrears_of(tx, &case.target.customer.id)?;
    if owed.overdue > Money::ZERO {
        let problem = Problem::new(&problems::ARREARS).with("amount", &owed.overdue.to_string());
        problems.push(problem.extra("overdueFen", json!(owed.overdue)));
    }
    Ok(())
}

/// A contract may be left, but not by mistake: the customer is told what it costs.
pub fn contract(tx: &mut Tx<'_>, case: &Case, problems: &mut Problems) -> Result<()> {
    let early = billing::early_termination(tx, case.product_id()?, case.at.date())?;
    if early > Money::ZERO && !case.confirmed("earlyTermination") {
        problems.push(
            Problem::new(&problems::UNCONFIRMED)
                .with("amount", &early.to_string())
                .extra("confirm", json!("earlyTermination")),
        );
    }
    Ok(())
}

/// Not on the days on which bills are made, as billing keeps them, or this house's own at the beginning of a month.
pub fn frozen(tx: &mut Tx<'_>, case: &Case, problems: &mut Problems) -> Result<()> {
    let day = case.at.date();
    if let Some(until) = billing::freeze(tx, day)? {
        problems.push(Problem::new(&problems::FROZEN_UNTIL).with("until", &until.to_string()));
        return Ok(());
    }
    let days = crate::settings::FREEZE_DAYS.number(tx)?;
    if i64::from(day.day()) <= days {
        problems.push(Problem::new(&problems::FROZEN).with("days", &days.to_string()));
    }
    Ok(())
}
