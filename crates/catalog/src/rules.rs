//! What the catalogue decides about its documents.

mod offer;

use crate::{
    Lifecycle, cache, discount,
    gate::{self, Door},
    law,
    parse::{family_of, is_foreign, moment, parts, references},
    problems,
    resources::{
        LAUNCHED_OFFERING, PRODUCT_OFFERING, PRODUCT_OFFERING_PRICE, PRODUCT_SPECIFICATION, SERVICE_SPECIFICATION,
    },
    versions,
};
use http::tmf::{self, Document, Resource, Rules};
use kernel::{ActorKind, OrgPath, Problem, Result, Timestamp};
use serde_json::{Map, Value, json};
use store::{ToValue, Tx, params, sql};

type Doc = Map<String, Value>;

/// Where a launched offering belongs, whoever approved it; taken out before it is stored.
pub(crate) const ORG: &str = "launchOrg";

sql! {
    LINK = "INSERT INTO offering_link (offering_id, kind, target_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    UNLINK = "DELETE FROM offering_link WHERE offering_id = $1";
    USERS = "SELECT offering_id FROM offering_link WHERE target_id = $1 AND kind = $2 ORDER BY offering_id";
}

/// Resources with a life cycle and a `lastUpdate`.
pub(crate) enum Dated {
    Plain,
    Specification,
    Price(Door),
    ServiceSpecification,
}

/// `ProductOffering`.
pub(crate) struct Offerings(pub Door);

/// Import and export jobs as documents; the tariff import of the desk has its own table.
pub(crate) struct Job;

impl Rules for Job {
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Doc) -> Result<OrgPath> {
        default(doc, "creationDate", json!(tx.now().to_string()));
        default(doc, "status", json!("Not Started"));
        Ok(tx.actor().org.clone())
    }
    fn shared(&self) -> bool {
        true
    }
}

impl Dated {
    fn complete(&self, doc: &mut Doc) -> Result<()> {
        default(doc, "isBundle", json!(false));
        match self {
            Self::Plain => drop(doc.remove("isBundle").filter(Value::is_null)),
            Self::Specification if doc["isBundle"] == true => default(doc, "bundledProductSpecification", json!([])),
            Self::Specification => {}
            Self::ServiceSpecification => {}
            Self::Price(_) => {
                let recurs = doc.contains_key("recurringChargePeriodType");
                default(doc, "priceType", json!(if recurs { "recurring" } else { "oneTime" }));
                if !doc["priceType"].is_string() {
                    return Err(Problem::invalid("priceType", "string"));
                }
                if let Some(price) = doc.get("price").filter(|p| !p.is_null()) {
                    kernel::Money::from_tmf(price)?;
                }
                if discount::is_discount(doc) {
                    discount::check(doc)?;
                }
            }
        }
        Ok(())
    }
    fn kind(&self) -> Option<&'static str> {
        match self {
            Self::Price(_) => Some("price"),
            Self::Specification => Some("specification"),
            Self::Plain | Self::ServiceSpecification => None,
        }
    }
    fn resource(&self) -> Option<&'static Resource> {
        match self {
            Self::Price(_) => Some(&PRODUCT_OFFERING_PRICE),
            Self::Specification => Some(&PRODUCT_SPECIFICATION),
            Self::ServiceSpecification => Some(&SERVICE_SPECIFICATION),
            Self::Plain => None,
        }
    }
}

