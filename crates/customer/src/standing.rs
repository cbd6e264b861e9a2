//! What stands against a customer: the blacklist, marks of abnormal use (异常客户), and the review of names.
//!
//! A blacklisted certificate refuses every record that carries it, whichever hall made the record: whoever asks is not
//! limited to a scope, but the reason alone is told, not where it was entered.

mod name;
mod review;
mod routes;

pub use name::{NameCheck, check_name};
pub use review::{Measure, due_for, escalate, reviews_at};
pub(crate) use routes::routes;

use crate::keys::KeyKind;
use kernel::{Perm, Result, Timestamp};
use serde_json::{Value, json};
use store::{Row, Tx, params, sql};

pub const STANDING_READ: Perm =
    Perm {
        name: "standing.read", zh: "查看黑名单与异常客户", en: "See the blacklist and abnormal customers"
    };
pub const STANDING_WRITE: Perm = Perm {
    name: "standing.write",
    zh: "登记、解除黑名单与异常客户",
    en: "Enter and lift blacklist and abnormal marks",
};

/// A mark on a customer.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    pub id: String,
    pub customer_id: String,
    /// `blacklist` or `abnormal`.
    pub kind: String,
    /// `arrears`, `fraud`, `falseIdentity`, `spam`, `resale`, `complaintAbuse`, `unverified`, `other`.
    pub category: String,
    pub reason: String,
    pub source: String,
    pub from: Timestamp,
    pub until: Option<Timestamp>,
    /// `active` or `lifted`.
    pub state: String,
    pub made_by: String,
    pub lifted_at: Option<Timestamp>,
    pub lifted_by: Option<String>,
    pub lift_reason: Option<String>,
    pub org: String,
}

impl Standing {
    pub fn to_json(&self) -> Value {
        json!({
            "id": self.id, "customerId": self.customer_id, "kind": self.kind, "category": self.category, "reason": self.reason,
            "source": self.source, "from": self.from, "until": self.until, "state": self.state, "madeBy": self.made_by,
            "liftedAt": self.lifted_at, "liftedBy": self.lifted_by, "liftReason": self.lift_reason,
        })
    }
}

sql! {
    /// The second condition repeats that of the partial index, which SQLite must see.
    CERTIFICATES = "SELECT key FROM customer_key WHERE customer_id = $1 AND kind = 5 AND kind >= 5";
    HOLDERS = "SELECT customer_id FROM customer_key WHERE key = $1 AND kind = $2 ORDER BY customer_id LIMIT 10000";
    BY_CUSTOMER = "SELECT id, customer_id, kind, category, reason, source, from_at, until_at, state, made_by, lifted_at, lifted_by, \
                   lift_reason, org FROM customer_standing WHERE customer_id = $1 ORDER BY id DESC LIMIT 200";
    BY_CERTIFICATE = "SELECT id, customer_id, kind, category, reason, source, from_at, until_at, state, made_by, lifted_at, lifted_by, \
                      lift_reason, org FROM customer_standing WHERE certificate_key = $1 AND state = 'active' ORDER BY id DESC LIMIT 200";
}

/// Every customer whose certificate is this customer's, himself included, wherever they belong.
pub fn with_same_certificate(tx: &mut Tx<'_>, customer_id: &str) -> Result<Vec<String>> {
    let keys = certificate_keys(tx, customer_id)?;
    let mut all = vec![customer_id.to_owned()];
    for key in keys {
        let rows = tx.query(&HOLDERS, params![key, KeyKind::Certificate as i64])?;
        all.extend(rows.iter().map(|r| r.text(0)));
    }
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// Every customer with this certificate.
pub fn with_certificate(tx: &mut Tx<'_>, number: &str) -> Result<Vec<String>> {
    let key = crate::keys::certificate_key(number, tx.vault());
    let rows = tx.query(&HOLDERS, params![key, KeyKind::Certificate as i64])?;
    Ok(rows.iter().map(|r| r.text(0)).collect())
}

pub(crate) fn certificate_keys(tx: &mut Tx<'_>, customer_id: &str) -> Result<Vec<String>> {
    Ok(tx.query(&CERTIFICATES, params![customer_id])?.iter().map(|r| r.text(0)).collect())
}

fn from_row(r: &Row) -> Standing {
    Standing {
        id: r.text(0),
        customer_id: r.text(1),
        kind: r.text(2),
        category: r.text(3),
        reason: r.text(4),
        source: r.text(5),
        from: r.time(6),
        until: r.opt_time(7),
        state: r.text(8),
        made_by: r.text(9),
        lifted_at: r.opt_time(10),
        lifted_by: r.opt_text(11),
        lift_reason: r.opt_text(12),
        org: r.text(13),
    }
}

/// All marks of a customer, and those in force that its certificate brings from other records; newest first.
pub fn standings(tx: &mut Tx<'_>, customer_id: &str) -> Result<Vec<Standing>> {
    let mut all: Vec<Standing> = tx.query(&BY_CUSTOMER, params![customer_id])?.iter().map(from_row).collect();
    for key in certificate_keys(tx, customer_id)? {
        for row in tx.query(&BY_CERTIFICATE, params![key])? {
            if !all.iter().any(|s| s.id == row.str(0)) {
                all.push(from_row(&row));
            }
        }
    }
    all.sort_unstable_by(|a, b| b.id.cmp(&a.id));
    Ok(all)
}

/// Why no new business may be done with this customer; nothing where it may.
pub fn blacklisted(tx: &mut Tx<'_>, customer_id: &str) -> Result<Option<String>> {
    let now = tx.now();
    let in_force = |s: &Standing| {
        s.kind == "blacklist" && s.state == "active" && s.from <= now && s.until.is_none_or(|until| until > now)
    };
    if let Some(found) = standings(tx, customer_id)?.into_iter().find(in_force) {
        return Ok(Some(found.reason));
    }
    review::refuses_new(tx, customer_id)
}
