//! What the derived attributes are computed from: records of one customer, reduced to figures. No reading, no clock of its own.

use crate::view::Whole;
use kernel::{Date, Timestamp};
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Facts {
    /// Billed by calendar month, `YYYY-MM`, oldest first, at most 24.
    pub months: Vec<(String, i64)>,
    pub accounts: i64,
    /// Lines in use: products that work, options and devices aside.
    pub lines: i64,
    pub families: Vec<String>,
    pub monthly_fee: i64,
    /// Months since the customer came.
    pub tenure: i64,
    /// Bills that were due until today, and those of them that are paid in full.
    pub due_bills: i64,
    pub paid_bills: i64,
    pub overdue: i64,
    pub paid_in_year: i64,
    pub suspended: i64,
    pub complaints_in_year: i64,
    pub complaints_lately: i64,
    pub complaints_open: i64,
    /// Days until the first contract ends.
    pub contract_days: Option<i64>,
    pub closed: bool,
    pub live: i64,
}

/// A year and a quarter, in days.
const YEAR: i64 = 365;
const LATELY: i64 = 90;

fn month_of(text: &str) -> Option<String> {
    text.get(..7).map(str::to_owned)
}

fn is_line(family: &str) -> bool {
    !matches!(family, "option" | "device" | "content")
}

impl Facts {
    pub fn of(whole: &Whole, today: Date) -> Self {
        let mut by_month: BTreeMap<String, i64> = BTreeMap::new();
        let mut facts = Self { accounts: whole.money.accounts.len() as i64, ..Self::default() };
        for bill in &whole.money.bills {
            if let Some(month) = bill.period["start"].as_str().and_then(month_of) {
                *by_month.entry(month).or_default() += bill.amount.in_fen();
            }
            if bill.due_date < today {
                facts.due_bills += 1;
                facts.paid_bills += i64::from(bill.remaining.is_zero());
            }
        }
        facts.months = by_month.into_iter().collect();
        let cut = facts.months.len().saturating_sub(24);
        facts.months.drain(..cut);
        facts.overdue = whole.money.arrears.overdue.in_fen();
        let since = |at: Timestamp| today.days_since(at.date());
        facts.paid_in_year =
            whole.money.payments.iter().filter(|p| since(p.at) <= YEAR).map(|p| p.amount.in_fen()).sum();
        let mut oldest = whole.portrait.summary.created_at.date();
        for product in &whole.products {
            let status = product["status"].as_str().unwrap_or("");
            let started = product["startDate"].as_str().and_then(|s| Timestamp::parse(s).ok()).map(Timestamp::date);
            oldest = started.map_or(oldest, |s| s.min(oldest));
            if !matches!(status, "active" | "suspended" | "pendingTerminate") {
                continue;
            }
            facts.live += 1;
            facts.suspended += i64::from(status == "suspended");
            let family = product["family"].as_str().unwrap_or("other");
            facts.monthly_fee += product["monthlyFeeFen"].as_i64().unwrap_or(0);
            if is_line(family) {
                facts.lines += 1;
                if !facts.families.iter().any(|f| f == family) {
                    facts.families.push(family.to_owned());
                }
            }
        }
        facts.tenure = months_between(oldest, today);
        for ticket in whole.tickets.iter().filter(|t| t.ticket_type == "complaint") {
            let days = since(ticket.created_at);
            facts.complaints_in_year += i64::from(days <= YEAR);
            facts.complaints_lately += i64::from(days <= LATELY);
            facts.complaints_open +=
                i64::from(!matches!(ticket.status.as_str(), "closed" | "resolved" | "cancelled" | "rejected"));
        }
        let ends = whole.agreements.iter().filter_map(|a| Date::parse(a["end"].as_str()?).ok());
        facts.contract_days = ends.map(|end| end.days_since(today)).filter(|d| *d >= 0).min();
        facts.closed = whole.portrait.summary.status == "closed";
        facts
    }

    /// Average billed over the last six months that have a bill, this month aside.
    pub fn average(&self, this_month: &str) -> Option<i64> {
        let complete: Vec<i64> =
            self.months.iter().filter(|(m, _)| m.as_str() < this_month).map(|(_, fen)| *fen).collect();
        let last = &complete[complete.len().saturating_sub(6)..];
        if last.is_empty() { None } else { Some(last.iter().sum::<i64>() / last.len() as i64) }
    }

    /// Whether the last three complete months each brought at least a twentieth less than the one before.
    pub fn declines(&self, this_month: &str) -> bool {
        let complete: Vec<i64> =
            self.months.iter().filter(|(m, _)| m.as_str() < this_month).map(|(_, fen)| *fen).collect();
        let Some(last) = complete.get(complete.len().wrapping_sub(4)..) else { return false };
        last.len() == 4 && last.windows(2).all(|w| w[1] * 20 <= w[0] * 19 && w[0] > 0)
    }
}

fn months_between(from: Date, to: Date) -> i64 {
    let whole = i64::from(to.year() - from.year()) * 12 + i64::from(to.month()) - i64::from(from.month());
    (whole - i64::from(to.day() < from.day())).max(0)
}

/// The total of a JSON list's `amountFen`.
pub(crate) fn latest(months: &[(String, i64)]) -> Vec<Value> {
    months.iter().rev().map(|(month, fen)| serde_json::json!({"month": month, "amountFen": fen})).collect()
}

#[cfg(test)]
mod tests {
    use super::{Facts, months_between};
    use kernel::Date;

    fn months(figures: &[i64]) -> Facts {
        let months = figures.iter().enumerate().map(|(i, fen)| (format!("2026-{:02}", i + 1), *fen)).collect();
        Facts { months, ..Facts::default() }
    }

    #[test]
    fn the_average_leaves_the_running_month_out() {
        assert_eq!(months(&[100, 200, 900]).average("2026-03"), Some(150));
        assert_eq!(months(&[100]).average("2026-01"), None);
        assert_eq!(months(&[600, 0, 0, 0, 0, 0, 0, 60]).average("2026-12"), Some(10));
    }

    #[test]
    fn a_decline_is_three_falls_in_a_row() {
        assert!(months(&[1000, 900, 800, 700, 1]).declines("2026-05"));
        assert!(!months(&[1000, 900, 890, 700]).declines("2026-05"));
        assert!(!months(&[1000, 900, 800]).declines("2026-05"));
    }

    #[test]
    fn tenure_counts_whole_months() {
        let day = |text| Date::parse(text).expect("a date");
        assert_eq!(months_between(day("2025-11-22"), day("2026-11-21")), 11);
        assert_eq!(months_between(day("2025-11-22"), day("2026-11-22")), 12);
        assert_eq!(months_between(day("2026-12-01"), day("2026-11-22")), 0);
    }
}
