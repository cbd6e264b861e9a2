//! From a design to the documents that are sold.

use super::draft::{self, DiscountLine, Draft, PriceLine};
use crate::{
    Family, Lifecycle,
    resources::{CATEGORY, LAUNCHED_OFFERING, LAUNCHED_PRICE},
    rules,
};
use http::tmf::{self, Document};
use kernel::{Date, Money, OrgPath, Problem, Result};
use serde_json::{Map, Value, json};
use store::Tx;

/// Puts the design into the catalogue: a new offering, or the next version of one. Returns its id and version.
pub(super) fn apply(tx: &mut Tx<'_>, draft: &Draft, org: &OrgPath, changes: Option<&str>) -> Result<(String, i64)> {
    let id = match changes {
        Some(id) => id.to_owned(),
        None => format!("of-{}", tx.new_id::<Draft>()),
    };
    let prices = prices(tx, draft, &id)?;
    let mut body = document(tx, draft, prices)?;
    match changes {
        None => {
            body.insert("id".into(), json!(id));
            body.insert(rules::ORG.into(), json!(org.as_str()));
            body.insert("lifecycleStatus".into(), json!(Lifecycle::Launched.as_str()));
            let made = tmf::insert(tx, &LAUNCHED_OFFERING, body)?;
            Ok((made.id, made.version))
        }
        Some(_) => {
            let doc = tmf::lock(tx, &LAUNCHED_OFFERING, &id)?;
            for (name, value) in draft::kept(&doc) {
                body.insert(name, value);
            }
            if !draft::is_live(&doc) {
                body.insert("lifecycleStatus".into(), json!(next(&doc)));
            }
            let doc = rules::update(tx, &LAUNCHED_OFFERING, doc, body)?;
            Ok((doc.id, doc.version))
        }
    }
}

/// A retired offering is put on sale again by an approved change.
fn next(doc: &Document) -> &'static str {
    match Lifecycle::parse(doc.text("lifecycleStatus")) {
        Ok(Lifecycle::Retired) => Lifecycle::Launched.as_str(),
        Ok(Lifecycle::InTest) => Lifecycle::Active.as_str(),
        Ok(other) => other.as_str(),
        Err(_) => Lifecycle::InStudy.as_str(),
    }
}

/// References to the prices and discounts. What did not change keeps its document; the rest gets a new one, so that the
/// versions before and other offerings keep theirs.
fn prices(tx: &mut Tx<'_>, draft: &Draft, offering: &str) -> Result<Vec<Value>> {
    let mut references = Vec::new();
    for line in &draft.prices {
        let same = |stored: &Map<String, Value>| draft::same_price(line, stored);
        references.push(reference(tx, offering, line.id.as_deref(), &line.name, same, price(line))?);
    }
    for line in &draft.discounts {
        let same = |stored: &Map<String, Value>| draft::same_discount(line, stored);
        references.push(reference(tx, offering, line.id.as_deref(), &line.name, same, discount(line)?)?);
    }
    Ok(references)
}

fn reference(
    tx: &mut Tx<'_>,
    offering: &str,
    known: Option<&str>,
    name: &str,
    same: impl Fn(&Map<String, Value>) -> bool,
    body: Value,
) -> Result<Value> {
    if let Some(id) = known
        && let Some(stored) = tmf::get(tx, &LAUNCHED_PRICE, id)?
        && same(&stored.body)
    {
        return Ok(json!({"id": id, "href": LAUNCHED_PRICE.href(id), "name": name}));
    }
    let Value::Object(mut body) = body else { return Err(Problem::internal("a price is an object")) };
    body.insert("id".into(), json!(format!("pr-{}", tx.new_id::<PriceLine>())));
    body.insert("lifecycleStatus".into(), json!(Lifecycle::Active.as_str()));
    body.insert("offering".into(), json!({"id": offering}));
    let made = tmf::insert(tx, &LAUNCHED_PRICE, body)?;
    Ok(json!({"id": made.id, "href": LAUNCHED_PRICE.href(&made.id), "name": name}))
}

fn price(line: &PriceLine) -> Value {
    let mut body = json!({
        "name": line.name, "isBundle": false, "priceType": line.kind, "price": Money::fen(line.amount_fen).to_tmf(),
    });
    if line.kind == "recurring" {
        body["recurringChargePeriodType"] = json!("month");
        body["recurringChargePeriodLength"] = json!(draft::months(line));
    }
    body
}

fn discount(line: &DiscountLine) -> Result<Value> {
    let mut body = json!({
        "name": line.name, "isBundle": false, "priceType": "discount", "appliesTo": line.applies_to, "stackable": line.stackable,
    });
    if let Some(percent) = line.percent {
        body["percentage"] = json!(percent);
    }
    if let Some(fen) = line.amount_fen {
        body["price"] = Money::fen(fen).to_tmf();
    }
    if let Some(months) = line.months {
        body["months"] = json!(months);
    }
    if !line.requires.is_empty() {
        body["requiresOffering"] = line.requires.iter().map(|id| json!({"id": id})).collect();
    }
    if let Some(limit) = &line.by_hand {
        body["authority"] = json!({"maxPercent": limit.max_percent, "maxFen": limit.max_fen});
    }
    let period = period(&line.valid_from, &line.valid_to)?;
    if !period.is_null() {
        body["validFor"] = period;
    }
    Ok(body)
}

/// From the start of the first day to the end of the last.
fn period(from: &str, to: &str) -> Result<Value> {
    let mut period = Map::new();
    if !from.is_empty() {
        period.insert("startDateTime".into(), json!(Date::parse(from)?.start()));
    }
    if !to.is_empty() {
        period.insert("endDateTime".into(), json!(Date::parse(to)?.plus_days(1).start().plus_seconds(-1)));
    }
    Ok(if period.is_empty() { Value::Null } else { Value::Object(period) })
}

