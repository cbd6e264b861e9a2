//! What holds for customers as documents.

use crate::{CUSTOMER, journal, keys, lifecycle::Status, manager, number, problems, relation};
use http::tmf::{self, Document, Rules};
use kernel::{Actor, OrgPath, Problem, Result, codes};
use party::{PRIVACY_VIEW, PartyKind};
use serde_json::{Map, Value, json};
use store::{ToValue, Tx, params, sql};

pub(crate) struct CustomerRules;

/// Attributes that the system keeps: what a client sends for them on creation is replaced, a change is refused.
const OWN: [&str; 3] = ["customerNo", "certificate", "mergedInto"];

impl Rules for CustomerRules {
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Map<String, Value>) -> Result<OrgPath> {
        check(doc)?;
        let engaged = doc.get("engagedParty").cloned().unwrap_or_default();
        party::check_reference(tx, "engagedParty", &engaged)?;
        doc.entry("status").or_insert_with(|| json!(Status::Active.name()));
        let kind = match engaged.get("@referredType").and_then(Value::as_str) {
            Some("Organization") => PartyKind::Organization,
            _ => PartyKind::Individual,
        };
        doc.insert("kind".into(), json!(kind.name()));
        let id = doc.get("id").and_then(Value::as_str).unwrap_or("").to_owned();
        let org = tx.actor().org.clone();
        doc.insert("customerNo".into(), json!(number::next(tx, &org, &id)?));
        doc.remove("certificate");
        doc.remove("mergedInto");
        let party = engaged_party(tx, doc)?;
        put_certificate(tx, doc, party.as_ref());
        Ok(org)
    }
    fn created(&self, tx: &mut Tx<'_>, doc: &Document) -> Result<()> {
        keys::insert(tx, &doc.id, &doc.org, &keys::of_document(&doc.body))?;
        if let Some(party) = engaged_party(tx, &doc.body)? {
            let party_keys = keys::of_party(&party.body, tx.vault());
            keys::insert(tx, &doc.id, &doc.org, &party_keys)?;
        }
        follow(tx, None, doc)
    }
    fn change(&self, tx: &mut Tx<'_>, before: &Map<String, Value>, after: &mut Map<String, Value>) -> Result<()> {
        if let Some(into) = before.get("mergedInto") {
            let number = into.get("customerNo").and_then(Value::as_str).unwrap_or("");
            return Err(Problem::new(&problems::MERGED).with("value", number));
        }
        check(after)?;
        party::restore_masked_contacts(before, after)?;
        for name in OWN {
            if after.get(name) != before.get(name) {
                return Err(Problem::new(&codes::FIELD_READONLY).field(name));
            }
        }
        let status = |doc: &Map<String, Value>| Status::parse(doc.get("status").and_then(Value::as_str).unwrap_or(""));
        status(before).to(status(after))?;
        if after.get("engagedParty") != before.get("engagedParty") {
            let engaged = after.get("engagedParty").cloned().unwrap_or_default();
            party::check_reference(tx, "engagedParty", &engaged)?;
            let party = engaged_party(tx, after)?;
            put_certificate(tx, after, party.as_ref());
        }
        Ok(())
    }
    fn changed(&self, tx: &mut Tx<'_>, before: &Map<String, Value>, doc: &Document) -> Result<()> {
        let (old, new) = (keys::of_document(before), keys::of_document(&doc.body));
        let gone: Vec<_> = old.iter().filter(|k| !new.contains(k)).cloned().collect();
        let come: Vec<_> = new.iter().filter(|k| !old.contains(k)).cloned().collect();
        keys::delete(tx, &doc.id, &gone)?;
        keys::insert(tx, &doc.id, &doc.org, &come)?;
        if before.get("engagedParty") != doc.body.get("engagedParty") {
            let party = engaged_party(tx, &doc.body)?;
            keys::refresh_party(tx, &doc.id, &doc.org, party.as_ref().map(|p| &p.body))?;
        }
        follow(tx, Some(before), doc)
    }
    fn delete(&self, tx: &mut Tx<'_>, doc: &Document) -> Result<()> {
        if tx.query_one(&HOLDS, params![doc.id])?.int(0) > 0 || tx.query_opt(&MERGED, params![doc.id])?.is_some() {
            return Err(Problem::new(&problems::IN_USE));
        }
        keys::delete(tx, &doc.id, &keys::of_document(&doc.body))?;
        keys::delete_others(tx, &doc.id)?;
        relation::forget(tx, &doc.id)
    }
    fn columns(&self, doc: &Map<String, Value>) -> Vec<(&'static str, store::Value)> {
        let text = |name: &str| doc.get(name).and_then(Value::as_str).unwrap_or("");
        let party = doc.get("engagedParty").and_then(|e| e.get("id")).and_then(Value::as_str);
        vec![
            ("customer_no", text("customerNo").to_value()),
            ("name", text("name").to_value()),
            ("status", text("status").to_value()),
            ("party_id", party.to_value()),
        ]
    }
    fn masks(&self, actor: &Actor) -> bool {
        !actor.may(PRIVACY_VIEW)
    }
    fn mask(&self, doc: &mut Map<String, Value>) {
        party::mask_contacts(doc);
    }
    fn events(&self, before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<&'static str> {
        if before.get("status") == after.get("status") { vec![] } else { vec!["StateChange"] }
    }
}

