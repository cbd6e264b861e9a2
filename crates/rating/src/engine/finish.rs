//! From sums to lines: each rounded once, then discounts in their order, caps and the minimum charge.

use super::{Engine, FREE, Input, NONE, Place, Rated, Sum, money};
use crate::plan::{Part, Plan};
use kernel::{Money, Result};
use std::collections::BTreeMap;

/// A line of one holding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    pub member: usize,
    pub holding: usize,
    pub held: Option<usize>,
    pub rule_id: String,
    pub name: String,
    pub name_en: String,
    pub records: u64,
    pub quantity: u128,
    pub unit: &'static str,
    pub charged_units: u128,
    pub unit_size: u64,
    pub amount: Money,
    pub tax: String,
    pub late: u64,
    pub included: u128,
}

pub fn finish(engine: Engine<'_>) -> Result<Rated> {
    let Engine { input, pools, sums, steps, .. } = engine;
    let mut lines: Vec<Line> = Vec::new();
    let mut by_held: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (place, sum) in &sums {
        by_held.entry((place.0, place.2)).or_default().push(lines.len());
        lines.push(line(input, *place, sum)?);
    }
    for (m, member) in input.members.iter().enumerate() {
        for h in 0..member.held.len() {
            let mine = by_held.get(&(m, h)).map_or(&[][..], Vec::as_slice);
            let more = beyond(input, (m, h), mine.iter().map(|i| &lines[*i]).collect())?;
            lines.extend(more);
        }
    }
    lines.sort_by_key(|l| (l.member, l.holding, l.held.unwrap_or(NONE)));
    Ok(Rated { lines, pools: pools.all, steps })
}

fn line(input: &Input, (m, holding, h, r): Place, sum: &Sum) -> Result<Line> {
    let member = &input.members[m];
    let held = member.held.get(h);
    let rule = held.and_then(|held| held.plan.plan.rules.get(r));
    let (rule_id, name, name_en) = match (rule, r) {
        (Some(rule), _) => (rule.id.as_str(), rule.name.as_str(), rule.name_en.as_str()),
        (None, FREE) => ("free", "公益与免费号码", "Public-service and free numbers"),
        (None, _) => ("unrated", "无适用资费的用量", "Usage without a plan"),
    };
    Ok(Line {
        member: m,
        holding,
        held: held.map(|_| h),
        rule_id: rule_id.into(),
        name: name.into(),
        name_en: name_en.into(),
        records: sum.records,
        quantity: sum.quantity,
        unit: sum.unit,
        charged_units: sum.units,
        unit_size: rule.map_or(1, |r| r.unit_size),
        amount: money::line(sum.milli, name)?,
        tax: rule.map_or_else(crate::plan::basic_tax, |r| r.tax.clone()),
        late: sum.late,
        included: sum.included,
    })
}

/// Discounts, caps and the minimum charge of one plan.
fn beyond(input: &Input, (m, h): (usize, usize), lines: Vec<&Line>) -> Result<Vec<Line>> {
    let held = &input.members[m].held[h];
    let plan: &Plan = &held.plan.plan;
    let mut net: Vec<i64> = lines.iter().map(|l| l.amount.in_fen()).collect();
    let mut more = Vec::new();
    let hit = |rules: &[String], l: &Line| rules.is_empty() || rules.contains(&l.rule_id);
    let sum = |net: &[i64], rules: &[String]| -> i128 {
        lines.iter().zip(net).filter(|(l, _)| hit(rules, l)).map(|(_, n)| i128::from(*n)).sum()
    };
    let mut take = |net: &mut Vec<i64>, rules: &[String], off: i128, id: &str, name: (&str, &str)| {
        let all = sum(net, rules);
        if off <= 0 || all <= 0 {
            return;
        }
        let targets: Vec<usize> = (0..lines.len()).filter(|i| hit(rules, lines[*i]) && net[*i] > 0).collect();
        let mut parts: BTreeMap<(usize, &str), i64> = BTreeMap::new();
        let mut rest = off.min(all);
        let mut weight = all;
        for i in targets {
            // Each its share of what is left, so that the shares add up exactly.
            let share = (rest * i128::from(net[i]) + weight / 2) / weight.max(1);
            let share = share.clamp(0, i128::from(net[i]).min(rest)) as i64;
            weight -= i128::from(net[i]);
            rest -= i128::from(share);
            net[i] -= share;
            *parts.entry((lines[i].holding, lines[i].tax.as_str())).or_default() += share;
        }
        for ((holding, tax), share) in parts.into_iter().filter(|(_, s)| *s > 0) {
            more.push(extra((m, holding, h), id, name, Money::fen(-share), tax));
        }
    };
    for d in &plan.discounts {
        let all = sum(&net, &d.rules);
        let off = if d.percent > 0 { (all * i128::from(d.percent) + 50) / 100 } else { i128::from(d.amount_fen) };
        take(&mut net, &d.rules, off, &d.id, (&d.name, &d.name_en));
    }
    for c in &plan.caps {
        let over = sum(&net, &c.rules) - i128::from(c.amount_fen);
        take(&mut net, &c.rules, over, &c.id, (&c.name, &c.name_en));
    }
    if let Some(minimum) = plan.minimum {
        let cycle = input.cycle;
        let days = super::pools::days(cycle, held, minimum.part, minimum.part);
        let least = if minimum.part == Part::Full && !overlaps(input, held) { 0 } else { minimum.amount_fen };
        let least = i128::from(Money::fen(least).prorated(days, cycle.days()).in_fen());
        let missing = least - sum(&net, &[]);
        let member = &input.members[m];
        let holding = member.holdings.iter().rposition(|x| held.assignment.to.is_none_or(|to| x.from < to));
        if let (true, Some(holding)) = (missing > 0 && overlaps(input, held), holding) {
            let name = ("最低消费补足", "Up to the minimum charge");
            more.push(extra((m, holding, h), "minimum", name, Money::fen(missing as i64), "basic"));
        }
    }
    Ok(more)
}

fn overlaps(input: &Input, held: &super::Held) -> bool {
    let (start, end) = (input.cycle.first().start(), input.cycle.next().first().start());
    held.assignment.from < end && held.assignment.to.is_none_or(|to| to > start && to > held.assignment.from)
}

fn extra((m, holding, h): (usize, usize, usize), id: &str, name: (&str, &str), amount: Money, tax: &str) -> Line {
    Line {
        member: m,
        holding,
        held: Some(h),
        rule_id: id.into(),
        name: name.0.into(),
        name_en: name.1.into(),
        records: 0,
        quantity: 0,
        unit: "",
        charged_units: 0,
        unit_size: 1,
        amount,
        tax: tax.into(),
        late: 0,
        included: 0,
    }
}
