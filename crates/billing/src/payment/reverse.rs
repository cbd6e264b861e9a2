//! Undoing a payment (反销账): a new record of the negative amount; the bills it paid are unpaid again.
//!
//! One's own payment of the day is reversed freely while its shift is open. A mistaken payment goes back within a day on two
//! certificates. Anything else asks for [`perms::PAYMENT_REVERSE_ANY`] and for two persons: what one took, another reverses,
//! or allows to be reversed. A receipt that was printed comes back first, or is red-lettered. Where the surplus of the
//! payment has meanwhile paid a bill out of the balance, that bill is unpaid again as well, the newest first. What is left on
//! the balance after that pays what is open now, the oldest first: money that is there does not wait beside a debt.

use super::{
    DONE, LOCK, PENDING, Payment, REVERSED, clearing, document, from_row, prints, receipt, reversal_of,
    take::{AppliedTo, Taken},
};
use crate::{
    account::{self, Account},
    bill, books,
    counter::shift,
    late,
    ledger::{self, Entry, Kind, Posting},
    perms, problems, settings,
};
use kernel::{Money, Problem, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Map, json};
use std::collections::{BTreeMap, BTreeSet};
use store::{Event, Tx, params, sql};

/// A certificate that was shown; of its number only the last four places are kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Certificate {
    pub name: String,
    pub kind: String,
    pub number: String,
}

/// Both persons of a mistaken payment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Mistake {
    pub payer: Certificate,
    /// Whose number was paid for by mistake.
    pub owner: Certificate,
}

/// Why the payment may be reversed.
#[derive(Clone, Debug)]
pub enum Ground {
    /// By what the actor may do.
    Own,
    Mistake(Box<Mistake>),
    /// Another person has allowed it.
    Approved,
    Bounced,
    /// A collection file of the bank was reversed.
    Bank,
}

sql! {
    SHARES = "SELECT bill_id, account_id, CAST(SUM(amount_fen) AS BIGINT) FROM bill_application WHERE payment_id = $1 \
              GROUP BY bill_id, account_id HAVING SUM(amount_fen) > 0 ORDER BY bill_id";
    FROM_BOOK = "SELECT t.subject_id, CAST(SUM(e.amount_fen) AS BIGINT) FROM ledger_entry e JOIN ledger_txn t ON t.id = e.txn_id \
                 WHERE e.owner = $1 AND e.kind = 'balance' AND e.book = $2 AND t.subject_type = 'bill' \
                 GROUP BY t.subject_id HAVING SUM(e.amount_fen) > 0 ORDER BY t.subject_id DESC";
    MARK = "UPDATE payment SET version = version + 1, status = $3, body = $4, updated_at = $5 WHERE id = $1 AND version = $2";
}

/// Reverses a payment by what the actor may do.
pub fn reverse(tx: &mut Tx<'_>, id: &str, reason: &str) -> Result<Taken> {
    reverse_with(tx, id, reason, Ground::Own)
}

pub fn reverse_with(tx: &mut Tx<'_>, id: &str, reason: &str, ground: Ground) -> Result<Taken> {
    let shift_id = shift::for_booking(tx)?;
    let row = tx.query_one(&LOCK, params![id])?;
    tx.must_see(row.str(2))?;
    let mut original = from_row(&row)?;
    permitted(tx, &original, shift_id.as_deref(), &ground)?;
    if !matches!(ground, Ground::Bounced) {
        clearing::reversed(tx, id)?;
    }

    let shares = tx.query(&SHARES, params![id])?;
    let mut account_ids: BTreeSet<String> = shares.iter().map(|r| r.text(1)).collect();
    account_ids.insert(original.account_id.clone());
    let mut accounts: BTreeMap<String, Account> = BTreeMap::new();
    for account_id in &account_ids {
        accounts.insert(account_id.clone(), account::lock(tx, account_id)?);
    }
    let home = &accounts[&original.account_id];
    release(tx, home, &original.book, original.to_balance)?;
    if let Some(book) = &original.gift_book {
        release(tx, home, book, original.gift)?;
    }
    let payment = negative(tx, &original, reason, shift_id.as_deref());
    let fees = late::of_payment(tx, id)?;
    let entries = entries(&original, &payment, &shares, &fees);
    let txn = ledger::post(
        tx,
        Posting {
            kind: "reversal",
            subject_type: "payment",
            subject_id: &payment.id,
            shift_id: shift_id.as_deref(),
            org: &original.org,
            entries,
        },
    )?;
    let mut applied = Vec::with_capacity(shares.len());
    for share in &shares {
        let mut bill = bill::lock(tx, share.str(0))?;
        let amount = share.money(2).negated();
        if bill.remaining.plus(share.money(2))? > bill.amount {
            return Err(Problem::new(&problems::BILL_CREDITED).with("value", &bill.bill_no));
        }
        let late_fee = match fees.iter().find(|f| f.bill_id == bill.id) {
            Some(paid) => {
                let back = (paid.base.negated(), paid.fee.negated());
                late::record(tx, &bill, &txn, Some(&original.id), 0, back)?;
                paid.fee.negated()
            }
            None => Money::ZERO,
        };
        bill.apply(tx, amount, &txn, Some(&original.id))?;
        applied.push(AppliedTo {
            bill_id: bill.id,
            bill_no: bill.bill_no,
            amount,
            remaining: bill.remaining,
            late_fee,
        });
    }
    let settled = settle(tx, accounts.values(), &mut applied)?;
    let mut done = finish(tx, &mut original, payment, applied, &ground)?;
    done.settled = settled;
    tx.emit(
        Event::new("PaymentReversedEvent", "payment", id, original.version, &original.org)
            .topic(format!("customer:{}", original.customer_id))
            .payload(json!({
                "paymentId": id, "reversalId": done.id, "customerId": original.customer_id, "accountIds": account_ids,
                "amountFen": original.amount, "settledFen": settled, "reason": reason,
            })),
    )?;
    Ok(done)
}

