//! Rating by example, and against a model that counts unit by unit.

use super::{Held, Holding, Input, Member, order, rate};
use crate::{
    assignment::{Assignment, Share},
    plan::{
        Allowance, Cap, Discount, FeeRounding, Matcher, Minimum, Mode, Part, Plan, Role, Round, Rule, Tier,
        versions::{State, Version},
    },
    problems, tables,
};
use kernel::{Cycle, Date, Timestamp};
use std::{collections::HashMap, sync::Arc};
use usage::{Kind, Record, ServiceKey};

pub(super) fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

pub(super) fn cycle() -> Cycle {
    Cycle::month_of(Date::parse("2026-11-01").unwrap())
}

fn of(kind: &str) -> Matcher {
    Matcher { kinds: vec![kind.into()], ..Matcher::default() }
}

pub(super) fn allowance(id: &str, kind: &str, unit_size: u64, amount: u64) -> Allowance {
    Allowance {
        id: id.into(),
        name: id.into(),
        name_en: id.into(),
        when: of(kind),
        unit_size,
        amount,
        shared: false,
        carry_over: 0,
        first: Part::Full,
        last: Part::Full,
        may_go_negative: false,
        priority: 0,
    }
}

pub(super) fn rule(id: &str, unit_size: u64, round: Round, tiers: &[(u64, u64)]) -> Rule {
    Rule {
        id: id.into(),
        name: id.into(),
        name_en: id.into(),
        when: of(id),
        mode: Mode::Metered,
        unit_size,
        round,
        zero_free: true,
        use_allowances: true,
        tiers: tiers.iter().map(|(from, price)| Tier { from: *from, price_milli_fen: *price }).collect(),
        tax: "basic".into(),
    }
}

pub(super) fn plan(allowances: Vec<Allowance>, rules: Vec<Rule>) -> Plan {
    let plan = Plan {
        name: "p".into(),
        name_en: "p".into(),
        currency: "CNY".into(),
        role: Role::Base,
        allowances,
        rules,
        discounts: Vec::new(),
        caps: Vec::new(),
        minimum: None,
        fee_rounding: FeeRounding::Line,
    };
    crate::plan::check(&plan, &tables::sample()).unwrap();
    plan
}

pub(super) fn held(id: &str, plan: Plan, from: &str, to: Option<&str>) -> Held {
    Held {
        assignment: Assignment {
            id: id.into(),
            product_id: "p1".into(),
            source: "p1".into(),
            offering_id: "of".into(),
            plan_id: id.into(),
            plan_version: 1,
            from: at(from),
            to: to.map(at),
        },
        plan: Arc::new(Version { id: id.into(), version: 1, state: State::Active, plan }),
    }
}

pub(super) fn member(product: &str, key: i64, mut plans: Vec<Held>, records: Vec<Record>) -> Member {
    order(&mut plans);
    let holding = Holding {
        key: ServiceKey(key),
        account_id: format!("a{key}"),
        number: format!("1380000{key:04}"),
        from: at("2026-01-01"),
        to: None,
    };
    Member { product_id: product.into(), holdings: vec![holding], held: plans, records }
}

fn used(key: i64, when: &str, kind: Kind, amount: u64) -> Record {
    let mut record = Record::new(ServiceKey(key), at(when), kind, amount, when);
    record.peer = "+8613900139000".into();
    record
}

pub(super) fn input(members: Vec<Member>, shares: Vec<Share>) -> Input {
    Input { cycle: cycle(), members, shares, carried: HashMap::new(), tables: Arc::new(tables::sample()) }
}

fn amounts(input: &Input) -> Vec<(String, i64)> {
    let rated = rate(input, true).unwrap();
    // A trace changes nothing, and its steps add up to what was charged before discounts.
    assert_eq!(rate(input, false).unwrap().lines, rated.lines);
    rated.lines.iter().map(|l| (l.rule_id.clone(), l.amount.in_fen())).collect()
}

const GB: u64 = 1 << 30;

