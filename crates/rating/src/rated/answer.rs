//! The answers that others ask rating for.

use super::{CarriedOver, carried_over, load};
use crate::{
    engine::{self, Input, Line, Pool, Rated, Step},
    line::{AllowanceState, MemberUse, RatedRecord, TraceStep, UsageLine},
    notes,
};
use kernel::{Cycle, Money, Result, Timestamp};
use std::collections::{BTreeSet, HashMap};
use store::Tx;
use usage::{Record, ServiceKey};

/// The cycle that a product is in at a moment; the natural month where it has no service.
pub fn cycle_now(tx: &mut Tx<'_>, product_id: &str, now: Timestamp) -> Result<Cycle> {
    let day = usage::service_of(tx, product_id)?.map_or(1, |s| s.cycle_day);
    Ok(Cycle::containing(now.date(), day))
}

/// What usage costs the account in the cycle: lines with an amount. What the bill run adds.
pub fn charges(tx: &mut Tx<'_>, account_id: &str, cycle: Cycle) -> Result<Vec<UsageLine>> {
    let mut lines = usage_lines(tx, account_id, cycle)?;
    lines.retain(|l| !l.amount.is_zero());
    Ok(lines)
}

/// The same with the lines that cost nothing: what was used within allowances, what no plan was in force for.
pub fn usage_lines(tx: &mut Tx<'_>, account_id: &str, cycle: Cycle) -> Result<Vec<UsageLine>> {
    let mut all = Vec::new();
    of_account(tx, account_id, cycle, |input, rated| all.extend(lines_of(input, rated, account_id)))?;
    Ok(all)
}

/// What usage adds to the account's bill, as [`charges`] says it, and what its allowances carry over into the next cycle.
pub fn closing(tx: &mut Tx<'_>, account_id: &str, cycle: Cycle) -> Result<(Vec<UsageLine>, Vec<CarriedOver>)> {
    let (mut lines, mut over) = (Vec::new(), Vec::new());
    of_account(tx, account_id, cycle, |input, rated| {
        lines.extend(lines_of(input, rated, account_id).filter(|l| !l.amount.is_zero()));
        over.extend(carried_over(input, rated));
    })?;
    Ok((lines, over))
}

/// Each of the account's products rated, those that share once.
fn of_account(tx: &mut Tx<'_>, account_id: &str, cycle: Cycle, mut each: impl FnMut(&Input, &Rated)) -> Result<()> {
    let services = usage::services_of_account(tx, account_id)?;
    let products: BTreeSet<&str> = services.iter().map(|s| s.product_id.as_str()).collect();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for product in products {
        if seen.contains(product) {
            continue;
        }
        let Some(input) = load(tx, product, cycle)? else { continue };
        let rated = engine::rate(&input, false)?;
        seen.extend(input.members.iter().map(|m| m.product_id.clone()));
        each(&input, &rated);
    }
    Ok(())
}

fn lines_of<'a>(input: &'a Input, rated: &'a Rated, account_id: &'a str) -> impl Iterator<Item = UsageLine> + 'a {
    let mine = move |l: &&Line| holder(input, l).is_some_and(|h| h.account_id == account_id);
    rated.lines.iter().filter(mine).map(move |l| usage_line(input, l))
}

fn holder<'a>(input: &'a Input, line: &Line) -> Option<&'a engine::Holding> {
    input.members[line.member].holdings.get(line.holding)
}

fn usage_line(input: &Input, line: &Line) -> UsageLine {
    let member = &input.members[line.member];
    let held = line.held.and_then(|h| member.held.get(h));
    let (note, note_en) = notes::of_line(line);
    let small = |n: u128| u64::try_from(n).unwrap_or(u64::MAX);
    let holding = holder(input, line);
    UsageLine {
        service: holding.map_or(ServiceKey(0), |h| h.key),
        product_id: member.product_id.clone(),
        number: holding.map_or_else(String::new, |h| h.number.clone()),
        plan_id: held.map_or_else(String::new, |h| h.plan.id.clone()),
        plan_version: held.map_or(0, |h| h.plan.version),
        rule_id: line.rule_id.clone(),
        name: line.name.clone(),
        name_en: line.name_en.clone(),
        records: line.records,
        quantity: small(line.quantity),
        unit: line.unit,
        charged_units: small(line.charged_units),
        amount: line.amount,
        tax_category: line.tax.clone(),
        note,
        note_en,
    }
}

/// Every line of one product, with those that cost nothing.
pub(crate) fn lines_of_product(input: &Input, rated: &Rated) -> Vec<UsageLine> {
    rated.lines.iter().filter(|l| l.member == 0).map(|l| usage_line(input, l)).collect()
}

