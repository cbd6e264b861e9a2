//! Discounts as data: a `productOfferingPrice` of the price type `discount` among the prices of an offering.
//!
//! A discount without `authority` applies by itself whenever its conditions hold; one with `authority` is granted by a
//! person, up to these limits and up to what the person's role may grant (see [`authority`](crate::authority)). What a
//! discount comes to is computed by `billing`.

use crate::{
    Offering, PriceKind,
    parse::{list, moment},
};
use kernel::{Money, Problem, Result, Timestamp};
use serde_json::{Map, Value};
use store::Tx;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DiscountValue {
    Percent(i64),
    /// Off each charge it applies to.
    Amount(Money),
}

/// How much a person may take off by hand: per cent of a charge, and fen a month.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limit {
    pub max_percent: i64,
    pub max_fen: i64,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Discount {
    pub id: String,
    pub name: String,
    pub value: DiscountValue,
    /// For how many months from the start; `None`: as long as the product is held.
    pub months: Option<i64>,
    /// `Recurring` or `OneTime`.
    pub applies: PriceKind,
    /// Held or bought together with one of these; empty: without condition. This is the discount across product lines.
    pub requires: Vec<String>,
    /// May be added to others; otherwise the better one counts.
    pub stackable: bool,
    pub valid_from: Option<Timestamp>,
    pub valid_to: Option<Timestamp>,
    /// Granted by hand, up to this.
    pub by_hand: Option<Limit>,
}

impl Discount {
    pub fn valid_at(&self, at: Timestamp) -> bool {
        self.valid_from.is_none_or(|from| at >= from) && self.valid_to.is_none_or(|to| at <= to)
    }
}

/// The discounts of an offering that can be had now.
pub fn discounts_for(tx: &mut Tx<'_>, offering: &Offering) -> Result<Vec<Discount>> {
    let now = tx.now();
    Ok(offering.discounts.iter().filter(|d| d.valid_at(now)).cloned().collect())
}

pub(crate) fn is_discount(body: &Map<String, Value>) -> bool {
    body.get("priceType").and_then(Value::as_str).is_some_and(|t| t.eq_ignore_ascii_case("discount"))
}

fn percent(body: &Map<String, Value>) -> Option<i64> {
    let value = body.get("percentage")?;
    value.as_i64().or_else(|| value.as_f64().filter(|f| f.fract() == 0.0).map(|f| f as i64))
}

/// `None` where it says neither how much nor a limit: a draft.
pub(crate) fn read(body: &Map<String, Value>) -> Option<Discount> {
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
    let authority = body.get("authority").filter(|a| a.is_object());
    let by_hand = authority.map(|a| Limit {
        max_percent: a["maxPercent"].as_i64().unwrap_or(0).clamp(0, 100),
        max_fen: a["maxFen"].as_i64().unwrap_or(0).max(0),
    });
    let amount = body.get("price").and_then(|p| Money::from_tmf(p).ok()).map(DiscountValue::Amount);
    let value = percent(body).map(DiscountValue::Percent).or(amount).or(by_hand.map(|_| DiscountValue::Percent(0)))?;
    let named = list(body, "requiresOffering").iter();
    Some(Discount {
        id: text("id"),
        name: text("name"),
        value,
        months: body.get("months").and_then(Value::as_i64).filter(|n| *n > 0),
        applies: PriceKind::parse(body.get("appliesTo").and_then(Value::as_str).unwrap_or("recurring")),
        requires: named.filter_map(|r| r["id"].as_str().or(r.as_str())).map(str::to_owned).collect(),
        stackable: body.get("stackable") == Some(&Value::Bool(true)),
        valid_from: moment(body, "startDateTime"),
        valid_to: moment(body, "endDateTime"),
        by_hand,
    })
}

pub(crate) fn check(body: &Map<String, Value>) -> Result<()> {
    if body.get("percentage").is_some_and(|p| !p.is_null()) && !percent(body).is_some_and(|n| (0..=100).contains(&n)) {
        return Err(Problem::invalid("percentage", "0–100"));
    }
    if let Some(price) = body.get("price").filter(|p| !p.is_null())
        && Money::from_tmf(price)?.in_fen() < 0
    {
        return Err(Problem::invalid("price", "< 0"));
    }
    if let Some(months) = body.get("months").filter(|m| !m.is_null())
        && !months.as_i64().is_some_and(|n| (1..=120).contains(&n))
    {
        return Err(Problem::invalid("months", "1–120"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_discount_is_read_with_its_conditions() {
        let body = json!({"id": "d", "name": "宽带电视双享", "priceType": "discount", "percentage": 50, "months": 12,
            "requiresOffering": [{"id": "of-broadband-300"}], "validFor": {"endDateTime": "2026-12-31T23:59:59+08:00"}});
        let discount = read(body.as_object().unwrap()).unwrap();
        assert_eq!((discount.value, discount.months), (DiscountValue::Percent(50), Some(12)));
        assert_eq!((discount.applies, discount.by_hand), (PriceKind::Recurring, None));
        assert!(discount.valid_at(Timestamp::parse("2026-11-22").unwrap()));
        assert!(!discount.valid_at(Timestamp::parse("2027-01-01").unwrap()));
        let by_hand = json!({"priceType": "Discount", "authority": {"maxPercent": 30, "maxFen": 2000}});
        let limit = Limit { max_percent: 30, max_fen: 2000 };
        assert_eq!(read(by_hand.as_object().unwrap()).unwrap().by_hand, Some(limit));
        assert!(read(json!({"priceType": "discount"}).as_object().unwrap()).is_none());
    }

    #[test]
    fn absurd_figures_are_refused() {
        for body in [
            json!({"percentage": 101}),
            json!({"percentage": "x"}),
            json!({"price": {"value": -1}}),
            json!({"months": 0}),
        ] {
            assert!(check(body.as_object().unwrap()).is_err(), "{body}");
        }
        assert!(check(json!({"percentage": 50.0, "months": 6}).as_object().unwrap()).is_ok());
    }
}