#[test]
fn a_call_is_rounded_up_to_the_minute_and_data_to_the_gigabyte_once_a_month() {
    let plan = plan(
        vec![allowance("voice", "call", 60, 2), allowance("net", "data", 1 << 20, 1_024)],
        vec![rule("call", 60, Round::Record, &[(0, 3_000)]), rule("data", GB, Round::Cycle, &[(0, 1_000_000)])],
    );
    let records = vec![
        used(1, "2026-11-02T08:00:00Z", Kind::Call, 61), // two minutes, included
        used(1, "2026-11-03T08:00:00Z", Kind::Call, 0),  // free
        used(1, "2026-11-04T08:00:00Z", Kind::Call, 1),  // one minute
        used(1, "2026-11-05T08:00:00Z", Kind::Data, GB), // included
        used(1, "2026-11-06T08:00:00Z", Kind::Data, 1),  // a gigabyte begun
        used(1, "2026-11-07T08:00:00Z", Kind::Data, GB - 1),
        used(1, "2026-11-08T08:00:00Z", Kind::Data, 1), // a second one
    ];
    let input = input(vec![member("p1", 1, vec![held("a", plan, "2026-01-01", None)], records)], vec![]);
    assert_eq!(amounts(&input), [("call".into(), 3), ("data".into(), 2_000)]);
}

#[test]
fn emergency_numbers_cost_nothing_whatever_the_plan_says() {
    let plan = plan(vec![], vec![rule("call", 1, Round::Record, &[(0, 1_000_000)])]);
    let mut call = used(1, "2026-11-02T08:00:00Z", Kind::Call, 600);
    call.peer = "110".into();
    let input = input(vec![member("p1", 1, vec![held("a", plan, "2026-01-01", None)], vec![call])], vec![]);
    assert_eq!(amounts(&input), [("free".into(), 0)]);
}

#[test]
fn a_change_of_plan_in_mid_month_splits_the_records_by_time() {
    let mut shared = allowance("voice", "call", 60, 30);
    (shared.shared, shared.first, shared.last) = (true, Part::Daily, Part::Daily);
    let old = plan(vec![shared.clone()], vec![rule("call", 60, Round::Record, &[(0, 10_000)])]);
    let new = plan(vec![shared], vec![rule("call", 60, Round::Record, &[(0, 1_000)])]);
    let owner = member(
        "p1",
        1,
        vec![held("a", old, "2026-01-01", Some("2026-11-16")), held("b", new, "2026-11-16", None)],
        vec![used(1, "2026-11-05T08:00:00Z", Kind::Call, 600)],
    );
    // Another line on a plan without anything included, in the same family.
    let bare = plan(vec![], vec![rule("call", 60, Round::Record, &[(0, 5_000)])]);
    let friend = member(
        "p2",
        2,
        vec![held("c", bare, "2026-01-01", None)],
        vec![used(2, "2026-11-10T08:00:00Z", Kind::Call, 600), used(2, "2026-11-20T08:00:00Z", Kind::Call, 1_200)],
    );
    let share =
        |product: &str| Share { group_id: "g".into(), product_id: product.into(), from: at("2026-01-01"), to: None };
    let input = input(vec![owner, friend], vec![share("p1"), share("p2")]);
    let rated = rate(&input, false).unwrap();
    // 15 of 30 minutes before the change, 15 after: 10 + 5 used before, 5 left to pay at p2's own price; then 15 and 5.
    let paid: i64 = rated.lines.iter().map(|l| l.amount.in_fen()).sum();
    assert_eq!(paid, 5 * 5 + 5 * 5);
    assert!(rated.pools.iter().all(|p| p.left() >= 0));
    assert_eq!(rated.pools.iter().map(|p| p.used / 60).sum::<u128>(), 30);
}

