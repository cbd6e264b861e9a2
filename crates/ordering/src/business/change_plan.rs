//! 换套餐: the same line on another tariff.
//!
//! Checks: the new offering is of the same product line, on sale, another than the present one, and this customer may have it;
//! nothing is overdue; the product works and is not part of a bundle (a bundle is changed as a whole); a contract is left only
//! knowingly. The offering is pinned to the version of the day it was asked for: a booked change gets what was promised.

use super::{Business, Spec, tariff};
use crate::{
    acceptance::{Call, Case, Change, Check, Effect, Effective, Fact, Field, FieldKind, Problems},
    eligible, problems,
};
use billing::CollaborationKind;
use catalog::Offering;
use inventory::products::characteristic;
use kernel::{Problem, Result};
use serde_json::{Map, Value, json};
use store::Tx;

pub static SPEC: Spec = Spec {
    families: LINES,
    effective: &[Effective::NextMonth, Effective::Immediate, Effective::NextDay, Effective::NextCycle, Effective::Date],
    checks: &[Check::Arrears, Check::Contract, Check::NotInBundle],
    fields: |_, target| {
        let current = target.product.as_ref().map_or(Value::Null, |p| json!(p.text("name")));
        let field = Field::new("offering", FieldKind::Offering, "新套餐", "New plan").current(current);
        Ok(vec![field.filter(json!({"family": target.family()}))])
    },
    check,
    ..Spec::new(Business::ChangePlan, "换套餐", "Change plan", |tx, case| plan(tx, case, "plan"))
};

/// Product lines that have a tariff of their own.
pub const LINES: &[&str] = &[
    "mobile", "broadband", "iptv", "fixedVoice", "voip", "data", "leasedLine", "content", "smartHome", "consulting", "group",
];

/// The offering asked for, in the version of the day it was asked for.
pub fn wanted(tx: &mut Tx<'_>, case: &Case) -> Result<Offering> {
    let id = case.given("offering").ok_or_else(|| Problem::missing("offering"))?.to_owned();
    let version = case.ask.values.get("version").and_then(Value::as_i64);
    catalog::offering_at(tx, &id, version)
}

pub fn check(tx: &mut Tx<'_>, case: &Case, problems: &mut Problems) -> Result<()> {
    let Some(offering) = problems.note(wanted(tx, case))? else { return Ok(()) };
    let product = case.product()?;
    if offering.family.as_str() != product.text("family") {
        problems.push(Problem::new(&problems::OTHER_FAMILY).with("name", &offering.name).field("offering"));
    }
    let (present, version) = tariff::offering_of(product);
    if offering.id == present && version.is_none_or(|v| v == offering.version) {
        problems.push(Problem::new(&problems::SAME_OFFERING).with("name", &offering.name).field("offering"));
        return Ok(());
    }
    if case.order_id.is_some() {
        return Ok(()); // it was promised on the day it was booked
    }
    eligible::may_have(tx, &case.target.customer.id, &offering, Some(&product.id), problems)
}

/// The change to another offering; `on` is what the network hears of it.
pub fn plan(tx: &mut Tx<'_>, case: &Case, on: &'static str) -> Result<Change> {
    let product = case.product()?;
    let offering = wanted(tx, case)?;
    let planned = catalog::structure(tx, &offering, &[])?;
    let planned = planned.first().ok_or_else(|| Problem::internal("an offering without products"))?;
    let mut change = Change::of(format!("{} → {}", product.text("name"), offering.name));
    let mut call = Call::new(&product.id, on);
    let mut set = Map::new();
    for (name, value) in &planned.characteristics {
        let before = characteristic(&product.body, name);
        if before.as_deref() != Some(value) {
            call = call.changing(name, json!(before), json!(value));
        }
        set.insert(name.clone(), json!(value));
    }
    change.network.push(call);
    if !set.is_empty() {
        change.effects.push(Effect::Characteristics { product: product.id.clone(), set });
    }
    if let Value::Object(set) = tariff::attributes(&offering) {
        change.effects.push(Effect::Attributes { product: product.id.clone(), set });
    }
    let quote = tariff::priced(tx, case, &offering, Some(&product.id))?;
    tariff::charges(&mut change, &quote);
    change.monthly_before = tariff::monthly(tx, case, product)?;
    change.monthly_after = quote.monthly;
    change.early_termination = billing::early_termination(tx, &product.id, case.at.date())?;
    let (old, version) = tariff::offering_of(product);
    change.facts.push(
        Fact::new(CollaborationKind::ChangeTariff, &product.id)
            .from(json!({"offeringId": old, "offeringVersion": version}))
            .to(json!({
                "offeringId": offering.id, "offeringVersion": offering.version,
                "pricing": quote.items.first().map(billing::QuoteItem::pinned),
                "earlyTerminationFen": change.early_termination,
            })),
    );
    Ok(change)
}
