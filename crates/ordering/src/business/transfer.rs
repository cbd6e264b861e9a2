//! 过户: a product goes to another customer, with its number and what hangs on it.
//!
//! Checks: both are identified (the new holder signs; a proxy brings both certificates); neither is blacklisted; the old holder
//! owes nothing overdue; the product works, is suspended for no reason, bound by no contract, in no bundle and in no group; nothing
//! is booked for it; not on days of the bill run; the new holder is another customer of the same city and does not exceed the
//! limit of numbers on one certificate. The new holder's charges begin with the transfer; old call records stay with the old one.

use super::{Business, Spec, join_group};
use crate::{
    acceptance::{Case, Change, Check, Effect, Effective, Fact, Field, FieldKind, Problems},
    eligible, problems,
};
use billing::CollaborationKind;
use http::tmf::Document;
use inventory::products;
use kernel::{OrgPath, Problem, Result};
use serde_json::json;
use store::Tx;

pub static SPEC: Spec = Spec {
    effective: &[Effective::Immediate, Effective::NextDay, Effective::NextMonth, Effective::NextCycle, Effective::Date],
    perm: crate::TRANSFER,
    checks: &[
        Check::RealName,
        Check::Blacklist,
        Check::Arrears,
        Check::NoLocks,
        Check::NotInBundle,
        Check::NothingBooked,
        Check::NotFrozen,
    ],
    fields: |_, _| {
        Ok(vec![
            Field::new("toCustomer", FieldKind::Customer, "新户主", "New holder"),
            Field::new("account", FieldKind::Account, "新户主的付费账户", "The new holder's account")
                .optional()
                .hint("不填则用新户主的默认账户", "Left empty, the new holder's default account pays"),
            Field::new("newHolderVerification", FieldKind::Text, "新户主实名核验号", "Verification of the new holder").optional(),
        ])
    },
    check,
    ..Spec::new(Business::Transfer, "过户", "Transfer ownership", plan)
};

fn check(tx: &mut Tx<'_>, case: &Case, problems: &mut Problems) -> Result<()> {
    let product = case.product()?;
    if billing::contract_of(tx, &product.id)?.is_some_and(|c| c.end >= case.at.date()) {
        problems.push(Problem::new(&problems::BOUND));
    }
    if join_group::group_of(product).is_some() {
        problems.push(Problem::new(&problems::IN_GROUP));
    }
    let to = case.text("toCustomer").to_owned();
    if to == case.target.customer.id {
        problems.push(Problem::new(&problems::SAME_CUSTOMER).field("toCustomer"));
        return Ok(());
    }
    let new = match customer::summary(tx, &to) {
        Ok(new) => new,
        Err(p) if p.is(&kernel::codes::NOT_FOUND) => {
            problems.push(Problem::unknown_reference("toCustomer", &to));
            return Ok(());
        }
        Err(p) => return Err(p),
    };
    if new.status != "active" && new.status != "prospect" {
        problems.push(Problem::new(&problems::CUSTOMER_STATE).with("name", &new.name).field("toCustomer"));
    }
    if city(&new.org) != city(&product.org) {
        problems.push(Problem::new(&problems::OTHER_CITY).with("name", &new.name).field("toCustomer"));
    }
    if customer::blacklisted(tx, &to)?.is_some() {
        problems.push(Problem::new(&problems::BLACKLISTED).with("name", &new.name).field("toCustomer"));
    }
    if let Some(account) = case.given("account")
        && !billing::accounts_of(tx, &to)?.iter().any(|a| a.id == account)
    {
        problems.push(Problem::unknown_reference("account", account));
    }
    if product.text("family") == "mobile" {
        eligible::number_limit(tx, &to, 0, 1, problems)?;
    }
    eligible::named(tx, &to, product.text("family"), "transfer", case.given("newHolderVerification"), None, problems)
}

/// `/cn/44/4401` of `/cn/44/4401/h001`: a number stays in its local network.
fn city(org: &OrgPath) -> String {
    org.as_str().split('/').take(4).collect::<Vec<_>>().join("/")
}

fn plan(tx: &mut Tx<'_>, case: &Case) -> Result<Change> {
    let product = case.product()?;
    let (from, to) = (case.target.customer.id.clone(), case.text("toCustomer").to_owned());
    let new = customer::summary(tx, &to)?;
    let mut change = Change::of(format!("{}：{} → {}", product.text("name"), case.target.customer.name, new.name));
    let account = case.given("account").map(str::to_owned);
    for part in with_hanging(tx, product, &from)? {
        if part.id != product.id {
            change.locks.push(part.id.clone());
        }
        let old = part.body.get("billingAccount").and_then(|a| a["id"].as_str()).map(str::to_owned);
        change.effects.push(Effect::Holder { product: part.id.clone(), from: from.clone(), to: to.clone() });
        let pays = account.as_ref().map_or(json!(null), |id| json!({"id": id}));
        change.effects.push(Effect::attribute(&part.id, "billingAccount", pays));
        change.facts.push(
            Fact::new(CollaborationKind::Transfer, &part.id)
                .from(json!({"customerId": from, "accountId": old}))
                .to(json!({"customerId": to, "accountId": account})),
        );
    }
    Ok(change)
}

/// The product and the options that hang on it.
pub fn with_hanging(tx: &mut Tx<'_>, product: &Document, customer: &str) -> Result<Vec<Document>> {
    let held = products::of_customer(tx, customer)?;
    let hanging = held.into_iter().filter(|p| matches!(p.text("status"), "active" | "suspended") && super::relies_on(p, &product.id));
    Ok(std::iter::once(product.clone()).chain(hanging).collect())
}
