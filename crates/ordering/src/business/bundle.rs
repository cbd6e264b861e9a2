//! 捆绑: products that a customer has become parts of a bundle, under its price.
//!
//! Checks: the bundle is on sale and this customer may have it; each of its parts that must be there has exactly one of the
//! products, of the same product line; none of them is in a bundle already or changed by somebody else; nothing is overdue.

use super::{Business, Level, Spec, change_plan, split_account, tariff};
use crate::{
    acceptance::{Call, Case, Change, Check, Effect, Effective, Fact, Field, FieldKind, Problems},
    eligible, problems,
};
use billing::CollaborationKind;
use catalog::Offering;
use http::tmf::Document;
use inventory::products;
use kernel::{Money, Problem, Result};
use serde_json::{Map, Value, json};
use store::Tx;

pub static SPEC: Spec = Spec {
    level: Level::Customer,
    effective: &[Effective::NextMonth, Effective::Immediate, Effective::NextCycle, Effective::Date],
    checks: &[Check::Arrears],
    fields: |_, _| {
        Ok(vec![
            Field::new("offering", FieldKind::Offering, "捆绑套餐", "Bundle").filter(json!({"family": "bundle"})),
            Field::new("products", FieldKind::Products, "捆绑的产品", "Products").filter(json!({"status": "active"})),
        ])
    },
    check,
    reserve: |tx, case, order_id, change| {
        // The bundle is known by the order that made it.
        for effect in &mut change.effects {
            if let Effect::Attributes { set, .. } = effect
                && let Some(sold) = set.get_mut("soldIn").filter(|s| s.is_object())
            {
                sold["orderId"] = json!(order_id);
            }
        }
        for fact in change.facts.iter_mut().filter(|f| f.new["bundle"].is_object()) {
            fact.new["bundle"]["orderId"] = json!(order_id);
        }
        let _ = (tx, case);
        Ok(())
    },
    ..Spec::new(Business::Bundle, "捆绑", "Bundle", plan)
};

fn check(tx: &mut Tx<'_>, case: &Case, problems: &mut Problems) -> Result<()> {
    let Some(offering) = problems.note(change_plan::wanted(tx, case))? else { return Ok(()) };
    let wanted = case.list("products");
    for id in &wanted {
        split_account::own_and_free(tx, case, id, problems)?;
    }
    let before = problems.all().len();
    let mut chosen = Vec::new();
    for id in &wanted {
        let Ok(product) = products::get(tx, id) else { return Ok(()) };
        if super::bundle_of(&product).is_some() {
            problems.push(Problem::new(&problems::IN_BUNDLE).field("products"));
        }
        chosen.push(product);
    }
    if problems.all().len() == before {
        problems.note(matched(tx, &offering, &chosen))?;
    }
    if case.order_id.is_some() {
        return Ok(());
    }
    eligible::may_have(tx, &case.target.customer.id, &offering, None, problems)
}

/// Each product with the part of the bundle that it becomes.
fn matched(tx: &mut Tx<'_>, offering: &Offering, chosen: &[Document]) -> Result<Vec<(Document, Offering)>> {
    let misfit = |detail: &str| Problem::new(&problems::BUNDLE_PARTS).with("name", &offering.name).with("detail", detail);
    if !offering.is_bundle() {
        return Err(misfit("✗ bundle").field("offering"));
    }
    let mut left: Vec<&Document> = chosen.iter().collect();
    let mut all = Vec::new();
    for option in offering.options.iter().filter(|o| o.min > 0 || o.default > 0) {
        for n in 0..option.min.max(1) {
            let fits = left.iter().position(|p| p.text("family") == option.family.as_str());
            match fits {
                Some(at) => {
                    let part = catalog::offering(tx, &option.offering_id)?;
                    all.push((left.remove(at).clone(), part));
                }
                None if n < option.min && option.group.is_none() => return Err(misfit(&option.name).field("products")),
                None => break,
            }
        }
    }
    match left.first() {
        Some(extra) => Err(misfit(extra.text("name")).field("products")),
        None => Ok(all),
    }
}

fn plan(tx: &mut Tx<'_>, case: &Case) -> Result<Change> {
    let offering = change_plan::wanted(tx, case)?;
    let chosen = case.list("products").iter().map(|id| products::get(tx, id)).collect::<Result<Vec<_>>>()?;
    let mut change = Change::of(offering.name.clone());
    let quote = tariff::priced(tx, case, &offering, None)?;
    tariff::charges(&mut change, &quote);
    change.monthly_after = quote.monthly;
    // The bundle's price is charged with the first of its products; the others cost nothing of their own.
    let free = json!({"charges": [], "reductions": []});
    let mut whole = quote.items.first().map(billing::QuoteItem::pinned);
    for (product, part) in matched(tx, &offering, &chosen)? {
        let pricing = whole.take().unwrap_or_else(|| free.clone());
        change.monthly_before = change.monthly_before.plus(tariff::monthly(tx, case, &product)?)?;
        change.locks.push(product.id.clone());
        change.network.push(Call::new(&product.id, "plan"));
        let mut set = Map::new();
        if let Value::Object(attributes) = tariff::attributes(&part) {
            set.extend(attributes);
        }
        set.insert("monthlyFeeFen".into(), json!(Money::ZERO));
        set.insert("soldIn".into(), json!({"offeringId": offering.id, "itemId": "1", "version": offering.version}));
        change.effects.push(Effect::Attributes { product: product.id.clone(), set });
        let (old, version) = tariff::offering_of(&product);
        change.facts.push(
            Fact::new(CollaborationKind::ChangeTariff, &product.id)
                .from(json!({"offeringId": old, "offeringVersion": version}))
                .to(json!({
                    "offeringId": part.id, "offeringVersion": part.version, "pricing": pricing,
                    "bundle": {"offeringId": offering.id, "itemId": "1", "offeringVersion": offering.version},
                })),
        );
    }
    if let (Some(contract), Some(first)) = (offering.contract, change.locks.first()) {
        let bound = json!({"offeringId": offering.id, "offeringVersion": offering.version, "months": contract.months});
        change.facts.push(Fact::new(CollaborationKind::Contract, first).to(bound));
    }
    Ok(change)
}
