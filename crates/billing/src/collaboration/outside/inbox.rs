//! Being the billing system of another order entry: its orders become ours, under its name, and are done by the embedded part
//! like any other. Its customers and accounts are stood for by ours.

use super::super::{Bundle, Collaboration, CollaborationKind, State, Verb, Via, lock, tell};
use crate::problems;
use kernel::{OrgPath, Problem, Result, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Row, Tx, params, sql};

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub undoes: Option<String>,
    pub order_id: String,
    #[serde(default)]
    pub order_no: String,
    pub customer: Who,
    pub account: Option<Who>,
    pub product_id: String,
    #[serde(default)]
    pub offering_id: String,
    pub offering_version: Option<i64>,
    pub bundle: Option<InBundle>,
    #[serde(default)]
    pub number: String,
    pub effective_from: Timestamp,
    #[serde(default)]
    pub region: String,
    #[serde(default)]
    pub old: Value,
    #[serde(default)]
    pub new: Value,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Who {
    pub id: String,
    #[serde(default)]
    pub name: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InBundle {
    pub offering_id: String,
    pub item_id: String,
}

sql! {
    KNOWN = "SELECT state FROM collaboration WHERE id = $1";
    SHOWN = "SELECT id, state, ack_no, error_code, error_text, done_at, updated_at FROM collaboration WHERE id = $1 AND sender = $2";
    STANDS_FOR = "SELECT own_id FROM charged_for WHERE sender = $1 AND kind = $2 AND their_id = $3";
    STAND = "INSERT INTO charged_for (sender, kind, their_id, own_id) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    ACK = "UPDATE collaboration SET ack_no = $2, ack_at = $3 WHERE id = $1";
}

/// The name under which whoever calls is kept.
pub fn sender(tx: &Tx<'_>) -> String {
    tx.actor().name.chars().map(|c| if c == '/' || c.is_whitespace() { '-' } else { c }).take(60).collect()
}

fn own(sender: &str, their: &str) -> String {
    format!("{sender}/{their}")
}

/// Takes an order exactly once; said again while a person should look, it is tried again.
pub fn receive(tx: &mut Tx<'_>, message: &Message) -> Result<Value> {
    let sender = sender(tx);
    check(message)?;
    let id = own(&sender, &message.id);
    let undone = format!("{id}:undo");
    if message.undoes.is_none()
        && tx.query_opt(&KNOWN, params![id])?.is_none()
        && tx.query_opt(&KNOWN, params![undone])?.is_some()
    {
        // It comes after its own inverse: it is not done any more.
        return Ok(json!({"id": message.id, "state": "withdrawn"}));
    }
    let fact = fact(tx, &sender, message)?;
    let forward = message.undoes.as_ref().map(|f| own(&sender, f));
    let via = Via { system: String::new(), sender: sender.clone() };
    tell(tx, id.clone(), &fact, forward.as_deref(), &via)?;
    let mut order = lock(tx, &id)?;
    if order.state == State::Manual {
        order.attempts = 0;
        let now = tx.now();
        order.step(tx, Verb::Resend, now, None, "对方重发")?;
    }
    if let Some(forward) = forward
        && tx.query_opt(&KNOWN, params![forward])?.is_some()
    {
        let mut forward = lock(tx, &forward)?;
        if matches!(forward.state, State::Waiting | State::Failed | State::Manual) {
            let now = tx.now();
            forward.step(tx, Verb::Withdraw, now, None, "对方撤销")?;
        }
    }
    let (no, now) = (tx.new_id::<Message>(), tx.now());
    if order.ack_no.is_none() {
        tx.execute(&ACK, params![id, no, now])?;
    }
    show(tx, &message.id)
}

fn check(message: &Message) -> Result<()> {
    let fits = |text: &str, most: usize| !text.is_empty() && text.len() <= most && text.is_ascii();
    if !fits(&message.id, 250) || message.id.contains(['/', '?', '#', '%', ' ']) {
        return Err(Problem::invalid("id", "1–250"));
    }
    for (name, text) in
        [("orderId", &message.order_id), ("productId", &message.product_id), ("customer.id", &message.customer.id)]
    {
        if !fits(text, 120) {
            return Err(Problem::invalid(name, "1–120"));
        }
    }
    let largest = message.old.to_string().len() + message.new.to_string().len();
    if largest > 200_000 || message.number.len() > 60 {
        return Err(Problem::invalid("new", "≤ 200 kB"));
    }
    if message.undoes.as_ref().is_some_and(|f| format!("{f}:undo") != message.id) {
        return Err(Problem::invalid("undoes", "id = {undoes}:undo"));
    }
    Ok(())
}

fn fact(tx: &mut Tx<'_>, sender: &str, message: &Message) -> Result<Collaboration> {
    let kind = CollaborationKind::parse(&message.kind).map_err(|_| Problem::invalid("type", &message.kind))?;
    let region = OrgPath::parse(&message.region).ok().filter(|r| tx.actor().scope.contains(r));
    let org = region.unwrap_or_else(|| tx.actor().org.clone());
    let customer_id = customer(tx, sender, &message.customer.id, &message.customer.name, &org)?;
    let account_id = match &message.account {
        Some(who) => Some(account(tx, sender, &who.id, &who.name, &customer_id)?),
        None => None,
    };
    let stand = |tx: &mut Tx<'_>, value: &Value| translated(tx, sender, value, &customer_id, &org);
    let (old, new) = (stand(tx, &message.old)?, stand(tx, &message.new)?);
    Ok(Collaboration {
        kind,
        order_id: own(sender, &message.order_id),
        order_no: message.order_no.chars().take(60).collect(),
        customer_id,
        account_id,
        product_id: message.product_id.clone(),
        offering_id: message.offering_id.clone(),
        bundle: message
            .bundle
            .as_ref()
            .map(|b| Bundle { offering_id: b.offering_id.clone(), item_id: b.item_id.clone() }),
        number: message.number.clone(),
        effective_from: message.effective_from,
        org,
        offering_version: message.offering_version,
        old,
        new,
    })
}

fn stands_for(tx: &mut Tx<'_>, sender: &str, kind: &str, their: &str) -> Result<Option<String>> {
    Ok(tx.query_opt(&STANDS_FOR, params![sender, kind, their])?.map(|r| r.text(0)))
}

/// Our customer for theirs; made when first heard of.
fn customer(tx: &mut Tx<'_>, sender: &str, their: &str, name: &str, org: &OrgPath) -> Result<String> {
    if let Some(known) = stands_for(tx, sender, "customer", their)? {
        return Ok(known);
    }
    let name = name.trim().chars().take(60).collect::<String>();
    let name = if name.is_empty() { format!("{sender} {their}") } else { name };
    let mut new = customer::NewCustomer::person(name);
    new.org = Some(org.clone());
    let made = customer::create(tx, &new)?.id;
    tx.execute(&STAND, params![sender, "customer", their, made])?;
    Ok(made)
}

/// Our account for theirs; opened when first heard of.
fn account(tx: &mut Tx<'_>, sender: &str, their: &str, name: &str, customer_id: &str) -> Result<String> {
    if let Some(known) = stands_for(tx, sender, "account", their)? {
        return Ok(known);
    }
    let own = crate::account::open_account(tx, customer_id, &name.chars().take(60).collect::<String>())?.id;
    tx.execute(&STAND, params![sender, "account", their, own])?;
    Ok(own)
}

/// What a fact holds, with their customers and accounts become ours.
fn translated(tx: &mut Tx<'_>, sender: &str, value: &Value, holder: &str, org: &OrgPath) -> Result<Value> {
    match value {
        Value::Object(all) => {
            let mut made = serde_json::Map::new();
            let mut holder = holder.to_owned();
            if let Some(their) = all.get("customerId").and_then(Value::as_str) {
                holder = customer(tx, sender, their, "", org)?;
                made.insert("customerId".into(), json!(holder));
            }
            for (name, value) in all.iter().filter(|(name, _)| *name != "customerId") {
                let value = match (name.as_str(), value.as_str()) {
                    ("accountId", Some(their)) => json!(account(tx, sender, their, "", &holder)?),
                    _ => translated(tx, sender, value, &holder, org)?,
                };
                made.insert(name.clone(), value);
            }
            Ok(Value::Object(made))
        }
        Value::Array(all) => {
            let all: Result<Vec<Value>> = all.iter().map(|v| translated(tx, sender, v, holder, org)).collect();
            Ok(Value::Array(all?))
        }
        plain => Ok(plain.clone()),
    }
}

/// How far an order of the caller's is.
pub fn show(tx: &mut Tx<'_>, their: &str) -> Result<Value> {
    let sender = sender(tx);
    let row = tx.query_opt(&SHOWN, params![own(&sender, their), sender])?;
    let row = row.ok_or_else(|| Problem::new(&problems::INBOX_UNKNOWN).with("value", their))?;
    Ok(answer(their, &row))
}

fn answer(their: &str, row: &Row) -> Value {
    let state = match row.str(1) {
        "succeeded" => "succeeded",
        "closed" => "withdrawn",
        "manual" => "failed",
        _ => "received",
    };
    let error =
        row.opt_text(3).filter(|_| state == "failed").map(|code| json!({"code": code, "reason": row.opt_text(4)}));
    json!({
        "id": their, "state": state, "ackNo": row.opt_text(2), "error": error, "doneAt": row.opt_time(5), "updatedAt": row.time(6),
    })
}
