//! Late fees (违约金): a rate of the unpaid amount for each day after the due date.
//!
//! Nothing is kept while it grows. The fee belongs to the money that pays: each fen of the bill that is paid on a day
//! carries the fee of its days, so part payments, reversals and a changed rate need no correction, and the same question on
//! the same day has the same answer.

use crate::{
    account,
    bill::{self, Bill},
    problems, settings,
};
use kernel::{Date, Money, Problem, Result};
use serde_json::{Value, json};
use store::{Event, Tx, params, sql};

sql! {
    WAIVED = "SELECT MAX(through) FROM late_fee_waiver WHERE bill_id = $1";
    WAIVE = "INSERT INTO late_fee_waiver (id, bill_id, org, through, amount_fen, reason, operator, operator_name, at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    RECORD = "INSERT INTO late_fee (id, bill_id, account_id, txn_id, payment_id, days, base_fen, amount_fen, at) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    FROM_BALANCE = "SELECT CAST(COALESCE(SUM(base_fen), 0) AS BIGINT), CAST(COALESCE(SUM(amount_fen), 0) AS BIGINT) \
                    FROM late_fee WHERE bill_id = $1 AND payment_id IS NULL";
    OF_PAYMENT = "SELECT bill_id, account_id, CAST(SUM(base_fen) AS BIGINT), CAST(SUM(amount_fen) AS BIGINT) FROM late_fee \
                  WHERE payment_id = $1 GROUP BY bill_id, account_id HAVING SUM(amount_fen) <> 0 ORDER BY bill_id";
}

/// The rule in force.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    permille: i64,
    cap_percent: i64,
}

/// What a bill carries today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Late {
    pub days: i64,
    /// The fee of an amount is `amount × num ÷ den`.
    num: i64,
    den: i64,
}

pub fn rule(tx: &mut Tx<'_>) -> Result<Rule> {
    Ok(Rule {
        permille: settings::LATE_PERMILLE.number(tx)?.clamp(0, 1_000),
        cap_percent: settings::LATE_CAP.number(tx)?.max(0),
    })
}

impl Rule {
    fn after(self, days: i64) -> Late {
        let days = days.clamp(0, 36_500);
        let grown = self.permille * days;
        if self.cap_percent > 0 && grown > self.cap_percent * 10 {
            return Late { days, num: self.cap_percent, den: 100 };
        }
        Late { days, num: grown, den: 1_000 }
    }

    /// How late a bill is on `today`.
    pub fn of(self, tx: &mut Tx<'_>, bill: &Bill, today: Date) -> Result<Late> {
        if today <= bill.due_date {
            return Ok(self.after(0));
        }
        let waived = tx.query_one(&WAIVED, params![bill.id])?.opt_text(0);
        let from = waived.map(|t| Date::parse(&t)).transpose()?.map_or(bill.due_date, |day| day.max(bill.due_date));
        Ok(self.after(today.days_since(from)))
    }
}

impl Late {
    /// The fee that paying `amount` carries.
    pub fn fee(self, amount: Money) -> Money {
        amount.prorated(self.num, self.den)
    }

    /// How `available` money divides when up to `wanted` of a bill is paid with its fee.
    pub fn divide(self, available: Money, wanted: Money) -> (Money, Money) {
        let whole = self.fee(wanted);
        if available >= wanted && available.in_fen() - wanted.in_fen() >= whole.in_fen() {
            return (wanted, whole);
        }
        let part = available.prorated(self.den, self.den + self.num).min(wanted).min(available);
        // So small an amount that all of it would be fee pays the bill: a debt that can be paid gets smaller.
        let part = part.max(available.min(Money::fen(1)));
        (part, Money::fen(available.in_fen() - part.in_fen()).min(whole))
    }
}

/// Writes down a fee that was paid, or given back when negative.
pub fn record(
    tx: &mut Tx<'_>,
    bill: &Bill,
    txn_id: &str,
    payment_id: Option<&str>,
    days: i64,
    (base, fee): (Money, Money),
) -> Result<()> {
    if fee.is_zero() {
        return Ok(());
    }
    let id = tx.new_id::<Late>();
    tx.execute(&RECORD, params![id, bill.id, bill.account_id, txn_id, payment_id, days, base, fee, tx.now()]).map(drop)
}

