//! Everything that speaks against a design, told before anybody else has to look at it. Errors keep it from being
//! submitted; warnings are for the one who approves.

use super::{
    draft::{DiscountLine, Draft, Part},
    preview,
};
use crate::{
    CHANNELS, Eligibility, Family, GRADES, KINDS, Offering, RelationKind, law, offering::held, problems,
    tariffs::port_in,
};
use kernel::{Code, Date, Lang, OrgPath, Problem, Result};
use serde::Serialize;
use serde_json::{Value, json};
use std::sync::Arc;
use store::Tx;

/// One objection: which part of the editor it belongs to, and in both languages what is wrong and what to do.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    pub step: &'static str,
    pub field: String,
    pub severity: &'static str,
    pub code: &'static str,
    pub zh: String,
    pub en: String,
    pub hint_zh: String,
    pub hint_en: String,
}

pub(super) struct Check<'a> {
    draft: &'a Draft,
    parts: Vec<Option<Arc<Offering>>>,
    found: Vec<Finding>,
}

pub(super) fn check(tx: &mut Tx<'_>, draft: &Draft, org: &OrgPath, changes: Option<&str>) -> Result<Vec<Finding>> {
    let mut parts = Vec::new();
    for part in &draft.parts {
        parts.push(match held(tx, &part.offering_id) {
            Ok(offering) => Some(offering),
            Err(p) if p.is(&problems::OFFERING_UNKNOWN) => None,
            Err(p) => return Err(p),
        });
    }
    let mut check = Check { draft, parts, found: Vec::new() };
    check.what();
    check.parts(tx, changes)?;
    check.prices(tx)?;
    check.audience(tx, org)?;
    check.contract(tx)?;
    Ok(check.found)
}

pub(super) fn has_error(findings: &[Finding]) -> bool {
    findings.iter().any(|f| f.severity == "error")
}

