//! One checkout for many: services, accounts and customers paid for together, by one method or several, each with its own
//! payment and receipt, all in one transaction.
//!
//! The tender is dealt out in order: the first item takes from the first method, and where that ends from the next. So a
//! payment has one method, can be reversed by itself, and goes back the way it came.

use super::{
    Method, reverse,
    take::{More, Take, Taken, take_with},
};
use crate::{account, books, problems, settings};
use kernel::{Money, Problem, Result};
use serde::{Deserialize, Serialize};
use serde_json::Map;
use std::collections::BTreeSet;
use store::{Tx, params, sql};

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    #[serde(default)]
    pub customer_id: String,
    pub account_id: Option<String>,
    pub amount_fen: i64,
    pub campaign_id: Option<String>,
    /// The book that gets what is left after the bills.
    pub book: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tender {
    pub method: String,
    pub amount_fen: i64,
    /// Notes handed over; cash only.
    pub tendered_fen: Option<i64>,
    #[serde(default)]
    pub reference: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Checkout {
    pub items: Vec<Item>,
    pub tenders: Vec<Tender>,
    #[serde(default)]
    pub note: String,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckedOut {
    pub batch_id: String,
    #[serde(rename = "totalFen")]
    pub total: Money,
    #[serde(rename = "changeFen")]
    pub change: Money,
    pub payments: Vec<Taken>,
}

const MOST_ITEMS: usize = 50;

sql! {
    OF_BATCH = "SELECT id FROM payment WHERE batch_id = $1 AND reverses IS NULL AND status = 'done' ORDER BY id DESC";
    ACCOUNTS_OF = "SELECT id FROM billing_account WHERE customer_id = $1";
}

struct Part {
    item: usize,
    tender: usize,
    amount: Money,
}

/// Deals the tenders out over the items.
fn deal(items: &[i64], tenders: &[i64]) -> Vec<Part> {
    let (mut parts, mut tender) = (Vec::new(), 0);
    let mut left = tenders.first().copied().unwrap_or(0);
    for (item, wanted) in items.iter().enumerate() {
        let mut wanted = *wanted;
        while wanted > 0 && tender < tenders.len() {
            let part = wanted.min(left);
            if part > 0 {
                parts.push(Part { item, tender, amount: Money::fen(part) });
            }
            wanted -= part;
            left -= part;
            if left == 0 {
                tender += 1;
                left = tenders.get(tender).copied().unwrap_or(0);
            }
        }
    }
    parts
}

/// Amounts that are greater than zero and within the limit of one payment, and their sum.
fn sum(amounts: impl Iterator<Item = i64>, max: Money, field: &str) -> Result<Money> {
    amounts.into_iter().try_fold(Money::ZERO, |sum, fen| {
        let amount = Money::fen(fen);
        if amount <= Money::ZERO || amount > max {
            let problem = Problem::new(&problems::AMOUNT_REFUSED).field(field);
            return Err(problem.with("value", &amount.to_string()));
        }
        sum.plus(amount)
    })
}

pub fn check_out(tx: &mut Tx<'_>, ask: &Checkout) -> Result<CheckedOut> {
    let within = |n: usize, most: usize, field: &str| {
        if (1..=most).contains(&n) { Ok(()) } else { Err(Problem::invalid(field, &format!("1–{most}"))) }
    };
    within(ask.items.len(), MOST_ITEMS, "items")?;
    within(ask.tenders.len(), 8, "tenders")?;
    let max = settings::MAX_PAYMENT.money(tx)?;
    let due = sum(ask.items.iter().map(|i| i.amount_fen), max, "items")?;
    let given = sum(ask.tenders.iter().map(|t| t.amount_fen), max, "tenders")?;
    if due != given {
        let problem = Problem::new(&problems::CHECKOUT_SUM).field("tenders");
        return Err(problem.with("due", &due.to_string()).with("tendered", &given.to_string()));
    }
    let methods = ask.tenders.iter().map(|t| at_counter(&t.method)).collect::<Result<Vec<Method>>>()?;
    lock(tx, &ask.items)?;
    let batch_id = tx.new_id::<Checkout>().into_string();
    let parts = deal(
        &ask.items.iter().map(|i| i.amount_fen).collect::<Vec<_>>(),
        &ask.tenders.iter().map(|t| t.amount_fen).collect::<Vec<_>>(),
    );
    let mut payments = Vec::with_capacity(parts.len());
    let mut change = Money::ZERO;
    for (i, part) in parts.iter().enumerate() {
        let (item, tender) = (&ask.items[part.item], &ask.tenders[part.tender]);
        let is_last = |same: fn(&Part) -> usize| parts.get(i + 1).is_none_or(|next| same(next) != same(part));
        // The notes belong to the last part they pay: there the change is reckoned.
        let tendered = match tender.tendered_fen {
            Some(fen) if is_last(|p| p.tender) => {
                Some(Money::fen(fen).plus(Money::fen(tender.amount_fen).negated())?.plus(part.amount)?)
            }
            _ => None,
        };
        let take = Take {
            customer_id: item.customer_id.clone(),
            account_id: item.account_id.clone().filter(|id| !id.is_empty()),
            amount: part.amount,
            method: methods[part.tender],
            tendered,
            reference: tender.reference.clone(),
            note: ask.note.clone(),
            extra: Map::new(),
        };
        let more = More {
            batch: Some(&batch_id),
            book: item.book.as_deref().filter(|b| !b.is_empty()).unwrap_or(books::GENERAL),
            // A reward looks at what one payment leaves on the balance, so the last part of an item earns it.
            campaign: item.campaign_id.as_deref().filter(|id| !id.is_empty() && is_last(|p| p.item)),
        };
        let taken = take_with(tx, &take, more)?;
        change = change.plus(taken.change)?;
        payments.push(taken);
    }
    let total = payments.iter().try_fold(Money::ZERO, |sum, p| sum.plus(p.amount))?;
    Ok(CheckedOut { batch_id, total, change, payments })
}

/// A method that a person may take at a counter.
pub fn at_counter(name: &str) -> Result<Method> {
    let method = Method::parse(name)?;
    if method.is_for_counters() {
        return Ok(method);
    }
    Err(Problem::new(&problems::METHOD_COUNTER).field("method").with("value", method.name()))
}

/// Locks all accounts in one order before the first is touched.
fn lock(tx: &mut Tx<'_>, items: &[Item]) -> Result<()> {
    let mut ids = BTreeSet::new();
    for item in items {
        match &item.account_id {
            Some(id) if !id.is_empty() => drop(ids.insert(id.clone())),
            _ if item.customer_id.is_empty() => return Err(Problem::missing("customerId")),
            _ => {
                account::account_of(tx, &item.customer_id)?;
                ids.extend(tx.query(&ACCOUNTS_OF, params![item.customer_id])?.iter().map(|r| r.text(0)));
            }
        }
    }
    for id in ids {
        account::lock(tx, &id)?;
    }
    Ok(())
}

/// Reverses everything that was paid together, the last first.
pub fn reverse_batch(tx: &mut Tx<'_>, batch_id: &str, reason: &str) -> Result<Vec<Taken>> {
    let ids = tx.query(&OF_BATCH, params![batch_id])?;
    if ids.is_empty() {
        return Err(Problem::not_found());
    }
    ids.iter().map(|row| reverse::reverse(tx, row.str(0), reason)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_are_dealt_out_over_what_is_paid_without_losing_a_fen() {
        let parts = |items: &[i64], tenders: &[i64]| {
            deal(items, tenders).iter().map(|p| (p.item, p.tender, p.amount.in_fen())).collect::<Vec<_>>()
        };
        assert_eq!(parts(&[100], &[100]), [(0, 0, 100)]);
        assert_eq!(parts(&[100, 50], &[30, 120]), [(0, 0, 30), (0, 1, 70), (1, 1, 50)]);
        assert_eq!(parts(&[30, 30, 40], &[60, 40]), [(0, 0, 30), (1, 0, 30), (2, 1, 40)]);
        assert_eq!(parts(&[5], &[1, 1, 3]), [(0, 0, 1), (0, 1, 1), (0, 2, 3)]);
    }
}
