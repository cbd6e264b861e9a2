//! 分户: some products of a customer get an account of their own.
//!
//! Checks: the products are the customer's, live, and nobody changes them; not on days of the bill run. The new account is opened
//! with the order and closed unused when the order is cancelled.

use super::{Business, Level, Spec};
use crate::{
    acceptance::{Case, Change, Check, Effect, Fact, Field, FieldKind, Problems, lock},
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
    fields: |_, _| {
        Ok(vec![
            Field::new("products", FieldKind::Products, "分出的产品", "Products").filter(json!({"status": "active,suspended"})),
            Field::new("accountName", FieldKind::Text, "新账户名称", "Name of the new account").optional(),
        ])
    },
    check,
    reserve: |tx, case, order_id, change| {
        let name = case.given("accountName").unwrap_or("分户账户").to_owned();
        let account = billing::open_account(tx, &case.target.customer.id, &name)?;
        change.opened_account = Some(account.id.clone());
        let _ = order_id;
        for product in chosen(tx, case)? {
            let old = product.body.get("billingAccount").and_then(|a| a["id"].as_str()).map(str::to_owned);
            change.effects.push(Effect::attribute(&product.id, "billingAccount", json!({"id": account.id})));
            change.facts.push(
                Fact::new(CollaborationKind::SplitAccount, &product.id)
                    .from(json!({"accountId": old}))
                    .to(json!({"accountId": account.id})),
            );
        }
        Ok(())
    },
    ..Spec::new(Business::SplitAccount, "分户", "Split account", plan)
};

fn chosen(tx: &mut Tx<'_>, case: &Case) -> Result<Vec<Document>> {
    case.list("products").iter().map(|id| products::get(tx, id)).collect()
}

fn check(tx: &mut Tx<'_>, case: &Case, problems: &mut Problems) -> Result<()> {
    let wanted = case.list("products");
    if (1..wanted.len()).any(|i| wanted[i..].contains(&wanted[i - 1])) {
        problems.push(Problem::invalid("products", "重复 / twice"));
    }
    for id in wanted {
        own_and_free(tx, case, &id, problems)?;
    }
    Ok(())
}

/// A product named in a list: the customer's, live, and changed by nobody else.
pub fn own_and_free(tx: &mut Tx<'_>, case: &Case, id: &str, problems: &mut Problems) -> Result<()> {
    let product = match products::get(tx, id) {
        Ok(product) if crate::order::customer_id(&product.body) == case.target.customer.id => product,
        Ok(_) => {
            problems.push(Problem::unknown_reference("products", id));
            return Ok(());
        }
        Err(p) if p.is(&kernel::codes::NOT_FOUND) => {
            problems.push(Problem::unknown_reference("products", id));
            return Ok(());
        }
        Err(p) => return Err(p),
    };
    if !matches!(product.text("status"), "active" | "suspended") {
        let status = inventory::products::Status::parse(product.text("status"))?;
        let (zh, en) = crate::acceptance::state_titles(status);
        let spec = case.business.spec();
        let problem = Problem::new(&crate::problems::STATE).with("state_zh", zh).with("state_en", en);
        problems.push(problem.with("zh", spec.zh).with("en", spec.en).field("products"));
    }
    if let Some(held) = lock::holder(tx, id, lock::EXCLUSIVE)?
        && case.order_id.as_deref() != Some(held.order_id.as_str())
    {
        problems.push(lock::taken(&held));
    }
    Ok(())
}

fn plan(tx: &mut Tx<'_>, case: &Case) -> Result<Change> {
    let products = chosen(tx, case)?;
    let names: Vec<&str> = products.iter().map(|p| p.text("name")).collect();
    let mut change = Change::of(names.join("、"));
    change.locks.extend(products.iter().map(|p| p.id.clone()));
    Ok(change)
}
