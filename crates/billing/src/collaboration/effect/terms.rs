//! Contracts and discounts that come to a product which is charged already.

use super::{super::Collaboration, text};
use crate::{
    contract::{self, NewContract},
    pricing::{self, PriceItem},
    problems, settings, subscription,
};
use kernel::{Problem, Result};
use serde_json::{Value, json};
use store::Tx;

/// 合同: bound anew, by the terms of the offering named or of the product's own.
pub fn contract(tx: &mut Tx<'_>, fact: &Collaboration, id: &str) -> Result<Value> {
    let day = fact.effective_from.date();
    let s = subscription::must(tx, &fact.product_id)?;
    let offering_id = text(&fact.new, "offeringId").unwrap_or_else(|| s.offering_id.clone());
    let offering = catalog::offering_at(tx, &offering_id, fact.new["offeringVersion"].as_i64())?;
    let terms = offering.contract;
    let months = fact.new["months"].as_i64().or(terms.map(|t| t.months)).filter(|m| (1..=120).contains(m));
    let months = months.ok_or_else(|| Problem::invalid("months", "1–120"))?;
    let charges = subscription::charges_of(tx, &s.id)?;
    let none = catalog::EarlyTermination::RemainingPercent(0);
    let new = NewContract {
        org: &s.org,
        product_id: &s.product_id,
        customer_id: &s.customer_id,
        offering: &offering,
        months,
        rule: terms.map_or(none, |t| t.early_termination),
        monthly: contract::monthly(&charges, &[], 1)?,
        starts: day,
        collaboration_id: id,
    };
    let (new, replaced) = contract::bind(tx, &new)?;
    Ok(json!({"new": new, "replaced": replaced}))
}

pub fn uncontract(tx: &mut Tx<'_>, before: &Value) -> Result<()> {
    if let Some(new) = text(before, "new") {
        contract::set(tx, &new, "void")?;
    }
    match text(before, "replaced") {
        Some(replaced) => contract::set(tx, &replaced, "running"),
        None => Ok(()),
    }
}

/// 折扣: taken off every bill from now on.
pub fn discount(tx: &mut Tx<'_>, fact: &Collaboration, id: &str) -> Result<Value> {
    let day = fact.effective_from.date();
    let s = subscription::must(tx, &fact.product_id)?;
    let offering = catalog::offering_at(tx, &s.offering_id, s.offering_version)?;
    let item = PriceItem {
        offering_id: s.offering_id.clone(),
        quantity: 1,
        discounts: pricing::discounts_in(&fact.new["discounts"])?,
        ..PriceItem::default()
    };
    let held = subscription::offerings_of(tx, &s.customer_id)?;
    let (wanted, _) = pricing::reductions(tx, &offering, &item, &held)?;
    // What the catalogue gives by itself was given when the product started.
    let asked = |r: &pricing::Reduction| {
        r.source == "granted" || item.discounts.iter().any(|d| d.discount_id.as_deref() == Some(&r.id))
    };
    let wanted: Vec<pricing::Reduction> = wanted.into_iter().filter(asked).collect();
    if wanted.is_empty() {
        return Err(Problem::new(&problems::DISCOUNT_UNKNOWN).field("discounts").with("value", ""));
    }
    let charges = subscription::charges_of(tx, &s.id)?;
    let divisor = settings::DIVISOR.number(tx)?;
    let lines = pricing::apply_discounts(&charges, &wanted, day, divisor)?;
    let mut kept = Vec::new();
    for (reduction, line) in wanted.iter().zip(&lines) {
        kept.push(subscription::keep_discount(tx, (&s.id, &s.product_id), reduction, line, id)?);
    }
    Ok(json!({"discounts": kept}))
}
