//! TMF635: usage as documents. One that says whose it is and how much becomes a record like any other, under the same
//! checks; one that names no number and no product is kept as it stands (`received`). What a document became stands in
//! `status`: `guided` where it has a service, `rejected` where it waits in the error pool, `recycled` where it came out of it.

use crate::{
    Fate, INTAKE, Incoming, PEER, READ, Record, SETTINGS, ServiceKey, Texts, cycles, problems,
    read::{self, cycle_of, number},
    runs, suspense, take,
};
use http::tmf::{self, Api, Column, Document, Kind, Ops, Resource, Rules};
use kernel::{Actor, Cycle, OrgPath, Problem, Result, Timestamp, codes};
use serde_json::{Map, Value, json};
use store::{ToValue, Tx};

static API: Api = Api { base: "/tmf-api/usageManagement/v4", aliases: &["/tmf-api/usage/v4", "/usageManagement/v4"] };

/// What the error pool calls a record that came as a document.
pub(crate) const ORIGIN: &str = "document:";

pub static USAGE: Resource = Resource {
    api: &API,
    name: "usage",
    type_name: "Usage",
    table: "usage_document",
    columns: &[
        Column { attribute: "id", column: "id", kind: Kind::Text },
        Column { attribute: "status", column: "status", kind: Kind::Text },
        Column { attribute: "usageType", column: "usage_type", kind: Kind::Text },
        Column { attribute: "usageDate", column: "usage_date", kind: Kind::Time },
    ],
    mandatory: &[],
    ops: Ops::ALL,
    read: READ,
    write: INTAKE,
    rules: &UsageRules,
};

pub static USAGE_SPECIFICATION: Resource = Resource {
    api: &API,
    name: "usageSpecification",
    type_name: "UsageSpecification",
    table: "usage_specification",
    columns: &[
        Column { attribute: "id", column: "id", kind: Kind::Text },
        Column { attribute: "name", column: "name", kind: Kind::Text },
    ],
    mandatory: &["name"],
    ops: Ops::ALL,
    read: READ,
    write: SETTINGS,
    rules: &SpecificationRules,
};

/// What only the system writes.
const OWN: [&str; 2] = ["acceptedAs", "rejectReason"];
const STATES: [&str; 7] = ["received", "rejected", "recycled", "guided", "rated", "rerated", "billed"];

struct UsageRules;

/// What a document says was used, where it says whose.
fn incoming(doc: &Map<String, Value>) -> Result<Option<Incoming>> {
    let mut texts: Map<String, Value> = Map::new();
    for one in doc.get("usageCharacteristic").and_then(Value::as_array).into_iter().flatten() {
        let Some(name) = one["name"].as_str() else { continue };
        let text = match &one["value"] {
            Value::String(s) => s.clone(),
            Value::Number(n) => n.to_string(),
            _ => continue,
        };
        texts.insert(name.to_owned(), Value::String(text));
    }
    let of = |names: &[&str]| names.iter().find_map(|n| texts.get(*n).and_then(Value::as_str)).unwrap_or("");
    let top = |name: &str| doc.get(name).and_then(Value::as_str).unwrap_or("");
    let given = |name: &str, names: &[&str]| match top(name) {
        "" => of(names).to_owned(),
        text => text.to_owned(),
    };
    let (whose, product_id) = (of(&["number", "originNumber", "msisdn", "号码"]), of(&["productId"]));
    if whose.is_empty() && product_id.is_empty() {
        return Ok(None);
    }
    let id = match of(&["id", "recordId", "流水号"]) {
        "" => top("id"),
        id => id,
    };
    let (at, kind) = (given("usageDate", &["at", "start"]), given("usageType", &["kind"]));
    Incoming::parse(&Texts {
        number: whose,
        product_id,
        at: &at,
        kind: &kind,
        direction: of(&["direction"]),
        amount: of(&["amount", "duration", "volume"]),
        unit: of(&["unit"]),
        peer: of(&["peer", "destinationNumber"]),
        place: of(&["place", "roaming"]),
        fee: of(&["fee"]),
        id,
    })
    .map(Some)
}

