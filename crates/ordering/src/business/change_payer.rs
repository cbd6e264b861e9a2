//! 改付费关系: another account pays for a product, the customer's own or one that agreed to pay (a group's).
//!
//! Checks: the account exists, may be seen and is another one than now; somebody else's account pays only when that was agreed
//! (confirmation `payerAgreed`); nothing is overdue on the present one.

use super::{Business, Spec};
use crate::{
    acceptance::{Case, Change, Check, Effect, Effective, Fact, Field, FieldKind},
    problems,
};
use billing::CollaborationKind;
use inventory::products::Status;
use kernel::{Problem, Result};
use serde_json::{Value, json};
use store::Tx;

pub static SPEC: Spec = Spec {
    states: &[Status::Active, Status::Suspended],
    effective: &[Effective::Immediate, Effective::NextMonth, Effective::NextCycle, Effective::Date],
    checks: &[Check::Arrears],
    fields: |_, target| {
        let now = target.product.as_ref().and_then(|p| p.body.get("billingAccount")).map_or(Value::Null, |a| a["id"].clone());
        Ok(vec![
            Field::new("account", FieldKind::Account, "新付费账户", "New paying account")
                .current(now)
                .filter(json!({"customerId": target.customer.id})),
        ])
    },
    check: |tx, case, problems| {
        let id = case.text("account").to_owned();
        let account = match billing::account(tx, &id) {
            Ok(account) => account,
            Err(p) if p.is(&kernel::codes::NOT_FOUND) => {
                problems.push(Problem::unknown_reference("account", &id));
                return Ok(());
            }
            Err(p) => return Err(p),
        };
        if present(case)?.as_deref() == Some(id.as_str()) {
            problems.push(Problem::new(&problems::SAME_ACCOUNT).field("account"));
        }
        if account.customer_id != case.target.customer.id && !case.confirmed("payerAgreed") {
            problems.push(Problem::new(&problems::PAYER_AGREED).with("account", &account.account_no).field("account").extra("confirm", json!("payerAgreed")));
        }
        Ok(())
    },
    ..Spec::new(Business::ChangePayer, "改付费账户", "Change payer", plan)
};

fn present(case: &Case) -> Result<Option<String>> {
    Ok(case.product()?.body.get("billingAccount").and_then(|a| a["id"].as_str()).map(str::to_owned))
}

fn plan(tx: &mut Tx<'_>, case: &Case) -> Result<Change> {
    let product = case.product()?;
    let (old, new) = (present(case)?, case.text("account").to_owned());
    let account = billing::account(tx, &new)?;
    let mut change = Change::of(format!("{} → {}", product.text("name"), account.account_no));
    change.effects.push(Effect::attribute(&product.id, "billingAccount", json!({"id": new})));
    change.facts.push(
        Fact::new(CollaborationKind::ChangePayer, &product.id).from(json!({"accountId": old})).to(json!({"accountId": new})),
    );
    Ok(change)
}
