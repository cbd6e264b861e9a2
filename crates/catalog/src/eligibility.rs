//! Who may buy an offering, with what, where, when, and bound by what.
//!
//! In the document: `marketSegment[]` names customer kinds and grades (`{"id": "individual"}`, `{"id": "grade:gold"}`),
//! `channel[]` sales channels, `place[]` parts of the organisation (`{"id": "/cn/44"}`), and the extension `eligibility`
//! carries ages, the most a customer may hold, the product lines that must be there, and the hours of sale. What is not
//! said is not restricted.

use crate::{Family, parse::list};
use kernel::{Money, OrgPath, Problem, Result};
use serde_json::{Map, Value};

/// The channels an actor may sell through.
pub const CHANNELS: [&str; 6] = ["hall", "hotline", "online", "manager", "agent", "api"];
/// Kinds of customers.
pub const KINDS: [&str; 2] = ["individual", "organization"];
/// Grades of customers, the highest first.
pub const GRADES: [&str; 6] = ["key", "diamond", "platinum", "gold", "silver", "standard"];

/// Empty lists and `None` restrict nothing.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Eligibility {
    pub customer_kinds: Vec<String>,
    pub grades: Vec<String>,
    pub areas: Vec<OrgPath>,
    pub channels: Vec<String>,
    pub min_age: Option<i64>,
    pub max_age: Option<i64>,
    /// The most a customer may hold, what is in the cart included.
    pub max_per_customer: Option<i64>,
    /// Product lines of which the customer holds one, or buys one with it.
    pub needs_family: Vec<Family>,
    /// From this hour (inclusive) to that one (exclusive), Beijing time.
    pub hours: Option<(i64, i64)>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RelationKind {
    Requires,
    Excludes,
}

/// To another offering that the customer holds or buys.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Relation {
    pub kind: RelationKind,
    pub offering_id: String,
    pub name: String,
    /// Requirements with the same word here are alternatives: one of them is enough.
    pub alternative: Option<String>,
}

/// What leaving early costs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EarlyTermination {
    /// Per cent of the monthly fees that are still to come.
    RemainingPercent(i64),
    Fixed(Money),
}

/// How long the customer is bound.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Contract {
    pub months: i64,
    pub early_termination: EarlyTermination,
}

/// A time without charge. What it becomes afterwards only the customer can say: the law forbids a silent conversion.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trial {
    pub days: i64,
    /// The offering proposed afterwards; `None`: it ends.
    pub converts_to: Option<String>,
}

fn texts(body: &Map<String, Value>, name: &str) -> Vec<String> {
    let text = |entry: &Value| entry["id"].as_str().or(entry["name"].as_str()).or(entry.as_str()).map(str::to_owned);
    list(body, name).iter().filter_map(text).collect()
}

impl Eligibility {
    /// Reads what is known and leaves the rest: a document of another system may name segments of its own.
    pub(crate) fn read(body: &Map<String, Value>) -> Self {
        let segments = texts(body, "marketSegment");
        let own = body.get("eligibility").unwrap_or(&Value::Null);
        let number = |name: &str| own[name].as_i64();
        let families = own["needsFamily"].as_array().into_iter().flatten();
        Self {
            customer_kinds: segments.iter().filter(|s| KINDS.contains(&s.as_str())).cloned().collect(),
            grades: segments.iter().filter_map(|s| s.strip_prefix("grade:")).map(str::to_owned).collect(),
            areas: texts(body, "place").iter().filter_map(|p| OrgPath::parse(p).ok()).collect(),
            channels: texts(body, "channel").into_iter().filter(|c| CHANNELS.contains(&c.as_str())).collect(),
            min_age: number("minAge"),
            max_age: number("maxAge"),
            max_per_customer: number("maxPerCustomer"),
            needs_family: families.filter_map(|f| Family::parse(f.as_str()?).ok()).collect(),
            hours: own["hours"]["from"].as_i64().zip(own["hours"]["to"].as_i64()),
        }
    }

