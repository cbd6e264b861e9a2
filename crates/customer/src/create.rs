//! A new customer in one step: the person or organisation, the customer, the keys.

use crate::{CUSTOMER, keys, number, problems, summary::org_of};
use http::{
    Answer, Body, Ctx, Reply,
    tmf::{self, Document},
};
use kernel::{OrgPath, Phone, Problem, Result, Timestamp, mask_certificate};
use party::{Certificate, CertificateKind, ContactMedium, NewParty, PartyKind};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use store::{Tx, Vault, params, sql};

/// What is known of a new customer; parsed already.
#[derive(Clone, Debug)]
pub struct NewCustomer {
    pub kind: PartyKind,
    pub name: String,
    pub certificate: Option<Certificate>,
    /// The first is the preferred one.
    pub phones: Vec<Phone>,
    pub email: Option<String>,
    pub address: Option<String>,
    /// Where the customer belongs; the actor's own place if not given.
    pub org: Option<OrgPath>,
    pub grade: Option<String>,
    /// From another system; given by us if not.
    pub customer_no: Option<String>,
    /// The account manager's name.
    pub manager: Option<String>,
    pub created_at: Option<Timestamp>,
}

impl NewCustomer {
    pub fn person(name: impl Into<String>) -> Self {
        Self {
            kind: PartyKind::Individual,
            name: name.into(),
            certificate: None,
            phones: Vec::new(),
            email: None,
            address: None,
            org: None,
            grade: None,
            customer_no: None,
            manager: None,
            created_at: None,
        }
    }
    pub(crate) fn party(&self) -> NewParty {
        NewParty { kind: self.kind, name: self.name.clone(), certificate: self.certificate.clone() }
    }
    /// The customer's document.
    pub(crate) fn body(&self, id: &str, customer_no: &str, party_id: &str) -> Map<String, Value> {
        let party = self.kind.resource();
        let mut doc = Map::with_capacity(12);
        doc.insert("id".into(), json!(id));
        doc.insert("href".into(), json!(CUSTOMER.href(id)));
        doc.insert("@type".into(), json!(CUSTOMER.type_name));
        doc.insert("customerNo".into(), json!(customer_no));
        doc.insert("name".into(), json!(self.name));
        doc.insert("kind".into(), json!(self.kind.name()));
        doc.insert("status".into(), json!("active"));
        doc.insert("grade".into(), json!(self.grade.as_deref().unwrap_or("standard")));
        doc.insert(
            "engagedParty".into(),
            json!({"id": party_id, "href": party.href(party_id), "name": self.name, "@referredType": self.kind.type_name()}),
        );
        let phones = self.phones.iter().enumerate().map(|(i, phone)| ContactMedium::phone(phone.as_str(), i == 0));
        let media: Vec<Value> = phones
            .chain(self.email.as_deref().map(ContactMedium::email))
            .chain(self.address.as_deref().map(ContactMedium::postal))
            .collect();
        if !media.is_empty() {
            doc.insert("contactMedium".into(), Value::Array(media));
        }
        if let Some(manager) = &self.manager {
            doc.insert(
                "relatedParty".into(),
                json!([{"role": "accountManager", "name": manager, "id": manager, "@referredType": "Individual"}]),
            );
        }
        if let Some(certificate) = &self.certificate {
            let masked = mask_certificate(certificate.number());
            doc.insert("certificate".into(), json!({"type": certificate.kind.name(), "number": masked}));
        }
        doc
    }
    /// All look-up keys.
    pub(crate) fn keys(&self, body: &Map<String, Value>, vault: &Vault) -> Vec<keys::Key> {
        let mut all = keys::of_document(body);
        let certificate = self.certificate.as_ref();
        all.extend(certificate.map(|c| (keys::certificate_key(c.number(), vault), keys::KeyKind::Certificate)));
        all
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Created {
    pub id: String,
    pub customer_no: String,
    pub party_id: String,
}

/// Creates the party and the customer, with their events. No duplicate check: see [`refuse_duplicate`].
pub fn create(tx: &mut Tx<'_>, new: &NewCustomer) -> Result<Created> {
    let org = new.org.clone().unwrap_or_else(|| tx.actor().org.clone());
    if !tx.actor().sees(org.as_str()) {
        return Err(Problem::unknown_reference("org", org.as_str()));
    }
    let party_id = new.party().create(tx, &org)?;
    let id = tx.new_id::<Document>().into_string();
    let customer_no = match &new.customer_no {
        Some(given) => given.clone(),
        None => number::next(tx, &org, &id)?,
    };
    if tx.query_opt(&NUMBER, params![customer_no])?.is_some() {
        return Err(Problem::new(&problems::NUMBER_TAKEN).field("customerNo").with("value", &customer_no));
    }
    let body = new.body(&id, &customer_no, &party_id);
    let all_keys = new.keys(&body, tx.vault());
    let created_at = new.created_at.unwrap_or_else(|| tx.now());
    let document = Document { id, version: 1, org, created_at, body };
    tmf::insert_silently(tx, &CUSTOMER, &document)?;
    keys::insert(tx, &document.id, &document.org, &all_keys)?;
    crate::manager::follow(tx, None, &document)?;
    tmf::publish(tx, &CUSTOMER, &document, "Create")?;
    Ok(Created { id: document.id, customer_no, party_id })
}

sql! {
    NUMBER = "SELECT id FROM customer WHERE customer_no = $1";
    /// A repeat waits here for the first one's commit.
    CLAIM = "INSERT INTO customer_claim (claim, at) VALUES ($1, $2) ON CONFLICT (claim) DO UPDATE SET at = $2";
    BY_KEY = "SELECT customer_id, org FROM customer_key WHERE key = $1 AND kind = $2 ORDER BY customer_id LIMIT 50";
}

/// Fails with 409 where somebody with this certificate, or with this telephone number and name, is a customer already.
/// `existing` names the record, if the actor may see it.
pub fn refuse_duplicate(tx: &mut Tx<'_>, new: &NewCustomer) -> Result<()> {
    let Some(existing) = find_duplicate(tx, new)? else { return Ok(()) };
    let problem = Problem::new(&problems::DUPLICATE);
    let visible = org_of(tx, &existing).is_ok_and(|org| tx.actor().sees(org.as_str()));
    Err(if visible { problem.extra("existing", json!(existing)) } else { problem })
}

fn find_duplicate(tx: &mut Tx<'_>, new: &NewCustomer) -> Result<Option<String>> {
    if let Some(certificate) = &new.certificate {
        let key = keys::certificate_key(certificate.number(), tx.vault());
        tx.execute(&CLAIM, params![key, tx.now()])?;
        if let Some(row) = tx.query_opt(&BY_KEY, params![key, keys::KeyKind::Certificate as i64])? {
            return Ok(Some(row.text(0)));
        }
    }
    for phone in &new.phones {
        let key = keys::phone_key(phone);
        tx.execute(&CLAIM, params![key, tx.now()])?;
        for row in tx.query(&BY_KEY, params![key, keys::KeyKind::Phone as i64])? {
            let name = tx.query_opt(&NAME, params![row.str(0)])?.map(|r| r.text(0));
            if name.as_deref() == Some(new.name.as_str()) {
                return Ok(Some(row.text(0)));
            }
        }
    }
    Ok(None)
}

sql! {
    NAME = "SELECT name FROM customer WHERE id = $1";
}

/// The page's quick create.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Ask {
    #[serde(default)]
    kind: Option<String>,
    #[serde(default)]
    name: String,
    certificate_type: Option<String>,
    certificate: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    address: Option<String>,
    org: Option<String>,
    grade: Option<String>,
}

impl Ask {
    fn parse(self) -> Result<NewCustomer> {
        let kind = match self.kind.as_deref() {
            None | Some("individual") => PartyKind::Individual,
            Some("organization") => PartyKind::Organization,
            Some(_) => return Err(Problem::invalid("kind", "individual | organization")),
        };
        if self.name.trim().is_empty() {
            return Err(Problem::missing("name"));
        }
        let given = |text: Option<String>| text.filter(|t| !t.trim().is_empty());
        let usual = if kind == PartyKind::Individual { "idCard" } else { "businessLicence" };
        let certificate_kind = CertificateKind::parse(given(self.certificate_type).as_deref().unwrap_or(usual));
        let certificate = given(self.certificate).map(|n| Certificate::parse(certificate_kind, &n)).transpose()?;
        let phone = given(self.phone).map(|p| Phone::parse(&p).map_err(|e| e.field("phone"))).transpose()?;
        Ok(NewCustomer {
            kind,
            certificate,
            phones: phone.into_iter().collect(),
            email: given(self.email),
            address: given(self.address),
            org: given(self.org).map(|o| OrgPath::parse(&o).map_err(|e| e.field("org"))).transpose()?,
            grade: given(self.grade),
            ..NewCustomer::person(self.name)
        })
    }
}

pub(crate) async fn quick_create(ctx: Ctx, body: Body<Ask>) -> Answer {
    let new = body.value.parse()?;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        refuse_duplicate(tx, &new)?;
        let made = create(tx, &new)?;
        let answer = json!({"id": made.id, "customerNo": made.customer_no, "partyId": made.party_id});
        Ok(Reply::created(&CUSTOMER.href(&made.id), &answer))
    });
    Ok(reply.await?)
}
