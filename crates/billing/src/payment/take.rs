//! Taking money.

use super::{Method, Payment, document, receipt};
use super::{campaign, clearing};
use crate::{
    account::{self, Account},
    bill::{self, Bill},
    books,
    counter::shift,
    late::{self, Late},
    ledger::{self, Entry, Kind, Posting},
    problems, settings,
};
use kernel::{Money, Problem, Result, Timestamp};
use serde::Serialize;
use serde_json::{Map, Value};
use store::Tx;

/// What somebody pays.
#[derive(Clone, Debug)]
pub struct Take {
    pub customer_id: String,
    /// Pays this account's bills only; without it, those of all accounts of the customer.
    pub account_id: Option<String>,
    pub amount: Money,
    pub method: Method,
    /// The notes handed over, where that is more than the amount.
    pub tendered: Option<Money>,
    pub reference: String,
    pub note: String,
    /// Attributes of a TMF676 body that are to come back.
    pub extra: Map<String, Value>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AppliedTo {
    pub bill_id: String,
    pub bill_no: String,
    #[serde(rename = "amountFen")]
    pub amount: Money,
    #[serde(rename = "remainingFen")]
    pub remaining: Money,
    /// What came with it for being late.
    #[serde(rename = "lateFeeFen", skip_serializing_if = "is_nothing")]
    pub late_fee: Money,
}

fn is_nothing(amount: &Money) -> bool {
    amount.is_zero()
}

/// What only the counter says.
#[derive(Clone, Copy, Debug)]
pub struct More<'a> {
    /// Paid together with others, with one tender.
    pub batch: Option<&'a str>,
    /// The book that gets the rest.
    pub book: &'a str,
    pub campaign: Option<&'a str>,
}

impl Default for More<'_> {
    fn default() -> Self {
        Self { batch: None, book: books::GENERAL, campaign: None }
    }
}

/// What became of it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Taken {
    pub id: String,
    pub receipt_no: String,
    #[serde(rename = "amountFen")]
    pub amount: Money,
    #[serde(rename = "changeFen")]
    pub change: Money,
    pub applied: Vec<AppliedTo>,
    #[serde(rename = "toBalanceFen")]
    pub to_balance: Money,
    #[serde(rename = "balanceFen")]
    pub balance: Money,
    pub method: Method,
    pub account_id: String,
    pub customer_id: String,
    #[serde(rename = "lateFeeFen")]
    pub late_fee: Money,
    #[serde(rename = "giftFen", skip_serializing_if = "is_nothing")]
    pub gift: Money,
    /// What the balance paid of the bills that a reversal opened.
    #[serde(rename = "settledFen", skip_serializing_if = "is_nothing")]
    pub settled: Money,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch_id: Option<String>,
    pub at: Timestamp,
    pub operator: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reversal_of: Option<String>,
}

/// Takes a payment: oldest bill first, each late one with its fee, the rest to the balance. Staff book it into their open
/// shift.
pub fn take(tx: &mut Tx<'_>, ask: &Take) -> Result<Taken> {
    take_with(tx, ask, More::default())
}

pub fn take_with(tx: &mut Tx<'_>, ask: &Take, more: More<'_>) -> Result<Taken> {
    let (amount, change) = checked(tx, ask)?;
    let shift_id = shift::for_booking(tx)?;
    let accounts = accounts(tx, ask)?;
    let Some(home) = accounts.iter().find(|a| ask.account_id.as_ref().is_none_or(|id| a.id == *id)) else {
        return Err(Problem::not_found());
    };
    let mut payment = Payment::draft(tx, &home.org, ask.method, amount);
    payment.customer_id.clone_from(&home.customer_id);
    payment.account_id.clone_from(&home.id);
    payment.tendered = ask.tendered.unwrap_or(amount);
    payment.change = change;
    payment.reference.clone_from(&ask.reference);
    payment.note.clone_from(&ask.note);
    payment.shift_id.clone_from(&shift_id);
    payment.batch_id = more.batch.map(str::to_owned);
    books::accepts(tx, &home.id, more.book)?;
    more.book.clone_into(&mut payment.book);

    let (shares, rest) = distribute(tx, &accounts, amount)?;
    payment.to_balance = rest;
    payment.late_fee = shares.iter().try_fold(Money::ZERO, |sum, s| sum.plus(s.fee))?;
    let till = shift_id.as_deref().unwrap_or(&payment.operator).to_owned();
    let mut entries = vec![Entry::new(ask.method.account(), &till, amount)];
    for share in &shares {
        entries.push(Entry::new(Kind::Receivable, &share.bill.account_id, share.part.negated()));
        entries.push(Entry::new(Kind::LateFee, &share.bill.account_id, share.fee.negated()));
    }
    entries.push(Entry::book(&home.id, more.book, rest.negated()));
    let gift = match more.campaign {
        Some(id) => Some(campaign::reward(tx, &home.id, id, rest, &payment.id)?),
        None => None,
    };
    if let Some((book, gift)) = &gift {
        entries.push(Entry::new(Kind::Adjustment, &home.id, *gift));
        entries.push(Entry::book(&home.id, book, gift.negated()));
        (payment.gift_book, payment.gift) = (Some(book.clone()), *gift);
    }
    let txn = ledger::post(
        tx,
        Posting {
            kind: "payment",
            subject_type: "payment",
            subject_id: &payment.id,
            shift_id: shift_id.as_deref(),
            org: &home.org,
            entries,
        },
    )?;
    let mut applied = Vec::with_capacity(shares.len());
    for Share { mut bill, part, fee, late } in shares {
        late::record(tx, &bill, &txn, Some(&payment.id), late.days, (part, fee))?;
        bill.apply(tx, part, &txn, Some(&payment.id))?;
        let (bill_id, bill_no, remaining) = (bill.id, bill.bill_no, bill.remaining);
        applied.push(AppliedTo { bill_id, bill_no, amount: part, remaining, late_fee: fee });
    }
    // What had been paid in advance helps where this payment did not reach.
    if rest.is_zero() {
        for account in &accounts {
            bill::settle(tx, account)?;
        }
    }
    for account in &accounts {
        account::refresh(tx, &account.id)?;
    }
    if ask.method.clears_later() {
        clearing::begin(tx, &payment, &till)?;
    }
    let balance = ledger::deposit(tx, &home.id)?;
    payment.receipt_no = Some(receipt::next(tx, "payment", &payment.id, amount, ask.method.name())?);
    document::render(&mut payment, &applied, ask.extra.clone());
    payment.insert(tx)?;
    Ok(Taken::of(&payment, applied, balance))
}