/// Writes into the document what its record became.
fn note(doc: &mut Map<String, Value>, fate: &Fate, record_id: &str, after_pool: bool) {
    doc.remove("rejectReason");
    doc.remove("acceptedAs");
    match fate {
        Fate::Taken { service, cycle, late } => {
            doc.insert("status".into(), json!(if after_pool { "recycled" } else { "guided" }));
            let accepted = json!({"service": service, "cycle": cycle.label(), "cycleNumber": number(*cycle), "late": late, "recordId": record_id});
            doc.insert("acceptedAs".into(), accepted);
        }
        Fate::Refused(problem) => {
            doc.insert("status".into(), json!("rejected"));
            let title = suspense::title(problem.code.id);
            doc.insert("rejectReason".into(), json!({"code": problem.code.id, "i18n": title}));
        }
    }
}

/// Takes a document's record in; what can be taken later waits in the error pool, anything else is refused.
fn accept(tx: &mut Tx<'_>, doc: &mut Map<String, Value>, record: &Incoming, document: &str) -> Result<()> {
    let fate = take(tx, std::slice::from_ref(record))?.pop().ok_or_else(|| Problem::internal("a fate for each"))?;
    if let Fate::Refused(problem) = &fate {
        if !problems::keeps(problem.code) {
            return Err(problem.clone());
        }
        if suspense::keep(tx, &format!("{ORIGIN}{document}"), &[(0, record, problem.code)])? == 0 {
            return Err(Problem::new(&problems::DUPLICATE).with("value", &record.id));
        }
    }
    note(doc, &fate, &record.id, false);
    Ok(())
}

/// A record out of the error pool was taken in: its document says so.
pub(crate) fn recycled(tx: &mut Tx<'_>, id: &str, fate: &Fate) -> Result<()> {
    let Some(mut doc) = tmf::get(tx, &USAGE, id)? else { return Ok(()) };
    let before = doc.body.clone();
    let record_id = incoming(&doc.body)?.map(|r| r.id).unwrap_or_default();
    note(&mut doc.body, fate, &record_id, true);
    tmf::save(tx, &USAGE, &before, &mut doc)
}

/// The record that a document became: service, cycle and id.
fn place(doc: &Map<String, Value>) -> Option<(ServiceKey, Cycle, String)> {
    let accepted = doc.get("acceptedAs")?;
    let cycle = cycle_of(accepted["cycleNumber"].as_i64()?).ok()?;
    Some((ServiceKey(accepted["service"].as_i64()?), cycle, accepted["recordId"].as_str()?.to_owned()))
}

/// Takes a record back, while its cycle is open.
fn take_back(tx: &mut Tx<'_>, service: ServiceKey, cycle: Cycle, id: &str) -> Result<()> {
    if !cycles::enter(tx, cycle)? {
        return Err(Problem::new(&problems::BILLED));
    }
    let mut found = read::raw(tx, &[service.0], number(cycle))?;
    found.retain(|r| r.id == id);
    match found.pop() {
        Some(record) if found.iter().all(|r| !r.removed) && !record.removed => {
            runs::write_run(tx, cycle, std::iter::once(Record { removed: true, ..record }))
        }
        _ => Ok(()), // taken back already
    }
}

