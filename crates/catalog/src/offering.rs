//! The typed view of an offering, as ordering and billing need it. The document stays the truth.

use crate::{
    Lifecycle, cache, problems,
    resources::{PRODUCT_OFFERING, PRODUCT_OFFERING_PRICE},
};
use http::tmf::{self, Document};
use kernel::{Money, Problem, Result, Timestamp};
use serde_json::{Map, Value};
use std::fmt;
use store::Tx;

/// The product line an offering belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Family {
    Mobile,
    Broadband,
    Iptv,
    /// Sold on top of a line: data packs, benefits, discounts, one-time services.
    Option,
    /// Several product lines under one price.
    Bundle,
    Device,
}

impl Family {
    pub const ALL: [Self; 6] = [Self::Mobile, Self::Broadband, Self::Iptv, Self::Option, Self::Bundle, Self::Device];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mobile => "mobile",
            Self::Broadband => "broadband",
            Self::Iptv => "iptv",
            Self::Option => "option",
            Self::Bundle => "bundle",
            Self::Device => "device",
        }
    }
    pub fn parse(text: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|f| f.as_str() == text).ok_or_else(|| Problem::invalid("family", text))
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PriceKind {
    OneTime,
    Recurring,
    /// Charged by use, such as yuan per GB beyond the allowance, or per day of use.
    Usage,
}

impl PriceKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OneTime => "oneTime",
            Self::Recurring => "recurring",
            Self::Usage => "usage",
        }
    }
    pub fn parse(text: &str) -> Self {
        match text.to_ascii_lowercase().as_str() {
            "recurring" => Self::Recurring,
            "usage" | "allowance" => Self::Usage,
            _ => Self::OneTime,
        }
    }
}

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
    pub components: Vec<Component>,
}

/// The offering, from memory where it is unchanged. Every hall reads the whole catalogue.
///
/// Fails with `offering.unknown` where there is none.
pub fn offering(tx: &mut Tx<'_>, id: &str) -> Result<Offering> {
    let held = cache::reader(tx)?;
    if let Some(offering) = held.offering(id) {
        return Ok((*offering).clone());
    }
    let doc =
        tmf::get(tx, &PRODUCT_OFFERING, id)?.ok_or_else(|| Problem::new(&problems::OFFERING_UNKNOWN).with("id", id))?;
    let offering = parse(tx, &doc)?;
    held.keep_offering(&offering);
    Ok(offering)
}

impl Offering {
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

pub(crate) fn parse(tx: &mut Tx<'_>, doc: &Document) -> Result<Offering> {
    let body = &doc.body;
    let mut prices = Vec::new();
    for id in references(body, "productOfferingPrice") {
        if let Some(price) = tmf::get(tx, &PRODUCT_OFFERING_PRICE, &id)? {
            prices.extend(price_of(&price.body));
        }
    }
    let mut components = Vec::new();
    for entry in list(body, "bundledProductOffering") {
        let Some(id) = entry["id"].as_str() else { continue };
        let Some(part) = tmf::get(tx, &PRODUCT_OFFERING, id)? else { continue };
        components.push(Component {
            offering_id: id.to_owned(),
            name: part.text("name").to_owned(),
            family: family_of(&part.body),
            quantity: entry["bundledProductOfferingOption"]["numberRelOfferDefault"].as_i64().unwrap_or(1).clamp(1, 20),
        });
    }
    let terms: Vec<Term> = list(body, "productOfferingTerm").iter().map(term_of).collect();
    let own_spec = body.get("productSpecification").filter(|s| !is_foreign(s)).and_then(|s| s["id"].as_str());
    Ok(Offering {
        id: doc.id.clone(),
        name: doc.text("name").to_owned(),
        family: family_of(body),
        status: Lifecycle::parse(doc.text("lifecycleStatus"))?,
        version: doc.version,
        area: doc.text("area").to_owned(),
        category: list(body, "category").first().and_then(|c| c["name"].as_str()).unwrap_or("").to_owned(),
        audience: doc.text("audience").to_owned(),
        valid_from: moment(body, "startDateTime"),
        valid_to: moment(body, "endDateTime"),
        sold_alone: body.get("isSellable") != Some(&Value::Bool(false)),
        spec_id: own_spec.map(str::to_owned),
        prices,
        price_text: body.get("priceSummary").and_then(|p| p["text"].as_str()).map(str::to_owned),
        allowances: allowances_of(body),
        contract_months: body.get("contractMonths").and_then(Value::as_i64),
        terms,
        components,
    })
}

/// The elements of an array attribute; none where it is missing or no array.
pub(crate) fn list<'a>(body: &'a Map<String, Value>, name: &str) -> &'a [Value] {
    body.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The ids that an attribute refers to among our own records.
