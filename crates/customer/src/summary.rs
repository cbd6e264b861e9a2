//! What other domains need to know of a customer, and the whole of it for the unified view.

use crate::{CUSTOMER, rules};
use http::tmf::{self, Document};
use kernel::{OrgPath, Phone, Problem, Result, Timestamp, mask_phone};
use party::{ContactMedium, PRIVACY_VIEW, contact_media};
use serde_json::{Map, Value, json};
use store::{Filter, Tx, params, sql};

/// A customer in brief. Telephone and certificate are in clear or masked as the actor may see them.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    pub id: String,
    pub customer_no: String,
    pub name: String,
    /// `individual` or `organization`.
    pub kind: String,
    pub status: String,
    pub grade: String,
    pub org: OrgPath,
    pub phone: String,
    pub certificate_type: String,
    pub certificate: String,
    pub address: String,
    pub manager: String,
    pub party_id: String,
    pub created_at: Timestamp,
    pub version: i64,
}

/// The customer, or 404 where there is none within the actor's scope.
pub fn summary(tx: &mut Tx<'_>, id: &str) -> Result<Summary> {
    let doc = tmf::load(tx, &CUSTOMER, id)?;
    of_document(tx, &doc)
}

pub(crate) fn of_document(tx: &mut Tx<'_>, doc: &Document) -> Result<Summary> {
    let mut summary = brief(doc, tx.actor().may(PRIVACY_VIEW));
    if tx.actor().may(PRIVACY_VIEW) && !summary.certificate.is_empty() {
        let party = rules::engaged_party(tx, &doc.body)?;
        let opened = party.and_then(|p| party::identifications(&p.body, tx.vault()).into_iter().next());
        summary.certificate = opened.map_or(summary.certificate, |i| i.number);
    }
    Ok(summary)
}

/// Without the certificate in clear, which lies with the party.
pub(crate) fn brief(doc: &Document, clear: bool) -> Summary {
    let text = |name: &str| doc.text(name).to_owned();
    let inner = |outer: &str, name: &str| {
        doc.body.get(outer).and_then(|o| o.get(name)).and_then(Value::as_str).unwrap_or("").to_owned()
    };
    let phone = party::phones(&doc.body).into_iter().next();
    let phone = phone.map(|p| if clear { p.national().to_owned() } else { p.masked() });
    let address = contact_media(&doc.body).into_iter().find_map(|m| m.address);
    let kind = match doc.text("kind") {
        "organization" => "organization",
        _ => "individual",
    };
    Summary {
        id: doc.id.clone(),
        customer_no: text("customerNo"),
        name: text("name"),
        kind: kind.to_owned(),
        status: text("status"),
        grade: text("grade"),
        org: doc.org.clone(),
        phone: phone.unwrap_or_default(),
        certificate_type: inner("certificate", "type"),
        certificate: inner("certificate", "number"),
        address: address.unwrap_or_default(),
        manager: related(&doc.body, "accountManager").into_iter().next().unwrap_or_default(),
        party_id: inner("engagedParty", "id"),
        created_at: doc.created_at,
        version: doc.version,
    }
}

fn related(body: &Map<String, Value>, role: &str) -> Vec<String> {
    let parties = body.get("relatedParty").and_then(Value::as_array).into_iter().flatten();
    parties
        .filter(|p| p.get("role").and_then(Value::as_str) == Some(role))
        .filter_map(|p| p.get("name").or_else(|| p.get("id")).and_then(Value::as_str).map(str::to_owned))
        .collect()
}

/// A contact person or medium, as the view shows it.
#[derive(Clone, Debug)]
pub struct Contact {
    pub name: String,
    pub role: String,
    pub phone: String,
    pub email: String,
    pub preferred: bool,
}

/// A customer that stands in a relation to this one.
#[derive(Clone, Debug)]
pub struct Relation {
    pub kind: String,
    pub customer_id: String,
    pub name: String,
}

/// The customer's social attributes.
#[derive(Clone, Debug)]
pub struct Profile {
    pub summary: Summary,
    pub contacts: Vec<Contact>,
    pub relations: Vec<Relation>,
}

pub fn profile(tx: &mut Tx<'_>, id: &str) -> Result<Profile> {
    let doc = tmf::load(tx, &CUSTOMER, id)?;
    let clear = tx.actor().may(PRIVACY_VIEW);
    let summary = of_document(tx, &doc)?;
    let contacts = contacts(&doc, &summary.name, clear);
    let relations = crate::relation::around(tx, &doc)?;
    Ok(Profile { summary, contacts, relations })
}

