//! Billing accounts: where charges go and money comes in. A customer has one default account, made when first needed.

mod documents;
mod merge;
mod rules;

pub use documents::routes;
pub use merge::{
    changes, close_account_unused, merge, mergeable, must_be_open, open_account, rename, split, unmerge, unsplit,
};
pub use rules::BILLING_ACCOUNT;

use crate::ledger;
use http::tmf;
use kernel::{Money, OrgPath, Problem, Result};
use serde::Serialize;
use serde_json::{Map, Value, json};
use store::{Row, Tx, params, sql};

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    pub id: String,
    pub account_no: String,
    #[serde(skip)]
    pub customer_id: String,
    pub name: String,
    #[serde(skip)]
    pub org: OrgPath,
    /// Paid in advance.
    #[serde(rename = "balanceFen")]
    pub balance: Money,
    pub payment_method: String,
}

sql! {
    DEFAULT_OF = "SELECT account_id FROM default_account WHERE customer_id = $1";
    MAKE_DEFAULT = "INSERT INTO default_account (customer_id, account_id) VALUES ($1, $2) ON CONFLICT (customer_id) DO NOTHING";
    ONE = "SELECT id, account_no, customer_id, name, org FROM billing_account WHERE id = $1";
    LOCK = "SELECT id, account_no, customer_id, name, org FROM billing_account WHERE id = $1 {for_update}";
    OF_CUSTOMER = "SELECT id, account_no, customer_id, name, org FROM billing_account WHERE customer_id = $1 ORDER BY id";
    LOCK_OF_CUSTOMER = "SELECT id, account_no, customer_id, name, org FROM billing_account WHERE customer_id = $1 ORDER BY id {for_update}";
    BY_NUMBER = "SELECT customer_id FROM billing_account WHERE account_no = $1 AND customer_id IS NOT NULL";
    BODY = "SELECT body FROM billing_account WHERE id = $1 {for_update}";
    REFRESH = "UPDATE billing_account SET body = $2, version = version + 1, updated_at = $3 WHERE id = $1";
}

fn read(tx: &mut Tx<'_>, row: &Row) -> Result<Account> {
    tx.must_see(row.str(4))?;
    let id = row.text(0);
    let balance = ledger::deposit(tx, &id)?;
    Ok(Account {
        account_no: row.opt_text(1).unwrap_or_default(),
        customer_id: row.opt_text(2).unwrap_or_default(),
        name: row.text(3),
        org: OrgPath::parse(row.str(4))?,
        balance,
        payment_method: "counter".to_owned(),
        id,
    })
}

/// The customer's default account; made now when there is none. 404 where the customer is not to be seen.
pub fn account_of(tx: &mut Tx<'_>, customer_id: &str) -> Result<Account> {
    if let Some(row) = tx.query_opt(&DEFAULT_OF, params![customer_id])? {
        return account(tx, row.str(0));
    }
    customer::summary(tx, customer_id)?;
    let id = tx.new_id::<Account>().into_string();
    if tx.execute(&MAKE_DEFAULT, params![customer_id, id])? == 0 {
        let made_meanwhile = tx.query_one(&DEFAULT_OF, params![customer_id])?.text(0);
        return account(tx, &made_meanwhile);
    }
    let body = default_body(&id, customer_id);
    tmf::insert(tx, &BILLING_ACCOUNT, body)?;
    account(tx, &id)
}

/// The document of a default account as it is asked for: number and balances come with its row.
pub(crate) fn default_body(id: &str, customer_id: &str) -> Map<String, Value> {
    let document = json!({
        "id": id,
        "name": "默认账户",
        "accountType": "billing",
        "state": "active",
        "ratingType": "postpaid",
        "billStructure": {
            "cycleSpecification": {"id": "natural-month", "href": "/tmf-api/accountManagement/v4/billingCycleSpecification/natural-month"},
            "format": {"id": "detailed", "href": "/tmf-api/accountManagement/v4/billFormat/detailed"},
            "presentationMedia": [{"id": "counter", "href": "/tmf-api/accountManagement/v4/billPresentationMedia/counter"}],
        },
        "relatedParty": [{
            "id": customer_id, "href": format!("/tmf-api/customerManagement/v4/customer/{customer_id}"),
            "role": "customer", "@referredType": "Customer",
        }],
    });
    match document {
        Value::Object(body) => body,
        _ => Map::new(),
    }
}

pub fn account(tx: &mut Tx<'_>, id: &str) -> Result<Account> {
    let row = tx.query_one(&ONE, params![id])?;
    read(tx, &row)
}

/// All accounts of a customer, oldest first; none are made.
pub fn accounts_of(tx: &mut Tx<'_>, customer_id: &str) -> Result<Vec<Account>> {
    let rows = tx.query(&OF_CUSTOMER, params![customer_id])?;
    rows.iter().map(|r| read(tx, r)).collect()
}

/// The customer that an account number belongs to.
pub fn customer_of_number(tx: &mut Tx<'_>, account_no: &str) -> Result<Option<String>> {
    Ok(tx.query_opt(&BY_NUMBER, params![account_no])?.map(|r| r.text(0)))
}

/// The account, and nobody else moves its money before this transaction ends.
pub fn lock(tx: &mut Tx<'_>, id: &str) -> Result<Account> {
    let row = tx.query_one(&LOCK, params![id])?;
    read(tx, &row)
}

/// All accounts of a customer, locked in one order so that two payments never wait for each other in a ring.
pub fn lock_of_customer(tx: &mut Tx<'_>, customer_id: &str) -> Result<Vec<Account>> {
    let rows = tx.query(&LOCK_OF_CUSTOMER, params![customer_id])?;
    rows.iter().map(|r| read(tx, r)).collect()
}

/// Writes the balances of the ledger into the account's document.
pub fn refresh(tx: &mut Tx<'_>, account_id: &str) -> Result<()> {
    let Value::Object(mut body) = tx.query_one(&BODY, params![account_id])?.json(0) else {
        return Err(Problem::internal("an account is no object"));
    };
    let (deposit, receivable) = (ledger::deposit(tx, account_id)?, ledger::receivable(tx, account_id)?);
    with_balances(&mut body, deposit, receivable, &tx.now().to_string());
    tx.execute(&REFRESH, params![account_id, Value::Object(body), tx.now()]).map(drop)
}

pub(crate) fn with_balances(body: &mut Map<String, Value>, deposit: Money, receivable: Money, now: &str) {
    let status = if receivable > Money::ZERO { "due" } else { "inGoodStanding" };
    body.insert("paymentStatus".into(), json!(status));
    body.insert("lastModified".into(), json!(now));
    body.insert(
        "accountBalance".into(),
        json!([
            {"balanceType": "deposit", "amount": deposit.to_tmf(), "validFor": {"startDateTime": now}},
            {"balanceType": "receivable", "amount": receivable.to_tmf(), "validFor": {"startDateTime": now}},
        ]),
    );
}
