//! What a product costs in a cycle, as a pure function of what billing knows about it.
//!
//! * A day costs a thirtieth of the monthly amount (the divisor is a setting), a whole cycle the whole amount and never
//!   more: of a month of 31 days the 31st charged day is free. The day a charge begins counts, the day it ends does not.
//! * What the first bill took in advance (the rest of the month of the start) is not charged again; an amount for several
//!   months is charged in advance on its anniversaries.
//! * Suspension goes by its reason, and the reasons are rows: by the customer's wish its own fee replaces the monthly
//!   one, for arrears the monthly fee ends after so many days, for anything else it goes on.
//! * A discount takes off each charge in the order given, for the days it holds. One that came with an offering ends with
//!   the prices it came with; one granted by a person stays.

use super::{days::Days, note::Note};
use crate::{
    pricing::{ChargeKind, Line},
    subscription::State,
};
use kernel::{Cycle, Date, Money, Result};

#[derive(Clone, Debug)]
pub struct ChargeRow {
    pub price_id: String,
    pub name: String,
    pub amount: Money,
    /// Months that one amount covers, at least 1.
    pub months: i64,
    pub from: Date,
    /// The first day it is not charged any more.
    pub to: Option<Date>,
}

/// From a day on the product is in this state.
#[derive(Clone, Debug)]
pub struct Turn {
    pub effective: Date,
    pub state: State,
    /// Of a suspension.
    pub reason: String,
}

/// From a day on another account is charged.
#[derive(Clone, Debug)]
pub struct Move {
    pub effective: Date,
    pub from: String,
    pub to: String,
    /// Taken back: it says whose the product was before, and nothing else.
    pub void: bool,
}

#[derive(Clone, Debug)]
pub struct DiscountRow {
    pub name: String,
    pub percent: Option<i64>,
    pub amount: Option<Money>,
    pub from: Date,
    pub until: Option<Date>,
    pub published: bool,
}

/// A product as billing knows it. Lists are in the order they were written.
#[derive(Clone, Debug)]
pub struct Facts {
    pub subscription_id: String,
    pub product_id: String,
    pub name: String,
    pub number: String,
    pub tax: String,
    /// Whose it is now.
    pub account_id: String,
    pub version: i64,
    pub from: Date,
    /// The first day it is not charged any more.
    pub to: Option<Date>,
    pub charges: Vec<ChargeRow>,
    pub turns: Vec<Turn>,
    pub moves: Vec<Move>,
    pub discounts: Vec<DiscountRow>,
}

/// What a reason of suspension does to the monthly charges.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Suspended {
    /// They go on.
    Charged,
    /// They go on for so many days.
    ChargedFor(i64),
    /// They rest, and the fee of a voluntary suspension is charged.
    Fee,
}

#[derive(Clone, Debug)]
pub struct Terms {
    pub divisor: i64,
    pub suspension_monthly: Money,
    pub suspension_months: i64,
    pub suspension_days: i64,
    /// By reason; `*` for all that have no row of their own.
    pub suspended: Vec<(String, Suspended)>,
}

/// A line with its note as it is kept, and the account that it is for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Charged {
    pub account_id: String,
    pub line: Line,
    pub note: Note,
}

/// What of the cycle is charged: days with the monthly amount, days with the fee of a voluntary suspension.
struct Spans {
    open: Days,
    fee: Days,
}

impl Terms {
    fn on(&self, reason: &str) -> &Suspended {
        let of = |name: &str| self.suspended.iter().find(|(r, _)| r == name).map(|(_, s)| s);
        of(reason).or_else(|| of("*")).unwrap_or(&Suspended::Charged)
    }
}

/// Did the product ever stand in this cycle?
pub fn stood(facts: &Facts, cycle: Cycle) -> bool {
    !alive(facts).within(cycle.first(), cycle.last()).is_empty()
}

fn alive(facts: &Facts) -> Days {
    let far = Date::new(9999, 12, 31).unwrap_or(facts.from);
    Days::span(facts.from, facts.to.map_or(far, |t| t.plus_days(-1)))
}

/// Spans of suspension with their reasons, each up to the day before the next word.
fn suspensions(facts: &Facts, last: Date) -> Vec<(Date, Date, String)> {
    let mut spans: Vec<(Date, Date, String)> = Vec::new();
    for turn in &facts.turns {
        for span in &mut spans {
            span.1 = span.1.min(turn.effective.plus_days(-1));
        }
        if turn.state == State::Suspended {
            spans.push((turn.effective, last, turn.reason.clone()));
        }
    }
    spans.retain(|(from, to, _)| from <= to);
    spans
}

