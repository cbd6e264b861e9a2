//! Codes and doubts into the store: only what changed since the last matching.

use super::{Task, join::Joined};
use crate::matching::engine::Found;
use kernel::{Actor, OrgPath, Result};
use serde_json::json;
use std::collections::{HashMap, HashSet};
use store::{Tx, Value, params, sql};

/// Records a transaction.
const BATCH: usize = 5_000;

sql! {
    MEMBERS = "SELECT record_no, code FROM identity_member WHERE record_no > $1 ORDER BY record_no LIMIT 50000";
    DROP_OPEN = "DELETE FROM identity_pair WHERE state IN ('open', 'skipped') AND run_id <> $1";
}

/// A group that gets a code, or whose code changes.
struct Group {
    code: i64,
    nos: Vec<i64>,
}

const PAIRS: &str = "identity_pair (a, b, run_id, org, points, findings, why, state)";
const AGAIN: &str = "ON CONFLICT (a, b) DO UPDATE SET run_id = excluded.run_id, org = excluded.org, points = excluded.points, \
    findings = excluded.findings, why = excluded.why";
const MEMBERSHIP: &str = "identity_member (record_no, code)";
const MOVED: &str = "ON CONFLICT (record_no) DO UPDATE SET code = excluded.code";

pub(super) fn write(task: &mut Task<'_>, joined: &Joined, org: &OrgPath) -> Result<bool> {
    let prior = prior(task, &joined.nos)?;
    let (groups, left) = groups(task, joined, &prior)?;
    let total = joined.nos.len() as i64;
    let (mut done, mut changed) = (0i64, 0u64);
    let mut batch: Vec<Group> = Vec::new();
    let mut size = 0;
    let settled = total - groups.iter().map(|g| g.nos.len() as i64).sum::<i64>();
    done += settled;
    for group in groups {
        size += group.nos.len();
        batch.push(group);
        if size >= BATCH {
            changed += batch.len() as u64;
            done += size as i64;
            size = 0;
            store(task, std::mem::take(&mut batch))?;
            if !task.tell("write", done, total)? {
                return Ok(false);
            }
        }
    }
    changed += batch.len() as u64;
    store(task, batch)?;
    for some in left.chunks(BATCH) {
        let some = some.to_vec();
        task.db.load_blocking(Actor::system(), move |tx| {
            some.iter().try_for_each(|(code, heir)| {
                crate::codes::count(tx, *code, *heir)?;
                let to = heir.map(crate::codes::shown);
                crate::codes::note(tx, *code, "left", &json!({"to": to, "why": "matching"}))
            })
        })?;
    }
    task.set("codesChanged", changed);
    doubts(task, joined, org)?;
    task.tell("write", total, total)
}

/// The code that each record had, 0 for none; in the order of the records.
fn prior(task: &Task<'_>, nos: &[i64]) -> Result<Vec<i64>> {
    let mut prior = vec![0i64; nos.len()];
    let mut after = 0;
    loop {
        let page = task.db.read_blocking(Actor::system(), move |tx| {
            let rows = tx.query(&MEMBERS, params![after])?;
            Ok(rows.iter().map(|r| (r.int(0), r.int(1))).collect::<Vec<_>>())
        })?;
        let Some((last, _)) = page.last() else { return Ok(prior) };
        after = *last;
        for (no, code) in page {
            if let Ok(i) = nos.binary_search(&no) {
                prior[i] = code;
            }
        }
    }
}

/// Gives every group a code: the lowest that one of its records had and no other group took, else a new one. Returns the
/// groups that differ from what is stored, and the codes that lost records, each with where the first of them went.
#[expect(clippy::type_complexity, reason = "two lists, named where they are taken apart")]
fn groups(task: &mut Task<'_>, joined: &Joined, prior: &[i64]) -> Result<(Vec<Group>, Vec<(i64, Option<i64>)>)> {
    let mut taken: HashSet<i64> = HashSet::new();
    let mut sizes: HashMap<i64, usize> = HashMap::new();
    for code in prior.iter().filter(|c| **c != 0) {
        *sizes.entry(*code).or_default() += 1;
    }
    let mut seen = vec![false; joined.nos.len()];
    let mut fresh: Vec<usize> = Vec::new();
    let mut groups: Vec<Group> = Vec::new();
    let mut lost: HashMap<i64, Option<i64>> = HashMap::new();
    let mut logical = 0u64;
    for first in 0..joined.nos.len() {
        if seen[first] {
            continue;
        }
        logical += 1;
        let mut members = joined.clusters.members(first as u32);
        members.sort_unstable();
        members.iter().for_each(|m| seen[*m as usize] = true);
        let mut codes: Vec<i64> = members.iter().map(|m| prior[*m as usize]).filter(|c| *c != 0).collect();
        codes.sort_unstable();
        let code = codes.iter().copied().find(|c| !taken.contains(c));
        if let Some(code) = code {
            taken.insert(code);
            let all_there = codes.len() == members.len() && codes.first() == codes.last();
            if all_there && sizes.get(&code) == Some(&members.len()) {
                continue;
            }
        }
        for old in codes.iter().filter(|c| Some(**c) != code) {
            lost.entry(*old).or_insert(code);
        }
        if code.is_none() {
            fresh.push(groups.len());
        }
        let nos = members.iter().map(|m| joined.nos[*m as usize]).collect();
        groups.push(Group { code: code.unwrap_or(0), nos });
    }
    if !fresh.is_empty() {
        let n = fresh.len() as i64;
        let first = task.db.write_blocking(Actor::system(), move |tx| tx.take_from_series("identity-code", n))?;
        for (code, at) in (first..).zip(fresh) {
            groups[at].code = code;
        }
    }
    task.set("logicalCustomers", logical);
    // A code that another group kept is counted with that group.
    let left = lost.into_iter().filter(|(code, _)| !taken.contains(code)).collect();
    Ok((groups, left))
}

