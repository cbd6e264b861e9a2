//! Rating as a pure function: products with their plans, a cycle's records in the order of events, and out come lines,
//! pools and, where asked for, a step for each record.
//!
//! * A record counts at its own time; one that came after its cycle was closed counts at the beginning of the cycle that
//!   took it, with the plan and the allowances of then.
//! * Options are asked before the base plan; the first rule that fits rates. Public-service numbers cost nothing whatever
//!   a plan says.
//! * An allowance never goes below zero unless its plan says that it may: what it has left is taken, the rest is charged.
//! * All sums are whole thousandths of a fen in 128 bits; a line is rounded once, half up, and refused beyond belief.

mod finish;
#[cfg(test)]
mod model;
mod money;
mod pools;
#[cfg(test)]
mod tests;

pub use finish::Line;
pub use pools::{Carried, Pool};

use crate::{
    assignment::{Assignment, Share},
    line::{TierUse, Used},
    plan::{FeeRounding, Mode, Plan, Role, Round, Rule, versions::Version},
    tables::{Seen, Tables},
};
use kernel::{Cycle, Result, Timestamp};
use money::{charge, rounded_milli};
use pools::Pools;
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};
use usage::{Direction, Kind, Record, ServiceKey};

/// One holding of the product by one account.
#[derive(Clone, Debug)]
pub struct Holding {
    pub key: ServiceKey,
    pub account_id: String,
    pub number: String,
    pub from: Timestamp,
    pub to: Option<Timestamp>,
}

#[derive(Clone, Debug)]
pub struct Held {
    pub assignment: Assignment,
    pub plan: Arc<Version>,
}

/// A product that is rated; or a group, which has pools and no records.
#[derive(Clone, Debug, Default)]
pub struct Member {
    pub product_id: String,
    pub holdings: Vec<Holding>,
    /// Options first, then the base plan, each in the order of time: see [`order`].
    pub held: Vec<Held>,
    pub records: Vec<Record>,
}

#[derive(Clone, Debug)]
pub struct Input {
    pub cycle: Cycle,
    pub members: Vec<Member>,
    pub shares: Vec<Share>,
    /// What came over from earlier cycles, by assignment and allowance.
    pub carried: HashMap<(String, String), Vec<Carried>>,
    pub tables: Arc<Tables>,
}

/// Puts assignments in the order in which their rules are asked.
pub fn order(held: &mut [Held]) {
    held.sort_by(|a, b| key(a).cmp(&key(b)));
}

fn key(held: &Held) -> (bool, Timestamp, &str) {
    (held.plan.plan.role == Role::Base, held.assignment.from, held.assignment.id.as_str())
}

/// Why a step is what it is.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Why {
    #[default]
    Priced,
    /// A public-service number, by name.
    Free(String, String),
    FreeRule,
    ZeroLength,
    Included,
    /// Counted with the day or cycle, where it is rounded.
    Summed(Round),
    /// The rounding of a day or cycle.
    Rounded(Round, u128),
    Passed,
    NoPlan,
}

#[derive(Clone, Debug)]
pub struct Step {
    pub member: usize,
    pub record: Option<usize>,
    pub at: Timestamp,
    pub held: Option<usize>,
    pub rule: Option<usize>,
    pub counted: u128,
    pub used: Vec<Used>,
    pub tiers: Vec<TierUse>,
    pub milli: i128,
    pub why: Why,
}

#[derive(Clone, Debug, Default)]
pub struct Rated {
    pub lines: Vec<Line>,
    pub pools: Vec<Pool>,
    pub steps: Vec<Step>,
}

/// What a rule has charged to one holding.
#[derive(Clone, Debug, Default)]
struct Sum {
    records: u64,
    quantity: u128,
    units: u128,
    milli: i128,
    late: u64,
    included: u128,
    unit: &'static str,
}

/// Member, holding, assignment and rule; the last two are `NONE` for usage without a plan.
type Place = (usize, usize, usize, usize);
const NONE: usize = usize::MAX;
/// The rule of public-service numbers.
const FREE: usize = usize::MAX - 1;

