//! What discounts take off a set of charges.
//!
//! Order and rounding are fixed so that two offices get the same figure: of the discounts that do not stack only the one
//! worth most counts, the earlier named where two are worth the same; after it those that stack, percentages before
//! amounts, each on what the ones before have left. A percentage is taken of each charge and rounded half away from zero
//! to a fen; a part month gives the same part of the discount; nothing becomes negative. A discount of N months counts the
//! month it starts in as the first.

use super::{Applies, Charge, Part};
use kernel::{Date, Money, Result};
use serde::{Deserialize, Serialize};

/// How much.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Cut {
    Percent(i64),
    /// A month, or once.
    Fen(Money),
}

/// A discount that holds for an item.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reduction {
    pub id: String,
    pub name: String,
    pub applies: Applies,
    pub cut: Cut,
    #[serde(default)]
    pub months: Option<i64>,
    pub stackable: bool,
    /// `published`, or `granted` by a person.
    pub source: String,
    #[serde(default)]
    pub reason: String,
    #[serde(default)]
    pub request_id: Option<String>,
}

/// What a discount does to the first bill and to every further month.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DiscountLine {
    pub id: String,
    pub name: String,
    #[serde(rename = "type")]
    pub applies: Applies,
    /// On the first bill; negative.
    #[serde(rename = "amountFen")]
    pub amount: Money,
    /// In every whole month while it lasts; negative.
    #[serde(rename = "monthlyFen")]
    pub monthly: Money,
    pub months: Option<i64>,
    pub from: Date,
    /// The last day it holds; none where it has no end.
    pub until: Option<Date>,
    pub source: String,
    pub note: String,
    pub note_en: String,
}

/// The discounts that count, with what they take off; and those that gave way to a better one.
pub struct Reduced {
    pub lines: Vec<DiscountLine>,
    pub kept: Vec<Reduction>,
    pub gave_way: Vec<Reduction>,
}

/// The last day of a discount of so many months.
pub fn until(from: Date, months: Option<i64>) -> Option<Date> {
    let further = i32::try_from(months? - 1).unwrap_or(0);
    Some(from.first_of_month().plus_months(further).last_of_month())
}

/// Takes reductions off in the order given: what a quote has kept, on the charges of one of its products.
pub fn apply(charges: &[Charge], kept: &[Reduction], date: Date, divisor: i64) -> Result<Vec<DiscountLine>> {
    let part = Part::starting(date);
    let mut left: Vec<Left> = charges.iter().map(|c| Left::of(c, &part, divisor)).collect();
    kept.iter().map(|r| take(&mut left, r, date, &part, divisor)).collect()
}

/// A charge while discounts are taken off it.
struct Left {
    months: i64,
    /// The whole amount: of a month, of several months, or once.
    full: Money,
    /// What of it stands on the first bill.
    first: Money,
}

impl Left {
    fn of(charge: &Charge, part: &Part, divisor: i64) -> Self {
        let full = charge.amount;
        let first = if charge.months == 1 { part.charge(full, divisor) } else { full };
        Self { months: charge.months, full, first }
    }
}

