//! May this customer have these offerings, through this channel, here and now? Every reason against it, not only the first.
//!
//! Everything it looks at is held in memory (see [`cache`]); a cart costs one statement for the stamp and none per item
//! once the catalogue is warm.

use crate::{
    Family, Offering, Relation, RelationKind, Selection, cache,
    offering::{held_by, offering_at},
    problems,
};
use kernel::{Code, Lang, OrgPath, Problem, Result, Timestamp};
use serde::Serialize;
use std::{collections::HashMap, sync::Arc};
use store::Tx;

/// A product the customer has (or that an order in transit brings).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Held {
    pub product_id: String,
    pub offering_id: String,
    pub family: Family,
    /// The bundle it came in.
    pub bundle: Option<String>,
}

/// Who asks. What is empty is not known yet and is not checked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Subject {
    pub customer_id: String,
    /// `individual` or `organization`.
    pub kind: String,
    pub grade: String,
    pub org: OrgPath,
    pub channel: String,
    pub age: Option<i64>,
    pub held: Vec<Held>,
    pub at: Timestamp,
}

/// One line of a cart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ask {
    pub offering_id: String,
    pub version: Option<i64>,
    pub selection: Selection,
    pub quantity: i64,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WhyNot {
    pub offering_id: String,
    pub code: String,
    pub zh: String,
    pub en: String,
    pub hint_zh: String,
    pub hint_en: String,
}

impl WhyNot {
    pub fn new(offering_id: &str, problem: &Problem) -> Self {
        Self {
            offering_id: offering_id.to_owned(),
            code: problem.code.id.to_owned(),
            zh: problem.reason(Lang::Zh),
            en: problem.reason(Lang::En),
            hint_zh: problem.help(Lang::Zh),
            hint_en: problem.help(Lang::En),
        }
    }
    pub fn reason(&self, lang: Lang) -> &str {
        if lang == Lang::En { &self.en } else { &self.zh }
    }
    pub fn hint(&self, lang: Lang) -> &str {
        if lang == Lang::En { &self.hint_en } else { &self.hint_zh }
    }
}

/// A line of the cart with its offering and what was picked inside.
struct Line {
    offering: Arc<Offering>,
    parts: Vec<Arc<Offering>>,
    quantity: i64,
}

/// All reasons why the subject may not have what the cart asks; empty where it may.
///
/// Fails only where the store does: an offering that does not exist is a reason too.
pub fn why_not(tx: &mut Tx<'_>, subject: &Subject, asks: &[Ask]) -> Result<Vec<WhyNot>> {
    let reader = cache::reader(tx)?;
    let mut reasons = Vec::new();
    let mut lines = Vec::new();
    for ask in asks {
        match line(tx, &reader, ask) {
            Ok(line) => {
                let wrong = line.offering.misfits(&ask.selection);
                reasons.extend(wrong.iter().map(|p| WhyNot::new(&ask.offering_id, p)));
                lines.push(line);
            }
            Err(p) if p.code.status < 500 => reasons.push(WhyNot::new(&ask.offering_id, &p)),
            Err(p) => return Err(p),
        }
    }
    let mut held: HashMap<&str, Arc<Offering>> = HashMap::new();
    for product in &subject.held {
        for id in [Some(product.offering_id.as_str()), product.bundle.as_deref()].into_iter().flatten() {
            if held.contains_key(id) {
                continue;
            }
            match held_by(tx, &reader, id) {
                Ok(offering) => drop(held.insert(id, offering)),
                Err(p) if p.code.status < 500 => {} // sold long ago, its offering is gone
                Err(p) => return Err(p),
            }
        }
    }
    let around = Around { subject, lines: &lines, held: &held };
    for (i, line) in lines.iter().enumerate() {
        let mut wrong = Vec::new();
        if let Err(p) = line.offering.sellable(subject.at) {
            wrong.push(p);
        }
        wrong.extend(line.parts.iter().filter_map(|part| part.available(subject.at).err()));
        for offering in std::iter::once(&line.offering).chain(&line.parts) {
            around.person(offering, &mut wrong);
            around.relations(i, offering, &mut wrong);
        }
        around.numbers(line, &mut wrong);
        for problem in wrong {
            let reason = WhyNot::new(&line.offering.id, &problem);
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
    }
    Ok(reasons)
}

fn line(tx: &mut Tx<'_>, reader: &cache::Reader, ask: &Ask) -> Result<Line> {
    let offering = match ask.version {
        None => held_by(tx, reader, &ask.offering_id)?,
        version => Arc::new(offering_at(tx, &ask.offering_id, version)?),
    };
    if !(1..=1_000).contains(&ask.quantity) {
        return Err(Problem::invalid("quantity", &ask.quantity.to_string()));
    }
    let mut parts = Vec::new();
    for picked in offering.chosen(&ask.selection) {
        parts.push(held_by(tx, reader, &picked.offering_id)?);
    }
    Ok(Line { offering, parts, quantity: ask.quantity })
}

/// What an offering is judged against.
struct Around<'a> {
    subject: &'a Subject,
    lines: &'a [Line],
    held: &'a HashMap<&'a str, Arc<Offering>>,
}

