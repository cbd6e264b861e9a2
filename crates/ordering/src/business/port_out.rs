//! 携号转出: the number goes to another operator, and the product ends here.
//!
//! Placed by the centre's request alone, never by hand; `portability` has checked what the law lets one check. The centre confirms
//! first; then the product ends like a closed one, but its number goes out instead of resting.

use super::{Business, Spec, close};
use crate::{
    acceptance::{Call, Case, Change, Effect, Fact},
    problems,
};
use billing::CollaborationKind;
use inventory::products::{Status, characteristic};
use kernel::{ActorKind, Problem, Result};
use serde_json::json;
use store::Tx;

pub static SPEC: Spec = Spec {
    families: &["mobile"],
    states: &[Status::Active, Status::Suspended],
    listed: false,
    perm: crate::CLOSE,
    fields: |_, _| {
        Ok(vec![crate::acceptance::Field::new("requestId", crate::acceptance::FieldKind::Text, "携转申请号", "Porting request")])
    },
    check: |tx, _, problems| {
        if tx.actor().kind != ActorKind::System {
            problems.push(Problem::new(&problems::PORT_BY_CENTRE));
        }
        Ok(())
    },
    ..Spec::new(Business::PortOut, "携号转出", "Port out", plan)
};

fn plan(tx: &mut Tx<'_>, case: &Case) -> Result<Change> {
    let product = case.product()?;
    let number = characteristic(&product.body, "number").ok_or_else(|| Problem::missing("number"))?;
    let mut change = Change::of(number.clone());
    change.before_network.push((
        "port-out-confirm",
        ("携出确认", "Porting confirmed"),
        "npc",
        json!({"product": product.id, "number": number, "requestId": case.text("requestId")}),
    ));
    for part in close::ending(tx, product)? {
        if part.id != product.id {
            change.locks.push(part.id.clone());
        }
        change.network.push(Call::new(&part.id, "deactivate"));
        change.effects.push(Effect::status(&part.id, Status::PendingTerminate));
        if part.id == product.id {
            change.at_last.push(Effect::PortNumberOut { number: number.clone() });
        }
        change.at_last.push(Effect::End { product: part.id.clone() });
        change.facts.push(Fact::new(CollaborationKind::Stop, &part.id).to(json!({"why": "portOut"})));
    }
    Ok(change)
}
