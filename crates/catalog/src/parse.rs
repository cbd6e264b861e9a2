//! From the document of an offering to its typed view.

use crate::{
    Allowances, BundleGroup, BundleOption, Component, Eligibility, Family, Lifecycle, Offering, Price, PriceKind, Term,
    discount, eligibility,
    resources::{PRODUCT_OFFERING, PRODUCT_OFFERING_PRICE},
    selection::MOST,
    versions,
};
use http::tmf::{self, Document};
use kernel::{Money, Result, Timestamp};
use serde_json::{Map, Value};
use store::Tx;

pub(crate) fn offering(tx: &mut Tx<'_>, doc: &Document) -> Result<Offering> {
    let body = &doc.body;
    let (mut prices, mut discounts) = (Vec::new(), Vec::new());
    for reference in list(body, "productOfferingPrice").iter().filter(|r| !is_foreign(r)) {
        let Some(price) = price_document(tx, reference)? else { continue };
        if discount::is_discount(&price) {
            discounts.extend(discount::read(&price));
        } else {
            prices.extend(price_of(&price));
        }
    }
    let options = options(tx, body)?;
    let components = options
        .iter()
        .filter(|o| o.default > 0)
        .map(|o| Component {
            offering_id: o.offering_id.clone(),
            name: o.name.clone(),
            family: o.family,
            quantity: o.default,
        })
        .collect();
    let terms: Vec<Term> = list(body, "productOfferingTerm").iter().map(term_of).collect();
    let own_spec = body.get("productSpecification").filter(|s| !is_foreign(s)).and_then(|s| s["id"].as_str());
    let contract = eligibility::contract(body);
    Ok(Offering {
        id: doc.id.clone(),
        name: doc.text("name").to_owned(),
        family: family_of(body),
        status: Lifecycle::parse(doc.text("lifecycleStatus"))?,
        version: doc.version,
        area: doc.text("area").to_owned(),
        category: list(body, "category").first().and_then(|c| c["name"].as_str()).unwrap_or("").to_owned(),
        audience: doc.text("audience").to_owned(),
        valid_from: moment(body, "startDateTime"),
        valid_to: moment(body, "endDateTime"),
        sold_alone: body.get("isSellable") != Some(&Value::Bool(false)),
        spec_id: own_spec.map(str::to_owned),
        prices,
        price_text: body.get("priceSummary").and_then(|p| p["text"].as_str()).map(str::to_owned),
        allowances: allowances_of(body),
        contract_months: contract.map(|c| c.months),
        terms,
        components,
        options,
        groups: groups(body),
        relations: eligibility::relations(body),
        eligibility: Eligibility::read(body),
        contract,
        trial: eligibility::trial(body),
        shared_allowance: body.get("sharedAllowance") == Some(&Value::Bool(true)),
        discounts,
    })
}

/// The price that a reference means: in the version that stood when the offering was saved.
fn price_document(tx: &mut Tx<'_>, reference: &Value) -> Result<Option<Map<String, Value>>> {
    let Some(id) = reference["id"].as_str() else { return Ok(None) };
    let current = tmf::get(tx, &PRODUCT_OFFERING_PRICE, id)?;
    let pinned = reference[PINNED].as_i64();
    match (current, pinned) {
        (Some(price), None) => Ok(Some(price.body)),
        (Some(price), Some(version)) if price.version == version => Ok(Some(price.body)),
        (current, Some(version)) => {
            match versions::former_if(tx, &PRODUCT_OFFERING_PRICE, id, version)? {
                Some(Value::Object(body)) => Ok(Some(body)),
                _ => Ok(current.map(|p| p.body)), // its versions went with an earlier deletion
            }
        }
        (None, None) => Ok(None),
    }
}

/// The version of a price that a version of an offering had; written with the offering.
pub(crate) const PINNED: &str = "priceVersion";

