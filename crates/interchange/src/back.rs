//! Taking orders from billing: each exactly once, in the queue with the transaction that asks for it.

use crate::{
    Kind, State, problems,
    state::Verb,
    subject,
    target::{self, Note},
};
use inventory::products::locks::Reason;
use kernel::{OrgPath, Problem, Result, Timestamp};
use serde_json::{Value, json};
use store::{Event, Tx, params, sql};

/// What it is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Subject {
    Product(String),
    /// Every product that is charged to the account.
    Account(String),
}

/// An order that a billing system sends.
#[derive(Clone, Debug)]
pub struct BackOrder {
    /// The asker's own id: the same one again is the same order.
    pub id: String,
    pub kind: Kind,
    pub subject: Subject,
    /// The lock that is set or taken off.
    pub reason: Reason,
    /// The system that asks, such as `dunning`.
    pub source: String,
    pub at: Timestamp,
    pub note: String,
    /// What else it says: an amount, a limit.
    pub detail: Value,
}

sql! {
    INSERT = "INSERT INTO back_order (id, version, org, source, own_id, kind, product_id, account_id, customer_id, reason, note, \
              content, asked_at, state, told_state, tell_attempts, created_at, updated_at) \
              VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'waiting', '', 0, $13, $13) ON CONFLICT (id) DO NOTHING";
    SAME = "SELECT kind, product_id, account_id, reason, state FROM back_order WHERE id = $1";
    TARGET = "INSERT INTO back_target (back_id, seq, org, product_id, number, kind, reason, state, attempts, next_at, outcome, \
              created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', 0, $8, '', $8)";
    HISTORY = "INSERT INTO back_history (back_id, n, seq, state, at, actor, note) \
               SELECT $1, COALESCE(MAX(n), 0) + 1, $2, $3, $4, $5, $6 FROM back_history WHERE back_id = $1";
    STATE = "SELECT state FROM back_order WHERE id = $1";
}

/// The id under which an order of a source is kept.
pub fn key(source: &str, own_id: &str) -> String {
    format!("{source}:{own_id}")
}

/// Takes an order, exactly once by source and id: the same said again changes nothing and gives where it stands.
pub fn submit(tx: &mut Tx<'_>, order: &BackOrder) -> Result<State> {
    check(tx, order)?;
    let id = key(&order.source, &order.id);
    let (product, account) = match &order.subject {
        Subject::Product(id) => (Some(id.clone()), None),
        Subject::Account(id) => (None, Some(id.clone())),
    };
    let subject = (&product, &account);
    if let Some(state) = known(tx, &id, order, subject)? {
        return Ok(state);
    }
    let found = subject::look(tx, order.kind, &order.subject)?;
    let now = tx.now();
    let binds = params![
        id,
        found.org,
        order.source,
        order.id,
        order.kind.name(),
        product,
        account,
        found.customer_id,
        order.reason.name(),
        order.note,
        order.detail,
        order.at,
        now
    ];
    if tx.execute(&INSERT, binds)? == 0 {
        // Said twice at this moment: the other one was faster, and what it took is there now.
        return known(tx, &id, order, subject)?.ok_or_else(|| Problem::new(&kernel::codes::CONFLICT));
    }
    for (seq, one) in found.concerned.iter().enumerate() {
        let (kind, reason) = (order.kind.name(), order.reason.name());
        tx.execute(&TARGET, params![id, seq, one.org, one.product_id, one.number, kind, reason, now])?;
    }
    if order.kind.sets_bar() {
        for one in &found.concerned {
            supersede(tx, &one.product_id, order, &id)?;
        }
    }
    history(tx, &id, None, State::Waiting, &order.note)?;
    publish(tx, &id, 1, &found.org, State::Waiting, order.kind, &found.customer_id, "Create")?;
    tx.poke();
    Ok(State::Waiting)
}

/// Where an order stands that was taken under this id. Refused where the id means something else.
fn known(
    tx: &mut Tx<'_>,
    id: &str,
    order: &BackOrder,
    (product, account): (&Option<String>, &Option<String>),
) -> Result<Option<State>> {
    let Some(row) = tx.query_opt(&SAME, params![id])? else { return Ok(None) };
    let same = row.str(0) == order.kind.name()
        && row.opt_text(1) == *product
        && row.opt_text(2) == *account
        && row.str(3) == order.reason.name();
    match same {
        true => State::parse(row.str(4)).map(Some),
        false => Err(Problem::new(&problems::BACK_CONFLICT).with("value", &order.id)),
    }
}

/// What was asked before about this product and reason and has not begun is out of date: who has paid is not stopped first.
fn supersede(tx: &mut Tx<'_>, product_id: &str, order: &BackOrder, id: &str) -> Result<()> {
    for older in target::older(tx, product_id, order.reason, id)? {
        let mut older = target::lock(tx, &older.back_id, older.seq)?;
        if older.state.after(Verb::Close).is_ok() {
            older.step(tx, Verb::Close, &Note { text: id, outcome: "superseded", ..Note::default() })?;
        }
    }
    Ok(())
}

fn check(tx: &Tx<'_>, order: &BackOrder) -> Result<()> {
    let fits = |text: &str, most: usize| !text.trim().is_empty() && text.chars().count() <= most && !text.contains(':');
    if !fits(&order.source, 60) {
        return Err(Problem::invalid("source", "1–60"));
    }
    if order.id.trim().is_empty() || order.id.chars().count() > 120 {
        return Err(Problem::invalid("id", "1–120"));
    }
    if order.note.chars().count() > 500 {
        return Err(Problem::invalid("note", "≤ 500"));
    }
    if order.at > tx.now().plus_seconds(300) {
        return Err(Problem::new(&problems::BACK_AHEAD).field("at").with("value", &order.at.to_string()));
    }
    // The customer's own wish and the report of a loss are the customer's to take back, at a counter.
    if matches!(order.reason, Reason::Customer | Reason::Loss) {
        return Err(Problem::new(&problems::BACK_REASON).field("reason").with("value", order.reason.name()));
    }
    Ok(())
}

/// Where an order of a source stands; none where it never came.
pub fn state_of(tx: &mut Tx<'_>, source: &str, own_id: &str) -> Result<Option<State>> {
    tx.query_opt(&STATE, params![key(source, own_id)])?.map(|r| State::parse(r.str(0))).transpose()
}

pub(crate) fn history(tx: &mut Tx<'_>, id: &str, seq: Option<i64>, state: State, note: &str) -> Result<()> {
    let (actor, now) = (tx.actor().name.clone(), tx.now());
    tx.execute(&HISTORY, params![id, seq, state.name(), now, &*actor, note]).map(drop)
}

#[expect(clippy::too_many_arguments, reason = "the parts of one event")]
pub(crate) fn publish(
    tx: &mut Tx<'_>,
    id: &str,
    version: i64,
    org: &OrgPath,
    state: State,
    kind: Kind,
    customer: &str,
    what: &str,
) -> Result<()> {
    let event = Event::new(format!("BackOrder{what}Event"), "backOrder", id, version, org)
        .topic(format!("customer:{customer}"))
        .payload(json!({"backOrder": {"id": id, "kind": kind, "state": state, "customerId": customer}}))
        .audit(json!({"kind": kind, "state": state}));
    tx.emit(event)
}
