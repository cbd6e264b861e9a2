//! Tariffs on their way into the catalogue: new ones are inserted, changed ones replaced, the rest left alone.

use super::tariff::{Clause, Tariff};
use crate::{
    Family, Lifecycle, PriceKind, problems,
    resources::{IMPORTED_OFFERING, IMPORTED_PRICE, PRODUCT_OFFERING, PRODUCT_OFFERING_PRICE},
    rules, versions,
};
use http::tmf;
use kernel::{Money, Problem, Result, Timestamp};
use serde_json::{Map, Value, json};
use store::{Tx, params, sql};

sql! {
    BY_SOURCE = "SELECT id, source_hash FROM product_offering WHERE source_id = $1";
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    Created,
    Updated,
    Unchanged,
}

/// Attributes that a re-import replaces; what a catalogue manager has set beside them stays.
const OWNED: [&str; 17] = [
    "name",
    "description",
    "family",
    "isBundle",
    "validFor",
    "area",
    "audience",
    "category",
    "channelText",
    "contractMonths",
    "productSpecification",
    "productOfferingTerm",
    "prodSpecCharValueUse",
    "bundledProductOffering",
    "published",
    "source",
    "priceAssumed",
];

pub fn store(tx: &mut Tx<'_>, tariff: &Tariff, file: &str) -> Result<Outcome> {
    let known = tx.query_opt(&BY_SOURCE, params![tariff.source_id])?;
    match known {
        None => create(tx, tariff, file),
        Some(row) if row.opt_text(1).as_deref() == Some(&tariff.hash) => Ok(Outcome::Unchanged),
        Some(row) => change(tx, tariff, file, row.str(0)),
    }
}

fn create(tx: &mut Tx<'_>, tariff: &Tariff, file: &str) -> Result<Outcome> {
    if tmf::get(tx, &PRODUCT_OFFERING, &tariff.offering_id)?.is_some() {
        return Err(Problem::new(&problems::ROW_TAKEN).with("id", &tariff.offering_id));
    }
    let price_id = price_id(tariff);
    match tmf::get(tx, &PRODUCT_OFFERING_PRICE, &price_id)? {
        // Left from an offering that was deleted.
        Some(_) => replace_price(tx, tariff, &price_id)?,
        None => {
            let mut price = price(tariff);
            price.insert("id".into(), json!(price_id));
            price.insert("lifecycleStatus".into(), json!(Lifecycle::Active.as_str()));
            tmf::insert(tx, &IMPORTED_PRICE, price)?;
        }
    }
    let mut offering = offering(tariff, file);
    offering.insert("id".into(), json!(tariff.offering_id));
    offering.insert("lifecycleStatus".into(), json!(Lifecycle::Active.as_str()));
    offering.insert("productOfferingPrice".into(), json!([price_reference(tariff, &price_id)]));
    tmf::insert(tx, &IMPORTED_OFFERING, offering)?;
    Ok(Outcome::Created)
}

fn change(tx: &mut Tx<'_>, tariff: &Tariff, file: &str, id: &str) -> Result<Outcome> {
    let price_id = price_id(tariff);
    replace_price(tx, tariff, &price_id)?;
    let doc = tmf::lock(tx, &PRODUCT_OFFERING, id)?;
    let mut body = doc.body.clone();
    body.retain(|name, _| !OWNED.contains(&name.as_str()));
    body.append(&mut offering(tariff, file));
    rules::update(tx, &IMPORTED_OFFERING, doc, body)?;
    Ok(Outcome::Updated)
}

/// Without the refresh of its offerings that a change by hand brings: the offering is changed right after.
fn replace_price(tx: &mut Tx<'_>, tariff: &Tariff, id: &str) -> Result<()> {
    let mut doc = tmf::lock(tx, &PRODUCT_OFFERING_PRICE, id)?;
    let before = doc.body.clone();
    for name in ["recurringChargePeriodType", "recurringChargePeriodLength"] {
        doc.body.remove(name);
    }
    doc.body.append(&mut price(tariff));
    let differs = doc.body.iter().any(|(name, value)| before.get(name) != Some(value));
    if !differs {
        return Ok(());
    }
    IMPORTED_PRICE.rules.change(tx, &before, &mut doc.body)?;
    tmf::save(tx, &PRODUCT_OFFERING_PRICE, &before, &mut doc)?;
    versions::keep(tx, &PRODUCT_OFFERING_PRICE, &before, &doc)
}

fn price_id(tariff: &Tariff) -> String {
    format!("{}:price", tariff.offering_id)
}

fn price_reference(tariff: &Tariff, id: &str) -> Value {
    json!({"id": id, "href": PRODUCT_OFFERING_PRICE.href(id), "name": price_name(tariff)})
}