/// The parts of a bundle: those listed by themselves, then those of the groups.
fn options(tx: &mut Tx<'_>, body: &Map<String, Value>) -> Result<Vec<BundleOption>> {
    let mut entries: Vec<(&Value, Option<String>)> =
        list(body, "bundledProductOffering").iter().map(|e| (e, text(e, "group"))).collect();
    for group in list(body, "bundledGroupProductOffering") {
        let inside = group["bundledProductOffering"].as_array().into_iter().flatten();
        entries.extend(inside.map(|e| (e, text(group, "id"))));
    }
    let mut options: Vec<BundleOption> = Vec::new();
    for (entry, group) in entries {
        let Some(id) = entry["id"].as_str() else { continue };
        if options.iter().any(|o| o.offering_id == id) {
            continue;
        }
        let Some(part) = tmf::get(tx, &PRODUCT_OFFERING, id)? else { continue };
        let (min, max, default) = limits(&entry["bundledProductOfferingOption"], group.is_some());
        options.push(BundleOption {
            offering_id: id.to_owned(),
            name: part.text("name").to_owned(),
            family: family_of(&part.body),
            min,
            max,
            default,
            group,
        });
    }
    Ok(options)
}

/// Lower, upper and proposed number. A part about which nothing is said comes once; a part of a group may come once.
pub(crate) fn limits(option: &Value, in_group: bool) -> (i64, i64, i64) {
    let number = |name: &str| option[name].as_i64().map(|n| n.clamp(0, MOST));
    let default = number("numberRelOfferDefault");
    let min = number("numberRelOfferLowerLimit").unwrap_or(if in_group { 0 } else { default.unwrap_or(1) });
    let default = default.unwrap_or(min).max(min);
    let max = number("numberRelOfferUpperLimit").unwrap_or_else(|| default.max(1)).max(min);
    (min, max, default.min(max))
}

fn groups(body: &Map<String, Value>) -> Vec<BundleGroup> {
    let one = |entry: &Value| {
        let id = text(entry, "id")?;
        let limits = &entry["bundledGroupProductOfferingOption"];
        let min = limits["numberRelOfferLowerLimit"].as_i64().unwrap_or(0).clamp(0, MOST);
        let max = limits["numberRelOfferUpperLimit"].as_i64().unwrap_or(MOST).clamp(min, MOST);
        Some(BundleGroup { name: text(entry, "name").unwrap_or_else(|| id.clone()), id, min, max })
    };
    list(body, "bundledGroupProductOffering").iter().filter_map(one).collect()
}

fn text(entry: &Value, name: &str) -> Option<String> {
    entry[name].as_str().filter(|t| !t.is_empty()).map(str::to_owned)
}

/// The ids of all parts of a bundle, those of groups included.
pub(crate) fn parts(body: &Map<String, Value>) -> Vec<String> {
    let mut all = references(body, "bundledProductOffering");
    for group in list(body, "bundledGroupProductOffering") {
        let inside = group["bundledProductOffering"].as_array().into_iter().flatten().filter(|r| !is_foreign(r));
        all.extend(inside.filter_map(|r| text(r, "id")));
    }
    all
}

/// The elements of an array attribute; none where it is missing or no array.
pub(crate) fn list<'a>(body: &'a Map<String, Value>, name: &str) -> &'a [Value] {
    body.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The ids that an attribute refers to among our own records.
pub(crate) fn references(body: &Map<String, Value>, name: &str) -> Vec<String> {
    list(body, name).iter().filter(|r| !is_foreign(r)).filter_map(|r| r["id"].as_str()).map(str::to_owned).collect()
}

/// A reference with an absolute address is a record of another system.
pub(crate) fn is_foreign(reference: &Value) -> bool {
    reference["href"].as_str().is_some_and(|h| h.trim_start().starts_with("http"))
}

pub(crate) fn moment(body: &Map<String, Value>, end: &str) -> Option<Timestamp> {
    body.get("validFor")?[end].as_str().and_then(|t| Timestamp::parse(t).ok())
}

