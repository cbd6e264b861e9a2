//! One product of an order from billing, and the whole that follows its parts.

use crate::{
    Kind, State, answer,
    back::{history, publish},
    state::Verb,
};
use inventory::products::locks::Reason;
use kernel::{Lang, OrgPath, Problem, Result, Timestamp};
use store::{Row, Tx, params, sql};

#[derive(Clone, Debug)]
pub struct Target {
    pub back_id: String,
    pub seq: i64,
    pub product_id: String,
    pub kind: Kind,
    pub reason: Reason,
    pub state: State,
    pub attempts: i64,
}

/// What is written down with a step.
#[derive(Default)]
pub struct Note<'a> {
    pub text: &'a str,
    pub outcome: &'a str,
    pub order: Option<(&'a str, &'a str)>,
    pub error: Option<&'a Problem>,
    pub next_at: Option<Timestamp>,
    pub attempts: Option<i64>,
}

macro_rules! columns {
    () => {
        "back_id, seq, product_id, kind, reason, state, attempts"
    };
}
sql! {
    LOCK = concat!("SELECT ", columns!(), " FROM back_target WHERE back_id = $1 AND seq = $2 {for_update}");
    OF_ORDER = concat!("SELECT ", columns!(), " FROM back_target WHERE order_id = $1 AND state = 'working'");
    OLDER = concat!("SELECT ", columns!(), " FROM back_target WHERE product_id = $1 AND reason = $2 AND back_id <> $3 \
             AND state IN ('waiting', 'failed', 'manual') AND kind IN ('barOutgoing', 'barAll', 'unbar') ORDER BY back_id, seq");
    OF_BACK = concat!("SELECT ", columns!(), " FROM back_target WHERE back_id = $1 ORDER BY seq");
    MOVE = "UPDATE back_target SET state = $3, attempts = $4, next_at = $5, order_id = COALESCE($6, order_id), \
            order_no = COALESCE($7, order_no), error_code = $8, error_zh = $9, error_en = $10, outcome = $11 \
            WHERE back_id = $1 AND seq = $2";
    LATER = "UPDATE back_target SET next_at = $3, outcome = $4 WHERE back_id = $1 AND seq = $2";
    WAKE = "UPDATE back_target SET next_at = $2 WHERE product_id = $1 AND state IN ('waiting', 'failed') AND next_at > $2";
    STATES = "SELECT state FROM back_target WHERE back_id = $1";
    HEAD = "SELECT version, state, org, kind, customer_id FROM back_order WHERE id = $1 {for_update}";
    FOLLOW = "UPDATE back_order SET version = version + 1, state = $2, updated_at = $3, done_at = $4 WHERE id = $1";
}

fn read(row: &Row) -> Result<Target> {
    Ok(Target {
        back_id: row.text(0),
        seq: row.int(1),
        product_id: row.text(2),
        kind: Kind::parse(row.str(3))?,
        reason: Reason::parse(row.str(4))?,
        state: State::parse(row.str(5))?,
        attempts: row.int(6),
    })
}

/// A target, and nobody else moves it before this transaction ends. The whole is locked first: two targets of one order
/// never wait for each other.
pub fn lock(tx: &mut Tx<'_>, back_id: &str, seq: i64) -> Result<Target> {
    let head = tx.query_one(&HEAD, params![back_id])?;
    tx.must_see(head.str(2))?;
    let row = tx.query_one(&LOCK, params![back_id, seq])?;
    read(&row)
}

pub fn all_of(tx: &mut Tx<'_>, back_id: &str) -> Result<Vec<Target>> {
    tx.query(&OF_BACK, params![back_id])?.iter().map(read).collect()
}

/// Those that an order carries out.
pub fn of_order(tx: &mut Tx<'_>, order_id: &str) -> Result<Vec<Target>> {
    tx.query(&OF_ORDER, params![order_id])?.iter().map(read).collect()
}

/// What was asked before about this product and reason and has not begun.
pub fn older(tx: &mut Tx<'_>, product_id: &str, reason: Reason, but: &str) -> Result<Vec<Target>> {
    tx.query(&OLDER, params![product_id, reason.name(), but])?.iter().map(read).collect()
}

/// The product is free again: what waits for it is looked at next.
pub fn wake(tx: &mut Tx<'_>, product_id: &str) -> Result<()> {
    let now = tx.now();
    if tx.execute(&WAKE, params![product_id, now])? > 0 {
        tx.poke();
    }
    Ok(())
}

impl Target {
    /// The only writer of a target's state; the whole follows.
    pub fn step(&mut self, tx: &mut Tx<'_>, verb: Verb, note: &Note<'_>) -> Result<()> {
        self.state = self.state.after(verb)?;
        self.attempts = note.attempts.unwrap_or(self.attempts);
        let now = tx.now();
        let (order_id, order_no) = note.order.unzip();
        let (code, zh, en) = match note.error {
            Some(p) => (Some(p.code.id), Some(p.reason(Lang::Zh)), Some(p.reason(Lang::En))),
            None => (None, None, None),
        };
        let binds = params![
            self.back_id,
            self.seq,
            self.state.name(),
            self.attempts,
            note.next_at.unwrap_or(now),
            order_id,
            order_no,
            code,
            zh,
            en,
            note.outcome
        ];
        tx.execute(&MOVE, binds)?;
        history(tx, &self.back_id, Some(self.seq), self.state, note.text)?;
        follow(tx, &self.back_id)
    }
    /// Waits on in the state it is in.
    pub fn later(&self, tx: &mut Tx<'_>, at: Timestamp, why: &str) -> Result<()> {
        tx.execute(&LATER, params![self.back_id, self.seq, at, why]).map(drop)
    }
}

fn follow(tx: &mut Tx<'_>, id: &str) -> Result<()> {
    // The whole first: two parts that end at once see each other.
    let head = tx.query_one(&HEAD, params![id])?;
    let parts: Vec<State> =
        tx.query(&STATES, params![id])?.iter().map(|r| State::parse(r.str(0))).collect::<Result<_>>()?;
    let (version, was) = (head.int(0), State::parse(head.str(1))?);
    let state = State::of_all(&parts);
    if state == was {
        return Ok(());
    }
    let now = tx.now();
    let done = state.ended().then_some(now);
    tx.execute(&FOLLOW, params![id, state.name(), now, done])?;
    answer::due(tx, id, state)?;
    let (org, kind) = (OrgPath::parse(head.str(2))?, Kind::parse(head.str(3))?);
    publish(tx, id, version + 1, &org, state, kind, head.str(4), "StateChange")
}
