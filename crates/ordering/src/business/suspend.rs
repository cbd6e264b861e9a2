//! 停机保号: the customer wants a product to rest; number and resources stay.
//!
//! Checks: the product works; nobody else changes it; nothing is overdue (a suspended line that owes money would be kept for
//! nothing). Changes: a suspension lock with the reason, the network, the number's and the services' state; billing is told the
//! reason, since what a resting line costs depends on it.

use super::{Business, Spec, bar};
use crate::acceptance::{Case, Change, Check, Effective, Field, FieldKind};
use inventory::products::{
    Status,
    locks::{Level, Reason},
};
use kernel::Result;
use store::Tx;

pub static SPEC: Spec = Spec {
    effective: &[Effective::Immediate, Effective::NextDay, Effective::NextMonth, Effective::NextCycle, Effective::Date],
    states: &[Status::Active],
    perm: crate::SUSPEND,
    checks: &[Check::Arrears],
    fields: |tx, _| {
        let kind = Field::new("reasonKind", FieldKind::Choice, "停机原因", "Reason").optional().current("customer");
        // Only the customer's own wish is anybody's to enter; the other reasons come from those who watch over them.
        let all = Reason::ALL.into_iter().filter(|r| *r == Reason::Customer || tx.actor().may(crate::LOCKS));
        Ok(vec![all.fold(kind, |field, r| field.choice(r.name(), r.titles().0, r.titles().1))])
    },
    ..Spec::new(Business::Suspend, "停机保号", "Suspend", plan)
};

fn plan(tx: &mut Tx<'_>, case: &Case) -> Result<Change> {
    let reason = Reason::parse(case.given("reasonKind").unwrap_or("customer"))?;
    stop(tx, case, reason)
}

/// One more reason for the product to rest, both ways.
pub fn stop(tx: &mut Tx<'_>, case: &Case, reason: Reason) -> Result<Change> {
    bar::turn(tx, case, reason, Some(Level::TwoWay))
}
