//! Numbers of other operators that serve nobody with us any more: they have to go home.

use kernel::Result;
use store::{Tx, params, sql};

sql! {
    FOREIGN_IDLE = "SELECT number FROM number_pool WHERE state = 'quarantine' AND origin IS NOT NULL ORDER BY number LIMIT $1";
}

/// Foreign numbers whose line was given up, at most `limit`.
pub fn foreign_idle(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<String>> {
    Ok(tx.query(&FOREIGN_IDLE, params![limit])?.iter().map(|r| r.text(0)).collect())
}
