//! One showing of a certificate: checked, sealed, kept with its findings whether it passed or not.

use super::{
    CertificateRef,
    adapters::Devices,
    judge::{age, compare, from_card, typed},
    rules::setting,
};
use crate::{Certificate, CertificateKind, problems};
use kernel::{Lang, OrgPath, Problem, Result, Timestamp, mask_certificate};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Row, Tx, params, sql};

#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Method {
    CardReader,
    Manual,
    Face,
}

impl Method {
    pub fn name(self) -> &'static str {
        match self {
            Self::CardReader => "cardReader",
            Self::Manual => "manual",
            Self::Face => "face",
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    Holder,
    Proxy,
    Guardian,
}

impl Role {
    pub fn name(self) -> &'static str {
        match self {
            Self::Holder => "holder",
            Self::Proxy => "proxy",
            Self::Guardian => "guardian",
        }
    }
    fn stored(text: &str) -> Self {
        match text {
            "proxy" => Self::Proxy,
            "guardian" => Self::Guardian,
            _ => Self::Holder,
        }
    }
}

/// What the counter sends.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ask {
    pub method: Method,
    pub role: Role,
    #[serde(default)]
    pub certificate_type: String,
    #[serde(default)]
    pub certificate: String,
    #[serde(default)]
    pub name: String,
    pub birth_date: Option<String>,
    pub customer_id: Option<String>,
    #[serde(default)]
    pub consent: bool,
    #[serde(default)]
    pub reader: String,
    /// The name of a picture, as the camera's service knows it.
    #[serde(default)]
    pub photo: String,
    /// The guardian's verification, for a holder under age.
    pub guardian_verification_id: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Verification {
    pub id: String,
    pub org: OrgPath,
    pub at: Timestamp,
    pub expires_at: Timestamp,
    pub operator_name: String,
    pub method: String,
    pub role: Role,
    pub kind: String,
    pub blind: String,
    pub masked: String,
    pub name: String,
    pub birth_date: Option<String>,
    pub customer_id: Option<String>,
    pub guardian_id: Option<String>,
    pub face_permille: Option<i64>,
    pub passed: bool,
    /// `[{code, reason{zh-CN, en}, message{…}}]`.
    pub problems: Value,
}

impl Verification {
    pub fn to_json(&self) -> Value {
        json!({
            "id": self.id, "at": self.at, "expiresAt": self.expires_at, "operator": self.operator_name, "method": self.method,
            "role": self.role.name(), "certificateType": self.kind, "masked": self.masked, "name": self.name,
            "customerId": self.customer_id, "guardianVerificationId": self.guardian_id, "facePermille": self.face_permille,
            "result": if self.passed { "passed" } else { "failed" }, "problems": self.problems, "org": self.org.as_str(),
        })
    }
}

sql! {
    INSERT = "INSERT INTO verification (id, org, at, expires_at, operator, operator_name, method, role, certificate_kind, \
              certificate_blind, certificate_sealed, certificate_masked, name, birth_date, customer_id, guardian_id, consent, reader, \
              face_permille, result, problems) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)";
    LOAD = "SELECT id, org, at, expires_at, operator_name, method, role, certificate_kind, certificate_blind, certificate_masked, name, \
            birth_date, customer_id, guardian_id, face_permille, result, problems FROM verification WHERE id = $1";
    RECENT = "SELECT id, org, at, expires_at, operator_name, method, role, certificate_kind, certificate_blind, certificate_masked, name, \
              birth_date, customer_id, guardian_id, face_permille, result, problems FROM verification \
              WHERE (org = $1 OR (org >= $2 AND org < $3)) ORDER BY at DESC, id DESC LIMIT $4";
    OF_CUSTOMER = "SELECT id, org, at, expires_at, operator_name, method, role, certificate_kind, certificate_blind, certificate_masked, name, \
              birth_date, customer_id, guardian_id, face_permille, result, problems FROM verification \
              WHERE customer_id = $5 AND (org = $1 OR (org >= $2 AND org < $3)) ORDER BY at DESC, id DESC LIMIT $4";
    SEALED = "SELECT certificate_kind, certificate_sealed FROM verification WHERE id = $1";
    PURGE = "DELETE FROM verification WHERE at < $1";
}

