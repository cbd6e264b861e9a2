//! The design of an offering in the words of those who design it. It is made from an offering and turned into one.

use crate::{
    Discount, DiscountValue, EarlyTermination, Family, Lifecycle, Price, RelationKind, discount, eligibility,
    eligibility::Eligibility, parse, resources::PRODUCT_OFFERING,
};
use http::tmf::{self, Document};
use kernel::{Result, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::Tx;

#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Draft {
    pub name: String,
    pub description: String,
    pub family: String,
    /// The product specification of a single offering; empty: what is usual for the family.
    pub specification: String,
    /// False: sold only inside bundles.
    pub sold_alone: Option<bool>,
    pub parts: Vec<Part>,
    pub groups: Vec<Group>,
    pub shared_allowance: bool,
    pub allowances: Figures,
    pub prices: Vec<PriceLine>,
    pub discounts: Vec<DiscountLine>,
    pub audience: Audience,
    pub relations: Vec<RelationLine>,
    pub contract: Option<ContractLine>,
    pub trial: Option<TrialLine>,
    pub terms: String,
    /// Dates (YYYY-MM-DD), inclusive; empty: from approval on, without end.
    pub valid_from: String,
    pub valid_to: String,
    /// From when a change of something on sale counts.
    pub effective_date: String,
}

#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Part {
    pub offering_id: String,
    /// Shown, not stored.
    pub name: String,
    pub family: String,
    pub min: i64,
    pub max: i64,
    #[serde(rename = "default")]
    pub proposed: i64,
    pub group: Option<String>,
}

#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Group {
    pub id: String,
    pub name: String,
    pub min: i64,
    pub max: i64,
}

#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Figures {
    pub data_mb: Option<i64>,
    pub voice_min: Option<i64>,
    pub sms: Option<i64>,
    pub broadband_mbps: Option<i64>,
}

#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PriceLine {
    /// Kept where nothing about the price changes.
    pub id: Option<String>,
    pub name: String,
    /// `recurring`, `oneTime` or `usage`.
    #[serde(rename = "type")]
    pub kind: String,
    pub amount_fen: i64,
    /// Months one recurring charge covers.
    pub months: i64,
}

#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DiscountLine {
    pub id: Option<String>,
    pub name: String,
    pub percent: Option<i64>,
    pub amount_fen: Option<i64>,
    pub months: Option<i64>,
    pub applies_to: String,
    pub requires: Vec<String>,
    pub stackable: bool,
    pub valid_from: String,
    pub valid_to: String,
    pub by_hand: Option<ByHand>,
}

#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ByHand {
    pub max_percent: i64,
    pub max_fen: i64,
}

#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Audience {
    pub kinds: Vec<String>,
    pub grades: Vec<String>,
    pub channels: Vec<String>,
    pub areas: Vec<String>,
    pub min_age: Option<i64>,
    pub max_age: Option<i64>,
    pub max_per_customer: Option<i64>,
    pub needs_family: Vec<String>,
    pub hours: Option<Hours>,
}

#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Hours {
    pub from: i64,
    pub to: i64,
}

#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RelationLine {
    pub kind: String,
    pub offering_id: String,
    pub name: String,
    pub alternative: Option<String>,
}

#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContractLine {
    pub months: i64,
    pub remaining_percent: Option<i64>,
    pub fixed_fen: Option<i64>,
}

#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TrialLine {
    pub days: i64,
    pub converts_to: Option<String>,
}

fn day(at: Option<Timestamp>) -> String {
    at.map_or_else(String::new, |t| t.date().to_string())
}

/// The design that an offering, in the version the document is, would have come from.
pub(crate) fn of(tx: &mut Tx<'_>, doc: &Document) -> Result<Draft> {
    let offering = parse::offering(tx, doc)?;
    let rule = Eligibility::read(&doc.body);
    let terms: Vec<&str> = offering.terms.iter().map(|t| t.description.as_str()).filter(|d| !d.is_empty()).collect();
    Ok(Draft {
        name: offering.name.clone(),
        description: doc.text("description").to_owned(),
        family: offering.family.as_str().to_owned(),
        specification: offering.spec_id.clone().unwrap_or_default(),
        sold_alone: Some(offering.sold_alone),
        parts: offering.options.iter().map(part).collect(),
        groups: offering
            .groups
            .iter()
            .map(|g| Group { id: g.id.clone(), name: g.name.clone(), min: g.min, max: g.max })
            .collect(),
        shared_allowance: offering.shared_allowance,
        allowances: Figures {
            data_mb: offering.allowances.data_mb,
            voice_min: offering.allowances.voice_min,
            sms: offering.allowances.sms,
            broadband_mbps: offering.allowances.broadband_mbps,
        },
        prices: offering.prices.iter().map(price).collect(),
        discounts: offering.discounts.iter().map(discount_line).collect(),
        audience: Audience {
            kinds: rule.customer_kinds,
            grades: rule.grades,
            channels: rule.channels,
            areas: rule.areas.iter().map(ToString::to_string).collect(),
            min_age: rule.min_age,
            max_age: rule.max_age,
            max_per_customer: rule.max_per_customer,
            needs_family: rule.needs_family.iter().map(|f| f.as_str().to_owned()).collect(),
            hours: rule.hours.map(|(from, to)| Hours { from, to }),
        },
        relations: eligibility::relations(&doc.body).into_iter().map(relation).collect(),
        contract: offering.contract.map(|c| {
            let (percent, fixed) = match c.early_termination {
                EarlyTermination::RemainingPercent(n) => (Some(n), None),
                EarlyTermination::Fixed(m) => (None, Some(m.in_fen())),
            };
            ContractLine { months: c.months, remaining_percent: percent, fixed_fen: fixed }
        }),
        trial: offering.trial.map(|t| TrialLine { days: t.days, converts_to: t.converts_to }),
        terms: terms.join("\n"),
        valid_from: day(offering.valid_from),
        valid_to: day(offering.valid_to),
        effective_date: String::new(),
    })
}