struct Engine<'a> {
    input: &'a Input,
    pools: Pools,
    sums: BTreeMap<Place, Sum>,
    /// Raw quantities that wait for the end of their day (or cycle: day 0), in the order of time.
    waiting: BTreeMap<(Place, i64), u128>,
    /// Units charged so far, for the tiers.
    progress: HashMap<(usize, usize, usize), u128>,
    trace: bool,
    steps: Vec<Step>,
}

/// Rates everything; steps only where `trace`.
pub fn rate(input: &Input, trace: bool) -> Result<Rated> {
    let mut engine = Engine {
        input,
        pools: Pools::open(input),
        sums: BTreeMap::new(),
        waiting: BTreeMap::new(),
        progress: HashMap::new(),
        trace,
        steps: Vec::new(),
    };
    let start = input.cycle.first().start();
    if let [only] = input.members.as_slice()
        && only.records.windows(2).all(|w| w[0].at <= w[1].at)
    {
        // One product, in order already: nothing to sort.
        for index in 0..only.records.len() {
            engine.record(0, index, start);
        }
    } else {
        let mut events: Vec<(Timestamp, Timestamp, usize, usize)> = Vec::new();
        for (m, member) in input.members.iter().enumerate() {
            events.extend(member.records.iter().enumerate().map(|(i, r)| (r.at.max(start), r.at, m, i)));
        }
        let id = |m: usize, i: usize| (input.members[m].records[i].service, input.members[m].records[i].id.as_str());
        events.sort_by(|a, b| (a.0, a.1, id(a.2, a.3)).cmp(&(b.0, b.1, id(b.2, b.3))));
        for (_, _, member, index) in events {
            engine.record(member, index, start);
        }
    }
    engine.round_up();
    finish::finish(engine)
}

