//! What must hold of ports in a sound store.

use kernel::Result;
use store::{Tx, params, sql};

sql! {
    LEFT = "SELECT number, state FROM port_out WHERE live = 1 AND state IN ('effective', 'closing') ORDER BY number";
    IN_LIVE = "SELECT number, product_id, state FROM port_in WHERE live = 1 AND state <> 'effective' ORDER BY number";
}

/// A number that left serves nobody with us, and one that has not come yet serves nobody with us either.
pub fn check(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    for row in tx.query(&IN_LIVE, params![])? {
        let product = inventory::products::get(tx, row.str(1))?;
        if product.text("status") == "active" {
            wrong.push(format!("{} is {} on its way in and has an active line", row.str(0), row.str(2)));
        }
    }
    for row in tx.query(&LEFT, params![])? {
        if crate::port_in::live(tx, row.str(0))?.is_some_and(|p| p.state == crate::state::InState::Effective) {
            wrong.push(format!("{} has left and is ours by a port in", row.str(0)));
        }
    }
    Ok(wrong)
}
