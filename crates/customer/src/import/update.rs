//! A row about a customer that exists: what it says is put in, what it does not say stays. The record as it was is kept
//! for the undoing of the batch.

use crate::{CUSTOMER, create::NewCustomer, keys, rules};
use http::tmf::{self, Document};
use kernel::{OrgPath, Phone, Result};
use party::{ContactMedium, NewParty, identifications};
use serde_json::{Map, Value, json};
use store::{Tx, params, sql};

sql! {
    REMEMBER = "INSERT INTO import_before (batch_id, customer_id, org, customer, customer_version, party, party_version) \
                VALUES ($1, $2, $3, $4, $5, $6, $7) \
                ON CONFLICT (batch_id, customer_id) DO UPDATE SET customer_version = $5, party_version = COALESCE($7, import_before.party_version), \
                party = COALESCE(import_before.party, $6)";
    CREATED_HERE = "SELECT 1 FROM import_created WHERE batch_id = $1 AND customer_id = $2";
}

/// Puts `new` into the customer; says whether anything changed.
pub(super) fn apply(tx: &mut Tx<'_>, batch: &str, mut customer: Document, new: &NewCustomer) -> Result<bool> {
    let before = customer.clone();
    merge(&mut customer, new);
    let mut party = rules::engaged_party(tx, &before.body)?;
    let party_before = party.clone();
    if let (Some(party), Some(certificate)) = (&mut party, &new.certificate) {
        let known = identifications(&party.body, tx.vault());
        if known.first().is_none_or(|i| i.number != certificate.number()) {
            let fresh = NewParty { kind: new.kind, name: new.name.clone(), certificate: Some(certificate.clone()) };
            let fresh = fresh.body(&party.id, tx.vault())?;
            for list in ["individualIdentification", "organizationIdentification"] {
                if let Some(value) = fresh.get(list) {
                    party.body.insert(list.into(), value.clone());
                }
            }
        }
        rules::put_certificate(tx, &mut customer.body, Some(party));
    }
    let party_changed = party.as_ref().map(|p| &p.body) != party_before.as_ref().map(|p| &p.body);
    if customer.body == before.body && customer.org == before.org && !party_changed {
        return Ok(false);
    }
    let mut party_version = None;
    if let (true, Some(party)) = (party_changed, &mut party) {
        tmf::save_silently(tx, resource_of(party), party)?;
        party_version = Some(party.version);
    }
    write(tx, &before, &mut customer, party.as_ref())?;
    // What this same batch created is undone by removing it.
    if tx.query_opt(&CREATED_HERE, params![batch, before.id])?.is_none() {
        let kept_party = party_before.filter(|_| party_changed).map(|p| Value::Object(p.body));
        let body = Value::Object(before.body);
        tx.execute(
            &REMEMBER,
            params![batch, before.id, before.org, body, customer.version, kept_party, party_version],
        )?;
    }
    Ok(true)
}

/// Saves a changed customer without an event and brings its keys up to date.
pub(super) fn write(tx: &mut Tx<'_>, before: &Document, after: &mut Document, party: Option<&Document>) -> Result<()> {
    tmf::save_silently(tx, &CUSTOMER, after)?;
    keys::delete(tx, &before.id, &keys::of_document(&before.body))?;
    keys::insert(tx, &after.id, &after.org, &keys::of_document(&after.body))?;
    if before.org != after.org {
        keys::move_others(tx, &after.id, &after.org)?;
    }
    keys::refresh_party(tx, &after.id, &after.org, party.map(|p| &p.body))
}

pub(super) fn resource_of(party: &Document) -> &'static tmf::Resource {
    if party.text("href").contains("/organization/") { &party::ORGANIZATION } else { &party::INDIVIDUAL }
}

fn merge(customer: &mut Document, new: &NewCustomer) {
    let body = &mut customer.body;
    body.insert("name".into(), json!(new.name));
    if let Some(engaged) = body.get_mut("engagedParty").and_then(Value::as_object_mut) {
        engaged.insert("name".into(), json!(new.name));
    }
    if let Some(grade) = &new.grade {
        body.insert("grade".into(), json!(grade));
    }
    if let Some(org) = new.org.as_ref().filter(|o| !o.is_root()) {
        customer.org = OrgPath::clone(org);
    }
    merge_media(body, new);
}

/// The row's numbers first; other numbers of the record stay behind them. E-mail and address replace those on record.
fn merge_media(body: &mut Map<String, Value>, new: &NewCustomer) {
    let present = party::phones(body);
    let mut media = body.get("contactMedium").and_then(Value::as_array).cloned().unwrap_or_default();
    let text = |medium: &Value, name: &str| {
        medium.get("characteristic").and_then(|c| c.get(name)).and_then(Value::as_str).map(str::to_owned)
    };
    let missing: Vec<&Phone> = new.phones.iter().filter(|p| !present.contains(p)).collect();
    if !missing.is_empty() {
        for medium in media.iter_mut().filter(|m| text(m, "phoneNumber").is_some()) {
            medium["preferred"] = json!(false);
        }
        let first = new.phones.first();
        let added = missing.iter().map(|p| ContactMedium::phone(p.as_str(), first == Some(*p)));
        media.splice(0..0, added);
    }
    if let Some(email) =
        new.email.as_deref().filter(|e| !media.iter().any(|m| text(m, "emailAddress").as_deref() == Some(*e)))
    {
        media.retain(|m| text(m, "emailAddress").is_none());
        media.push(ContactMedium::email(email));
    }
    if let Some(address) =
        new.address.as_deref().filter(|a| !media.iter().any(|m| text(m, "street1").as_deref() == Some(*a)))
    {
        media.retain(|m| text(m, "street1").is_none());
        media.push(ContactMedium::postal(address));
    }
    if !media.is_empty() {
        body.insert("contactMedium".into(), Value::Array(media));
    }
}
