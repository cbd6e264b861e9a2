//! Rating against a naive model: random plans with allowances of one's own, shared, carried over and cut by days, a change
//! of plan in mid-month, members who come and go; every unit of every record looked at by itself.

use super::tests::{allowance, at, cycle, held, input, member, plan, rule};
use super::{Carried, Member, Pool, order, rate};
use crate::{
    assignment::Share,
    plan::{Part, Role, Round, Tier},
};
use kernel::{Cycle, Timestamp};
use usage::{Kind, Record, ServiceKey};

/// A small generator: the same numbers every time.
struct Dice(u64);

impl Dice {
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }
    fn flip(&mut self) -> bool {
        self.below(2) == 0
    }
}

const DAYS: u64 = 30;

/// An allowance as the model has it: in units.
#[derive(Clone, Debug)]
struct Pot {
    id: String,
    owner: usize,
    from: u64,
    to: u64,
    option: bool,
    shared: bool,
    priority: i32,
    carry: u8,
    /// What came over, with how many cycles it is good for beyond this one.
    over: Vec<(u8, u64)>,
    own: u64,
    total: u64,
    by: Vec<u64>,
}

/// A base plan: in force on the days `from..to`.
#[derive(Clone, Debug)]
struct Base {
    from: u64,
    to: u64,
    tiers: Vec<Tier>,
    used: u64,
    milli: u64,
}

struct World {
    unit: u64,
    bases: Vec<Vec<Base>>,
    pots: Vec<Pot>,
    /// From and to which day a member shares.
    shares: Vec<(u64, u64)>,
}

impl World {
    fn together(&self, a: usize, b: usize, day: u64) -> bool {
        [a, b].iter().all(|m| (self.shares[*m].0..self.shares[*m].1).contains(&day))
    }
    fn uses(&mut self, m: usize, day: u64, amount: u64) {
        for _ in 0..amount.div_ceil(self.unit) {
            let mut may: Vec<usize> = (0..self.pots.len())
                .filter(|p| {
                    let pot = &self.pots[*p];
                    (pot.from..pot.to).contains(&day)
                        && (pot.owner == m || (pot.shared && self.together(pot.owner, m, day)))
                        && pot.own + pot.over.iter().map(|o| o.1).sum::<u64>() > 0
                })
                .collect();
            may.sort_by_key(|p| {
                let pot = &self.pots[*p];
                (pot.priority, pot.shared || pot.owner != m, !pot.option, pot.from, pot.id.clone())
            });
            if let Some(pot) = may.first().map(|p| &mut self.pots[*p]) {
                let first = pot.over.iter_mut().filter(|o| o.1 > 0).min_by_key(|o| o.0);
                *first.map_or(&mut pot.own, |o| &mut o.1) -= 1;
                pot.by[m] += 1;
                continue;
            }
            if let Some(base) = self.bases[m].iter_mut().find(|b| (b.from..b.to).contains(&day)) {
                let tier = base.tiers.iter().rfind(|t| t.from <= base.used).unwrap();
                base.milli += tier.price_milli_fen;
                base.used += 1;
            }
        }
    }
}

/// Midnight of a day of the cycle; 0 is long before, `DAYS` the end or never.
fn day(n: u64) -> Timestamp {
    if n == 0 { at("2026-01-01") } else { cycle().first().start().plus_seconds(n as i64 * 86_400) }
}

fn tiers(dice: &mut Dice) -> Vec<Tier> {
    let mut tiers = vec![Tier { from: 0, price_milli_fen: dice.below(5_000) }];
    for _ in 0..dice.below(3) {
        let from = tiers.last().unwrap().from + 1 + dice.below(8);
        tiers.push(Tier { from, price_milli_fen: dice.below(5_000) });
    }
    tiers
}

fn later(n: u8) -> Cycle {
    (0..n).fold(cycle(), |c, _| c.next())
}

