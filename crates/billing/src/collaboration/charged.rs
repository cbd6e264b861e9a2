//! Which products are charged to an account.

use kernel::Result;
use store::{Tx, params, sql};

sql! {
    OF_ACCOUNT = "SELECT product_id FROM subscription WHERE account_id = $1 AND state <> 'terminated' ORDER BY product_id LIMIT 2000";
}

/// The products that are charged to an account and not ended, in one order.
pub fn products_of_account(tx: &mut Tx<'_>, account_id: &str) -> Result<Vec<String>> {
    Ok(tx.query(&OF_ACCOUNT, params![account_id])?.iter().map(|r| r.text(0)).collect())
}
