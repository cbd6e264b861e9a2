//! Rating what is on record: loads a product with all that is rated with it, and answers lines, traces and balances.

mod answer;
mod near;

pub use answer::{
    allowances, charges, closing, cycle_now, rated_records, so_far, so_far_of_product, trace, usage_lines,
};
pub(crate) use answer::{lines_of_product, prices, states, steps};
pub use near::{Near, NearLine, near_limit};

use crate::{
    assignment,
    engine::{self, Carried, Held, Holding, Input, Member, Rated},
    plan::versions,
    tables::tables,
};
use kernel::{Cycle, Result};
use std::collections::HashMap;
use store::{Tx, params, sql};
use usage::ServiceKey;

sql! {
    CARRIED = "SELECT allowance_id, expires, amount FROM rate_carry WHERE assignment_id = $1 AND cycle = $2";
    KEEP_CARRY = "INSERT INTO rate_carry (assignment_id, allowance_id, cycle, expires, amount) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
}

/// How far back a chain of carried allowances is followed where closing a cycle has not written it down.
const MOST_BACK: u8 = 24;

/// A cycle as it stands in the table: its first day in microseconds.
fn key(cycle: Cycle) -> i64 {
    cycle.first().start().micros()
}

/// Everything that is rated with a product in a cycle; the product is the first member. `None` where it has no service.
pub(crate) fn load(tx: &mut Tx<'_>, product_id: &str, cycle: Cycle) -> Result<Option<Input>> {
    load_back(tx, product_id, cycle, 0)
}

fn load_back(tx: &mut Tx<'_>, product_id: &str, cycle: Cycle, back: u8) -> Result<Option<Input>> {
    let (start, end) = (cycle.first().start(), cycle.next().first().start());
    let (mut products, shares) = assignment::together(tx, product_id, start, end)?;
    for share in &shares {
        // A group owns pools of its own.
        if !products.contains(&share.group_id) {
            products.push(share.group_id.clone());
        }
    }
    let tables = tables(tx)?;
    let mut members: Vec<Member> = Vec::with_capacity(products.len());
    let mut keys: Vec<ServiceKey> = Vec::new();
    for product in products {
        let mut held = Vec::new();
        for assignment in assignment::of_product(tx, &product, cycle.previous().first().start(), end)? {
            let plan = versions::plan(tx, &assignment.plan_id, assignment.plan_version)?;
            held.push(Held { assignment, plan });
        }
        engine::order(&mut held);
        let services = usage::services_of_product(tx, &product)?;
        let holdings: Vec<Holding> = services
            .into_iter()
            .filter(|s| s.from < end)
            .map(|s| Holding { key: s.key, account_id: s.account_id, number: s.number, from: s.from, to: s.to })
            .collect();
        keys.extend(holdings.iter().map(|h| h.key));
        members.push(Member { product_id: product, holdings, held, records: Vec::new() });
    }
    if members.first().is_none_or(|m| m.holdings.is_empty() && m.held.is_empty()) {
        return Ok(None);
    }
    let records = usage::records(tx, &keys, cycle)?;
    if let [only] = members.as_mut_slice() {
        only.records = records;
        only.records.sort_by_key(|r| r.at);
    } else {
        let owner: HashMap<ServiceKey, usize> =
            members.iter().enumerate().flat_map(|(m, x)| x.holdings.iter().map(move |h| (h.key, m))).collect();
        for record in records {
            if let Some(m) = owner.get(&record.service) {
                members[*m].records.push(record);
            }
        }
    }
    let carried = carried(tx, &members, cycle, back)?;
    Ok(Some(Input { cycle, members, shares, carried, tables }))
}

type Over = HashMap<(String, String), Vec<Carried>>;

/// What came over into the cycle: as written down when the cycle before was closed, or rated again.
fn carried(tx: &mut Tx<'_>, members: &[Member], cycle: Cycle, back: u8) -> Result<Over> {
    let mut all = Over::new();
    let start = cycle.first().start();
    for member in members {
        let mut again = false;
        for held in &member.held {
            let carries = held.plan.plan.allowances.iter().any(|a| a.carry_over > 0);
            let a = &held.assignment;
            if !carries
                || a.from >= start
                || a.to.is_some_and(|to| to <= start)
                || all.keys().any(|(id, _)| *id == a.id)
            {
                continue;
            }
            let rows = tx.query(&CARRIED, params![a.id, key(cycle)])?;
            again |= rows.is_empty();
            for row in rows {
                let expires = Cycle::starting(kernel::Timestamp::from_micros(row.int(1)).date());
                let amount = u128::try_from(row.int(2)).unwrap_or(0);
                all.entry((a.id.clone(), row.text(0))).or_default().push(Carried { expires, amount });
            }
        }
        if again && back < MOST_BACK {
            let before = cycle.previous();
            if let Some(input) = load_back(tx, &member.product_id, before, back + 1)? {
                let rated = engine::rate(&input, false)?;
                for (id, over) in left_over(&input, &rated) {
                    all.entry(id).or_insert(over);
                }
            }
        }
    }
    Ok(all)
}

/// What pools leave for the next cycle, of plans that are still in force then.
fn left_over(input: &Input, rated: &Rated) -> Vec<((String, String), Vec<Carried>)> {
    let end = input.cycle.next().first().start();
    let pools = rated.pools.iter().filter_map(|pool| {
        let held = &input.members[pool.owner].held[pool.held];
        let allowance = &held.plan.plan.allowances[pool.allowance];
        let goes_on = held.assignment.to.is_none_or(|to| to > end);
        (allowance.carry_over > 0 && goes_on).then(|| {
            ((held.assignment.id.clone(), allowance.id.clone()), pool.carries(input.cycle, allowance.carry_over))
        })
    });
    pools.collect()
}

/// What an allowance carries into the cycle after one that is closed.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct CarriedOver {
    assignment: String,
    allowance: String,
    into: Cycle,
    expires: Cycle,
    amount: i64,
}

/// What goes over from a rated cycle, of all that was rated together. An allowance that leaves nothing says so, too: that
/// it was looked at spares looking again.
fn carried_over(input: &Input, rated: &Rated) -> Vec<CarriedOver> {
    let into = input.cycle.next();
    let mut all = Vec::new();
    for ((assignment, allowance), over) in left_over(input, rated) {
        let nothing = [Carried { expires: into, amount: 0 }];
        for c in if over.is_empty() { &nothing[..] } else { &over } {
            all.push(CarriedOver {
                assignment: assignment.clone(),
                allowance: allowance.clone(),
                into,
                expires: c.expires,
                amount: i64::try_from(c.amount).unwrap_or(i64::MAX),
            });
        }
    }
    all
}

/// Writes down what is carried over, once, when its cycle is closed: so that no chain of cycles has to be followed. What
/// stands there already stays as it is.
pub fn keep_carried(tx: &mut Tx<'_>, mut over: Vec<CarriedOver>) -> Result<u64> {
    // Members of a group say the same, and others may be writing it: one order for everybody.
    over.sort();
    over.dedup();
    let mut kept = 0;
    for c in over {
        let binds = params![c.assignment, c.allowance, key(c.into), key(c.expires), c.amount];
        kept += tx.execute(&KEEP_CARRY, binds)?;
    }
    Ok(kept)
}