fn spans(facts: &Facts, cycle: Cycle, terms: &Terms) -> Spans {
    let mut open = alive(facts).within(cycle.first(), cycle.last());
    let mut fee = Days::default();
    for (from, to, reason) in suspensions(facts, cycle.last()) {
        match terms.on(&reason) {
            Suspended::Charged => {}
            Suspended::ChargedFor(days) => {
                open = open.without(from.plus_days(i32::try_from(*days).unwrap_or(i32::MAX / 400)), to);
            }
            Suspended::Fee => {
                // Its first month was charged when it began.
                let after = from.first_of_month().plus_months(1);
                let charged = open.within(from.max(after), to);
                if let (Some(first), Some(last)) = (charged.first(), charged.last()) {
                    fee.add(first, last);
                }
                open = open.without(from, to);
            }
        }
    }
    Spans { open, fee }
}

/// Whose the days of the cycle are.
fn owners(facts: &Facts, cycle: Cycle) -> Vec<(String, Days)> {
    let whole = Days::span(cycle.first(), cycle.last());
    let Some(first) = facts.moves.first() else { return vec![(facts.account_id.clone(), whole)] };
    let mut owners: Vec<(String, Days)> = vec![(first.from.clone(), whole.clone())];
    for moved in facts.moves.iter().filter(|m| !m.void) {
        for (_, days) in &mut owners {
            *days = days.without(moved.effective, cycle.last());
        }
        let from = moved.effective.max(cycle.first());
        match owners.iter_mut().find(|(owner, _)| *owner == moved.to) {
            Some((_, days)) => days.add(from, cycle.last()),
            None => owners.push((moved.to.clone(), Days::span(from, cycle.last()))),
        }
    }
    owners.retain(|(_, days)| !days.is_empty());
    owners
}

/// One charge while discounts are taken off it.
struct Left<'a> {
    row: &'a ChargeRow,
    owner: &'a str,
    days: Days,
    full: Money,
    now: Money,
    /// What amounts off have taken of the full charge, by discount.
    taken: Vec<Money>,
}

/// `whole` where the days are the whole cycle.
fn part(amount: Money, days: i64, cycle: Cycle, whole: bool, divisor: i64) -> Money {
    if whole || days >= divisor || days >= cycle.days() { amount } else { amount.prorated(days, divisor) }
}

/// The lines of a product for a cycle, by the account that is to pay them.
pub fn reckon(facts: &Facts, cycle: Cycle, terms: &Terms) -> Result<Vec<Charged>> {
    let Spans { open, fee } = spans(facts, cycle, terms);
    let counted = open.first_days(terms.divisor);
    let owners = owners(facts, cycle);
    let mut lines = Vec::new();
    let mut left = Vec::new();
    for row in &facts.charges {
        let until = row.to.map_or(cycle.last(), |t| t.plus_days(-1));
        if row.months > 1 {
            if let Some((due, to)) = anniversary(row, cycle).filter(|(due, _)| !open.within(*due, *due).is_empty()) {
                for (owner, days) in &owners {
                    if !days.within(due, due).is_empty() {
                        let days = Days::span(due, due);
                        lines.push(charged(owner, row, row.amount, None, (due, to), {
                            Note::Months { months: row.months, from: due, to }
                        }));
                        left.push(Left { row, owner, days, full: row.amount, now: row.amount, taken: vec![] });
                    }
                }
            }
            continue;
        }
        let mut days = open.within(row.from, until);
        // Only the month in which a product started was billed in advance, whatever it was charged then.
        if facts.from.first_of_month() == row.from.first_of_month() {
            days = days.without(row.from, row.from.last_of_month());
        }
        let whole = days.count() == cycle.days();
        for (owner, owned) in &owners {
            let mine = days.common(owned);
            let (Some(from), Some(to)) = (mine.first(), mine.last()) else { continue };
            let whole = whole && mine.count() == cycle.days();
            let n = if whole { mine.count() } else { mine.common(&counted).count() };
            let amount = part(row.amount, n, cycle, whole, terms.divisor);
            if amount.is_zero() && !row.amount.is_zero() {
                continue;
            }
            let note = if whole {
                Note::Whole(row.amount)
            } else {
                Note::Part { monthly: row.amount, divisor: terms.divisor, days: n, from, to }
            };
            lines.push(charged(owner, row, amount, (!whole).then_some(n), (from, to), note));
            left.push(Left { row, owner, days: mine, full: row.amount, now: amount, taken: vec![] });
        }
    }
    lines.retain(|c| !c.line.amount.is_zero());
    for discount in &facts.discounts {
        lines.extend(take(discount, facts, &mut left, &counted, cycle, terms)?);
    }
    for (owner, owned) in &owners {
        lines.extend(suspension(owner, &fee.common(owned), cycle, terms));
    }
    Ok(lines)
}

/// The day in the cycle on which an amount for several months is due again, and its last day.
fn anniversary(row: &ChargeRow, cycle: Cycle) -> Option<(Date, Date)> {
    let months = i32::try_from(row.months).ok().filter(|m| *m > 0)?;
    let mut n = 1;
    loop {
        let due = row.from.plus_months(months.checked_mul(n)?);
        if due > cycle.last() || row.to.is_some_and(|to| due >= to) || n > 1_200 {
            return None;
        }
        if due >= cycle.first() {
            return Some((due, row.from.plus_months(months.checked_mul(n + 1)?).plus_days(-1)));
        }
        n += 1;
    }
}

