//! A quote: the lines that the first bill will have when the items start on a given day.

use super::{
    Applies, Charge, DiscountLine, Owned, Part, PriceAsk, PriceItem, Reduction, Tariff, discount, reductions, tariff,
};
use crate::{contract, settings, subscription};
use kernel::{Date, Money, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::Tx;

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ChargeKind {
    OneTime,
    Recurring,
    /// What was used.
    Usage,
    /// Given or taken by decision.
    Adjustment,
}

impl ChargeKind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::OneTime => "oneTime",
            Self::Recurring => "recurring",
            Self::Usage => "usage",
            Self::Adjustment => "adjustment",
        }
    }
}

/// One line of a quote or a bill, with the trace of how its amount came about.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: ChargeKind,
    #[serde(rename = "amountFen")]
    pub amount: Money,
    /// Days charged, where only a part of a month is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<i64>,
    pub note: String,
    pub note_en: String,
    /// What every further month costs because of this line.
    #[serde(rename = "monthlyFen")]
    pub monthly: Money,
    pub from: Date,
    pub to: Date,
}

/// A discount that does not count, and why.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Declined {
    pub id: String,
    pub name: String,
    pub zh: String,
    pub en: String,
}

/// How long the item would bind the customer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Bound {
    pub months: i64,
    pub starts: Date,
    pub ends: Date,
    /// What leaving on the first day would cost.
    #[serde(rename = "earlyTerminationFen")]
    pub early_termination: Money,
    pub rule: String,
    pub rule_en: String,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QuoteItem {
    pub offering_id: String,
    pub version: i64,
    pub name: String,
    pub quantity: i64,
    pub lines: Vec<Line>,
    pub discounts: Vec<DiscountLine>,
    pub declined: Vec<Declined>,
    pub contract: Option<Bound>,
    /// What is to be charged from then on, once for each unit: an order keeps it, so that what was agreed is charged.
    pub charges: Vec<Owned>,
    pub reductions: Vec<Reduction>,
}

impl QuoteItem {
    /// What an order keeps of this price: the version, the charges and the discounts agreed. It is handed to billing as
    /// `new.pricing` of the start.
    pub fn pinned(&self) -> Value {
        json!({"offeringVersion": self.version, "charges": self.charges, "reductions": self.reductions})
    }
}

#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Quote {
    pub items: Vec<QuoteItem>,
    #[serde(rename = "oneTimeFen")]
    pub one_time: Money,
    #[serde(rename = "firstMonthFen")]
    pub first_month: Money,
    /// What every further month costs while the discounts last …
    #[serde(rename = "monthlyFen")]
    pub monthly: Money,
    /// … and after the last of the limited ones has ended.
    #[serde(rename = "monthlyAfterFen")]
    pub monthly_after: Money,
    #[serde(rename = "dueNowFen")]
    pub due_now: Money,
    /// What the discounts take off what is due now; not negative.
    #[serde(rename = "discountFen")]
    pub discount: Money,
    /// Another billing system computed it.
    #[serde(default)]
    pub outside: bool,
}

/// What an ask costs, computed from the catalogue. Amounts are net of discounts, which stand in lines of their own.
pub fn compute(tx: &mut Tx<'_>, ask: &PriceAsk) -> Result<Quote> {
    ask.check()?;
    let divisor = settings::DIVISOR.number(tx)?;
    let held = match &ask.customer_id {
        Some(customer_id) => subscription::offerings_of(tx, customer_id)?,
        None => Vec::new(),
    };
    let together = together(ask, held);
    let mut quote = Quote::default();
    for item in &ask.items {
        let one = priced(tx, item, ask.at, &together, divisor)?;
        quote.add(&one)?;
        quote.items.push(one);
    }
    quote.due_now = quote.one_time.plus(quote.first_month)?;
    Ok(quote)
}

/// Everything held or bought together: what a discount across products looks at.
fn together(ask: &PriceAsk, mut held: Vec<String>) -> Vec<String> {
    for item in &ask.items {
        held.push(item.offering_id.clone());
        held.extend(item.selection.iter().filter(|p| p.quantity > 0).map(|p| p.offering_id.clone()));
    }
    held
}

fn priced(tx: &mut Tx<'_>, item: &PriceItem, at: Date, together: &[String], divisor: i64) -> Result<QuoteItem> {
    let Tariff { offering, charges } = tariff(tx, item)?;
    let (wanted, mut declined) = reductions(tx, &offering, item, together)?;
    let plain: Vec<Charge> = charges.iter().map(|o| o.charge.clone()).collect();
    let reduced = discount::reduce(&plain, &wanted, item.quantity, at, divisor)?;
    for beaten in &reduced.gave_way {
        declined.push(Declined {
            id: beaten.id.clone(),
            name: beaten.name.clone(),
            zh: "与更优惠的折扣不能同享".into(),
            en: "cannot be combined with a better discount".into(),
        });
    }
    let lines = lines(&plain, item.quantity, at, divisor)?;
    let contract = contract::bound(&offering, &plain, &reduced.lines, item.quantity, at)?;
    Ok(QuoteItem {
        offering_id: offering.id,
        version: offering.version,
        name: offering.name,
        quantity: item.quantity,
        lines,
        discounts: reduced.lines,
        declined,
        contract,
        charges,
        reductions: reduced.kept,
    })
}

