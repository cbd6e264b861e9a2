//! Contacts that other domains have had with a customer, on the same timeline as people's notes.

use crate::{CUSTOMER, note::Note};
use http::tmf;
use kernel::Result;
use serde_json::json;
use store::{Event, Tx, params, sql};

sql! {
    INSERT = "INSERT INTO customer_note (id, customer_id, org, kind, text, at, operator, operator_name) VALUES ($1, $2, $3, 'contact', $4, $5, $6, $7)";
}

/// Writes down that the customer was in contact with us, and about what.
pub fn record_contact(tx: &mut Tx<'_>, customer_id: &str, text: &str) -> Result<String> {
    let customer = tmf::load(tx, &CUSTOMER, customer_id)?;
    let id = tx.new_id::<Note>().into_string();
    let (by, name) = (tx.actor().id.to_string(), tx.actor().name.to_string());
    tx.execute(&INSERT, params![id, customer_id, customer.org, text, tx.now(), by, name])?;
    let event = Event::new("CustomerNoteCreateEvent", "customer", customer_id, customer.version, &customer.org);
    let payload = json!({"customerNote": {"id": id, "kind": "contact"}});
    tx.emit(event.topic(format!("customer:{customer_id}")).payload(payload))?;
    Ok(id)
}
