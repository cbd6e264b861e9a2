//! Contracts: how long a product is bound, and what leaving early costs.
//!
//! ```text
//! running ─→ broken     left before its end
//!    ├─────→ replaced   a newer contract of the same product took its place
//!    └─────→ void       its order was taken back
//! ```
//! A contract whose end has passed stays `running` and binds nobody: its dates say so.

use crate::{
    pricing::{Bound, Charge, DiscountLine},
    settings,
};
use catalog::{EarlyTermination, Offering};
use kernel::{Date, Money, OrgPath, Result};
use serde::Serialize;
use serde_json::{Value, json};
use store::{Row, Tx, params, sql};

/// What binds a product today.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ContractState {
    pub offering: String,
    pub offering_version: Option<i64>,
    pub name: String,
    pub start: Date,
    pub end: Date,
    pub months: i64,
    /// Whole months still to come after this one.
    pub months_left: i64,
    #[serde(rename = "penaltyTodayFen")]
    pub penalty_today: Money,
    pub state: String,
}

#[derive(Clone, Debug)]
pub struct Contract {
    pub id: String,
    pub offering_id: String,
    pub offering_version: Option<i64>,
    pub name: String,
    pub months: i64,
    pub starts: Date,
    pub ends: Date,
    pub rule: EarlyTermination,
    pub monthly: Money,
    pub state: String,
}

macro_rules! columns {
    () => {
        "id, product_id, offering_id, offering_version, name, months, starts, ends, rule, rule_value, monthly_fen, state"
    };
}

sql! {
    RUNNING = concat!("SELECT ", columns!(), " FROM contract WHERE product_id = $1 AND state = 'running'");
    LOCK = concat!("SELECT ", columns!(), " FROM contract WHERE product_id = $1 AND state = 'running' {for_update}");
    OF_PRODUCT = concat!("SELECT ", columns!(), " FROM contract WHERE product_id = $1 ORDER BY id DESC LIMIT 20");
    INSERT = "INSERT INTO contract (id, version, org, product_id, customer_id, offering_id, offering_version, name, months, starts, \
              ends, rule, rule_value, monthly_fen, state, collaboration_id, created_at, updated_at) \
              VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'running', $14, $15, $15)";
    SET = "UPDATE contract SET version = version + 1, state = $2, updated_at = $3 WHERE id = $1";
}

fn read(row: &Row) -> Result<Contract> {
    let value = row.int(9);
    Ok(Contract {
        id: row.text(0),
        offering_id: row.text(2),
        offering_version: row.opt_int(3),
        name: row.text(4),
        months: row.int(5),
        starts: Date::parse(row.str(6))?,
        ends: Date::parse(row.str(7))?,
        rule: match row.str(8) {
            "fixedFen" => EarlyTermination::Fixed(Money::fen(value)),
            _ => EarlyTermination::RemainingPercent(value),
        },
        monthly: row.money(10),
        state: row.text(11),
    })
}

/// The contract that runs for a product, whether or not its end has passed.
pub fn running(tx: &mut Tx<'_>, product_id: &str) -> Result<Option<Contract>> {
    tx.query_opt(&RUNNING, params![product_id])?.map(|r| read(&r)).transpose()
}

pub fn lock(tx: &mut Tx<'_>, product_id: &str) -> Result<Option<Contract>> {
    tx.query_opt(&LOCK, params![product_id])?.map(|r| read(&r)).transpose()
}

/// All contracts of a product, the newest first.
pub fn of_product(tx: &mut Tx<'_>, product_id: &str) -> Result<Vec<Value>> {
    let rows = tx.query(&OF_PRODUCT, params![product_id])?;
    rows.iter()
        .map(|row| {
            let c = read(row)?;
            Ok(json!({
                "id": c.id, "offeringId": c.offering_id, "name": c.name, "months": c.months, "start": c.starts, "end": c.ends,
                "monthlyFen": c.monthly, "state": c.state,
            }))
        })
        .collect()
}

