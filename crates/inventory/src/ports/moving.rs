//! A line that moves to another address: the new port is taken while the old one is kept until the move is completed, so that
//! a move that fails finds it where it was.

use super::{Port, assign};
use kernel::{OrgPath, Result};
use store::{Tx, params, sql};

sql! {
    LEAVE = "UPDATE access_port SET state = 'leaving', product_id = NULL WHERE product_id = $1 RETURNING id";
    LEFT = "UPDATE access_port SET state = 'available' WHERE id = $1 AND state = 'leaving'";
    COME_BACK = "UPDATE access_port SET state = 'assigned', product_id = $2 WHERE id = $1 AND state = 'leaving'";
}

/// Takes a new port for the product; the old one, whose id comes back where there was one, waits for [`left`].
pub fn move_to(tx: &mut Tx<'_>, org: &OrgPath, product_id: &str) -> Result<(Option<String>, Port)> {
    let old = tx.query_opt(&LEAVE, params![product_id])?.map(|r| r.text(0));
    Ok((old, assign(tx, org, product_id)?))
}

/// Takes [`move_to`] back.
pub fn move_back(tx: &mut Tx<'_>, old: Option<&str>, product_id: &str) -> Result<()> {
    super::release(tx, product_id)?;
    if let Some(old) = old {
        tx.execute(&COME_BACK, params![old, product_id])?;
    }
    Ok(())
}

/// The old port is free for others.
pub fn left(tx: &mut Tx<'_>, port_id: &str) -> Result<()> {
    tx.execute(&LEFT, params![port_id]).map(drop)
}