impl Check<'_> {
    fn say(&mut self, severity: &'static str, step: &'static str, field: &str, problem: &Problem) {
        self.found.push(Finding {
            step,
            field: field.to_owned(),
            severity,
            code: problem.code.id,
            zh: problem.reason(Lang::Zh),
            en: problem.reason(Lang::En),
            hint_zh: problem.help(Lang::Zh),
            hint_en: problem.help(Lang::En),
        });
    }
    fn refuse(&mut self, step: &'static str, field: &str, code: &'static Code) {
        self.say("error", step, field, &Problem::new(code));
    }
    fn refuse_with(&mut self, step: &'static str, field: &str, code: &'static Code, detail: &str) {
        self.say("error", step, field, &Problem::new(code).with("detail", detail));
    }
    fn warn(&mut self, step: &'static str, field: &str, code: &'static Code, detail: &str) {
        self.say("warning", step, field, &Problem::new(code).with("detail", detail));
    }

    fn what(&mut self) {
        let draft = self.draft;
        let length = draft.name.trim().chars().count();
        if length == 0 || length > 80 {
            self.refuse("what", "name", &problems::LAUNCH_NAME);
        }
        if Family::parse(&draft.family).is_err() {
            self.refuse("what", "family", &problems::LAUNCH_FAMILY);
        }
        if draft.description.chars().count() > 2_000 || draft.terms.chars().count() > 8_000 {
            self.refuse("what", "description", &problems::LAUNCH_LONG);
        }
        let texts = [("name", &draft.name), ("description", &draft.description), ("terms", &draft.terms)];
        for (field, text) in texts {
            if let Some(hit) = port_in::condition(text) {
                self.refuse_with(
                    if field == "terms" { "contract" } else { "what" },
                    field,
                    &problems::PORT_IN_CONDITION,
                    &hit,
                );
            }
        }
        let dates = (date(&draft.valid_from), date(&draft.valid_to));
        match dates {
            (Err(()), _) => self.refuse("what", "validFrom", &problems::LAUNCH_DATES),
            (_, Err(())) => self.refuse("what", "validTo", &problems::LAUNCH_DATES),
            (Ok(Some(from)), Ok(Some(to))) if to < from => self.refuse("what", "validTo", &problems::LAUNCH_DATES),
            _ => {}
        }
    }

    fn parts(&mut self, tx: &mut Tx<'_>, changes: Option<&str>) -> Result<()> {
        let draft = self.draft;
        if !draft.is_bundle() {
            if !draft.parts.is_empty() {
                self.refuse("parts", "parts", &problems::LAUNCH_PARTS_FOREIGN);
            }
            return Ok(());
        }
        if draft.parts.len() < 2 && !draft.parts.iter().any(|p| p.max > 1) {
            self.refuse("parts", "parts", &problems::LAUNCH_PARTS_MISSING);
        }
        if draft.parts.len() > 60 || draft.groups.len() > 20 {
            self.refuse("parts", "parts", &problems::LAUNCH_LONG);
        }
        let now = tx.now();
        for (i, part) in draft.parts.iter().enumerate() {
            let field = format!("parts.{i}");
            let Some(offering) = self.parts[i].clone() else {
                self.refuse_with("parts", &field, &problems::LAUNCH_PART_UNKNOWN, &part.offering_id);
                continue;
            };
            if changes == Some(&*part.offering_id) {
                self.refuse("parts", &field, &problems::BUNDLE_CYCLE);
            }
            if draft.parts[..i].iter().any(|p| p.offering_id == part.offering_id) {
                self.refuse_with("parts", &field, &problems::LAUNCH_PART_TWICE, &offering.name);
            }
            if let Err(problem) = offering.available(now) {
                self.say("error", "parts", &field, &problem);
            }
            let order = 0 <= part.min && part.min <= part.proposed && part.proposed <= part.max && part.max >= 1;
            if !order || part.max > 20 {
                self.refuse_with("parts", &field, &problems::LAUNCH_PART_NUMBERS, &offering.name);
            }
            let known = part.group.as_ref().is_none_or(|g| draft.groups.iter().any(|x| &x.id == g));
            if !known {
                self.refuse_with("parts", &field, &problems::LAUNCH_GROUP_NUMBERS, &offering.name);
            }
        }
        self.groups();
        self.conflicts();
        Ok(())
    }

    fn groups(&mut self) {
        let draft = self.draft;
        for (i, group) in draft.groups.iter().enumerate() {
            let inside: Vec<&Part> = draft.parts.iter().filter(|p| p.group.as_deref() == Some(&group.id)).collect();
            let most: i64 = inside.iter().map(|p| p.max.clamp(0, 20)).sum();
            let proposed: i64 = inside.iter().map(|p| p.proposed.clamp(0, 20)).sum();
            let fits = 0 <= group.min && group.min <= group.max && group.max >= 1 && group.max <= most;
            let twice = draft.groups[..i].iter().any(|g| g.id == group.id);
            if group.name.trim().is_empty() || group.id.is_empty() || !fits || twice {
                self.refuse_with("parts", &format!("groups.{i}"), &problems::LAUNCH_GROUP_NUMBERS, &group.name);
            } else if !(group.min..=group.max).contains(&proposed) {
                self.refuse_with("parts", &format!("groups.{i}"), &problems::LAUNCH_GROUP_PROPOSED, &group.name);
            }
        }
    }

    /// Parts that cannot be had together cannot both come by themselves.
    fn conflicts(&mut self) {
        let parts = self.parts.clone();
        for (i, offering) in parts.iter().enumerate() {
            let Some(offering) = offering else { continue };
            for relation in offering.relations.iter().filter(|r| r.kind == RelationKind::Excludes) {
                let Some(j) = self.draft.parts.iter().position(|p| p.offering_id == relation.offering_id) else {
                    continue;
                };
                let both = self.draft.parts[i].min > 0 && self.draft.parts[j].min > 0;
                let problem =
                    Problem::new(&problems::EXCLUDES).with("name", &offering.name).with("detail", &relation.name);
                self.say(if both { "error" } else { "warning" }, "parts", &format!("parts.{i}"), &problem);
            }
        }
    }

    fn prices(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        let draft = self.draft;
        if draft.prices.is_empty() {
            self.refuse("prices", "prices", &problems::LAUNCH_PRICE_MISSING);
        }
        for (i, price) in draft.prices.iter().enumerate() {
            let known = matches!(price.kind.as_str(), "recurring" | "oneTime" | "usage");
            let amount = (0..=100_000_000).contains(&price.amount_fen);
            let months = (0..=120).contains(&price.months);
            if price.name.trim().is_empty() || !known || !amount || !months {
                self.refuse_with("prices", &format!("prices.{i}"), &problems::LAUNCH_PRICE, &price.name);
            }
            if let Some(hit) = port_in::condition(&price.name) {
                self.refuse_with("prices", &format!("prices.{i}"), &problems::PORT_IN_CONDITION, &hit);
            }
        }
        let monthly: i64 = draft.prices.iter().filter(|p| p.kind == "recurring").map(preview::monthly).sum();
        if draft.prices.iter().all(|p| p.amount_fen == 0) && draft.trial.is_none() && !draft.prices.is_empty() {
            self.warn("prices", "prices", &problems::LAUNCH_FREE, &draft.name);
        }
        if draft.is_bundle() && monthly > 0 {
            let separate = preview::separately(tx, draft, &self.parts)?;
            if separate > 0 && monthly > separate {
                let detail = format!("{} > {}", kernel::Money::fen(monthly), kernel::Money::fen(separate));
                self.warn("prices", "prices", &problems::LAUNCH_DEARER, &detail);
            }
        }
        for (i, discount) in draft.discounts.iter().enumerate() {
            self.discount(tx, i, discount)?;
        }
        Ok(())
    }

    fn discount(&mut self, tx: &mut Tx<'_>, i: usize, line: &DiscountLine) -> Result<()> {
        let field = format!("discounts.{i}");
        let percent = line.percent.is_none_or(|n| (1..=100).contains(&n));
        let amount = line.amount_fen.is_none_or(|n| (1..=100_000_000).contains(&n));
        let months = line.months.is_none_or(|n| (1..=120).contains(&n));
        let one = match &line.by_hand {
            None => line.percent.is_some() != line.amount_fen.is_some(),
            Some(limit) => {
                (limit.max_percent > 0 || limit.max_fen > 0)
                    && (0..=100).contains(&limit.max_percent)
                    && (0..=100_000_000).contains(&limit.max_fen)
            }
        };
        let applies = matches!(line.applies_to.as_str(), "recurring" | "oneTime");
        let dates = match (date(&line.valid_from), date(&line.valid_to)) {
            (Ok(Some(from)), Ok(Some(to))) => from <= to,
            (Ok(_), Ok(_)) => true,
            _ => false,
        };
        if line.name.trim().is_empty() || !percent || !amount || !months || !one || !applies || !dates {
            self.refuse_with("prices", &field, &problems::LAUNCH_DISCOUNT, &line.name);
        }
        if let Some(hit) = port_in::condition(&line.name) {
            self.refuse_with("prices", &field, &problems::PORT_IN_CONDITION, &hit);
        }
        // Free for a while and then paid is a trial by another name.
        if line.percent == Some(100)
            && line.applies_to == "recurring"
            && line.months.is_some()
            && line.by_hand.is_none()
        {
            self.warn("prices", &field, &problems::LAUNCH_FREE_MONTHS, &line.name);
        }
        for id in &line.requires {
            if held(tx, id).is_err_and(|p| p.is(&problems::OFFERING_UNKNOWN)) {
                self.refuse_with("prices", &field, &problems::LAUNCH_PART_UNKNOWN, id);
            }
        }
        Ok(())
    }

    fn audience(&mut self, tx: &mut Tx<'_>, org: &OrgPath) -> Result<()> {
        let rule = &self.draft.audience;
        let unknown = |list: &[String], known: &[&str]| list.iter().find(|v| !known.contains(&v.as_str())).cloned();
        for (field, list, known) in [
            ("audience.kinds", &rule.kinds, KINDS.as_slice()),
            ("audience.grades", &rule.grades, GRADES.as_slice()),
            ("audience.channels", &rule.channels, CHANNELS.as_slice()),
        ] {
            if let Some(value) = unknown(list, known) {
                self.refuse_with("audience", field, &problems::LAUNCH_AUDIENCE, &value);
            }
        }
        for area in &rule.areas {
            if !OrgPath::parse(area).is_ok_and(|a| org.contains(&a)) {
                self.refuse_with("audience", "audience.areas", &problems::LAUNCH_AREA, area);
            }
        }
        let ages = [rule.min_age, rule.max_age].into_iter().flatten().all(|n| (0..=150).contains(&n));
        let most = rule.max_per_customer.is_none_or(|n| (1..=200).contains(&n));
        let order = rule.min_age.zip(rule.max_age).is_none_or(|(min, max)| min <= max);
        if !ages || !order || !most {
            self.refuse_with("audience", "audience.minAge", &problems::LAUNCH_AUDIENCE, "—");
        }
        let hours =
            rule.hours.as_ref().is_none_or(|h| (0..24).contains(&h.from) && (1..=24).contains(&h.to) && h.from != h.to);
        if !hours {
            self.refuse_with("audience", "audience.hours", &problems::LAUNCH_AUDIENCE, "00:00–24:00");
        }
        if let Some(bad) = rule.needs_family.iter().find(|f| Family::parse(f).is_err()) {
            self.refuse_with("audience", "audience.needsFamily", &problems::LAUNCH_AUDIENCE, bad);
        }
        for (i, relation) in self.draft.relations.iter().enumerate() {
            let field = format!("relations.{i}");
            let known = matches!(relation.kind.as_str(), "requires" | "excludes");
            let there = held(tx, &relation.offering_id);
            if !known || there.is_err_and(|p| p.is(&problems::OFFERING_UNKNOWN)) {
                self.refuse_with("audience", &field, &problems::LAUNCH_PART_UNKNOWN, &relation.offering_id);
            }
        }
        self.parts_for_all();
        Ok(())
    }

    /// Who may have the bundle should be able to have what always comes with it.
    fn parts_for_all(&mut self) {
        let rule = self.draft.audience.clone();
        for (i, part) in self.parts.clone().into_iter().enumerate() {
            let Some(part) = part.filter(|_| self.draft.parts[i].min > 0) else { continue };
            let within = |list: &[String], wanted: &[String]| {
                list.is_empty() || (!wanted.is_empty() && wanted.iter().all(|w| list.contains(w)))
            };
            let Eligibility { customer_kinds, grades, channels, .. } = &part.eligibility;
            if !within(customer_kinds, &rule.kinds)
                || !within(grades, &rule.grades)
                || !within(channels, &rule.channels)
            {
                self.warn("audience", &format!("parts.{i}"), &problems::LAUNCH_PART_AUDIENCE, &part.name);
            }
        }
    }

    fn contract(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        let draft = self.draft;
        if let Some(c) = &draft.contract {
            let one = c.remaining_percent.is_none_or(|n| (0..=100).contains(&n))
                && c.fixed_fen.is_none_or(|n| (0..=100_000_000).contains(&n));
            if !(1..=120).contains(&c.months) || !one {
                self.refuse("contract", "contract", &problems::LAUNCH_CONTRACT);
            }
        }
        if let Some(trial) = &draft.trial {
            if !(1..=366).contains(&trial.days) {
                self.refuse("contract", "trial", &problems::LAUNCH_TRIAL);
            }
            if let Some(id) = &trial.converts_to
                && held(tx, id).is_err_and(|p| p.is(&problems::OFFERING_UNKNOWN))
            {
                self.refuse_with("contract", "trial", &problems::LAUNCH_PART_UNKNOWN, id);
            }
        }
        if !draft.effective_date.is_empty() && date(&draft.effective_date).is_err() {
            self.refuse("contract", "effectiveDate", &problems::LAUNCH_DATES);
        }
        if draft.is_bundle() {
            for family in law::lines_without_single(tx, &self.as_document())? {
                self.say("error", "parts", "parts", &law::single(family, &draft.name));
            }
        }
        Ok(())
    }

    fn as_document(&self) -> serde_json::Map<String, Value> {
        let rule = &self.draft.audience;
        let segments: Vec<Value> = rule
            .kinds
            .iter()
            .map(|k| json!({"id": k}))
            .chain(rule.grades.iter().map(|g| json!({"id": format!("grade:{g}")})))
            .collect();
        let parts = self.draft.parts.iter().zip(&self.parts).filter(|(_, known)| known.is_some());
        let mut doc = serde_json::Map::new();
        doc.insert("bundledProductOffering".into(), parts.map(|(p, _)| json!({"id": p.offering_id})).collect());
        doc.insert("marketSegment".into(), json!(segments));
        doc.insert("place".into(), rule.areas.iter().map(|a| json!({"id": a})).collect());
        doc
    }
}

/// `Ok(None)`: nothing given.
fn date(text: &str) -> std::result::Result<Option<Date>, ()> {
    if text.is_empty() { Ok(None) } else { Date::parse(text).map(Some).map_err(drop) }
}
