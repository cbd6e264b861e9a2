//! 退集团 / 退家庭: a member leaves its group and shares nothing any more.
//!
//! Checks: the line is a member.

use super::{Business, Spec, join_group, tariff};
use crate::{
    acceptance::{Call, Case, Change, Effect, Effective, Fact},
    problems,
};
use billing::CollaborationKind;
use inventory::products::{self, Status};
use kernel::{Problem, Result};
use serde_json::{Value, json};
use store::Tx;

pub static SPEC: Spec = Spec {
    families: join_group::MEMBERS,
    states: &[Status::Active, Status::Suspended],
    effective: &[Effective::NextMonth, Effective::Immediate, Effective::NextCycle, Effective::Date],
    check: |_, case, problems| {
        if join_group::group_of(case.product()?).is_none() {
            problems.push(Problem::new(&problems::NOT_IN_GROUP));
        }
        Ok(())
    },
    ..Spec::new(Business::LeaveGroup, "退集团（家庭）", "Leave group", plan)
};

fn plan(tx: &mut Tx<'_>, case: &Case) -> Result<Change> {
    let product = case.product()?;
    let group = join_group::group_of(product).ok_or_else(|| Problem::new(&problems::NOT_IN_GROUP))?;
    // The group may be somebody else's, out of sight: leaving needs only its id.
    let offering = products::get(tx, &group).map(|g| tariff::offering_of(&g).0).unwrap_or_default();
    let mut change = Change::of(product.text("name"));
    change.network.push(Call::new(&product.id, "plan").changing("group", json!(group), Value::Null));
    change.effects.push(Effect::attribute(&product.id, "productRelationship", join_group::relations(product, None)));
    change.facts.push(
        Fact::new(CollaborationKind::GroupMember, &product.id)
            .from(json!({"groupProductId": group, "groupOfferingId": offering}))
            .to(json!({"groupProductId": null})),
    );
    Ok(change)
}
