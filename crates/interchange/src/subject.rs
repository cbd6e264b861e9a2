//! What an order from billing is about, looked up: the products it concerns and where it belongs.

use crate::{Kind, Subject, problems};
use inventory::products::{self, characteristic};
use kernel::{OrgPath, Problem, Result};
use store::Tx;

/// One product concerned; none for what is about an account as a whole.
pub struct Concerned {
    pub product_id: String,
    pub number: String,
    pub org: OrgPath,
}

pub struct Found {
    pub customer_id: String,
    pub org: OrgPath,
    pub concerned: Vec<Concerned>,
}

pub fn look(tx: &mut Tx<'_>, kind: Kind, subject: &Subject) -> Result<Found> {
    match subject {
        Subject::Product(id) => {
            let product = products::get(tx, id).map_err(|p| unknown(p, "productId", id))?;
            Ok(Found { customer_id: holder(&product), org: product.org.clone(), concerned: vec![concerned(&product)] })
        }
        Subject::Account(id) => {
            let account = billing::account(tx, id).map_err(|p| unknown(p, "accountId", id))?;
            let mut all = Vec::new();
            if kind.is_business() {
                for product in billing::products_of_account(tx, id)? {
                    all.push(concerned(&products::get(tx, &product)?));
                }
                if all.is_empty() {
                    return Err(Problem::new(&problems::BACK_NOBODY).with("value", &account.account_no));
                }
            } else {
                all.push(Concerned { product_id: String::new(), number: String::new(), org: account.org.clone() });
            }
            Ok(Found { customer_id: account.customer_id, org: account.org, concerned: all })
        }
    }
}

fn concerned(product: &http::tmf::Document) -> Concerned {
    let known = characteristic(&product.body, "number").or_else(|| characteristic(&product.body, "broadbandAccount"));
    Concerned { product_id: product.id.clone(), number: known.unwrap_or_default(), org: product.org.clone() }
}

fn holder(product: &http::tmf::Document) -> String {
    let mut parties = product.body.get("relatedParty").and_then(serde_json::Value::as_array).into_iter().flatten();
    let customer = parties.find(|p| p["role"] == "customer" || p["@referredType"] == "Customer");
    customer.and_then(|p| p["id"].as_str()).unwrap_or("").to_owned()
}

fn unknown(problem: Problem, field: &str, id: &str) -> Problem {
    if problem.is(&kernel::codes::NOT_FOUND) { Problem::unknown_reference(field, id) } else { problem }
}
