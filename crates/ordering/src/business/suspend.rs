//! 停机保号: the customer wants a product to rest; number and resources stay.
//!
//! Checks: the product works; nobody else changes it; nothing is overdue (a suspended line that owes money would be kept for
//! nothing). Changes: a suspension lock with the reason, the network, the number's and the services' state; billing is told the
//! reason, since what a resting line costs depends on it.

use super::{Business, Spec};
use crate::acceptance::{Call, Case, Change, Check, Effect, Effective, Fact, Field, FieldKind};
use billing::CollaborationKind;
use inventory::products::{
    Status,
    locks::{self, Reason},
};
use kernel::Result;
use serde_json::json;
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

/// One more reason for the product to rest. The network and billing hear only of the first.
pub fn stop(tx: &mut Tx<'_>, case: &Case, reason: Reason) -> Result<Change> {
    let product = case.product()?;
    let mut change = Change::of(product.text("name"));
    change.effects.push(Effect::lock(&product.id, reason));
    if locks::of(tx, &product.id)?.is_empty() && product.text("status") == Status::Active.text() {
        change.network.push(Call::new(&product.id, "suspend"));
        change.facts.push(Fact::new(CollaborationKind::Suspend, &product.id).to(json!({"reason": reason})));
    }
    Ok(change)
}
