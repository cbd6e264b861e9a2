//! For measuring: a plan for each of so many sample services, and the rating of all their accounts without storing
//! anything.

use crate::{
    plan::{
        Allowance, FeeRounding, Matcher, Part, Plan, Role, Round, Rule, Tier,
        versions::{self, Origin, State},
    },
    rated,
};
use kernel::{Actor, Cycle, Money, OrgPath, Problem, Result, Timestamp};
use std::sync::atomic::{AtomicI64, Ordering};
use store::{Db, params};

const PLAN: &str = "sample";
const AT_ONCE: i64 = 10_000;

fn plan() -> Plan {
    let of = |kind: &str| Matcher { kinds: vec![kind.to_owned()], ..Matcher::default() };
    let included = |id: &str, unit_size, amount| Allowance {
        id: id.into(),
        name: id.into(),
        name_en: id.into(),
        when: of(id),
        unit_size,
        amount,
        shared: false,
        carry_over: 0,
        first: Part::Daily,
        last: Part::Full,
        may_go_negative: false,
        priority: 0,
    };
    let rule = |id: &str, unit_size, round, price_milli_fen| Rule {
        id: id.into(),
        name: id.into(),
        name_en: id.into(),
        when: of(id),
        mode: crate::plan::Mode::Metered,
        unit_size,
        round,
        zero_free: true,
        use_allowances: true,
        tiers: vec![Tier { from: 0, price_milli_fen }],
        tax: crate::plan::basic_tax(),
    };
    Plan {
        name: "测量用方案".into(),
        name_en: "For measuring".into(),
        currency: "CNY".into(),
        role: Role::Base,
        allowances: vec![included("call", 60, 10), included("sms", 1, 3), included("data", 1 << 20, 500)],
        rules: vec![
            rule("call", 60, Round::Record, 15_000),
            rule("sms", 1, Round::Record, 10_000),
            rule("mms", 1, Round::Record, 30_000),
            rule("data", 1 << 20, Round::Cycle, 293),
        ],
        discounts: Vec::new(),
        caps: Vec::new(),
        minimum: None,
        fee_rounding: FeeRounding::Line,
    }
}

/// Gives the plan to the sample services that usage makes; once.
pub fn sample(db: &Db, count: i64, org: &OrgPath, from: Timestamp) -> Result<()> {
    let fresh = db.write_blocking(Actor::system(), move |tx| {
        if versions::latest(tx, PLAN)?.is_some() {
            return Ok(false);
        }
        versions::insert(tx, (PLAN, 1), (State::Active, Origin::Own), &plan(), ("", from))
    })?;
    for first in (0..if fresh { count } else { 0 }).step_by(AT_ONCE as usize) {
        let (org, last) = (org.clone(), count.min(first + AT_ONCE));
        db.load_blocking(Actor::system(), move |tx| {
            let now = tx.now();
            let mut rows = Vec::new();
            for n in first..last {
                let (id, product) = (format!("sample-{n:09}"), format!("sample-{n}"));
                rows.extend_from_slice(params![id, org, product, product, PLAN, PLAN, 1i64, from, now]);
            }
            const INTO: &str = "rate_assignment (id, org, product_id, source, offering_id, plan_id, plan_version, from_at, recorded_at)";
            tx.insert_rows(INTO, 9, &rows, "").map(drop)
        })?;
    }
    Ok(())
}

/// What was rated.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    pub accounts: i64,
    pub records: u64,
    pub amount: Money,
}

/// Rates a cycle of every `step`th sample account, as a bill run does, on so many threads.
pub fn rate(db: &Db, count: i64, step: i64, cycle: Cycle, threads: usize) -> Result<Measured> {
    const BATCH: i64 = 1_000;
    let next = AtomicI64::new(0);
    let work = || -> Result<Measured> {
        let mut done = Measured { accounts: 0, records: 0, amount: Money::ZERO };
        loop {
            let first = next.fetch_add(BATCH * step, Ordering::Relaxed);
            if first >= count {
                return Ok(done);
            }
            let some: Vec<i64> = (first..count.min(first + BATCH * step)).step_by(step.max(1) as usize).collect();
            let sum = db.read_blocking(Actor::system(), move |tx| {
                let mut sum = (0u64, Money::ZERO);
                for n in &some {
                    for line in rated::usage_lines(tx, &format!("sample-a{n}"), cycle)? {
                        sum = (sum.0 + line.records, sum.1.plus(line.amount)?);
                    }
                }
                Ok((some.len() as i64, sum.0, sum.1))
            })?;
            done.accounts += sum.0;
            done.records += sum.1;
            done.amount = done.amount.plus(sum.2)?;
        }
    };
    let parts: Result<Vec<Measured>> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(work)).collect();
        all.into_iter()
            .map(|t| t.join().map_err(|_| Problem::internal("a thread of the measuring panicked"))?)
            .collect()
    });
    parts?.into_iter().try_fold(Measured { accounts: 0, records: 0, amount: Money::ZERO }, |sum, part| {
        Ok(Measured {
            accounts: sum.accounts + part.accounts,
            records: sum.records + part.records,
            amount: sum.amount.plus(part.amount)?,
        })
    })
}
