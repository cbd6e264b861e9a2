//! One row: checked, normalised, its certificate sealed. Needs no transaction.

use super::{Column, Columns, certificate_key};
use crate::matching::{
    features::{Features, Keyed, Person},
    text,
};
use kernel::{OrgPath, Phone, Problem, Result, mask_certificate};
use party::{Certificate, CertificateKind};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use store::Vault;

/// A record ready to be stored.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub source_id: String,
    pub org: OrgPath,
    pub name: String,
    pub phone: Option<String>,
    pub certificate_key: Option<String>,
    /// Of everything the row says: an unchanged row is not written again.
    pub digest: String,
    pub features: Features,
    pub body: Json,
}

/// What a preparation needs to know.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    pub vault: &'a Vault,
    pub keyed: Keyed,
    /// Where rows belong that name no place, and within what they must lie.
    pub home: &'a OrgPath,
    pub scope: &'a OrgPath,
}

const LONGEST: usize = 300;

/// A row of a file.
pub fn prepare(row: &csv::StringRecord, columns: &Columns, around: &Around<'_>) -> Result<Prepared> {
    let get = |column| columns.at(column).and_then(|at| row.get(at)).map(str::trim).unwrap_or("");
    if row.iter().any(|f| f.len() > LONGEST * 4 || f.contains('\0')) {
        return Err(Problem::invalid("row", "> 300 / NUL"));
    }
    let id = get(Column::Id);
    if id.is_empty() || id.chars().count() > 80 {
        return Err(Problem::invalid("id", "1–80"));
    }
    let name = get(Column::Name);
    if text::person_name(name).is_empty() {
        return Err(Problem::missing("name"));
    }
    let org = match get(Column::Org) {
        "" => around.home.clone(),
        given => OrgPath::parse(given)
            .ok()
            .filter(|o| around.scope.contains(o))
            .ok_or_else(|| Problem::invalid("org", given))?,
    };
    let kind = get(Column::Kind).to_lowercase();
    let certificate_type = get(Column::CertificateType);
    let organization = matches!(
        kind.as_str(),
        "organization"
            | "organisation"
            | "company"
            | "单位"
            | "企业"
            | "政企"
            | "集团客户"
            | "单位客户"
            | "企业客户"
            | "政企客户"
    ) || (kind.is_empty()
        && CertificateKind::parse(certificate_type) == CertificateKind::BusinessLicence)
        || (kind.is_empty() && name.ends_with("公司"));
    let person = Person {
        organization,
        name: name.to_owned(),
        certificate_type: certificate_type.to_owned(),
        certificate: get(Column::Certificate).to_owned(),
        phones: [Column::Phone, Column::Phone2, Column::Phone3]
            .into_iter()
            .map(get)
            .flat_map(|p| p.split([';', '；', '/', '、']))
            .filter(|p| !p.trim().is_empty())
            .map(|p| p.trim().to_owned())
            .collect(),
        address: get(Column::Address).to_owned(),
        birth: get(Column::Birth).to_owned(),
    };
    of_person(id, org, &person, get(Column::Email), around)
}

/// Somebody whose parts are known already.
pub fn of_person(id: &str, org: OrgPath, person: &Person, email: &str, around: &Around<'_>) -> Result<Prepared> {
    let features = Features::of(person, around.keyed);
    let number = Certificate::look_up_text(&person.certificate);
    let phones: Vec<String> =
        person.phones.iter().map(|p| Phone::parse(p).map_or_else(|_| p.clone(), |p| p.as_str().to_owned())).collect();
    let mut digest = Sha256::new();
    let fields = [&person.name, &person.certificate_type, &number, &person.address, &person.birth];
    for field in fields.into_iter().chain(&phones) {
        digest.update(field.as_bytes());
        digest.update([0]);
    }
    digest.update(around.vault.derive("identity digest"));
    let mut body = json!({
        "name": person.name, "kind": if person.organization { "organization" } else { "individual" },
        "phones": phones, "address": person.address,
    });
    if !number.is_empty() {
        let usual = if person.organization { CertificateKind::BusinessLicence } else { CertificateKind::IdCard };
        let kind =
            if person.certificate_type.is_empty() { usual } else { CertificateKind::parse(&person.certificate_type) };
        body["certificateType"] = json!(kind.name());
        body["certificate"] = json!(mask_certificate(&number));
        body["certificateSealed"] = json!(around.vault.seal(&number)?);
        body["certificateGood"] = json!(features.certificate_good);
    }
    for (field, value) in [("birth", person.birth.as_str()), ("email", email)] {
        if !value.is_empty() {
            body[field] = json!(value);
        }
    }
    let first = person.phones.iter().find_map(|p| Phone::parse(p).ok());
    Ok(Prepared {
        source_id: id.to_owned(),
        org,
        name: text::person_name(&person.name),
        phone: first.map(|p| p.as_str().to_owned()),
        certificate_key: (features.certificate != 0).then(|| certificate_key(around.vault, &number)),
        digest: digest.finalize().iter().take(16).map(|b| format!("{b:02x}")).collect(),
        features,
        body,
    })
}
