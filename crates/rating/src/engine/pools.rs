//! Allowances as pools: whose, how much, who may take, what is left. What was carried over is used first, soonest expiry
//! first; then what the cycle grants.

use super::{Held, Input, active};
use crate::{
    line::Used,
    plan::{Allowance, Part, Role},
    tables::Seen,
};
use kernel::{Cycle, Timestamp};

/// Carried over from an earlier cycle, good up to and including the cycle `expires`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Carried {
    pub expires: Cycle,
    pub amount: u128,
}

#[derive(Clone, Debug)]
struct Bucket {
    left: u128,
    /// None: the cycle's own.
    expires: Option<Cycle>,
}

#[derive(Clone, Debug)]
pub struct Pool {
    pub owner: usize,
    pub held: usize,
    pub allowance: usize,
    pub shared: bool,
    pub total: u128,
    pub carried: u128,
    pub used: u128,
    /// Taken beyond the total, where the plan allows that.
    pub below: u128,
    pub by_member: Vec<(usize, u128)>,
    buckets: Vec<Bucket>,
}

pub struct Pools {
    pub all: Vec<Pool>,
    /// For each member the pools that it may come to use, in the order of use.
    order: Vec<Vec<usize>>,
}

/// Days of the cycle for which something counts that is in force from `from` to `to`.
pub fn days(cycle: Cycle, held: &Held, first: Part, last: Part) -> i64 {
    let (start, end) = (cycle.first(), cycle.next().first());
    let (from, to) = (held.assignment.from, held.assignment.to);
    let late = from > start.start();
    let early = to.filter(|t| *t < end.start());
    let begin = match (late, first) {
        (true, Part::None) => return 0,
        (true, Part::Daily) => from.date(),
        (true, Part::Full) | (false, _) => start,
    };
    let stop = match (early, last) {
        (Some(_), Part::None) => return 0,
        (Some(to), Part::Daily) => to.date(),
        (Some(_), Part::Full) | (None, _) => end,
    };
    stop.days_since(begin).max(0)
}

fn granted(cycle: Cycle, held: &Held, allowance: &Allowance) -> u128 {
    let days = days(cycle, held, allowance.first, allowance.last);
    let whole = u128::from(allowance.amount) * u128::try_from(days).unwrap_or(0);
    whole.div_ceil(u128::try_from(cycle.days()).unwrap_or(30)) * u128::from(allowance.unit_size)
}

impl Pools {
    pub fn open(input: &Input) -> Self {
        let mut all = Vec::new();
        let (start, end) = (input.cycle.first().start(), input.cycle.next().first().start());
        for (owner, member) in input.members.iter().enumerate() {
            for (h, held) in member.held.iter().enumerate() {
                let a = &held.assignment;
                if a.from >= end || a.to.is_some_and(|to| to <= start || to <= a.from) {
                    continue;
                }
                for (i, allowance) in held.plan.plan.allowances.iter().enumerate() {
                    let key = (a.id.clone(), allowance.id.clone());
                    let mut buckets: Vec<Bucket> = Vec::new();
                    if let Some(carried) = input.carried.get(&key) {
                        let mut carried: Vec<&Carried> = carried.iter().filter(|c| c.expires >= input.cycle).collect();
                        carried.sort_by_key(|c| c.expires);
                        buckets.extend(carried.iter().map(|c| Bucket { left: c.amount, expires: Some(c.expires) }));
                    }
                    let carried = buckets.iter().map(|b| b.left).sum();
                    let own = granted(input.cycle, held, allowance);
                    buckets.push(Bucket { left: own, expires: None });
                    all.push(Pool {
                        owner,
                        held: h,
                        allowance: i,
                        shared: allowance.shared,
                        total: own + carried,
                        carried,
                        used: 0,
                        below: 0,
                        by_member: Vec::new(),
                        buckets,
                    });
                }
            }
        }
        let order = (0..input.members.len())
            .map(|m| {
                let mut mine: Vec<usize> = (0..all.len())
                    .filter(|p| all[*p].owner == m || (all[*p].shared && may_meet(input, all[*p].owner, m)))
                    .collect();
                mine.sort_by(|a, b| rank(input, m, &all[*a]).cmp(&rank(input, m, &all[*b])));
                mine
            })
            .collect();
        Self { all, order }
    }

