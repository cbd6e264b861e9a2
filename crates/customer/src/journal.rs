//! The customer's file: contacts and what came of them, stated needs and preferences, follow-ups, grades and managers over
//! time. Appended; an open matter is closed once, by whom and with what result stays in the entry and in the audit chain.

mod routes;

pub(crate) use routes::routes;

use crate::{CUSTOMER, problems};
use http::tmf::{self, Document};
use kernel::{Problem, Result, Timestamp};
use serde_json::{Map, Value, json};
use store::{Event, Row, Tx, params, sql};

/// What an entry is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EntryKind {
    /// A contact in whatever channel, in or out.
    Interaction,
    /// Something promised for later.
    FollowUp,
    /// What the customer said they need.
    Need,
    /// How the customer likes it: channel, time, products.
    Preference,
    Grade,
    Manager,
}

const KINDS: [EntryKind; 6] = [
    EntryKind::Interaction,
    EntryKind::FollowUp,
    EntryKind::Need,
    EntryKind::Preference,
    EntryKind::Grade,
    EntryKind::Manager,
];

impl EntryKind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Interaction => "interaction",
            Self::FollowUp => "followUp",
            Self::Need => "need",
            Self::Preference => "preference",
            Self::Grade => "grade",
            Self::Manager => "manager",
        }
    }
    pub fn parse(text: &str) -> Option<Self> {
        KINDS.into_iter().find(|k| k.name() == text)
    }
    /// Whether an entry of this kind waits for somebody to do something.
    const fn waits(self) -> bool {
        matches!(self, Self::FollowUp | Self::Need)
    }
}

/// An entry to be written.
#[derive(Clone, Debug)]
pub struct NewEntry {
    pub kind: EntryKind,
    pub channel: String,
    /// `in` where the customer came, `out` where we did.
    pub direction: String,
    pub topic: String,
    pub text: String,
    pub result: String,
    /// A day, `YYYY-MM-DD`.
    pub due: Option<String>,
    pub detail: Value,
}

impl NewEntry {
    pub fn new(kind: EntryKind, topic: &str) -> Self {
        let empty = String::new;
        Self {
            kind,
            channel: empty(),
            direction: empty(),
            topic: topic.to_owned(),
            text: empty(),
            result: empty(),
            due: None,
            detail: json!({}),
        }
    }
}

/// An entry as it stands in the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub id: String,
    pub kind: String,
    pub at: Timestamp,
    pub channel: String,
    pub direction: String,
    pub topic: String,
    pub text: String,
    pub result: String,
    pub status: String,
    pub due: Option<String>,
    pub operator: String,
    pub detail: Value,
}

macro_rules! columns {
    () => {
        "id, kind, at, channel, direction, topic, text, result, status, due, operator_name, detail"
    };
}

sql! {
    INSERT = "INSERT INTO customer_journal (id, customer_id, org, kind, at, channel, direction, topic, text, result, status, due, \
              operator, operator_name, detail) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    // What is open is shown however old it is.
    OF_CUSTOMER = concat!("SELECT ", columns!(), " FROM customer_journal WHERE customer_id = $1 AND (status = 'open' OR id IN \
                   (SELECT id FROM customer_journal WHERE customer_id = $1 ORDER BY id DESC LIMIT $2)) ORDER BY id DESC");
    ONE = "SELECT status, org, kind FROM customer_journal WHERE id = $1 AND customer_id = $2";
    CLOSE = "UPDATE customer_journal SET status = $3, result = $4 WHERE id = $1 AND customer_id = $2 AND status = 'open'";
}

fn from_row(row: &Row) -> Entry {
    Entry {
        id: row.text(0),
        kind: row.text(1),
        at: row.time(2),
        channel: row.text(3),
        direction: row.text(4),
        topic: row.text(5),
        text: row.text(6),
        result: row.text(7),
        status: row.text(8),
        due: row.opt_text(9),
        operator: row.text(10),
        detail: row.json(11),
    }
}

impl Entry {
    pub fn to_json(&self) -> Value {
        json!({
            "id": self.id, "kind": self.kind, "at": self.at, "channel": self.channel, "direction": self.direction,
            "topic": self.topic, "text": self.text, "result": self.result, "status": self.status, "due": self.due,
            "operator": self.operator, "detail": self.detail,
        })
    }
}

/// The newest entries and every open one, newest first. The caller has made sure that the customer may be seen.
pub fn journal_of(tx: &mut Tx<'_>, customer_id: &str, limit: i64) -> Result<Vec<Entry>> {
    Ok(tx.query(&OF_CUSTOMER, params![customer_id, limit])?.iter().map(from_row).collect())
}

/// Writes an entry into the file of a customer the actor sees; returns its id.
pub fn record(tx: &mut Tx<'_>, customer_id: &str, new: NewEntry) -> Result<String> {
    let customer = tmf::load(tx, &CUSTOMER, customer_id)?;
    append(tx, &customer, new)
}

pub(crate) fn append(tx: &mut Tx<'_>, customer: &Document, new: NewEntry) -> Result<String> {
    let id = tx.new_id::<Entry>().into_string();
    let actor = tx.actor().clone();
    let status = if new.kind.waits() { "open" } else { "" };
    let detail = serde_json::to_string(&new.detail).map_err(Problem::internal)?;
    let kind = new.kind.name();
    let values = params![
        id,
        customer.id,
        customer.org,
        kind,
        tx.now(),
        new.channel,
        new.direction,
        new.topic,
        new.text,
        new.result,
        status,
        new.due,
        &*actor.id,
        &*actor.name,
        detail
    ];
    tx.execute(&INSERT, values)?;
    let event = Event::new("CustomerJournalCreateEvent", "customer", &customer.id, customer.version, &customer.org);
    // What a customer said is not repeated in the event.
    tx.emit(
        event.topic(format!("customer:{}", customer.id)).payload(json!({"customerJournal": {"id": id, "kind": kind}})),
    )?;
    Ok(id)
}

/// Closes an open matter. Exactly one of two who do it at once succeeds.
pub fn close(tx: &mut Tx<'_>, customer_id: &str, entry: &str, met: bool, result: &str) -> Result<()> {
    let customer = tmf::load(tx, &CUSTOMER, customer_id)?;
    tx.query_one(&ONE, params![entry, customer_id])?;
    let status = if met { "met" } else { "dropped" };
    if tx.execute(&CLOSE, params![entry, customer_id, status, result])? == 0 {
        return Err(Problem::new(&problems::JOURNAL_CLOSED));
    }
    let detail = json!({"entry": entry, "status": status});
    tx.audit("customer.journal_close", "customer", customer_id, &customer.org, &detail)?;
    let event = Event::new("CustomerJournalChangeEvent", "customer", customer_id, customer.version, &customer.org);
    tx.emit(event.topic(format!("customer:{customer_id}")).payload(json!({"customerJournal": detail})))
}

/// A grade is set in the customer's document; its history is kept here.
pub(crate) fn follow_grade(tx: &mut Tx<'_>, before: Option<&Map<String, Value>>, doc: &Document) -> Result<()> {
    let grade = |body: &Map<String, Value>| body.get("grade").and_then(Value::as_str).unwrap_or("").to_owned();
    let (from, to) = (before.map(grade).unwrap_or_default(), grade(&doc.body));
    if from == to {
        return Ok(());
    }
    let entry = NewEntry { detail: json!({"from": from, "to": to}), ..NewEntry::new(EntryKind::Grade, &to) };
    append(tx, doc, entry).map(drop)
}
