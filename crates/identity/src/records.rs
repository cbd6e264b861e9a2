//! Records of other systems: taken in from files of millions of rows, each checked, normalised and kept with its sealed
//! certificate; refused rows keep their line and reason.

mod columns;
mod import;
mod prepare;
mod refresh;

pub(crate) use columns::names;
pub use columns::{Column, Columns};
pub(crate) use import::upload_path;
pub use import::{FileState, Import, begin, import};
pub use prepare::{Prepared, prepare};
pub use refresh::refresh;
pub(crate) use refresh::{drop_customer, take_customer};

use crate::matching::features::Keyed;
use kernel::{Phone, Result, Timestamp};
use serde_json::{Map, Value, json};
use store::{Row, Tx, Vault, params, sql};

/// Records of our own customers.
pub const CRM: &str = "crm";

pub(crate) fn keyed(vault: &Vault) -> Keyed {
    Keyed::new(&vault.derive("identity features"))
}

sql! {
    SOURCES = "SELECT s.code, s.name, s.mapping FROM identity_source s ORDER BY s.code";
    SOURCE = "SELECT name, mapping FROM identity_source WHERE code = $1";
    SET_SOURCE = "INSERT INTO identity_source (code, name, mapping, created_at) VALUES ($1, $2, $3, $4) \
                  ON CONFLICT (code) DO UPDATE SET name = $2, mapping = $3";
    COUNT_OF = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM identity_record WHERE source = $1 LIMIT 10000001) AS counted";
    BY_NO = "SELECT r.no, r.source, r.source_id, r.org, r.body, r.updated_at, m.code, r.digest FROM identity_record r \
             LEFT JOIN identity_member m ON m.record_no = r.no WHERE r.no = $1";
    BY_SOURCE_ID = "SELECT no, org FROM identity_record WHERE source = $1 AND source_id = $2";
    FIND_NAME = "SELECT no FROM identity_record WHERE name = $1 LIMIT 50";
    FIND_PHONE = "SELECT no FROM identity_record WHERE phone = $1 LIMIT 50";
    FIND_CERTIFICATE = "SELECT no FROM identity_record WHERE certificate_key = $1 LIMIT 50";
    FIND_ID = "SELECT no FROM identity_record WHERE source_id = $1 AND source IN (SELECT code FROM identity_source) LIMIT 50";
    CODED = "SELECT r.no, r.source, r.source_id, m.code FROM identity_record r JOIN identity_member m ON m.record_no = r.no \
             WHERE r.no > $1 ORDER BY r.no LIMIT $2";
    MEMBERS = "SELECT r.no, r.source, r.source_id, r.org, r.body, r.updated_at, m.code, r.digest FROM identity_member m \
               JOIN identity_record r ON r.no = m.record_no WHERE m.code = $1 ORDER BY r.source, r.no LIMIT 500";
}

/// A record as it is shown: numbers masked unless the reader may see them.
#[derive(Clone, Debug)]
pub struct Record {
    pub no: i64,
    pub source: String,
    pub source_id: String,
    pub org: String,
    pub body: Map<String, Value>,
    pub updated_at: Timestamp,
    pub code: Option<i64>,
    pub digest: String,
}

fn from_row(r: &Row) -> Record {
    let body = match r.json(4) {
        Value::Object(body) => body,
        _ => Map::new(),
    };
    Record {
        no: r.int(0),
        source: r.text(1),
        source_id: r.text(2),
        org: r.text(3),
        body,
        updated_at: r.time(5),
        code: r.opt_int(6),
        digest: r.text(7),
    }
}

impl Record {
    pub fn text(&self, name: &str) -> &str {
        self.body.get(name).and_then(Value::as_str).unwrap_or("")
    }
    pub fn to_json(&self, clear: bool, vault: &Vault) -> Value {
        let phones: Vec<String> = self
            .body
            .get("phones")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(|p| shown_phone(p, clear))
            .collect();
        let certificate = match (clear, self.text("certificateSealed")) {
            (true, sealed) if !sealed.is_empty() => vault.open_sealed(sealed).unwrap_or_default(),
            _ => self.text("certificate").to_owned(),
        };
        json!({
            "no": self.no, "source": self.source, "sourceId": self.source_id, "name": self.text("name"), "kind": self.text("kind"),
            "certificateType": self.text("certificateType"), "certificate": certificate, "certificateGood": self.body.get("certificateGood"),
            "phones": phones, "address": self.text("address"), "birth": self.text("birth"), "email": self.text("email"),
            "code": self.code.map(crate::codes::shown), "updatedAt": self.updated_at,
        })
    }
}

