//! The charges of an offering as the catalogue publishes them, and which product of a bundle carries which.

use super::PriceItem;
use catalog::{Offering, PriceKind};
use kernel::{Money, Result};
use serde::{Deserialize, Serialize};
use store::Tx;

/// One charge of an offering. Usage is rated elsewhere and is no charge by itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Charge {
    pub price_id: String,
    pub name: String,
    #[serde(rename = "amountFen")]
    pub amount: Money,
    /// Months that one amount covers; 0 for a one-time charge.
    pub months: i64,
}

/// A charge and whose it is: the bundle's as a whole, or that of one unit of a part.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Owned {
    pub offering_id: String,
    /// Which of several parts of the same offering.
    #[serde(default)]
    pub unit: i64,
    #[serde(flatten)]
    pub charge: Charge,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tariff {
    pub offering: Offering,
    pub charges: Vec<Owned>,
}

/// The tariff of an item.
///
/// A bundle with prices of its own is charged as a whole: what is fixed in it, and what one may choose within a group, is
/// in its price. What is added beyond what the bundle proposes is charged at its own price. A bundle without prices costs
/// what its parts cost.
pub fn tariff(tx: &mut Tx<'_>, item: &PriceItem) -> Result<Tariff> {
    let offering = catalog::offering_at(tx, &item.offering_id, item.version)?;
    let mut charges = owned(&offering, 0);
    if offering.is_bundle() {
        let all_in = !charges.is_empty();
        for picked in offering.chosen(&item.selection) {
            let option = offering.options.iter().find(|o| o.offering_id == picked.offering_id);
            let included = match option {
                Some(option) if all_in && option.group.is_some() => picked.quantity,
                Some(option) if all_in => option.default.max(option.min),
                _ => 0,
            };
            if included >= picked.quantity {
                continue;
            }
            let part = catalog::offering_at(tx, &picked.offering_id, picked.version)?;
            for unit in included..picked.quantity.min(100) {
                charges.extend(owned(&part, unit));
            }
        }
    }
    Ok(Tariff { offering, charges })
}

fn owned(offering: &Offering, unit: i64) -> Vec<Owned> {
    charges(offering).into_iter().map(|charge| Owned { offering_id: offering.id.clone(), unit, charge }).collect()
}

/// The charges that the offering carries itself.
pub fn charges(offering: &Offering) -> Vec<Charge> {
    let charge = |p: &catalog::Price| {
        let months = match p.kind {
            PriceKind::OneTime => 0,
            PriceKind::Recurring => p.months.max(1),
            PriceKind::Usage => return None,
        };
        Some(Charge { price_id: p.id.clone(), name: p.name.clone(), amount: p.amount, months })
    };
    offering.prices.iter().filter_map(charge).collect()
}