/// The offering document, without what only a stored one has.
fn document(tx: &mut Tx<'_>, draft: &Draft, prices: Vec<Value>) -> Result<Map<String, Value>> {
    let family = Family::parse(&draft.family)?;
    let audience = &draft.audience;
    let mut doc = Map::new();
    let mut put = |name: &str, value: Value| drop(doc.insert(name.to_owned(), value));
    put("name", json!(draft.name.trim()));
    put("description", json!(draft.description.trim()));
    put("family", json!(family.as_str()));
    put("isBundle", json!(draft.is_bundle()));
    put("isSellable", json!(draft.sold_alone.unwrap_or(true)));
    put("productSpecification", specification(draft, family));
    put("productOfferingPrice", json!(prices));
    let alone = draft.parts.iter().filter(|p| p.group.is_none());
    if draft.is_bundle() {
        put("bundledProductOffering", alone.map(part).collect());
        put("bundledGroupProductOffering", draft.groups.iter().map(|g| group(draft, g)).collect());
    }
    put("sharedAllowance", json!(draft.shared_allowance));
    put("prodSpecCharValueUse", figures(draft));
    let kinds = audience.kinds.iter().map(|k| json!({"id": k, "name": k}));
    let grades = audience.grades.iter().map(|g| json!({"id": format!("grade:{g}"), "name": g}));
    put("marketSegment", kinds.chain(grades).collect());
    put("channel", audience.channels.iter().map(|c| json!({"id": c, "name": c})).collect());
    put("place", audience.areas.iter().map(|a| json!({"id": a, "name": a})).collect());
    put("eligibility", eligibility(draft));
    let relation = |r: &draft::RelationLine| {
        let mut one = json!({"id": r.offering_id, "name": r.name, "relationshipType": r.kind});
        if let Some(word) = &r.alternative {
            one["role"] = json!(word);
        }
        one
    };
    put("productOfferingRelationship", draft.relations.iter().map(relation).collect());
    if let Some(c) = &draft.contract {
        let early = match c.fixed_fen {
            Some(fen) => json!({"fixedFen": fen}),
            None => json!({"remainingPercent": c.remaining_percent.unwrap_or(0)}),
        };
        put("contract", json!({"months": c.months, "earlyTermination": early}));
        put("contractMonths", json!(c.months));
    }
    if let Some(t) = &draft.trial {
        // A launch never converts by itself: the customer is asked.
        put("trial", json!({"days": t.days, "convertsTo": t.converts_to, "confirmation": true}));
    }
    let clause = |line: &str| json!({"name": "条款", "description": line.trim()});
    put("productOfferingTerm", draft.terms.lines().filter(|l| !l.trim().is_empty()).map(clause).collect());
    put("validFor", period(&draft.valid_from, &draft.valid_to)?);
    let category = format!("cat-{}", family.as_str());
    if let Some(known) = tmf::get(tx, &CATEGORY, &category)? {
        doc.insert("category".into(), json!([{"id": category, "name": known.text("name")}]));
    }
    doc.retain(|_, value| !value.is_null());
    Ok(doc)
}

fn specification(draft: &Draft, family: Family) -> Value {
    if draft.is_bundle() {
        return Value::Null;
    }
    match draft.specification.as_str() {
        "" => crate::tariffs::specification(family),
        id => json!({"id": id}),
    }
}

fn part(part: &draft::Part) -> Value {
    let option = json!({
        "numberRelOfferLowerLimit": part.min, "numberRelOfferUpperLimit": part.max, "numberRelOfferDefault": part.proposed,
    });
    json!({"id": part.offering_id, "name": part.name, "bundledProductOfferingOption": option})
}

fn group(draft: &Draft, group: &draft::Group) -> Value {
    let inside = draft.parts.iter().filter(|p| p.group.as_deref() == Some(&group.id));
    json!({
        "id": group.id, "name": group.name,
        "bundledGroupProductOfferingOption": {"numberRelOfferLowerLimit": group.min, "numberRelOfferUpperLimit": group.max},
        "bundledProductOffering": inside.map(part).collect::<Vec<_>>(),
    })
}

fn figures(draft: &Draft) -> Value {
    let all = &draft.allowances;
    let named = [
        ("dataMb", all.data_mb, "MB"),
        ("voiceMin", all.voice_min, "分钟"),
        ("sms", all.sms, "条"),
        ("broadbandMbps", all.broadband_mbps, "Mbps"),
    ];
    let one = |(name, value, unit): (&str, Option<i64>, &str)| {
        let value = json!({"value": value?, "unitOfMeasure": unit, "isDefault": true});
        Some(json!({"name": name, "valueType": "number", "productSpecCharacteristicValue": [value]}))
    };
    named.into_iter().filter_map(one).collect()
}

fn eligibility(draft: &Draft) -> Value {
    let rule = &draft.audience;
    let mut own = Map::new();
    for (name, value) in [("minAge", rule.min_age), ("maxAge", rule.max_age), ("maxPerCustomer", rule.max_per_customer)]
    {
        if let Some(n) = value {
            own.insert(name.to_owned(), json!(n));
        }
    }
    if !rule.needs_family.is_empty() {
        own.insert("needsFamily".into(), json!(rule.needs_family));
    }
    if let Some(h) = &rule.hours {
        own.insert("hours".into(), json!({"from": h.from, "to": h.to}));
    }
    if own.is_empty() { Value::Null } else { Value::Object(own) }
}
