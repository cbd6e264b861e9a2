//! 合户: two accounts of a customer become one; products, balance and open bills move to the one that stays.
//!
//! Checks: both are the customer's, and two; nobody changes the products on them; not on days of the bill run.

use super::{Business, Level, Spec};
use crate::{
    acceptance::{Case, Change, Check, Effect, Fact, Field, FieldKind, Problems, Target, lock},
    problems,
};
use billing::CollaborationKind;
use http::tmf::Document;
use inventory::products;
use kernel::{Problem, Result};
use serde_json::json;
use store::Tx;

pub static SPEC: Spec = Spec {
    level: Level::Customer,
    checks: &[Check::NotFrozen],
    fields: |tx, target| {
        Ok(vec![
            accounts(tx, target, Field::new("fromAccount", FieldKind::Account, "并入的账户", "Account that ends"))?,
            accounts(tx, target, Field::new("toAccount", FieldKind::Account, "保留的账户", "Account that stays"))?,
        ])
    },
    check,
    ..Spec::new(Business::MergeAccounts, "合户", "Merge accounts", plan)
};

/// The customer's accounts to choose from.
pub fn accounts(tx: &mut Tx<'_>, target: &Target, field: Field) -> Result<Field> {
    let held = billing::accounts_of(tx, &target.customer.id)?;
    let field = field.filter(json!({"customerId": target.customer.id}));
    Ok(held.iter().fold(field, |f, a| {
        let shown = format!("{} {}", a.account_no, a.name);
        f.choice(&a.id, &shown, &shown)
    }))
}

/// The live products that an account pays for.
pub fn paid_by(tx: &mut Tx<'_>, customer: &str, account: &str) -> Result<Vec<Document>> {
    let held = products::of_customer(tx, customer)?;
    let live = |p: &Document| matches!(p.text("status"), "active" | "suspended" | "pendingActive" | "pendingTerminate");
    let pays = |p: &Document| p.body.get("billingAccount").and_then(|a| a["id"].as_str()) == Some(account);
    Ok(held.into_iter().filter(|p| live(p) && pays(p)).collect())
}

fn check(tx: &mut Tx<'_>, case: &Case, problems: &mut Problems) -> Result<()> {
    let held = billing::accounts_of(tx, &case.target.customer.id)?;
    for name in ["fromAccount", "toAccount"] {
        if !held.iter().any(|a| a.id == case.text(name)) {
            problems.push(Problem::unknown_reference(name, case.text(name)));
        }
    }
    if case.text("fromAccount") == case.text("toAccount") {
        problems.push(Problem::new(&problems::SAME_ACCOUNT).field("toAccount"));
    }
    for product in paid_by(tx, &case.target.customer.id, case.text("fromAccount"))? {
        if let Some(held) = lock::holder(tx, &product.id, lock::EXCLUSIVE)? {
            problems.push(lock::taken(&held));
        }
        if matches!(product.text("status"), "pendingActive" | "pendingTerminate") {
            problems.push(Problem::new(&problems::IN_TRANSIT).with("order", product.text("name")));
        }
    }
    Ok(())
}

fn plan(tx: &mut Tx<'_>, case: &Case) -> Result<Change> {
    let (from, to) = (case.text("fromAccount").to_owned(), case.text("toAccount").to_owned());
    let (old, new) = (billing::account(tx, &from)?, billing::account(tx, &to)?);
    let mut change = Change::of(format!("{} → {}", old.account_no, new.account_no));
    change.locks.extend([from.clone(), to.clone()]);
    for product in paid_by(tx, &case.target.customer.id, &from)? {
        change.locks.push(product.id.clone());
        change.effects.push(Effect::attribute(&product.id, "billingAccount", json!({"id": to})));
    }
    change.facts.push(
        Fact::new(CollaborationKind::MergeAccounts, &from).from(json!({"accountId": from})).to(json!({"accountId": to})),
    );
    Ok(change)
}
