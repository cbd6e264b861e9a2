//! 改号: the same line under another number.
//!
//! Checks: the new number is free for this clerk (its lock, where it is locked) and of the same kind; the customer in person is
//! identified; nothing is overdue; the line works and is suspended for no reason. The old number is kept until the change is
//! completed, and rests afterwards.

use super::{Business, Spec};
use crate::{
    acceptance::{Call, Case, Change, Check, Effect, Fact, Field, FieldKind},
    problems,
};
use billing::CollaborationKind;
use inventory::{numbers, products::characteristic};
use kernel::{Problem, Result};
use serde_json::{Value, json};
use store::Tx;

pub static SPEC: Spec = Spec {
    families: &["mobile", "fixedVoice", "voip"],
    checks: &[Check::RealName, Check::Arrears, Check::NoLocks, Check::NothingBooked],
    fields: |_, target| {
        let now = target.characteristic("number").map_or(Value::Null, |n| json!(n));
        let field = Field::new("newNumber", FieldKind::NumberPick, "新号码", "New number").current(now);
        Ok(vec![field.filter(json!({"family": target.family()}))])
    },
    check: |_, case, problems| {
        let (new, _) = picked(case)?;
        let old = case.target.characteristic("number").unwrap_or_default();
        if new == old {
            problems.push(Problem::new(&problems::SAME_NUMBER).with("number", &new).field("newNumber"));
        }
        if kernel_mobile(&new) != kernel_mobile(&old) {
            problems.push(Problem::new(&problems::NUMBER_KIND).with("number", &new).field("newNumber"));
        }
        Ok(())
    },
    reserve: |tx, case, order_id, change| {
        let (new, token) = picked(case)?;
        numbers::reserve(tx, &new, token.as_deref(), order_id)?;
        change.numbers.push(new);
        Ok(())
    },
    ..Spec::new(Business::ChangeNumber, "改号", "Change number", plan)
};

fn kernel_mobile(number: &str) -> bool {
    customer::is_mobile(number)
}

/// The number picked and the token of its lock.
fn picked(case: &Case) -> Result<(String, Option<String>)> {
    let value = case.ask.values.get("newNumber").unwrap_or(&Value::Null);
    let number = value.as_str().or(value["number"].as_str()).map(str::trim).filter(|n| !n.is_empty());
    let number = number.ok_or_else(|| Problem::missing("newNumber"))?;
    let token = value["lockToken"].as_str().or(case.given("lockToken")).map(str::to_owned);
    Ok((number.to_owned(), token))
}

fn plan(_: &mut Tx<'_>, case: &Case) -> Result<Change> {
    let product = case.product()?;
    let (new, _) = picked(case)?;
    let old = characteristic(&product.body, "number").ok_or_else(|| Problem::missing("number"))?;
    let mut change = Change::of(format!("{old} → {new}"));
    change.network.push(Call::new(&product.id, "number").changing("number", json!(old), json!(new)));
    change.effects.push(Effect::Number { product: product.id.clone(), old: old.clone(), new: new.clone() });
    change.at_last.push(Effect::RetireNumber { number: old.clone() });
    change.facts.push(
        Fact::new(CollaborationKind::ChangeNumber, &product.id).from(json!({"number": old})).to(json!({"number": new})),
    );
    Ok(change)
}
