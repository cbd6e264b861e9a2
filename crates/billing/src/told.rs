//! What domains above billing ask about a single bill or payment: facts, without the records behind them.

use crate::{bill, payment};
use kernel::{Money, OrgPath, Result};
use store::{Tx, params, sql};

/// A bill as far as points and unit accounts look at it.
#[derive(Clone, Debug)]
pub struct BillFact {
    pub id: String,
    pub bill_no: String,
    pub customer_id: String,
    pub account_id: String,
    pub org: OrgPath,
    pub amount: Money,
    pub remaining: Money,
    /// What of it was paid by points: nothing is earned by spending points.
    pub by_points: Money,
}

/// A payment as far as points look at it.
#[derive(Clone, Debug)]
pub struct PaymentFact {
    pub id: String,
    pub customer_id: String,
    pub amount: Money,
    pub reversed: bool,
}

/// What is served under a number, and who pays for it.
#[derive(Clone, Debug)]
pub struct LineFact {
    pub product_id: String,
    pub customer_id: String,
    pub account_id: String,
    pub name: String,
    pub org: OrgPath,
}

sql! {
    LINE = "SELECT product_id, customer_id, account_id, name, org FROM subscription WHERE number = $1 AND state <> 'terminated' \
            ORDER BY id DESC LIMIT 1";
    BILL = "SELECT bill_no, customer_id, account_id, org, amount_fen, remaining_fen FROM bill WHERE id = $1";
    METHOD = "SELECT method FROM payment WHERE id = $1";
    PAYMENT = "SELECT customer_id, amount_fen, status FROM payment WHERE id = $1";
}

/// The bill, whoever asks: for the system's own work. `None` where there is none.
pub fn bill_fact(tx: &mut Tx<'_>, id: &str) -> Result<Option<BillFact>> {
    let Some(row) = tx.query_opt(&BILL, params![id])? else { return Ok(None) };
    let mut fact = BillFact {
        id: id.to_owned(),
        bill_no: row.text(0),
        customer_id: row.text(1),
        account_id: row.text(2),
        org: OrgPath::parse(row.str(3))?,
        amount: row.money(4),
        remaining: row.money(5),
        by_points: Money::ZERO,
    };
    if fact.remaining.is_zero() {
        for put in bill::applications(tx, id)? {
            let Some(payment) = put.payment_id else { continue };
            let method = tx.query_opt(&METHOD, params![payment])?;
            if method.is_some_and(|m| m.str(0) == payment::Method::Points.name()) {
                fact.by_points = fact.by_points.plus(put.amount)?;
            }
        }
    }
    Ok(Some(fact))
}

/// The payment, whoever asks; `None` where there is none.
pub fn payment_fact(tx: &mut Tx<'_>, id: &str) -> Result<Option<PaymentFact>> {
    let row = tx.query_opt(&PAYMENT, params![id])?;
    Ok(row.map(|r| PaymentFact {
        id: id.to_owned(),
        customer_id: r.text(0),
        amount: r.money(1),
        reversed: r.str(2) == payment::REVERSED,
    }))
}

/// The line behind a number, if one is served and to be seen.
pub fn line_of_number(tx: &mut Tx<'_>, number: &str) -> Result<Option<LineFact>> {
    let Some(row) = tx.query_opt(&LINE, params![number])? else { return Ok(None) };
    if !tx.actor().sees(row.str(4)) {
        return Ok(None);
    }
    Ok(Some(LineFact {
        product_id: row.text(0),
        customer_id: row.text(1),
        account_id: row.text(2),
        name: row.text(3),
        org: OrgPath::parse(row.str(4))?,
    }))
}