/// A random world, and the same for the engine.
fn build(dice: &mut Dice) -> (World, super::Input) {
    let unit = [1, 7, 60][dice.below(3) as usize];
    let people = 1 + dice.below(3) as usize;
    let mut world = World { unit, bases: Vec::new(), pots: Vec::new(), shares: Vec::new() };
    let (mut members, mut carried) = (Vec::<Member>::new(), Vec::new());
    for m in 0..people {
        let change = if dice.flip() { 2 + dice.below(26) } else { DAYS };
        let (mut bases, mut plans) = (Vec::new(), Vec::new());
        for (from, to) in [(0, change), (change, DAYS)].into_iter().filter(|(from, to)| from < to) {
            let tiers = tiers(dice);
            let mut r = rule("call", unit, Round::Record, &[]);
            r.tiers.clone_from(&tiers);
            bases.push(Base { from, to, tiers, used: 0, milli: 0 });
            for option in [false, true] {
                let id = format!("a{m}-{from}-{option}");
                let mut all = Vec::new();
                if dice.flip() {
                    let (amount, daily) = (1 + dice.below(20), dice.flip());
                    let mut a = allowance("call", "call", unit, amount);
                    a.shared = dice.flip();
                    a.priority = dice.below(3) as i32;
                    a.carry_over = dice.below(3) as u8;
                    let part = if daily { Part::Daily } else { Part::Full };
                    (a.first, a.last) = (part, part);
                    let own = if daily { (amount * (to - from)).div_ceil(DAYS) } else { amount };
                    let over: Vec<(u8, u64)> = if from == 0 {
                        (0..dice.below(3) as u8).map(|n| (n, 1 + dice.below(6))).collect()
                    } else {
                        vec![]
                    };
                    let amounts = |o: &(u8, u64)| Carried { expires: later(o.0), amount: u128::from(o.1 * unit) };
                    if !over.is_empty() {
                        carried.push(((id.clone(), "call".to_owned()), over.iter().map(amounts).collect::<Vec<_>>()));
                    }
                    world.pots.push(Pot {
                        id: id.clone(),
                        owner: m,
                        from,
                        to,
                        option,
                        shared: a.shared,
                        priority: a.priority,
                        carry: a.carry_over,
                        total: own + over.iter().map(|o| o.1).sum::<u64>(),
                        over,
                        own,
                        by: vec![0; people],
                    });
                    all.push(a);
                }
                let until = (to < DAYS).then(|| day(to));
                if option && all.is_empty() {
                    continue;
                }
                let mut p = plan(all, if option { vec![] } else { vec![r.clone()] });
                p.role = if option { Role::Option } else { Role::Base };
                let mut held = held(&id, p, "2026-01-01", None);
                (held.assignment.from, held.assignment.to) = (day(from), until);
                plans.push(held);
            }
        }
        world.bases.push(bases);
        let joins = if dice.flip() { 0 } else { dice.below(20) };
        world.shares.push((joins, if dice.flip() { DAYS } else { joins + 1 + dice.below(10) }));
        let mut one = member(&format!("p{m}"), m as i64 + 1, plans, Vec::new());
        order(&mut one.held);
        members.push(one);
    }
    let share = |m: usize| {
        let (from, to) = world.shares[m];
        let to = (to < DAYS).then(|| day(to));
        Share { group_id: "g".into(), product_id: format!("p{m}"), from: day(from), to }
    };
    let shares = (0..people).map(share).collect();
    let mut all = input(members, shares);
    all.carried = carried.into_iter().collect();
    (world, all)
}

fn call(m: usize, when: Timestamp, amount: u64, n: u64) -> Record {
    let mut record = Record::new(ServiceKey(m as i64 + 1), when, Kind::Call, amount, format!("{n}"));
    record.peer = "+8613900139000".into();
    record
}

fn is_sound(pool: &Pool) -> bool {
    pool.left() >= 0
        && pool.below == 0
        && pool.used <= pool.total
        && pool.by_member.iter().map(|(_, n)| n).sum::<u128>() == pool.used
}