#[test]
fn an_allowance_goes_below_zero_only_where_its_plan_allows_it() {
    let mut slow = allowance("net", "data", 1 << 20, 10);
    slow.may_go_negative = true;
    let plan = plan(vec![slow], vec![rule("data", 1 << 20, Round::Cycle, &[(0, 1_000)])]);
    let records = vec![used(1, "2026-11-02T08:00:00Z", Kind::Data, 50 << 20)];
    let input = input(vec![member("p1", 1, vec![held("a", plan, "2026-01-01", None)], records)], vec![]);
    let rated = rate(&input, false).unwrap();
    assert_eq!(rated.pools[0].left(), -(40 << 20));
    assert!(rated.lines.iter().all(|l| l.amount.is_zero()));
}

#[test]
fn discounts_caps_and_the_minimum_follow_each_other() {
    let mut p = plan(
        vec![],
        vec![rule("call", 60, Round::Record, &[(0, 10_000)]), rule("sms", 1, Round::Record, &[(0, 10_000)])],
    );
    let off = |id: &str, percent, amount_fen, rules: &[&str]| Discount {
        id: id.into(),
        name: id.into(),
        name_en: String::new(),
        rules: rules.iter().map(|r| (*r).to_owned()).collect(),
        percent,
        amount_fen,
    };
    p.discounts = vec![off("half-calls", 50, 0, &["call"]), off("five", 0, 5, &[])];
    p.caps = vec![Cap { id: "cap".into(), name: "cap".into(), name_en: String::new(), rules: vec![], amount_fen: 50 }];
    let records = vec![used(1, "2026-11-02T08:00:00Z", Kind::Call, 600), used(1, "2026-11-03T08:00:00Z", Kind::Sms, 3)];
    let whole = |p: &Plan, records: Vec<Record>| {
        let held = vec![held("a", p.clone(), "2026-01-01", None)];
        amounts(&input(vec![member("p1", 1, held, records)], vec![]))
    };
    // 100 + 30, −50 on calls, −5, and 75 is over the cap of 50.
    let lines = whole(&p, records.clone());
    assert_eq!(lines.iter().map(|(_, n)| n).sum::<i64>(), 50);
    assert!(
        lines.contains(&("half-calls".into(), -50))
            && lines.contains(&("five".into(), -5))
            && lines.contains(&("cap".into(), -25))
    );
    p.minimum = Some(Minimum { amount_fen: 80, part: Part::Full });
    assert_eq!(whole(&p, records).iter().map(|(_, n)| n).sum::<i64>(), 80);
    assert_eq!(whole(&p, vec![]), [("minimum".into(), 80)]);
}

#[test]
fn amounts_beyond_belief_are_refused_and_never_wrap() {
    let p = plan(vec![], vec![rule("data", 1, Round::Record, &[(0, crate::plan::MOST_PRICE)])]);
    let records = (1..9).map(|d| used(1, &format!("2026-11-0{d}T08:00:00Z"), Kind::Data, u64::MAX)).collect();
    let input = input(vec![member("p1", 1, vec![held("a", p, "2026-01-01", None)], records)], vec![]);
    assert!(rate(&input, true).unwrap_err().is(&problems::OVERFLOW));
}

#[test]
fn what_came_late_counts_at_the_beginning_of_the_cycle_that_took_it() {
    let p = plan(vec![allowance("voice", "call", 60, 1)], vec![rule("call", 60, Round::Record, &[(0, 1_000)])]);
    let mut late = used(1, "2026-10-20T08:00:00Z", Kind::Call, 60);
    late.late = true;
    let records = vec![late, used(1, "2026-11-02T08:00:00Z", Kind::Call, 60)];
    let input = input(vec![member("p1", 1, vec![held("a", p, "2026-10-25", None)], records)], vec![]);
    let rated = rate(&input, true).unwrap();
    assert_eq!((rated.lines[0].late, rated.lines[0].amount.in_fen()), (1, 1));
    assert!(!rated.steps[0].used.is_empty() && rated.steps[1].used.is_empty(), "the late one was first in line");
}

/// A small generator: the same numbers every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }
}

