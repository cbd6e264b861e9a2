//! Allowances of which much is used, and whom it concerns: for the reminders that customers are owed.

use super::load;
use crate::engine::{self, Input, Pool};
use kernel::{Cycle, Result, Timestamp};
use std::collections::BTreeSet;
use store::Tx;
use usage::ServiceKey;

/// An allowance of which much is used. Amounts are seconds, bytes or messages.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Near {
    /// The same for the whole cycle, another for every other allowance.
    pub id: String,
    pub cycle: Cycle,
    pub plan: (String, String),
    pub name: (String, String),
    pub kinds: Vec<String>,
    pub unit_size: u64,
    /// Nothing left is not below zero here.
    pub left: u64,
    /// Per cent used, rounded down.
    pub percent: i64,
    pub shared: bool,
    /// What goes beyond it is not charged but slowed down, as its plan says.
    pub slowed: bool,
    /// Whom it concerns: whose it is, and who has used of it.
    pub lines: Vec<NearLine>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NearLine {
    pub product_id: String,
    pub customer_id: String,
    pub account_id: String,
    pub org: String,
    pub number: String,
}

/// The allowances that these services use, of which at least `percent` are used now. Those that share are looked at once.
pub fn near_limit(tx: &mut Tx<'_>, services: &[ServiceKey], percent: i64, now: Timestamp) -> Result<Vec<Near>> {
    let (mut all, mut seen) = (Vec::new(), BTreeSet::new());
    for key in services {
        let Some(service) = usage::service(tx, *key)?.filter(|s| s.to.is_none()) else { continue };
        if seen.contains(&service.product_id) {
            continue;
        }
        let cycle = Cycle::containing(now.date(), service.cycle_day);
        let Some(input) = load(tx, &service.product_id, cycle)? else { continue };
        seen.extend(input.members.iter().map(|m| m.product_id.clone()));
        let rated = engine::rate(&input, false)?;
        for pool in &rated.pools {
            let used = part(pool);
            let held = &input.members[pool.owner].held[pool.held];
            if used >= percent && engine::active(held, now) {
                all.push(near(tx, &input, pool, used)?);
            }
        }
    }
    Ok(all)
}

/// Per cent used; of an allowance of nothing, none.
fn part(pool: &Pool) -> i64 {
    let used = pool.used.saturating_mul(100).checked_div(pool.total).unwrap_or(0);
    i64::try_from(used).unwrap_or(i64::MAX)
}

fn near(tx: &mut Tx<'_>, input: &Input, pool: &Pool, percent: i64) -> Result<Near> {
    let held = &input.members[pool.owner].held[pool.held];
    let (plan, allowance) = (&held.plan.plan, &held.plan.plan.allowances[pool.allowance]);
    let mut concerned: BTreeSet<usize> = pool.by_member.iter().filter(|(_, used)| *used > 0).map(|(m, _)| *m).collect();
    concerned.insert(pool.owner);
    let mut lines = Vec::new();
    for m in concerned {
        // A group has no line of its own, and a line that has ended nobody to tell.
        let Some(service) = usage::service_of(tx, &input.members[m].product_id)?.filter(|s| s.to.is_none()) else {
            continue;
        };
        lines.push(NearLine {
            product_id: service.product_id,
            customer_id: service.customer_id,
            account_id: service.account_id,
            org: service.org,
            number: service.number,
        });
    }
    Ok(Near {
        id: format!("{}:{}", held.assignment.id, allowance.id),
        cycle: input.cycle,
        plan: (plan.name.clone(), plan.name_en.clone()),
        name: (allowance.name.clone(), allowance.name_en.clone()),
        kinds: allowance.when.kinds.clone(),
        unit_size: allowance.unit_size,
        left: u64::try_from(pool.left()).unwrap_or(0),
        percent,
        shared: pool.shared,
        slowed: allowance.may_go_negative,
        lines,
    })
}
