//! What holds for tickets as documents.

use crate::status::Status;
use http::tmf::Rules;
use kernel::{OrgPath, Problem, Result, codes};
use serde_json::{Map, Value, json};
use store::{ToValue, Tx};

pub(crate) struct TicketRules;

impl Rules for TicketRules {
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Map<String, Value>) -> Result<OrgPath> {
        check(doc)?;
        let mut org = tx.actor().org.clone();
        if let Some(id) = customer_of(doc) {
            // A ticket belongs where its customer does; a customer of ours must exist, another system's is taken as it is.
            match customer::summary(tx, &id) {
                Ok(found) => org = found.org,
                Err(_) if !is_ours(&id) => {}
                Err(_) => return Err(Problem::unknown_reference("relatedParty", &id)),
            }
        }
        // Other systems send words of their own: the ticket begins as acknowledged then.
        let given = doc.get("status").and_then(Value::as_str).and_then(Status::parse);
        let status = given.unwrap_or(Status::Acknowledged).name();
        doc.insert("status".into(), json!(status));
        doc.entry("creationDate").or_insert_with(|| json!(tx.now()));
        doc.insert("lastUpdate".into(), json!(tx.now()));
        doc.insert("statusChange".into(), json!([{"status": status, "changeDate": tx.now()}]));
        doc.insert("ticketNo".into(), json!(tx.next_number("T", &org)?));
        Ok(org)
    }
    fn change(&self, tx: &mut Tx<'_>, before: &Map<String, Value>, after: &mut Map<String, Value>) -> Result<()> {
        check(after)?;
        if after.get("ticketNo") != before.get("ticketNo") {
            return Err(Problem::new(&codes::FIELD_READONLY).field("ticketNo"));
        }
        let text = after.get("status").and_then(Value::as_str).unwrap_or("").to_owned();
        let next = Status::parse(&text).ok_or_else(|| Problem::invalid("status", &text))?;
        let from = before.get("status").and_then(Value::as_str).and_then(Status::parse).unwrap_or(Status::Acknowledged);
        from.to(next)?;
        after.insert("status".into(), json!(next.name()));
        after.insert("lastUpdate".into(), json!(tx.now()));
        if from != next {
            let reason = after.get("statusChangeReason").cloned().unwrap_or_default();
            let change = json!({"status": next.name(), "changeDate": tx.now(), "changeReason": reason});
            after.insert("statusChangeDate".into(), json!(tx.now()));
            if let Some(changes) = after.entry("statusChange").or_insert_with(|| json!([])).as_array_mut() {
                changes.push(change);
            }
            if next == Status::Resolved {
                after.insert("resolutionDate".into(), json!(tx.now()));
            }
        }
        Ok(())
    }
    fn columns(&self, doc: &Map<String, Value>) -> Vec<(&'static str, store::Value)> {
        let text = |name: &str| doc.get(name).and_then(Value::as_str).unwrap_or("").to_value();
        vec![
            ("ticket_no", text("ticketNo")),
            ("status", text("status")),
            ("severity", text("severity")),
            ("ticket_type", text("ticketType")),
            ("customer_id", customer_of(doc).to_value()),
        ]
    }
    /// The TMF621 conformance kit counts the attributes of a selection.
    fn exact_fields(&self) -> bool {
        true
    }
    fn events(&self, before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<&'static str> {
        if before.get("status") == after.get("status") { vec![] } else { vec!["StatusChange"] }
    }
}

fn check(doc: &Map<String, Value>) -> Result<()> {
    for name in ["description", "severity", "ticketType"] {
        if !doc.get(name).is_some_and(Value::is_string) {
            return Err(Problem::invalid(name, "应为文本 / text is expected"));
        }
    }
    for name in ["note", "relatedParty", "attachment", "relatedEntity"] {
        if doc.get(name).is_some_and(|v| !v.is_array() && !v.is_null()) {
            return Err(Problem::invalid(name, "应为数组 / an array is expected"));
        }
    }
    Ok(())
}

/// The customer among the related parties.
fn customer_of(doc: &Map<String, Value>) -> Option<String> {
    let parties = doc.get("relatedParty")?.as_array()?;
    let customer = parties.iter().find(|p| {
        let text = |name: &str| p.get(name).and_then(Value::as_str).unwrap_or("");
        text("@referredType") == "Customer" || text("role").eq_ignore_ascii_case("customer")
    })?;
    Some(customer.get("id")?.as_str()?.to_owned())
}

fn is_ours(id: &str) -> bool {
    id.len() == 36 && id.as_bytes()[14] == b'7'
}
