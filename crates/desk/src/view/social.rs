//! Who the customer is, what they hold, what binds them, who stands around them.

use super::Whole;
use customer::Relation;
use kernel::{Date, Lang, Result, Timestamp};
use serde_json::{Map, Value, json};
use store::Tx;

pub(crate) fn customer(tx: &mut Tx<'_>, whole: &Whole) -> Result<Value> {
    let portrait = &whole.portrait;
    let summary = &portrait.summary;
    let contact = |c: &customer::Contact| json!({"name": c.name, "role": c.role, "phone": c.phone, "email": c.email, "preferred": c.preferred});
    let given = |(name, value): &(&str, Value)| json!({"name": name, "value": value});
    let mut social = summary.to_json();
    social["orgName"] = json!(whole.org_name);
    social["address"] = json!(summary.address);
    social["manager"] = json!(summary.manager);
    social["managerId"] = json!(portrait.manager_id);
    social["realName"] = json!(!summary.certificate.is_empty());
    social["partyId"] = json!(summary.party_id);
    social["contacts"] = portrait.contacts.iter().map(contact).collect();
    social["given"] = portrait.given.iter().map(given).collect();
    social["version"] = json!(summary.version);
    let standings = customer::standing::standings(tx, &summary.id)?;
    let in_force = |s: &&customer::standing::Standing| {
        s.state == "active" && s.from <= tx.now() && s.until.is_none_or(|until| until > tx.now())
    };
    social["standings"] = standings.iter().filter(in_force).map(customer::standing::Standing::to_json).collect();
    Ok(social)
}

/// A product's document as the page shows it.
pub(crate) fn product(body: &Map<String, Value>) -> Value {
    let get = |name: &str| body.get(name).cloned().unwrap_or_default();
    let characteristics = body.get("productCharacteristic").and_then(Value::as_array).cloned().unwrap_or_default();
    let number = characteristics.iter().find(|c| c["name"] == "number").map_or(Value::Null, |c| c["value"].clone());
    json!({
        "id": get("id"), "name": get("name"), "offeringId": get("productOffering")["id"], "status": get("status"),
        "number": number, "family": get("family"), "monthlyFeeFen": get("monthlyFeeFen"), "startDate": get("startDate"),
        "orderNo": get("orderNo"), "soldIn": get("soldIn"), "locks": get("locks"),
        "barLevel": get("barLevel"), "accountId": get("billingAccount")["id"],
        "characteristics": characteristics,
    })
}

/// Contract terms of what the customer holds: the offering's months, counted from the start of the product.
pub(crate) fn agreements(tx: &mut Tx<'_>, held: &[Value]) -> Result<Vec<Value>> {
    let mut agreements = Vec::new();
    let mut bundles: Vec<(String, String)> = Vec::new();
    for product in
        held.iter().filter(|p| matches!(p["status"].as_str(), Some("active" | "suspended" | "pendingTerminate")))
    {
        let sold_in = (product["soldIn"]["offeringId"].as_str(), product["soldIn"]["itemId"].as_str());
        let offering = match sold_in {
            (Some(bundle), item) => {
                // The bundle binds, once, whatever its parts are.
                let key = (bundle.to_owned(), format!("{} {}", product["orderNo"], item.unwrap_or("")));
                if bundles.contains(&key) {
                    continue;
                }
                bundles.push(key);
                bundle
            }
            (None, _) => product["offeringId"].as_str().unwrap_or(""),
        };
        let Ok(offering) = catalog::offering(tx, offering) else { continue };
        let months = offering.contract_months.filter(|m| *m > 0);
        let start = product["startDate"].as_str().and_then(|s| Timestamp::parse(s).ok()).map(Timestamp::date);
        let (Some(months), Some(start)) = (months, start) else { continue };
        let end: Date = start.plus_months(i32::try_from(months).unwrap_or(i32::MAX)).plus_days(-1);
        let terms: Vec<Value> =
            offering.terms.iter().map(|t| json!({"name": t.name, "description": t.description})).collect();
        let left = end.days_since(tx.now().date());
        agreements.push(json!({
            "offering": offering.name, "start": start, "end": end, "months": months, "terms": terms,
            "productId": product["id"], "daysLeft": left.max(0), "ended": left < 0,
        }));
    }
    Ok(agreements)
}

/// What a relation is called.
pub(crate) fn relation_name(kind: &str, lang: Lang) -> &str {
    let (zh, en) = match kind {
        "group" => ("所属集团", "Group"),
        "branch" => ("分支机构", "Branch"),
        "member" => ("集团成员", "Member"),
        "keyPerson" => ("关键人", "Key person"),
        "keyPersonOf" => ("任关键人", "Key person of"),
        "household" => ("家庭成员", "Household"),
        "guarantor" => ("担保人", "Guarantor"),
        "guaranteed" => ("被担保", "Guaranteed"),
        "parent" => ("上级", "Parent"),
        "child" => ("下级", "Child"),
        other => (other, other),
    };
    if lang == Lang::En { en } else { zh }
}

pub(crate) fn relation(relation: &Relation, lang: Lang) -> Value {
    let name = relation_name(&relation.kind, lang);
    json!({"type": relation.kind, "typeName": name, "customerId": relation.customer_id, "name": relation.name})
}