    /// Takes what can be taken; returns the rest.
    pub fn take(
        &mut self,
        input: &Input,
        m: usize,
        (at, seen): (Timestamp, &Seen<'_>),
        amount: u128,
        mut used: Option<&mut Vec<Used>>,
    ) -> u128 {
        let mut rest = amount;
        for p in &self.order[m] {
            if rest == 0 {
                break;
            }
            let pool = &mut self.all[*p];
            let held = &input.members[pool.owner].held[pool.held];
            let allowance = &held.plan.plan.allowances[pool.allowance];
            let may = active(held, at)
                && allowance.when.fits(seen, &input.tables)
                && (pool.owner == m || together(input, pool.owner, m, at));
            if !may {
                continue;
            }
            for bucket in &mut pool.buckets {
                let part = bucket.left.min(rest);
                if part == 0 {
                    continue;
                }
                bucket.left -= part;
                rest -= part;
                pool.used += part;
                note(
                    pool.owner != m,
                    allowance,
                    part,
                    pool.total as i128 - pool.used as i128,
                    bucket.expires,
                    used.as_deref_mut(),
                );
                member(&mut pool.by_member, m, part);
            }
            if allowance.may_go_negative && rest > 0 {
                let left = pool.total as i128 - pool.used as i128 - rest as i128;
                note(pool.owner != m, allowance, rest, left, None, used.as_deref_mut());
                member(&mut pool.by_member, m, rest);
                pool.used += rest;
                pool.below += rest;
                rest = 0;
            }
        }
        rest
    }
}

fn note(shared: bool, a: &Allowance, part: u128, left: i128, expires: Option<Cycle>, used: Option<&mut Vec<Used>>) {
    let Some(used) = used else { return };
    used.push(Used {
        name: a.name.clone(),
        name_en: a.name_en.clone(),
        amount: u64::try_from(part).unwrap_or(u64::MAX),
        left_after: i64::try_from(left).unwrap_or(i64::MIN),
        carried: expires.is_some(),
        shared,
    });
}

fn member(by: &mut Vec<(usize, u128)>, m: usize, part: u128) {
    match by.iter_mut().find(|(n, _)| *n == m) {
        Some((_, sum)) => *sum += part,
        None => by.push((m, part)),
    }
}

/// The order of use: what may go below zero last, then the plan's priority, one's own before the shared, options first.
fn rank<'a>(input: &'a Input, m: usize, pool: &Pool) -> (bool, i32, bool, bool, Timestamp, &'a str, usize) {
    let held = &input.members[pool.owner].held[pool.held];
    let allowance = &held.plan.plan.allowances[pool.allowance];
    (
        allowance.may_go_negative,
        allowance.priority,
        pool.shared || pool.owner != m,
        held.plan.plan.role == Role::Base,
        held.assignment.from,
        held.assignment.id.as_str(),
        pool.allowance,
    )
}

fn belongs(input: &Input, m: usize, group: &str, at: Option<Timestamp>) -> bool {
    let product = &input.members[m].product_id;
    let when = |from: Timestamp, to: Option<Timestamp>| at.is_none_or(|at| from <= at && to.is_none_or(|to| at < to));
    product == group
        || input.shares.iter().any(|s| s.group_id == group && s.product_id == *product && when(s.from, s.to))
}

fn together(input: &Input, a: usize, b: usize, at: Timestamp) -> bool {
    input.shares.iter().any(|s| belongs(input, a, &s.group_id, Some(at)) && belongs(input, b, &s.group_id, Some(at)))
}

/// At any time of the cycle?
fn may_meet(input: &Input, a: usize, b: usize) -> bool {
    input.shares.iter().any(|s| belongs(input, a, &s.group_id, None) && belongs(input, b, &s.group_id, None))
}

impl Pool {
    /// What goes over into the next cycle: what is good for longer, oldest first.
    pub fn carries(&self, cycle: Cycle, cycles: u8) -> Vec<Carried> {
        let mut over = Vec::new();
        for bucket in self.buckets.iter().filter(|b| b.left > 0) {
            let expires = bucket.expires.unwrap_or_else(|| (0..cycles).fold(cycle, |c, _| c.next()));
            if expires > cycle {
                over.push(Carried { expires, amount: bucket.left });
            }
        }
        over
    }
    /// What is left; below zero only where the plan allows it.
    pub fn left(&self) -> i128 {
        self.total as i128 - self.used as i128
    }
}
