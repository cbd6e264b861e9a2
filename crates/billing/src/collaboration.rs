//! Collaboration orders (协作单): every fact that changes charging is told to billing exactly once, acknowledged, and tried
//! again until it is done or a person takes over.
//!
//! ```text
//! waiting ─→ sent ─→ received ─→ succeeded ─→ closed
//!   ↑          └────────┴──→ failed ─→ manual ──↗
//!   └───────── resend ─────────┴────────┘          waiting, failed and manual are closed too when the order is taken back
//! ```
//! 待发 → 已发 → 已收 → 成功 / 失败 → 重发 / 人工 → 关闭. While one of an order's is not done, the order is not archived.
//! The id is made of order, product and kind, so that saying it twice says it once. Billing runs in this process, so sending,
//! receiving and doing share one transaction; an outside billing system would take the same orders over a wire.

mod back;
mod charged;
mod effect;
mod kind;
pub mod outside;
mod routes;
mod work;

pub use back::take_back;
pub use charged::products_of_account;
pub use kind::CollaborationKind;
pub use routes::routes;
pub use work::{deliver, round, run};

use crate::problems;
use kernel::{OrgPath, Problem, Result, Timestamp};
use serde::Serialize;
use serde_json::{Value, json};
use store::{Event, Row, Tx, params, sql};

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum State {
    Waiting,
    Sent,
    Received,
    Succeeded,
    Failed,
    Manual,
    Closed,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verb {
    Send,
    Receive,
    Succeed,
    Fail,
    /// Tried again, by itself or by a person.
    Resend,
    /// Tried often enough: a person must look.
    GiveUp,
    /// Told again after it was done: a comparison showed that the other side does not have it.
    Retell,
    /// Taken back before it was done.
    Withdraw,
    Close,
}

impl State {
    const ALL: [Self; 7] =
        [Self::Waiting, Self::Sent, Self::Received, Self::Succeeded, Self::Failed, Self::Manual, Self::Closed];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Received => "received",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Manual => "manual",
            Self::Closed => "closed",
        }
    }
    fn parse(text: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|s| s.name() == text).ok_or_else(|| Problem::invalid("state", text))
    }
    /// Nothing more will come: the order may be archived.
    pub const fn is_done(self) -> bool {
        matches!(self, Self::Succeeded | Self::Closed)
    }
    pub fn after(self, verb: Verb) -> Result<Self> {
        match (self, verb) {
            (Self::Waiting, Verb::Send) => Ok(Self::Sent),
            (Self::Sent, Verb::Receive) => Ok(Self::Received),
            (Self::Received, Verb::Succeed) => Ok(Self::Succeeded),
            (Self::Sent | Self::Received, Verb::Fail) => Ok(Self::Failed),
            (Self::Failed | Self::Manual, Verb::Resend) | (Self::Succeeded, Verb::Retell) => Ok(Self::Waiting),
            (Self::Failed, Verb::GiveUp) => Ok(Self::Manual),
            (Self::Succeeded | Self::Manual, Verb::Close)
            | (Self::Waiting | Self::Failed | Self::Manual, Verb::Withdraw) => Ok(Self::Closed),
            (state, verb) => {
                let verb = format!("{verb:?}").to_lowercase();
                Err(Problem::new(&problems::COLLABORATION_STATE).with("state", state.name()).with("verb", &verb))
            }
        }
    }
}

/// The bundle that a product was sold in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bundle {
    pub offering_id: String,
    /// The order item of the bundle.
    pub item_id: String,
}

/// A fact for billing. What `old` and `new` hold depends on the kind; see [`effect`].
#[derive(Clone, Debug)]
pub struct Collaboration {
    pub kind: CollaborationKind,
    pub order_id: String,
    pub order_no: String,
    pub customer_id: String,
    /// The account charged; the customer's default account where none is named.
    pub account_id: Option<String>,
    pub product_id: String,
    pub offering_id: String,
    /// Where the product was sold inside a bundle. A bundle with prices of its own is charged once, as a whole.
    pub bundle: Option<Bundle>,
    /// The number, line or circuit that the customer knows the product by; empty where there is none.
    pub number: String,
    pub effective_from: Timestamp,
    pub org: OrgPath,
    /// The version of the offering that was sold; the current one where nothing is said.
    pub offering_version: Option<i64>,
    pub old: Value,
    pub new: Value,
}

/// Where a collaboration order stands, as the order's tracking shows it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CollaborationState {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: CollaborationKind,
    pub type_name: &'static str,
    pub product_id: String,
    pub state: State,
    pub ack_at: Option<Timestamp>,
    pub attempts: i64,
    pub error: Option<Value>,
    pub bill_id: Option<String>,
}