/// What binds the product today; nothing where no contract runs or its end has passed.
pub fn contract_of(tx: &mut Tx<'_>, product_id: &str) -> Result<Option<ContractState>> {
    let today = tx.now().date();
    let Some(contract) = running(tx, product_id)?.filter(|c| today <= c.ends) else { return Ok(None) };
    let divisor = settings::DIVISOR.number(tx)?;
    let penalty_today = contract.penalty(today, divisor)?;
    let (months_left, _) = left(today, contract.ends);
    Ok(Some(ContractState {
        offering: contract.offering_id,
        offering_version: contract.offering_version,
        name: contract.name,
        start: contract.starts,
        end: contract.ends,
        months: contract.months,
        months_left,
        penalty_today,
        state: contract.state,
    }))
}

/// What ending the product on `day` costs.
pub fn early_termination(tx: &mut Tx<'_>, product_id: &str, day: Date) -> Result<Money> {
    let divisor = settings::DIVISOR.number(tx)?;
    running(tx, product_id)?.map_or(Ok(Money::ZERO), |c| c.penalty(day, divisor))
}

/// Whole months and further days after `day` until `end`, the last day included.
fn left(day: Date, end: Date) -> (i64, i64) {
    let from = day.plus_days(1);
    if from > end {
        return (0, 0);
    }
    let mut months = 0i32;
    while from.plus_months(months + 1).plus_days(-1) <= end && months < 1_200 {
        months += 1;
    }
    let days = end.days_since(from.plus_months(months)) + 1;
    (i64::from(months), days.max(0))
}

fn penalty(rule: EarlyTermination, monthly: Money, day: Date, ends: Date, divisor: i64) -> Result<Money> {
    if day >= ends {
        return Ok(Money::ZERO);
    }
    match rule {
        EarlyTermination::Fixed(amount) => Ok(amount),
        EarlyTermination::RemainingPercent(percent) => {
            let (months, days) = left(day, ends);
            let rest = monthly.prorated(days.min(divisor), divisor);
            Ok(monthly.times(months)?.plus(rest)?.prorated(percent, 100))
        }
    }
}

impl Contract {
    fn penalty(&self, day: Date, divisor: i64) -> Result<Money> {
        penalty(self.rule, self.monthly, day, self.ends, divisor)
    }
}

/// The last day of a contract of so many months.
fn last_day(starts: Date, months: i64) -> Date {
    starts.plus_months(i32::try_from(months.clamp(0, 1_200)).unwrap_or(0)).plus_days(-1)
}

fn words(rule: EarlyTermination) -> (String, String) {
    match rule {
        EarlyTermination::Fixed(amount) => {
            (format!("提前解约付 {amount} 元"), format!("leaving early costs {amount} yuan"))
        }
        EarlyTermination::RemainingPercent(0) => ("提前解约不收违约金".into(), "leaving early costs nothing".into()),
        EarlyTermination::RemainingPercent(percent) => (
            format!("提前解约付剩余月费的 {percent}%"),
            format!("leaving early costs {percent}% of the monthly fees still to come"),
        ),
    }
}

/// The monthly fee that a penalty is reckoned from: what was agreed, net of discounts.
pub fn monthly(charges: &[Charge], discounts: &[DiscountLine], quantity: i64) -> Result<Money> {
    let mut sum = Money::ZERO;
    for charge in charges.iter().filter(|c| c.months == 1) {
        sum = sum.plus(charge.amount.times(quantity)?)?;
    }
    for off in discounts {
        sum = sum.plus(off.monthly)?;
    }
    Ok(sum.max(Money::ZERO))
}

