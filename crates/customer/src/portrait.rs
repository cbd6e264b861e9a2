//! Everything the customer domain knows of one customer, for the unified view, in four statements: the customer, the person or
//! organisation behind it, those around it, its file.

use crate::{CUSTOMER, Entry, Note, Relation, Summary, journal, note, relation, rules, summary};
use http::tmf::{self, Document};
use kernel::Result;
use party::PRIVACY_VIEW;
use serde_json::{Map, Value, json};
use store::Tx;

#[derive(Clone, Debug)]
pub struct Portrait {
    pub summary: Summary,
    pub contacts: Vec<crate::Contact>,
    pub relations: Vec<Relation>,
    pub journal: Vec<Entry>,
    pub notes: Vec<Note>,
    /// Attributes given by the customer or entered by staff, in the order a page shows them.
    pub given: Vec<(&'static str, Value)>,
    pub manager_id: String,
    pub document: Document,
}

/// Attributes of a customer's or party's document that a view shows where they are there.
const GIVEN: [&str; 12] = [
    "gender",
    "birthDate",
    "nationality",
    "maritalStatus",
    "language",
    "industry",
    "scale",
    "organizationType",
    "tradingName",
    "customerSince",
    "segment",
    "remark",
];

/// 404 where the actor may not see the customer.
pub fn portrait(tx: &mut Tx<'_>, id: &str, entries: i64, notes: i64) -> Result<Portrait> {
    let doc = tmf::load(tx, &CUSTOMER, id)?;
    let clear = tx.actor().may(PRIVACY_VIEW);
    let party = rules::engaged_party(tx, &doc.body)?;
    let mut brief = summary::brief(&doc, clear);
    if let (true, Some(party)) = (clear && !brief.certificate.is_empty(), &party) {
        let opened = party::identifications(&party.body, tx.vault()).into_iter().next();
        brief.certificate = opened.map_or(brief.certificate, |i| i.number);
    }
    let contacts = summary::contacts(&doc, &brief.name, clear);
    let relations = relation::around(tx, &doc)?;
    let journal = journal::journal_of(tx, id, entries)?;
    let notes = note::of(tx, id, notes)?;
    let (manager_id, _) = crate::manager_of(&doc).unwrap_or_default();
    let given = given(&doc.body, party.as_ref().map(|p| &p.body));
    Ok(Portrait { summary: brief, contacts, relations, journal, notes, given, manager_id, document: doc })
}

fn given(customer: &Map<String, Value>, party: Option<&Map<String, Value>>) -> Vec<(&'static str, Value)> {
    let characteristic = |name: &str| {
        let all = party?.get("partyCharacteristic")?.as_array()?;
        Some(all.iter().find(|c| c["name"] == name)?["value"].clone())
    };
    let found = |name: &'static str| {
        let direct = customer.get(name).cloned().or_else(|| party?.get(name).cloned()).or_else(|| characteristic(name));
        direct.filter(|v| !v.is_null() && *v != json!("")).map(|v| (name, v))
    };
    GIVEN.into_iter().filter_map(found).collect()
}
