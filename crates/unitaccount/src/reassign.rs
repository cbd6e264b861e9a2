//! Unit accounts follow when customers are merged. Two unit accounts of one customer cannot be: then the merge is refused.

use customer::reassign;
use kernel::Result;
use store::Tx;

/// Moves what `from` has to `into`; with `only`, what moved before back. Returns the labels of what moved.
pub fn reassign(tx: &mut Tx<'_>, from: &str, into: &str, only: Option<&[String]>) -> Result<Vec<String>> {
    let mut moved = reassign::rows(tx, ("unit_account", "id", "customer_id"), from, into, only)?;
    moved.extend(reassign::rows(tx, ("unit_member", "id", "customer_id"), from, into, only)?);
    Ok(moved)
}