/// How an item would bind its buyer.
pub fn bound(
    offering: &Offering,
    charges: &[Charge],
    discounts: &[DiscountLine],
    quantity: i64,
    at: Date,
) -> Result<Option<Bound>> {
    let Some(contract) = offering.contract else { return Ok(None) };
    let monthly = monthly(charges, discounts, quantity)?;
    let ends = last_day(at, contract.months);
    let (rule, rule_en) = words(contract.early_termination);
    let early_termination = penalty(contract.early_termination, monthly, at, ends, 30)?;
    Ok(Some(Bound { months: contract.months, starts: at, ends, early_termination, rule, rule_en }))
}

/// A new contract.
pub struct NewContract<'a> {
    pub org: &'a OrgPath,
    pub product_id: &'a str,
    pub customer_id: &'a str,
    pub offering: &'a Offering,
    pub months: i64,
    pub rule: EarlyTermination,
    pub monthly: Money,
    pub starts: Date,
    pub collaboration_id: &'a str,
}

/// Binds a product from now on; the contract before it is replaced. Returns the ids of the new and of the replaced one.
pub fn bind(tx: &mut Tx<'_>, new: &NewContract<'_>) -> Result<(String, Option<String>)> {
    let before = lock(tx, new.product_id)?.map(|c| c.id);
    if let Some(id) = &before {
        set(tx, id, "replaced")?;
    }
    let id = tx.new_id::<Contract>().into_string();
    let (rule, value) = match new.rule {
        EarlyTermination::Fixed(amount) => ("fixedFen", amount.in_fen()),
        EarlyTermination::RemainingPercent(percent) => ("remainingPercent", percent),
    };
    let last = last_day(new.starts, new.months);
    tx.execute(
        &INSERT,
        params![
            id,
            new.org,
            new.product_id,
            new.customer_id,
            new.offering.id,
            new.offering.version,
            new.offering.name,
            new.months,
            new.starts.to_string(),
            last.to_string(),
            rule,
            value,
            new.monthly,
            new.collaboration_id,
            tx.now()
        ],
    )?;
    Ok((id, before))
}

pub fn set(tx: &mut Tx<'_>, id: &str, state: &'static str) -> Result<()> {
    tx.execute(&SET, params![id, state, tx.now()]).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    fn cost(rule: EarlyTermination, on: &str) -> i64 {
        let ends = last_day(day("2026-03-16"), 12);
        penalty(rule, Money::fen(10_000), day(on), ends, 30).unwrap().in_fen()
    }

    #[test]
    fn a_year_from_the_16th_ends_on_the_15th() {
        assert_eq!(last_day(day("2026-03-16"), 12).to_string(), "2027-03-15");
        assert_eq!(last_day(day("2026-01-31"), 1).to_string(), "2026-02-27");
    }

    #[test]
    fn what_remains_is_counted_in_months_and_days() {
        let third = EarlyTermination::RemainingPercent(30);
        assert_eq!(left(day("2026-12-15"), day("2027-03-15")), (3, 0));
        assert_eq!(left(day("2026-12-25"), day("2027-03-15")), (2, 18));
        assert_eq!(cost(third, "2026-12-15"), 9_000);
        assert_eq!(cost(third, "2027-03-14"), 100, "one day: a thirtieth of a month");
        assert_eq!(cost(third, "2027-03-15"), 0, "the last day is served to its end");
        assert_eq!(cost(third, "2028-01-01"), 0);
        assert_eq!(cost(EarlyTermination::Fixed(Money::fen(20_000)), "2027-03-14"), 20_000);
        assert_eq!(cost(EarlyTermination::Fixed(Money::fen(20_000)), "2027-03-15"), 0);
    }

    #[test]
    fn leaving_later_never_costs_more() {
        let (mut today, mut most) = (day("2026-03-16"), i64::MAX);
        while today <= day("2027-03-20") {
            let cost = cost(EarlyTermination::RemainingPercent(50), &today.to_string());
            assert!(cost <= most, "{today}: {cost} > {most}");
            most = cost;
            today = today.plus_days(1);
        }
    }
}