/// Pays what is open on these accounts out of what they have left; what remains of the bills is told as it is then.
fn settle<'a>(
    tx: &mut Tx<'_>,
    accounts: impl Iterator<Item = &'a Account>,
    applied: &mut [AppliedTo],
) -> Result<Money> {
    let mut settled = Money::ZERO;
    for account in accounts {
        settled = settled.plus(bill::settle(tx, account)?)?;
        account::refresh(tx, &account.id)?;
    }
    if !settled.is_zero() {
        for share in applied {
            share.remaining = bill::bill(tx, &share.bill_id)?.remaining;
        }
    }
    Ok(settled)
}

/// Who has paid what of the opposite sign.
fn entries(original: &Payment, payment: &Payment, shares: &[store::Row], fees: &[late::Paid]) -> Vec<Entry> {
    let till = payment.shift_id.as_deref().unwrap_or(&payment.operator);
    let mut entries = vec![Entry::new(original.method.account(), till, payment.amount)];
    entries.extend(shares.iter().map(|r| Entry::new(Kind::Receivable, r.str(1), r.money(2))));
    entries.extend(fees.iter().map(|f| Entry::new(Kind::LateFee, &f.account_id, f.fee)));
    entries.push(Entry::book(&original.account_id, &original.book, original.to_balance));
    if let Some(book) = &original.gift_book {
        entries.push(Entry::book(&original.account_id, book, original.gift));
        entries.push(Entry::new(Kind::Adjustment, &original.account_id, original.gift.negated()));
    }
    entries
}

fn negative(tx: &Tx<'_>, original: &Payment, reason: &str, shift_id: Option<&str>) -> Payment {
    let mut payment = Payment::draft(tx, &original.org, original.method, original.amount.negated());
    payment.customer_id.clone_from(&original.customer_id);
    payment.account_id.clone_from(&original.account_id);
    payment.to_balance = original.to_balance.negated();
    payment.late_fee = original.late_fee.negated();
    payment.book.clone_from(&original.book);
    payment.gift_book.clone_from(&original.gift_book);
    payment.gift = original.gift.negated();
    payment.reference.clone_from(&original.reference);
    reason.clone_into(&mut payment.note);
    payment.shift_id = shift_id.map(str::to_owned);
    payment.reverses = Some(original.id.clone());
    payment
}

fn finish(
    tx: &mut Tx<'_>,
    original: &mut Payment,
    mut payment: Payment,
    applied: Vec<AppliedTo>,
    ground: &Ground,
) -> Result<Taken> {
    mark_reversed(tx, original, &payment.id)?;
    let balance = ledger::deposit(tx, &payment.account_id)?;
    let number = receipt::next(tx, "payment", &payment.id, payment.amount, payment.method.name())?;
    payment.receipt_no = Some(number);
    let mut extra = Map::new();
    if let Ground::Mistake(mistake) = ground {
        extra.insert("mistake".into(), json!(masked(mistake)));
    }
    document::render(&mut payment, &applied, extra);
    payment.insert(tx)?;
    Ok(Taken::of(&payment, applied, balance))
}