fn part(o: &crate::BundleOption) -> Part {
    Part {
        offering_id: o.offering_id.clone(),
        name: o.name.clone(),
        family: o.family.as_str().to_owned(),
        min: o.min,
        max: o.max,
        proposed: o.default,
        group: o.group.clone(),
    }
}

fn price(p: &Price) -> PriceLine {
    PriceLine {
        id: Some(p.id.clone()),
        name: p.name.clone(),
        kind: p.kind.as_str().to_owned(),
        amount_fen: p.amount.in_fen(),
        months: p.months,
    }
}

fn discount_line(d: &Discount) -> DiscountLine {
    let (percent, amount_fen) = match d.value {
        DiscountValue::Percent(0) if d.by_hand.is_some() => (None, None),
        DiscountValue::Percent(n) => (Some(n), None),
        DiscountValue::Amount(m) => (None, Some(m.in_fen())),
    };
    DiscountLine {
        id: Some(d.id.clone()),
        name: d.name.clone(),
        percent,
        amount_fen,
        months: d.months,
        applies_to: d.applies.as_str().to_owned(),
        requires: d.requires.clone(),
        stackable: d.stackable,
        valid_from: day(d.valid_from),
        valid_to: day(d.valid_to),
        by_hand: d.by_hand.map(|l| ByHand { max_percent: l.max_percent, max_fen: l.max_fen }),
    }
}

fn relation(r: crate::Relation) -> RelationLine {
    let kind = match r.kind {
        RelationKind::Requires => "requires",
        RelationKind::Excludes => "excludes",
    };
    RelationLine { kind: kind.to_owned(), offering_id: r.offering_id, name: r.name, alternative: r.alternative }
}

impl Draft {
    pub fn is_bundle(&self) -> bool {
        self.family == Family::Bundle.as_str()
    }
}

/// The names of the parts as they are now.
pub(crate) fn name_parts(tx: &mut Tx<'_>, draft: &mut Draft) -> Result<()> {
    for part in &mut draft.parts {
        if let Some(doc) = tmf::get(tx, &PRODUCT_OFFERING, &part.offering_id)? {
            part.name = doc.text("name").to_owned();
            part.family = parse::family_of(&doc.body).as_str().to_owned();
        }
    }
    for relation in &mut draft.relations {
        if let Some(doc) = tmf::get(tx, &PRODUCT_OFFERING, &relation.offering_id)? {
            relation.name = doc.text("name").to_owned();
        }
    }
    Ok(())
}

/// What an offering document keeps that no design speaks of.
pub(crate) fn kept(doc: &Document) -> Vec<(String, Value)> {
    let own = [
        "id",
        "href",
        "@type",
        "lifecycleStatus",
        "lastUpdate",
        "version",
        "category",
        "catalogue",
        "source",
        "published",
        "area",
        "audience",
    ];
    doc.body.iter().filter(|(name, _)| own.contains(&name.as_str())).map(|(n, v)| (n.clone(), v.clone())).collect()
}

/// Has this document the same meaning as the line? Then it is kept.
pub(crate) fn same_price(line: &PriceLine, stored: &serde_json::Map<String, Value>) -> bool {
    parse::price_of(stored).is_some_and(|p| {
        p.name == line.name
            && p.kind.as_str() == line.kind
            && p.amount.in_fen() == line.amount_fen
            && p.months == months(line)
    })
}

pub(crate) fn same_discount(line: &DiscountLine, stored: &serde_json::Map<String, Value>) -> bool {
    discount::read(stored).is_some_and(|d| DiscountLine { id: line.id.clone(), ..discount_line(&d) } == *line)
}

pub(crate) fn months(line: &PriceLine) -> i64 {
    if line.kind == "recurring" { line.months.max(1) } else { 0 }
}

/// Is there anything in the document that says it is sold?
pub(crate) fn is_live(doc: &Document) -> bool {
    Lifecycle::parse(doc.text("lifecycleStatus")).is_ok_and(Lifecycle::is_on_sale)
}
