//! What a receipt left open: missing pieces are found or lost, and somebody says which.

use super::{announce, another, in_state, load};
use crate::stock::{
    items::{self, Holder},
    state::Change,
};
use kernel::{Problem, Result};
use serde::Deserialize;
use serde_json::json;
use store::{Tx, params, sql};

/// How the missing pieces of a transfer are settled.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::stock) struct Settlement {
    /// Those that never left, or came back: in stock again where they were sent from.
    #[serde(default)]
    pub found: Vec<String>,
    /// Why the others are given up as lost.
    pub reason: String,
}

sql! {
    MISSING = "SELECT serial FROM stock_transfer_line WHERE transfer_id = $1 AND result = 'missing' AND settled IS NULL ORDER BY serial";
    SETTLED = "UPDATE stock_transfer_line SET settled = $3 WHERE transfer_id = $1 AND serial = $2";
    END = "UPDATE stock_transfer SET state = 'settled' WHERE id = $1 AND state = 'differing'";
    TAKE_BACK = "UPDATE stock_transfer SET state = 'cancelled' WHERE id = $1 AND state = 'dispatched'";
    LINES = "SELECT serial FROM stock_transfer_line WHERE transfer_id = $1 ORDER BY serial";
}

/// Settles what is missing. Not by whoever received: they said it was not there.
pub(in crate::stock) fn settle(tx: &mut Tx<'_>, id: &str, settlement: &Settlement) -> Result<()> {
    let transfer = load(tx, id)?;
    in_state(&transfer, "differing")?;
    another(tx, transfer.received_by.as_deref().unwrap_or(""), "")?;
    if settlement.reason.trim().is_empty() {
        return Err(Problem::missing("reason"));
    }
    let missing: Vec<String> = tx.query(&MISSING, params![id])?.iter().map(|r| r.text(0)).collect();
    if let Some(other) = settlement.found.iter().find(|f| !missing.contains(f)) {
        return Err(Problem::unknown_reference("found", other));
    }
    let (mut found, mut lost) = (0, 0);
    for serial in &missing {
        let item = items::load_any(tx, serial)?;
        let there = settlement.found.contains(serial);
        let (change, word) = if there { (Change::Receive, "found") } else { (Change::Lose, "lost") };
        items::turn(tx, &item, change, &Holder::default(), settlement.reason.trim(), id)?;
        tx.execute(&SETTLED, params![id, serial, word])?;
        if there { found += 1 } else { lost += 1 }
    }
    if tx.execute(&END, params![id])? == 0 {
        return Err(Problem::new(&kernel::codes::CONFLICT));
    }
    let detail = json!({"found": found, "lost": lost, "reason": settlement.reason});
    announce(tx, &transfer, "StockTransferStateChangeEvent", detail)
}

/// The sender's side takes the parcel back before anything was received.
pub(in crate::stock) fn cancel(tx: &mut Tx<'_>, id: &str, reason: &str) -> Result<()> {
    let transfer = load(tx, id)?;
    if !tx.actor().sees(transfer.from_org.as_str()) {
        return Err(Problem::not_found());
    }
    if reason.trim().is_empty() {
        return Err(Problem::missing("reason"));
    }
    if tx.execute(&TAKE_BACK, params![id])? == 0 {
        in_state(&transfer, "dispatched")?;
        return Err(Problem::new(&kernel::codes::CONFLICT));
    }
    let serials: Vec<String> = tx.query(&LINES, params![id])?.iter().map(|r| r.text(0)).collect();
    for serial in &serials {
        let item = items::load_any(tx, serial)?;
        items::turn(tx, &item, Change::Receive, &Holder::default(), reason.trim(), id)?;
    }
    announce(tx, &transfer, "StockTransferStateChangeEvent", json!({"cancelled": serials.len(), "reason": reason}))
}
