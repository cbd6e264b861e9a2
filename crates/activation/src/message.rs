//! Messages to activation systems: all work of an order that one system does, sent as one transaction and answered by one
//! result. What is sent follows from these records, so a process that dies sends it again, and the other side knows it by
//! its id and version.

pub mod batch;
pub mod book;
pub mod decide;
pub mod make;
pub mod routes;
pub mod state;

pub use state::{Answer, Effect, State};

use kernel::{OrgPath, Problem, Result, Timestamp};
use serde_json::Value;
use std::sync::Arc;
use store::{Row, Tx, params, sql};
use tokio::sync::Notify;

/// A message as it stands.
#[derive(Clone, Debug)]
pub struct Message {
    pub id: String,
    pub system: String,
    pub saga_id: String,
    pub order_id: String,
    pub org: OrgPath,
    pub purpose: Purpose,
    pub batch: i64,
    pub version: i64,
    pub state: State,
    pub wanted: Wanted,
    pub due: Option<Timestamp>,
    pub attempts: i64,
    pub external_id: Option<String>,
    pub payload: Value,
    pub error: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub submitted_at: Option<Timestamp>,
    pub acked_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    Order,
    /// Takes back what the order's message had done.
    Undo,
}

impl Purpose {
    pub fn text(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Undo => "undo",
        }
    }
}

/// What is to be told next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wanted {
    Nothing,
    Submit,
    Amend,
    Cancel,
    Ask,
}

impl Wanted {
    const ALL: [Self; 5] = [Self::Nothing, Self::Submit, Self::Amend, Self::Cancel, Self::Ask];
    pub fn text(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Submit => "submit",
            Self::Amend => "amend",
            Self::Cancel => "cancel",
            Self::Ask => "ask",
        }
    }
    fn parse(text: &str) -> Self {
        Self::ALL.into_iter().find(|w| w.text() == text).unwrap_or(Self::Nothing)
    }
}

/// A piece of a message: one step of the saga.
#[derive(Clone, Debug)]
pub struct Item {
    pub step: i64,
    pub target: String,
    pub verb: String,
    pub task: String,
    pub product: String,
    pub subscriber: String,
    pub state: ItemState,
    pub detail: String,
    pub reported: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ItemState {
    Pending,
    Done,
    Failed,
    /// Nothing is sent: others use the thing still.
    Kept,
}

impl ItemState {
    const ALL: [Self; 4] = [Self::Pending, Self::Done, Self::Failed, Self::Kept];
    pub fn text(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Kept => "kept",
        }
    }
    fn parse(text: &str) -> Self {
        Self::ALL.into_iter().find(|s| s.text() == text).unwrap_or(Self::Pending)
    }
}

/// How long a system may take before it is asked, and how long between the questions.
pub const PATIENCE: i64 = 60;
/// Pauses between attempts to tell a system something; after the last one a person has to look.
pub const PAUSES: [i64; 5] = [2, 5, 15, 60, 300];
/// Questions without a result before a person has to look.
pub const MOST_QUESTIONS: i64 = 30;

const COLUMNS: &str = "id, system, saga_id, order_id, org, purpose, batch, version, state, wanted, due, attempts, external_id, \
                       payload, error, created_at, updated_at, submitted_at, acked_at, ended_at";

sql! {
    INSERT = "INSERT INTO activation_message (id, system, saga_id, order_id, org, purpose, batch, version, state, wanted, due, attempts, payload, created_at, updated_at) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, 1, 'new', 'submit', $9, 0, $8, $9, $9) ON CONFLICT (saga_id, system, purpose, batch) DO NOTHING";
    SAGA_OF = "SELECT saga_id, org FROM activation_message WHERE id = $1";
    SAVE = "UPDATE activation_message SET version = $2, state = $3, wanted = $4, due = $5, attempts = $6, external_id = $7, payload = $8, \
            error = $9, updated_at = $10, submitted_at = $11, acked_at = $12, ended_at = $13 WHERE id = $1";
    OF_STEP = "SELECT m.id FROM activation_message m JOIN activation_item i ON i.message_id = m.id \
               WHERE m.saga_id = $1 AND i.step = $2 AND m.purpose = $3 ORDER BY m.created_at DESC LIMIT 1";
    ADD_ITEM = "INSERT INTO activation_item (message_id, step, target, verb, task, product_id, subscriber, state, detail, reported) \
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', 0) ON CONFLICT (message_id, step) DO NOTHING";
    SET_ITEM = "UPDATE activation_item SET state = $3, detail = $4, reported = $5 WHERE message_id = $1 AND step = $2";
    ITEMS = "SELECT step, target, verb, task, product_id, subscriber, state, detail, reported FROM activation_item WHERE message_id = $1 ORDER BY step";
    TRACE = "INSERT INTO activation_trace (id, message_id, at, direction, kind, summary, body) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    TRACED = "SELECT at, direction, kind, summary, body FROM activation_trace WHERE message_id = $1 ORDER BY at DESC, id DESC LIMIT 200";
}

