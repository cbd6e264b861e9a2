//! What the desk shows of numbers on their way out.

use super::{PortOut, columns, one, read};
use crate::setting;
use kernel::{Result, mask_phone};
use party::PRIVACY_VIEW;
use serde_json::{Value, json};
use store::{Filter, Tx, params, sql};

sql! {
    NOTICES = "SELECT kind, revision, outcome, at FROM port_notice WHERE request_id = $1 ORDER BY at, id LIMIT 100";
    OF_CUSTOMER = concat!("SELECT ", columns!(), " FROM port_out WHERE customer_id = $1 AND live = 1 ORDER BY created_at DESC");
}

/// Ports out within the actor's scope, newest first.
pub fn list(tx: &mut Tx<'_>, state: &str, number: &str, limit: i64) -> Result<Vec<Value>> {
    let mut filter = Filter::default();
    filter.scope("org", tx.actor());
    if !state.is_empty() {
        filter.equal("state", state);
    }
    if !number.is_empty() {
        filter.equal("number", number);
    }
    let limit = filter.bind(limit);
    let text = format!(
        concat!("SELECT ", columns!(), " FROM port_out{} ORDER BY created_at DESC, id DESC LIMIT {}"),
        filter.to_where(),
        limit
    );
    let rows = tx.query(&text, &filter.binds)?;
    rows.iter().map(|r| row(tx, &read(r)?)).collect()
}

/// The ports out of a customer that are under way.
pub fn of_customer(tx: &mut Tx<'_>, customer_id: &str) -> Result<Vec<Value>> {
    let rows = tx.query(&OF_CUSTOMER, params![customer_id])?;
    rows.iter().map(|r| row(tx, &read(r)?)).collect()
}

fn row(tx: &mut Tx<'_>, port: &PortOut) -> Result<Value> {
    let (zh, en) = setting::operator(tx, &port.recipient)?;
    let clear = tx.actor().may(PRIVACY_VIEW);
    let number = if clear { port.number.clone() } else { mask_phone(&port.number) };
    let customer = match port.customer_id.as_str() {
        "" => String::new(),
        id => customer::summary(tx, id).map(|c| c.name).unwrap_or_default(),
    };
    Ok(json!({
        "id": port.id, "number": number, "state": port.state.text(), "recipient": {"code": port.recipient, "zh": zh, "en": en},
        "orderId": port.order_id, "productId": port.product_id, "customerId": port.customer_id, "customerName": customer,
        "effectiveAt": port.effective_at, "reasons": port.reasons, "problem": port.problem, "duesFen": port.dues_fen,
        "createdAt": port.created_at, "org": port.org,
    }))
}

pub fn detail(tx: &mut Tx<'_>, id: &str) -> Result<Value> {
    let port = one(tx, id)?;
    let mut shown = row(tx, &port)?;
    let notices = tx.query(&NOTICES, params![port.request_id])?;
    shown["requestId"] = json!(port.request_id);
    shown["notices"] = notices
        .iter()
        .map(|r| json!({"kind": r.str(0), "revision": r.int(1), "outcome": r.str(2), "at": r.time(3)}))
        .collect();
    Ok(shown)
}
