//! TMF645 service qualification over our coverage.

use super::coverage::{Qualification, qualify};
use crate::PLACE_READ;
use http::tmf::{Api, Column, Kind, Ops, Resource, Rules};
use kernel::{OrgPath, Problem, Result};
use serde_json::{Map, Value, json};
use store::{ToValue, Tx};

static API: Api =
    Api { base: "/tmf-api/serviceQualificationManagement/v4", aliases: &["/tmf-api/serviceQualification/v4"] };

const COLUMNS: &[Column] = &[
    Column { attribute: "externalId", column: "external_id", kind: Kind::Text },
    Column { attribute: "state", column: "state", kind: Kind::Text },
];

pub static CHECK: Resource = Resource {
    api: &API,
    name: "checkServiceQualification",
    type_name: "CheckServiceQualification",
    table: "check_service_qualification",
    columns: COLUMNS,
    mandatory: &["serviceQualificationItem"],
    ops: Ops { create: true, patch: false, delete: true },
    read: PLACE_READ,
    write: PLACE_READ,
    rules: &CheckRules,
};

pub static QUERY: Resource = Resource {
    api: &API,
    name: "queryServiceQualification",
    type_name: "QueryServiceQualification",
    table: "query_service_qualification",
    columns: COLUMNS,
    mandatory: &["searchCriteria"],
    ops: Ops { create: true, patch: false, delete: true },
    read: PLACE_READ,
    write: PLACE_READ,
    rules: &QueryRules,
};

/// What a TMF service asks for.
struct Asked {
    address: Option<String>,
    family: String,
    mbps: i64,
}

fn asked(service: &Value) -> Asked {
    let characteristics = service["serviceCharacteristic"].as_array();
    let value = |names: &[&str]| {
        let found =
            characteristics.into_iter().flatten().find(|c| c["name"].as_str().is_some_and(|n| names.contains(&n)))?;
        let value = if found["value"].is_object() { &found["value"]["value"] } else { &found["value"] };
        value.as_str().map(str::to_owned).or_else(|| value.as_i64().map(|n| n.to_string()))
    };
    let place = service["place"].as_array().and_then(|p| p.first()).unwrap_or(&service["place"]);
    let address = place["id"].as_str().or(place["name"].as_str()).map(str::to_owned);
    let named = value(&["family"]);
    let specification = service["serviceSpecification"]["name"].as_str().unwrap_or("").to_lowercase();
    let family = named.unwrap_or_else(|| {
        let known = [
            ("iptv", "iptv"),
            ("voip", "voip"),
            ("voice", "fixedVoice"),
            ("leased", "leasedLine"),
            ("mobile", "mobile"),
        ];
        known.iter().find(|(word, _)| specification.contains(word)).map_or("broadband", |(_, f)| f).to_owned()
    });
    let speed = value(&["downMbps", "downloadSpeed", "bandwidth", "speed"]).unwrap_or_default();
    Asked { address, family, mbps: mbps(&speed) }
}

/// `300Mb/s`, `1 Gbps`, `300`.
fn mbps(text: &str) -> i64 {
    let digits: String = text.trim().chars().take_while(char::is_ascii_digit).collect();
    let factor = if text.to_lowercase().contains('g') { 1_000 } else { 1 };
    digits.parse::<i64>().unwrap_or(0).saturating_mul(factor)
}

fn judged(tx: &mut Tx<'_>, service: &Value) -> Result<Qualification> {
    let Asked { address, family, mbps } = asked(service);
    let place = service["place"].as_array().and_then(|p| p.first()).unwrap_or(&service["place"]);
    let by_id = qualify(tx, address.as_deref().unwrap_or(""), &family, mbps)?;
    // An id of somebody else's may come with a name of ours.
    match place["name"].as_str() {
        Some(name) if by_id.result == "unverified" => qualify(tx, name, &family, mbps),
        _ => Ok(by_id),
    }
}