fn store(task: &Task<'_>, groups: Vec<Group>) -> Result<()> {
    if groups.is_empty() {
        return Ok(());
    }
    let groups = std::sync::Arc::new(groups);
    task.db.load_blocking(Actor::system(), move |tx| put(tx, &groups))
}

const CODES: &str = "identity_code (code, org, customer_id, records, customers, created_at, updated_at)";
const COUNTED: &str = "ON CONFLICT (code) DO UPDATE SET org = excluded.org, customer_id = excluded.customer_id, records = excluded.records, \
    customers = excluded.customers, merged_into = NULL, updated_at = excluded.updated_at";

/// Memberships first, then the codes, counted from what the records say.
fn put(tx: &mut Tx<'_>, groups: &[Group]) -> Result<()> {
    let mut members: Vec<(i64, i64)> = groups.iter().flat_map(|g| g.nos.iter().map(|no| (*no, g.code))).collect();
    members.sort_unstable();
    let values: Vec<Value> = members.iter().flat_map(|(no, code)| [Value::Int(*no), Value::Int(*code)]).collect();
    tx.insert_rows(MEMBERSHIP, 2, &values, MOVED)?;
    let belongs = belongs(tx, &members)?;
    let now = tx.now();
    let mut codes: Vec<Value> = Vec::new();
    for group in groups {
        let known: Vec<&(String, String, String)> = group.nos.iter().filter_map(|no| belongs.get(no)).collect();
        let ours: Vec<&&(String, String, String)> = known.iter().filter(|k| k.0 == crate::records::CRM).collect();
        let org = ours
            .first()
            .map(|k| k.2.clone())
            .or_else(|| known.first().map(|k| k.2.clone()))
            .unwrap_or_else(|| "/cn".into());
        let customer = ours.first().map(|k| k.1.clone());
        codes.extend_from_slice(params![group.code, org, customer, group.nos.len(), ours.len(), now, now]);
    }
    tx.insert_rows(CODES, 7, &codes, COUNTED).map(drop)
}

/// Source, id there and place of records.
fn belongs(tx: &mut Tx<'_>, members: &[(i64, i64)]) -> Result<HashMap<i64, (String, String, String)>> {
    const AT_ONCE: usize = 128;
    let binds: Vec<String> = (1..=AT_ONCE).map(|n| format!("${n}")).collect();
    let text = format!("SELECT no, source, source_id, org FROM identity_record WHERE no IN ({})", binds.join(", "));
    let mut found = HashMap::with_capacity(members.len());
    for chunk in members.chunks(AT_ONCE) {
        // Always the same number of binds, so that the statement is prepared once.
        let mut values: Vec<Value> = chunk.iter().map(|(no, _)| Value::Int(*no)).collect();
        values.resize(AT_ONCE, values[0].clone());
        tx.each(&text, &values, |r| {
            found.insert(r.int(0), (r.text(1), r.text(2), r.text(3)));
            Ok(())
        })?;
    }
    Ok(found)
}

/// The queue becomes what this matching found doubtful; what was decided stays decided.
fn doubts(task: &Task<'_>, joined: &Joined, org: &OrgPath) -> Result<()> {
    for some in joined.doubts.chunks(BATCH) {
        let run = task.id.clone();
        let pairs: Vec<(i64, i64, &'static str, Found)> = some
            .iter()
            .map(|(f, why)| {
                let (a, b) = (joined.nos[f.a as usize], joined.nos[f.b as usize]);
                (a.min(b), a.max(b), *why, *f)
            })
            .collect();
        let org = org.clone();
        task.db.load_blocking(Actor::system(), move |tx| {
            let both: Vec<(i64, i64)> = pairs.iter().flat_map(|p| [(p.0, 0), (p.1, 0)]).collect();
            let places = belongs(tx, &both)?;
            let mut values: Vec<Value> = Vec::with_capacity(pairs.len() * 8);
            for (a, b, why, found) in &pairs {
                let place = |no: &i64| places.get(no).map_or(org.as_str(), |p| p.2.as_str());
                let common = common(place(a), place(b));
                values.extend_from_slice(params![
                    *a,
                    *b,
                    run,
                    common,
                    i64::from(found.score.points),
                    found.score.explain(),
                    *why,
                    "open"
                ]);
            }
            tx.insert_rows(PAIRS, 8, &values, AGAIN).map(drop)
        })?;
    }
    let run = task.id.clone();
    task.db.load_blocking(Actor::system(), move |tx| tx.execute(&DROP_OPEN, params![run]).map(drop))
}

/// The lowest place above both: who may see both decides.
fn common(a: &str, b: &str) -> String {
    let both: Vec<&str> = a.split('/').zip(b.split('/')).take_while(|(x, y)| x == y).map(|(x, _)| x).collect();
    let path = both.join("/");
    if path.is_empty() { "/cn".to_owned() } else { path }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_pair_belongs_above_both() {
        assert_eq!(super::common("/cn/44/4401/h001", "/cn/44/4403/h002"), "/cn/44");
        assert_eq!(super::common("/cn/44/4401", "/cn/44/4401"), "/cn/44/4401");
        assert_eq!(super::common("/cn", "/xx"), "/cn");
    }
}