    /// What of the extension cannot be meant.
    pub(crate) fn check(body: &Map<String, Value>) -> Result<()> {
        for (name, least) in [("minAge", 0), ("maxAge", 0), ("maxPerCustomer", 1)] {
            let value = &body.get("eligibility").unwrap_or(&Value::Null)[name];
            let fits = value.is_null() || value.as_i64().is_some_and(|n| (least..=200).contains(&n));
            if !fits {
                return Err(Problem::invalid(&format!("eligibility.{name}"), &value.to_string()));
            }
        }
        let own = body.get("eligibility").unwrap_or(&Value::Null);
        for family in own["needsFamily"].as_array().into_iter().flatten() {
            Family::parse(family.as_str().unwrap_or("")).map_err(|p| p.field("eligibility.needsFamily"))?;
        }
        let read = Self::read(body);
        if read.min_age.zip(read.max_age).is_some_and(|(min, max)| max < min) {
            return Err(Problem::invalid("eligibility.maxAge", "maxAge < minAge"));
        }
        let hours_fit = |(from, to): (i64, i64)| (0..24).contains(&from) && (1..=24).contains(&to) && from != to;
        if !own["hours"].is_null() && !read.hours.is_some_and(hours_fit) {
            return Err(Problem::invalid("eligibility.hours", &own["hours"].to_string()));
        }
        Ok(())
    }
}

/// `productOfferingRelationship[]`: entries of other systems or of other kinds say nothing to us.
pub(crate) fn relations(body: &Map<String, Value>) -> Vec<Relation> {
    let one = |entry: &Value| {
        let kind = match entry["relationshipType"].as_str()?.to_ascii_lowercase().as_str() {
            "requires" | "dependency" | "prerequisite" => RelationKind::Requires,
            "excludes" | "exclusivity" | "incompatible" => RelationKind::Excludes,
            _ => return None,
        };
        let text = |name: &str| entry[name].as_str().filter(|t| !t.is_empty()).map(str::to_owned);
        let offering_id = text("id")?;
        Some(Relation {
            kind,
            name: text("name").unwrap_or_else(|| offering_id.clone()),
            offering_id,
            alternative: text("role"),
        })
    };
    list(body, "productOfferingRelationship").iter().filter_map(one).collect()
}

/// The extension `contract`; published tariffs have `contractMonths` and their penalty only in words.
pub(crate) fn contract(body: &Map<String, Value>) -> Option<Contract> {
    let own = body.get("contract").unwrap_or(&Value::Null);
    let months = own["months"].as_i64().or_else(|| body.get("contractMonths")?.as_i64()).filter(|n| *n > 0)?;
    let fixed = own["earlyTermination"]["fixedFen"].as_i64().map(|fen| EarlyTermination::Fixed(Money::fen(fen)));
    let percent = own["earlyTermination"]["remainingPercent"].as_i64().unwrap_or(0);
    Some(Contract { months, early_termination: fixed.unwrap_or(EarlyTermination::RemainingPercent(percent)) })
}

pub(crate) fn check_contract(body: &Map<String, Value>) -> Result<()> {
    let Some(own) = body.get("contract").filter(|c| !c.is_null()) else { return Ok(()) };
    let within = |value: &Value, most: i64| value.is_null() || value.as_i64().is_some_and(|n| (0..=most).contains(&n));
    if own["months"].as_i64().is_none_or(|n| !(1..=120).contains(&n)) {
        return Err(Problem::invalid("contract.months", &own["months"].to_string()));
    }
    let early = &own["earlyTermination"];
    if !within(&early["remainingPercent"], 100) {
        return Err(Problem::invalid("contract.earlyTermination.remainingPercent", "0–100"));
    }
    if !within(&early["fixedFen"], 100_000_000) {
        return Err(Problem::invalid("contract.earlyTermination.fixedFen", &early["fixedFen"].to_string()));
    }
    Ok(())
}

pub(crate) fn trial(body: &Map<String, Value>) -> Option<Trial> {
    let own = body.get("trial")?;
    let converts_to = own["convertsTo"].as_str().or(own["convertsTo"]["id"].as_str()).map(str::to_owned);
    Some(Trial { days: own["days"].as_i64().filter(|n| *n > 0)?, converts_to })
}