pub(crate) fn family_of(body: &Map<String, Value>) -> Family {
    let bundle = body.get("isBundle") == Some(&Value::Bool(true));
    let named = body.get("family").and_then(Value::as_str).and_then(|f| Family::parse(f).ok());
    named.unwrap_or(if bundle { Family::Bundle } else { Family::Option })
}

/// A price document with an amount; `None` for one that has none (a draft) and for a discount.
pub(crate) fn price_of(body: &Map<String, Value>) -> Option<Price> {
    if discount::is_discount(body) {
        return None;
    }
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or("");
    let amount = Money::from_tmf(body.get("price")?).ok()?;
    let kind = PriceKind::parse(text("priceType"));
    let length = body.get("recurringChargePeriodLength").and_then(Value::as_i64).unwrap_or(1).clamp(1, 1_200);
    let months = match (kind, text("recurringChargePeriodType").to_ascii_lowercase().as_str()) {
        (PriceKind::Recurring, "year" | "yearly" | "annual") => length * 12,
        (PriceKind::Recurring, "quarter" | "quarterly") => length * 3,
        (PriceKind::Recurring, _) => length,
        _ => 0,
    };
    Some(Price { id: text("id").to_owned(), name: text("name").to_owned(), kind, amount, months })
}

pub(crate) fn allowances_of(body: &Map<String, Value>) -> Allowances {
    let value = |name: &str| {
        let entry = list(body, "prodSpecCharValueUse").iter().find(|u| u["name"] == name)?;
        let value = &entry["productSpecCharacteristicValue"][0]["value"];
        value.as_i64().or_else(|| value.as_str()?.parse().ok())
    };
    Allowances {
        data_mb: value("dataMb"),
        voice_min: value("voiceMin"),
        sms: value("sms"),
        broadband_mbps: value("broadbandMbps"),
    }
}

fn term_of(entry: &Value) -> Term {
    let text = |name: &str| entry[name].as_str().unwrap_or("").to_owned();
    let amount = entry["duration"]["amount"].as_i64();
    let months = amount.map(|n| match entry["duration"]["units"].as_str() {
        Some("year" | "years") => n * 12,
        _ => n,
    });
    Term { name: text("name"), description: text("description"), months }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_price_knows_how_many_months_it_covers() {
        let months = |doc: Value| price_of(doc.as_object().unwrap()).map(|p| (p.amount.in_fen(), p.months, p.kind));
        let yearly = json!({"id": "p", "name": "年费", "priceType": "recurring", "recurringChargePeriodType": "year",
            "recurringChargePeriodLength": 2, "price": {"unit": "CNY", "value": 360}});
        assert_eq!(months(yearly), Some((36_000, 24, PriceKind::Recurring)));
        assert_eq!(
            months(json!({"priceType": "oneTime", "price": {"value": 100.5}})),
            Some((10_050, 0, PriceKind::OneTime))
        );
        assert_eq!(months(json!({"priceType": "recurring"})), None);
    }

    #[test]
    fn the_numbers_of_a_part_are_read_with_what_is_usual_where_nothing_is_said() {
        assert_eq!(limits(&Value::Null, false), (1, 1, 1), "it comes once");
        assert_eq!(limits(&Value::Null, true), (0, 1, 0), "in a group it may come");
        assert_eq!(limits(&json!({"numberRelOfferDefault": 2}), false), (2, 2, 2), "fixed");
        let optional = json!({"numberRelOfferLowerLimit": 0, "numberRelOfferUpperLimit": 5});
        assert_eq!(limits(&optional, false), (0, 5, 0));
        let odd = json!({"numberRelOfferLowerLimit": 3, "numberRelOfferUpperLimit": 1, "numberRelOfferDefault": 9});
        assert_eq!(limits(&odd, false), (3, 3, 3), "what contradicts itself is narrowed");
    }
}