/// Why a line of a product is what it is: each record that came to it, and what was rounded at the end.
pub fn trace(tx: &mut Tx<'_>, product_id: &str, cycle: Cycle, rule_id: &str) -> Result<Vec<TraceStep>> {
    let Some(input) = load(tx, product_id, cycle)? else { return Ok(Vec::new()) };
    let rated = engine::rate(&input, true)?;
    Ok(steps(&input, &rated, Some(rule_id)))
}

/// The first member's steps, of one rule or of all.
pub(crate) fn steps(input: &Input, rated: &Rated, rule_id: Option<&str>) -> Vec<TraceStep> {
    let mut steps: Vec<TraceStep> = rated
        .steps
        .iter()
        .filter(|s| s.member == 0)
        .map(|s| step(input, s))
        .filter(|s| rule_id.is_none_or(|r| r == s.rule_id))
        .collect();
    let is_extra =
        |l: &&Line| l.member == 0 && l.unit.is_empty() && l.records == 0 && rule_id.is_none_or(|r| r == l.rule_id);
    for line in rated.lines.iter().filter(is_extra) {
        let held = line.held.map(|h| &input.members[0].held[h]);
        let (note, note_en) = notes::of_extra(rated, line);
        steps.push(TraceStep {
            record: None,
            at: input.cycle.next().first().start().plus_millis(-1),
            plan_id: held.map_or_else(String::new, |h| h.plan.id.clone()),
            plan_version: held.map_or(0, |h| h.plan.version),
            rule_id: line.rule_id.clone(),
            rule_name: line.name.clone(),
            rule_name_en: line.name_en.clone(),
            counted: 0,
            used: Vec::new(),
            tiers: Vec::new(),
            amount_milli_fen: line.amount.in_fen().saturating_mul(1_000),
            note,
            note_en,
        });
    }
    steps
}

/// Identity of a step's rule: id and names.
fn rule_of(input: &Input, step: &Step) -> (String, String, String) {
    let held = step.held.map(|h| &input.members[step.member].held[h]);
    match (&step.why, held.zip(step.rule)) {
        (engine::Why::Free(zh, en), _) => ("free".into(), zh.clone(), en.clone()),
        (_, Some((held, r))) => {
            let rule = &held.plan.plan.rules[r];
            (rule.id.clone(), rule.name.clone(), rule.name_en.clone())
        }
        (_, None) => ("unrated".into(), "无适用资费的用量".into(), "Usage without a plan".into()),
    }
}

fn step(input: &Input, s: &Step) -> TraceStep {
    let held = s.held.map(|h| &input.members[s.member].held[h]);
    let (rule_id, rule_name, rule_name_en) = rule_of(input, s);
    let record: Option<&Record> = s.record.map(|i| &input.members[s.member].records[i]);
    let (note, note_en) = notes::of_step(s, record);
    TraceStep {
        record: record.cloned(),
        at: s.at,
        plan_id: held.map_or_else(String::new, |h| h.plan.id.clone()),
        plan_version: held.map_or(0, |h| h.plan.version),
        rule_id,
        rule_name,
        rule_name_en,
        counted: u64::try_from(s.counted).unwrap_or(u64::MAX),
        used: s.used.clone(),
        tiers: s.tiers.clone(),
        amount_milli_fen: i64::try_from(s.milli).unwrap_or(i64::MAX),
        note,
        note_en,
    }
}

/// What a product has left of its own and shared allowances now.
pub fn allowances(tx: &mut Tx<'_>, product_id: &str, now: Timestamp) -> Result<Vec<AllowanceState>> {
    let cycle = cycle_now(tx, product_id, now)?;
    let Some(input) = load(tx, product_id, cycle)? else { return Ok(Vec::new()) };
    let rated = engine::rate(&input, false)?;
    Ok(states(&input, &rated, now))
}

/// The pools that the first member may use at `now`, or has used.
pub(crate) fn states(input: &Input, rated: &Rated, now: Timestamp) -> Vec<AllowanceState> {
    rated
        .pools
        .iter()
        .filter(|p| p.owner == 0 || (p.shared && shares(input, p, now)))
        .map(|p| state(input, p, now))
        .collect()
}

fn shares(input: &Input, pool: &Pool, now: Timestamp) -> bool {
    let owner = &input.members[pool.owner].product_id;
    let mine = &input.members[0].product_id;
    let used = pool.by_member.iter().any(|(m, _)| *m == 0);
    let inside = |group: &str, product: &str| {
        group == product
            || input.shares.iter().any(|s| {
                s.group_id == group && s.product_id == product && s.from <= now && s.to.is_none_or(|t| now < t)
            })
    };
    used || input.shares.iter().any(|s| inside(&s.group_id, owner) && inside(&s.group_id, mine))
}

