//! Names to be verified again: opened for risky use, closed by a verification, made harder by the clock.
//!
//! ```text
//! open(level 1: notice) ─ due → level 2: no new business ─ due → level 3: lines suspended ─ due → level 4: removed
//!    └── verified ──→ closed (verified) · withdrawn ──→ closed (withdrawn)
//! ```
//! Suspending and removing lines is business of other crates: they ask [`due_for`] whom it concerns.

use crate::{problems, summary::org_of};
use kernel::{Lang, OrgPath, Problem, Result, Timestamp};
use serde_json::{Value, json};
use store::{Event, Row, Tx, params, sql};

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Measure {
    Notice,
    RefuseNew,
    Suspend,
    Remove,
}

impl Measure {
    fn stored(text: &str) -> Self {
        match text {
            "refuseNew" => Self::RefuseNew,
            "suspend" => Self::Suspend,
            "remove" => Self::Remove,
            _ => Self::Notice,
        }
    }
    pub fn name(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::RefuseNew => "refuseNew",
            Self::Suspend => "suspend",
            Self::Remove => "remove",
        }
    }
}

sql! {
    INSERT = "INSERT INTO name_review (id, org, customer_id, reason, level, state, due_at, opened_at, opened_by) \
              VALUES ($1, $2, $3, $4, $5, 'open', $6, $7, $8)";
    OPEN_OF = "SELECT r.id, r.reason, m.measure FROM name_review r JOIN name_review_measure m ON m.level = r.level \
               WHERE r.customer_id = $1 AND r.state = 'open'";
    LIST = "SELECT r.id, r.org, r.customer_id, r.reason, r.level, r.state, r.due_at, r.opened_at, r.opened_by, r.verification_id, r.ended_at, \
            r.ended_by, r.end_note, m.measure, c.name, c.customer_no FROM name_review r JOIN name_review_measure m ON m.level = r.level \
            JOIN customer c ON c.id = r.customer_id \
            WHERE r.state = $1 AND (r.org = $2 OR (r.org >= $3 AND r.org < $4)) ORDER BY r.due_at, r.id LIMIT $5 OFFSET $6";
    LOAD = "SELECT org, customer_id, level, state FROM name_review WHERE id = $1 {for_update}";
    CLOSE = "UPDATE name_review SET state = $2, verification_id = $3, ended_at = $4, ended_by = $5, end_note = $6 WHERE id = $1 AND state = 'open'";
    DUE = "SELECT id, org, customer_id, level FROM name_review WHERE state = 'open' AND due_at <= $1 AND level < 4 ORDER BY due_at LIMIT 200";
    RAISE = "UPDATE name_review SET level = $2, due_at = $3 WHERE id = $1 AND state = 'open' AND level = $4";
    DAYS = "SELECT days, measure FROM name_review_measure WHERE level = $1";
    AT_LEVEL = "SELECT r.customer_id FROM name_review r JOIN name_review_measure m ON m.level = r.level \
                WHERE r.state = 'open' AND m.measure = $1 AND r.customer_id > $2 ORDER BY r.customer_id LIMIT 200";
}

/// Why a review keeps this customer from new business.
pub(super) fn refuses_new(tx: &mut Tx<'_>, customer_id: &str) -> Result<Option<String>> {
    let Some(row) = tx.query_opt(&OPEN_OF, params![customer_id])? else { return Ok(None) };
    let refuses = Measure::stored(row.str(2)) >= Measure::RefuseNew;
    Ok(refuses.then(|| format!("实名复核逾期 / name not verified again in time: {}", row.str(1))))
}

/// The measure that an open review has reached for this customer.
pub fn due_for(tx: &mut Tx<'_>, customer_id: &str) -> Result<Option<Measure>> {
    Ok(tx.query_opt(&OPEN_OF, params![customer_id])?.map(|row| Measure::stored(row.str(2))))
}

/// Customers whose review has reached `measure`, after `after` in the order of their ids.
pub fn reviews_at(tx: &mut Tx<'_>, measure: Measure, after: &str) -> Result<Vec<String>> {
    Ok(tx.query(&AT_LEVEL, params![measure.name(), after])?.iter().map(|r| r.text(0)).collect())
}

