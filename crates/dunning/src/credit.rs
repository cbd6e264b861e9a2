//! Credit (信用度): how much of a debt is left alone. A long-term limit, a temporary one of a few days, or no control at all.

use crate::{APPROVE, law, problems};
use kernel::{Date, Money, OrgPath, Problem, Result};
use serde::Serialize;
use serde_json::json;
use store::{Event, Row, Tx, params, sql};

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Credit {
    pub account_id: String,
    /// `controlled` or `uncontrolled`.
    pub kind: String,
    #[serde(rename = "limitFen")]
    pub limit: Money,
    #[serde(rename = "temporaryFen")]
    pub temporary: Money,
    pub temporary_until: Option<Date>,
    pub reason: String,
    pub updated_by: String,
}

sql! {
    ONE = "SELECT account_id, kind, limit_fen, temporary_fen, temporary_until, reason, updated_by FROM dunning_credit WHERE account_id = $1";
    BETWEEN = "SELECT account_id, kind, limit_fen, temporary_fen, temporary_until, reason, updated_by FROM dunning_credit \
               WHERE account_id > $1 AND account_id <= $2";
    PUT = "INSERT INTO dunning_credit (account_id, version, org, customer_id, kind, limit_fen, temporary_fen, temporary_until, reason, \
           updated_at, updated_by) VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (account_id) DO UPDATE SET \
           version = dunning_credit.version + 1, kind = excluded.kind, limit_fen = excluded.limit_fen, \
           temporary_fen = excluded.temporary_fen, temporary_until = excluded.temporary_until, reason = excluded.reason, \
           updated_at = excluded.updated_at, updated_by = excluded.updated_by";
    CHANGED = "INSERT INTO dunning_credit_change (id, account_id, at, kind, limit_fen, temporary_fen, temporary_until, reason, actor) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    CHANGES = "SELECT at, kind, limit_fen, temporary_fen, temporary_until, reason, actor FROM dunning_credit_change \
               WHERE account_id = $1 ORDER BY id DESC LIMIT 50";
}

fn read(row: &Row) -> Result<Credit> {
    Ok(Credit {
        account_id: row.text(0),
        kind: row.text(1),
        limit: row.money(2),
        temporary: row.money(3),
        temporary_until: row.opt_text(4).map(|t| Date::parse(&t)).transpose()?,
        reason: row.text(5),
        updated_by: row.text(6),
    })
}

impl Credit {
    pub fn none(account_id: &str) -> Self {
        Self {
            account_id: account_id.to_owned(),
            kind: "controlled".to_owned(),
            limit: Money::ZERO,
            temporary: Money::ZERO,
            temporary_until: None,
            reason: String::new(),
            updated_by: String::new(),
        }
    }
    /// What of a debt is left alone on `today`.
    pub fn allowed(&self, today: Date) -> Money {
        if self.kind == "uncontrolled" {
            return Money::fen(i64::MAX);
        }
        let temporary = self.temporary_until.filter(|until| today <= *until).map_or(Money::ZERO, |_| self.temporary);
        self.limit.plus(temporary).unwrap_or(self.limit)
    }
}

pub fn of(tx: &mut Tx<'_>, account_id: &str) -> Result<Credit> {
    let row = tx.query_opt(&ONE, params![account_id])?;
    row.as_ref().map_or_else(|| Ok(Credit::none(account_id)), read)
}

/// The credits of a range of accounts.
pub fn between(tx: &mut Tx<'_>, after: &str, until: &str) -> Result<Vec<Credit>> {
    tx.query(&BETWEEN, params![after, until])?.iter().map(read).collect()
}

pub fn changes(tx: &mut Tx<'_>, account_id: &str) -> Result<Vec<serde_json::Value>> {
    let rows = tx.query(&CHANGES, params![account_id])?;
    let one = |r: &Row| {
        json!({"at": r.time(0), "kind": r.str(1), "limitFen": r.int(2), "temporaryFen": r.int(3),
               "temporaryUntil": r.opt_text(4), "reason": r.str(5), "actor": r.str(6)})
    };
    Ok(rows.iter().map(one).collect())
}

/// Sets an account's credit; the caller re-evaluates its case. Large ones, and taking an account out of control, need the
/// right to approve.
pub fn set(tx: &mut Tx<'_>, account: &billing::Account, wanted: &Credit) -> Result<Credit> {
    if wanted.reason.trim().is_empty() {
        return Err(Problem::new(&problems::REASON).field("reason"));
    }
    if !["controlled", "uncontrolled"].contains(&wanted.kind.as_str()) {
        return Err(Problem::invalid("kind", "controlled | uncontrolled"));
    }
    if wanted.limit < Money::ZERO || wanted.temporary < Money::ZERO {
        return Err(Problem::invalid("limitFen", "≥ 0"));
    }
    let sum = wanted.limit.plus(wanted.temporary)?;
    let most = Money::fen(law::setting(tx, "credit.max_fen")?);
    if (wanted.kind == "uncontrolled" || sum > most) && !tx.actor().may(APPROVE) {
        return Err(Problem::new(&problems::CREDIT_LIMIT).field("limitFen").with("most", &most.to_string()));
    }
    let today = tx.now().date();
    match (wanted.temporary.is_zero(), wanted.temporary_until) {
        (true, None) => {}
        (true, Some(_)) => return Err(Problem::missing("temporaryFen")),
        (false, None) => return Err(Problem::missing("temporaryUntil")),
        (false, Some(until)) => {
            let rule = law::Book::open(tx)?.at(&account.org)?.temporary;
            if until < today || until.days_since(today) > rule.value {
                let problem = Problem::new(&problems::TEMPORARY).field("temporaryUntil");
                return Err(problem.with("days", &rule.value.to_string()).with("source", &rule.source));
            }
        }
    }
    let (now, by) = (tx.now(), tx.actor().name.to_string());
    let until = wanted.temporary_until.map(|d| d.to_string());
    let org: &OrgPath = &account.org;
    let reason = wanted.reason.trim();
    tx.execute(
        &PUT,
        params![
            account.id,
            org,
            account.customer_id,
            wanted.kind,
            wanted.limit,
            wanted.temporary,
            until,
            reason,
            now,
            by
        ],
    )?;
    let id = tx.new_id::<Credit>();
    tx.execute(&CHANGED, params![id, account.id, now, wanted.kind, wanted.limit, wanted.temporary, until, reason, by])?;
    let event = Event::new("CreditChangeEvent", "dunningCredit", &account.id, now.micros(), org)
        .topic(format!("customer:{}", account.customer_id));
    tx.emit(event.audit(json!({"kind": wanted.kind, "limitFen": wanted.limit, "temporaryFen": wanted.temporary,
                               "temporaryUntil": until, "reason": reason})))?;
    of(tx, &account.id)
}
