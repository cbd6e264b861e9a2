//! What was charged before the demonstration began: lines that are older than this month come with a year of bills at most,
//! paid long ago but for a few.

use super::{Sample, holdings::Line};
use billing::{Carried, Charge, Past, PastProduct};
use customer::KeyKind;
use kernel::{Date, Money, Result, Timestamp};
use store::Tx;

/// Days that a month counts, as billing has it by itself.
const DIVISOR: i64 = 30;
const MOST_MONTHS: i32 = 12;

pub(super) fn line(tx: &mut Tx<'_>, line: Line, start: Timestamp) -> Result<PastProduct> {
    let offering = catalog::offering(tx, line.offering)?;
    Ok(PastProduct {
        product_id: line.product,
        order_id: line.order.id,
        offering_id: offering.id.clone(),
        bundle: String::new(),
        name: offering.name.clone(),
        number: line.number,
        from: start.date(),
        charges: monthly(&offering),
    })
}

/// What an offering costs month by month.
pub(super) fn monthly(offering: &catalog::Offering) -> Vec<Charge> {
    let recurring = offering.prices.iter().filter(|p| p.kind == catalog::PriceKind::Recurring);
    recurring
        .map(|p| Charge { price_id: p.id.clone(), name: p.name.clone(), amount: p.amount, months: p.months.max(1) })
        .collect()
}

/// Sold by contract, not out of the catalogue.
pub(super) fn circuit(product: String, circuit: String, start: Timestamp, fen: i64) -> PastProduct {
    let rent = Charge { price_id: "contract".into(), name: "电路月租".into(), amount: Money::fen(fen), months: 1 };
    PastProduct {
        order_id: format!("contract-{product}"),
        product_id: product,
        offering_id: String::new(),
        bundle: String::new(),
        name: "155M 数字电路".into(),
        number: circuit,
        from: start.date(),
        charges: vec![rent],
    }
}

/// The customer's account with its past: whole months from the one after the start.
pub(super) fn carry(
    tx: &mut Tx<'_>,
    sample: &Sample,
    products: &[PastProduct],
    start: Timestamp,
    owes: bool,
) -> Result<()> {
    let this = tx.now().date().first_of_month();
    let first = start.date().first_of_month().plus_months(1).max(this.plus_months(-MOST_MONTHS));
    let months: Vec<Date> = (0..MOST_MONTHS).map(|n| first.plus_months(n)).take_while(|m| *m < this).collect();
    carry_months(tx, sample, products, &months, usize::from(owes)).map(drop)
}

/// The customer's account with bills of these months, of which the newest are not paid; returns its id.
pub(super) fn carry_months(
    tx: &mut Tx<'_>,
    sample: &Sample,
    products: &[PastProduct],
    months: &[Date],
    unpaid: usize,
) -> Result<String> {
    let account_no = tx.next_number("A", &sample.org)?;
    let past = Past { account_no: &account_no, customer_id: &sample.id, org: &sample.org, products, months, unpaid };
    let mut carried = Carried::default();
    let account = carried.add(tx.env(), &past, DIVISOR)?;
    carried.store(tx)?;
    customer::add_key(tx, &sample.id, KeyKind::Account, &account_no)?;
    Ok(account)
}
