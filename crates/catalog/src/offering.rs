//! The typed view of an offering, as ordering and billing need it. The document stays the truth.
//!
//! An order keeps the version it was taken under: [`offering_at`] gives that version again, with the prices it had then,
//! however often the offering was changed since.

use crate::{
    BundleGroup, BundleOption, Contract, Discount, Eligibility, Family, Lifecycle, PriceKind, Relation, Trial, cache,
    parse, problems, resources::PRODUCT_OFFERING, versions,
};
use http::tmf::{self, Document};
use kernel::{Money, OrgPath, Problem, Result, Timestamp};
use serde_json::Value;
use std::sync::Arc;
use store::Tx;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Price {
    pub id: String,
    pub name: String,
    pub kind: PriceKind,
    pub amount: Money,
    /// How many months one recurring charge covers: 1 for a monthly fee, 12 for a yearly one; 0 where it does not recur.
    pub months: i64,
}

/// What the price includes each month; `None` where the offering says nothing of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Allowances {
    pub data_mb: Option<i64>,
    pub voice_min: Option<i64>,
    pub sms: Option<i64>,
    pub broadband_mbps: Option<i64>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Term {
    pub name: String,
    pub description: String,
    pub months: Option<i64>,
}

/// A part that comes with the bundle where nothing else is picked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Component {
    pub offering_id: String,
    pub name: String,
    pub family: Family,
    pub quantity: i64,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Offering {
    pub id: String,
    pub name: String,
    pub family: Family,
    pub status: Lifecycle,
    pub version: i64,
    pub area: String,
    pub category: String,
    pub audience: String,
    pub valid_from: Option<Timestamp>,
    pub valid_to: Option<Timestamp>,
    /// False for a component that is sold only inside a bundle.
    pub sold_alone: bool,
    /// The product specification, where it is one of ours.
    pub spec_id: Option<String>,
    pub prices: Vec<Price>,
    /// The main price in words, as published, such as `29元/月起`.
    pub price_text: Option<String>,
    pub allowances: Allowances,
    pub terms: Vec<Term>,
    /// How long the customer is bound, where the offering binds.
    pub contract_months: Option<i64>,
    /// What comes with a bundle by itself; [`options`](Self::options) is all that may be picked.
    pub components: Vec<Component>,
    pub options: Vec<BundleOption>,
    pub groups: Vec<BundleGroup>,
    pub relations: Vec<Relation>,
    pub eligibility: Eligibility,
    pub contract: Option<Contract>,
    pub trial: Option<Trial>,
    /// The allowances are one pool of all members or parts.
    pub shared_allowance: bool,
    /// All discounts among its prices; [`discounts_for`](crate::discounts_for) gives those that can be had now.
    pub discounts: Vec<Discount>,
}

/// The offering as it stands now, from memory where it is unchanged. Every hall reads the whole catalogue.
///
/// Fails with `offering.unknown` where there is none.
pub fn offering(tx: &mut Tx<'_>, id: &str) -> Result<Offering> {
    held(tx, id).map(|offering| (*offering).clone())
}

/// Like [`offering`], without a copy: for those who look at many.
pub fn held(tx: &mut Tx<'_>, id: &str) -> Result<Arc<Offering>> {
    let reader = cache::reader(tx)?;
    held_by(tx, &reader, id)
}

pub(crate) fn held_by(tx: &mut Tx<'_>, reader: &cache::Reader, id: &str) -> Result<Arc<Offering>> {
    if let Some(offering) = reader.offering(id) {
        return Ok(offering);
    }
    let doc =
        tmf::get(tx, &PRODUCT_OFFERING, id)?.ok_or_else(|| Problem::new(&problems::OFFERING_UNKNOWN).with("id", id))?;
    let offering = Arc::new(parse::offering(tx, &doc)?);
    reader.keep_offering(&offering);
    Ok(offering)
}

