//! Checks on the person: who is at the counter, and whether we may do business with them.

use super::Problems;
use crate::{acceptance::Case, eligible, problems};
use kernel::{Problem, Result};
use store::Tx;

/// Nothing new for whom the house does no business with; what the customer has may always be closed.
pub fn blacklist(tx: &mut Tx<'_>, case: &Case, problems: &mut Problems) -> Result<()> {
    let customer = &case.target.customer;
    if customer::blacklisted(tx, &customer.id)?.is_some() {
        problems.push(Problem::new(&problems::BLACKLISTED).with("name", &customer.name));
    }
    Ok(())
}

pub fn real_name(tx: &mut Tx<'_>, case: &Case, problems: &mut Problems) -> Result<()> {
    if case.order_id.is_some() {
        return Ok(()); // the people were identified on the day it was booked
    }
    let (customer, family, business) = (&case.target.customer.id, case.target.family(), case.business.name());
    let (verification, proxy) = (case.ask.verification_id.as_deref(), case.ask.proxy_verification_id.as_deref());
    eligible::named(tx, customer, family, business, verification, proxy, problems)
}
