//! Our own customers as records: those that changed since the last time.

use super::{
    CRM, Prepared, keyed,
    prepare::{Around, of_person},
};
use crate::matching::features::Person;
use customer::Standing;
use kernel::{Actor, OrgPath, Result, Timestamp};
use std::sync::atomic::{AtomicBool, Ordering};
use store::{Db, Tx, params, sql};

const AT_ONCE: i64 = 2_000;

sql! {
    FORGET = "DELETE FROM identity_record WHERE source = 'crm' AND source_id = $1";
    FORGET_MEMBER = "DELETE FROM identity_member WHERE record_no IN (SELECT no FROM identity_record WHERE source = 'crm' AND source_id = $1)";
}

fn of_customer(person: &Standing, around: &Around<'_>) -> Result<Prepared> {
    let certificate =
        |part: fn(&(String, String)) -> &String| person.certificate.as_ref().map(part).cloned().unwrap_or_default();
    let known = Person {
        organization: person.organization,
        name: person.name.clone(),
        certificate_type: certificate(|c| &c.0),
        certificate: certificate(|c| &c.1),
        phones: person.phones.clone(),
        address: person.address.clone(),
        birth: String::new(),
    };
    of_person(&person.id, person.org.clone(), &known, "", around)
}

/// Takes one customer of ours in and puts it under `code`.
pub(crate) fn take_customer(tx: &mut Tx<'_>, id: &str, code: i64) -> Result<()> {
    let root = OrgPath::root();
    let Some(person) = customer::standing_person(tx, id)? else { return Ok(()) };
    let row = {
        let around = Around { vault: tx.vault(), keyed: keyed(tx.vault()), home: &root, scope: &root };
        of_customer(&person, &around)?
    };
    super::import::write(tx, CRM, &[row])?;
    match super::of_source(tx, CRM, id)? {
        Some(no) => crate::codes::move_to(tx, &[no], code, &serde_json::json!({"customer": id})),
        None => Ok(()),
    }
}

/// The record of a customer that lives on in another leaves; its code is counted anew.
pub(crate) fn drop_customer(tx: &mut Tx<'_>, id: &str, heir: Option<i64>) -> Result<()> {
    let Some(no) = super::of_source(tx, CRM, id)? else { return Ok(()) };
    let code = crate::codes::code_of(tx, no)?;
    tx.execute(&FORGET_MEMBER, params![id])?;
    tx.execute(&FORGET, params![id])?;
    match code {
        Some(code) => crate::codes::count(tx, code, heir),
        None => Ok(()),
    }
}

/// Brings the records of our customers up to date; those merged into others leave. Returns how many were looked at.
pub fn refresh(db: &Db, since: Timestamp, stop: &AtomicBool, progress: &mut dyn FnMut(u64)) -> Result<u64> {
    let root = OrgPath::root();
    let (mut after, mut seen) = (String::new(), 0);
    while !stop.load(Ordering::Relaxed) {
        let from = after.clone();
        let page = db.read_blocking(Actor::system(), move |tx| customer::standing_people(tx, &from, since, AT_ONCE))?;
        let Some(last) = page.last() else { break };
        after.clone_from(&last.id);
        let around = Around { vault: db.vault(), keyed: keyed(db.vault()), home: &root, scope: &root };
        let mut rows = Vec::new();
        let mut gone = Vec::new();
        for person in &page {
            if person.merged {
                gone.push(person.id.clone());
            } else {
                rows.push(of_customer(person, &around)?);
            }
        }
        seen += page.len() as u64;
        db.load_blocking(Actor::system(), move |tx| {
            for id in &gone {
                tx.execute(&FORGET_MEMBER, params![id])?;
                tx.execute(&FORGET, params![id])?;
            }
            super::import::write(tx, CRM, &rows).map(drop)
        })?;
        progress(seen);
        if (page.len() as i64) < AT_ONCE {
            break;
        }
    }
    Ok(seen)
}
