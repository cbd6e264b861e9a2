//! Logical customers: the identification code (客户识别码) and the records of all systems behind it.
//!
//! A code is never given to anybody else. Where all its records went to another code it leads there, so an old code on
//! paper still finds the customer.

use crate::records::{self, Record};
use kernel::{OrgPath, Problem, Result, Timestamp};
use serde_json::{Value, json};
use store::{Row, Tx, params, sql};

/// `Y00000012345`: ten digits and a check digit (Luhn), so that a mistyped code is noticed.
pub fn shown(code: i64) -> String {
    let digits = format!("{code:010}");
    format!("Y{digits}{}", check(&digits))
}

pub fn parse(text: &str) -> Option<i64> {
    let digits = text.trim().strip_prefix(['Y', 'y'])?;
    let (body, last) = digits.split_at_checked(digits.len().checked_sub(1)?)?;
    let good =
        (10..=18).contains(&body.len()) && body.bytes().all(|b| b.is_ascii_digit()) && check(body).to_string() == last;
    body.parse().ok().filter(|_| good)
}

fn check(digits: &str) -> u32 {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, b)| {
            let n = u32::from(b - b'0') * if i % 2 == 0 { 2 } else { 1 };
            n / 10 + n % 10
        })
        .sum();
    (10 - sum % 10) % 10
}