sql! {
    // Products, accounts and circuits of a customer are known here by their keys.
    HOLDS = "SELECT COUNT(*) FROM customer_key WHERE customer_id = $1 AND kind >= 6 AND kind <= 9 AND kind >= 5";
    OF_PARTY = "SELECT id FROM customer WHERE party_id = $1";
    MERGED = "SELECT 1 FROM customer_merged WHERE into_id = $1 OR from_id = $1 LIMIT 1";
}

fn check(doc: &Map<String, Value>) -> Result<()> {
    let name = doc.get("name").and_then(Value::as_str);
    name.ok_or_else(|| Problem::invalid("name", "应为文本 / text is expected"))?;
    if !doc.get("engagedParty").is_some_and(Value::is_object) {
        return Err(Problem::invalid("engagedParty", "应为对象 / an object is expected"));
    }
    if doc.get("contactMedium").is_some_and(|v| !v.is_array() && !v.is_null()) {
        return Err(Problem::invalid("contactMedium", "应为数组 / an array is expected"));
    }
    if doc.get("status").is_some_and(|v| !v.is_string()) {
        return Err(Problem::invalid("status", "应为文本 / text is expected"));
    }
    Ok(())
}

/// The person or organisation behind a customer, if it is one of ours.
pub(crate) fn engaged_party(tx: &mut Tx<'_>, doc: &Map<String, Value>) -> Result<Option<Document>> {
    let engaged = doc.get("engagedParty");
    let foreign = engaged.and_then(|e| e.get("href")).and_then(Value::as_str).is_some_and(|h| h.contains("://"));
    match engaged.and_then(|e| e.get("id")).and_then(Value::as_str) {
        Some(id) if !foreign => party::get(tx, id),
        _ => Ok(None),
    }
}

/// What is kept beside the document because it is asked for from elsewhere, or over time.
fn follow(tx: &mut Tx<'_>, before: Option<&Map<String, Value>>, doc: &Document) -> Result<()> {
    relation::follow(tx, before, doc)?;
    manager::follow(tx, before, doc)?;
    journal::follow_grade(tx, before, doc)
}

/// Keeps kind and masked number of the certificate with the customer: what every list shows.
pub(crate) fn put_certificate(tx: &Tx<'_>, doc: &mut Map<String, Value>, party: Option<&Document>) {
    let first = party.and_then(|p| party::identifications(&p.body, tx.vault()).into_iter().next());
    match first {
        Some(found) => {
            let masked = kernel::mask_certificate(&found.number);
            doc.insert("certificate".into(), json!({"type": found.kind, "number": masked}));
        }
        None => drop(doc.remove("certificate")),
    }
}

/// Brings the customers of a party up to date after the party was changed; returns how many there are.
pub(crate) fn follow_party(tx: &mut Tx<'_>, party_id: &str) -> Result<usize> {
    let ids = tx.query(&OF_PARTY, params![party_id])?;
    for row in &ids {
        let Some(mut doc) = tmf::get(tx, &CUSTOMER, row.str(0))? else { continue };
        if doc.body.contains_key("mergedInto") {
            continue; // what it is found by lies with the survivor
        }
        let party = engaged_party(tx, &doc.body)?;
        keys::refresh_party(tx, &doc.id, &doc.org, party.as_ref().map(|p| &p.body))?;
        let before = doc.body.clone();
        put_certificate(tx, &mut doc.body, party.as_ref());
        if doc.body != before {
            tmf::save(tx, &CUSTOMER, &before, &mut doc)?;
        }
    }
    Ok(ids.len())
}
