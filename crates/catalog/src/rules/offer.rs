//! What an offering document must say, and what we say in it ourselves.

use super::{Doc, default};
use crate::{
    Family, PriceKind, eligibility, law,
    parse::{PINNED, family_of, is_foreign, list, parts, price_of, references},
    problems,
    resources::{CATEGORY, PRODUCT_OFFERING, PRODUCT_OFFERING_PRICE, PRODUCT_SPECIFICATION},
};
use http::tmf::{self, Resource};
use kernel::{Problem, Result, Timestamp};
use serde_json::{Value, json};
use store::Tx;

pub(super) fn complete(tx: &mut Tx<'_>, doc: &mut Doc) -> Result<()> {
    default(doc, "isBundle", json!(false));
    default(doc, "isSellable", json!(true));
    default(doc, "version", json!("1.0"));
    // The conformance kit looks for the key itself, also where there is no specification.
    doc.entry("productSpecification").or_insert(Value::Null);
    if doc["isBundle"] == true {
        default(doc, "bundledProductOffering", json!([]));
    }
    match doc.get("family") {
        None | Some(Value::Null) => drop(doc.insert("family".into(), json!(family_of(doc).as_str()))),
        Some(family) => drop(Family::parse(family.as_str().unwrap_or(""))?),
    }
    validity(doc)?;
    law::refuse_port_in(doc)?;
    law::refuse_silent_trial(doc)?;
    known(tx, &[doc["productSpecification"].clone()], &PRODUCT_SPECIFICATION, "productSpecification.id")?;
    known(tx, list(doc, "productOfferingPrice"), &PRODUCT_OFFERING_PRICE, "productOfferingPrice.id")?;
    known(tx, list(doc, "category"), &CATEGORY, "category.id")?;
    known(tx, list(doc, "bundledProductOffering"), &PRODUCT_OFFERING, "bundledProductOffering.id")?;
    for group in list(doc, "bundledGroupProductOffering") {
        let inside = group["bundledProductOffering"].as_array().cloned().unwrap_or_default();
        known(tx, &inside, &PRODUCT_OFFERING, "bundledGroupProductOffering.bundledProductOffering.id")?;
    }
    eligibility::Eligibility::check(doc)?;
    eligibility::check_contract(doc)?;
    let id = doc["id"].as_str().unwrap_or("").to_owned();
    refuse_cycle(tx, &id, &parts(doc), 0)?;
    pin_prices(tx, doc)?;
    let summary = price_summary(tx, doc)?;
    doc.insert("priceSummary".into(), summary);
    Ok(())
}

fn validity(doc: &Doc) -> Result<()> {
    let Some(period) = doc.get("validFor").filter(|p| !p.is_null()) else { return Ok(()) };
    let at = |end: &str| match &period[end] {
        Value::Null => Ok(None),
        Value::String(text) => Timestamp::parse(text).map(Some).map_err(|p| p.field(&format!("validFor.{end}"))),
        _ => Err(Problem::invalid(&format!("validFor.{end}"), "string")),
    };
    match (at("startDateTime")?, at("endDateTime")?) {
        (Some(from), Some(to)) if to < from => Err(Problem::invalid("validFor", "endDateTime < startDateTime")),
        _ => Ok(()),
    }
}

/// References to our own records must exist; those with an absolute address are left to the system they name.
fn known(tx: &mut Tx<'_>, references: &[Value], resource: &Resource, field: &str) -> Result<()> {
    for reference in references.iter().filter(|r| !r.is_null() && !is_foreign(r)) {
        let id = match &reference["id"] {
            Value::String(id) => id,
            _ => return Err(Problem::missing(field)),
        };
        if tmf::get(tx, resource, id)?.is_none() {
            return Err(Problem::unknown_reference(field, id));
        }
    }
    Ok(())
}

fn refuse_cycle(tx: &mut Tx<'_>, id: &str, components: &[String], depth: usize) -> Result<()> {
    if depth > 8 || components.iter().any(|c| c == id) {
        return Err(Problem::new(&problems::BUNDLE_CYCLE));
    }
    for component in components {
        if let Some(doc) = tmf::get(tx, &PRODUCT_OFFERING, component)? {
            refuse_cycle(tx, id, &parts(&doc.body), depth + 1)?;
        }
    }
    Ok(())
}

/// Writes down which version each price has, so that this version of the offering keeps its prices.
fn pin_prices(tx: &mut Tx<'_>, doc: &mut Doc) -> Result<()> {
    let Some(Value::Array(mut prices)) = doc.remove("productOfferingPrice") else { return Ok(()) };
    for price in prices.iter_mut().filter(|p| !is_foreign(p)) {
        let id = price["id"].as_str().unwrap_or("").to_owned();
        if let (Some(stored), Value::Object(price)) = (tmf::get(tx, &PRODUCT_OFFERING_PRICE, &id)?, price) {
            price.insert(PINNED.to_owned(), json!(stored.version));
        }
    }
    doc.insert("productOfferingPrice".into(), Value::Array(prices));
    Ok(())
}

/// What lists show and sort by: the text as published, and the amount a month where it recurs.
fn price_summary(tx: &mut Tx<'_>, doc: &Doc) -> Result<Value> {
    let mut prices = Vec::new();
    for id in references(doc, "productOfferingPrice") {
        if let Some(price) = tmf::get(tx, &PRODUCT_OFFERING_PRICE, &id)? {
            let shown = price.body.get("priceText").and_then(Value::as_str).map(str::to_owned);
            prices.extend(price_of(&price.body).map(|p| (p, shown)));
        }
    }
    let main = prices.iter().find(|(p, _)| p.kind == PriceKind::Recurring).or(prices.first());
    let Some((price, shown)) = main else { return Ok(Value::Null) };
    let per = match (price.kind, price.months) {
        (PriceKind::Recurring, 1) => "元/月".to_owned(),
        (PriceKind::Recurring, 12) => "元/年".to_owned(),
        (PriceKind::Recurring, n) if n % 12 == 0 => format!("元/{}年", n / 12),
        (PriceKind::Recurring, n) => format!("元/{n}个月"),
        _ => "元".to_owned(),
    };
    let amount = price.amount.to_string();
    let amount = amount.strip_suffix(".00").unwrap_or(&amount);
    let monthly = (price.kind == PriceKind::Recurring).then(|| price.amount.prorated(1, price.months).in_fen());
    Ok(json!({
        "amountFen": price.amount.in_fen(),
        "type": price.kind.as_str(),
        "months": price.months,
        "monthlyFen": monthly,
        "text": shown.clone().unwrap_or_else(|| format!("{amount}{per}")),
    }))
}