impl Around<'_> {
    fn person(&self, offering: &Offering, wrong: &mut Vec<Problem>) {
        let (subject, rule) = (self.subject, &offering.eligibility);
        let mut refuse = |code: &'static Code, detail: &str| {
            wrong.push(Problem::new(code).with("name", &offering.name).with("detail", detail));
        };
        let allows =
            |list: &[String], value: &str| list.is_empty() || value.is_empty() || list.iter().any(|v| v == value);
        if !allows(&rule.customer_kinds, &subject.kind) {
            refuse(&problems::NOT_FOR_KIND, &rule.customer_kinds.join(", "));
        }
        if !allows(&rule.grades, &subject.grade) {
            refuse(&problems::NOT_FOR_GRADE, &rule.grades.join(", "));
        }
        if !allows(&rule.channels, &subject.channel) {
            refuse(&problems::NOT_IN_CHANNEL, &rule.channels.join(", "));
        }
        if !rule.areas.is_empty() && !rule.areas.iter().any(|area| area.contains(&subject.org)) {
            refuse(&problems::NOT_IN_AREA, &rule.areas.iter().map(OrgPath::as_str).collect::<Vec<_>>().join(", "));
        }
        if let Some(age) = subject.age {
            let text = |n: Option<i64>| n.map_or_else(String::new, |n| n.to_string());
            if rule.min_age.is_some_and(|min| age < min) || rule.max_age.is_some_and(|max| age > max) {
                refuse(&problems::NOT_AT_AGE, &format!("{}–{}", text(rule.min_age), text(rule.max_age)));
            }
        }
        if let Some((from, to)) = rule.hours {
            let hour = i64::from(subject.at.hour());
            let open = if from < to { (from..to).contains(&hour) } else { hour >= from || hour < to };
            if !open {
                refuse(&problems::NOT_AT_HOUR, &format!("{from:02}:00–{to:02}:00"));
            }
        }
    }

    /// Is the offering held, or bought in the cart?
    fn has(&self, id: &str) -> bool {
        let held = self.subject.held.iter().any(|h| h.offering_id == id || h.bundle.as_deref() == Some(id));
        held || self.lines.iter().any(|l| l.offering.id == id || l.parts.iter().any(|p| p.id == id))
    }

    fn relations(&self, line: usize, offering: &Offering, wrong: &mut Vec<Problem>) {
        let refuse =
            |code: &'static Code, detail: &str| Problem::new(code).with("name", &offering.name).with("detail", detail);
        let of_kind = |kind: RelationKind| offering.relations.iter().filter(move |r| r.kind == kind);
        for relation in of_kind(RelationKind::Requires) {
            let alternatives: Vec<&Relation> = match &relation.alternative {
                None => vec![relation],
                some => of_kind(RelationKind::Requires).filter(|r| &r.alternative == some).collect(),
            };
            let first = alternatives.first().is_some_and(|r| r.offering_id == relation.offering_id);
            if first && !alternatives.iter().any(|r| self.has(&r.offering_id)) {
                let names: Vec<&str> = alternatives.iter().map(|r| r.name.as_str()).collect();
                wrong.push(refuse(&problems::REQUIRES, &names.join(" / ")));
            }
        }
        for relation in of_kind(RelationKind::Excludes) {
            if self.has(&relation.offering_id) {
                wrong.push(refuse(&problems::EXCLUDES, &relation.name));
            }
        }
        // An exclusion holds both ways, whoever of the two says it.
        let others = self.lines.iter().enumerate().filter(|(i, _)| *i != line).map(|(_, l)| l);
        let in_cart = others.flat_map(|l| std::iter::once(&l.offering).chain(&l.parts));
        for other in self.held.values().chain(in_cart) {
            let excludes = |r: &Relation| r.kind == RelationKind::Excludes && r.offering_id == offering.id;
            let said_already = of_kind(RelationKind::Excludes).any(|r| r.offering_id == other.id);
            if !said_already && other.relations.iter().any(excludes) {
                wrong.push(refuse(&problems::EXCLUDES, &other.name));
            }
        }
        let needs = &offering.eligibility.needs_family;
        if !needs.is_empty() {
            let held = self.subject.held.iter().map(|h| h.family);
            let bought = self.lines.iter().flat_map(|l| std::iter::once(&l.offering).chain(&l.parts)).map(|o| o.family);
            if !held.chain(bought).any(|family| needs.contains(&family)) {
                let names: Vec<&str> = needs.iter().map(|f| f.title().0).collect();
                let english: Vec<&str> = needs.iter().map(|f| f.title().1).collect();
                wrong.push(refuse(&problems::NEEDS_FAMILY, &names.join(" / ")).with("english", &english.join(" / ")));
            }
        }
    }

    fn numbers(&self, line: &Line, wrong: &mut Vec<Problem>) {
        let Some(most) = line.offering.eligibility.max_per_customer else { return };
        let id = line.offering.id.as_str();
        let alone = self.subject.held.iter().filter(|h| h.offering_id == id).count();
        // The parts of one bundle came together: any of them stands for the bundle.
        let parts = line.parts.len().max(1);
        let in_bundle = self.subject.held.iter().filter(|h| h.bundle.as_deref() == Some(id)).count().div_ceil(parts);
        let held = i64::try_from(alone + in_bundle).unwrap_or(i64::MAX);
        let asked: i64 = self.lines.iter().filter(|l| l.offering.id == id).map(|l| l.quantity).sum();
        if held.saturating_add(asked) > most {
            let problem = Problem::new(&problems::TOO_MANY_HELD).with("name", &line.offering.name);
            wrong.push(problem.with("most", &most.to_string()).with("held", &held.to_string()));
        }
    }
}
