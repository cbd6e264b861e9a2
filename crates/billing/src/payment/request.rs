//! What one person asks for and another allows: reversals that are not free, refunds above the limit or by another way.
//!
//! ```text
//! requested ─→ approved ─→ done      carried out by whoever asked, out of the own drawer
//!     │  └───→ rejected
//!     └──────→ withdrawn             also from approved
//! ```
//! Nobody decides an own request. There is at most one open request for a payment.

use super::{Method, refund, reverse};
use crate::{account, perms, problems};
use kernel::{Money, OrgPath, Problem, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use store::{Event, Filter, Row, Tx, params, sql};

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum State {
    Requested,
    Approved,
    Rejected,
    Withdrawn,
    Done,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verb {
    Approve,
    Reject,
    Withdraw,
    CarryOut,
}

impl State {
    fn parse(text: &str) -> Self {
        match text {
            "requested" => Self::Requested,
            "approved" => Self::Approved,
            "rejected" => Self::Rejected,
            "done" => Self::Done,
            _ => Self::Withdrawn,
        }
    }
    const fn name(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Done => "done",
        }
    }
    /// Where a verb leads; `None` where it is not allowed.
    const fn after(self, verb: Verb) -> Option<Self> {
        match (self, verb) {
            (Self::Requested, Verb::Approve) => Some(Self::Approved),
            (Self::Requested, Verb::Reject) => Some(Self::Rejected),
            (Self::Requested | Self::Approved, Verb::Withdraw) => Some(Self::Withdrawn),
            (Self::Approved, Verb::CarryOut) => Some(Self::Done),
            (Self::Requested | Self::Approved | Self::Rejected | Self::Withdrawn | Self::Done, _) => None,
        }
    }
}

impl Verb {
    pub fn parse(text: &str) -> Result<Self> {
        match text {
            "approve" => Ok(Self::Approve),
            "reject" => Ok(Self::Reject),
            "withdraw" => Ok(Self::Withdraw),
            "carry-out" => Ok(Self::CarryOut),
            _ => Err(Problem::not_found()),
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ask {
    /// `reversal` or `refund`.
    pub kind: String,
    #[serde(default)]
    pub payment_id: String,
    #[serde(default)]
    pub account_id: String,
    #[serde(default)]
    pub book: String,
    #[serde(default)]
    pub amount_fen: i64,
    #[serde(default)]
    pub method: String,
    pub reason: String,
}

macro_rules! columns {
    () => {
        "id, version, org, kind, payment_id, account_id, customer_id, book, amount_fen, method, reason, state, asked_by, asked_name, \
         decided_by, decided_name, decided_at, decision, result_id, created_at"
    };
}

sql! {
    INSERT = "INSERT INTO money_request (id, version, org, kind, payment_id, account_id, customer_id, book, amount_fen, method, reason, \
              content, state, asked_by, asked_name, decision, created_at, updated_at) \
              VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '{}', 'requested', $11, $12, '', $13, $13)";
    LOCK = concat!("SELECT ", columns!(), " FROM money_request WHERE id = $1 {for_update}");
    OPEN = "SELECT id FROM money_request WHERE payment_id = $1 AND state IN ('requested', 'approved')";
    DECIDE = "UPDATE money_request SET version = version + 1, state = $3, decided_by = $4, decided_name = $5, decided_at = $6, \
              decision = $7, updated_at = $6 WHERE id = $1 AND version = $2";
    END = "UPDATE money_request SET version = version + 1, state = $3, result_id = $4, updated_at = $5 WHERE id = $1 AND version = $2";
}

fn view(row: &Row) -> Value {
    json!({
        "id": row.str(0), "kind": row.str(3), "paymentId": row.opt_text(4), "accountId": row.str(5), "customerId": row.str(6),
        "book": row.str(7), "amountFen": row.int(8), "method": row.str(9), "reason": row.str(10), "state": row.str(11),
        "askedById": row.str(12), "askedBy": row.str(13), "decidedBy": row.opt_text(15), "decidedAt": row.opt_time(16),
        "decision": row.str(17), "resultId": row.opt_text(18), "createdAt": row.time(19),
    })
}

fn told(tx: &mut Tx<'_>, id: &str, org: &OrgPath, what: &str) -> Result<Value> {
    let row = tx.query_one(&LOCK, params![id])?;
    let shown = view(&row);
    let event = Event::new(format!("MoneyRequest{what}Event"), "moneyRequest", id, row.int(1), org)
        .topic(format!("customer:{}", row.str(6)))
        .payload(json!({"moneyRequest": shown}))
        .audit(json!({"kind": row.str(3), "state": row.str(11), "amountFen": row.int(8), "decision": row.str(17)}));
    tx.emit(event)?;
    Ok(shown)
}

/// Submits a request; what can never be done is refused at once.
pub fn submit(tx: &mut Tx<'_>, ask: &Ask) -> Result<Value> {
    let reason = ask.reason.trim();
    if reason.is_empty() || reason.chars().count() > 500 {
        return Err(Problem::invalid("reason", "1–500"));
    }
    let id = tx.new_id::<Ask>().into_string();
    let by = tx.actor().clone();
    let (account_id, payment_id, amount, method, book);
    match ask.kind.as_str() {
        "reversal" => {
            let payment = super::payment(tx, &ask.payment_id)?;
            if payment.reverses.is_some() {
                return Err(Problem::new(&problems::REVERSAL_FINAL));
            }
            if payment.status != super::DONE {
                return Err(Problem::new(&problems::ALREADY_REVERSED));
            }
            if tx.query_opt(&OPEN, params![payment.id])?.is_some() {
                return Err(Problem::new(&problems::REQUEST_ONCE));
            }
            (account_id, amount, method) = (payment.account_id, payment.amount, payment.method);
            (payment_id, book) = (Some(payment.id), payment.book);
        }
        "refund" => {
            let back = back(ask, true)?;
            account::account(tx, &back.account_id)?;
            refund::may_pay_back(tx, &back)?;
            (account_id, amount, method) = (back.account_id, back.amount, back.method);
            (payment_id, book) = (None, back.book);
        }
        _ => return Err(Problem::invalid("kind", "reversal, refund")),
    }
    let account = account::account(tx, &account_id)?;
    tx.execute(
        &INSERT,
        params![
            id,
            account.org,
            ask.kind,
            payment_id,
            account.id,
            account.customer_id,
            book,
            amount,
            method.name(),
            reason,
            &*by.id,
            &*by.name,
            tx.now()
        ],
    )?;
    told(tx, &id, &account.org, "Create")
}

fn back(ask: &Ask, approved: bool) -> Result<refund::Back> {
    Ok(refund::Back {
        account_id: ask.account_id.clone(),
        book: if ask.book.is_empty() { crate::books::GENERAL.to_owned() } else { ask.book.clone() },
        amount: Money::fen(ask.amount_fen),
        method: Method::parse(&ask.method)?,
        reason: ask.reason.clone(),
        approved,
        extra: Map::new(),
    })
}

/// Approves, rejects, withdraws or carries out.
pub fn decide(tx: &mut Tx<'_>, id: &str, verb: Verb, reason: &str) -> Result<Value> {
    let row = tx.query_one(&LOCK, params![id])?;
    tx.must_see(row.str(2))?;
    let org = OrgPath::parse(row.str(2))?;
    let state = State::parse(row.str(11));
    let by = tx.actor().clone();
    let own = row.str(12) == &*by.id;
    match verb {
        Verb::Approve | Verb::Reject => {
            tx.allow(perms::MONEY_APPROVE)?;
            if own {
                return Err(Problem::new(&problems::REQUEST_OWN));
            }
        }
        Verb::Withdraw if !own => tx.allow(perms::MONEY_APPROVE)?,
        Verb::Withdraw | Verb::CarryOut => {}
    }
    let Some(next) = state.after(verb) else {
        return Err(Problem::new(&problems::REQUEST_STATE).with("state", state.name()));
    };
    if verb == Verb::Reject && reason.trim().is_empty() {
        return Err(Problem::invalid("reason", "1–500"));
    }
    match verb {
        Verb::Approve | Verb::Reject => {
            let binds = params![id, row.int(1), next.name(), &*by.id, &*by.name, tx.now(), reason.trim()];
            tx.execute_versioned(&DECIDE, binds)?;
        }
        Verb::Withdraw => tx.execute_versioned(&END, params![id, row.int(1), next.name(), None::<String>, tx.now()])?,
        Verb::CarryOut => {
            let result = carry_out(tx, &row, own)?;
            tx.execute_versioned(&END, params![id, row.int(1), next.name(), result, tx.now()])?;
        }
    }
    told(tx, id, &org, "StateChange")
}

/// Who decided does not pay out: two persons stand behind the money.
fn carry_out(tx: &mut Tx<'_>, row: &Row, own: bool) -> Result<String> {
    if !own && row.opt_text(14).as_deref() == Some(&*tx.actor().id) {
        return Err(Problem::new(&problems::REQUEST_OWN));
    }
    if row.str(3) == "reversal" {
        tx.allow(perms::PAYMENT_REVERSE)?;
        let payment = row.opt_text(4).unwrap_or_default();
        return Ok(reverse::reverse_with(tx, &payment, row.str(10), reverse::Ground::Approved)?.id);
    }
    tx.allow(perms::REFUND)?;
    let back = refund::Back {
        account_id: row.text(5),
        book: row.text(7),
        amount: row.money(8),
        method: Method::parse(row.str(9))?,
        reason: row.text(10),
        approved: true,
        extra: Map::new(),
    };
    Ok(refund::pay_back(tx, &back)?.0)
}

pub fn list(tx: &mut Tx<'_>, state: Option<&str>, customer_id: Option<&str>) -> Result<Vec<Value>> {
    let mut filter = Filter::default();
    filter.scope("org", tx.actor());
    if let Some(state) = state {
        filter.equal("state", state);
    }
    if let Some(customer) = customer_id {
        filter.equal("customer_id", customer);
    }
    let text =
        format!(concat!("SELECT ", columns!(), " FROM money_request{} ORDER BY id DESC LIMIT 200"), filter.to_where());
    let rows = tx.query(&text, &filter.binds)?;
    let mut views: Vec<Value> = rows.iter().map(view).collect();
    for shown in &mut views {
        let id = shown["customerId"].as_str().unwrap_or("").to_owned();
        shown["customerName"] = json!(customer::summary(tx, &id).ok().map(|c| c.name));
    }
    Ok(views)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_decided_once_and_carried_out_once() {
        use State::{Approved, Done, Rejected, Requested, Withdrawn};
        let allowed = |state: State| {
            let verbs = [Verb::Approve, Verb::Reject, Verb::Withdraw, Verb::CarryOut];
            verbs.into_iter().filter_map(|v| state.after(v)).collect::<Vec<_>>()
        };
        assert_eq!(allowed(Requested), [Approved, Rejected, Withdrawn]);
        assert_eq!(allowed(Approved), [Withdrawn, Done]);
        for end in [Rejected, Withdrawn, Done] {
            assert_eq!(allowed(end), []);
            assert_eq!(State::parse(end.name()), end);
        }
    }
}
