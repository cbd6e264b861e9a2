//! What others ask of the money side before they do something: debts, contracts, payers, fees, months.

use crate::{
    Arrears, arrears_of,
    contract::{self, ContractState},
    relation::{self, Payer},
    settings, subscription,
};
use kernel::{Date, Money, Result};
use serde::Serialize;
use store::{Tx, params, sql};

sql! {
    PRODUCT_ARREARS = "SELECT CAST(COALESCE(SUM(b.remaining_fen), 0) AS BIGINT), MIN(b.due_date), COUNT(*), \
                       CAST(COALESCE(SUM(CASE WHEN b.due_date < $2 THEN b.remaining_fen ELSE 0 END), 0) AS BIGINT) \
                       FROM bill b WHERE b.account_id = $1 AND b.remaining_fen > 0 \
                       AND EXISTS (SELECT 1 FROM bill_line l WHERE l.bill_id = b.id AND l.product_id = $3)";
    MONTHS = "SELECT b.period_start, o.offering_id, CAST(SUM(l.amount_fen) AS BIGINT) FROM bill b \
              JOIN bill_line l ON l.bill_id = b.id LEFT JOIN subscription o ON o.id = l.subscription_id \
              WHERE b.customer_id = $1 AND b.period_start >= $2 GROUP BY b.period_start, o.offering_id ORDER BY b.period_start";
    FEES = "SELECT name, name_en, amount_fen FROM business_fee WHERE business = $1 AND family = $2";
}

/// Unpaid bills on which the product stands: a bill is paid as a whole.
pub fn arrears_of_product(tx: &mut Tx<'_>, product_id: &str) -> Result<Arrears> {
    let Some(s) = subscription::look(tx, product_id)? else { return Ok(Arrears::default()) };
    let today = tx.now().date().to_string();
    let row = tx.query_one(&PRODUCT_ARREARS, params![s.account_id, today, product_id])?;
    Ok(Arrears { total: row.money(0), oldest_due: row.opt_text(1), bill_count: row.int(2), overdue: row.money(3) })
}

/// What a customer has not paid; the same as [`arrears_of`], by the name checks know it.
pub fn arrears_of_customer(tx: &mut Tx<'_>, customer_id: &str) -> Result<Arrears> {
    arrears_of(tx, customer_id)
}

/// The contract that binds a product today: its own, or that of the bundle it was sold in.
pub fn contract_of(tx: &mut Tx<'_>, product_id: &str) -> Result<Option<ContractState>> {
    if let Some(own) = contract::contract_of(tx, product_id)? {
        return Ok(Some(own));
    }
    match subscription::look(tx, product_id)? {
        Some(s) if !s.bundle.is_empty() => {
            contract::contract_of(tx, &subscription::bundle_product(&s.order_id, &s.bundle))
        }
        _ => Ok(None),
    }
}

/// What ending a product on `day` costs. The contract of a bundle is broken by its last part.
pub fn early_termination(tx: &mut Tx<'_>, product_id: &str, day: Date) -> Result<Money> {
    let own = contract::early_termination(tx, product_id, day)?;
    let Some(s) = subscription::look(tx, product_id)?.filter(|s| !s.bundle.is_empty()) else { return Ok(own) };
    let whole = subscription::bundle_product(&s.order_id, &s.bundle);
    if subscription::is_last_part(tx, &s)? {
        return own.plus(contract::early_termination(tx, &whole, day)?);
    }
    Ok(own)
}

/// Who pays for a product; `None` where billing does not know it.
pub fn payer_of(tx: &mut Tx<'_>, product_id: &str) -> Result<Option<Payer>> {
    let Some(s) = subscription::look(tx, product_id)? else { return Ok(None) };
    Ok(Some(Payer { account_id: s.account_id, others: relation::of_product(tx, product_id)? }))
}

/// What one month came to.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Month {
    /// `2026-11`
    pub month: String,
    #[serde(rename = "amountFen")]
    pub amount: Money,
    pub by_family: Vec<FamilyAmount>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FamilyAmount {
    pub family: String,
    #[serde(rename = "amountFen")]
    pub amount: Money,
}

/// What was billed to a customer in the last `n` months, the running one included, oldest first; months without a bill
/// are zero.
pub fn months(tx: &mut Tx<'_>, customer_id: &str, n: i64) -> Result<Vec<Month>> {
    let n = i32::try_from(n.clamp(1, 36)).unwrap_or(1);
    let first = tx.now().date().first_of_month().plus_months(1 - n);
    let name = |day: Date| day.to_string().chars().take(7).collect::<String>();
    let mut months: Vec<Month> = (0..n)
        .map(|i| Month { month: name(first.plus_months(i)), amount: Money::ZERO, by_family: Vec::new() })
        .collect();
    for row in tx.query(&MONTHS, params![customer_id, first.to_string()])? {
        let (month, amount) = (row.str(0).chars().take(7).collect::<String>(), row.money(2));
        let Some(entry) = months.iter_mut().find(|m| m.month == month) else { continue };
        let family = match row.opt_text(1) {
            Some(id) => catalog::held(tx, &id).map_or("other", |o| o.family.as_str()),
            None => "other",
        };
        entry.amount = entry.amount.plus(amount)?;
        match entry.by_family.iter_mut().find(|f| f.family == family) {
            Some(sum) => sum.amount = sum.amount.plus(amount)?,
            None => entry.by_family.push(FamilyAmount { family: family.to_owned(), amount }),
        }
    }
    Ok(months)
}

/// What a piece of business costs by itself.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fee {
    pub name_zh: String,
    pub name_en: String,
    #[serde(rename = "amountFen")]
    pub amount: Money,
}

/// The fees of a piece of business for a product line: rows with a source, no figures in programs.
pub fn business_fees(tx: &mut Tx<'_>, business: &str, family: &str) -> Result<Vec<Fee>> {
    let mut row = tx.query_opt(&FEES, params![business, family])?;
    if row.is_none() {
        row = tx.query_opt(&FEES, params![business, "*"])?;
    }
    let fee = |r: store::Row| Fee { name_zh: r.text(0), name_en: r.text(1), amount: r.money(2) };
    Ok(row.map(fee).into_iter().filter(|f| !f.amount.is_zero()).collect())
}

/// While bills are made, and on the days set aside for it, transfers across areas and mergers rest; until when, where `day` is one of them.
pub fn freeze(tx: &mut Tx<'_>, day: Date) -> Result<Option<Date>> {
    let (from, days) = (settings::FREEZE_FROM.number(tx)?, settings::FREEZE_DAYS.number(tx)?);
    if crate::cycle::is_going(tx)? {
        return Ok(Some(day));
    }
    if from < 1 || days < 1 {
        return Ok(None);
    }
    let first = day.first_of_month().plus_days(i32::try_from(from - 1).unwrap_or(0));
    let last = first.plus_days(i32::try_from(days - 1).unwrap_or(0));
    Ok((first <= day && day <= last).then_some(last))
}