impl Rules for Dated {
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Doc) -> Result<OrgPath> {
        begin(tx, doc)?;
        self.complete(doc)?;
        cache::renew(tx)?;
        Ok(tx.actor().org.clone())
    }
    fn change(&self, tx: &mut Tx<'_>, before: &Doc, after: &mut Doc) -> Result<()> {
        step(tx, before, after)?;
        self.complete(after)?;
        if let Self::Price(Door::Api) = self {
            refuse_price_on_sale(tx, before, after)?;
        }
        cache::renew(tx)
    }
    fn changed(&self, tx: &mut Tx<'_>, before: &Doc, doc: &Document) -> Result<()> {
        if let Some(resource) = self.resource() {
            versions::keep(tx, resource, before, doc)?;
        }
        if matches!(self, Self::Price(_)) {
            // The price shown beside an offering is kept with the offering, so that lists sort by it.
            for row in tx.query(&USERS, params![doc.id, "price"])? {
                let offering = tmf::lock(tx, &LAUNCHED_OFFERING, row.str(0))?;
                let body = offering.body.clone();
                update(tx, &LAUNCHED_OFFERING, offering, body)?;
            }
        }
        Ok(())
    }
    fn delete(&self, tx: &mut Tx<'_>, doc: &Document) -> Result<()> {
        if let Some(kind) = self.kind() {
            refuse_used(tx, &doc.id, kind)?;
        }
        if let Some(resource) = self.resource() {
            versions::forget(tx, resource, &doc.id)?;
        }
        cache::renew(tx)
    }
    fn columns(&self, doc: &Doc) -> Vec<(&'static str, store::Value)> {
        dated_columns(doc)
    }
    fn shared(&self) -> bool {
        true
    }
    fn events(&self, before: &Doc, after: &Doc) -> Vec<&'static str> {
        status_events(before, after)
    }
}

impl Rules for Offerings {
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Doc) -> Result<OrgPath> {
        begin(tx, doc)?;
        gate::check(tx, self.0, None, doc)?;
        offer::complete(tx, doc)?;
        self.lawful(tx, doc)?;
        cache::renew(tx)?;
        match (self.0, doc.remove(ORG)) {
            (Door::Launch, Some(Value::String(org))) => OrgPath::parse(&org),
            _ => Ok(tx.actor().org.clone()),
        }
    }
    fn created(&self, tx: &mut Tx<'_>, doc: &Document) -> Result<()> {
        link(tx, doc)
    }
    fn change(&self, tx: &mut Tx<'_>, before: &Doc, after: &mut Doc) -> Result<()> {
        step(tx, before, after)?;
        gate::check(tx, self.0, Some(before), after)?;
        offer::complete(tx, after)?;
        if self.0 != Door::Import {
            law::refuse_losing_single(tx, before, after)?;
        }
        self.lawful(tx, after)?;
        cache::renew(tx)
    }
    fn changed(&self, tx: &mut Tx<'_>, before: &Doc, doc: &Document) -> Result<()> {
        versions::keep(tx, &PRODUCT_OFFERING, before, doc)?;
        tx.execute(&UNLINK, params![doc.id])?;
        link(tx, doc)
    }
    fn delete(&self, tx: &mut Tx<'_>, doc: &Document) -> Result<()> {
        refuse_used(tx, &doc.id, "component")?;
        tx.execute(&UNLINK, params![doc.id])?;
        versions::forget(tx, &PRODUCT_OFFERING, &doc.id)?;
        cache::renew(tx)
    }
    fn columns(&self, doc: &Doc) -> Vec<(&'static str, store::Value)> {
        let text = |name: &str| doc.get(name).and_then(Value::as_str).unwrap_or("");
        let source = |name: &str| doc.get("source").and_then(|s| s[name].as_str()).map(str::to_owned);
        let alone = doc.get("isSellable") != Some(&Value::Bool(false));
        let mut columns = dated_columns(doc);
        columns.extend([
            ("search", format!("{} {}", text("name"), text("id")).to_lowercase().to_value()),
            ("family", family_of(doc).as_str().to_value()),
            ("price_fen", doc.get("priceSummary").and_then(|p| p["monthlyFen"].as_i64()).to_value()),
            ("area", text("area").to_value()),
            ("valid_from", moment(doc, "startDateTime").to_value()),
            ("valid_to", moment(doc, "endDateTime").to_value()),
            ("sold_alone", alone.to_value()),
            ("source_id", source("id").to_value()),
            ("source_hash", source("hash").to_value()),
        ]);
        columns
    }
    fn shared(&self) -> bool {
        true
    }
    fn events(&self, before: &Doc, after: &Doc) -> Vec<&'static str> {
        status_events(before, after)
    }
}

impl Offerings {
    fn lawful(&self, tx: &mut Tx<'_>, doc: &Doc) -> Result<()> {
        // The system loads what an operator installs, in any order.
        let judged = self.0 != Door::Import && tx.actor().kind != ActorKind::System;
        if judged && law::on_sale(doc) { law::refuse_missing_single(tx, doc) } else { Ok(()) }
    }
}

