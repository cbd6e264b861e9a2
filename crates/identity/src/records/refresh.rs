//! Our own customers as records: those that changed since the last time.

use super::{
    CRM, keyed,
    prepare::{Around, of_person},
};
use crate::matching::features::Person;
use kernel::{Actor, OrgPath, Result, Timestamp};
use std::sync::atomic::{AtomicBool, Ordering};
use store::{Db, params, sql};

const AT_ONCE: i64 = 2_000;

sql! {
    FORGET = "DELETE FROM identity_record WHERE source = 'crm' AND source_id = $1";
    FORGET_MEMBER = "DELETE FROM identity_member WHERE record_no IN (SELECT no FROM identity_record WHERE source = 'crm' AND source_id = $1)";
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
        let around = Around { vault: db.vault(), keyed: keyed(db), home: &root, scope: &root };
        let mut rows = Vec::new();
        let mut gone = Vec::new();
        for person in &page {
            if person.merged {
                gone.push(person.id.clone());
                continue;
            }
            let known = Person {
                organization: person.organization,
                name: person.name.clone(),
                certificate_type: person.certificate.as_ref().map_or_else(String::new, |c| c.0.clone()),
                certificate: person.certificate.as_ref().map_or_else(String::new, |c| c.1.clone()),
                phones: person.phones.clone(),
                address: person.address.clone(),
                birth: String::new(),
            };
            rows.push(of_person(&person.id, person.org.clone(), &known, "", &around)?);
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
