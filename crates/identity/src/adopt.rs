//! A logical customer of other systems becomes one of ours: out of the fullest of its records, under the same code.

use crate::{codes, problems, records};
use customer::NewCustomer;
use kernel::{OrgPath, Phone, Problem, Result};
use party::{Certificate, CertificateKind, PartyKind};
use serde_json::{Value, json};
use store::Tx;

pub(crate) fn adopt(tx: &mut Tx<'_>, code: i64) -> Result<String> {
    let logical = codes::load(tx, code)?;
    if let Some(customer) = &logical.customer_id {
        return Err(Problem::new(&problems::NOT_OF_CRM).with("value", customer));
    }
    let members = records::members(tx, logical.code)?;
    let first = members.first().ok_or_else(Problem::not_found)?;
    let longest =
        |name: &str| members.iter().map(|m| m.text(name)).max_by_key(|t| t.chars().count()).unwrap_or("").to_owned();
    let mut certificate = None;
    for member in &members {
        let sealed = member.text("certificateSealed");
        if sealed.is_empty() {
            continue;
        }
        let number = tx.vault().open_sealed(sealed)?;
        if let Ok(good) = Certificate::parse(CertificateKind::parse(member.text("certificateType")), &number) {
            certificate = Some(good);
            break;
        }
    }
    let mut phones: Vec<Phone> = Vec::new();
    for member in &members {
        let listed = member.body.get("phones").and_then(Value::as_array).into_iter().flatten();
        for phone in listed.filter_map(Value::as_str).filter_map(|p| Phone::parse(p).ok()) {
            if !phones.contains(&phone) {
                phones.push(phone);
            }
        }
    }
    let some = |text: String| Some(text).filter(|t| !t.is_empty());
    let new = NewCustomer {
        kind: if first.text("kind") == "organization" { PartyKind::Organization } else { PartyKind::Individual },
        certificate,
        phones,
        email: some(longest("email")),
        address: some(longest("address")),
        org: Some(OrgPath::clone(&logical.org)),
        ..NewCustomer::person(longest("name"))
    };
    customer::refuse_duplicate(tx, &new)?;
    let made = customer::create(tx, &new)?;
    codes::note(tx, logical.code, "customer", &json!({"customerId": made.id, "customerNo": made.customer_no}))?;
    records::take_customer(tx, &made.id, logical.code)?;
    Ok(made.id)
}
