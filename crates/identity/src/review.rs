//! Doubtful pairs: shown side by side, decided once, the decision kept for every later matching.

use crate::{codes, problems, records, run};
use kernel::{OrgPath, Problem, Result};
use serde_json::{Value, json};
use store::{Event, Row, Tx, params, sql};

/// What somebody says of a pair.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    Accept,
    Reject,
    /// Not now: it goes behind the others.
    Skip,
}

impl Verdict {
    pub fn parse(text: &str) -> Result<Self> {
        match text {
            "accept" => Ok(Self::Accept),
            "reject" => Ok(Self::Reject),
            "skip" => Ok(Self::Skip),
            _ => Err(Problem::new(&problems::VERDICT).field("verdict")),
        }
    }
    fn state(self) -> &'static str {
        match self {
            Self::Accept => "accepted",
            Self::Reject => "rejected",
            Self::Skip => "skipped",
        }
    }
}

sql! {
    QUEUE = "SELECT a, b, org, points, findings, why, state, decided_at, decided_by, note FROM identity_pair \
             WHERE state = $1 AND (org = $2 OR (org >= $3 AND org < $4)) ORDER BY points DESC, a, b LIMIT $5 OFFSET $6";
    COUNT = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM identity_pair WHERE state = $1 AND (org = $2 OR (org >= $3 AND org < $4)) LIMIT 10001) AS counted";
    ONE = "SELECT a, b, org, points, findings, why, state, decided_at, decided_by, note FROM identity_pair WHERE a = $1 AND b = $2 {for_update}";
    DECIDE = "UPDATE identity_pair SET state = $3, digest = $4, decided_at = $5, decided_by = $6, note = $7 WHERE a = $1 AND b = $2";
    PUT_REJECTED = "INSERT INTO identity_pair (a, b, run_id, org, points, findings, why, state, digest, decided_at, decided_by, note) \
                    VALUES ($1, $2, '', $3, 0, '[]', 'separated', 'rejected', $4, $5, $6, $7) \
                    ON CONFLICT (a, b) DO UPDATE SET state = 'rejected', digest = $4, decided_at = $5, decided_by = $6, note = $7";
}

fn scope(tx: &Tx<'_>) -> (OrgPath, String, String) {
    let scope = tx.actor().scope.clone();
    let (low, high) = scope.below();
    (scope, low, high)
}

/// Pairs in `state` (open, skipped, accepted, rejected), the likeliest first, with both records.
pub(crate) fn queue(tx: &mut Tx<'_>, state: &str, limit: i64, offset: i64) -> Result<Vec<Value>> {
    let (own, low, high) = scope(tx);
    let rows = tx.query(&QUEUE, params![state, own, low, high, limit, offset])?;
    let mut pairs = Vec::new();
    for row in &rows {
        pairs.extend(shown(tx, row)?);
    }
    Ok(pairs)
}

/// How many wait, up to 10,001.
pub(crate) fn waiting(tx: &mut Tx<'_>, state: &str) -> Result<i64> {
    let (own, low, high) = scope(tx);
    Ok(tx.query_one(&COUNT, params![state, own, low, high])?.int(0))
}

/// Nothing where one of the records has left since.
fn shown(tx: &mut Tx<'_>, row: &Row) -> Result<Option<Value>> {
    let clear = tx.actor().may(party::PRIVACY_VIEW);
    let (Some(a), Some(b)) = (records::record(tx, row.int(0))?, records::record(tx, row.int(1))?) else {
        return Ok(None);
    };
    let (left, right) = (a.to_json(clear, tx.vault()), b.to_json(clear, tx.vault()));
    Ok(Some(json!({
        "a": row.int(0), "b": row.int(1), "key": format!("{}-{}", row.int(0), row.int(1)), "points": row.int(3), "findings": row.json(4),
        "why": row.str(5), "state": row.str(6), "decidedAt": row.opt_time(7), "decidedBy": row.opt_text(8), "note": row.opt_text(9),
        "left": left, "right": right,
    })))
}