/// Of the fee that balances paid on a bill, the part that belongs to `amount` of it; and the base of that part.
pub fn paid_from_balance(tx: &mut Tx<'_>, bill_id: &str, amount: Money) -> Result<(Money, Money)> {
    let row = tx.query_one(&FROM_BALANCE, params![bill_id])?;
    let (base, fee) = (row.money(0), row.money(1));
    if base <= Money::ZERO || fee <= Money::ZERO {
        return Ok((Money::ZERO, Money::ZERO));
    }
    let part = amount.min(base);
    Ok((part, fee.prorated(part.in_fen(), base.in_fen())))
}

/// A fee that came with a payment.
pub struct Paid {
    pub bill_id: String,
    pub account_id: String,
    pub base: Money,
    pub fee: Money,
}

pub fn of_payment(tx: &mut Tx<'_>, payment_id: &str) -> Result<Vec<Paid>> {
    let rows = tx.query(&OF_PAYMENT, params![payment_id])?;
    Ok(rows
        .iter()
        .map(|r| Paid { bill_id: r.text(0), account_id: r.text(1), base: r.money(2), fee: r.money(3) })
        .collect())
}

/// Forgives what has grown up to today. 404 outside the actor's scope.
pub fn waive(tx: &mut Tx<'_>, bill_id: &str, reason: &str) -> Result<Value> {
    let account_id = bill::bill(tx, bill_id)?.account_id;
    let account = account::lock(tx, &account_id)?;
    let bill = bill::lock(tx, bill_id)?;
    let today = tx.now().date();
    let fee = rule(tx)?.of(tx, &bill, today)?.fee(bill.remaining);
    if fee.is_zero() {
        return Err(Problem::new(&problems::WAIVER_NOTHING));
    }
    let (id, by) = (tx.new_id::<Late>(), tx.actor().clone());
    let binds = params![id, bill_id, bill.org, today.to_string(), fee, reason, &*by.id, &*by.name, tx.now()];
    tx.execute(&WAIVE, binds)?;
    let event = Event::new("LateFeeWaiveEvent", "customerBill", bill_id, bill.version, &bill.org)
        .topic(format!("customer:{}", account.customer_id))
        .audit(json!({"billNo": bill.bill_no, "amountFen": fee, "through": today, "reason": reason}));
    tx.emit(event)?;
    Ok(json!({"billId": bill_id, "billNo": bill.bill_no, "waivedFen": fee, "through": today}))
}

/// What paying all of a bill would carry today.
pub fn fee_of(tx: &mut Tx<'_>, rule: Rule, bill: &Bill) -> Result<(i64, Money)> {
    let today = tx.now().date();
    let late = rule.of(tx, bill, today)?;
    Ok((late.days, late.fee(bill.remaining)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn late(days: i64) -> Late {
        Rule { permille: 3, cap_percent: 100 }.after(days)
    }
    fn fen(fen: i64) -> Money {
        Money::fen(fen)
    }

    #[test]
    fn three_per_mille_a_day_up_to_the_amount_itself() {
        assert_eq!(late(0).fee(fen(10_000)), fen(0));
        assert_eq!(late(1).fee(fen(10_000)), fen(30));
        assert_eq!(late(30).fee(fen(9_999)), fen(900));
        assert_eq!(late(333).fee(fen(10_000)), fen(9_990));
        assert_eq!(late(334).fee(fen(10_000)), fen(10_000));
        assert_eq!(late(5_000).fee(fen(10_000)), fen(10_000));
        assert_eq!(Rule { permille: 3, cap_percent: 0 }.after(1_000).fee(fen(100)), fen(300));
    }

    #[test]
    fn part_of_a_debt_carries_its_part_of_the_fee_and_no_fen_is_lost() {
        assert_eq!(late(10).divide(fen(10_300), fen(10_000)), (fen(10_000), fen(300)));
        assert_eq!(late(10).divide(fen(99_999), fen(10_000)), (fen(10_000), fen(300)));
        assert_eq!(late(10).divide(fen(5_150), fen(10_000)), (fen(5_000), fen(150)));
        assert_eq!(late(0).divide(fen(5_150), fen(10_000)), (fen(5_150), fen(0)));
        for days in [0, 1, 7, 45, 333, 400] {
            for available in 1..400 {
                let (part, fee) = late(days).divide(fen(available), fen(200));
                assert!(part > Money::ZERO && part <= fen(200), "{days} {available}");
                let used = part.plus(fee).unwrap();
                assert!(used <= fen(available));
                if part < fen(200) {
                    assert_eq!(used, fen(available), "{days} {available}");
                    assert!((fee.in_fen() - late(days).fee(part).in_fen()).abs() <= 1, "{days} {available}");
                }
            }
        }
    }
}
