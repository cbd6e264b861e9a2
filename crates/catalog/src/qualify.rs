//! TMF679 and TMF760: may this customer have these offerings, and does this choice within a bundle fit? Both answer with
//! [`why_not`](crate::why_not), so that a shop of somebody else's hears what our own clerks hear.
//!
//! A question is answered at once and kept as it was answered: it is the proof of what was told.

mod configuration;

use crate::{Ask, CHANNELS, Picked, Subject, WhyNot, parse::is_foreign, why_not::why_not};
pub(crate) use configuration::{CHECK, QUERY};
use http::tmf::{Api, Column, Kind, Ops, Resource, Rules};
use kernel::{OrgPath, Perm, Problem, Result};
use serde_json::{Map, Value, json};
use std::sync::OnceLock;
use store::Tx;

pub const QUALIFY: Perm =
    Perm { name: "catalog.qualify", zh: "查询可办商品", en: "Ask what a customer may have" };

type Doc = Map<String, Value>;
type SubjectOf = fn(&mut Tx<'_>, &str) -> Result<Subject>;

static CUSTOMERS: OnceLock<SubjectOf> = OnceLock::new();

/// Tells the catalogue how to find out who a customer is and what the customer has: products are kept by a crate that
/// calls this one.
pub fn subjects_from(find: SubjectOf) {
    let _ = CUSTOMERS.set(find);
}

const ID: Column = Column { attribute: "id", column: "id", kind: Kind::Text };

pub(crate) static QUALIFICATION: Resource = Resource {
    api: &Api {
        base: "/tmf-api/productOfferingQualification/v4",
        aliases: &["/tmf-api/productOfferingQualificationManagement/v4"],
    },
    name: "productOfferingQualification",
    type_name: "ProductOfferingQualification",
    table: "offering_qualification",
    columns: &[ID],
    mandatory: &["productOfferingQualificationItem"],
    ops: Ops::ALL,
    read: QUALIFY,
    write: QUALIFY,
    rules: &Qualifications,
};

struct Qualifications;

/// Who asks: the customer among the related parties where we know one, otherwise somebody here of whom nothing is known.
fn subject(tx: &mut Tx<'_>, doc: &Doc) -> Result<Subject> {
    let parties = doc.get("relatedParty").and_then(Value::as_array).cloned().unwrap_or_default();
    let customer = parties
        .iter()
        .filter(|p| !is_foreign(p))
        .find(|p| p["role"].as_str().is_none_or(|r| r.eq_ignore_ascii_case("customer")))
        .and_then(|p| p["id"].as_str());
    let known = match (customer, CUSTOMERS.get()) {
        (Some(id), Some(find)) => match find(tx, id) {
            Ok(subject) => Some(subject),
            Err(p) if p.code.status < 500 => None, // a customer of another system, or out of scope
            Err(p) => return Err(p),
        },
        _ => None,
    };
    let mut subject = known.unwrap_or_else(|| Subject {
        customer_id: String::new(),
        kind: String::new(),
        grade: String::new(),
        org: tx.actor().org.clone(),
        channel: String::new(),
        age: None,
        held: Vec::new(),
        at: tx.now(),
    });
    let channel = doc.get("channel").unwrap_or(&Value::Null);
    let channel = channel.get(0).unwrap_or(channel);
    let named = ["id", "name"].iter().filter_map(|k| channel[*k].as_str()).find(|c| CHANNELS.contains(c));
    if let Some(channel) = named {
        subject.channel = channel.to_owned();
    }
    Ok(subject)
}

/// The offering of an item, what was picked in it, and how many.
fn asked(item: &Value) -> Option<Ask> {
    let offering = &item["productOffering"];
    let id = offering["id"].as_str().filter(|_| !is_foreign(offering))?;
    Some(Ask {
        offering_id: id.to_owned(),
        version: None,
        selection: selection(item),
        quantity: item["quantity"].as_i64().unwrap_or(1),
    })
}

/// The parts picked within a bundle, as the nested items of the TM Forum name them or as our own pages do.
fn selection(item: &Value) -> Vec<Picked> {
    let own = serde_json::from_value::<Vec<Picked>>(item["selection"].clone());
    if let Ok(picked) = own {
        return picked;
    }
    let nested = ["qualificationItemRelationship", "bundledProductOffering", "productOfferingQualificationItem"];
    let nested = nested.iter().filter_map(|n| item[*n].as_array()).flatten();
    let pick = |n: &Value| {
        let id = n["productOffering"]["id"].as_str().or_else(|| n["id"].as_str())?;
        Some(Picked { offering_id: id.to_owned(), quantity: n["quantity"].as_i64().unwrap_or(1), version: None })
    };
    nested.filter(|n| n["productOffering"].is_object()).filter_map(pick).collect()
}

fn reason(why: &WhyNot) -> Value {
    json!({
        "code": why.code, "label": why.zh,
        "i18n": {"zh-CN": {"reason": why.zh, "message": why.hint_zh}, "en": {"reason": why.en, "message": why.hint_en}},
    })
}

impl Qualifications {
    fn answer(tx: &mut Tx<'_>, doc: &mut Doc) -> Result<()> {
        let flag = |name: &str, default: bool| doc.get(name).and_then(Value::as_bool).unwrap_or(default);
        let (reasons, available) = (flag("provideUnavailabilityReason", true), flag("provideOnlyAvailable", false));
        let alternative = flag("provideAlternative", false);
        let subject = subject(tx, doc)?;
        let Some(Value::Array(mut items)) = doc.remove("productOfferingQualificationItem") else {
            return Err(Problem::missing("productOfferingQualificationItem"));
        };
        if items.is_empty() || items.len() > 100 || !items.iter().all(Value::is_object) {
            return Err(Problem::invalid("productOfferingQualificationItem", "1–100"));
        }
        // What is asked together would be bought together: the items see each other.
        let asks: Vec<Ask> = items.iter().filter_map(asked).collect();
        let why = why_not(tx, &subject, &asks)?;
        let mut fit = Vec::new();
        for (i, item) in items.iter_mut().enumerate() {
            fit.push(Self::item(tx, &subject, &why, item, i, reasons, alternative)?);
        }
        // Where nothing can be had, the answer says so of each item and is not empty.
        if available && fit.contains(&true) {
            let mut fits = fit.iter();
            items.retain(|_| fits.next() == Some(&true));
        }
        doc.insert("productOfferingQualificationItem".into(), Value::Array(items));
        Ok(())
    }

    fn item(
        tx: &mut Tx<'_>,
        subject: &Subject,
        why: &[WhyNot],
        item: &mut Value,
        i: usize,
        reasons: bool,
        alternative: bool,
    ) -> Result<bool> {
        let ask = asked(item);
        let against: Vec<&WhyNot> =
            ask.iter().flat_map(|a| why.iter().filter(|w| w.offering_id == a.offering_id)).collect();
        let category = item["category"]["id"].as_str().map(str::to_owned);
        let mut proposals = Vec::new();
        let result = match (&ask, category) {
            (Some(_), _) if against.is_empty() => "qualified",
            (Some(ask), _) => {
                if alternative {
                    proposals = Self::alternatives(tx, subject, &ask.offering_id)?;
                }
                if proposals.is_empty() { "unqualified" } else { "alternate" }
            }
            (None, Some(category)) => {
                proposals = Self::of_category(tx, subject, &category)?;
                if proposals.is_empty() { "unqualified" } else { "qualified" }
            }
            (None, None) => "unqualified",
        };
        if item["id"].is_null() {
            item["id"] = json!((i + 1).to_string());
        }
        item["state"] = json!("done");
        item["qualificationItemResult"] = json!(result);
        if !proposals.is_empty() {
            item["alternateProductOfferingProposal"] = json!(proposals);
        }
        if reasons && result != "qualified" {
            let unknown = WhyNot::new("", &Problem::new(&crate::problems::OFFERING_ELSEWHERE));
            let told: Vec<Value> =
                if ask.is_none() { vec![reason(&unknown)] } else { against.iter().map(|w| reason(w)).collect() };
            item["eligibilityUnavailabilityReason"] = json!(told);
        }
        Ok(result == "qualified")
    }

    /// Up to three others of the same line that the customer may have.
    fn alternatives(tx: &mut Tx<'_>, subject: &Subject, id: &str) -> Result<Vec<Value>> {
        let Ok(offering) = crate::held(tx, id) else { return Ok(Vec::new()) };
        Self::proposals(tx, subject, &[offering.family.as_str()], id)
    }

    fn of_category(tx: &mut Tx<'_>, subject: &Subject, category: &str) -> Result<Vec<Value>> {
        let family = category.strip_prefix("cat-").unwrap_or(category).to_owned();
        Self::proposals(tx, subject, &[&family], "")
    }

    fn proposals(tx: &mut Tx<'_>, subject: &Subject, families: &[&str], except: &str) -> Result<Vec<Value>> {
        let mut found = Vec::new();
        for family in families {
            for row in tx.query(&CANDIDATES, store::params![*family, except])? {
                let id = row.text(0);
                let ask = Ask { offering_id: id.clone(), version: None, selection: Vec::new(), quantity: 1 };
                if found.len() < 3 && why_not(tx, subject, &[ask])?.is_empty() {
                    let n = found.len() + 1;
                    let href = crate::PRODUCT_OFFERING.href(&id);
                    found.push(json!({"id": n.to_string(), "alternateProductOffering": {"id": id, "href": href, "name": row.str(1)}}));
                }
            }
        }
        Ok(found)
    }
}

store::sql! {
    CANDIDATES = "SELECT id, name FROM product_offering WHERE family = $1 AND id <> $2 AND sold_alone = 1 \
                  AND status IN ('Active', 'Launched') ORDER BY price_fen, id LIMIT 40";
}

impl Rules for Qualifications {
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Doc) -> Result<OrgPath> {
        if !doc.get("relatedParty").is_none_or(|p| p.is_array() || p.is_null()) {
            return Err(Problem::invalid("relatedParty", "array"));
        }
        Self::answer(tx, doc)?;
        let now = json!(tx.now());
        doc.entry("relatedParty").or_insert_with(|| json!([]));
        doc.insert("productOfferingQualificationDateTime".into(), now.clone());
        doc.insert("effectiveQualificationDate".into(), now);
        doc.insert("state".into(), json!("done"));
        Ok(tx.actor().org.clone())
    }
    fn exact_fields(&self) -> bool {
        true
    }
}