/// A price of an offering that is on sale is changed by a launch, like the offering.
fn refuse_price_on_sale(tx: &mut Tx<'_>, before: &Doc, after: &Doc) -> Result<()> {
    let binding =
        ["price", "percentage", "priceType", "months", "recurringChargePeriodType", "recurringChargePeriodLength"];
    if tx.actor().kind != ActorKind::Staff || binding.iter().all(|name| before.get(*name) == after.get(*name)) {
        return Ok(());
    }
    let id = before.get("id").and_then(Value::as_str).unwrap_or("").to_owned();
    for row in tx.query(&USERS, params![id, "price"])? {
        let offering = tmf::get(tx, &PRODUCT_OFFERING, row.str(0))?;
        if offering.is_some_and(|o| law::on_sale(&o.body)) {
            return Err(Problem::new(&problems::NEEDS_LAUNCH));
        }
    }
    Ok(())
}

/// Replaces the body of a locked document by another one, with all that a change by a client brings along.
pub(crate) fn update(tx: &mut Tx<'_>, resource: &Resource, mut doc: Document, mut body: Doc) -> Result<Document> {
    let before = std::mem::take(&mut doc.body);
    resource.rules.change(tx, &before, &mut body)?;
    doc.body = body;
    tmf::save(tx, resource, &before, &mut doc)?;
    resource.rules.changed(tx, &before, &doc)?;
    Ok(doc)
}

fn default(doc: &mut Doc, name: &str, value: Value) {
    if matches!(doc.get(name), None | Some(Value::Null)) {
        doc.insert(name.to_owned(), value);
    }
}

fn begin(tx: &Tx<'_>, doc: &mut Doc) -> Result<()> {
    default(doc, "lifecycleStatus", json!(Lifecycle::InStudy.as_str()));
    status_of(doc)?;
    doc.insert("lastUpdate".into(), json!(tx.now().to_string()));
    named(doc)
}

fn step(tx: &Tx<'_>, before: &Doc, after: &mut Doc) -> Result<()> {
    status_of(before)?.to(status_of(after)?)?;
    after.insert("lastUpdate".into(), json!(tx.now().to_string()));
    named(after)
}

/// The document keeps the spelling it came with, the column has ours.
fn status_of(doc: &Doc) -> Result<Lifecycle> {
    Lifecycle::parse(doc.get("lifecycleStatus").and_then(Value::as_str).unwrap_or(""))
}

fn named(doc: &Doc) -> Result<()> {
    match doc.get("name") {
        Some(Value::String(s)) if !s.trim().is_empty() => Ok(()),
        _ => Err(Problem::invalid("name", "string")),
    }
}

fn link(tx: &mut Tx<'_>, doc: &Document) -> Result<()> {
    let specification = references_one(&doc.body, "productSpecification");
    let kinds = [
        ("price", references(&doc.body, "productOfferingPrice")),
        ("component", parts(&doc.body)),
        ("specification", specification),
    ];
    for (kind, targets) in kinds {
        for target in targets {
            tx.execute(&LINK, params![doc.id, kind, target])?;
        }
    }
    Ok(())
}

fn references_one(doc: &Doc, name: &str) -> Vec<String> {
    doc.get(name).filter(|r| !is_foreign(r)).and_then(|r| r["id"].as_str()).map(str::to_owned).into_iter().collect()
}

fn refuse_used(tx: &mut Tx<'_>, id: &str, kind: &str) -> Result<()> {
    match tx.query_opt(&USERS, params![id, kind])? {
        Some(row) => Err(Problem::new(&http::problems::IN_USE).extra("usedBy", json!(row.str(0)))),
        None => Ok(()),
    }
}

fn dated_columns(doc: &Doc) -> Vec<(&'static str, store::Value)> {
    let text = |name: &str| doc.get(name).and_then(Value::as_str).unwrap_or("");
    let updated = Timestamp::parse(text("lastUpdate")).map_or(0, Timestamp::micros);
    let status = status_of(doc).map_or("", Lifecycle::as_str);
    vec![("status", status.to_value()), ("last_update", updated.to_value()), ("name", text("name").to_value())]
}

fn status_events(before: &Doc, after: &Doc) -> Vec<&'static str> {
    if before.get("lifecycleStatus") == after.get("lifecycleStatus") {
        return Vec::new();
    }
    vec!["AttributeValueChange", "StateChange"]
}
