//! Two customers of ours are one: merged over all domains in one transaction, and taken apart again exactly.
//!
//! Every domain moves its own records and says which. What moved, and the record as it was, are kept with the merge; taking
//! it back hands each domain its own list. What came to the survivor after the merge stays with it.

mod routes;

pub(crate) use routes::routes;

use crate::{codes, problems, records};
use customer::merge;
use http::tmf::Document;
use kernel::{OrgPath, Problem, Result, Timestamp};
use serde_json::{Value, json};
use store::{Event, Row, Tx, params, sql};

type Reassign = fn(&mut Tx<'_>, &str, &str, Option<&[String]>) -> Result<Vec<String>>;

/// Who moves what, in the order in which the domains may call each other.
const DOMAINS: [Reassign; 12] = [
    inventory::reassign,
    usage::reassign,
    billing::reassign,
    ordering::reassign,
    cart::reassign,
    care::reassign,
    messaging::reassign,
    cashier::reassign,
    loyalty::reassign,
    unitaccount::reassign,
    portability::reassign,
    reception::reassign,
];

sql! {
    INSERT = "INSERT INTO customer_merge (id, merge_no, org, from_id, into_id, state, reason, moved, before, at, operator) \
              VALUES ($1, $2, $3, $4, $5, 'merged', $6, $7, $8, $9, $10)";
    LOAD = "SELECT id, merge_no, org, from_id, into_id, state, reason, moved, before, at, operator, split_at, split_by, split_reason, restored \
            FROM customer_merge WHERE id = $1 {for_update}";
    LIST = "SELECT m.id, m.merge_no, m.org, m.from_id, m.into_id, m.state, m.reason, m.moved, '{}', m.at, m.operator, m.split_at, m.split_by, \
            m.split_reason, m.restored, a.name, a.customer_no, b.name, b.customer_no FROM customer_merge m \
            JOIN customer a ON a.id = m.from_id JOIN customer b ON b.id = m.into_id \
            WHERE (m.org = $1 OR (m.org >= $2 AND m.org < $3)) ORDER BY m.id DESC LIMIT $4 OFFSET $5";
    OF_CUSTOMER = "SELECT m.id, m.merge_no, m.org, m.from_id, m.into_id, m.state, m.reason, m.moved, '{}', m.at, m.operator, m.split_at, m.split_by, \
            m.split_reason, m.restored, a.name, a.customer_no, b.name, b.customer_no FROM customer_merge m \
            JOIN customer a ON a.id = m.from_id JOIN customer b ON b.id = m.into_id \
            WHERE m.from_id = $1 OR m.into_id = $1 ORDER BY m.id DESC LIMIT 50";
    LATER = "SELECT merge_no FROM customer_merge WHERE state = 'merged' AND id > $1 AND from_id = $2 LIMIT 1";
    SPLIT = "UPDATE customer_merge SET state = 'split', split_at = $2, split_by = $3, split_reason = $4, restored = $5 WHERE id = $1 AND state = 'merged'";
}

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    pub from: String,
    pub into: String,
    pub reason: String,
    /// Different certificates were looked at, and it is one person all the same.
    pub certificates_confirmed: bool,
    /// One of them is blacklisted; the mark goes along.
    pub blacklist_confirmed: bool,
}

/// Both customers, locked, and everything that forbids the merge, all at once.
fn check(tx: &mut Tx<'_>, ask: &Ask) -> Result<(Document, Document, Vec<Problem>)> {
    if ask.from == ask.into {
        return Err(Problem::new(&problems::MERGE_SELF));
    }
    let (from, into) = merge::lock_two(tx, &ask.from, &ask.into)?;
    let mut found = Vec::new();
    if from.text("kind") != into.text("kind") {
        found.push(Problem::new(&problems::MERGE_KIND));
    }
    for customer in [&from, &into] {
        if customer.body.contains_key("mergedInto") || customer.text("status") == "closed" {
            found.push(Problem::new(&problems::MERGE_CLOSED).with("value", customer.text("customerNo")));
        }
        let orders = ordering::under_way(tx, &customer.id)?;
        if !orders.is_empty() {
            let listed = format!("{}：{}", customer.text("name"), orders.join("、"));
            found
                .push(Problem::new(&problems::MERGE_IN_TRANSIT).with("detail", &listed).extra("orders", json!(orders)));
        }
        if !ask.blacklist_confirmed && customer::blacklisted(tx, &customer.id)?.is_some() {
            found.push(Problem::new(&problems::BLACKLISTED).with("value", customer.text("customerNo")));
        }
    }
    let certificate = |tx: &mut Tx<'_>, id: &str| -> Result<Option<String>> {
        Ok(customer::standing_person(tx, id)?.and_then(|p| p.certificate).map(|c| c.1))
    };
    let (a, b) = (certificate(tx, &from.id)?, certificate(tx, &into.id)?);
    if !ask.certificates_confirmed && a.is_some() && b.is_some() && a != b {
        found.push(Problem::new(&problems::MERGE_CERTIFICATES));
    }
    Ok((from, into, found))
}

