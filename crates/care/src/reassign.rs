//! Tickets and satisfaction, given to another customer when two are merged, and back.

use crate::TROUBLE_TICKET;
use customer::reassign;
use kernel::Result;
use store::Tx;

/// Moves what `from` has to `into`; with `only`, those of these labels. Returns the labels of what moved.
pub fn reassign(tx: &mut Tx<'_>, from: &str, into: &str, only: Option<&[String]>) -> Result<Vec<String>> {
    let mut moved = reassign::documents(tx, &TROUBLE_TICKET, from, into, only)?;
    moved.extend(reassign::rows(tx, ("satisfaction", "id", "customer_id"), from, into, only)?);
    Ok(moved)
}

/// How much of each kind a customer has.
pub fn holds(tx: &mut Tx<'_>, customer: &str) -> Result<Vec<(&'static str, i64)>> {
    reassign::counts(tx, &["trouble_ticket"], customer)
}
