//! Accounts with all that lies on them, given to another customer when two are merged, and back. Money does not move: it
//! lies on the accounts, and these keep their balances.

use crate::account::BILLING_ACCOUNT;
use customer::reassign;
use kernel::Result;
use store::{Tx, params, sql};

const ROWS: [(&str, &str, &str); 9] = [
    ("subscription", "id", "customer_id"),
    ("bill", "id", "customer_id"),
    ("payment", "id", "customer_id"),
    ("collaboration", "id", "customer_id"),
    ("contract", "id", "customer_id"),
    ("payment_relation", "id", "customer_id"),
    ("payout", "id", "customer_id"),
    ("adjustment", "id", "customer_id"),
    ("huge_charge", "id", "customer_id"),
];

sql! {
    DEFAULT_OF = "SELECT account_id FROM default_account WHERE customer_id = $1";
    GIVE_DEFAULT = "INSERT INTO default_account (customer_id, account_id) VALUES ($1, $2) ON CONFLICT (customer_id) DO NOTHING";
    TAKE_DEFAULT = "DELETE FROM default_account WHERE customer_id = $1 AND account_id = $2";
}

/// Moves what `from` holds to `into`; with `only`, those of these labels. Returns the labels of what moved.
pub fn reassign(tx: &mut Tx<'_>, from: &str, into: &str, only: Option<&[String]>) -> Result<Vec<String>> {
    let mut moved = reassign::documents(tx, &BILLING_ACCOUNT, from, into, only)?;
    for table in ROWS {
        moved.extend(reassign::rows(tx, table, from, into, only)?);
    }
    match reassign::ids_of(only, "default_account") {
        // The way there: a customer without an account of its own goes on with the other's.
        None => {
            if let Some(row) = tx.query_opt(&DEFAULT_OF, params![from])? {
                let account = row.text(0);
                if tx.execute(&GIVE_DEFAULT, params![into, account])? > 0 {
                    moved.push(format!("default_account:{account}"));
                }
            }
        }
        Some(accounts) => {
            for account in accounts {
                if tx.execute(&TAKE_DEFAULT, params![from, account])? > 0 {
                    moved.push(format!("default_account:{account}"));
                }
            }
        }
    }
    Ok(moved)
}

/// How much of each kind a customer has.
pub fn holds(tx: &mut Tx<'_>, customer: &str) -> Result<Vec<(&'static str, i64)>> {
    reassign::counts(tx, &["billing_account", "subscription", "bill", "payment", "contract"], customer)
}
