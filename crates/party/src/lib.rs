//! Persons and organisations in their social role (TMF632): names, certificates, contact media.
//!
//! * A certificate number is never stored in clear: it is sealed in the body and opened when it is shown, masked unless
//!   the reader holds [`PRIVACY_VIEW`].
//! * A number whose kind carries a check character (resident identity card, unified social credit code) is checked.
//! * What a client sent comes back, unknown attributes included. No duplicate check here: the same person may be entered
//!   twice; the customer's operations look for duplicates.

mod certificate;
mod contact;
mod identification;
mod new;
pub mod problems;
pub mod realname;
mod reference;
mod role;
mod rules;

pub use certificate::{Certificate, Kind as CertificateKind};
pub use contact::{ContactMedium, contact_media, emails, mask_contacts, phones, restore_masked_contacts};
pub use identification::{Identification, identifications};
pub use new::{NewParty, PartyKind, split_name};
pub use reference::check_reference;
pub use role::{PARTY_ROLE, Played, roles_of};

use http::{
    Module,
    tmf::{self, Api, Column, Document, Kind, Ops, Resource},
};
use kernel::{Perm, Result};
use store::{Migration, Tx};

pub const READ: Perm = Perm { name: "party.read", zh: "查看个人与组织", en: "See persons and organisations" };
pub const WRITE: Perm =
    Perm {
        name: "party.write", zh: "登记和修改个人与组织", en: "Enter and change persons and organisations"
    };
/// Sees telephone and certificate numbers unmasked everywhere.
pub const PRIVACY_VIEW: Perm = Perm {
    name: "privacy.view",
    zh: "查看未遮盖的电话与证件号码",
    en: "See telephone and certificate numbers unmasked",
};
/// May ask for one unmasked value with a reason; each asking is audited.
pub const PRIVACY_REVEAL: Perm = Perm {
    name: "privacy.reveal",
    zh: "凭理由查看单个电话或证件号码",
    en: "Reveal one telephone or certificate number for a reason",
};

static API: Api = Api { base: "/tmf-api/partyManagement/v4", aliases: &["/tmf-api/party/v4"] };

pub static INDIVIDUAL: Resource = Resource {
    api: &API,
    name: "individual",
    type_name: "Individual",
    table: "individual",
    columns: &[
        Column { attribute: "id", column: "id", kind: Kind::Text },
        Column { attribute: "familyName", column: "family_name", kind: Kind::Text },
        Column { attribute: "givenName", column: "given_name", kind: Kind::Text },
    ],
    mandatory: &["givenName", "familyName"],
    ops: Ops::ALL,
    read: READ,
    write: WRITE,
    rules: &rules::Party { columns: &[("family_name", "familyName"), ("given_name", "givenName")] },
};

pub static ORGANIZATION: Resource = Resource {
    api: &API,
    name: "organization",
    type_name: "Organization",
    table: "organization",
    columns: &[
        Column { attribute: "id", column: "id", kind: Kind::Text },
        Column { attribute: "tradingName", column: "trading_name", kind: Kind::Text },
    ],
    mandatory: &["tradingName"],
    ops: Ops::ALL,
    read: READ,
    write: WRITE,
    rules: &rules::Party { columns: &[("trading_name", "tradingName")] },
};

/// The person or organisation behind a reference, if it is one of ours that the actor may see.
pub fn get(tx: &mut Tx<'_>, id: &str) -> Result<Option<Document>> {
    match tmf::get(tx, &INDIVIDUAL, id)? {
        Some(found) => Ok(Some(found)),
        None => tmf::get(tx, &ORGANIZATION, id),
    }
}

const MIGRATIONS: &[Migration] = &[
    Migration::new("party", 1, include_str!("../migrations/0001_party.sql")),
    Migration::new("party", 2, include_str!("../migrations/0002_realname.sql")),
    Migration::new("party", 3, include_str!("../migrations/0003_role.sql")),
];

pub fn module() -> Module {
    let mut routes: Vec<http::Route> = [&INDIVIDUAL, &ORGANIZATION].into_iter().flat_map(tmf::routes).collect();
    routes.extend(realname::routes());
    routes.extend(role::routes());
    Module {
        name: "party",
        routes,
        migrations: MIGRATIONS,
        problems: problems::ALL,
        permissions: &[READ, WRITE, PRIVACY_VIEW, PRIVACY_REVEAL, realname::READ, realname::VERIFY, realname::MANAGE],
        ..Module::default()
    }
}