impl Quote {
    fn add(&mut self, item: &QuoteItem) -> Result<()> {
        for line in &item.lines {
            match line.kind {
                ChargeKind::OneTime => self.one_time = self.one_time.plus(line.amount)?,
                ChargeKind::Recurring => self.first_month = self.first_month.plus(line.amount)?,
                // Neither is ever quoted.
                ChargeKind::Usage | ChargeKind::Adjustment => {}
            }
            self.monthly = self.monthly.plus(line.monthly)?;
            self.monthly_after = self.monthly_after.plus(line.monthly)?;
        }
        for off in &item.discounts {
            match off.applies {
                Applies::OneTime => self.one_time = self.one_time.plus(off.amount)?,
                Applies::Recurring => self.first_month = self.first_month.plus(off.amount)?,
            }
            self.monthly = self.monthly.plus(off.monthly)?;
            if off.until.is_none() {
                self.monthly_after = self.monthly_after.plus(off.monthly)?;
            }
            self.discount = self.discount.plus(off.amount.negated())?;
        }
        Ok(())
    }
}

/// The lines of charges that start on `date`.
pub fn lines(charges: &[Charge], quantity: i64, date: Date, divisor: i64) -> Result<Vec<Line>> {
    charges.iter().map(|c| line(c, quantity, date, divisor)).collect()
}

/// The first line of a charge that starts on `date`.
pub fn line(charge: &Charge, quantity: i64, date: Date, divisor: i64) -> Result<Line> {
    let full = charge.amount.times(quantity)?;
    let part = Part::starting(date);
    let base = Line {
        name: charge.name.clone(),
        kind: ChargeKind::Recurring,
        amount: full,
        days: None,
        note: String::new(),
        note_en: String::new(),
        monthly: Money::ZERO,
        from: date,
        to: part.to,
    };
    Ok(match charge.months {
        0 => Line {
            kind: ChargeKind::OneTime,
            to: date,
            note: "一次性费用".into(),
            note_en: "one-time charge".into(),
            ..base
        },
        1 if part.whole => Line {
            monthly: full,
            note: format!("整月 {full} 元"),
            note_en: format!("whole month, {full} yuan"),
            ..base
        },
        1 => Line {
            amount: part.charge(charge.amount, divisor).times(quantity)?,
            days: Some(part.days),
            monthly: full,
            note: format!("月费 {full} 元 ÷ {divisor} × {} 天（{date} 至 {}）", part.days, part.to),
            note_en: format!("{full} yuan a month ÷ {divisor} × {} days ({date} to {})", part.days, part.to),
            ..base
        },
        months => Line {
            to: date.plus_months(i32::try_from(months).unwrap_or(1)).plus_days(-1),
            note: format!("每 {months} 个月 {full} 元，开通时一次收取"),
            note_en: format!("{full} yuan for {months} months, charged at the start"),
            ..base
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn charge(name: &str, amount: i64, months: i64) -> Charge {
        Charge { price_id: name.into(), name: name.into(), amount: Money::fen(amount), months }
    }

    #[test]
    fn one_time_monthly_and_yearly_charges_each_follow_their_own_rule() {
        let charges = vec![charge("装机费", 10_000, 0), charge("月费", 300_000, 1), charge("年费", 36_000, 12)];
        let lines = lines(&charges, 1, Date::parse("2026-11-16").unwrap(), 30).unwrap();
        let amounts: Vec<i64> = lines.iter().map(|l| l.amount.in_fen()).collect();
        assert_eq!(amounts, [10_000, 150_000, 36_000]);
        assert_eq!(lines.iter().map(|l| l.monthly.in_fen()).sum::<i64>(), 300_000);
        assert_eq!(lines[1].days, Some(15));
        assert!(lines[1].note.contains("÷ 30 × 15 天"), "{}", lines[1].note);
        assert_eq!(lines[2].to.to_string(), "2027-11-15");
    }

    #[test]
    fn an_absurd_amount_is_refused_instead_of_wrapping() {
        let charges = [charge("x", i64::MAX / 2, 1)];
        assert!(lines(&charges, 3, Date::parse("2026-11-16").unwrap(), 30).is_err());
    }
}