fn read(row: &Row) -> Result<Message> {
    Ok(Message {
        id: row.text(0),
        system: row.text(1),
        saga_id: row.text(2),
        order_id: row.text(3),
        org: OrgPath::parse(row.str(4))?,
        purpose: if row.str(5) == "undo" { Purpose::Undo } else { Purpose::Order },
        batch: row.int(6),
        version: row.int(7),
        state: State::parse(row.str(8)),
        wanted: Wanted::parse(row.str(9)),
        due: row.opt_time(10),
        attempts: row.int(11),
        external_id: row.opt_text(12),
        payload: row.json(13),
        error: row.opt_text(14),
        created_at: row.time(15),
        updated_at: row.time(16),
        submitted_at: row.opt_time(17),
        acked_at: row.opt_time(18),
        ended_at: row.opt_time(19),
    })
}

/// The message, for reading.
pub fn load(tx: &mut Tx<'_>, id: &str) -> Result<Message> {
    let row = tx.query_one(&format!("SELECT {COLUMNS} FROM activation_message WHERE id = $1"), params![id])?;
    tx.must_see(row.str(4))?;
    read(&row)
}

/// The message, and nobody else changes it or its saga before this transaction ends. The saga comes first, as everywhere.
pub fn lock(tx: &mut Tx<'_>, id: &str) -> Result<Message> {
    let row = tx.query_one(&SAGA_OF, params![id])?;
    tx.must_see(row.str(1))?;
    flow::saga::lock(tx, row.str(0))?;
    let text = format!("SELECT {COLUMNS} FROM activation_message WHERE id = $1 {{for_update}}");
    let row = tx.query_one(&text, params![id])?;
    tx.must_see(row.str(4))?;
    read(&row)
}

pub fn save(tx: &mut Tx<'_>, m: &Message) -> Result<()> {
    let now = tx.now();
    tx.execute(
        &SAVE,
        params![
            m.id,
            m.version,
            m.state.text(),
            m.wanted.text(),
            m.due,
            m.attempts,
            m.external_id,
            m.payload,
            m.error,
            now,
            m.submitted_at,
            m.acked_at,
            m.ended_at
        ],
    )?;
    if m.due.is_some_and(|at| at <= now) {
        tx.memory::<Bell>().0.notify_one();
    }
    Ok(())
}

/// The message that a step of a saga is in.
pub fn of_step(tx: &mut Tx<'_>, saga: &str, step: usize, purpose: Purpose) -> Result<Option<String>> {
    Ok(tx.query_opt(&OF_STEP, params![saga, step, purpose.text()])?.map(|r| r.text(0)))
}

pub fn items(tx: &mut Tx<'_>, id: &str) -> Result<Vec<Item>> {
    let rows = tx.query(&ITEMS, params![id])?;
    let read = |r: &Row| Item {
        step: r.int(0),
        target: r.text(1),
        verb: r.text(2),
        task: r.text(3),
        product: r.text(4),
        subscriber: r.text(5),
        state: ItemState::parse(r.str(6)),
        detail: r.text(7),
        reported: r.flag(8),
    };
    Ok(rows.iter().map(read).collect())
}

pub fn set_item(tx: &mut Tx<'_>, message: &str, item: &Item) -> Result<()> {
    tx.execute(&SET_ITEM, params![message, item.step, item.state.text(), item.detail, item.reported]).map(drop)
}

/// Keeps what was sent or received, as it was; long bodies are cut.
pub fn trace(tx: &mut Tx<'_>, message: &str, direction: &str, kind: &str, summary: &str, body: &str) -> Result<()> {
    let (id, now) = (tx.new_id::<Message>(), tx.now());
    let body: String = body.chars().take(16_000).collect();
    tx.execute(&TRACE, params![id, message, now, direction, kind, summary, body]).map(drop)
}

/// Wakes the dispatcher of this process.
#[derive(Default)]
pub struct Bell(pub Notify);

/// Something is due now.
pub fn ring(tx: &Tx<'_>) {
    tx.memory::<Bell>().0.notify_one();
}

pub fn bell(db: &store::Db) -> Arc<Bell> {
    db.memory::<Bell>()
}

/// Why a message failed, as the step's problem.
pub fn problem(message: &Message, item: &Item) -> Problem {
    use crate::problems::{NO_ANSWER, REFUSED, UNREACHABLE};
    let target = format!("{} / {}", message.system, item.target);
    let code = match message.error.as_deref() {
        Some("noAnswer") => &NO_ANSWER,
        Some("unreachable") => &UNREACHABLE,
        _ => &REFUSED,
    };
    Problem::new(code).with("target", &target).with("detail", &item.detail)
}