/// A logical customer.
#[derive(Clone, Debug)]
pub struct Logical {
    pub code: i64,
    pub org: OrgPath,
    pub customer_id: Option<String>,
    pub records: i64,
    /// How many of its records are customers of this system: more than one should be merged.
    pub customers: i64,
    pub merged_into: Option<i64>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

sql! {
    LOAD = "SELECT code, org, customer_id, records, customers, merged_into, created_at, updated_at FROM identity_code WHERE code = $1";
    OF_CUSTOMER = "SELECT m.code FROM identity_record r JOIN identity_member m ON m.record_no = r.no WHERE r.source = 'crm' AND r.source_id = $1";
    SEVERAL = "SELECT code, org, customer_id, records, customers, merged_into, created_at, updated_at FROM identity_code \
               WHERE customers > 1 AND (org = $1 OR (org >= $2 AND org < $3)) ORDER BY customers, code LIMIT $4 OFFSET $5";
    SOME = "SELECT code, org, customer_id, records, customers, merged_into, created_at, updated_at FROM identity_code \
            WHERE records >= $6 AND merged_into IS NULL AND (org = $1 OR (org >= $2 AND org < $3)) ORDER BY code DESC LIMIT $4 OFFSET $5";
    HISTORY = "SELECT id, at, what, detail, operator FROM identity_history WHERE code = $1 ORDER BY id DESC LIMIT 200";
    NOTE = "INSERT INTO identity_history (id, code, at, what, detail, operator) VALUES ($1, $2, $3, $4, $5, $6)";
    PUT_MEMBER = "INSERT INTO identity_member (record_no, code) VALUES ($1, $2) ON CONFLICT (record_no) DO UPDATE SET code = $2";
    MEMBER = "SELECT code FROM identity_member WHERE record_no = $1";
    PUT = "INSERT INTO identity_code (code, org, customer_id, records, customers, merged_into, created_at, updated_at) \
           VALUES ($1, $2, $3, $4, $5, NULL, $6, $6) \
           ON CONFLICT (code) DO UPDATE SET org = $2, customer_id = $3, records = $4, customers = $5, merged_into = NULL, updated_at = $6";
    EMPTY = "UPDATE identity_code SET records = 0, customers = 0, customer_id = NULL, merged_into = $2, updated_at = $3 WHERE code = $1";
}

fn from_row(r: &Row) -> Result<Logical> {
    Ok(Logical {
        code: r.int(0),
        org: OrgPath::parse(r.str(1))?,
        customer_id: r.opt_text(2),
        records: r.int(3),
        customers: r.int(4),
        merged_into: r.opt_int(5),
        created_at: r.time(6),
        updated_at: r.time(7),
    })
}

/// The logical customer under `code`, or the one that it became.
pub fn load(tx: &mut Tx<'_>, code: i64) -> Result<Logical> {
    let mut at = code;
    for _ in 0..20 {
        let found = from_row(&tx.query_one(&LOAD, params![at])?)?;
        match found.merged_into {
            Some(next) if found.records == 0 => at = next,
            _ => {
                tx.must_see(found.org.as_str())?;
                return Ok(found);
            }
        }
    }
    Err(Problem::not_found())
}

/// The code of one of our customers, if it was matched.
pub fn of_customer(tx: &mut Tx<'_>, customer_id: &str) -> Result<Option<i64>> {
    Ok(tx.query_opt(&OF_CUSTOMER, params![customer_id])?.map(|r| r.int(0)))
}

/// Logical customers within the actor's scope: those with several customers of ours, or those of at least `records`.
pub(crate) fn list(tx: &mut Tx<'_>, several: bool, records: i64, limit: i64, offset: i64) -> Result<Vec<Logical>> {
    let scope = tx.actor().scope.clone();
    let (low, high) = scope.below();
    let rows = match several {
        true => tx.query(&SEVERAL, params![scope, low, high, limit, offset])?,
        false => tx.query(&SOME, params![scope, low, high, limit, offset, records])?,
    };
    rows.iter().map(from_row).collect()
}

pub(crate) fn history(tx: &mut Tx<'_>, code: i64) -> Result<Vec<Value>> {
    let rows = tx.query(&HISTORY, params![code])?;
    let one = |r: &Row| json!({"at": r.time(1), "what": r.str(2), "detail": r.json(3), "operator": r.str(4)});
    Ok(rows.iter().map(one).collect())
}

pub(crate) fn note(tx: &mut Tx<'_>, code: i64, what: &str, detail: &Value) -> Result<()> {
    let id = tx.new_id::<Logical>().into_string();
    let by = tx.actor().name.to_string();
    tx.execute(&NOTE, params![id, code, tx.now(), what, detail, by]).map(drop)
}

pub(crate) fn code_of(tx: &mut Tx<'_>, record: i64) -> Result<Option<i64>> {
    Ok(tx.query_opt(&MEMBER, params![record])?.map(|r| r.int(0)))
}

/// A new code for records that have none.
pub(crate) fn new_code(tx: &mut Tx<'_>) -> Result<i64> {
    tx.take_from_series("identity-code", 1)
}

/// Puts records under `code` and counts again what lies under it and under where they came from.
pub(crate) fn move_to(tx: &mut Tx<'_>, nos: &[i64], code: i64, why: &Value) -> Result<()> {
    let mut left: Vec<i64> = Vec::new();
    for no in nos {
        match code_of(tx, *no)? {
            Some(old) if old == code => continue,
            Some(old) if !left.contains(&old) => left.push(old),
            _ => {}
        }
        tx.execute(&PUT_MEMBER, params![*no, code])?;
    }
    count(tx, code, None)?;
    note(tx, code, "joined", &json!({"records": nos, "why": why}))?;
    for old in left {
        count(tx, old, Some(code))?;
        note(tx, old, "left", &json!({"records": nos, "to": shown(code), "why": why}))?;
    }
    Ok(())
}

/// Counts a code anew; an empty one leads to `heir`.
pub(crate) fn count(tx: &mut Tx<'_>, code: i64, heir: Option<i64>) -> Result<()> {
    let members = records::members(tx, code)?;
    let now = tx.now();
    let Some(first) = members.first() else {
        return tx.execute(&EMPTY, params![code, heir, now]).map(drop);
    };
    let ours: Vec<&Record> = members.iter().filter(|m| m.source == records::CRM).collect();
    let customer = ours.first().map(|r| r.source_id.clone());
    let org = ours.first().map_or(first.org.as_str(), |r| r.org.as_str());
    tx.execute(&PUT, params![code, org, customer, members.len(), ours.len(), now]).map(drop)
}

/// A logical customer as lists and pages show it.
pub(crate) fn to_json(tx: &mut Tx<'_>, logical: &Logical) -> Result<Value> {
    let clear = tx.actor().may(party::PRIVACY_VIEW);
    let members = records::members(tx, logical.code)?;
    let vault_shown: Vec<Value> = members.iter().map(|m| m.to_json(clear, tx.vault())).collect();
    let name = members.iter().find(|m| m.source == records::CRM).or(members.first()).map(|m| m.text("name").to_owned());
    Ok(json!({
        "code": shown(logical.code), "name": name, "customerId": logical.customer_id, "recordCount": logical.records,
        "customerCount": logical.customers, "records": vault_shown, "createdAt": logical.created_at, "updatedAt": logical.updated_at,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_code_is_noticed() {
        let code = shown(12_345);
        assert_eq!(parse(&code), Some(12_345), "{code}");
        assert_eq!(parse(&code.to_lowercase()), Some(12_345));
        let mut wrong = code.into_bytes();
        wrong.swap(9, 10);
        assert_eq!(parse(&String::from_utf8(wrong).unwrap()), None);
        for bad in ["", "Y", "Y1", "X00000123456", "Yabc"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