/// The offering in the version an order or a product is pinned to; `None` is the current one.
///
/// Fails with `offering.version_unknown` where it never had that version.
pub fn offering_at(tx: &mut Tx<'_>, id: &str, version: Option<i64>) -> Result<Offering> {
    let reader = cache::reader(tx)?;
    let current = held_by(tx, &reader, id)?;
    let Some(version) = version.filter(|v| *v != current.version) else { return Ok((*current).clone()) };
    if let Some(former) = reader.former(id, version) {
        return Ok((*former).clone());
    }
    let unknown = || {
        let problem = Problem::new(&problems::VERSION_UNKNOWN).with("name", &current.name);
        problem.with("version", &version.to_string())
    };
    let Some(Value::Object(body)) = versions::former_if(tx, &PRODUCT_OFFERING, id, version)? else {
        return Err(unknown());
    };
    let doc =
        Document { id: id.to_owned(), version, org: OrgPath::root(), created_at: Timestamp::from_micros(0), body };
    let former = parse::offering(tx, &doc)?;
    reader.keep_former(&former);
    Ok(former)
}

impl Offering {
    /// One about which nothing is said yet.
    pub fn blank(id: &str, name: &str, family: Family) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            family,
            status: Lifecycle::InStudy,
            version: 1,
            area: String::new(),
            category: String::new(),
            audience: String::new(),
            valid_from: None,
            valid_to: None,
            sold_alone: true,
            spec_id: None,
            prices: Vec::new(),
            price_text: None,
            allowances: Allowances::default(),
            terms: Vec::new(),
            contract_months: None,
            components: Vec::new(),
            options: Vec::new(),
            groups: Vec::new(),
            relations: Vec::new(),
            eligibility: Eligibility::default(),
            contract: None,
            trial: None,
            shared_allowance: false,
            discounts: Vec::new(),
        }
    }
    /// May this be sold by itself at `now`? Says what to do where not.
    pub fn sellable(&self, now: Timestamp) -> Result<()> {
        if !self.sold_alone {
            return Err(Problem::new(&problems::OFFERING_COMPONENT).with("name", &self.name));
        }
        self.available(now)
    }
    /// Like [`sellable`](Self::sellable), for an offering that comes as part of a bundle.
    pub fn available(&self, now: Timestamp) -> Result<()> {
        let day = |at: Option<Timestamp>| at.map_or_else(String::new, |t| t.date().to_string());
        let why = match (self.status.is_on_sale(), self.valid_from, self.valid_to) {
            (false, ..) => self.status.as_str().to_owned(),
            (_, Some(from), _) if now < from => format!("{} →", day(self.valid_from)),
            (_, _, Some(to)) if now > to => format!("→ {}", day(self.valid_to)),
            _ => return Ok(()),
        };
        Err(Problem::new(&problems::OFFERING_CLOSED).with("name", &self.name).with("why", &why))
    }
    /// The price shown beside the name: the recurring one, otherwise the first.
    pub fn main_price(&self) -> Option<&Price> {
        self.prices.iter().find(|p| p.kind == PriceKind::Recurring).or(self.prices.first())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(status: Lifecycle, from: Option<&str>, to: Option<&str>) -> Offering {
        let at = |t: &str| Timestamp::parse(t).unwrap();
        Offering {
            status,
            valid_from: from.map(at),
            valid_to: to.map(at),
            ..Offering::blank("o1", "畅享套餐", Family::Mobile)
        }
    }

    #[test]
    fn only_an_offering_on_sale_and_within_its_dates_is_sellable() {
        let now = Timestamp::parse("2026-11-22T05:00:00Z").unwrap();
        assert!(sample(Lifecycle::Active, None, None).sellable(now).is_ok());
        assert!(sample(Lifecycle::Launched, Some("2026-01-01"), Some("2026-12-31")).sellable(now).is_ok());
        for closed in [
            sample(Lifecycle::Retired, None, None),
            sample(Lifecycle::InTest, None, None),
            sample(Lifecycle::Active, Some("2026-12-01"), None),
            sample(Lifecycle::Active, None, Some("2026-11-01")),
        ] {
            assert!(closed.sellable(now).unwrap_err().is(&problems::OFFERING_CLOSED));
        }
        let part = Offering { sold_alone: false, ..sample(Lifecycle::Active, None, None) };
        assert!(part.sellable(now).unwrap_err().is(&problems::OFFERING_COMPONENT));
        assert!(part.available(now).is_ok(), "inside a bundle it is available");
    }
}
