//! What a plan must be to rate by it. Each refusal says where and what, in both languages.

use super::{MOST_AMOUNT, MOST_PRICE, MOST_UNIT, Matcher, Mode, Plan, Rule, matcher::KINDS};
use crate::{problems, tables::Tables};
use kernel::{Problem, Result};
use std::collections::BTreeSet;

/// 10 million yuan.
const MOST_FEN: i64 = 1_000_000_000;

fn wrong(place: &str, zh: &str, en: &str) -> Problem {
    let problem = Problem::new(&problems::PLAN_INVALID).with("where", place).with("detail", zh).with("detailEn", en);
    problem.extra("path", serde_json::json!(place))
}

pub fn check(plan: &Plan, tables: &Tables) -> Result<()> {
    name("name", &plan.name, true)?;
    name("nameEn", &plan.name_en, false)?;
    if plan.currency.len() != 3 || !plan.currency.bytes().all(|b| b.is_ascii_uppercase()) {
        return Err(wrong("currency", "货币为三位大写字母", "three capital letters"));
    }
    if plan.allowances.len() > 50 || plan.rules.len() > 200 || plan.discounts.len() > 20 || plan.caps.len() > 20 {
        return Err(wrong("plan", "条目过多", "too many entries"));
    }
    if plan.rules.is_empty() && plan.allowances.is_empty() {
        return Err(wrong("rules", "至少要有一条计费规则或一项套内用量", "at least one rule or allowance"));
    }
    // An allowance and a rule may have the same id: they are spoken of apart.
    let all = plan.allowances.iter().map(|a| &a.id).chain(plan.rules.iter().map(|r| &r.id));
    for id in all.chain(plan.discounts.iter().map(|d| &d.id)).chain(plan.caps.iter().map(|c| &c.id)) {
        let fits = !id.is_empty() && id.len() <= 40 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !fits || ["unrated", "minimum", "free"].contains(&id.as_str()) {
            return Err(wrong(
                id,
                "编号为 1–40 位字母、数字或连字符，且不能用保留字",
                "an id is 1–40 letters, digits or hyphens, and no reserved word",
            ));
        }
    }
    unique(plan)?;
    for (i, a) in plan.allowances.iter().enumerate() {
        let at = format!("allowances[{i}]");
        name(&format!("{at}.name"), &a.name, true)?;
        matcher(&at, &a.when, tables)?;
        if !(1..=MOST_UNIT).contains(&a.unit_size) {
            return Err(wrong(&format!("{at}.unitSize"), "计量单位超出范围", "the unit is out of range"));
        }
        if !(1..=MOST_AMOUNT).contains(&a.amount) || a.amount.checked_mul(a.unit_size).is_none_or(|n| n > 1 << 60) {
            return Err(wrong(
                &format!("{at}.amount"),
                "套内量须大于 0 且在可信范围内",
                "the amount must be above 0 and believable",
            ));
        }
        if a.carry_over > 12 {
            return Err(wrong(&format!("{at}.carryOver"), "最多结转 12 个账期", "at most 12 cycles"));
        }
    }
    for (i, r) in plan.rules.iter().enumerate() {
        rule(&format!("rules[{i}]"), r, tables)?;
    }
    let known = |place: &str, rules: &[String]| match rules.iter().find(|id| plan.rule(id).is_none()) {
        Some(id) => Err(wrong(place, &format!("没有规则 {id}"), &format!("there is no rule {id}"))),
        None => Ok(()),
    };
    for (i, d) in plan.discounts.iter().enumerate() {
        let at = format!("discounts[{i}]");
        name(&format!("{at}.name"), &d.name, true)?;
        known(&format!("{at}.rules"), &d.rules)?;
        if ((1..=100).contains(&d.percent)) == ((1..=MOST_FEN).contains(&d.amount_fen))
            || d.percent > 100
            || d.amount_fen < 0
        {
            return Err(wrong(
                &at,
                "折扣为百分比（1–100）或金额，二者取一",
                "either a percentage (1–100) or an amount",
            ));
        }
    }
    for (i, c) in plan.caps.iter().enumerate() {
        let at = format!("caps[{i}]");
        name(&format!("{at}.name"), &c.name, true)?;
        known(&format!("{at}.rules"), &c.rules)?;
        if !(0..=MOST_FEN).contains(&c.amount_fen) {
            return Err(wrong(&format!("{at}.amountFen"), "封顶金额超出范围", "the cap is out of range"));
        }
    }
    match plan.minimum {
        Some(m) if !(1..=MOST_FEN).contains(&m.amount_fen) => {
            Err(wrong("minimum.amountFen", "最低消费金额超出范围", "the minimum charge is out of range"))
        }
        _ => Ok(()),
    }
}