pub(crate) fn pair(tx: &mut Tx<'_>, a: i64, b: i64) -> Result<Value> {
    let row = tx.query_one(&ONE, params![a.min(b), a.max(b)])?;
    tx.must_see(row.str(2))?;
    shown(tx, &row)?.ok_or_else(Problem::not_found)
}

/// Decides a pair. Accepted records go under one code at once; the matching's guards are the person's to judge.
pub(crate) fn decide(tx: &mut Tx<'_>, a: i64, b: i64, verdict: Verdict, note: &str) -> Result<Value> {
    let (a, b) = (a.min(b), a.max(b));
    let row = tx.query_one(&ONE, params![a, b])?;
    tx.must_see(row.str(2))?;
    if !matches!(row.str(6), "open" | "skipped") {
        let by = row.opt_text(8).unwrap_or_default();
        return Err(Problem::new(&problems::PAIR_DECIDED).with("by", &by));
    }
    let (ra, rb) = match (records::record(tx, a)?, records::record(tx, b)?) {
        (Some(ra), Some(rb)) => (ra, rb),
        _ => return Err(Problem::not_found()),
    };
    let digest = (verdict != Verdict::Skip).then(|| run::both(&ra.digest, &rb.digest));
    let by = tx.actor().name.to_string();
    tx.execute(&DECIDE, params![a, b, verdict.state(), digest, tx.now(), by, note])?;
    let mut code = None;
    if verdict == Verdict::Accept {
        let into = match (ra.code, rb.code) {
            (Some(x), Some(y)) => x.min(y),
            (Some(x), None) | (None, Some(x)) => x,
            (None, None) => codes::new_code(tx)?,
        };
        let mut nos = vec![a, b];
        for old in [ra.code, rb.code].into_iter().flatten().filter(|c| *c != into) {
            nos.extend(records::members(tx, old)?.iter().map(|m| m.no));
        }
        nos.sort_unstable();
        nos.dedup();
        codes::move_to(tx, &nos, into, &json!({"review": [a, b], "note": note}))?;
        code = Some(codes::shown(into));
    }
    let org = OrgPath::parse(row.str(2))?;
    let detail = json!({"a": a, "b": b, "verdict": verdict.state(), "code": code});
    let event = Event::new("IdentityPairStateChangeEvent", "identityPair", &format!("{a}-{b}"), 1, &org);
    tx.emit(event.payload(json!({"identityPair": detail})).audit(detail.clone()))?;
    Ok(detail)
}

/// Takes a record out of its logical customer: it gets a code of its own, and is kept apart from the others.
pub(crate) fn separate(tx: &mut Tx<'_>, code: i64, no: i64, reason: &str) -> Result<i64> {
    let logical = codes::load(tx, code)?;
    let members = records::members(tx, logical.code)?;
    let out = members.iter().find(|m| m.no == no).ok_or_else(Problem::not_found)?;
    if members.len() < 2 {
        return Err(Problem::invalid("recordNo", "1"));
    }
    let by = tx.actor().name.to_string();
    for other in members.iter().filter(|m| m.no != no) {
        let (a, b) = (out.no.min(other.no), out.no.max(other.no));
        let digest = if out.no < other.no {
            run::both(&out.digest, &other.digest)
        } else {
            run::both(&other.digest, &out.digest)
        };
        tx.execute(&PUT_REJECTED, params![a, b, logical.org, digest, tx.now(), by, reason])?;
    }
    let fresh = codes::new_code(tx)?;
    codes::move_to(tx, &[no], fresh, &json!({"separated": reason}))?;
    let detail = json!({"record": no, "from": codes::shown(logical.code), "to": codes::shown(fresh)});
    tx.audit("identity.separate", "identityCode", &codes::shown(logical.code), &logical.org, &detail)?;
    Ok(fresh)
}
