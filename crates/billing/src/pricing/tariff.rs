//! The charges of an offering as the catalogue publishes them.

use kernel::{Money, Result};
use store::Tx;

/// One charge of an offering. Usage is rated elsewhere and is no charge by itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Charge {
    pub price_id: String,
    pub name: String,
    pub amount: Money,
    /// Months that one amount covers; 0 for a one-time charge.
    pub months: i64,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tariff {
    pub offering_id: String,
    pub name: String,
    pub charges: Vec<Charge>,
    /// The offerings inside and how many of each, where it is a bundle.
    pub components: Vec<(String, i64)>,
}

/// The tariff of an offering; for a bundle without prices, with the charges of its components.
pub fn tariff(tx: &mut Tx<'_>, offering_id: &str) -> Result<Tariff> {
    let mut whole = own(tx, offering_id)?;
    if whole.charges.is_empty() {
        for (component, quantity) in whole.components.clone() {
            let charges = own(tx, &component)?.charges;
            for _ in 0..quantity.clamp(1, 100) {
                whole.charges.extend(charges.iter().cloned());
            }
        }
    }
    Ok(whole)
}

/// The charges that the offering carries itself.
pub fn own(tx: &mut Tx<'_>, offering_id: &str) -> Result<Tariff> {
    let offering = catalog::offering(tx, offering_id)?;
    let charges = offering.prices.iter().filter_map(|p| {
        let months = match p.kind {
            catalog::PriceKind::OneTime => 0,
            catalog::PriceKind::Recurring => p.months.max(1),
            catalog::PriceKind::Usage => return None,
        };
        Some(Charge { price_id: p.id.clone(), name: p.name.clone(), amount: p.amount, months })
    });
    Ok(Tariff {
        offering_id: offering_id.to_owned(),
        charges: charges.collect(),
        components: offering.components.iter().map(|c| (c.offering_id.clone(), c.quantity)).collect(),
        name: offering.name.clone(),
    })
}
