//! TMF670: the ways a customer may pay. Numbers of cards and accounts are cut to their last four places before anything is
//! kept: nothing here can take money.

use crate::perms;
use http::tmf::{Api, Column, Kind, Ops, Resource, Rules};
use kernel::{OrgPath, Problem, Result};
use serde_json::{Map, Value, json};
use store::Tx;

static API: Api =
    Api { base: "/tmf-api/paymentMethods/v4", aliases: &["/tmf-api/paymentMethod/v4", "/paymentMethods/v4"] };

pub static PAYMENT_METHOD: Resource = Resource {
    api: &API,
    name: "paymentMethod",
    type_name: "PaymentMethod",
    table: "payment_method",
    columns: &[Column { attribute: "id", column: "id", kind: Kind::Text }],
    mandatory: &["name"],
    ops: Ops::ALL,
    read: perms::PAYMENT_READ,
    write: perms::ACCOUNT_WRITE,
    rules: &MethodRules,
};

#[derive(Debug)]
struct MethodRules;

/// Names of attributes that hold the number of a card or an account.
const NUMBERS: [&str; 6] = ["cardNumber", "accountNumber", "iban", "bankAccountNumber", "number", "code"];
/// What is never kept.
const SECRETS: [&str; 4] = ["cvv", "cvc", "securityCode", "pin"];

fn mask(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.retain(|name, _| !SECRETS.contains(&name.as_str()));
            for (name, value) in object.iter_mut() {
                let number = match value {
                    Value::String(text) => text.clone(),
                    Value::Number(number) => number.to_string(),
                    _ => String::new(),
                };
                if NUMBERS.contains(&name.as_str()) && !number.is_empty() {
                    let places: Vec<char> = number.chars().filter(|c| c.is_alphanumeric()).collect();
                    let tail: String = places[places.len().saturating_sub(4)..].iter().collect();
                    *value = json!(format!("****{tail}"));
                } else {
                    mask(value);
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(mask),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn checked(doc: &mut Map<String, Value>) -> Result<()> {
    if !doc.get("name").is_some_and(Value::is_string) {
        return Err(Problem::invalid("name", "text"));
    }
    let mut whole = Value::Object(std::mem::take(doc));
    mask(&mut whole);
    if let Value::Object(masked) = whole {
        *doc = masked;
    }
    Ok(())
}

impl Rules for MethodRules {
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Map<String, Value>) -> Result<OrgPath> {
        checked(doc)?;
        doc.entry("status").or_insert(json!("active"));
        doc.entry("statusDate").or_insert(json!(tx.now().to_string()));
        doc.entry("isPreferred").or_insert(json!(false));
        Ok(tx.actor().org.clone())
    }
    fn change(&self, _: &mut Tx<'_>, _: &Map<String, Value>, after: &mut Map<String, Value>) -> Result<()> {
        checked(after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_number_that_pays_is_kept() {
        let mut doc = json!({"name": "工资卡", "details": {"cardNumber": "6222 0200 1234 5678", "cvv": "123", "brand": "UnionPay"}, "iban": 12_345_678});
        mask(&mut doc);
        assert_eq!(
            doc,
            json!({"name": "工资卡", "details": {"cardNumber": "****5678", "brand": "UnionPay"}, "iban": "****5678"})
        );
    }
}