/// A stored collaboration order.
#[derive(Clone, Debug)]
struct Stored {
    id: String,
    version: i64,
    state: State,
    attempts: i64,
    fact: Collaboration,
    /// The collaboration order that this one takes back.
    undoes: Option<String>,
    /// The outside system it goes to; empty for the embedded one.
    system: String,
    ack_no: Option<String>,
}

/// Which way an order goes.
#[derive(Clone, Default)]
struct Via {
    /// The outside system it is told to; empty: embedded.
    system: String,
    /// The order entry it came from; empty: our own.
    sender: String,
}

sql! {
    INSERT = "INSERT INTO collaboration (id, version, org, kind, state, order_id, order_no, customer_id, account_id, product_id, \
              offering_id, number, effective_from, content, attempts, next_at, created_at, updated_at, system, sender) \
              VALUES ($1, 1, $2, $3, 'waiting', $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, $13, $13, $13, $14, $15) ON CONFLICT (id) DO NOTHING";
    SAME = "SELECT offering_id, account_id, number, customer_id, content FROM collaboration WHERE id = $1";
    HISTORY = "INSERT INTO collaboration_history (collaboration_id, version, state, at, actor, note) VALUES ($1, $2, $3, $4, $5, $6)";
    LOCK = "SELECT id, version, state, attempts, kind, order_id, order_no, customer_id, account_id, product_id, offering_id, \
            number, effective_from, content, org, system, ack_no FROM collaboration WHERE id = $1 {for_update}";
    MOVE = "UPDATE collaboration SET version = version + 1, state = $3, attempts = $4, next_at = $5, updated_at = $6, \
            ack_at = CASE WHEN $3 = 'received' THEN $6 ELSE ack_at END, \
            ack_no = CASE WHEN $3 = 'received' THEN $7 ELSE ack_no END, \
            done_at = CASE WHEN $3 = 'succeeded' THEN $6 ELSE done_at END, error_code = $8, error_text = $9 \
            WHERE id = $1 AND version = $2";
    OF_ORDER = "SELECT id, kind, product_id, state, ack_at, attempts, error_code, error_text FROM collaboration \
                WHERE order_id = $1 ORDER BY id";
}

/// Tells billing a fact, exactly once: the same order, product and kind told again changes nothing and gives the same id.
pub fn collaborate(tx: &mut Tx<'_>, fact: Collaboration) -> Result<String> {
    let id = format!("{}:{}:{}", fact.order_id, fact.product_id, fact.kind.name());
    if fact.kind == CollaborationKind::Rename {
        // The name stands on the bills of every system that charges something of the customer.
        for system in outside::of_customer(tx, &fact.customer_id)? {
            let via = Via { system: system.clone(), sender: String::new() };
            tell(tx, format!("{id}@{system}"), &fact, None, &via)?;
        }
    }
    let via = Via { system: outside::of_fact(tx, &fact)?, sender: String::new() };
    tell(tx, id, &fact, None, &via)
}

fn tell(tx: &mut Tx<'_>, id: String, fact: &Collaboration, undoes: Option<&str>, via: &Via) -> Result<String> {
    let bundle = fact.bundle.as_ref().map(|b| json!({"offeringId": b.offering_id, "itemId": b.item_id}));
    let content = json!({
        "bundle": bundle, "old": fact.old, "new": fact.new, "offeringVersion": fact.offering_version, "undoes": undoes,
    });
    let binds = params![
        id,
        fact.org,
        fact.kind.name(),
        fact.order_id,
        fact.order_no,
        fact.customer_id,
        fact.account_id,
        fact.product_id,
        fact.offering_id,
        fact.number,
        fact.effective_from,
        content,
        tx.now(),
        via.system,
        via.sender
    ];
    if tx.execute(&INSERT, binds)? == 0 {
        let known = tx.query_one(&SAME, params![id])?;
        let same = known.str(0) == fact.offering_id
            && known.opt_text(1) == fact.account_id
            && known.str(2) == fact.number
            && known.str(3) == fact.customer_id
            && known.json(4)["new"] == fact.new;
        return if same { Ok(id) } else { Err(Problem::new(&problems::COLLABORATION_CONFLICT).with("value", &id)) };
    }
    history(tx, &id, 1, State::Waiting, "")?;
    publish(tx, &id, 1, fact, State::Waiting, "Create")?;
    Ok(id)
}

