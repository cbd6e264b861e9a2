//! The error pool: records whose service is not known (or had ended, or had not begun), or that lie in the future. They are
//! kept once each until they can be taken in, or somebody gives them up with a reason.

use crate::{Fate, Incoming, problems, take, tmf};
use kernel::{Actor, Code, Problem, Result};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use store::{Row, Tx, params, sql};

/// Records that one pass of recycling takes.
pub(crate) const PASS: i64 = 5_000;

sql! {
    // Whose service is there now: those of unknown numbers, and those whose time has come.
    RIPE = "SELECT s.id, s.body, s.origin, s.org FROM usage_suspense s WHERE s.state = 'open' AND \
            ((s.code = 'usage.unknown_service' AND EXISTS (SELECT 1 FROM usage_number n WHERE n.number = s.number)) \
             OR (s.code = 'usage.future' AND s.at <= $1)) ORDER BY s.created_at, s.id LIMIT $2";
    OPEN_OF_NUMBER = "SELECT id, body, origin, org FROM usage_suspense WHERE state = 'open' AND number = $1 ORDER BY id LIMIT $2";
    OPEN_AFTER = "SELECT id, body, origin, org FROM usage_suspense WHERE state = 'open' AND id > $1 ORDER BY id LIMIT $2";
    ONE = "SELECT id, body, origin, org, state FROM usage_suspense WHERE id = $1 {for_update}";
    TAKEN = "UPDATE usage_suspense SET state = 'recycled', ended_at = $2, ended_by = $3, attempts = attempts + 1 WHERE id = $1 AND state = 'open'";
    STAYS = "UPDATE usage_suspense SET attempts = attempts + 1, code = $2 WHERE id = $1 AND state = 'open'";
    DISCARD = "UPDATE usage_suspense SET state = 'discarded', ended_at = $2, ended_by = $3, note = $4 WHERE id = $1 AND state = 'open'";
    DISCARD_OF = "UPDATE usage_suspense SET state = 'discarded', ended_at = $2, ended_by = $3, note = $4 WHERE origin = $1 AND state = 'open'";
    FORGET = "DELETE FROM usage_suspense WHERE at < $1";
    COUNTS = "SELECT code, COUNT(*) FROM usage_suspense WHERE state = 'open' AND (org = $1 OR (org >= $2 AND org < $3)) GROUP BY code ORDER BY code";
}

const INTO: &str =
    "usage_suspense (id, number, source_id, kind, at, org, code, origin, line, body, state, attempts, created_at)";

/// Keeps records; returns how many of them the pool did not have yet.
pub(crate) fn keep(tx: &mut Tx<'_>, origin: &str, records: &[(i64, &Incoming, &'static Code)]) -> Result<u64> {
    // It belongs to the part of the organisation that its bringer sees: it may become usage of a service there only.
    let (org, now) = (tx.actor().scope.clone(), tx.now());
    let mut values = Vec::with_capacity(records.len() * 13);
    for (line, r, code) in records {
        let id = tx.new_id::<Incoming>();
        let number = if r.number.is_empty() { &r.product_id } else { &r.number };
        let body = serde_json::to_string(r).map_err(Problem::internal)?;
        values.extend_from_slice(params![
            id,
            number,
            r.id,
            r.kind.name(),
            r.at,
            org,
            code.id,
            origin,
            *line,
            body,
            "open",
            0,
            now
        ]);
    }
    tx.insert_rows(INTO, 13, &values, "ON CONFLICT (number, source_id) WHERE state = 'open' DO NOTHING")
}

/// What became of a pass.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
pub(crate) struct Passed {
    pub tried: i64,
    pub taken: i64,
}

impl Passed {
    pub fn to_json(self) -> Value {
        json!({"tried": self.tried, "taken": self.taken, "left": self.tried - self.taken})
    }
}