/// Takes `reductions` off `charges` that start on `date`, `quantity` times: reckoned for one and multiplied, as each
/// product is billed by itself.
pub fn reduce(
    charges: &[Charge],
    reductions: &[Reduction],
    quantity: i64,
    date: Date,
    divisor: i64,
) -> Result<Reduced> {
    let part = Part::starting(date);
    let left: Vec<Left> = charges.iter().map(|c| Left::of(c, &part, divisor)).collect();
    let (alone, stacking): (Vec<&Reduction>, Vec<&Reduction>) = reductions.iter().partition(|r| !r.stackable);
    let mut gave_way = Vec::new();
    let mut order: Vec<&Reduction> = Vec::new();
    for applies in [Applies::OneTime, Applies::Recurring] {
        let rivals: Vec<&Reduction> = alone.iter().copied().filter(|r| r.applies == applies).collect();
        let mut best: Option<(Money, &Reduction)> = None;
        for rival in rivals.iter().copied() {
            let worth = worth(&left, rival)?;
            if best.is_none_or(|(most, _)| worth > most) {
                best = Some((worth, rival));
            }
        }
        if let Some((_, best)) = best {
            gave_way.extend(rivals.into_iter().filter(|r| r.id != best.id).cloned());
            order.push(best);
        }
    }
    let is_percent = |r: &&Reduction| matches!(r.cut, Cut::Percent(_));
    order.extend(stacking.iter().copied().filter(is_percent));
    order.extend(stacking.iter().copied().filter(|r| !is_percent(r)));
    let kept: Vec<Reduction> = order.into_iter().cloned().collect();
    let mut lines = apply(charges, &kept, date, divisor)?;
    for line in &mut lines {
        line.amount = line.amount.times(quantity)?;
        line.monthly = line.monthly.times(quantity)?;
    }
    Ok(Reduced { lines, kept, gave_way })
}

const fn concerns(left: &Left, reduction: &Reduction) -> bool {
    match reduction.applies {
        Applies::OneTime => left.months == 0,
        Applies::Recurring => left.months > 0,
    }
}

/// What the reduction would take off whole charges by itself.
fn worth(left: &[Left], reduction: &Reduction) -> Result<Money> {
    let mut sum = Money::ZERO;
    for charge in left.iter().filter(|l| concerns(l, reduction)) {
        let off = match reduction.cut {
            Cut::Percent(percent) => charge.full.prorated(percent, 100),
            Cut::Fen(_) => charge.full,
        };
        sum = sum.plus(off)?;
    }
    match reduction.cut {
        Cut::Percent(_) => Ok(sum),
        Cut::Fen(amount) => Ok(amount.min(sum)),
    }
}

