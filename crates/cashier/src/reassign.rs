//! Agreements with banks, given to another customer when two are merged, and back.

use customer::reassign;
use kernel::Result;
use store::Tx;

/// Moves what `from` has to `into`; with `only`, those of these labels. Returns the labels of what moved.
pub fn reassign(tx: &mut Tx<'_>, from: &str, into: &str, only: Option<&[String]>) -> Result<Vec<String>> {
    reassign::rows(tx, ("collection_agreement", "id", "customer_id"), from, into, only)
}