impl Engine<'_> {
    fn record(&mut self, m: usize, index: usize, start: Timestamp) {
        let input = self.input;
        let (member, tables) = (&input.members[m], &*input.tables);
        let record = &member.records[index];
        let at = record.at.max(start);
        let seen = tables.see(record);
        let holding = member.holdings.iter().position(|h| h.key == record.service).unwrap_or(0);
        let mut step = Step {
            member: m,
            record: Some(index),
            at: record.at,
            held: None,
            rule: None,
            counted: u128::from(record.amount),
            used: Vec::new(),
            tiers: Vec::new(),
            milli: 0,
            why: Why::Priced,
        };
        let talks = matches!(record.kind, Kind::Call | Kind::Sms | Kind::Mms);
        let public = if talks && record.direction == Direction::Out { tables.free(&record.peer) } else { None };
        let found = find(member, &seen, at, tables);
        let place = match (&public, found) {
            (Some(_), Some((held, _))) => (m, holding, held, FREE),
            (Some(_), None) => (m, holding, NONE, FREE),
            (None, Some((held, rule))) => (m, holding, held, rule),
            (None, None) => (m, holding, NONE, NONE),
        };
        let (late, unit) = (u64::from(record.late), record.kind.unit());
        let mut sum = Sum { records: 1, quantity: u128::from(record.amount), late, unit, ..Sum::default() };
        if let Some((zh, en)) = public {
            step.why = Why::Free(zh.clone(), en.clone());
        } else if let Some((h, r)) = found {
            let plan = &member.held[h].plan.plan;
            let rule = &plan.rules[r];
            (step.held, step.rule) = (Some(h), Some(r));
            match rule.mode {
                Mode::Free => step.why = Why::FreeRule,
                Mode::Passed => {
                    step.milli = i128::from(record.fee_fen) * 1_000;
                    step.why = Why::Passed;
                }
                Mode::Metered => self.metered((place, at), &seen, (plan, rule), &mut step, &mut sum),
            }
        } else {
            step.why = Why::NoPlan;
        }
        sum.milli = step.milli;
        self.add(place, &sum);
        if self.trace {
            self.steps.push(step);
        }
    }

    fn metered(
        &mut self,
        (place, at): (Place, Timestamp),
        seen: &Seen<'_>,
        (plan, rule): (&Plan, &Rule),
        step: &mut Step,
        sum: &mut Sum,
    ) {
        let unit = u128::from(rule.unit_size.max(1));
        let counted = match rule.round {
            Round::Record if step.counted == 0 && !rule.zero_free => unit,
            Round::Record => step.counted.div_ceil(unit) * unit,
            Round::Day | Round::Cycle => step.counted,
        };
        step.counted = counted;
        if counted == 0 {
            step.why = Why::ZeroLength;
            return;
        }
        let mut rest = counted;
        if rule.use_allowances {
            let used = if self.trace { Some(&mut step.used) } else { None };
            rest = self.pools.take(self.input, place.0, (at, seen), counted, used);
            sum.included = counted - rest;
        }
        if rest == 0 {
            step.why = Why::Included;
            return;
        }
        match rule.round {
            Round::Record => {
                let units = rest.div_ceil(unit);
                let progress = self.progress.entry((place.0, place.2, place.3)).or_default();
                let tiers = if self.trace { Some(&mut step.tiers) } else { None };
                step.milli = charge(&rule.tiers, *progress, units, tiers);
                *progress += units;
                if plan.fee_rounding == FeeRounding::Record {
                    step.milli = rounded_milli(step.milli);
                }
                sum.units = units;
            }
            Round::Day => {
                step.why = Why::Summed(Round::Day);
                *self.waiting.entry((place, at.date().start().micros())).or_default() += rest;
            }
            Round::Cycle => {
                step.why = Why::Summed(Round::Cycle);
                *self.waiting.entry((place, 0)).or_default() += rest;
            }
        }
    }

    fn add(&mut self, place: Place, more: &Sum) {
        let sum = self.sums.entry(place).or_default();
        sum.records += more.records;
        sum.quantity += more.quantity;
        sum.units += more.units;
        sum.milli += more.milli;
        sum.late += more.late;
        sum.included += more.included;
        if !more.unit.is_empty() && sum.unit != more.unit {
            // Usage without a plan may be of several kinds: what they add up to says nothing.
            sum.unit = if sum.records == more.records { more.unit } else { "" };
        }
    }

    /// Days and the cycle end: what waits is rounded up to units and priced, in the order of time.
    fn round_up(&mut self) {
        for ((place, day), raw) in std::mem::take(&mut self.waiting) {
            let (m, _, h, r) = place;
            let held = &self.input.members[m].held[h];
            let rule = &held.plan.plan.rules[r];
            let units = raw.div_ceil(u128::from(rule.unit_size.max(1)));
            let progress = self.progress.entry((m, h, r)).or_default();
            let mut tiers = Vec::new();
            let mut milli = charge(&rule.tiers, *progress, units, Some(&mut tiers));
            *progress += units;
            if held.plan.plan.fee_rounding == FeeRounding::Record {
                milli = rounded_milli(milli);
            }
            self.add(place, &Sum { units, milli, ..Sum::default() });
            if self.trace {
                let end = self.input.cycle.next().first().start().plus_millis(-1);
                let at = if day == 0 { end } else { Timestamp::from_micros(day).plus_seconds(86_399) };
                self.steps.push(Step {
                    member: m,
                    record: None,
                    at,
                    held: Some(h),
                    rule: Some(r),
                    counted: units * u128::from(rule.unit_size.max(1)),
                    used: Vec::new(),
                    tiers,
                    milli,
                    why: Why::Rounded(rule.round, raw),
                });
            }
        }
    }
}

pub(crate) fn active(held: &Held, at: Timestamp) -> bool {
    held.assignment.from <= at && held.assignment.to.is_none_or(|to| at < to)
}

/// The assignment and rule for a record. One that was in force last rates what comes after its end.
fn find(member: &Member, seen: &Seen<'_>, at: Timestamp, tables: &Tables) -> Option<(usize, usize)> {
    let rule = |held: &Held| held.plan.plan.rules.iter().position(|r| r.when.fits(seen, tables));
    let now = member.held.iter().enumerate().filter(|(_, h)| active(h, at));
    if let Some(found) = now.filter_map(|(i, h)| Some((i, rule(h)?))).next() {
        return Some(found);
    }
    if member.held.iter().any(|h| active(h, at) && h.plan.plan.role == Role::Base) {
        return None;
    }
    let ended = member.held.iter().enumerate().filter(|(_, h)| h.assignment.to.is_some_and(|to| to <= at));
    let last = ended.filter(|(_, h)| h.plan.plan.role == Role::Base).max_by_key(|(_, h)| h.assignment.to)?;
    Some((last.0, rule(last.1)?))
}
