//! The waiting board: who is called where, how many wait, and for how long about.

use super::{
    counter,
    kind::{self, Kind},
    ticket::{Ticket, columns, read},
};
use kernel::{OrgPath, Result};
use serde_json::{Value, json};
use store::{Filter, Tx, params, sql};

sql! {
    WAITING = concat!("SELECT ", columns!(), " FROM queue_ticket WHERE org = $1 AND day = $2 AND state = 'waiting' ORDER BY rank_at, id LIMIT 500");
    CALLED = concat!("SELECT ", columns!(), " FROM queue_ticket WHERE org = $1 AND day = $2 AND state IN ('called', 'serving') ORDER BY updated_at DESC, id LIMIT 60");
    MISSED = concat!("SELECT ", columns!(), " FROM queue_ticket WHERE org = $1 AND day = $2 AND state = 'noShow' ORDER BY updated_at DESC, id LIMIT 20");
    PACE = "SELECT CAST(COALESCE(AVG(ended_at - served_at), 0) AS BIGINT), COUNT(*) FROM queue_ticket \
            WHERE org = $1 AND day = $2 AND kind = $3 AND state = 'done' AND served_at IS NOT NULL";
}

/// Who waits, in the order of calling.
pub fn waiting(tx: &mut Tx<'_>, hall: &OrgPath, day: &str, kind: Option<&str>) -> Result<Vec<Ticket>> {
    let rows = tx.query(&WAITING, params![hall, day])?;
    let all = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    Ok(all.into_iter().filter(|t| kind.is_none_or(|k| t.kind == k)).collect())
}

pub fn missed(tx: &mut Tx<'_>, hall: &OrgPath, day: &str) -> Result<Vec<Ticket>> {
    tx.query(&MISSED, params![hall, day])?.iter().map(read).collect()
}

/// The next ticket for a counter: of its kinds, and not meant for another one. Rows that others are calling are passed over.
pub fn next(tx: &mut Tx<'_>, hall: &OrgPath, day: &str, kinds: &[String], counter: &str) -> Result<Option<String>> {
    let mut filter = Filter::default();
    filter.equal("org", hall.as_str());
    filter.equal("day", day);
    filter.equal("state", "waiting");
    let wanted: Vec<String> = kinds.iter().map(|k| filter.bind(k.as_str())).collect();
    filter.and(format!("kind IN ({})", wanted.join(", ")));
    let own = filter.bind(counter);
    filter.and(format!("(wanted_counter IS NULL OR wanted_counter = {own})"));
    let text = format!("SELECT id FROM queue_ticket{} ORDER BY rank_at, id LIMIT 1 {{skip_locked}}", filter.to_where());
    Ok(tx.query_opt(&text, &filter.binds)?.map(|r| r.text(0)))
}

/// About how long somebody waits with `ahead` before: by the day's own pace once some were served, else by what is expected.
pub fn expected_minutes(tx: &mut Tx<'_>, hall: &OrgPath, day: &str, kind: &Kind, ahead: usize) -> Result<i64> {
    let row = tx.query_one(&PACE, params![hall, day, kind.code])?;
    let (average, served) = (row.int(0) / 1_000_000, row.int(1));
    let seconds = if served >= 3 { average.max(30) } else { kind.minutes * 60 };
    let open = counter::of_hall(tx, hall, day)?;
    let open = open.iter().filter(|c| c.state == "open" && c.kinds.contains(&kind.code)).count().max(1);
    let ahead = i64::try_from(ahead).unwrap_or(0);
    Ok((ahead * seconds).div_euclid(60 * i64::try_from(open).unwrap_or(1)))
}

/// The whole board of a hall.
pub fn board(tx: &mut Tx<'_>, hall: &OrgPath) -> Result<Value> {
    let day = super::ticket::today(tx);
    let called = tx.query(&CALLED, params![hall, day])?;
    let called: Vec<Ticket> = called.iter().map(read).collect::<Result<_>>()?;
    let all = waiting(tx, hall, &day, None)?;
    let mut kinds = Vec::new();
    for kind in kind::kinds(tx, hall)? {
        let count = all.iter().filter(|t| t.kind == kind.code).count();
        let minutes = expected_minutes(tx, hall, &day, &kind, count)?;
        let next: Vec<&str> = all.iter().filter(|t| t.kind == kind.code).take(3).map(|t| t.label.as_str()).collect();
        kinds.push(json!({"kind": kind, "waiting": count, "expectedMinutes": minutes, "next": next}));
    }
    let calls: Vec<Value> = called
        .iter()
        .map(|t| json!({"label": t.label, "counter": t.counter, "state": t.state.text(), "calledAt": t.called_at, "calls": t.calls}))
        .collect();
    let counters = counter::of_hall(tx, hall, &day)?;
    let counters: Vec<Value> = counters.iter().map(|c| json!({"counter": c.counter, "state": c.state})).collect();
    let name = access::org_name(tx, hall.as_str())?;
    Ok(json!({
        "hall": hall, "hallName": name, "at": tx.now(), "called": calls, "kinds": kinds, "waiting": all.len(), "counters": counters,
    }))
}