fn unique(plan: &Plan) -> Result<()> {
    let twice = |ids: Vec<&String>| {
        let mut seen = BTreeSet::new();
        ids.into_iter().find(|id| !seen.insert(*id)).cloned()
    };
    let lines = plan
        .rules
        .iter()
        .map(|r| &r.id)
        .chain(plan.discounts.iter().map(|d| &d.id))
        .chain(plan.caps.iter().map(|c| &c.id));
    match twice(lines.collect()).or_else(|| twice(plan.allowances.iter().map(|a| &a.id).collect())) {
        Some(id) => Err(wrong(&id, "编号重复", "the id is used twice")),
        None => Ok(()),
    }
}

fn name(place: &str, text: &str, needed: bool) -> Result<()> {
    let length = text.trim().chars().count();
    if (needed && length == 0) || length > 100 {
        return Err(wrong(place, "名称为 1–100 个字", "a name has 1–100 characters"));
    }
    Ok(())
}

fn rule(at: &str, r: &Rule, tables: &Tables) -> Result<()> {
    name(&format!("{at}.name"), &r.name, true)?;
    matcher(at, &r.when, tables)?;
    if !tables.taxes.iter().any(|t| t.category == r.tax) {
        return Err(wrong(
            &format!("{at}.tax"),
            &format!("没有税目 {}", r.tax),
            &format!("there is no tax category {}", r.tax),
        ));
    }
    if r.mode != Mode::Metered {
        return Ok(());
    }
    if !(1..=MOST_UNIT).contains(&r.unit_size) {
        return Err(wrong(&format!("{at}.unitSize"), "计费单位超出范围", "the unit is out of range"));
    }
    let tiers = &r.tiers;
    if tiers.first().is_none_or(|t| t.from != 0) || tiers.len() > 50 {
        return Err(wrong(
            &format!("{at}.tiers"),
            "阶梯从 0 开始，至少一档",
            "tiers begin at 0, and there is at least one",
        ));
    }
    if tiers.iter().zip(tiers.iter().skip(1)).any(|(a, b)| a.from >= b.from) {
        return Err(wrong(&format!("{at}.tiers"), "阶梯起点须递增", "the tiers must ascend"));
    }
    if tiers.iter().any(|t| t.price_milli_fen > MOST_PRICE || t.from > MOST_AMOUNT) {
        return Err(wrong(&format!("{at}.tiers"), "单价或起点超出范围", "a price or beginning is out of range"));
    }
    Ok(())
}

fn matcher(at: &str, m: &Matcher, tables: &Tables) -> Result<()> {
    let refuse = |what: &str, zh: &str, en: &str, value: &str| {
        Err(wrong(&format!("{at}.when.{what}"), &format!("{zh} {value}"), &format!("{en} {value}")))
    };
    if let Some(bad) = m.kinds.iter().find(|k| !KINDS.contains(&k.as_str())) {
        return refuse("kinds", "没有用量类型", "there is no kind of usage", bad);
    }
    if let Some(bad) = m.direction.as_ref().filter(|d| !matches!(d.as_str(), "in" | "out")) {
        return refuse("direction", "方向为 in 或 out，而非", "a direction is in or out, not", bad);
    }
    if let Some(bad) = m.destinations.iter().find(|d| !tables.knows_destination(d)) {
        return refuse("destinations", "没有目的地类别", "there is no class of destinations", bad);
    }
    if let Some(bad) = m.bands.iter().find(|b| !tables.knows_band(b)) {
        return refuse("bands", "没有时段", "there is no time band", bad);
    }
    if let Some(bad) = m.zones.iter().find(|z| !tables.knows_zone(z)) {
        return refuse("zones", "没有漫游区", "there is no roaming zone", bad);
    }
    if m.peers.len() > 1_000 || m.peers.iter().any(|p| p.is_empty() || p.len() > 60) {
        return refuse("peers", "号码清单过长或有空项", "the list of numbers is too long or has an empty entry", "");
    }
    Ok(())
}