/// Which records of the pool somebody means.
#[derive(Clone, Debug)]
pub(crate) enum Choice {
    Ids(Vec<String>),
    Number(String),
    All,
}

/// Those of `choice` that are open and within the actor's scope; one id that is not is a refusal.
fn chosen(tx: &mut Tx<'_>, choice: &Choice) -> Result<Vec<Row>> {
    let rows = match choice {
        Choice::Ids(ids) => {
            let mut rows = Vec::new();
            for id in ids {
                let row = tx.query_one(&ONE, params![id])?;
                tx.must_see(row.str(3))?;
                if row.str(4) != "open" {
                    return Err(Problem::new(&problems::POOL_STATE).extra("id", json!(id)));
                }
                rows.push(row);
            }
            rows
        }
        Choice::Number(number) => tx.query(&OPEN_OF_NUMBER, params![crate::normalise(number), PASS])?,
        Choice::All => tx.query(&OPEN_AFTER, params!["", PASS])?,
    };
    let actor = tx.actor().clone();
    Ok(rows.into_iter().filter(|r| actor.sees(r.str(3))).collect())
}

/// Tries to take records in again.
pub(crate) fn recycle(tx: &mut Tx<'_>, choice: &Choice) -> Result<Passed> {
    let rows = chosen(tx, choice)?;
    let passed = again(tx, &rows)?;
    let org = tx.actor().org.clone();
    tx.audit("usage.recycled", "usageErrorPool", "pool", &org, &passed.to_json())?;
    Ok(passed)
}

/// Where records lie that can be taken in now.
pub(crate) fn ripe(tx: &mut Tx<'_>) -> Result<BTreeSet<String>> {
    let now = tx.now();
    Ok(tx.query(&RIPE, params![now, PASS])?.iter().map(|r| r.text(3)).collect())
}

/// Takes in what has become possible for the actor's part of the organisation.
pub(crate) fn recycle_ripe(tx: &mut Tx<'_>) -> Result<Passed> {
    let now = tx.now();
    let scope = tx.actor().scope.clone();
    let mut rows = tx.query(&RIPE, params![now, PASS])?;
    rows.retain(|r| r.str(3) == scope.as_str());
    again(tx, &rows)
}

fn again(tx: &mut Tx<'_>, rows: &[Row]) -> Result<Passed> {
    let parse = |r: &Row| serde_json::from_str::<Incoming>(r.str(1)).map_err(Problem::internal);
    let batch = rows.iter().map(parse).collect::<Result<Vec<_>>>()?;
    let fates = take(tx, &batch)?;
    let (now, by) = (tx.now(), tx.actor().name.to_string());
    let mut passed = Passed { tried: rows.len() as i64, taken: 0 };
    for (row, fate) in rows.iter().zip(&fates) {
        match fate {
            Fate::Taken { .. } => {
                tx.execute(&TAKEN, params![row.str(0), now, by])?;
                passed.taken += 1;
                if let Some(id) = row.str(2).strip_prefix(tmf::ORIGIN) {
                    tmf::recycled(tx, id, fate)?;
                }
            }
            // It has come another way meanwhile.
            Fate::Refused(problem) if problem.is(&problems::DUPLICATE) => {
                tx.execute(&DISCARD, params![row.str(0), now, by, problem.code.id])?;
            }
            Fate::Refused(problem) => {
                tx.execute(&STAYS, params![row.str(0), problem.code.id])?;
            }
        }
    }
    Ok(passed)
}

/// Gives records up, with a reason.
pub(crate) fn discard(tx: &mut Tx<'_>, choice: &Choice, reason: &str) -> Result<i64> {
    if reason.trim().is_empty() {
        return Err(Problem::new(&problems::REASON).field("reason"));
    }
    let rows = chosen(tx, choice)?;
    let (now, by) = (tx.now(), tx.actor().name.to_string());
    let mut ids = Vec::new();
    for row in &rows {
        if tx.execute(&DISCARD, params![row.str(0), now, by, reason])? == 1 {
            ids.push(row.text(0));
        }
    }
    let org = tx.actor().org.clone();
    let detail = json!({"count": ids.len(), "reason": reason, "ids": ids.iter().take(100).collect::<Vec<_>>()});
    tx.audit("usage.discarded", "usageErrorPool", "pool", &org, &detail)?;
    Ok(ids.len() as i64)
}

