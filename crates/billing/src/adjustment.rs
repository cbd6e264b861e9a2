//! Adjustments (调账): charges given or taken by decision.

use crate::bill::Ready;
use kernel::Result;
use std::collections::HashMap;
use store::Tx;

/// An approved adjustment that waits for the account's next bill.
#[derive(Clone, Debug)]
pub struct Waiting {
    pub id: String,
    pub ready: Ready,
}

impl Waiting {
    pub fn line(&self) -> Ready {
        self.ready.clone()
    }
}

/// Those of the accounts from `from` to `to`, by account.
pub fn waiting(tx: &mut Tx<'_>, from: &str, to: &str) -> Result<HashMap<String, Vec<Waiting>>> {
    let _ = (tx, from, to);
    Ok(HashMap::new())
}

/// They stand on this bill now.
pub fn billed(tx: &mut Tx<'_>, ids: &[String], bill_id: &str) -> Result<()> {
    let _ = (tx, ids, bill_id);
    Ok(())
}