/// What would happen: what forbids it, and how many records of which kind would move.
pub fn preview(tx: &mut Tx<'_>, ask: &Ask) -> Result<Value> {
    let (from, into, found) = check(tx, ask)?;
    let counts = customer_counts(tx, &from.id)?;
    let problem = |p: &Problem| {
        json!({
            "code": p.code.id, "reason": {"zh-CN": p.reason(kernel::Lang::Zh), "en": p.reason(kernel::Lang::En)},
            "message": {"zh-CN": p.help(kernel::Lang::Zh), "en": p.help(kernel::Lang::En)},
        })
    };
    Ok(json!({
        "from": customer::summary(tx, &from.id)?.to_json(), "into": customer::summary(tx, &into.id)?.to_json(),
        "problems": found.iter().map(problem).collect::<Vec<_>>(), "moves": counts,
    }))
}

type Holds = fn(&mut Tx<'_>, &str) -> Result<Vec<(&'static str, i64)>>;

/// How much of each kind a customer has, for a preview.
fn customer_counts(tx: &mut Tx<'_>, id: &str) -> Result<Value> {
    const ALL: [Holds; 4] = [inventory::holds, billing::holds, ordering::holds, care::holds];
    let mut counts = serde_json::Map::new();
    for holds in ALL {
        counts.extend(holds(tx, id)?.into_iter().map(|(table, n)| (table.to_owned(), json!(n))));
    }
    Ok(Value::Object(counts))
}

fn summary_of(moved: &[String]) -> Value {
    let mut counts = serde_json::Map::new();
    for label in moved {
        let table = label.split(':').next().unwrap_or("");
        let n = counts.get(table).and_then(Value::as_i64).unwrap_or(0) + 1;
        counts.insert(table.to_owned(), json!(n));
    }
    Value::Object(counts)
}

/// Merges; refuses with the first of everything that forbids it, the others beside it.
pub fn merge(tx: &mut Tx<'_>, ask: &Ask) -> Result<Value> {
    if ask.reason.trim().is_empty() {
        return Err(Problem::new(&problems::REASON).field("reason"));
    }
    let (from, into, found) = check(tx, ask)?;
    if let Some(first) = found.first() {
        let others: Vec<&str> = found.iter().map(|p| p.code.id).collect();
        return Err(first.clone().extra("problems", json!(others)));
    }
    let mut moved = Vec::new();
    for reassign in DOMAINS {
        moved.extend(reassign(tx, &from.id, &into.id, None)?);
    }
    let (own, before) = merge::absorb(tx, &from, &into)?;
    moved.extend(own);
    let code = match records::of_source(tx, records::CRM, &into.id)? {
        Some(no) => codes::code_of(tx, no)?,
        None => None,
    };
    // The other systems' records behind the one that goes belong to the survivor.
    if let (Some(code), Some(no)) = (code, records::of_source(tx, records::CRM, &from.id)?)
        && let Some(old) = codes::code_of(tx, no)?.filter(|old| *old != code)
    {
        let nos: Vec<i64> = records::members(tx, old)?.iter().map(|m| m.no).filter(|n| *n != no).collect();
        moved.extend(nos.iter().map(|n| format!("identity_member:{old}:{n}")));
        codes::move_to(tx, &nos, code, &json!({"merge": from.text("customerNo")}))?;
    }
    let own_code = records::of_source(tx, records::CRM, &from.id)?;
    let old_code = own_code.map(|no| codes::code_of(tx, no)).transpose()?.flatten();
    records::drop_customer(tx, &from.id, code.filter(|c| Some(*c) != old_code))?;
    let id = tx.new_id::<Ask>().into_string();
    let no = tx.next_number("M", &into.org)?;
    let at = tx.now();
    let by = tx.actor().name.to_string();
    let kept = json!({"customer": before, "code": old_code});
    tx.execute(&INSERT, params![id, no, into.org, from.id, into.id, ask.reason, json!(moved), kept, at, by])?;
    let (f, i) = (label(&from), label(&into));
    merge::remark(tx, &into.id, &into.org, &format!("客户合并 {no}：并入 {f}。原因：{}", ask.reason))?;
    merge::remark(tx, &from.id, &from.org, &format!("客户合并 {no}：已并入 {i}。原因：{}", ask.reason))?;
    let detail = json!({"id": id, "mergeNo": no, "from": from.id, "into": into.id, "moved": summary_of(&moved)});
    tell(tx, "CustomerMergeCreateEvent", &id, &into.org, &into.id, &detail)?;
    Ok(detail)
}

fn label(customer: &Document) -> String {
    format!("{} {}", customer.text("name"), customer.text("customerNo"))
}

fn tell(tx: &mut Tx<'_>, what: &str, id: &str, org: &OrgPath, customer: &str, detail: &Value) -> Result<()> {
    let event = Event::new(what, "customerMerge", id, 1, org).topic(format!("customer:{customer}"));
    tx.emit(event.payload(json!({"customerMerge": detail})).audit(detail.clone()))
}