fn from_row(r: &Row) -> Result<Verification> {
    Ok(Verification {
        id: r.text(0),
        org: OrgPath::parse(r.str(1))?,
        at: r.time(2),
        expires_at: r.time(3),
        operator_name: r.text(4),
        method: r.text(5),
        role: Role::stored(r.str(6)),
        kind: r.text(7),
        blind: r.text(8),
        masked: r.text(9),
        name: r.text(10),
        birth_date: r.opt_text(11),
        customer_id: r.opt_text(12),
        guardian_id: r.opt_text(13),
        face_permille: r.opt_int(14),
        passed: r.str(15) == "passed",
        problems: r.json(16),
    })
}

/// The verification, if there is one that the actor may see.
pub fn load(tx: &mut Tx<'_>, id: &str) -> Result<Option<Verification>> {
    let Some(row) = tx.query_opt(&LOAD, params![id])? else { return Ok(None) };
    if !tx.actor().sees(row.str(1)) { Ok(None) } else { from_row(&row).map(Some) }
}

/// The last ones within the actor's scope, of one customer if named.
pub fn recent(tx: &mut Tx<'_>, customer: Option<&str>, limit: i64) -> Result<Vec<Verification>> {
    let scope = tx.actor().scope.clone();
    let (low, high) = scope.below();
    let rows = match customer {
        None => tx.query(&RECENT, params![scope, low, high, limit])?,
        Some(customer) => tx.query(&OF_CUSTOMER, params![scope, low, high, limit, customer])?,
    };
    rows.iter().map(from_row).collect()
}

/// Forgets what is older than the law asks us to keep; returns how many.
pub fn purge(tx: &mut Tx<'_>) -> Result<u64> {
    let days = setting(tx, "verification.keep_days")?;
    tx.execute(&PURGE, params![tx.now().plus_seconds(-days * 86_400)])
}

/// A problem as a finding of the record.
pub(crate) fn finding(problem: &Problem) -> Value {
    json!({
        "code": problem.code.id,
        "reason": {"zh-CN": problem.reason(Lang::Zh), "en": problem.reason(Lang::En)},
        "message": {"zh-CN": problem.help(Lang::Zh), "en": problem.help(Lang::En)},
    })
}

/// Reads and judges; nothing is stored. `further` are problems that the caller found (the customer's record says
/// otherwise); the verification passes where nothing at all was found. See [`save`].
pub fn verify(tx: &mut Tx<'_>, ask: &Ask) -> Result<(Verification, Option<Certificate>, Vec<Problem>)> {
    let devices = tx.memory::<Devices>();
    let mut found: Vec<Problem> = Vec::new();
    let shown = match ask.method {
        Method::CardReader => {
            let unknown = || Problem::new(&problems::READER_UNKNOWN).field("reader").with("value", &ask.reader);
            let card = devices.reader().ok_or_else(unknown)?.read(&ask.reader)?;
            from_card(tx, card, &mut found)?
        }
        Method::Manual | Method::Face => typed(ask)?,
    };
    let certificate = match Certificate::parse(shown.kind, &shown.number) {
        Ok(certificate) => Some(certificate),
        Err(problem) => {
            found.push(problem);
            None
        }
    };
    let birth = certificate.as_ref().and_then(Certificate::birth).map(|(date, _)| date);
    if let (Some(by_number), Some(said)) = (birth, shown.birth)
        && by_number != said
    {
        found.push(Problem::new(&problems::BIRTH_DATE).field("birthDate"));
    }
    let birth = birth.or(shown.birth);
    let mut face = None;
    if let (Method::Face, Some(certificate)) = (ask.method, &certificate) {
        face = compare(tx, &devices, ask, certificate, &shown.name, &mut found)?;
    }
    age(tx, ask, birth, certificate.as_ref(), &mut found)?;
    let minutes = setting(tx, "verification.minutes")?;
    let now = tx.now();
    let verification = Verification {
        id: tx.new_id::<Verification>().into_string(),
        org: tx.actor().org.clone(),
        at: now,
        expires_at: now.plus_seconds(minutes * 60),
        operator_name: tx.actor().name.to_string(),
        method: ask.method.name().to_owned(),
        role: ask.role,
        kind: shown.kind.name().to_owned(),
        blind: certificate.as_ref().map_or_else(String::new, |c| super::blind(tx, c)),
        masked: mask_certificate(certificate.as_ref().map_or(shown.number.trim(), Certificate::number)),
        name: shown.name,
        birth_date: birth.map(|b| b.to_string()),
        customer_id: ask.customer_id.clone(),
        guardian_id: ask.guardian_verification_id.clone(),
        face_permille: face,
        passed: found.is_empty(),
        problems: Value::Array(Vec::new()),
    };
    Ok((verification, certificate, found))
}

