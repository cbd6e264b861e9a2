//! Keeping the pool: lists by state, changes of many numbers at once, recycling.

use super::{GET, NumberState, Pattern, class, ranges::segment, search};
use crate::problems;
use kernel::{Lang, OrgPath, Problem, Result, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Filter, Tx, params, sql};

/// What a list is about.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub state: NumberState,
    pub pattern: Pattern,
    pub class: String,
    pub customer: Option<String>,
    /// Only those after this number.
    pub after: String,
    pub limit: i64,
}

/// Rows looked at for one page where the pattern is no prefix.
const LOOKED_AT: usize = 20_000;

/// Numbers of one state; the second value is where the next page begins.
pub(super) fn list(tx: &mut Tx<'_>, wanted: &Wanted) -> Result<(Vec<Value>, Option<String>)> {
    if wanted.state == NumberState::Available && wanted.customer.is_none() {
        let found = search(tx, &wanted.pattern, &wanted.class, wanted.limit)?;
        let row = |n: super::Number| json!({"number": n.number, "state": "available", "class": n.class, "org": n.org});
        return Ok((found.into_iter().map(row).collect(), None));
    }
    let (mut rows, mut after, mut looked_at) = (Vec::new(), wanted.after.clone(), 0);
    let limit = usize::try_from(wanted.limit).unwrap_or(0);
    loop {
        let part = page(tx, wanted, &after)?;
        looked_at += part.len();
        let last = part.last().map(|(number, _)| number.clone());
        rows.extend(part.into_iter().filter(|(number, _)| wanted.pattern.fits(number)).map(|(_, row)| row));
        match last {
            Some(number) if rows.len() < limit && looked_at < LOOKED_AT => after = number,
            last => {
                let next =
                    if rows.len() > limit { rows[limit - 1]["number"].as_str().map(str::to_owned) } else { last };
                rows.truncate(limit);
                return Ok((rows, next));
            }
        }
    }
}

fn page(tx: &mut Tx<'_>, wanted: &Wanted, after: &str) -> Result<Vec<(String, Value)>> {
    let mut filter = Filter::default();
    filter.scope("s.org", tx.actor());
    filter.and("p.state <> 'available'".to_owned());
    filter.equal("p.state", wanted.state.text());
    let after = filter.bind(after);
    filter.and(format!("p.number > {after}"));
    if let Some(prefix) = wanted.pattern.prefix() {
        let (from, to) = (filter.bind(prefix.as_str()), filter.bind(format!("{prefix}:")));
        filter.and(format!("p.number >= {from} AND p.number < {to}"));
    }
    if !wanted.class.is_empty() {
        filter.equal("p.class", wanted.class.as_str());
    }
    if let Some(customer) = &wanted.customer {
        filter.equal("p.customer_id", customer.as_str());
    }
    let text = format!(
        "SELECT p.number, p.state, p.class, s.org, p.until, p.kept_until, p.customer_id, p.product_id, p.order_id, p.origin, p.note \
         FROM number_pool p JOIN number_segment s ON s.id = p.seg{} ORDER BY p.number LIMIT 1000",
        filter.to_where()
    );
    let rows = tx.query(&text, &filter.binds)?;
    let row = |r: &store::Row| {
        let row = json!({
            "number": r.str(0), "state": r.str(1), "class": r.str(2), "org": r.str(3), "until": r.opt_time(4),
            "keptUntil": r.opt_time(5), "customerId": r.opt_text(6), "productId": r.opt_text(7), "orderId": r.opt_text(8),
            "origin": r.opt_text(9), "note": r.opt_text(10),
        });
        (r.text(0), row)
    };
    Ok(rows.iter().map(row).collect())
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Verb {
    /// Holds free numbers back from sale.
    Block,
    Unblock,
    /// Sells numbers again whose quarantine is over.
    Recycle,
    /// Lets numbers rest longer.
    Extend,
    Reclass,
    /// Gives free numbers to another place.
    Move,
}

/// A change of many numbers.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Bulk {
    pub action: Verb,
    #[serde(default)]
    pub numbers: Vec<String>,
    pub from: Option<String>,
    pub to: Option<String>,
    pub class: Option<String>,
    pub org: Option<OrgPath>,
    pub days: Option<i64>,
    #[serde(default)]
    pub reason: String,
}

/// Numbers of one change.
const MOST: u64 = 10_000;

sql! {
    BLOCK = "UPDATE number_pool SET state = 'blocked', until = NULL, note = $2, updated_at = $3 WHERE number = $1 AND state IN ('available', 'quarantine') AND origin IS NULL";
    /// What had not rested long enough when it was blocked was blocked by a person who knew; it is free when unblocked.
    UNBLOCK = "UPDATE number_pool SET state = 'available', note = $2, updated_at = $3 WHERE number = $1 AND state = 'blocked'";
    RECYCLE = "UPDATE number_pool SET state = 'available', until = NULL, note = $2, updated_at = $3 \
               WHERE number = $1 AND state = 'quarantine' AND origin IS NULL AND until <= $3";
    EXTEND = "UPDATE number_pool SET until = until + $4, note = $2, updated_at = $3 WHERE number = $1 AND state = 'quarantine' AND until IS NOT NULL";
    RECLASS = "UPDATE number_pool SET class = $4, note = $2, updated_at = $3 WHERE number = $1 AND state IN ('available', 'quarantine', 'blocked')";
    MOVE = "UPDATE number_pool SET seg = $4, note = $2, updated_at = $3 WHERE number = $1 AND state IN ('available', 'quarantine', 'blocked')";
}