struct Kept {
    org: OrgPath,
    no: String,
    from: String,
    into: String,
    moved: Vec<String>,
    before: Value,
}

/// Takes a merge back.
pub fn split(tx: &mut Tx<'_>, id: &str, reason: &str) -> Result<Value> {
    if reason.trim().is_empty() {
        return Err(Problem::new(&problems::REASON).field("reason"));
    }
    let row = tx.query_one(&LOAD, params![id])?;
    tx.must_see(row.str(2))?;
    if row.str(5) != "merged" {
        return Err(Problem::new(&problems::SPLIT_DONE));
    }
    let moved: Vec<String> = serde_json::from_value(row.json(7)).map_err(Problem::internal)?;
    let kept = Kept {
        org: OrgPath::parse(row.str(2))?,
        no: row.text(1),
        from: row.text(3),
        into: row.text(4),
        moved,
        before: row.json(8),
    };
    // What lies above it goes first: the survivor may have gone into another customer since.
    if let Some(later) = tx.query_opt(&LATER, params![id, kept.into])? {
        return Err(Problem::new(&problems::SPLIT_ORDER).with("value", later.str(0)));
    }
    let (from, into) = merge::lock_two(tx, &kept.from, &kept.into)?;
    let orders = ordering::under_way(tx, &kept.into)?;
    if !orders.is_empty() {
        let listed = format!("{}：{}", into.text("name"), orders.join("、"));
        return Err(Problem::new(&problems::MERGE_IN_TRANSIT).with("detail", &listed).extra("orders", json!(orders)));
    }
    let mut restored = Vec::new();
    for reassign in DOMAINS {
        restored.extend(reassign(tx, &kept.into, &kept.from, Some(&kept.moved))?);
    }
    restored.extend(merge::release(tx, &kept.from, &kept.into, &kept.moved, &kept.before["customer"])?);
    identity_back(tx, &kept)?;
    let (by, now) = (tx.actor().name.to_string(), tx.now());
    tx.execute(&SPLIT, params![id, now, by, reason, json!(restored)])?;
    let (f, i) = (label(&from), label(&into));
    merge::remark(tx, &kept.into, &into.org, &format!("客户拆分（原合并 {}）：拆出 {f}。原因：{reason}", kept.no))?;
    merge::remark(tx, &kept.from, &from.org, &format!("客户拆分（原合并 {}）：自 {i} 拆出。原因：{reason}", kept.no))?;
    let detail = json!({
        "id": id, "mergeNo": kept.no, "from": kept.from, "into": kept.into, "restored": summary_of(&restored),
        "stayed": kept.moved.len() as i64 - restored.len() as i64,
    });
    tell(tx, "CustomerMergeStateChangeEvent", id, &kept.org, &kept.into, &detail)?;
    Ok(detail)
}

/// The records of other systems go back under the code they had, and the customer with them.
fn identity_back(tx: &mut Tx<'_>, kept: &Kept) -> Result<()> {
    let mut by_code: std::collections::BTreeMap<i64, Vec<i64>> = std::collections::BTreeMap::new();
    for label in &kept.moved {
        let Some((code, no)) = label.strip_prefix("identity_member:").and_then(|l| l.split_once(':')) else { continue };
        if let (Ok(code), Ok(no)) = (code.parse(), no.parse()) {
            by_code.entry(code).or_default().push(no);
        }
    }
    for (code, nos) in by_code {
        codes::move_to(tx, &nos, code, &json!({"split": kept.no}))?;
    }
    match kept.before["code"].as_i64() {
        Some(code) => records::take_customer(tx, &kept.from, code),
        None => Ok(()),
    }
}

fn to_json(r: &Row) -> Value {
    let labels = |i: usize| -> Vec<String> {
        if r.is_null(i) { Vec::new() } else { serde_json::from_value(r.json(i)).unwrap_or_default() }
    };
    let split_at: Option<Timestamp> = r.opt_time(11);
    json!({
        "id": r.str(0), "mergeNo": r.str(1), "fromId": r.str(3), "intoId": r.str(4), "state": r.str(5), "reason": r.str(6),
        "moved": summary_of(&labels(7)), "at": r.time(9), "operator": r.str(10), "splitAt": split_at, "splitBy": r.opt_text(12),
        "splitReason": r.opt_text(13), "restored": summary_of(&labels(14)), "fromName": r.str(15), "fromNo": r.str(16),
        "intoName": r.str(17), "intoNo": r.str(18),
    })
}

pub(crate) fn list(tx: &mut Tx<'_>, limit: i64, offset: i64) -> Result<Vec<Value>> {
    let scope = tx.actor().scope.clone();
    let (low, high) = scope.below();
    Ok(tx.query(&LIST, params![scope, low, high, limit, offset])?.iter().map(to_json).collect())
}

/// The merges that a customer took part in, newest first; the actor sees the customer.
pub fn merges_of(tx: &mut Tx<'_>, customer_id: &str) -> Result<Vec<Value>> {
    Ok(tx.query(&OF_CUSTOMER, params![customer_id])?.iter().map(to_json).collect())
}
