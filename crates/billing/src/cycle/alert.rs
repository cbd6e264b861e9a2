//! Huge charges (巨额费用): more than five times the mean of the three months before (Telecommunications Regulations,
//! art. 33). The factor, the months and the least amount are settings with their source.

use super::batch::{Due, Frame};
use crate::{bill::MadeBill, settings};
use kernel::{Cycle, Money, OrgPath, Result};
use serde_json::json;
use store::{Event, Tx, params, sql};

#[derive(Clone, Copy, Debug)]
pub struct Rule {
    pub factor: i64,
    pub months: i64,
    pub least: Money,
}

sql! {
    INSERT = "INSERT INTO huge_charge (id, version, org, account_id, customer_id, cycle, source, bill_id, amount_fen, mean_fen, state, \
              note, handled_by, created_at) VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', '', '', $10) \
              ON CONFLICT (account_id, cycle, source) DO NOTHING";
}

impl Rule {
    pub fn read(tx: &mut Tx<'_>) -> Result<Self> {
        Ok(Self {
            factor: settings::ALERT_FACTOR.number(tx)?.max(1),
            months: settings::ALERT_MONTHS.number(tx)?,
            least: settings::ALERT_LEAST.money(tx)?,
        })
    }
    /// The mean that an amount exceeds by so much that somebody must know; no months before, no mean.
    pub fn exceeded(&self, amount: Money, before: &[Money]) -> Result<Option<Money>> {
        let months: Vec<Money> = before.iter().rev().take(self.months.max(0) as usize).copied().collect();
        if months.is_empty() || amount < self.least {
            return Ok(None);
        }
        let sum = months.iter().try_fold(Money::ZERO, |sum, m| sum.plus(*m))?;
        let n = months.len() as i64;
        // amount > factor × sum ÷ n, without rounding
        let huge = i128::from(amount.in_fen()) * i128::from(n) > i128::from(sum.in_fen()) * i128::from(self.factor);
        Ok(huge.then(|| sum.prorated(1, n)))
    }
}

/// A charge that was found to be huge.
pub struct Found<'a> {
    pub account_id: &'a str,
    pub customer_id: &'a str,
    pub org: &'a OrgPath,
    pub cycle: Cycle,
    /// `bill` or `soFar`
    pub source: &'static str,
    pub bill_id: Option<&'a str>,
    pub amount: Money,
    pub mean: Money,
}

/// Keeps it and tells of it, once an account, cycle and source.
pub fn raise(tx: &mut Tx<'_>, found: &Found<'_>) -> Result<bool> {
    let id = tx.new_id::<Rule>().into_string();
    let cycle = found.cycle.first().to_string();
    let binds = params![
        id,
        found.org,
        found.account_id,
        found.customer_id,
        cycle,
        found.source,
        found.bill_id,
        found.amount,
        found.mean,
        tx.now()
    ];
    if tx.execute(&INSERT, binds)? == 0 {
        return Ok(false);
    }
    let content = json!({
        "id": id, "accountId": found.account_id, "customerId": found.customer_id, "cycle": found.cycle.label(),
        "source": found.source, "billId": found.bill_id, "amountFen": found.amount, "meanFen": found.mean,
    });
    let event = Event::new("HugeChargeCreateEvent", "hugeCharge", &id, 1, found.org)
        .topic(format!("customer:{}", found.customer_id))
        .payload(json!({"hugeCharge": content}))
        .audit(json!({"accountId": found.account_id, "amountFen": found.amount, "meanFen": found.mean}));
    tx.emit(event)?;
    Ok(true)
}

/// Looks at a bill just made.
pub fn at_bill(tx: &mut Tx<'_>, frame: &Frame, due: &Due, made: &MadeBill) -> Result<bool> {
    let Some(mean) = frame.alert.exceeded(made.amount, &due.before)? else { return Ok(false) };
    raise(
        tx,
        &Found {
            account_id: &due.account_id,
            customer_id: &due.customer_id,
            org: &due.org,
            cycle: frame.cycle,
            source: "bill",
            bill_id: Some(&made.id),
            amount: made.amount,
            mean,
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_five_times_the_mean_is_huge_and_five_times_is_not() {
        let rule = Rule { factor: 5, months: 3, least: Money::fen(10_000) };
        let fen = |all: &[i64]| all.iter().map(|n| Money::fen(*n)).collect::<Vec<_>>();
        let huge = |amount, before: &[i64]| rule.exceeded(Money::fen(amount), &fen(before)).unwrap().map(Money::in_fen);
        assert_eq!(huge(50_000, &[10_000, 10_000, 10_000]), None);
        assert_eq!(huge(50_001, &[10_000, 10_000, 10_000]), Some(10_000));
        assert_eq!(huge(50_001, &[1, 10_000, 10_000, 10_000]), Some(10_000), "only the last three count");
        assert_eq!(huge(50_001, &[20_000, 10_000]), None);
        assert_eq!(huge(9_999, &[1]), None, "below the least");
        assert_eq!(huge(1_000_000, &[]), None, "no months before, no mean");
        assert_eq!(huge(i64::MAX / 2, &[0]), Some(0));
    }
}
