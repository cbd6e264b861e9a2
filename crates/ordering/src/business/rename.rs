//! 更名: the customer's name follows a corrected or changed certificate. Products stay with the customer.
//!
//! Checks: the customer in person is identified; the name is another one; not blacklisted.

use super::{Business, Level, Spec};
use crate::{
    acceptance::{Case, Change, Check, Effect, Fact, Field, FieldKind},
    problems,
};
use billing::CollaborationKind;
use kernel::{Problem, Result};
use serde_json::json;
use store::Tx;

pub static SPEC: Spec = Spec {
    level: Level::Customer,
    perm: crate::TRANSFER,
    checks: &[Check::RealName, Check::Blacklist],
    fields: |_, target| {
        let field = Field::new("newName", FieldKind::Text, "新姓名或名称", "New name").current(target.customer.name.clone());
        Ok(vec![field.hint("须与证件一致", "As on the certificate")])
    },
    check: |_, case, problems| {
        if case.text("newName") == case.target.customer.name {
            problems.push(Problem::new(&problems::SAME_NAME).field("newName"));
        }
        if case.text("newName").chars().count() > 100 {
            problems.push(Problem::invalid("newName", "≤ 100"));
        }
        Ok(())
    },
    ..Spec::new(Business::Rename, "更名", "Rename", plan)
};

fn plan(_: &mut Tx<'_>, case: &Case) -> Result<Change> {
    let customer = &case.target.customer;
    let name = case.text("newName").to_owned();
    let mut change = Change::of(format!("{} → {name}", customer.name));
    change.locks.push(customer.id.clone());
    change.effects.push(Effect::CustomerName { customer: customer.id.clone(), name: name.clone() });
    change.facts.push(
        Fact::new(CollaborationKind::Rename, &customer.id).from(json!({"name": customer.name})).to(json!({"name": name})),
    );
    Ok(change)
}
