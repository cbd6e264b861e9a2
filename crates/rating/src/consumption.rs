//! TMF677: what somebody has used and has left, asked by other systems. A question is a document; its answer is computed
//! when it is put and kept with it, so that what was told can be looked at again.

use crate::{AllowanceState, allowances, balance, so_far_of_product};
use http::tmf::{Api, Column, Kind, Ops, Resource, Rules};
use kernel::{Actor, Cycle, Money, OrgPath, Problem, Result};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use store::Tx;
use usage::Service;

static API: Api = Api {
    base: "/tmf-api/usageConsumption/v4",
    aliases: &["/tmf-api/usageConsumptionManagement/v4", "/usageConsumption/v4"],
};

pub static QUERY: Resource = Resource {
    api: &API,
    name: "queryUsageConsumption",
    type_name: "QueryUsageConsumption",
    table: "usage_consumption",
    columns: &[Column { attribute: "id", column: "id", kind: Kind::Text }],
    mandatory: &[],
    ops: Ops { create: true, patch: false, delete: true },
    read: balance::BALANCE,
    write: balance::BALANCE,
    rules: &QueryRules,
};

/// Products of one answer; more are several questions.
const MOST: usize = 100;

struct QueryRules;

impl Rules for QueryRules {
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Map<String, Value>) -> Result<OrgPath> {
        let now = tx.now();
        let services = asked(tx, doc)?;
        let mut answers = Vec::with_capacity(services.len());
        for service in services.values() {
            answers.push(answer(tx, service)?);
        }
        doc.entry("queryUsageConsumptionDate").or_insert_with(|| json!(now));
        for list in ["relatedParty", "partyAccount"] {
            doc.entry(list).or_insert_with(|| json!([]));
        }
        doc.entry("searchCriteria").or_insert_with(|| json!({}));
        doc.insert("usageConsumption".into(), Value::Array(answers));
        Ok(tx.actor().org.clone())
    }
    fn masks(&self, actor: &Actor) -> bool {
        !actor.may(usage::PEER)
    }
    fn mask(&self, doc: &mut Map<String, Value>) {
        let Some(Value::Array(answers)) = doc.get_mut("usageConsumption") else { return };
        for answer in answers {
            for one in answer["logicalResource"].as_array_mut().into_iter().flatten() {
                if let Some(name) = one["name"].as_str() {
                    one["name"] = json!(kernel::mask_phone(name));
                }
            }
        }
    }
}

/// Ids under `name` of the question or of its search criteria.
fn ids(doc: &Map<String, Value>, name: &str) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for place in [doc.get(name), doc.get("searchCriteria").and_then(|c| c.get(name))].into_iter().flatten() {
        let list = match place {
            Value::Array(list) => list.as_slice(),
            one @ Value::Object(_) => std::slice::from_ref(one),
            _ => return Err(Problem::missing(&format!("{name}.id"))),
        };
        for one in list {
            let id = one["id"].as_str().ok_or_else(|| Problem::missing(&format!("{name}.id")))?;
            found.push(id.to_owned());
        }
    }
    Ok(found)
}

/// The products in question that the actor may see, by id.
fn asked(tx: &mut Tx<'_>, doc: &Map<String, Value>) -> Result<BTreeMap<String, Service>> {
    let mut found = BTreeMap::new();
    let mut all = Vec::new();
    for id in ids(doc, "product")? {
        all.push(balance::service(tx, None, Some(&id))?);
    }
    for number in ids(doc, "logicalResource")? {
        all.push(balance::service(tx, Some(&number), None)?);
    }
    for account in ids(doc, "partyAccount")? {
        all.extend(usage::services_of_account(tx, &account)?);
    }
    for customer in ids(doc, "relatedParty")? {
        all.extend(usage::services_of_customer(tx, &customer)?);
    }
    for service in all {
        if service.to.is_none() && tx.actor().sees(&service.org) {
            found.insert(service.product_id.clone(), service);
        }
    }
    if found.len() > MOST {
        return Err(Problem::invalid("product", &format!("≤ {MOST}")));
    }
    Ok(found)
}

fn answer(tx: &mut Tx<'_>, service: &Service) -> Result<Value> {
    let now = tx.now();
    let cycle = Cycle::containing(now.date(), service.cycle_day);
    let period = json!({"startDateTime": cycle.first().start(), "endDateTime": cycle.next().first().start()});
    let buckets: Vec<Value> = allowances(tx, &service.product_id, now)?
        .iter()
        .filter(|a| !a.ended)
        .map(|a| bucket(a, &service.product_id))
        .collect();
    let cost: Money = so_far_of_product(tx, &service.product_id, now)?;
    Ok(json!({
        "id": service.product_id,
        "state": "done",
        "creationDate": now,
        "lastUpdate": now,
        "validPeriod": period,
        "product": [{
            "id": service.product_id,
            "href": format!("/tmf-api/productInventory/v4/product/{}", service.product_id),
            "consumptionSummary": [{
                "counterType": "charges", "level": "product", "valueName": "usage charges so far",
                "value": {"amount": cost.in_fen() as f64 / 100.0, "units": "CNY"}, "consumptionPeriod": period,
            }],
        }],
        "logicalResource": [{"id": service.product_id, "name": service.number}],
        "bucketRefOrValue": buckets,
    }))
}

/// What an allowance is counted in.
fn unit(kind: &str, size: u64) -> String {
    match (kind, size) {
        ("data", 1_073_741_824) => "GB".into(),
        ("data", 1_048_576) => "MB".into(),
        ("data", 1_024) => "KB".into(),
        ("data", 1) => "byte".into(),
        ("call", 60) => "minute".into(),
        ("call", 1) => "second".into(),
        ("sms" | "mms", 1) => "message".into(),
        (kind, size) => format!("{size} {kind}"),
    }
}

/// Kept in seconds and bytes, told in the unit of the plan; what is not whole, to a thousandth.
fn told(amount: i64, size: u64) -> Value {
    let size = i64::try_from(size).unwrap_or(1).max(1);
    if amount % size == 0 {
        json!(amount / size)
    } else {
        json!((amount as f64 / size as f64 * 1_000.0).round() / 1_000.0)
    }
}

fn bucket(a: &AllowanceState, product_id: &str) -> Value {
    let kind = a.kinds.first().map_or("usage", String::as_str);
    let units = unit(kind, a.unit_size);
    let period = json!({"startDateTime": a.from, "endDateTime": a.until});
    let counter = |name: &str, level: &str, amount: i64| {
        let amount = told(amount, a.unit_size);
        json!({
            "counterType": name, "level": level, "valueName": format!("{amount} {units}"),
            "value": {"amount": amount, "units": units}, "consumptionPeriod": period,
        })
    };
    json!({
        "id": format!("{product_id}:{}:{}", a.plan_id, a.id),
        "name": a.name,
        "description": a.name_en,
        "usageType": kind,
        "isShared": a.shared,
        "status": if a.left > 0 { "active" } else { "exhausted" },
        "remainingValue": {"amount": told(a.left, a.unit_size), "units": units},
        "remainingValueName": format!("{} {units}", told(a.left, a.unit_size)),
        "bucketCounter": [
            counter("total", "bucket", a.total),
            counter("used", "bucket", a.used),
            counter("usedByProduct", "product", a.used_by_me),
        ],
        "product": [{"id": product_id}],
        "validFor": period,
    })
}