impl Taken {
    pub fn of(payment: &Payment, applied: Vec<AppliedTo>, balance: Money) -> Self {
        Self {
            id: payment.id.clone(),
            receipt_no: payment.receipt_no.clone().unwrap_or_default(),
            amount: payment.amount,
            change: payment.change,
            applied,
            to_balance: payment.to_balance,
            balance,
            method: payment.method,
            account_id: payment.account_id.clone(),
            customer_id: payment.customer_id.clone(),
            late_fee: payment.late_fee,
            gift: payment.gift,
            settled: Money::ZERO,
            batch_id: payment.batch_id.clone(),
            at: payment.created_at,
            operator: payment.operator_name.clone(),
            reversal_of: payment.reverses.clone(),
        }
    }
}

/// The amount taken and the change to give back; refuses amounts that cannot be meant. Change that the drawer has no coins
/// for is taken as well and goes to the balance.
fn checked(tx: &mut Tx<'_>, ask: &Take) -> Result<(Money, Money)> {
    let max = settings::MAX_PAYMENT.money(tx)?;
    let refused = |value: Money, field: &str| {
        Problem::new(&problems::AMOUNT_REFUSED).field(field).with("value", &value.to_string())
    };
    if ask.amount <= Money::ZERO || ask.amount > max {
        return Err(refused(ask.amount, "amountFen"));
    }
    match ask.tendered {
        None => Ok((ask.amount, Money::ZERO)),
        Some(tendered) if tendered < ask.amount => Err(Problem::new(&problems::TENDERED_SHORT).field("tenderedFen")),
        Some(tendered) if tendered > max => Err(refused(tendered, "tenderedFen")),
        Some(tendered) if ask.method == Method::Cash => {
            let change = tendered.plus(ask.amount.negated())?.in_fen();
            let given = change - change % settings::CHANGE_UNIT.number(tx)?.max(1);
            Ok((ask.amount.plus(Money::fen(change - given))?, Money::fen(given)))
        }
        Some(tendered) if tendered == ask.amount => Ok((ask.amount, Money::ZERO)),
        Some(tendered) => Err(refused(tendered, "tenderedFen")),
    }
}

/// The accounts whose bills are paid, locked; the one that keeps the rest comes first.
fn accounts(tx: &mut Tx<'_>, ask: &Take) -> Result<Vec<Account>> {
    match &ask.account_id {
        Some(id) => {
            let account = account::lock(tx, id)?;
            let theirs = ask.customer_id.is_empty() || account.customer_id == ask.customer_id;
            if theirs { Ok(vec![account]) } else { Err(Problem::not_found()) }
        }
        None => {
            let home = account::account_of(tx, &ask.customer_id)?;
            let mut all = account::lock_of_customer(tx, &ask.customer_id)?;
            all.sort_by_key(|a| a.id != home.id);
            Ok(all)
        }
    }
}

/// What a bill gets of a payment.
struct Share {
    bill: Bill,
    part: Money,
    fee: Money,
    late: Late,
}

/// Oldest bill first over all the accounts: how much each gets, and what is left.
fn distribute(tx: &mut Tx<'_>, accounts: &[Account], amount: Money) -> Result<(Vec<Share>, Money)> {
    let mut bills = Vec::new();
    for account in accounts {
        bills.extend(bill::lock_open(tx, &account.id)?);
    }
    bills.sort_by(|a, b| (a.due_date, &a.id).cmp(&(b.due_date, &b.id)));
    let mut rest = amount;
    let mut shares = Vec::new();
    if bills.is_empty() {
        return Ok((shares, rest));
    }
    let (rule, today) = (late::rule(tx)?, tx.now().date());
    for bill in bills {
        if rest.is_zero() {
            break;
        }
        let late = rule.of(tx, &bill, today)?;
        let (part, fee) = late.divide(rest, bill.remaining);
        rest = rest.plus(part.negated())?.plus(fee.negated())?;
        shares.push(Share { bill, part, fee, late });
    }
    Ok((shares, rest))
}