/// Stores a judged verification with everything that was found; audited either way.
pub fn save(
    tx: &mut Tx<'_>,
    ask: &Ask,
    mut verification: Verification,
    certificate: Option<&Certificate>,
    found: &[Problem],
) -> Result<Verification> {
    verification.passed = found.is_empty();
    verification.problems = found.iter().map(finding).collect();
    let v = &verification;
    let sealed = certificate.map(|c| tx.vault().seal(c.number())).transpose()?.unwrap_or_default();
    let result = if v.passed { "passed" } else { "failed" };
    let actor = tx.actor().clone();
    let values = params![
        v.id,
        v.org,
        v.at,
        v.expires_at,
        &*actor.id,
        &*actor.name,
        v.method,
        v.role.name(),
        v.kind,
        v.blind,
        sealed,
        v.masked,
        v.name,
        v.birth_date,
        v.customer_id,
        v.guardian_id,
        ask.consent,
        ask.reader,
        v.face_permille,
        result,
        v.problems
    ]
    .to_vec();
    tx.execute(&INSERT, &values)?;
    let codes: Vec<&str> = found.iter().map(|p| p.code.id).collect();
    let detail = json!({"method": v.method, "role": v.role.name(), "result": result, "problems": codes,
        "customer": v.customer_id, "consent": ask.consent});
    tx.audit("realname.verify", "verification", &v.id, &v.org, &detail)?;
    Ok(verification)
}

/// A verification that passed and has not run out.
pub(crate) fn in_force(tx: &mut Tx<'_>, id: &str) -> Result<Verification> {
    let unknown = || Problem::new(&problems::VERIFICATION_UNKNOWN).with("value", id);
    let verification = load(tx, id)?.ok_or_else(unknown)?;
    if !verification.passed {
        return Err(Problem::new(&problems::VERIFICATION_FAILED));
    }
    if verification.expires_at < tx.now() {
        let minutes = setting(tx, "verification.minutes")?.to_string();
        return Err(Problem::new(&problems::VERIFICATION_EXPIRED).with("minutes", &minutes));
    }
    Ok(verification)
}

/// The certificate that a verification in force was of, opened.
pub fn shown(tx: &mut Tx<'_>, id: &str) -> Result<Certificate> {
    in_force(tx, id)?;
    let row = tx.query_one(&SEALED, params![id])?;
    let number = tx.vault().open_sealed(row.str(1))?;
    Certificate::parse(CertificateKind::parse(row.str(0)), &number)
}

/// The verification `id` where it passed, has not run out, and was of this certificate; the reason otherwise.
pub fn valid(tx: &mut Tx<'_>, id: &str, certificate: &CertificateRef) -> Result<Verification> {
    let verification = in_force(tx, id)?;
    if verification.blind != super::blind(tx, certificate) {
        return Err(Problem::new(&problems::OTHER_CERTIFICATE));
    }
    Ok(verification)
}

/// A proxy's verification: in force, in that role, of another person than `holder`.
pub fn valid_proxy(tx: &mut Tx<'_>, id: &str, holder: &CertificateRef) -> Result<Verification> {
    let verification = in_force(tx, id)?;
    if verification.role != Role::Proxy {
        return Err(Problem::new(&problems::ROLE).with("value", verification.role.name()));
    }
    if verification.blind == super::blind(tx, holder) {
        return Err(Problem::new(&problems::SAME_PERSON));
    }
    Ok(verification)
}
