//! What the desk shows of numbers on their way in.

use super::{PortIn, columns, read};
use crate::{problems, setting};
use kernel::{Result, mask_phone};
use party::PRIVACY_VIEW;
use serde_json::{Value, json};
use store::{Filter, Tx, params, sql};

sql! {
    NOTICES = "SELECT kind, revision, outcome, at FROM port_notice WHERE request_id = $1 ORDER BY at, id LIMIT 100";
}

/// Ports in within the actor's scope, newest first.
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
        concat!("SELECT ", columns!(), " FROM port_in{} ORDER BY created_at DESC, id DESC LIMIT {}"),
        filter.to_where(),
        limit
    );
    let rows = tx.query(&text, &filter.binds)?;
    rows.iter().map(|r| row(tx, &read(r)?)).collect()
}

fn row(tx: &mut Tx<'_>, port: &PortIn) -> Result<Value> {
    let (zh, en) = setting::operator(tx, &port.donor)?;
    let clear = tx.actor().may(PRIVACY_VIEW);
    let number = if clear { port.number.clone() } else { mask_phone(&port.number) };
    let customer = customer::summary(tx, &port.customer_id).map(|c| c.name).unwrap_or_default();
    Ok(json!({
        "id": port.id, "number": number, "state": port.state.text(), "donor": {"code": port.donor, "zh": zh, "en": en},
        "orderId": port.order_id, "productId": port.product_id, "customerId": port.customer_id, "customerName": customer,
        "requestedAt": port.requested_at, "effectiveAt": port.effective_at, "reasons": port.reasons, "createdAt": port.created_at,
        "org": port.org, "tries": port.tries,
    }))
}

/// One port with what came about it from the central system.
pub fn detail(tx: &mut Tx<'_>, id: &str) -> Result<Value> {
    let port = super::one(tx, id)?;
    let mut shown = row(tx, &port)?;
    let notices = tx.query(&NOTICES, params![port.request_id()])?;
    shown["requestId"] = json!(port.request_id());
    shown["notices"] = notices
        .iter()
        .map(|r| json!({"kind": r.str(0), "revision": r.int(1), "outcome": r.str(2), "at": r.time(3)}))
        .collect();
    shown["may"] = json!({
        "newCode": port.state == crate::state::InState::Refused,
        "return": port.state == crate::state::InState::Effective,
    });
    Ok(shown)
}

/// Fails unless the line on the number is over: only then may the number go home.
pub fn must_be_idle(status: &str, number: &str) -> Result<()> {
    match status {
        "active" | "suspended" | "pendingTerminate" => {
            Err(kernel::Problem::new(&problems::LINE_WORKS).with("number", number))
        }
        _ => Ok(()),
    }
}
