//! 挂失: the card or telephone is lost; nobody shall use the number. Done for whoever knows the customer, at once, owed money or not.
//!
//! Checks: a mobile line that works or rests, not reported lost already. Changes: a suspension lock `loss`.

use super::{Business, Spec, suspend};
use crate::problems;
use inventory::products::{
    Status,
    locks::{self, Reason},
};
use kernel::Problem;

pub static SPEC: Spec = Spec {
    families: &["mobile", "fixedVoice"],
    states: &[Status::Active, Status::Suspended],
    perm: crate::SUSPEND,
    check: |tx, case, problems| {
        if locks::of(tx, case.product_id()?)?.iter().any(|l| l.reason == Reason::Loss) {
            problems.push(Problem::new(&problems::LOST_ALREADY));
        }
        Ok(())
    },
    ..Spec::new(Business::ReportLoss, "挂失", "Report loss", |tx, case| suspend::stop(tx, case, Reason::Loss))
};
