//! Prices by tiers and the rounding of fees. Thousandths of a fen in 128 bits: units are below 2^64 and prices below 2^30,
//! so a product fits, and so does the sum of more records than there can be.

use crate::{line::TierUse, plan::Tier, problems};
use kernel::{Money, Problem, Result};

/// The largest line: 10 billion yuan, as [`Money`] has it.
const MOST_FEN: i128 = 1_000_000_000_000;

/// What `units` cost after `before` units have been charged.
pub fn charge(tiers: &[Tier], before: u128, units: u128, mut used: Option<&mut Vec<TierUse>>) -> i128 {
    let (mut from, end) = (before, before + units);
    let mut milli: i128 = 0;
    for (i, tier) in tiers.iter().enumerate() {
        let until = tiers.get(i + 1).map_or(u128::MAX, |next| u128::from(next.from));
        if from >= until || from >= end {
            continue;
        }
        let here = end.min(until) - from;
        let price = i128::from(tier.price_milli_fen);
        milli = milli.saturating_add(i128::try_from(here).unwrap_or(i128::MAX).saturating_mul(price));
        if let Some(used) = used.as_deref_mut() {
            let units = u64::try_from(here).unwrap_or(u64::MAX);
            used.push(TierUse { from: tier.from, units, price_milli_fen: tier.price_milli_fen });
        }
        from = end.min(until);
    }
    milli
}

/// Half up to a whole fen, still in thousandths.
pub fn rounded_milli(milli: i128) -> i128 {
    milli.saturating_add(500).div_euclid(1_000).saturating_mul(1_000)
}

/// A line's amount, half up to a fen; refused beyond belief.
pub fn line(milli: i128, name: &str) -> Result<Money> {
    let fen = milli.saturating_add(500).div_euclid(1_000);
    if fen.abs() > MOST_FEN {
        return Err(Problem::new(&problems::OVERFLOW).with("where", name));
    }
    Ok(Money::fen(fen as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_walk_through_the_tiers() {
        let tier = |from, price_milli_fen| Tier { from, price_milli_fen };
        let tiers = [tier(0, 100), tier(10, 50), tier(20, 0)];
        assert_eq!(charge(&tiers, 0, 5, None), 500);
        assert_eq!(charge(&tiers, 8, 4, None), 2 * 100 + 2 * 50);
        assert_eq!(charge(&tiers, 0, 100, None), 1_000 + 500);
        assert_eq!(charge(&tiers, 30, 7, None), 0);
    }

    #[test]
    fn a_line_is_rounded_half_up_and_never_wraps() {
        assert_eq!(line(1_499, "x").unwrap(), Money::fen(1));
        assert_eq!(line(1_500, "x").unwrap(), Money::fen(2));
        assert!(line(i128::MAX, "x").unwrap_err().is(&problems::OVERFLOW));
        let tiers = [Tier { from: 0, price_milli_fen: 1_000_000_000 }];
        assert!(line(charge(&tiers, 0, u128::from(u64::MAX), None), "x").is_err());
    }
}