fn state(input: &Input, pool: &Pool, now: Timestamp) -> AllowanceState {
    let held = &input.members[pool.owner].held[pool.held];
    let a = &held.plan.plan.allowances[pool.allowance];
    let small = |n: u128| i64::try_from(n).unwrap_or(i64::MAX);
    let end = input.cycle.next().first().start();
    let number = |m: usize| input.members[m].holdings.last().map_or_else(String::new, |h| h.number.clone());
    AllowanceState {
        id: a.id.clone(),
        name: a.name.clone(),
        name_en: a.name_en.clone(),
        plan_id: held.plan.id.clone(),
        plan_version: held.plan.version,
        kinds: a.when.kinds.clone(),
        unit_size: a.unit_size,
        total: small(pool.total),
        used: small(pool.used),
        left: i64::try_from(pool.left()).unwrap_or(i64::MIN),
        carried: small(pool.carried),
        shared: pool.shared,
        used_by_me: pool.by_member.iter().find(|(m, _)| *m == 0).map_or(0, |(_, n)| small(*n)),
        members: pool
            .by_member
            .iter()
            .map(|(m, n)| MemberUse {
                product_id: input.members[*m].product_id.clone(),
                number: number(*m),
                used: small(*n),
            })
            .collect(),
        from: held.assignment.from.max(input.cycle.first().start()),
        until: held.assignment.to.map_or(end, |t| t.min(end)),
        ended: held.assignment.to.is_some_and(|t| t <= now),
    }
}

fn sum(lines: &[UsageLine]) -> Result<Money> {
    lines.iter().try_fold(Money::ZERO, |sum, l| sum.plus(l.amount))
}

/// What the account's usage costs so far in the cycle that each service is in now.
pub fn so_far(tx: &mut Tx<'_>, account_id: &str, now: Timestamp) -> Result<Money> {
    let services = usage::services_of_account(tx, account_id)?;
    let cycles: BTreeSet<Cycle> = services.iter().map(|s| Cycle::containing(now.date(), s.cycle_day)).collect();
    let mut all = Money::ZERO;
    for cycle in cycles {
        all = all.plus(sum(&charges(tx, account_id, cycle)?)?)?;
    }
    Ok(all)
}

/// What a product's usage costs so far in its cycle.
pub fn so_far_of_product(tx: &mut Tx<'_>, product_id: &str, now: Timestamp) -> Result<Money> {
    let cycle = cycle_now(tx, product_id, now)?;
    let Some(input) = load(tx, product_id, cycle)? else { return Ok(Money::ZERO) };
    sum(&lines_of_product(&input, &engine::rate(&input, false)?))
}

/// The records of a holding in a cycle, each with what it cost. What is rounded by day or cycle costs nothing by itself.
pub fn rated_records(tx: &mut Tx<'_>, service: ServiceKey, cycle: Cycle) -> Result<Vec<RatedRecord>> {
    let Some(holding) = usage::service(tx, service)? else { return Ok(Vec::new()) };
    let Some(input) = load(tx, &holding.product_id, cycle)? else { return Ok(Vec::new()) };
    let rated = engine::rate(&input, true)?;
    Ok(rated_records_of(&input, &rated, service))
}

/// The same from a rating that is at hand.
pub fn rated_records_of(input: &Input, rated: &Rated, service: ServiceKey) -> Vec<RatedRecord> {
    let mine = rated.steps.iter().filter(|s| s.member == 0).filter_map(|s| {
        let record = input.members[0].records.get(s.record?)?;
        (record.service == service).then_some((s, record))
    });
    mine.map(|(s, record)| {
        let (rule_id, rule_name, rule_name_en) = rule_of(input, s);
        let (note, note_en) = notes::of_step(s, Some(record));
        RatedRecord {
            record: record.clone(),
            rule_id,
            rule_name,
            rule_name_en,
            included: s.used.iter().map(|u| u.amount).sum(),
            amount_milli_fen: i64::try_from(s.milli).unwrap_or(i64::MAX),
            note,
            note_en,
        }
    })
    .collect()
}

/// What each record of a holding cost, for the detail that usage shows.
pub(crate) fn prices(
    tx: &mut Tx<'_>,
    service: &usage::Service,
    cycle: Cycle,
) -> Result<HashMap<String, usage::Priced>> {
    let all = rated_records(tx, service.key, cycle)?;
    let priced = all.into_iter().map(|r| {
        let amount = Money::fen(r.amount_milli_fen.saturating_add(500).div_euclid(1_000));
        (r.record.id, usage::Priced { amount, rule: r.rule_name, rule_en: r.rule_name_en, note: r.note })
    });
    Ok(priced.collect())
}