/// Carries a change out, number by number; those that cannot be changed come back with the reason.
pub(super) fn bulk(tx: &mut Tx<'_>, bulk: &Bulk, lang: Lang) -> Result<Value> {
    if bulk.reason.trim().is_empty() {
        return Err(Problem::missing("reason"));
    }
    let numbers = numbers_of(bulk)?;
    match bulk.action {
        Verb::Reclass => {
            let class = bulk.class.as_deref().ok_or_else(|| Problem::missing("class"))?;
            if !class::names(tx)?.iter().any(|c| c == class) {
                return Err(Problem::new(&problems::CLASS_UNKNOWN).with("value", class));
            }
        }
        Verb::Move => {
            let org = bulk.org.as_ref().ok_or_else(|| Problem::missing("org"))?;
            if !tx.actor().sees(org.as_str()) {
                return Err(Problem::unknown_reference("org", org.as_str()));
            }
        }
        Verb::Extend if !bulk.days.is_some_and(|d| (1..=3_650).contains(&d)) => {
            return Err(Problem::invalid("days", "1–3650"));
        }
        Verb::Extend | Verb::Block | Verb::Unblock | Verb::Recycle => {}
    }
    let (mut done, mut refused) = (0, Vec::new());
    for number in &numbers {
        match one(tx, bulk, number) {
            Ok(()) => done += 1,
            Err(problem) if problem.code.status < 500 => {
                refused.push(json!({"number": number, "code": problem.code.id, "reason": problem.reason(lang)}));
            }
            Err(problem) => return Err(problem),
        }
    }
    let org = tx.actor().org.clone();
    let detail = json!({"action": format!("{:?}", bulk.action), "done": done, "refused": refused.len(), "reason": bulk.reason,
                        "first": numbers.first(), "last": numbers.last()});
    let id = tx.new_id::<Bulk>().into_string();
    tx.emit(store::Event::new("NumberBulkChangeEvent", "number", &id, 1, &org).audit(detail))?;
    Ok(json!({"done": done, "refused": refused}))
}

fn numbers_of(bulk: &Bulk) -> Result<Vec<String>> {
    let mut numbers = bulk.numbers.clone();
    if let (Some(from), Some(to)) = (&bulk.from, &bulk.to) {
        let range = super::Range::parse(from, to)?;
        if range.size() > MOST {
            return Err(Problem::new(&problems::BULK_MANY).with("most", &MOST.to_string()));
        }
        numbers.extend((range.first..=range.last).map(|n| range.number(n)));
    }
    numbers.dedup();
    match numbers.len() as u64 {
        0 => Err(Problem::missing("numbers")),
        n if n > MOST => Err(Problem::new(&problems::BULK_MANY).with("most", &MOST.to_string())),
        _ => Ok(numbers),
    }
}

fn one(tx: &mut Tx<'_>, bulk: &Bulk, number: &str) -> Result<()> {
    let unknown = || Problem::new(&problems::NUMBER_UNKNOWN).with("number", number);
    let row = tx.query_opt(&GET, params![number])?.ok_or_else(unknown)?;
    if !tx.actor().sees(row.str(0)) {
        return Err(unknown()); // what lies above may be sold, but is kept by others
    }
    let (now, reason): (Timestamp, &str) = (tx.now(), bulk.reason.trim());
    let touched = match bulk.action {
        Verb::Block => tx.execute(&BLOCK, params![number, reason, now])?,
        Verb::Unblock => tx.execute(&UNBLOCK, params![number, reason, now])?,
        Verb::Recycle => tx.execute(&RECYCLE, params![number, reason, now])?,
        Verb::Extend => {
            let longer = bulk.days.unwrap_or(0) * 86_400_000_000;
            tx.execute(&EXTEND, params![number, reason, now, longer])?
        }
        Verb::Reclass => tx.execute(&RECLASS, params![number, reason, now, bulk.class])?,
        Verb::Move => {
            let Some(org) = &bulk.org else { return Err(Problem::missing("org")) };
            let (head, _) = number.split_at(number.len().saturating_sub(4));
            let seg = segment(tx, head, org)?;
            tx.execute(&MOVE, params![number, reason, now, seg])?
        }
    };
    if touched == 1 {
        return Ok(());
    }
    let action = format!("{:?}", bulk.action);
    Err(Problem::new(&problems::NUMBER_STATE).with("number", number).with("state", row.str(1)).with("action", &action))
}