impl Rules for UsageRules {
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Map<String, Value>) -> Result<OrgPath> {
        OWN.iter().for_each(|name| drop(doc.remove(*name)));
        let document = doc.get("id").and_then(Value::as_str).unwrap_or("").to_owned();
        match incoming(doc)? {
            Some(record) => accept(tx, doc, &record, &document)?,
            None => {
                let state = doc.get("status").and_then(Value::as_str).unwrap_or("received").to_owned();
                if !STATES.contains(&state.as_str()) {
                    return Err(Problem::invalid("status", &STATES.join(", ")));
                }
                doc.insert("status".into(), json!(state));
            }
        }
        if doc.get("usageDate").is_none_or(Value::is_null) {
            doc.insert("usageDate".into(), json!(tx.now()));
        }
        Ok(tx.actor().org.clone())
    }

    /// What was used may be corrected until its cycle is closed: the old record is taken back, another one comes.
    fn change(&self, tx: &mut Tx<'_>, before: &Map<String, Value>, after: &mut Map<String, Value>) -> Result<()> {
        if let Some(name) = OWN.iter().find(|n| before.get(**n) != after.get(**n)) {
            return Err(Problem::new(&codes::FIELD_READONLY).field(name));
        }
        let (old, mut new) = (incoming(before)?, incoming(after)?);
        if old == new {
            let own_state = old.is_some() && before.get("status") != after.get("status");
            return if own_state { Err(Problem::new(&codes::FIELD_READONLY).field("status")) } else { Ok(()) };
        }
        let document = before.get("id").and_then(Value::as_str).unwrap_or("").to_owned();
        if let Some((service, cycle, id)) = place(before) {
            take_back(tx, service, cycle, &id)?;
            // The id of a record that was taken back is known for ever: the next one is told from it.
            if let Some(record) = &mut new
                && record.id == id.split('~').next().unwrap_or("")
            {
                let next = id.split_once('~').and_then(|(_, n)| n.parse::<u32>().ok()).unwrap_or(1).saturating_add(1);
                record.id = format!("{}~{next}", record.id);
            }
        } else if old.is_some() {
            suspense::discard_of(tx, &format!("{ORIGIN}{document}"), "corrected")?;
        }
        match new {
            Some(record) => accept(tx, after, &record, &document),
            None => Err(Problem::missing("usageCharacteristic")),
        }
    }

    fn delete(&self, tx: &mut Tx<'_>, doc: &Document) -> Result<()> {
        if let Some((service, cycle, id)) = place(&doc.body) {
            return take_back(tx, service, cycle, &id);
        }
        suspense::discard_of(tx, &format!("{ORIGIN}{}", doc.id), "deleted").map(drop)
    }

    fn columns(&self, doc: &Map<String, Value>) -> Vec<(&'static str, store::Value)> {
        let text = |name: &str| doc.get(name).and_then(Value::as_str);
        let at = text("usageDate").and_then(|t| Timestamp::parse(t).ok());
        let accepted = place(doc);
        vec![
            ("status", text("status").unwrap_or("received").to_value()),
            ("usage_type", text("usageType").to_value()),
            ("usage_date", at.to_value()),
            ("service_key", accepted.as_ref().map(|(key, ..)| key.0).to_value()),
            ("cycle", accepted.as_ref().map(|(_, cycle, _)| number(*cycle)).to_value()),
            ("record_id", accepted.map(|(.., id)| id).to_value()),
        ]
    }

    fn masks(&self, actor: &Actor) -> bool {
        !actor.may(PEER)
    }
    fn mask(&self, doc: &mut Map<String, Value>) {
        let all = doc.get_mut("usageCharacteristic").and_then(Value::as_array_mut);
        for one in all.into_iter().flatten() {
            if matches!(one["name"].as_str(), Some("peer" | "destinationNumber")) {
                one["value"] = json!(crate::detail::peer(one["value"].as_str().unwrap_or(""), false));
            }
        }
    }

    fn events(&self, before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<&'static str> {
        if before.get("status") == after.get("status") { Vec::new() } else { vec!["StateChange"] }
    }
}

struct SpecificationRules;

impl Rules for SpecificationRules {
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Map<String, Value>) -> Result<OrgPath> {
        doc.insert("lastUpdate".into(), json!(tx.now()));
        doc.entry("lifecycleStatus").or_insert_with(|| json!("active"));
        doc.entry("isBundle").or_insert_with(|| json!(false));
        Ok(tx.actor().org.clone())
    }
    fn change(&self, tx: &mut Tx<'_>, _: &Map<String, Value>, after: &mut Map<String, Value>) -> Result<()> {
        after.insert("lastUpdate".into(), json!(tx.now()));
        Ok(())
    }
    fn columns(&self, doc: &Map<String, Value>) -> Vec<(&'static str, store::Value)> {
        vec![("name", doc.get("name").and_then(Value::as_str).unwrap_or("").to_value())]
    }
    /// Kept for everybody, as the catalogue is.
    fn shared(&self) -> bool {
        true
    }
}