/// Gives up what a document left in the pool.
pub(crate) fn discard_of(tx: &mut Tx<'_>, origin: &str, reason: &str) -> Result<u64> {
    let (now, by) = (tx.now(), tx.actor().name.to_string());
    tx.execute(&DISCARD_OF, params![origin, now, by, reason])
}

/// Forgets what is older than usage is kept.
pub(crate) fn purge(tx: &mut Tx<'_>) -> Result<u64> {
    let oldest = crate::settings::oldest_kept(tx)?;
    tx.execute(&FORGET, params![oldest])
}

/// What is open, by reason.
pub(crate) fn counts(tx: &mut Tx<'_>) -> Result<Vec<Value>> {
    let scope = tx.actor().scope.clone();
    let (low, high) = scope.below();
    let rows = tx.query(&COUNTS, params![scope, low, high])?;
    let one = |r: &Row| json!({"code": r.str(0), "title": title(r.str(0)), "count": r.int(1)});
    Ok(rows.iter().map(one).collect())
}

/// What a code means, without the record's own words.
pub(crate) fn title(code: &str) -> Value {
    let code = problems::named(code);
    let zh = code.zh.replace("：{value}", "").replace(" {value} ", "").replace("{value}", "");
    let en = code.en.replace(": {value}", "").replace(" {value}", "");
    json!({"zh-CN": zh, "en": en})
}

/// A page of the pool: the rows and how many there are.
pub(crate) fn page(
    tx: &mut Tx<'_>,
    actor: &Actor,
    state: &str,
    code: Option<&str>,
    number: Option<&str>,
    paging: (i64, i64),
) -> Result<(Vec<Value>, i64)> {
    let mut filter = store::Filter::default();
    filter.equal("state", state);
    filter.scope("org", actor);
    if let Some(code) = code {
        filter.equal("code", code);
    }
    if let Some(number) = number {
        filter.equal("number", crate::normalise(number));
    }
    let bounded = format!(
        "SELECT COUNT(*) FROM (SELECT 1 AS one FROM usage_suspense{} LIMIT 10001) AS counted",
        filter.to_where()
    );
    let total = tx.query_one(&bounded, &filter.binds)?.int(0);
    let (limit, offset) = (filter.bind(paging.0), filter.bind(paging.1));
    let text = format!(
        "SELECT id, number, source_id, kind, at, code, origin, line, body, state, attempts, created_at, ended_at, ended_by, note \
         FROM usage_suspense{} ORDER BY created_at DESC, id DESC LIMIT {limit} OFFSET {offset}",
        filter.to_where()
    );
    let clear = actor.may(crate::PEER);
    let rows = tx.query(&text, &filter.binds)?;
    let one = |r: &Row| {
        let body = r.json(8);
        json!({
            "id": r.str(0), "number": shown(r.str(1)), "recordId": r.str(2), "kind": r.str(3), "at": r.time(4),
            "code": r.str(5), "title": title(r.str(5)), "origin": r.str(6), "line": r.int(7), "amount": body["amount"],
            "direction": body["direction"], "peer": crate::detail::peer(body["peer"].as_str().unwrap_or(""), clear),
            "state": r.str(9), "attempts": r.int(10), "createdAt": r.time(11), "endedAt": r.opt_time(12),
            "endedBy": r.opt_text(13), "note": r.opt_text(14),
        })
    };
    Ok((rows.iter().map(one).collect(), total))
}

fn shown(number: &str) -> &str {
    number.strip_prefix("+86").unwrap_or(number)
}