fn masked(mistake: &Mistake) -> Mistake {
    let mask = |c: &Certificate| {
        let places: Vec<char> = c.number.trim().chars().collect();
        let tail: String = places[places.len().saturating_sub(4)..].iter().collect();
        Certificate { name: c.name.trim().to_owned(), kind: c.kind.clone(), number: format!("****{tail}") }
    };
    Mistake { payer: mask(&mistake.payer), owner: mask(&mistake.owner) }
}

fn permitted(tx: &mut Tx<'_>, original: &Payment, shift_id: Option<&str>, ground: &Ground) -> Result<()> {
    if original.reverses.is_some() {
        return Err(Problem::new(&problems::REVERSAL_FINAL));
    }
    if let Some(reversal) = reversal_of(tx, &original.id)? {
        return Err(Problem::new(&problems::ALREADY_REVERSED).extra("reversal", json!(reversal)));
    }
    match original.status.as_str() {
        DONE => {}
        PENDING => return Err(Problem::new(&problems::NOT_BOOKED)),
        _ => return Err(Problem::new(&problems::ALREADY_REVERSED)),
    }
    match ground {
        Ground::Bounced | Ground::Bank => return Ok(()),
        Ground::Mistake(mistake) => within_the_day(tx, original, mistake)?,
        Ground::Own if !is_fresh(tx, original, shift_id) => {
            tx.allow(perms::PAYMENT_REVERSE_ANY)?;
            if *original.operator == *tx.actor().id {
                return Err(Problem::new(&problems::OTHER_EYES));
            }
        }
        Ground::Own | Ground::Approved => {}
    }
    // What the customer holds in paper does not stay in the world.
    match &original.receipt_no {
        Some(number) if prints::is_out(tx, number)? => {
            Err(Problem::new(&problems::RECEIPT_OUT).field("receiptReturn").with("value", number))
        }
        _ => Ok(()),
    }
}

/// One's own payment of the day, its shift still open.
pub fn is_fresh(tx: &Tx<'_>, original: &Payment, shift_id: Option<&str>) -> bool {
    let own = *original.operator == *tx.actor().id;
    let today = original.day == tx.now().date().to_string();
    own && today && original.shift_id.as_deref() == shift_id
}

fn within_the_day(tx: &mut Tx<'_>, original: &Payment, mistake: &Mistake) -> Result<()> {
    for (field, c) in [("mistake.payer", &mistake.payer), ("mistake.owner", &mistake.owner)] {
        let bad = c.name.trim().is_empty()
            || c.name.chars().count() > 60
            || c.kind.chars().count() > 30
            || !(4..=30).contains(&c.number.trim().chars().count());
        if bad {
            return Err(Problem::invalid(field, "name, kind, number"));
        }
    }
    let hours = settings::MISTAKE_HOURS.number(tx)?;
    if tx.now().seconds_since(original.created_at) > hours.saturating_mul(3_600) {
        return Err(Problem::new(&problems::MISTAKE_LATE).with("hours", &hours.to_string()));
    }
    Ok(())
}

/// Makes sure that `amount` is on the book: where it has paid bills since, the newest give it back.
fn release(tx: &mut Tx<'_>, account: &Account, book: &str, amount: Money) -> Result<()> {
    let mut missing = amount.plus(ledger::on_book(tx, &account.id, book)?.negated())?;
    if missing <= Money::ZERO {
        return Ok(());
    }
    for row in tx.query(&FROM_BOOK, params![account.id, book])? {
        if missing <= Money::ZERO {
            break;
        }
        let mut bill = bill::lock(tx, row.str(0))?;
        let back = missing.min(row.money(1)).min(bill.amount.plus(bill.remaining.negated())?);
        if back > Money::ZERO {
            let returned = books::unsettle(tx, account, &mut bill, back, Some(book))?;
            missing = missing.plus(returned.negated())?;
        }
    }
    // Paid back to the customer meanwhile: then there is nothing left to take.
    if missing <= Money::ZERO { Ok(()) } else { Err(Problem::new(&problems::BALANCE_SHORT)) }
}

fn mark_reversed(tx: &mut Tx<'_>, original: &mut Payment, reversal_id: &str) -> Result<()> {
    original.body.insert("status".into(), json!(REVERSED));
    original.body.insert("statusDate".into(), json!(tx.now().to_string()));
    original.body.insert("reversedBy".into(), json!({"id": reversal_id, "href": super::PAYMENT.href(reversal_id)}));
    let body = serde_json::to_string(&original.body).map_err(Problem::internal)?;
    tx.execute_versioned(&MARK, params![original.id, original.version, REVERSED, body, tx.now()])?;
    original.version += 1;
    document::publish(tx, original, "StateChange")
}