/// All collaboration orders of an order.
pub fn collaboration_state(tx: &mut Tx<'_>, order_id: &str) -> Result<Vec<CollaborationState>> {
    let rows = tx.query(&OF_ORDER, params![order_id])?;
    let bill_id = crate::bill::bill_of_order(tx, order_id)?.map(|b| b.id);
    rows.iter()
        .map(|row| {
            let kind = CollaborationKind::parse(row.str(1))?;
            let error = row.opt_text(6).map(|code| json!({"code": code, "reason": row.opt_text(7)}));
            Ok(CollaborationState {
                id: row.text(0),
                kind,
                type_name: kind.zh(),
                product_id: row.text(2),
                state: State::parse(row.str(3))?,
                ack_at: row.opt_time(4),
                attempts: row.int(5),
                error,
                bill_id: bill_id.clone(),
            })
        })
        .collect()
}

fn lock(tx: &mut Tx<'_>, id: &str) -> Result<Stored> {
    let row = tx.query_one(&LOCK, params![id])?;
    tx.must_see(row.str(14))?;
    stored(&row)
}

fn stored(row: &Row) -> Result<Stored> {
    let content = row.json(13);
    let text = |v: &Value| v.as_str().unwrap_or("").to_owned();
    let bundle = content["bundle"].is_object().then(|| Bundle {
        offering_id: text(&content["bundle"]["offeringId"]),
        item_id: text(&content["bundle"]["itemId"]),
    });
    Ok(Stored {
        id: row.text(0),
        version: row.int(1),
        state: State::parse(row.str(2))?,
        attempts: row.int(3),
        undoes: content["undoes"].as_str().map(str::to_owned),
        system: row.text(15),
        ack_no: row.opt_text(16),
        fact: Collaboration {
            kind: CollaborationKind::parse(row.str(4))?,
            order_id: row.text(5),
            order_no: row.text(6),
            customer_id: row.text(7),
            account_id: row.opt_text(8),
            product_id: row.text(9),
            offering_id: row.text(10),
            bundle,
            number: row.text(11),
            effective_from: row.time(12),
            org: OrgPath::parse(row.str(14))?,
            offering_version: content["offeringVersion"].as_i64(),
            old: content["old"].clone(),
            new: content["new"].clone(),
        },
    })
}

impl Stored {
    /// The only writer of the state.
    fn step(
        &mut self,
        tx: &mut Tx<'_>,
        verb: Verb,
        next_at: Timestamp,
        error: Option<&Problem>,
        note: &str,
    ) -> Result<()> {
        self.state = self.state.after(verb)?;
        if verb == Verb::Send {
            self.attempts += 1;
        }
        let ack = tx.new_id::<Stored>();
        let (code, text) = (error.map(|e| e.code.id), error.map(|e| e.reason(kernel::Lang::Zh)));
        tx.execute_versioned(
            &MOVE,
            params![self.id, self.version, self.state.name(), self.attempts, next_at, tx.now(), ack, code, text],
        )?;
        self.version += 1;
        history(tx, &self.id, self.version, self.state, note)?;
        publish(tx, &self.id, self.version, &self.fact, self.state, "StateChange")
    }
}

fn history(tx: &mut Tx<'_>, id: &str, version: i64, state: State, note: &str) -> Result<()> {
    let actor = tx.actor().name.clone();
    tx.execute(&HISTORY, params![id, version, state.name(), tx.now(), &*actor, note]).map(drop)
}

fn publish(tx: &mut Tx<'_>, id: &str, version: i64, fact: &Collaboration, state: State, what: &str) -> Result<()> {
    if matches!(state, State::Sent | State::Received) {
        return Ok(()); // passed through within one transaction: the history has them
    }
    let event = Event::new(format!("Collaboration{what}Event"), "collaboration", id, version, &fact.org)
        .topic(format!("order:{}", fact.order_id))
        .payload(json!({"collaboration": {
            "id": id, "type": fact.kind, "state": state, "orderId": fact.order_id, "productId": fact.product_id,
        }}))
        .audit(json!({"state": state, "orderNo": fact.order_no}));
    tx.emit(event)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_states_follow_the_diagram_and_nothing_else() {
        let verbs = [
            Verb::Send,
            Verb::Receive,
            Verb::Succeed,
            Verb::Fail,
            Verb::Resend,
            Verb::GiveUp,
            Verb::Withdraw,
            Verb::Close,
            Verb::Retell,
        ];
        let allowed: Vec<String> = State::ALL
            .into_iter()
            .flat_map(|s| verbs.map(|v| (s, v)))
            .filter_map(|(s, v)| Some(format!("{}>{}", s.name(), s.after(v).ok()?.name())))
            .collect();
        assert_eq!(
            allowed,
            [
                "waiting>sent",
                "waiting>closed",
                "sent>received",
                "sent>failed",
                "received>succeeded",
                "received>failed",
                "succeeded>closed",
                "succeeded>waiting",
                "failed>waiting",
                "failed>manual",
                "failed>closed",
                "manual>waiting",
                "manual>closed",
                "manual>closed",
            ]
        );
    }
}