/// What records cost where each unit is looked at by itself.
fn naive(members: &[(u64, Vec<Tier>)], pool: u64, unit: u64, events: &[(usize, u64)]) -> (Vec<i64>, u64) {
    let (mut left, mut milli, mut progress) = (pool * unit, vec![0u64; members.len()], vec![0u64; members.len()]);
    let mut own: Vec<u64> = members.iter().map(|(own, _)| own * unit).collect();
    for (m, amount) in events {
        let mut units = 0;
        while units * unit < *amount {
            units += 1;
        }
        for _ in 0..units {
            if own[*m] >= unit {
                own[*m] -= unit;
            } else if left >= unit {
                left -= unit;
            } else {
                let tier = members[*m].1.iter().rev().find(|t| t.from <= progress[*m]).unwrap();
                milli[*m] += tier.price_milli_fen;
                progress[*m] += 1;
            }
        }
    }
    (milli.iter().map(|m| ((m + 500) / 1_000) as i64).collect(), left)
}

#[test]
fn rating_agrees_with_counting_unit_by_unit() {
    for seed in 1..400u64 {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let unit = [1, 7, 60][dice.below(3) as usize];
        let people = 1 + dice.below(4) as usize;
        let pool = dice.below(40);
        let mut plans = Vec::new();
        for _ in 0..people {
            let mut tiers = vec![Tier { from: 0, price_milli_fen: dice.below(5_000) }];
            for _ in 0..dice.below(3) {
                let from = tiers.last().unwrap().from + 1 + dice.below(10);
                tiers.push(Tier { from, price_milli_fen: dice.below(5_000) });
            }
            plans.push((dice.below(20), tiers));
        }
        let events: Vec<(usize, u64)> =
            (0..dice.below(60)).map(|_| (dice.below(people as u64) as usize, dice.below(unit * 9))).collect();
        let mut members: Vec<Member> = Vec::new();
        for (m, (own, tiers)) in plans.iter().enumerate() {
            let mut r = rule("call", unit, Round::Record, &[]);
            r.tiers.clone_from(tiers);
            let own = if *own > 0 { vec![allowance("own", "call", unit, *own)] } else { vec![] };
            let mut plans = vec![held(&format!("a{m}"), plan(own, vec![r]), "2026-01-01", None)];
            if m == 0 && pool > 0 {
                let mut shared = allowance("pool", "call", unit, pool);
                shared.shared = true;
                plans.push(held("pool", Plan { role: Role::Option, ..plan(vec![shared], vec![]) }, "2026-01-01", None));
            }
            members.push(member(&format!("p{m}"), m as i64 + 1, plans, Vec::new()));
        }
        let start = at("2026-11-01T00:00:00+08:00");
        for (i, (m, amount)) in events.iter().enumerate() {
            let mut r = Record::new(
                ServiceKey(*m as i64 + 1),
                start.plus_seconds(i as i64 * 100),
                Kind::Call,
                *amount,
                format!("{i}"),
            );
            r.peer = "+8613900139000".into();
            members[*m].records.push(r);
        }
        // The order in which records were taken in must not matter.
        let shares = (0..people)
            .map(|m| Share { group_id: "g".into(), product_id: format!("p{m}"), from: at("2026-01-01"), to: None })
            .collect();
        let input = input(members, shares);
        let rated = rate(&input, false).unwrap();
        let (expected, left) = naive(&plans, pool, unit, &events);
        for (m, expected) in expected.iter().enumerate() {
            let paid: i64 = rated.lines.iter().filter(|l| l.member == m).map(|l| l.amount.in_fen()).sum();
            assert_eq!(paid, *expected, "seed {seed}, member {m}");
        }
        let pools: i128 = rated.pools.iter().filter(|p| p.shared).map(super::Pool::left).sum();
        assert_eq!(pools, i128::from(left), "seed {seed}");
        assert!(rated.pools.iter().all(|p| p.left() >= 0));
        // Two ratings of the same are the same, and each pool says whose use it was.
        assert_eq!(rate(&input, true).unwrap().lines, rated.lines);
        assert!(rated.pools.iter().all(|p| p.by_member.iter().map(|(_, n)| n).sum::<u128>() == p.used));
    }
}
