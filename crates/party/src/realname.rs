//! Real name (实名制): who must show what, and who has shown it.
//!
//! * Which business of which family asks for a name is data with its source ([`required`]); so are the limit of numbers on
//!   one certificate, ages and minutes.
//! * A [`Verification`] is one showing of a certificate by a holder, a proxy or a guardian. It holds for some minutes and
//!   for that certificate only ([`valid`]). Certificate numbers are sealed, photographs are not kept.
//! * This crate knows no customers: who a verification belongs to is decided by `customer`.

pub mod adapters;
mod judge;
mod routes;
mod rules;
mod verify;

pub use rules::{Level, Requirement, limit, required};
pub use verify::{Ask, Method, Role, Verification, load, purge, recent, save, shown, valid, valid_proxy, verify};

pub(crate) use routes::routes;

use crate::{Certificate, CertificateKind, identifications, problems};
use kernel::{Perm, Problem, Result, Timestamp};
use serde_json::Value;
use store::Tx;

/// The certificate that somebody has to have shown.
pub type CertificateRef = Certificate;

pub const VERIFY: Perm =
    Perm { name: "realname.verify", zh: "实名核验", en: "Verify people and their certificates" };
pub const READ: Perm =
    Perm { name: "realname.read", zh: "查看实名核验记录与规则", en: "See verifications and the rules" };
pub const MANAGE: Perm =
    Perm { name: "realname.manage", zh: "管理实名规则", en: "Manage the rules of real name" };

/// The certificate of a person or organisation with which business may be done: of a known kind, well formed, in force.
/// Otherwise why there is none.
pub fn certificate_of(tx: &mut Tx<'_>, party_id: &str) -> Result<Certificate> {
    let missing = || Problem::new(&problems::NO_CERTIFICATE);
    let party = crate::get(tx, party_id)?.ok_or_else(missing)?;
    let mut expired = false;
    let elements = ["individualIdentification", "organizationIdentification"]
        .iter()
        .filter_map(|list| party.body.get(*list)?.as_array())
        .flatten();
    let ends: Vec<Option<Timestamp>> = elements.map(end_of).collect();
    for (found, end) in identifications(&party.body, tx.vault()).into_iter().zip(ends) {
        let kind = CertificateKind::parse(&found.kind);
        if kind == CertificateKind::Other {
            continue;
        }
        let Ok(certificate) = Certificate::parse(kind, &found.number) else { continue };
        if end.is_some_and(|end| end < tx.now()) {
            expired = true;
            continue;
        }
        return Ok(certificate);
    }
    Err(if expired { Problem::new(&problems::CERTIFICATE_EXPIRED) } else { missing() })
}

fn end_of(element: &Value) -> Option<Timestamp> {
    let text = element.get("validFor")?.get("endDateTime")?.as_str()?;
    Timestamp::parse(text).ok()
}

/// Under which text equal certificates are found, whoever holds them.
pub fn blind(tx: &Tx<'_>, certificate: &Certificate) -> String {
    tx.vault().blind("certificate", &Certificate::look_up_text(certificate.number()))
}
