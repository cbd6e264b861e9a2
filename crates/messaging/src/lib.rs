//! Messages: what was sent to a customer and what a customer sent, kept with the change that caused it, and brought out.
//!
//! A message is a record written in the transaction of its cause. Short messages go to a gateway over SMPP
//! ([`gateway`]), or a gateway fetches what waits for it (`/api/v1/messages/outbound`); mails go over SMTP. Texts are data
//! ([`template`]); what the customer refused is not sent, what a customer is owed always is. Texts may hold one-time codes:
//! they lie sealed, people see the masked text, and reading one in clear needs a right, a reason, and leaves a trace.

mod delivery;
pub mod gateway;
mod notice;
pub mod preference;
pub mod problems;
mod reassign;
mod routes;
mod setting;
mod state;
pub mod template;

pub use delivery::{counts, retry};
pub use notice::{Notice, Prepared, notify, prepare, store_all};
pub use reassign::reassign;
pub use state::State;

use http::{Background, Module};
use kernel::{OrgPath, Perm, Problem, Result, Timestamp};
use serde::Serialize;
use serde_json::json;
use store::{Event, Filter, Migration, Row, Tx, params, sql};

pub const READ: Perm = Perm { name: "message.read", zh: "查看短信记录", en: "See message records" };
pub const REVEAL: Perm = Perm { name: "message.reveal", zh: "查看短信原文", en: "See messages in clear" };
pub const GATEWAY: Perm =
    Perm { name: "message.gateway", zh: "短信网关取信", en: "Fetch messages as the gateway" };
pub const OPERATE: Perm = Perm { name: "message.operate", zh: "重发消息", en: "Send messages again" };
pub const PREFER: Perm =
    Perm { name: "message.prefer", zh: "维护消息订阅", en: "Maintain what customers want to get" };
pub const WRITE: Perm = Perm { name: "message.write", zh: "维护消息模板", en: "Maintain texts of messages" };

pub fn module() -> Module {
    Module {
        name: "messaging",
        routes: routes::routes(),
        migrations: const {
            &[
                Migration::new("messaging", 1, include_str!("../migrations/0001_messaging.sql")),
                Migration::new("messaging", 2, include_str!("../migrations/0002_delivery.sql")),
                Migration::new("messaging", 3, include_str!("../migrations/0003_texts.sql")),
                Migration::new("messaging", 4, include_str!("../migrations/0004_allowances.sql")),
                Migration::new("messaging", 5, include_str!("../migrations/0005_credit.sql")),
            ]
        },
        problems: problems::ALL,
        permissions: const { &[READ, REVEAL, GATEWAY, OPERATE, PREFER, WRITE] },
        background: vec![Background { name: "messages", run: |app| Box::pin(gateway::run(app)) }],
        ..Module::default()
    }
}

/// How a message travels.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Channel {
    Sms,
    Mail,
}

impl Channel {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Mail => "mail",
        }
    }
    pub fn parse(text: &str) -> Result<Self> {
        match text {
            "sms" => Ok(Self::Sms),
            "mail" => Ok(Self::Mail),
            _ => Err(Problem::invalid("channel", "sms | mail")),
        }
    }
}

/// A short message as it is written down.
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
pub(crate) const LONGEST: usize = 500;

sql! {
    INSERT = "INSERT INTO sms_message (id, org, direction, number, purpose, masked, sealed, customer_id, operator_name, at, state) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    WAITING = "SELECT id, number, sealed FROM sms_message WHERE fetched_at IS NULL AND direction = 'out' AND channel = 'sms' \
               AND state = 'waiting' AND not_before <= $2 ORDER BY id LIMIT $1";
    FETCHED = "UPDATE sms_message SET fetched_at = $2, state = 'sent' WHERE id = $1 AND fetched_at IS NULL AND state = 'waiting'";
    ONE = "SELECT org, sealed FROM sms_message WHERE id = $1";
}

/// Writes a message to be sent at once; returns its id.
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
    let state = if direction == "in" { State::Received } else { State::Waiting };
    let values = params![
        id,
        sms.org,
        direction,
        sms.number,
        sms.purpose,
        masked,
        sealed,
        sms.customer_id,
        by,
        tx.now(),
        state.name()
    ];
    tx.execute(&INSERT, values)?;
    created(tx, &id, direction, sms.purpose, sms.customer_id, sms.org)?;
    Ok(id)
}

