//! Taking money.

use super::{Method, Payment, document, receipt};
use crate::{
    account::{self, Account},
    bill::{self, Bill},
    counter::shift,
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
    pub at: Timestamp,
    pub operator: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reversal_of: Option<String>,
}

/// Takes a payment: oldest bill first, the rest to the balance. Staff book it into their open shift.
pub fn take(tx: &mut Tx<'_>, ask: &Take) -> Result<Taken> {
    let change = checked(tx, ask)?;
    let shift_id = shift::for_booking(tx)?;
    let accounts = accounts(tx, ask)?;
    let Some(home) = accounts.iter().find(|a| ask.account_id.as_ref().is_none_or(|id| a.id == *id)) else {
        return Err(Problem::not_found());
    };
    let mut payment = Payment::draft(tx, &home.org, ask.method, ask.amount);
    payment.customer_id.clone_from(&home.customer_id);
    payment.account_id.clone_from(&home.id);
    payment.tendered = ask.tendered.unwrap_or(ask.amount);
    payment.change = change;
    payment.reference.clone_from(&ask.reference);
    payment.note.clone_from(&ask.note);
    payment.shift_id.clone_from(&shift_id);

    let (shares, rest) = distribute(tx, &accounts, ask.amount)?;
    payment.to_balance = rest;
    let till = shift_id.as_deref().unwrap_or(&payment.operator).to_owned();
    let mut entries = vec![Entry::new(ask.method.account(), &till, ask.amount)];
    entries.extend(shares.iter().map(|(b, share)| Entry::new(Kind::Receivable, &b.account_id, share.negated())));
    entries.push(Entry::new(Kind::Balance, &home.id, rest.negated()));
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
    for (mut bill, share) in shares {
        bill.apply(tx, share, &txn, Some(&payment.id))?;
        applied.push(AppliedTo { bill_id: bill.id, bill_no: bill.bill_no, amount: share, remaining: bill.remaining });
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
    let balance = ledger::deposit(tx, &home.id)?;
    payment.receipt_no = Some(receipt::next(tx, "payment", &payment.id)?);
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
            at: payment.created_at,
            operator: payment.operator_name.clone(),
            reversal_of: payment.reverses.clone(),
        }
    }
}

/// The change to give back; refuses amounts that cannot be meant.
fn checked(tx: &mut Tx<'_>, ask: &Take) -> Result<Money> {
    let max = settings::MAX_PAYMENT.money(tx)?;
    let refused = |value: Money, field: &str| {
        Problem::new(&problems::AMOUNT_REFUSED).field(field).with("value", &value.to_string())
    };
    if ask.amount <= Money::ZERO || ask.amount > max {
        return Err(refused(ask.amount, "amountFen"));
    }
    match ask.tendered {
        None => Ok(Money::ZERO),
        Some(tendered) if tendered < ask.amount => Err(Problem::new(&problems::TENDERED_SHORT).field("tenderedFen")),
        Some(tendered) if tendered > max => Err(refused(tendered, "tenderedFen")),
        Some(tendered) if ask.method == Method::Cash => tendered.plus(ask.amount.negated()),
        Some(tendered) if tendered == ask.amount => Ok(Money::ZERO),
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

/// Oldest bill first over all the accounts: how much each gets, and what is left.
fn distribute(tx: &mut Tx<'_>, accounts: &[Account], amount: Money) -> Result<(Vec<(Bill, Money)>, Money)> {
    let mut bills = Vec::new();
    for account in accounts {
        bills.extend(bill::lock_open(tx, &account.id)?);
    }
    bills.sort_by(|a, b| (a.due_date, &a.id).cmp(&(b.due_date, &b.id)));
    let mut rest = amount;
    let mut shares = Vec::new();
    for bill in bills {
        let share = rest.min(bill.remaining);
        if share.is_zero() {
            break;
        }
        rest = rest.plus(share.negated())?;
        shares.push((bill, share));
    }
    Ok((shares, rest))
}
