//! The rules of the billing account document: whose it is, its number, and that its balances come from the ledger.

use super::documents::API;
use crate::perms;
use customer::KeyKind;
use http::tmf::{Column, Document, Kind, Ops, Resource, Rules};
use kernel::{Money, OrgPath, Problem, Result, codes};
use serde_json::{Map, Value, json};
use store::{Tx, params, sql};

sql! {
    USED = "SELECT 1 FROM ledger_balance WHERE owner = $1 LIMIT 1";
    IS_DEFAULT = "SELECT 1 FROM default_account WHERE account_id = $1";
}

pub static BILLING_ACCOUNT: Resource = Resource {
    api: &API,
    name: "billingAccount",
    type_name: "BillingAccount",
    table: "billing_account",
    columns: &[
        Column { attribute: "id", column: "id", kind: Kind::Text },
        Column { attribute: "name", column: "name", kind: Kind::Text },
        Column { attribute: "accountNo", column: "account_no", kind: Kind::Text },
    ],
    mandatory: &["name", "relatedParty"],
    ops: Ops::ALL,
    read: perms::ACCOUNT_READ,
    write: perms::ACCOUNT_WRITE,
    rules: &AccountRules,
};

#[derive(Debug)]
struct AccountRules;

/// The customer among the related parties.
fn customer_in(doc: &Map<String, Value>) -> Option<&str> {
    let parties = doc.get("relatedParty")?.as_array()?;
    parties.iter().find(|p| p["@referredType"] == "Customer").and_then(|p| p["id"].as_str())
}

impl Rules for AccountRules {
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Map<String, Value>) -> Result<OrgPath> {
        checked(doc)?;
        let org = match customer_in(doc).map(str::to_owned) {
            None => tx.actor().org.clone(),
            Some(id) => {
                let found = customer::summary(tx, &id);
                found
                    .map_err(
                        |p| if p.is(&codes::NOT_FOUND) { Problem::unknown_reference("relatedParty", &id) } else { p },
                    )?
                    .org
            }
        };
        doc.entry("state").or_insert(json!("active"));
        let number = tx.next_number("A", &org)?;
        doc.insert("accountNo".into(), json!(number));
        super::with_balances(doc, Money::ZERO, Money::ZERO, &tx.now().to_string());
        Ok(org)
    }

    fn created(&self, tx: &mut Tx<'_>, doc: &Document) -> Result<()> {
        crate::cycle::keep_day(tx, &doc.id, &doc.body)?;
        let Some(customer_id) = customer_in(&doc.body) else { return Ok(()) };
        customer::add_key(tx, customer_id, KeyKind::Account, doc.text("accountNo"))
    }

    fn change(&self, tx: &mut Tx<'_>, before: &Map<String, Value>, after: &mut Map<String, Value>) -> Result<()> {
        checked(after)?;
        for name in ["accountNo", "accountBalance"] {
            if before.get(name) != after.get(name) {
                return Err(Problem::new(&codes::FIELD_READONLY).field(name));
            }
        }
        if customer_in(before) != customer_in(after) {
            return Err(Problem::new(&codes::FIELD_READONLY).field("relatedParty"));
        }
        after.insert("lastModified".into(), json!(tx.now().to_string()));
        Ok(())
    }

    fn changed(&self, tx: &mut Tx<'_>, _: &Map<String, Value>, doc: &Document) -> Result<()> {
        crate::cycle::keep_day(tx, &doc.id, &doc.body)
    }

    fn delete(&self, tx: &mut Tx<'_>, doc: &Document) -> Result<()> {
        let used =
            tx.query_opt(&USED, params![doc.id])?.is_some() || tx.query_opt(&IS_DEFAULT, params![doc.id])?.is_some();
        if used {
            return Err(Problem::new(&http::problems::IN_USE));
        }
        match customer_in(&doc.body) {
            Some(customer_id) => customer::remove_key(tx, customer_id, KeyKind::Account, doc.text("accountNo")),
            None => Ok(()),
        }
    }

    fn columns(&self, doc: &Map<String, Value>) -> Vec<(&'static str, store::Value)> {
        let text = |name: &str| doc.get(name).and_then(Value::as_str);
        let binds = params![text("name").unwrap_or(""), text("accountNo"), customer_in(doc)].to_vec();
        ["name", "account_no", "customer_id"].into_iter().zip(binds).collect()
    }
}

fn checked(doc: &Map<String, Value>) -> Result<()> {
    if !doc.get("name").is_some_and(Value::is_string) {
        return Err(Problem::invalid("name", "text"));
    }
    match doc.get("relatedParty").and_then(Value::as_array) {
        Some(parties) if parties.iter().all(|p| p["id"].is_string()) => Ok(()),
        _ => Err(Problem::invalid("relatedParty", "[{id}]")),
    }
}