/// The answer as the item shows it.
fn show(item: &mut Value, answer: &Qualification) {
    item["state"] = json!("done");
    item["qualificationItemResult"] = json!(match answer.result {
        "qualified" => "qualified",
        "alternate" => "alternate",
        _ => "unqualified",
    });
    let reasons = answer.reasons.iter().map(|w| json!({"code": w.code, "label": w.zh, "labelEn": w.en}));
    item["eligibilityUnavailabilityReason"] = reasons.collect();
    item["serviceability"] = json!({
        "result": answer.result, "technology": answer.technology, "maxMbps": answer.max_mbps, "freePorts": answer.free_ports,
        "addressId": answer.address_id,
    });
    let proposals = (1..).zip(&answer.alternatives).map(|(n, a)| {
        json!({"id": n.to_string(), "alternateService": {"serviceCharacteristic": [
            {"name": "technology", "value": a.technology}, {"name": "downMbps", "value": a.max_mbps}]}})
    });
    item["alternateServiceProposal"] = proposals.collect();
}

/// The most items of one question.
const MOST: usize = 50;

struct CheckRules;

impl Rules for CheckRules {
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Map<String, Value>) -> Result<OrgPath> {
        let items = doc.get("serviceQualificationItem").and_then(Value::as_array).cloned().unwrap_or_default();
        if items.is_empty() || items.len() > MOST || !items.iter().all(|i| i["service"].is_object()) {
            return Err(Problem::invalid("serviceQualificationItem", &format!("1–{MOST} × {{id, service}}")));
        }
        let mut shown = Vec::with_capacity(items.len());
        let mut results = Vec::with_capacity(items.len());
        for (n, mut item) in (1..).zip(items) {
            let answer = judged(tx, &item["service"])?;
            if !item["id"].is_string() {
                item["id"] = json!(n.to_string());
            }
            show(&mut item, &answer);
            results.push(answer.result);
            shown.push(item);
        }
        let whole = match () {
            () if results.iter().all(|r| *r == "qualified") => "qualified",
            () if results.iter().all(|r| matches!(*r, "qualified" | "alternate")) => "alternate",
            () => "unqualified",
        };
        doc.insert("serviceQualificationItem".into(), json!(shown));
        doc.insert("qualificationResult".into(), json!(whole));
        done(tx, doc, "checkServiceQualificationDate");
        Ok(tx.actor().org.clone())
    }
    fn columns(&self, doc: &Map<String, Value>) -> Vec<(&'static str, store::Value)> {
        columns(doc)
    }
}

struct QueryRules;

impl Rules for QueryRules {
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Map<String, Value>) -> Result<OrgPath> {
        let Some(criteria) = doc.get("searchCriteria").filter(|c| c.is_object()).cloned() else {
            return Err(Problem::invalid("searchCriteria", "object"));
        };
        let wanted = asked(&criteria["service"]);
        let mut found = Vec::new();
        for family in ["broadband", "iptv", "fixedVoice", "leasedLine"] {
            let answer = qualify(tx, wanted.address.as_deref().unwrap_or(""), family, wanted.mbps)?;
            if matches!(answer.result, "qualified" | "alternate") {
                let mut item = json!({"id": (found.len() + 1).to_string(), "service": {"serviceType": family,
                    "serviceCharacteristic": [{"name": "family", "value": family}]}});
                show(&mut item, &answer);
                found.push(item);
            }
        }
        doc.insert("serviceQualificationItem".into(), json!(found));
        done(tx, doc, "queryServiceQualificationDate");
        Ok(tx.actor().org.clone())
    }
    fn columns(&self, doc: &Map<String, Value>) -> Vec<(&'static str, store::Value)> {
        columns(doc)
    }
}

fn done(tx: &Tx<'_>, doc: &mut Map<String, Value>, date: &str) {
    doc.insert("state".into(), json!("done"));
    doc.insert(date.to_owned(), json!(tx.now()));
    doc.insert("effectiveQualificationDate".into(), json!(tx.now()));
}

fn columns(doc: &Map<String, Value>) -> Vec<(&'static str, store::Value)> {
    let text = |name: &str| doc.get(name).and_then(Value::as_str).map(str::to_owned);
    vec![("external_id", text("externalId").to_value()), ("state", text("state").unwrap_or_default().to_value())]
}