pub(crate) fn references(body: &Map<String, Value>, name: &str) -> Vec<String> {
    list(body, name).iter().filter(|r| !is_foreign(r)).filter_map(|r| r["id"].as_str()).map(str::to_owned).collect()
}

/// A reference with an absolute address is a record of another system.
pub(crate) fn is_foreign(reference: &Value) -> bool {
    reference["href"].as_str().is_some_and(|h| h.trim_start().starts_with("http"))
}

pub(crate) fn moment(body: &Map<String, Value>, end: &str) -> Option<Timestamp> {
    body.get("validFor")?[end].as_str().and_then(|t| Timestamp::parse(t).ok())
}

pub(crate) fn family_of(body: &Map<String, Value>) -> Family {
    let bundle = body.get("isBundle") == Some(&Value::Bool(true));
    let named = body.get("family").and_then(Value::as_str).and_then(|f| Family::parse(f).ok());
    named.unwrap_or(if bundle { Family::Bundle } else { Family::Option })
}

/// A price document with an amount; `None` for one that has none (an alteration, a draft).
pub(crate) fn price_of(body: &Map<String, Value>) -> Option<Price> {
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or("");
    let amount = Money::from_tmf(body.get("price")?).ok()?;
    let kind = PriceKind::parse(text("priceType"));
    let length = body.get("recurringChargePeriodLength").and_then(Value::as_i64).unwrap_or(1).clamp(1, 1_200);
    let months = match (kind, text("recurringChargePeriodType").to_ascii_lowercase().as_str()) {
        (PriceKind::Recurring, "year" | "yearly" | "annual") => length * 12,
        (PriceKind::Recurring, "quarter" | "quarterly") => length * 3,
        (PriceKind::Recurring, _) => length,
        _ => 0,
    };
    Some(Price { id: text("id").to_owned(), name: text("name").to_owned(), kind, amount, months })
}

pub(crate) fn allowances_of(body: &Map<String, Value>) -> Allowances {
    let value = |name: &str| {
        let entry = list(body, "prodSpecCharValueUse").iter().find(|u| u["name"] == name)?;
        let value = &entry["productSpecCharacteristicValue"][0]["value"];
        value.as_i64().or_else(|| value.as_str()?.parse().ok())
    };
    Allowances {
        data_mb: value("dataMb"),
        voice_min: value("voiceMin"),
        sms: value("sms"),
        broadband_mbps: value("broadbandMbps"),
    }
}

fn term_of(entry: &Value) -> Term {
    let text = |name: &str| entry[name].as_str().unwrap_or("").to_owned();
    let amount = entry["duration"]["amount"].as_i64();
    let months = amount.map(|n| match entry["duration"]["units"].as_str() {
        Some("year" | "years") => n * 12,
        _ => n,
    });
    Term { name: text("name"), description: text("description"), months }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn sample(status: Lifecycle, from: Option<&str>, to: Option<&str>) -> Offering {
        let at = |t: &str| Timestamp::parse(t).unwrap();
        Offering {
            id: "o1".into(),
            name: "畅享套餐".into(),
            family: Family::Mobile,
            status,
            version: 1,
            area: String::new(),
            category: String::new(),
            audience: String::new(),
            valid_from: from.map(at),
            valid_to: to.map(at),
            sold_alone: true,
            spec_id: None,
            prices: vec![],
            price_text: None,
            allowances: Allowances::default(),
            terms: vec![],
            contract_months: None,
            components: vec![],
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

    #[test]
    fn a_price_knows_how_many_months_it_covers() {
        let months = |doc: Value| price_of(doc.as_object().unwrap()).map(|p| (p.amount.in_fen(), p.months, p.kind));
        let yearly = json!({"id": "p", "name": "年费", "priceType": "recurring", "recurringChargePeriodType": "year",
            "recurringChargePeriodLength": 2, "price": {"unit": "CNY", "value": 360}});
        assert_eq!(months(yearly), Some((36_000, 24, PriceKind::Recurring)));
        assert_eq!(
            months(json!({"priceType": "oneTime", "price": {"value": 100.5}})),
            Some((10_050, 0, PriceKind::OneTime))
        );
        assert_eq!(months(json!({"priceType": "recurring"})), None);
    }
}
