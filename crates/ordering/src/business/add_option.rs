//! 加装附属产品: an option (data pack, benefit, content) on a line.
//!
//! Checks: the option is on sale and this customer may have it on this line; the line works; nothing is overdue. The option is a
//! product of its own that relies on the line and ends with it.

use super::{Business, Spec, change_plan, tariff};
use crate::{
    acceptance::{Case, Change, Check, Effective, Field, FieldKind, Made, Problems},
    eligible, problems,
};
use catalog::Family;
use inventory::products::{self, NewProduct, Status};
use kernel::{Problem, Result};
use serde_json::{Value, json};
use store::Tx;

pub static SPEC: Spec = Spec {
    families: &["mobile", "broadband", "iptv", "fixedVoice", "voip", "data", "leasedLine", "smartHome"],
    effective: &[Effective::Immediate, Effective::NextDay, Effective::NextMonth, Effective::NextCycle, Effective::Date],
    checks: &[Check::Arrears],
    fields: |_, _| {
        let field = Field::new("offering", FieldKind::Offering, "附属产品", "Option");
        Ok(vec![field.filter(json!({"family": "option,content"}))])
    },
    check,
    reserve,
    ..Spec::new(Business::AddOption, "加装附属产品", "Add option", plan)
};

fn check(tx: &mut Tx<'_>, case: &Case, problems: &mut Problems) -> Result<()> {
    let Some(offering) = problems.note(change_plan::wanted(tx, case))? else { return Ok(()) };
    if !matches!(offering.family, Family::Option | Family::Content) {
        problems.push(Problem::new(&problems::NO_OPTION).with("name", &offering.name).field("offering"));
    }
    for held in options_of(tx, case)? {
        if tariff::offering_of(&held).0 == offering.id {
            problems.push(Problem::new(&problems::OPTION_HELD).with("name", &offering.name).field("offering"));
        }
    }
    if case.order_id.is_some() {
        return Ok(()); // it was promised on the day it was booked
    }
    eligible::may_have(tx, &case.target.customer.id, &offering, None, problems)
}

/// The live options on the line.
pub fn options_of(tx: &mut Tx<'_>, case: &Case) -> Result<Vec<http::tmf::Document>> {
    let product = case.product()?;
    let held = products::of_customer(tx, &case.target.customer.id)?;
    let live = |p: &http::tmf::Document| matches!(p.text("status"), "pendingActive" | "active" | "suspended");
    Ok(held.into_iter().filter(|p| live(p) && super::relies_on(p, &product.id)).collect())
}

fn plan(tx: &mut Tx<'_>, case: &Case) -> Result<Change> {
    let product = case.product()?;
    let offering = change_plan::wanted(tx, case)?;
    let quote = tariff::priced(tx, case, &offering, None)?;
    let mut change = Change::of(format!("{} + {}", product.text("name"), offering.name));
    tariff::charges(&mut change, &quote);
    change.monthly_before = tariff::monthly(tx, case, product)?;
    change.monthly_after = change.monthly_before.plus(quote.monthly)?;
    // The product itself is made when the order is placed; here only that one will be.
    for planned in catalog::structure(tx, &offering, &[])? {
        change.makes.push(Made { product_id: String::new(), planned, pricing: quote.items.first().map(billing::QuoteItem::pinned) });
    }
    Ok(change)
}

fn reserve(tx: &mut Tx<'_>, case: &Case, order_id: &str, change: &mut Change) -> Result<()> {
    let line = case.product()?;
    let offering = change_plan::wanted(tx, case)?;
    for made in &mut change.makes {
        let planned = &made.planned;
        let inherited = |name: &String| line_value(line, name).map(|v| (name.clone(), v));
        let mut characteristics: Vec<(String, Value)> = planned.needs.iter().filter(|n| *n != "number").filter_map(inherited).collect();
        characteristics.extend(planned.characteristics.iter().map(|(n, v)| (n.clone(), json!(v))));
        let attributes = tariff::attributes(&offering);
        let id = products::create(
            tx,
            NewProduct {
                name: planned.name.clone(),
                family: planned.family.as_str().to_owned(),
                offering_id: planned.offering_id.clone(),
                offering_name: planned.name.clone(),
                customer_id: case.target.customer.id.clone(),
                account_id: line.body.get("billingAccount").and_then(|a| a["id"].as_str()).map(str::to_owned),
                order_id: order_id.to_owned(),
                order_no: String::new(),
                item_id: "1".into(),
                org: line.org.clone(),
                status: Status::PendingActive,
                monthly_fee: offering.main_price().map_or(kernel::Money::ZERO, |p| p.amount),
                characteristics,
                prices: attributes["productPrice"].as_array().cloned().unwrap_or_default(),
                secret: None,
                sold_in: None,
            },
        )?;
        let relation = json!([{"relationshipType": "reliesOn", "product": {"id": line.id, "name": line.text("name")}}]);
        let set = json!({"productRelationship": relation, "productOffering": attributes["productOffering"], "pricing": made.pricing});
        if let Value::Object(set) = set {
            products::set_attributes(tx, &id, &set)?;
        }
        made.product_id = id;
    }
    Ok(())
}

fn line_value(line: &http::tmf::Document, name: &str) -> Option<Value> {
    products::characteristic(&line.body, name).map(Value::from)
}
