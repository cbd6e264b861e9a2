//! A port that is about to be free: its line is being taken away, and nobody else gets it before that is done.

use kernel::Result;
use store::{Tx, params, sql};

sql! {
    REST = "UPDATE access_port SET state = 'preReleased' WHERE product_id = $1 AND state = 'assigned'";
    KEEP = "UPDATE access_port SET state = 'assigned' WHERE product_id = $1 AND state = 'preReleased'";
}

/// Marks the product's port as about to be free (预释放).
pub fn pre_release(tx: &mut Tx<'_>, product_id: &str) -> Result<()> {
    tx.execute(&REST, params![product_id]).map(drop)
}

/// Takes [`pre_release`] back.
pub fn keep(tx: &mut Tx<'_>, product_id: &str) -> Result<()> {
    tx.execute(&KEEP, params![product_id]).map(drop)
}