pub(crate) fn created(
    tx: &mut Tx<'_>,
    id: &str,
    direction: &str,
    purpose: &str,
    customer_id: Option<&str>,
    org: &OrgPath,
) -> Result<()> {
    let event = Event::new("MessageCreateEvent", "messages", id, 1, org)
        .topic(customer_id.map_or_else(String::new, |c| format!("customer:{c}")))
        .audit(json!({"direction": direction, "purpose": purpose}));
    tx.emit(event)
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
    pub channel: String,
    pub subject: String,
    pub category: String,
    pub state: String,
    pub not_before: Option<Timestamp>,
    pub attempts: i64,
    pub parts: i64,
    pub ended_at: Option<Timestamp>,
    pub error: String,
}

fn read(row: &Row) -> Message {
    let address = row.str(2);
    Message {
        id: row.text(0),
        direction: row.text(1),
        number: if address.contains('@') { mask_mail(address) } else { kernel::mask_phone(address) },
        purpose: row.text(3),
        text: row.text(4),
        customer_id: row.opt_text(5),
        operator_name: row.text(6),
        at: row.time(7),
        fetched_at: row.opt_time(8),
        channel: row.text(9),
        subject: row.text(10),
        category: row.text(11),
        state: row.text(12),
        not_before: Some(row.time(13)).filter(|t| t.micros() > 0),
        attempts: row.int(14),
        parts: row.int(15),
        ended_at: row.opt_time(16),
        error: row.text(17),
    }
}

/// `zhangwei@example.cn` → `z***@example.cn`.
fn mask_mail(address: &str) -> String {
    let (name, host) = address.split_once('@').unwrap_or((address, ""));
    format!("{}***@{host}", name.chars().take(1).collect::<String>())
}

/// Which messages a list shows; empty for all.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub number: String,
    pub customer: String,
    pub state: String,
    pub channel: String,
    pub purpose: String,
    pub offset: i64,
    pub limit: i64,
}

const COLUMNS: &str = "id, direction, number, purpose, masked, customer_id, operator_name, at, fetched_at, channel, subject, \
                       category, state, not_before, attempts, parts, ended_at, error";

/// Messages within the actor's scope, newest first.
pub fn list(tx: &mut Tx<'_>, wanted: &Wanted) -> Result<Vec<Message>> {
    let mut filter = Filter::default();
    filter.scope("org", tx.actor());
    let equal = [
        ("number", &wanted.number),
        ("customer_id", &wanted.customer),
        ("state", &wanted.state),
        ("channel", &wanted.channel),
    ];
    for (column, value) in equal.into_iter().filter(|(_, v)| !v.is_empty()) {
        filter.equal(column, value.as_str());
    }
    if !wanted.purpose.is_empty() {
        let (from, to) = (filter.bind(wanted.purpose.as_str()), filter.bind(format!("{}~", wanted.purpose)));
        filter.and(format!("purpose >= {from} AND purpose < {to}"));
    }
    let (limit, offset) = (filter.bind(wanted.limit), filter.bind(wanted.offset));
    let text = format!(
        "SELECT {COLUMNS} FROM sms_message{} ORDER BY at DESC, id DESC LIMIT {limit} OFFSET {offset}",
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
    tx.must_see(row.str(0))?;
    let org = OrgPath::parse(row.str(0))?;
    tx.audit("message.revealed", "messages", id, &org, &json!({"reason": reason}))?;
    tx.vault().open_sealed(row.str(1))
}

/// What waits for a gateway that fetches, as `(id, number, text)`, in clear, oldest first.
pub fn waiting(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<(String, String, String)>> {
    let now = tx.now();
    let rows = tx.query(&WAITING, params![limit, now])?;
    rows.iter().map(|row| Ok((row.text(0), row.text(1), tx.vault().open_sealed(row.str(2))?))).collect()
}

/// The gateway has these; returns how many were still waiting.
pub fn sent(tx: &mut Tx<'_>, ids: &[String]) -> Result<u64> {
    let now = tx.now();
    ids.iter().try_fold(0, |n, id| Ok(n + tx.execute(&FETCHED, params![id, now])?))
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_address_shows_one_letter_and_its_host() {
        assert_eq!(super::mask_mail("zhangwei@example.cn"), "z***@example.cn");
    }
}
