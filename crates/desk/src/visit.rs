//! Opening a customer is itself recorded: once for each person, customer and day.

use kernel::{OrgPath, Result};
use serde_json::json;
use store::{Tx, params, sql};

sql! {
    SEEN = "SELECT at FROM desk_visit WHERE actor = $1 AND customer_id = $2 AND day = $3";
    NOTE = "INSERT INTO desk_visit (actor, customer_id, day, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
}

/// Whether today's visit of this actor is on record already.
pub(crate) fn noted(tx: &mut Tx<'_>, customer_id: &str) -> Result<bool> {
    let (actor, day) = (tx.actor().id.clone(), tx.now().date().to_string());
    Ok(tx.query_opt(&SEEN, params![&*actor, customer_id, day])?.is_some())
}

pub(crate) fn note(tx: &mut Tx<'_>, customer_id: &str, org: &OrgPath) -> Result<()> {
    let (actor, day) = (tx.actor().id.clone(), tx.now().date().to_string());
    if tx.execute(&NOTE, params![&*actor, customer_id, day, tx.now()])? > 0 {
        tx.audit("customer.view", "customer", customer_id, org, &json!({"day": day}))?;
    }
    Ok(())
}