fn shown_phone(text: &str, clear: bool) -> String {
    match Phone::parse(text) {
        Ok(phone) if clear => phone.national().to_owned(),
        Ok(phone) => phone.masked(),
        Err(_) if clear => text.to_owned(),
        Err(_) => kernel::mask_phone(text),
    }
}

pub fn record(tx: &mut Tx<'_>, no: i64) -> Result<Option<Record>> {
    let row = tx.query_opt(&BY_NO, params![no])?;
    Ok(row.map(|r| from_row(&r)).filter(|r| tx.actor().sees(&r.org)))
}

/// The records of a logical customer.
pub fn members(tx: &mut Tx<'_>, code: i64) -> Result<Vec<Record>> {
    Ok(tx.query(&MEMBERS, params![code])?.iter().map(from_row).collect())
}

/// Records that a name, telephone number, certificate or source id finds, within the actor's scope.
pub fn find(tx: &mut Tx<'_>, q: &str) -> Result<Vec<Record>> {
    let q = q.trim();
    let mut nos: Vec<i64> = Vec::new();
    let mut add = |rows: Vec<Row>| nos.extend(rows.iter().map(|r| r.int(0)));
    if let Ok(phone) = Phone::parse(q) {
        add(tx.query(&FIND_PHONE, params![phone.as_str()])?);
    }
    let key = certificate_key(tx.vault(), q);
    add(tx.query(&FIND_CERTIFICATE, params![key])?);
    add(tx.query(&FIND_ID, params![q])?);
    add(tx.query(&FIND_NAME, params![crate::matching::text::person_name(q)])?);
    nos.sort_unstable();
    nos.dedup();
    let found: Vec<Option<Record>> = nos.into_iter().map(|no| record(tx, no)).collect::<Result<_>>()?;
    Ok(found.into_iter().flatten().collect())
}

pub(crate) fn certificate_key(vault: &Vault, number: &str) -> String {
    vault.blind("certificate", &party::Certificate::look_up_text(number))
}

pub(crate) struct Source {
    pub code: String,
    pub name: String,
    pub mapping: Value,
}

pub(crate) fn sources(tx: &mut Tx<'_>) -> Result<Vec<(Source, i64)>> {
    let rows = tx.query(&SOURCES, params![])?;
    rows.iter()
        .map(|r| {
            let source = Source { code: r.text(0), name: r.text(1), mapping: r.json(2) };
            let records = tx.query_one(&COUNT_OF, params![source.code])?.int(0);
            Ok((source, records))
        })
        .collect()
}

pub(crate) fn source(tx: &mut Tx<'_>, code: &str) -> Result<Option<Source>> {
    let row = tx.query_opt(&SOURCE, params![code])?;
    Ok(row.map(|r| Source { code: code.to_owned(), name: r.text(0), mapping: r.json(1) }))
}

/// Says which columns of a source's files are what.
pub fn set_mapping(tx: &mut Tx<'_>, code: &str, mapping: &Value) -> Result<()> {
    match source(tx, code)? {
        Some(found) => set_source(tx, &Source { mapping: mapping.clone(), ..found }),
        None => Ok(()),
    }
}

pub(crate) fn set_source(tx: &mut Tx<'_>, source: &Source) -> Result<()> {
    tx.execute(&SET_SOURCE, params![source.code, source.name, source.mapping, tx.now()]).map(drop)
}

/// The record of one of our customers, if it was taken in.
pub(crate) fn of_source(tx: &mut Tx<'_>, source: &str, source_id: &str) -> Result<Option<i64>> {
    Ok(tx.query_opt(&BY_SOURCE_ID, params![source, source_id])?.map(|r| r.int(0)))
}

/// A record and the code it has.
#[derive(Clone, Debug)]
pub struct Coded {
    pub no: i64,
    pub source: String,
    pub source_id: String,
    pub code: i64,
}

/// Records with their codes after `after`, for a file of all of them.
pub fn coded(tx: &mut Tx<'_>, after: i64, limit: i64) -> Result<Vec<Coded>> {
    let rows = tx.query(&CODED, params![after, limit])?;
    let one = |r: &Row| Coded { no: r.int(0), source: r.text(1), source_id: r.text(2), code: r.int(3) };
    Ok(rows.iter().map(one).collect())
}