fn price_name(tariff: &Tariff) -> &'static str {
    match (tariff.fee.kind, tariff.fee.months) {
        (PriceKind::Recurring, 1) => "月费",
        (PriceKind::Recurring, 12) => "年费",
        (PriceKind::Recurring, _) => "周期费",
        (PriceKind::OneTime, _) => "一次性费用",
        (PriceKind::Usage, _) => "使用费",
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}

fn price(tariff: &Tariff) -> Map<String, Value> {
    let fee = &tariff.fee;
    let mut price = object(json!({
        "name": price_name(tariff),
        "isBundle": false,
        "priceType": fee.kind.as_str(),
        "price": Money::to_tmf(fee.amount),
        "priceText": fee.text,
    }));
    if fee.kind == PriceKind::Recurring {
        price.insert("recurringChargePeriodType".into(), json!("month"));
        price.insert("recurringChargePeriodLength".into(), json!(fee.months));
    }
    price
}

/// The attributes of [`OWNED`].
fn offering(tariff: &Tariff, file: &str) -> Map<String, Value> {
    let family = tariff.family.as_str();
    let at = |t: Option<Timestamp>| t.map(|t| t.to_string());
    let mut doc = object(json!({
        "name": tariff.name,
        "description": tariff.description,
        "family": family,
        "isBundle": tariff.family == Family::Bundle,
        "area": tariff.area,
        "audience": tariff.audience,
        "category": [{"id": format!("cat-{family}"), "name": if tariff.category.is_empty() { family } else { &tariff.category }}],
        "productSpecification": specification(tariff.family),
        "prodSpecCharValueUse": allowances(tariff),
        "source": {"id": tariff.source_id, "operator": tariff.operator, "hash": tariff.hash, "file": file},
        "published": tariff.published,
    }));
    let period: Map<String, Value> = [("startDateTime", at(tariff.from)), ("endDateTime", at(tariff.to))]
        .into_iter()
        .filter_map(|(name, t)| t.map(|t| (name.to_owned(), json!(t))))
        .collect();
    if !period.is_empty() {
        doc.insert("validFor".into(), Value::Object(period));
    }
    if !tariff.terms.is_empty() {
        let term = |(name, text, months): &Clause| {
            let mut term = object(json!({"name": name, "description": text}));
            if let Some(n) = months {
                term.insert("duration".into(), json!({"amount": n, "units": "month"}));
            }
            Value::Object(term)
        };
        doc.insert("productOfferingTerm".into(), tariff.terms.iter().map(term).collect());
    }
    if let Some(n) = tariff.contract_months {
        doc.insert("contractMonths".into(), json!(n));
    }
    if !tariff.channel.is_empty() {
        doc.insert("channelText".into(), json!(tariff.channel));
    }
    if tariff.fee.assumed {
        doc.insert("priceAssumed".into(), json!(true));
    }
    if tariff.family == Family::Bundle {
        let part = |id: &&str| {
            let option =
                json!({"numberRelOfferDefault": 1, "numberRelOfferLowerLimit": 1, "numberRelOfferUpperLimit": 1});
            json!({"id": id, "href": PRODUCT_OFFERING.href(id), "bundledProductOfferingOption": option})
        };
        doc.insert("bundledProductOffering".into(), tariff.parts.iter().map(part).collect());
    }
    doc
}

/// What an offering of a product line usually gives the customer.
pub(crate) fn specification(family: Family) -> Value {
    let id = match family {
        Family::Mobile => "spec-mobile-line",
        Family::Broadband => "spec-broadband",
        Family::Iptv => "spec-iptv",
        Family::Option => "spec-option",
        Family::Device => "spec-device",
        Family::FixedVoice => "spec-fixed-voice",
        Family::Voip => "spec-voip",
        Family::Data => "spec-data",
        Family::LeasedLine => "spec-leased-line",
        Family::Content => "spec-content",
        Family::SmartHome => "spec-smart-home",
        Family::Consulting => "spec-consulting",
        Family::Group => "spec-group",
        Family::Bundle => return Value::Null,
    };
    json!({"id": id})
}

fn allowances(tariff: &Tariff) -> Value {
    let all = &tariff.allowances;
    let figures = [
        ("dataMb", all.data_mb, "MB"),
        ("directedDataMb", tariff.directed_mb, "MB"),
        ("voiceMin", all.voice_min, "分钟"),
        ("sms", all.sms, "条"),
        ("broadbandMbps", all.broadband_mbps, "Mbps"),
    ];
    figures
        .into_iter()
        .filter_map(|(name, value, unit)| {
            let value = json!({"value": value?, "unitOfMeasure": unit, "isDefault": true});
            Some(json!({"name": name, "valueType": "number", "productSpecCharacteristicValue": [value]}))
        })
        .collect()
}
