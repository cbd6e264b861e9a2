//! Checks on the product.

use super::Problems;
use crate::{
    acceptance::{Case, lock},
    problems,
};
use inventory::products::locks;
use kernel::{Problem, Result};
use store::Tx;

pub fn nothing_booked(tx: &mut Tx<'_>, case: &Case, problems: &mut Problems) -> Result<()> {
    let own = case.order_id.as_deref();
    for held in lock::holders(tx, case.product_id()?)? {
        if held.kind != lock::EXCLUSIVE
            && own != Some(held.order_id.as_str())
            && held.kind != lock::booked(case.business)
        {
            problems.push(lock::taken(&held));
        }
    }
    Ok(())
}

pub fn not_in_bundle(case: &Case, problems: &mut Problems) -> Result<()> {
    let bundle = case.product()?.body.get("soldIn").and_then(|s| s["offeringId"].as_str());
    if bundle.is_some() {
        problems.push(Problem::new(&problems::IN_BUNDLE));
    }
    Ok(())
}

pub fn no_locks(tx: &mut Tx<'_>, case: &Case, problems: &mut Problems) -> Result<()> {
    for lock in locks::of(tx, case.product_id()?)? {
        let (zh, en) = lock.reason.titles();
        problems.push(Problem::new(&problems::SUSPENDED).with("zh", zh).with("en", en));
    }
    Ok(())
}
