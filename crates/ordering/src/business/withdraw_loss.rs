//! 解挂: the card was found again.
//!
//! Checks: the line was reported lost; the customer in person is identified (whoever found the card must not be the one). Where
//! another reason stands the line goes on resting.

use super::{Business, Spec, bar};
use crate::{acceptance::Check, problems};
use inventory::products::{
    Status,
    locks::{self, Reason},
};
use kernel::Problem;

pub static SPEC: Spec = Spec {
    families: &["mobile", "fixedVoice"],
    states: &[Status::Suspended],
    perm: crate::SUSPEND,
    checks: &[Check::RealName],
    check: |tx, case, problems| {
        if !locks::of(tx, case.product_id()?)?.iter().any(|l| l.reason == Reason::Loss) {
            problems.push(Problem::new(&problems::NOT_LOST));
        }
        Ok(())
    },
    ..Spec::new(Business::WithdrawLoss, "解挂", "Withdraw loss report", |tx, case| {
        bar::turn(tx, case, Reason::Loss, None)
    })
};