/// Opens a review; one at a time for a customer.
pub(super) fn open(tx: &mut Tx<'_>, customer_id: &str, reason: &str, level: i64) -> Result<String> {
    let org = org_of(tx, customer_id)?;
    tx.must_see(org.as_str())?;
    if tx.query_opt(&OPEN_OF, params![customer_id])?.is_some() {
        return Err(Problem::new(&problems::REVIEW_OPEN));
    }
    let days = tx.query_one(&DAYS, params![level])?.int(0);
    let id = tx.new_id::<Measure>().into_string();
    let (now, by) = (tx.now(), tx.actor().name.to_string());
    let due = now.plus_seconds(days * 86_400);
    tx.execute(&INSERT, params![id, org, customer_id, reason, level, due, now, by])?;
    tell(tx, "NameReviewCreateEvent", &id, customer_id, &org, &json!({"level": level}))?;
    Ok(id)
}

fn tell(tx: &mut Tx<'_>, what: &str, id: &str, customer: &str, org: &OrgPath, detail: &Value) -> Result<()> {
    let payload = json!({"nameReview": {"id": id, "customerId": customer, "detail": detail}});
    let event = Event::new(what, "nameReview", id, 1, org).topic(format!("customer:{customer}"));
    tx.emit(event.payload(payload).audit(detail.clone()))
}

/// Ends a review: `verified` (with the verification) or `withdrawn` (with why).
pub(super) fn close(tx: &mut Tx<'_>, id: &str, verification: Option<&str>, note: &str) -> Result<String> {
    let row = tx.query_one(&LOAD, params![id])?;
    tx.must_see(row.str(0))?;
    let org = OrgPath::parse(row.str(0))?;
    let customer = row.text(1);
    if row.str(3) != "open" {
        return Err(Problem::new(&problems::REVIEW_CLOSED));
    }
    if let Some(verification) = verification {
        verified(tx, &customer, verification)?;
    }
    let state = if verification.is_some() { "verified" } else { "withdrawn" };
    let by = tx.actor().name.to_string();
    tx.execute(&CLOSE, params![id, state, verification, tx.now(), by, note])?;
    tell(tx, "NameReviewStateChangeEvent", id, &customer, &org, &json!({"state": state, "note": note}))?;
    Ok(customer)
}

/// The customer's own certificate was shown just now, whatever the rules ask of other business.
fn verified(tx: &mut Tx<'_>, customer: &str, verification: &str) -> Result<()> {
    let ask = super::NameCheck {
        customer_id: customer,
        family: "",
        business: "review",
        verification_id: Some(verification),
        proxy_verification_id: None,
    };
    match super::check_name(tx, &ask)?.into_iter().next() {
        Some(problem) => Err(problem),
        None => Ok(()),
    }
}

/// Raises the measure of reviews whose time has run out; returns how many.
pub fn escalate(tx: &mut Tx<'_>) -> Result<usize> {
    let now = tx.now();
    let rows = tx.query(&DUE, params![now])?;
    for row in &rows {
        let next = row.int(3) + 1;
        let days = tx.query_one(&DAYS, params![next])?;
        let due = now.plus_seconds(days.int(0).max(1) * 86_400);
        if tx.execute(&RAISE, params![row.str(0), next, due, row.int(3)])? == 1 {
            let org = OrgPath::parse(row.str(1))?;
            let detail = json!({"level": next, "measure": days.str(1)});
            tell(tx, "NameReviewStateChangeEvent", row.str(0), row.str(2), &org, &detail)?;
        }
    }
    Ok(rows.len())
}

pub(super) fn list(tx: &mut Tx<'_>, state: &str, limit: i64, offset: i64) -> Result<Vec<Value>> {
    let scope = tx.actor().scope.clone();
    let (low, high) = scope.below();
    let rows = tx.query(&LIST, params![state, scope, low, high, limit, offset])?;
    Ok(rows.iter().map(to_json).collect())
}

fn to_json(r: &Row) -> Value {
    let at = |i: usize| -> Option<Timestamp> { r.opt_time(i) };
    json!({
        "id": r.str(0), "customerId": r.str(2), "reason": r.str(3), "level": r.int(4), "state": r.str(5), "dueAt": r.time(6),
        "openedAt": r.time(7), "openedBy": r.str(8), "verificationId": r.opt_text(9), "endedAt": at(10),
        "endedBy": r.opt_text(11), "endNote": r.opt_text(12), "measure": r.str(13), "customerName": r.str(14), "customerNo": r.str(15),
    })
}

/// The problem of one row of a list, in both languages.
pub(super) fn told(problem: &Problem) -> Value {
    json!({"code": problem.code.id, "zh-CN": problem.reason(Lang::Zh), "en": problem.reason(Lang::En)})
}
