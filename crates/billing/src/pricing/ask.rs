//! What somebody wants to know the price of. The same shape goes over the wire to another billing system.

use catalog::Selection;
use kernel::{Date, Money, Problem, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Items that start on one day for one customer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PriceAsk {
    /// What this customer holds already counts for discounts across products.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<String>,
    pub at: Date,
    pub items: Vec<PriceItem>,
}

#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PriceItem {
    pub offering_id: String,
    /// The version the order is pinned to; the current one where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// What was picked inside a bundle; empty for what it proposes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub selection: Selection,
    #[serde(default = "one")]
    pub quantity: i64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub discounts: Vec<Discount>,
    /// The product whose tariff this would replace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_id: Option<String>,
}

const fn one() -> i64 {
    1
}

/// Which of the two kinds of charge a discount reduces.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Applies {
    #[default]
    Recurring,
    OneTime,
}

impl Applies {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Recurring => "recurring",
            Self::OneTime => "oneTime",
        }
    }
}

/// A discount that is asked for: one the catalogue publishes (`discountId`), or one that a member of staff grants. One
/// that the catalogue leaves to staff within limits names both: the id, and how much.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Discount {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<i64>,
    #[serde(default, rename = "amountFen", skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// How many months it lasts, the started one included; without end where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<i64>,
    #[serde(default)]
    pub applies: Applies,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// The approved request that lifts the granting person's limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// Items of one ask; more are several orders.
const MOST_ITEMS: usize = 100;

impl PriceAsk {
    /// Plain items at their current versions, without discounts.
    pub fn plain(items: &[(String, i64)], at: Date) -> Self {
        let item = |(id, quantity): &(String, i64)| PriceItem {
            offering_id: id.clone(),
            quantity: *quantity,
            ..PriceItem::default()
        };
        Self { customer_id: None, at, items: items.iter().map(item).collect() }
    }

    /// Refuses what cannot be meant, before anything is looked up.
    pub fn check(&self) -> Result<()> {
        if self.items.len() > MOST_ITEMS {
            return Err(Problem::invalid("items", &format!("≤ {MOST_ITEMS}")));
        }
        for item in &self.items {
            if !(1..=10_000).contains(&item.quantity) {
                return Err(Problem::invalid("quantity", "1–10000"));
            }
            if item.discounts.len() > 20 {
                return Err(Problem::invalid("discounts", "≤ 20"));
            }
            item.discounts.iter().try_for_each(Discount::check)?;
        }
        Ok(())
    }
}

impl Discount {
    fn check(&self) -> Result<()> {
        if self.months.is_some_and(|m| !(1..=120).contains(&m)) {
            return Err(Problem::invalid("discounts.months", "1–120"));
        }
        if self.reason.chars().count() > 500 || self.name.as_ref().is_some_and(|n| n.chars().count() > 100) {
            return Err(Problem::invalid("discounts.reason", "≤ 500"));
        }
        match (&self.discount_id, self.percent, self.amount) {
            (Some(_), None, None) | (_, Some(1..=100), None) => Ok(()),
            (_, Some(_), None) => Err(Problem::invalid("discounts.percent", "1–100")),
            (_, None, Some(amount)) if amount > Money::ZERO && amount.times(1).is_ok() => Ok(()),
            (_, None, Some(_)) => Err(Problem::invalid("discounts.amountFen", "> 0")),
            _ => Err(Problem::invalid("discounts", "percent | amountFen")),
        }
    }

    /// How much a person takes off; none where the catalogue says it.
    pub const fn granted(&self) -> bool {
        self.percent.is_some() || self.amount.is_some()
    }
}

/// The discounts of a document written by us or by a client; none where there are none.
pub fn discounts_in(value: &Value) -> Result<Vec<Discount>> {
    match value {
        Value::Null => Ok(Vec::new()),
        list => {
            let read: Vec<Discount> =
                serde_json::from_value(list.clone()).map_err(|e| Problem::invalid("discounts", &e.to_string()))?;
            read.iter().try_for_each(Discount::check)?;
            Ok(read)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_discount_is_published_or_one_amount_and_nothing_absurd() {
        for good in [
            json!([{"discountId": "d1"}]),
            json!([{"percent": 10, "months": 12, "reason": "老客户"}]),
            json!([{"amountFen": 500, "applies": "oneTime"}]),
            json!([]),
            Value::Null,
        ] {
            assert!(discounts_in(&good).is_ok(), "{good}");
        }
        for bad in [
            json!([{"percent": 0}]),
            json!([{"percent": 101}]),
            json!([{"amountFen": 0}]),
            json!([{"amountFen": i64::MAX}]),
            json!([{"amountFen": -5}]),
            json!([{"percent": 10, "amountFen": 5}]),
            json!([{"discountId": "d1", "percent": 5, "amountFen": 5}]),
            json!([{"percent": 10, "months": 0}]),
            json!([{}]),
            json!("10%"),
        ] {
            assert!(discounts_in(&bad).is_err(), "{bad}");
        }
    }
}