fn take(left: &mut [Left], reduction: &Reduction, date: Date, part: &Part, divisor: i64) -> Result<DiscountLine> {
    let (mut first, mut monthly) = (Money::ZERO, Money::ZERO);
    let mut budget = match reduction.cut {
        Cut::Fen(amount) => amount,
        Cut::Percent(_) => Money::ZERO,
    };
    for charge in left.iter_mut().filter(|l| concerns(l, reduction)) {
        let off = match reduction.cut {
            Cut::Percent(percent) => charge.full.prorated(percent, 100).min(charge.full),
            Cut::Fen(_) => budget.min(charge.full),
        };
        if off <= Money::ZERO {
            continue;
        }
        if matches!(reduction.cut, Cut::Fen(_)) {
            budget = budget.plus(off.negated())?;
        }
        let now = if charge.months == 1 { part.charge(off, divisor) } else { off }.min(charge.first);
        charge.full = charge.full.plus(off.negated())?;
        charge.first = charge.first.plus(now.negated())?;
        first = first.plus(now)?;
        if charge.months == 1 {
            monthly = monthly.plus(off)?;
        }
    }
    let ends = if reduction.applies == Applies::Recurring { until(date, reduction.months) } else { None };
    let (zh, en) = match reduction.cut {
        Cut::Percent(percent) => (format!("减 {percent}%"), format!("{percent}% off")),
        Cut::Fen(amount) if reduction.applies == Applies::Recurring => {
            (format!("每月减 {amount} 元"), format!("{amount} yuan off a month"))
        }
        Cut::Fen(amount) => (format!("减 {amount} 元"), format!("{amount} yuan off")),
    };
    let (note, note_en) = match ends {
        Some(end) => (format!("{zh}，至 {end}"), format!("{en} until {end}")),
        None => (zh, en),
    };
    Ok(DiscountLine {
        id: reduction.id.clone(),
        name: reduction.name.clone(),
        applies: reduction.applies,
        amount: first.negated(),
        monthly: monthly.negated(),
        months: reduction.months,
        from: date,
        until: ends,
        source: reduction.source.clone(),
        note,
        note_en,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn charge(amount: i64, months: i64) -> Charge {
        Charge { price_id: "p".into(), name: "p".into(), amount: Money::fen(amount), months }
    }

    fn off(id: &str, applies: Applies, cut: Cut, stackable: bool) -> Reduction {
        Reduction {
            id: id.into(),
            name: id.into(),
            applies,
            cut,
            months: None,
            stackable,
            source: "published".into(),
            reason: String::new(),
            request_id: None,
        }
    }

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    fn figures(reduced: &Reduced) -> Vec<(String, i64, i64)> {
        reduced.lines.iter().map(|l| (l.id.clone(), l.amount.in_fen(), l.monthly.in_fen())).collect()
    }

    #[test]
    fn percentages_come_before_amounts_each_on_what_is_left() {
        let charges = [charge(9_999, 1), charge(10_000, 0)];
        let fen = |n| Cut::Fen(Money::fen(n));
        let asked = [
            off("ten-yuan", Applies::Recurring, fen(1_000), true),
            off("half", Applies::Recurring, Cut::Percent(50), true),
            off("fee", Applies::OneTime, fen(99_999), true),
        ];
        let reduced = reduce(&charges, &asked, 1, day("2026-11-01"), 30).unwrap();
        // half of 99.99 is 50.00 (rounded away from zero), of the 49.99 left ten are taken; the fee cannot go below zero
        assert_eq!(
            figures(&reduced),
            [("half".into(), -5_000, -5_000), ("ten-yuan".into(), -1_000, -1_000), ("fee".into(), -10_000, 0)]
        );
    }

    #[test]
    fn of_those_that_do_not_stack_the_best_counts() {
        let charges = [charge(10_000, 1)];
        let asked = [
            off("ten", Applies::Recurring, Cut::Percent(10), false),
            off("twenty", Applies::Recurring, Cut::Percent(20), false),
            off("also-twenty", Applies::Recurring, Cut::Fen(Money::fen(2_000)), false),
            off("stack", Applies::Recurring, Cut::Percent(10), true),
        ];
        let reduced = reduce(&charges, &asked, 2, day("2026-11-16"), 30).unwrap();
        assert_eq!(figures(&reduced), [("twenty".into(), -2_000, -4_000), ("stack".into(), -800, -1_600)]);
        assert_eq!(reduced.gave_way.iter().map(|r| r.id.as_str()).collect::<Vec<_>>(), ["ten", "also-twenty"]);
    }

    #[test]
    fn the_started_month_is_the_first_of_a_limited_discount() {
        assert_eq!(until(day("2026-11-16"), Some(12)).unwrap().to_string(), "2027-10-31");
        assert_eq!(until(day("2026-11-30"), Some(1)).unwrap().to_string(), "2026-11-30");
        assert_eq!(until(day("2026-11-30"), None), None);
    }

    #[test]
    fn no_combination_makes_a_charge_negative() {
        for percent in [1, 33, 50, 99, 100] {
            for amount in [1, 333, 9_999, 10_000, 20_000] {
                for start in ["2026-11-01", "2026-11-16", "2026-11-30", "2028-02-29"] {
                    let asked = [
                        off("a", Applies::Recurring, Cut::Percent(percent), false),
                        off("b", Applies::Recurring, Cut::Fen(Money::fen(amount)), true),
                        off("c", Applies::Recurring, Cut::Percent(percent), true),
                    ];
                    let charges = [charge(9_999, 1), charge(120_000, 12)];
                    let reduced = reduce(&charges, &asked, 3, day(start), 30).unwrap();
                    let first: i64 = reduced.lines.iter().map(|l| l.amount.in_fen()).sum();
                    let monthly: i64 = reduced.lines.iter().map(|l| l.monthly.in_fen()).sum();
                    let due = Part::starting(day(start)).charge(Money::fen(9_999), 30).in_fen() * 3 + 360_000;
                    assert!(-first <= due && -monthly <= 29_997, "{percent} {amount} {start}: {first} {monthly}");
                }
            }
        }
    }
}
