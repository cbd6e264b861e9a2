//! A quote: the lines that the first bill will have when the items start on a given day.

use super::{Charge, Part, Tariff, tariff};
use crate::settings;
use kernel::{Date, Money, Problem, Result};
use serde::Serialize;
use store::Tx;

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ChargeKind {
    OneTime,
    Recurring,
}

impl ChargeKind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::OneTime => "oneTime",
            Self::Recurring => "recurring",
        }
    }
}

/// One line of a quote or a bill, with the trace of how its amount came about.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: ChargeKind,
    #[serde(rename = "amountFen")]
    pub amount: Money,
    /// Days charged, where only a part of a month is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<i64>,
    pub note: String,
    pub note_en: String,
    /// What every further month costs because of this line.
    #[serde(rename = "monthlyFen")]
    pub monthly: Money,
    pub from: Date,
    pub to: Date,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct QuoteItem {
    pub offering_id: String,
    pub name: String,
    pub quantity: i64,
    pub lines: Vec<Line>,
}

#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Quote {
    pub items: Vec<QuoteItem>,
    #[serde(rename = "oneTimeFen")]
    pub one_time: Money,
    #[serde(rename = "firstMonthFen")]
    pub first_month: Money,
    #[serde(rename = "monthlyFen")]
    pub monthly: Money,
    #[serde(rename = "dueNowFen")]
    pub due_now: Money,
}

/// What `items` (offering and quantity) cost when they start on `date`.
pub fn price(tx: &mut Tx<'_>, items: &[(String, i64)], date: Date) -> Result<Quote> {
    let divisor = settings::DIVISOR.number(tx)?;
    let mut quote = Quote::default();
    for (offering_id, quantity) in items {
        if !(1..=10_000).contains(quantity) {
            return Err(Problem::invalid("quantity", "1–10000"));
        }
        let tariff = tariff(tx, offering_id)?;
        let lines = lines(&tariff, *quantity, date, divisor)?;
        for line in &lines {
            match line.kind {
                ChargeKind::OneTime => quote.one_time = quote.one_time.plus(line.amount)?,
                ChargeKind::Recurring => quote.first_month = quote.first_month.plus(line.amount)?,
            }
            quote.monthly = quote.monthly.plus(line.monthly)?;
        }
        let offering_id = offering_id.clone();
        quote.items.push(QuoteItem { offering_id, name: tariff.name, quantity: *quantity, lines });
    }
    quote.due_now = quote.one_time.plus(quote.first_month)?;
    Ok(quote)
}

/// The lines of one tariff that starts on `date`.
pub fn lines(tariff: &Tariff, quantity: i64, date: Date, divisor: i64) -> Result<Vec<Line>> {
    tariff.charges.iter().map(|c| line(c, quantity, date, divisor)).collect()
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
            amount: part.charge(full, divisor),
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
        let tariff = Tariff { offering_id: "o".into(), name: "o".into(), charges, components: vec![] };
        let lines = lines(&tariff, 1, Date::parse("2026-11-16").unwrap(), 30).unwrap();
        let amounts: Vec<i64> = lines.iter().map(|l| l.amount.in_fen()).collect();
        assert_eq!(amounts, [10_000, 150_000, 36_000]);
        assert_eq!(lines.iter().map(|l| l.monthly.in_fen()).sum::<i64>(), 300_000);
        assert_eq!(lines[1].days, Some(15));
        assert!(lines[1].note.contains("÷ 30 × 15 天"), "{}", lines[1].note);
        assert_eq!(lines[2].to.to_string(), "2027-11-15");
    }

    #[test]
    fn an_absurd_amount_is_refused_instead_of_wrapping() {
        let tariff = Tariff {
            offering_id: "o".into(),
            name: "o".into(),
            charges: vec![charge("x", i64::MAX / 2, 1)],
            components: vec![],
        };
        assert!(lines(&tariff, 3, Date::parse("2026-11-16").unwrap(), 30).is_err());
    }
}
