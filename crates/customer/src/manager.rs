//! Account managers. A change keeps one consistent interface for the customer: the document names the new one, the file keeps
//! who looked after the customer before, why it changed, and every matter that was open when it was handed over.

use crate::{CUSTOMER, journal, journal::EntryKind, journal::NewEntry, problems};
use http::tmf::{self, Document};
use kernel::{Perm, Problem, Result};
use serde_json::{Map, Value, json};
use store::{Tx, params, sql};

/// May change who looks after a customer.
pub const ASSIGN: Perm = Perm { name: "customer.assign", zh: "变更客户经理", en: "Change account managers" };

const ROLE: &str = "accountManager";

sql! {
    PUT = "INSERT INTO customer_manager (customer_id, manager_id, org, since) VALUES ($1, $2, $3, $4) \
           ON CONFLICT (customer_id) DO UPDATE SET manager_id = excluded.manager_id, org = excluded.org, since = excluded.since";
    CUT = "DELETE FROM customer_manager WHERE customer_id = $1";
    OF_MANAGER = "SELECT customer_id, org FROM customer_manager WHERE manager_id = $1 AND customer_id > $2 ORDER BY customer_id LIMIT $3";
}

/// To whom, why, and what goes over with it.
#[derive(Clone, Debug)]
pub struct Handover {
    pub to_id: String,
    pub to_name: String,
    pub reason: String,
    /// What the former manager wants the next one to know.
    pub note: String,
    /// Orders in transit, tickets, needs, contracts about to end: as they stood at the change.
    pub open: Value,
}

/// Name and id of who looks after the customer, as the document says.
pub fn manager_of(doc: &Document) -> Option<(String, String)> {
    named(&doc.body)
}

fn named(body: &Map<String, Value>) -> Option<(String, String)> {
    let parties = body.get("relatedParty")?.as_array()?;
    let entry = parties.iter().find(|p| p.get("role").and_then(Value::as_str) == Some(ROLE))?;
    let text = |name: &str| entry.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
    Some((text("id"), text("name")))
}

/// Keeps the list of a manager's customers as the documents say.
pub(crate) fn follow(tx: &mut Tx<'_>, before: Option<&Map<String, Value>>, doc: &Document) -> Result<()> {
    let id = |body: &Map<String, Value>| named(body).map(|(id, _)| id).filter(|id| !id.is_empty());
    let (old, new) = (before.and_then(id), id(&doc.body));
    match new {
        new if new == old => Ok(()),
        Some(id) => tx.execute(&PUT, params![doc.id, id, doc.org, tx.now()]).map(drop),
        None => tx.execute(&CUT, params![doc.id]).map(drop),
    }
}

/// Hands a customer over; returns the entry of the file.
pub fn change_manager(tx: &mut Tx<'_>, customer_id: &str, handover: &Handover) -> Result<String> {
    tx.allow(ASSIGN)?;
    let mut doc = tmf::lock(tx, &CUSTOMER, customer_id)?;
    let before = doc.body.clone();
    let (from_id, from_name) = manager_of(&doc).unwrap_or_default();
    if from_id == handover.to_id {
        return Err(Problem::new(&problems::MANAGER_SAME).with("name", &handover.to_name));
    }
    let entry = json!({"role": ROLE, "id": handover.to_id, "name": handover.to_name, "@referredType": "Individual"});
    let mut parties = doc.body.get("relatedParty").and_then(Value::as_array).cloned().unwrap_or_default();
    parties.retain(|p| p.get("role").and_then(Value::as_str) != Some(ROLE));
    parties.push(entry);
    doc.set("relatedParty", parties);
    tmf::save(tx, &CUSTOMER, &before, &mut doc)?;
    follow(tx, Some(&before), &doc)?;
    let detail = json!({
        "from": {"id": from_id, "name": from_name}, "to": {"id": handover.to_id, "name": handover.to_name}, "open": handover.open,
    });
    tx.audit(
        "customer.manager",
        "customer",
        customer_id,
        &doc.org,
        &json!({"from": from_id, "to": handover.to_id, "reason": handover.reason}),
    )?;
    let new = NewEntry {
        text: handover.note.clone(),
        result: handover.reason.clone(),
        detail,
        ..NewEntry::new(EntryKind::Manager, &handover.to_name)
    };
    journal::append(tx, &doc, new)
}

/// Customers of a manager that the actor sees, in the order of their ids, behind `after`.
pub fn of_manager(tx: &mut Tx<'_>, manager_id: &str, after: &str, limit: i64) -> Result<Vec<String>> {
    let rows = tx.query(&OF_MANAGER, params![manager_id, after, limit])?;
    Ok(rows.iter().filter(|r| tx.actor().sees(r.str(1))).map(|r| r.text(0)).collect())
}
