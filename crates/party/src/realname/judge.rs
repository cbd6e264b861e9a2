//! What stands against somebody's showing of a certificate: age, guardian, face, the card's own date.

use super::{
    adapters::{Card, Devices},
    rules::setting,
    verify::{Ask, Role, in_force},
};
use crate::{Certificate, CertificateKind, problems};
use kernel::{Date, Problem, Result};
use store::Tx;

/// What a device or a person says, before it is judged.
pub(super) struct Shown {
    pub kind: CertificateKind,
    pub number: String,
    pub name: String,
    pub birth: Option<Date>,
}

pub(super) fn typed(ask: &Ask) -> Result<Shown> {
    for (name, text) in [("certificate", &ask.certificate), ("name", &ask.name)] {
        if text.trim().is_empty() {
            return Err(Problem::missing(name));
        }
        if text.chars().count() > 200 {
            return Err(Problem::invalid(name, "≤ 200"));
        }
    }
    let kind = if ask.certificate_type.is_empty() { "idCard" } else { ask.certificate_type.as_str() };
    let birth = ask.birth_date.as_deref().filter(|b| !b.is_empty());
    Ok(Shown {
        kind: CertificateKind::parse(kind),
        number: ask.certificate.clone(),
        name: ask.name.trim().to_owned(),
        birth: birth.map(|b| Date::parse(b).map_err(|p| p.field("birthDate"))).transpose()?,
    })
}

pub(super) fn from_card(tx: &Tx<'_>, card: Card, found: &mut Vec<Problem>) -> Result<Shown> {
    let until = card.valid_until.as_deref().and_then(|d| Date::parse(d).ok());
    if let Some(until) = until.filter(|u| *u < tx.now().date()) {
        found.push(Problem::new(&problems::CERTIFICATE_OVER).with("value", &until.to_string()));
    }
    Ok(Shown {
        kind: CertificateKind::parse(&card.certificate_type),
        number: card.certificate,
        name: card.name.trim().to_owned(),
        birth: card.birth_date.as_deref().and_then(|d| Date::parse(d).ok()),
    })
}

/// A face is sensitive: without separate consent nothing is compared at all.
pub(super) fn compare(
    tx: &mut Tx<'_>,
    devices: &Devices,
    ask: &Ask,
    certificate: &Certificate,
    name: &str,
    found: &mut Vec<Problem>,
) -> Result<Option<i64>> {
    if !ask.consent {
        found.push(Problem::new(&problems::CONSENT).field("consent"));
        return Ok(None);
    }
    let service = devices.face().ok_or_else(|| Problem::new(&problems::FACE_UNAVAILABLE))?;
    let face = service.compare(certificate.number(), name, &ask.photo)?;
    let limit = setting(tx, "face.pass_permille")?;
    if !face.alive {
        found.push(Problem::new(&problems::NOT_ALIVE));
    }
    if face.permille < limit {
        let (score, limit) = (face.permille.to_string(), limit.to_string());
        found.push(Problem::new(&problems::FACE_MISMATCH).with("score", &score).with("limit", &limit));
    }
    Ok(Some(face.permille))
}

/// Minors come with a guardian; proxies and guardians are of age.
pub(super) fn age(
    tx: &mut Tx<'_>,
    ask: &Ask,
    birth: Option<Date>,
    certificate: Option<&Certificate>,
    found: &mut Vec<Problem>,
) -> Result<()> {
    let adult = setting(tx, "guardian.age")?;
    let Some(birth) = birth else { return Ok(()) };
    if birth.plus_months(i32::try_from(adult).unwrap_or(18) * 12) <= tx.now().date() {
        return Ok(());
    }
    if ask.role != Role::Holder {
        found.push(Problem::new(&problems::TOO_YOUNG).with("age", &adult.to_string()));
        return Ok(());
    }
    let Some(guardian) = ask.guardian_verification_id.as_deref().filter(|g| !g.is_empty()) else {
        found.push(Problem::new(&problems::GUARDIAN).with("age", &adult.to_string()));
        return Ok(());
    };
    let own = certificate.map(|c| super::blind(tx, c));
    match in_force(tx, guardian) {
        Ok(g) if g.role != Role::Guardian => {
            found.push(Problem::new(&problems::ROLE).with("value", g.role.name()));
        }
        Ok(g) if Some(&g.blind) == own.as_ref() => found.push(Problem::new(&problems::SAME_PERSON)),
        Ok(_) => {}
        Err(problem) => found.push(problem),
    }
    Ok(())
}
