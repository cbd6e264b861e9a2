//! Short messages: what was sent to a customer and what a customer sent, kept with the change that caused it.
//!
//! A message is a record written in the transaction of its cause; the gateway fetches what waits for it
//! (`/api/v1/messages/outbound`), sends it and says so. Texts may hold one-time codes: they lie sealed, people see the masked text,
//! and reading one in clear needs a right, a reason, and leaves a trace.

mod reassign;
mod routes;

pub use reassign::reassign;

use http::Module;
use kernel::{OrgPath, Perm, Problem, Result, Timestamp};
use serde::Serialize;
use serde_json::json;
use store::{Event, Filter, Migration, Row, Tx, params, sql};

pub const READ: Perm = Perm { name: "message.read", zh: "查看短信记录", en: "See message records" };
pub const REVEAL: Perm = Perm { name: "message.reveal", zh: "查看短信原文", en: "See messages in clear" };
pub const GATEWAY: Perm =
    Perm { name: "message.gateway", zh: "短信网关取信", en: "Fetch messages as the gateway" };

/// Error codes of this crate.
pub mod problems {
    kernel::codes! {
        TOO_LONG = "message.too_long", 422, "短信超过 {limit} 字", "The message is longer than {limit} characters", "请缩短后重发", "Shorten it";
        REASON = "message.reason", 400, "请填写查看原因", "A reason is required", "原因会写入审计记录", "The reason goes into the audit record";
    }
}

pub fn module() -> Module {
    Module {
        name: "messaging",
        routes: routes::routes(),
        migrations: const { &[Migration::new("messaging", 1, include_str!("../migrations/0001_messaging.sql"))] },
        problems: problems::ALL,
        permissions: const { &[READ, REVEAL, GATEWAY] },
        ..Module::default()
    }
}

/// A message as it is written down.
#[derive(Clone, Debug)]
pub struct Sms<'a> {
    pub number: &'a str,
    /// What it is about, such as `portIn.code`: for lists.
    pub purpose: &'a str,
    pub text: &'a str,
    /// What of the text must not be seen by people, such as a one-time code.
    pub secret: Option<&'a str>,
    pub customer_id: Option<&'a str>,
    pub org: &'a OrgPath,
}

/// Longer texts are several messages: nobody reads them.
const LONGEST: usize = 500;

sql! {
    INSERT = "INSERT INTO sms_message (id, org, direction, number, purpose, masked, sealed, customer_id, operator_name, at) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    WAITING = "SELECT id, number, sealed FROM sms_message WHERE fetched_at IS NULL AND direction = 'out' ORDER BY id LIMIT $1";
    FETCHED = "UPDATE sms_message SET fetched_at = $2 WHERE id = $1 AND fetched_at IS NULL";
    ONE = "SELECT id, direction, number, purpose, masked, customer_id, operator_name, at, fetched_at, org, sealed FROM sms_message WHERE id = $1";
}

/// Writes a message to be sent; returns its id.
pub fn send(tx: &mut Tx<'_>, sms: &Sms<'_>) -> Result<String> {
    write(tx, "out", sms)
}

/// Writes down what a customer sent.
pub fn received(tx: &mut Tx<'_>, sms: &Sms<'_>) -> Result<String> {
    write(tx, "in", sms)
}

fn write(tx: &mut Tx<'_>, direction: &str, sms: &Sms<'_>) -> Result<String> {
    if sms.text.chars().count() > LONGEST {
        return Err(Problem::new(&problems::TOO_LONG).with("limit", &LONGEST.to_string()));
    }
    let id = tx.new_id::<Message>().into_string();
    let masked =
        sms.secret.filter(|s| !s.is_empty()).map_or_else(|| sms.text.to_owned(), |s| sms.text.replace(s, "******"));
    let sealed = tx.vault().seal(sms.text)?;
    let by = tx.actor().name.to_string();
    let values =
        params![id, sms.org, direction, sms.number, sms.purpose, masked, sealed, sms.customer_id, by, tx.now()];
    tx.execute(&INSERT, values)?;
    let event = Event::new("MessageCreateEvent", "messages", &id, 1, sms.org)
        .topic(sms.customer_id.map_or_else(String::new, |c| format!("customer:{c}")))
        .audit(json!({"direction": direction, "purpose": sms.purpose}));
    tx.emit(event)?;
    Ok(id)
}

/// A message as lists show it: the number and the text masked.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    pub id: String,
    pub direction: String,
    pub number: String,
    pub purpose: String,
    pub text: String,
    pub customer_id: Option<String>,
    pub operator_name: String,
    pub at: Timestamp,
    pub fetched_at: Option<Timestamp>,
}

fn read(row: &Row) -> Message {
    Message {
        id: row.text(0),
        direction: row.text(1),
        number: kernel::mask_phone(row.str(2)),
        purpose: row.text(3),
        text: row.text(4),
        customer_id: row.opt_text(5),
        operator_name: row.text(6),
        at: row.time(7),
        fetched_at: row.opt_time(8),
    }
}

/// Messages within the actor's scope, newest first; of one number where given.
pub fn list(tx: &mut Tx<'_>, number: &str, customer: &str, limit: i64) -> Result<Vec<Message>> {
    let mut filter = Filter::default();
    filter.scope("org", tx.actor());
    if !number.is_empty() {
        filter.equal("number", number);
    }
    if !customer.is_empty() {
        filter.equal("customer_id", customer);
    }
    let limit = filter.bind(limit);
    let text = format!(
        "SELECT id, direction, number, purpose, masked, customer_id, operator_name, at, fetched_at FROM sms_message{} \
         ORDER BY at DESC, id DESC LIMIT {limit}",
        filter.to_where()
    );
    Ok(tx.query(&text, &filter.binds)?.iter().map(read).collect())
}

/// The text in clear, with a trace.
pub fn reveal(tx: &mut Tx<'_>, id: &str, reason: &str) -> Result<String> {
    if reason.trim().is_empty() {
        return Err(Problem::new(&problems::REASON).field("reason"));
    }
    let row = tx.query_one(&ONE, params![id])?;
    tx.must_see(row.str(9))?;
    let org = OrgPath::parse(row.str(9))?;
    tx.audit("message.revealed", "messages", id, &org, &json!({"reason": reason}))?;
    tx.vault().open_sealed(row.str(10))
}

/// What waits for the gateway as `(id, number, text)`, in clear, oldest first.
pub fn waiting(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<(String, String, String)>> {
    let rows = tx.query(&WAITING, params![limit])?;
    rows.iter().map(|row| Ok((row.text(0), row.text(1), tx.vault().open_sealed(row.str(2))?))).collect()
}

/// The gateway has these; returns how many were still waiting.
pub fn sent(tx: &mut Tx<'_>, ids: &[String]) -> Result<u64> {
    let now = tx.now();
    ids.iter().try_fold(0, |n, id| Ok(n + tx.execute(&FETCHED, params![id, now])?))
}