fn charged(owner: &str, row: &ChargeRow, amount: Money, days: Option<i64>, span: (Date, Date), note: Note) -> Charged {
    let line = Line {
        name: row.name.clone(),
        kind: ChargeKind::Recurring,
        amount,
        days,
        note: String::new(),
        note_en: String::new(),
        monthly: if row.months == 1 { row.amount } else { Money::ZERO },
        from: span.0,
        to: span.1,
    };
    Charged { account_id: owner.to_owned(), line, note }
}

/// Does a discount of the catalogue concern this price? It came with the prices that were in force when it began.
fn came_with(discount: &DiscountRow, facts: &Facts, row: &ChargeRow) -> bool {
    let in_force = |c: &ChargeRow| c.from <= discount.from && c.to.is_none_or(|to| discount.from < to);
    !discount.published || facts.charges.iter().any(|c| c.price_id == row.price_id && in_force(c))
}

fn take(
    discount: &DiscountRow,
    facts: &Facts,
    left: &mut [Left<'_>],
    counted: &Days,
    cycle: Cycle,
    terms: &Terms,
) -> Result<Vec<Charged>> {
    let until = discount.until.unwrap_or_else(|| cycle.last());
    let mut sums: Vec<(String, Money, Days)> = Vec::new();
    for i in 0..left.len() {
        let (before, rest) = left.split_at_mut(i);
        let Some(charge) = rest.first_mut() else { break };
        let common = charge.days.within(discount.from, until);
        let mut off = Money::ZERO;
        if !common.is_empty() && came_with(discount, facts, charge.row) {
            off = match (discount.percent, discount.amount) {
                (Some(percent), _) => charge.full.prorated(percent, 100),
                (None, Some(amount)) => {
                    // An amount a month is spread over charges that run side by side, not over those that follow.
                    let beside = before.iter().filter(|b| !b.days.common(&charge.days).is_empty());
                    let spent = beside.filter_map(|b| b.taken.last()).try_fold(Money::ZERO, |sum, t| sum.plus(*t))?;
                    amount.plus(spent.negated())?.max(Money::ZERO)
                }
                (None, None) => Money::ZERO,
            }
            .min(charge.full);
        }
        charge.taken.push(off);
        if off <= Money::ZERO {
            continue;
        }
        let whole = common.count() == cycle.days();
        let n = if whole { common.count() } else { common.common(counted).count() };
        let now = if charge.row.months > 1 { off } else { part(off, n, cycle, whole, terms.divisor) }.min(charge.now);
        charge.full = charge.full.plus(off.negated())?;
        charge.now = charge.now.plus(now.negated())?;
        match sums.iter_mut().find(|s| s.0 == charge.owner) {
            Some(sum) => {
                sum.1 = sum.1.plus(now)?;
                if let (Some(from), Some(to)) = (common.first(), common.last()) {
                    sum.2.add(from, to);
                }
            }
            None => sums.push((charge.owner.to_owned(), now, common)),
        }
    }
    let note = match (discount.percent, discount.amount) {
        (Some(percent), _) => Note::Percent { percent, until: discount.until },
        (None, amount) => Note::Off { amount: amount.unwrap_or_default(), until: discount.until },
    };
    let line = |(account_id, off, days): (String, Money, Days)| Charged {
        account_id,
        line: Line {
            name: discount.name.clone(),
            kind: ChargeKind::Recurring,
            amount: off.negated(),
            days: None,
            note: String::new(),
            note_en: String::new(),
            monthly: Money::ZERO,
            from: days.first().unwrap_or_else(|| cycle.first()),
            to: days.last().unwrap_or_else(|| cycle.last()),
        },
        note: note.clone(),
    };
    Ok(sums.into_iter().filter(|(_, off, _)| !off.is_zero()).map(line).collect())
}

fn suspension(owner: &str, days: &Days, cycle: Cycle, terms: &Terms) -> Option<Charged> {
    let (from, to) = (days.first()?, days.last()?);
    let (monthly, n) = (terms.suspension_monthly, days.count());
    let whole = n >= cycle.days();
    let amount = if whole {
        monthly
    } else {
        monthly.prorated(terms.suspension_months * n, terms.suspension_days.max(1)).min(monthly)
    };
    if amount.is_zero() {
        return None;
    }
    let (months, year) = (terms.suspension_months, terms.suspension_days);
    let note = Note::Suspended { monthly, months, year, days: (!whole).then_some(n) };
    let line = Line {
        name: "停机保号费".into(),
        kind: ChargeKind::Recurring,
        amount,
        days: (!whole).then_some(n),
        note: String::new(),
        note_en: String::new(),
        monthly: Money::ZERO,
        from,
        to,
    };
    Some(Charged { account_id: owner.to_owned(), line, note })
}

#[cfg(test)]
mod model;
#[cfg(test)]
mod tests;
