//! 入集团 / 入家庭: a line becomes a member of a group and shares what the group has.
//!
//! Checks: the group is a product of the family `group` that works; the line is in no group yet; the group has room; somebody
//! else's group takes members only when its holder agreed (confirmation `groupAgreed`).

use super::{Business, Spec, tariff};
use crate::{
    acceptance::{Call, Case, Change, Check, Effect, Effective, Fact, Field, FieldKind, Problems, Target},
    problems,
};
use billing::CollaborationKind;
use http::tmf::Document;
use inventory::products;
use kernel::{Problem, Result};
use serde_json::{Value, json};
use store::Tx;

pub static SPEC: Spec = Spec {
    families: MEMBERS,
    effective: &[Effective::Immediate, Effective::NextMonth, Effective::NextCycle, Effective::Date],
    checks: &[Check::Arrears],
    fields,
    check,
    ..Spec::new(Business::JoinGroup, "入集团（家庭）", "Join group", plan)
};

/// Product lines that can be members.
pub const MEMBERS: &[&str] = &["mobile", "broadband", "iptv", "fixedVoice", "voip"];

fn fields(tx: &mut Tx<'_>, target: &Target) -> Result<Vec<Field>> {
    let held = products::of_customer(tx, &target.customer.id)?;
    let groups = held.iter().filter(|p| p.text("family") == "group" && p.text("status") == "active");
    let own = Field::new("group", FieldKind::Choice, "本客户的群组", "One of the customer's groups").optional();
    let other = Field::new("groupId", FieldKind::Text, "其他客户的群组编号", "Id of another customer's group").optional();
    Ok(vec![groups.fold(own, |f, p| f.choice(&p.id, p.text("name"), p.text("name"))), other])
}

/// The group that a product is a member of.
pub fn group_of(product: &Document) -> Option<String> {
    let relations = product.body.get("productRelationship").and_then(Value::as_array).into_iter().flatten();
    let group = relations.into_iter().find(|r| r["relationshipType"] == "memberOf")?;
    group["product"]["id"].as_str().map(str::to_owned)
}

/// A product's relations without its membership, and with another one where one is given.
pub fn relations(product: &Document, group: Option<&Document>) -> Value {
    let all = product.body.get("productRelationship").and_then(Value::as_array).into_iter().flatten();
    let mut kept: Vec<Value> = all.filter(|r| r["relationshipType"] != "memberOf").cloned().collect();
    kept.extend(group.map(|g| json!({"relationshipType": "memberOf", "product": {"id": g.id, "name": g.text("name")}})));
    if kept.is_empty() { Value::Null } else { json!(kept) }
}

fn group(tx: &mut Tx<'_>, case: &Case) -> Result<Document> {
    let missing = || Problem::new(&problems::VALUE_MISSING).field("group").with("zh", "群组").with("en", "A group");
    let id = case.given("group").or(case.given("groupId")).ok_or_else(missing)?;
    let unknown = |p: Problem| if p.is(&kernel::codes::NOT_FOUND) { Problem::unknown_reference("group", id) } else { p };
    let group = products::get(tx, id).map_err(unknown)?;
    match group.text("family") {
        "group" => Ok(group),
        _ => Err(Problem::new(&problems::NO_GROUP).field("group")),
    }
}

fn check(tx: &mut Tx<'_>, case: &Case, problems: &mut Problems) -> Result<()> {
    if group_of(case.product()?).is_some() {
        problems.push(Problem::new(&problems::IN_GROUP));
    }
    let Some(group) = problems.note(group(tx, case))? else { return Ok(()) };
    if group.text("status") != "active" {
        problems.push(Problem::new(&problems::NO_GROUP).field("group"));
    }
    if crate::order::customer_id(&group.body) != case.target.customer.id && !case.confirmed("groupAgreed") {
        problems.push(Problem::new(&problems::GROUP_AGREED).with("name", group.text("name")).field("group").extra("confirm", json!("groupAgreed")));
    }
    let most = products::characteristic(&group.body, "maxMembers").and_then(|n| n.parse::<i64>().ok()).unwrap_or(MOST_MEMBERS);
    if products::members_of(tx, &group.id)? >= most {
        problems.push(Problem::new(&problems::GROUP_FULL).with("most", &most.to_string()).field("group"));
    }
    Ok(())
}

/// Where the group's offering says nothing.
const MOST_MEMBERS: i64 = 20;

fn plan(tx: &mut Tx<'_>, case: &Case) -> Result<Change> {
    let (product, group) = (case.product()?, group(tx, case)?);
    let mut change = Change::of(format!("{} → {}", product.text("name"), group.text("name")));
    // Two that join at once count each other.
    change.locks.push(group.id.clone());
    change.network.push(Call::new(&product.id, "plan").changing("group", Value::Null, json!(group.id)));
    change.effects.push(Effect::attribute(&product.id, "productRelationship", relations(product, Some(&group))));
    change.facts.push(
        Fact::new(CollaborationKind::GroupMember, &product.id)
            .from(json!({"groupProductId": null}))
            .to(json!({"groupProductId": group.id, "groupOfferingId": tariff::offering_of(&group).0})),
    );
    Ok(change)
}