#[test]
fn rating_agrees_with_counting_unit_by_unit_when_plans_change_members_come_and_go_and_allowances_carry_over() {
    for seed in 1..600u64 {
        let mut dice = Dice::new(seed);
        let (mut world, mut all) = build(&mut dice);
        let people = all.members.len();
        let mut when: Vec<u64> = (0..dice.below(60)).map(|_| dice.below(DAYS * 86_400)).collect();
        when.sort_unstable();
        for (n, second) in when.into_iter().enumerate() {
            let (m, amount) = (dice.below(people as u64) as usize, dice.below(world.unit * 9));
            let time = cycle().first().start().plus_seconds(second as i64);
            all.members[m].records.push(call(m, time, amount, n as u64));
            world.uses(m, second / 86_400, amount);
        }
        let rated = rate(&all, false).unwrap();
        for m in 0..people {
            let paid: i64 = rated.lines.iter().filter(|l| l.member == m).map(|l| l.amount.in_fen()).sum();
            let expected: i64 = world.bases[m].iter().map(|b| ((b.milli + 500) / 1_000) as i64).sum();
            assert_eq!(paid, expected, "seed {seed}, member {m}");
        }
        assert_eq!(rated.pools.len(), world.pots.len(), "seed {seed}");
        for pool in &rated.pools {
            assert!(is_sound(pool), "seed {seed}: {pool:?}");
            let id = &all.members[pool.owner].held[pool.held].assignment.id;
            let pot = world.pots.iter().find(|p| p.id == *id).unwrap();
            let units = |n: u128| u64::try_from(n).unwrap() / world.unit;
            assert_eq!(units(pool.total), pot.total, "seed {seed}: {pot:?}");
            assert_eq!(units(pool.used), pot.by.iter().sum::<u64>(), "seed {seed}: {pot:?}");
            // What goes over: what is good for longer, and the own rest where the plan carries.
            let mut expected: Vec<(u8, u64)> =
                pot.over.iter().copied().filter(|(n, left)| *n > 0 && *left > 0).collect();
            expected.extend((pot.carry > 0 && pot.own > 0).then_some((pot.carry, pot.own)));
            let expected: Vec<Carried> = expected
                .into_iter()
                .map(|(n, left)| Carried { expires: later(n), amount: u128::from(left * world.unit) })
                .collect();
            assert_eq!(pool.carries(cycle(), pot.carry), expected, "seed {seed}: {pot:?}");
        }
        assert_eq!(rate(&all, true).unwrap().lines, rated.lines, "seed {seed}: a trace changes nothing");
    }
}

#[test]
fn no_allowance_is_ever_below_zero_and_nothing_is_counted_twice() {
    for seed in 1..400u64 {
        let mut dice = Dice::new(seed ^ 0xa5a5);
        let (_, mut all) = build(&mut dice);
        let people = all.members.len() as u64;
        // Units of rules and allowances that do not fit each other, rounding by record, day and cycle.
        for plan in all.members.iter_mut().flat_map(|m| &mut m.held) {
            let version = std::sync::Arc::make_mut(&mut plan.plan);
            for a in &mut version.plan.allowances {
                a.unit_size = 1 + dice.below(50);
            }
            for r in &mut version.plan.rules {
                r.unit_size = 1 + dice.below(50);
                r.round = [Round::Record, Round::Day, Round::Cycle][dice.below(3) as usize];
            }
        }
        let mut when: Vec<u64> = (0..dice.below(50)).map(|_| dice.below(DAYS * 86_400)).collect();
        when.sort_unstable();
        for (n, second) in when.into_iter().enumerate() {
            let m = dice.below(people) as usize;
            let time = cycle().first().start().plus_seconds(second as i64);
            let amount = dice.below(2_000);
            all.members[m].records.push(call(m, time, amount, n as u64));
        }
        let rated = rate(&all, true).unwrap();
        assert!(rated.pools.iter().all(is_sound), "seed {seed}");
        // At every step of the way, not only in the end.
        let lowest = rated.steps.iter().flat_map(|s| &s.used).map(|u| u.left_after).min().unwrap_or(0);
        assert!(lowest >= 0, "seed {seed}: {lowest}");
        let taken: u128 = rated.steps.iter().flat_map(|s| &s.used).map(|u| u128::from(u.amount)).sum();
        assert_eq!(taken, rated.pools.iter().map(|p| p.used).sum::<u128>(), "seed {seed}");
        let included: u128 = rated.lines.iter().map(|l| l.included).sum();
        assert_eq!(taken, included, "seed {seed}");
        assert!(rated.lines.iter().all(|l| l.amount.in_fen() >= 0), "seed {seed}");
    }
}
