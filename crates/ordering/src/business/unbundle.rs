//! 解捆: a bundle is taken apart; each of its products goes on alone, under its own price.
//!
//! Checks: the product is part of a bundle; each part can be sold alone; nothing is overdue; the bundle's contract is left only
//! knowingly.

use super::{Business, Spec, close, tariff};
use crate::{
    acceptance::{Call, Case, Change, Check, Effect, Effective, Fact, Field, FieldKind, lock},
    eligible, problems,
};
use billing::CollaborationKind;
use catalog::Offering;
use http::tmf::Document;
use kernel::{Problem, Result};
use serde_json::{Map, Value, json};
use store::Tx;

pub static SPEC: Spec = Spec {
    effective: &[Effective::NextMonth, Effective::Immediate, Effective::NextCycle, Effective::Date],
    checks: &[Check::Arrears, Check::Contract],
    fields: |tx, target| {
        let Some(product) = target.product.as_ref().filter(|p| super::bundle_of(p).is_some()) else {
            return Ok(Vec::new());
        };
        // What is sold only inside bundles goes on under a plan of its own, which the customer picks.
        let mut fields: Vec<Field> = Vec::new();
        for part in parts(tx, product)? {
            let (id, version) = tariff::offering_of(&part);
            if catalog::offering_at(tx, &id, version)?.sold_alone {
                continue;
            }
            let (name, zh, en) = plan_field(part.text("family"));
            if fields.iter().all(|f| f.name != name) {
                let field = Field::new(name, FieldKind::Offering, zh, en).current(part.text("name"));
                fields.push(field.filter(json!({"family": part.text("family")})));
            }
        }
        Ok(fields)
    },
    check: |tx, case, problems| {
        let product = case.product()?;
        if super::bundle_of(product).is_none() {
            problems.push(Problem::new(&problems::NO_BUNDLE));
            return Ok(());
        }
        for part in parts(tx, product)? {
            let Some(offering) = problems.note(alone(tx, case, &part))? else { continue };
            if offering.family.as_str() != part.text("family") {
                problems.push(Problem::new(&problems::OTHER_FAMILY).with("name", &offering.name));
            }
            if case.order_id.is_none() {
                eligible::may_have(tx, &case.target.customer.id, &offering, Some(&part.id), problems)?;
            }
            if let Some(held) = lock::holder(tx, &part.id, lock::EXCLUSIVE)?
                && case.order_id.as_deref() != Some(held.order_id.as_str())
                && part.id != product.id
            {
                problems.push(lock::taken(&held));
            }
        }
        Ok(())
    },
    ..Spec::new(Business::Unbundle, "解捆", "Unbundle", plan)
};

fn parts(tx: &mut Tx<'_>, product: &Document) -> Result<Vec<Document>> {
    let bundle = super::bundle_of(product);
    Ok(close::ending(tx, product)?.into_iter().filter(|p| super::bundle_of(p) == bundle).collect())
}

/// The field in which the plan for a part of a product line is picked.
fn plan_field(family: &str) -> (&'static str, &'static str, &'static str) {
    match family {
        "mobile" => ("planMobile", "移动号码的新套餐", "Plan for the mobile line"),
        "broadband" => ("planBroadband", "宽带的新套餐", "Plan for the broadband line"),
        "iptv" => ("planIptv", "电视的新套餐", "Plan for television"),
        "fixedVoice" => ("planVoice", "固话的新套餐", "Plan for the fixed line"),
        _ => ("planOther", "其他产品的新套餐", "Plan for the other product"),
    }
}

/// What a part goes on as: the plan picked for it, or what it is where that is sold alone.
fn alone(tx: &mut Tx<'_>, case: &Case, part: &Document) -> Result<Offering> {
    if let Some(picked) = case.given(plan_field(part.text("family")).0) {
        return catalog::offering(tx, picked);
    }
    let (id, version) = tariff::offering_of(part);
    let offering = catalog::offering_at(tx, &id, version)?;
    match offering.sold_alone {
        true => Ok(offering),
        false => Err(Problem::new(&catalog::problems::OFFERING_COMPONENT).with("name", &offering.name)),
    }
}

fn plan(tx: &mut Tx<'_>, case: &Case) -> Result<Change> {
    let product = case.product()?;
    let whole = super::bundle_of(product).ok_or_else(|| Problem::new(&problems::NO_BUNDLE))?;
    let bundle = catalog::offering_at(tx, &whole.offering_id, whole.version)?;
    let mut change = Change::of(bundle.name.clone());
    change.monthly_before = tariff::priced(tx, case, &bundle, None)?.monthly;
    for part in parts(tx, product)? {
        if part.id != product.id {
            change.locks.push(part.id.clone());
        }
        let (id, version) = tariff::offering_of(&part);
        let offering = alone(tx, case, &part)?;
        let quote = tariff::priced(tx, case, &offering, Some(&part.id))?;
        change.monthly_after = change.monthly_after.plus(quote.monthly)?;
        change.network.push(Call::new(&part.id, "plan"));
        let mut set = Map::new();
        if let Value::Object(attributes) = tariff::attributes(&offering) {
            set.extend(attributes);
        }
        set.insert("soldIn".into(), Value::Null);
        change.effects.push(Effect::Attributes { product: part.id.clone(), set });
        let sold = json!({"offeringId": whole.offering_id, "itemId": whole.item_id, "orderId": whole.order_id});
        change.facts.push(
            Fact::new(CollaborationKind::ChangeTariff, &part.id)
                .from(json!({"offeringId": id, "offeringVersion": version, "bundle": sold}))
                .to(json!({
                    "offeringId": offering.id, "offeringVersion": offering.version,
                    "pricing": quote.items.first().map(billing::QuoteItem::pinned),
                })),
        );
    }
    change.early_termination = billing::early_termination(tx, &product.id, case.at.date())?;
    Ok(change)
}