/// How the customer can be reached; telephones masked unless `clear`.
pub(crate) fn contacts(doc: &Document, name: &str, clear: bool) -> Vec<Contact> {
    let shown = |number: Option<String>| {
        let number = number.unwrap_or_default();
        let national = Phone::parse(&number).map(|p| p.national().to_owned()).unwrap_or(number);
        if clear { national } else { mask_phone(&national) }
    };
    let contact = |medium: ContactMedium| Contact {
        name: name.to_owned(),
        role: medium.medium_type,
        phone: shown(medium.phone),
        email: medium.email.unwrap_or_default(),
        preferred: medium.preferred,
    };
    contact_media(&doc.body).into_iter().filter(|m| m.phone.is_some() || m.email.is_some()).map(contact).collect()
}

sql! {
    ORG = "SELECT org FROM customer WHERE id = $1";
    CREATED_SINCE = "SELECT COUNT(*) FROM customer WHERE created_at >= $1 AND (org = $2 OR (org >= $3 AND org < $4))";
    RECENT = "SELECT id, version, org, created_at, body FROM customer WHERE created_at >= $1 \
              AND (org = $2 OR (org >= $3 AND org < $4)) ORDER BY created_at DESC LIMIT $5";
}

/// Where the customer belongs, whoever asks.
pub(crate) fn org_of(tx: &mut Tx<'_>, id: &str) -> Result<OrgPath> {
    OrgPath::parse(tx.query_one(&ORG, params![id])?.str(0))
}

/// How many customers were created since `from` within the actor's scope.
pub fn created_since(tx: &mut Tx<'_>, from: Timestamp) -> Result<i64> {
    let scope = tx.actor().scope.clone();
    let (low, high) = scope.below();
    Ok(tx.query_one(&CREATED_SINCE, params![from, scope, low, high])?.int(0))
}

/// The customers created last within the actor's scope, since `from`, masked as the actor may see them.
pub fn recent(tx: &mut Tx<'_>, from: Timestamp, limit: i64) -> Result<Vec<Summary>> {
    let scope = tx.actor().scope.clone();
    let (low, high) = scope.below();
    let rows = tx.query(&RECENT, params![from, scope, low, high, limit])?;
    let clear = tx.actor().may(PRIVACY_VIEW);
    rows.iter().map(|row| Ok(brief(&from_row(row, 0)?, clear))).collect()
}

/// [`page`] counts so far; beyond it nobody is told a number.
pub const COUNT_LIMIT: i64 = 10_000;

/// One page of the customers within the actor's scope, newest first (or oldest), and how many there are unless they are
/// more than [`COUNT_LIMIT`].
pub fn page(
    tx: &mut Tx<'_>,
    kind: &str,
    oldest_first: bool,
    offset: i64,
    limit: i64,
) -> Result<(Vec<Summary>, Option<i64>)> {
    let mut filter = Filter::default();
    filter.scope("org", tx.actor());
    if !kind.is_empty() {
        let kind_text = tx.engine().json_text("body", &["kind".to_owned()]);
        filter.equal(&kind_text, kind);
    }
    let condition = filter.to_where();
    let some =
        format!("SELECT COUNT(*) FROM (SELECT 1 AS one FROM customer{condition} LIMIT {}) AS counted", COUNT_LIMIT + 1);
    let total = tx.query_one(&some, &filter.binds)?.int(0);
    let direction = if oldest_first { "ASC" } else { "DESC" };
    let (take, skip) = (filter.bind(limit), filter.bind(offset));
    let text = format!(
        "SELECT id, version, org, created_at, body FROM customer{condition} \
         ORDER BY created_at {direction}, id {direction} LIMIT {take} OFFSET {skip}"
    );
    let clear = tx.actor().may(PRIVACY_VIEW);
    let rows = tx.query(&text, &filter.binds)?;
    let page = rows.iter().map(|row| Ok(brief(&from_row(row, 0)?, clear))).collect::<Result<_>>()?;
    Ok((page, (total <= COUNT_LIMIT).then_some(total)))
}

/// A document out of `id, version, org, created_at, body` beginning at column `at`.
pub(crate) fn from_row(row: &store::Row, at: usize) -> Result<Document> {
    let Value::Object(body) = row.json(at + 4) else { return Err(Problem::internal("a stored customer is no object")) };
    let org = OrgPath::parse(row.str(at + 2))?;
    Ok(Document { id: row.text(at), version: row.int(at + 1), org, created_at: row.time(at + 3), body })
}

impl Summary {
    /// As lists show it.
    pub fn to_json(&self) -> Value {
        json!({
            "id": self.id, "customerNo": self.customer_no, "name": self.name, "kind": self.kind, "status": self.status,
            "phone": self.phone, "certificateType": self.certificate_type, "certificate": self.certificate,
            "grade": self.grade, "org": self.org.as_str(), "createdAt": self.created_at,
        })
    }
}
