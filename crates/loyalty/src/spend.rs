//! Spending: points that pay, and what comes back when the payment is reversed.

use crate::{
    ledger::{self, Kind, Move},
    lots::{self, Lot},
    member::{self, Member},
    problems, settings,
};
use billing::{Method, Take, Taken};
use kernel::{Money, Problem, Result};
use serde_json::Map;
use store::{Tx, params, sql};

sql! {
    PAID = "INSERT INTO points_payment (payment_id, member_id, org, txn_id, points, amount_fen, restored, at) \
            VALUES ($1, $2, $3, $4, $5, $6, 0, $7)";
    OPEN = "SELECT member_id, txn_id FROM points_payment WHERE payment_id = $1 AND restored = 0 {for_update}";
    RESTORED = "UPDATE points_payment SET restored = 1 WHERE payment_id = $1 AND restored = 0";
}

/// What is paid with points.
#[derive(Clone, Debug)]
pub struct Pay {
    pub customer_id: String,
    /// This account's bills only; without it, those of all the customer's accounts.
    pub account_id: Option<String>,
    pub amount: Money,
    pub note: String,
}

/// Pays with points: burns them and takes the payment, both or neither. Returns the payment and the points it cost.
pub fn pay(tx: &mut Tx<'_>, ask: &Pay) -> Result<(Taken, i64)> {
    customer::summary(tx, &ask.customer_id)?;
    let member = member::lock_of_customer(tx, &ask.customer_id)?;
    member.may_spend()?;
    if ask.amount <= Money::ZERO {
        return Err(Problem::new(&problems::AMOUNT).field("amountFen").with("value", &ask.amount.to_string()));
    }
    let points = lots::price(ask.amount.in_fen(), settings::POINTS_PER_YUAN.number(tx)?);
    let least = settings::LEAST_POINTS.number(tx)?;
    if points < least {
        return Err(Problem::new(&problems::AMOUNT).field("amountFen").with("value", &format!("{points} < {least}")));
    }
    let taken = billing::take(
        tx,
        &Take {
            customer_id: ask.customer_id.clone(),
            account_id: ask.account_id.clone(),
            amount: ask.amount,
            method: Method::Points,
            tendered: None,
            reference: String::new(),
            note: ask.note.clone(),
            extra: Map::new(),
        },
    )?;
    let txn = burn(tx, &member, points, Kind::Burn, ("payment", &taken.id), &taken.receipt_no)?;
    tx.execute(&PAID, params![taken.id, member.id, member.org, txn.id, points, ask.amount, tx.now()])?;
    Ok((taken, points))
}

/// Takes points, the oldest first; refused where they do not suffice.
pub(crate) fn burn(
    tx: &mut Tx<'_>,
    member: &Member,
    points: i64,
    kind: Kind,
    subject: (&'static str, &str),
    note: &str,
) -> Result<ledger::Written> {
    if points <= 0 {
        return Err(Problem::new(&problems::AMOUNT).with("value", &points.to_string()));
    }
    let (all, owed) = (ledger::lots(tx, &member.id)?, ledger::owed(tx, &member.id)?);
    let (years, today) = (settings::YEARS.number(tx)?, tx.now().date());
    let available = lots::available(&all, years, today) - owed;
    let parts = lots::spend(&all, points, years, today).filter(|_| available >= points).ok_or_else(|| {
        let available = available.max(0).to_string();
        Problem::new(&problems::SHORT).with("available", &available).with("needed", &points.to_string())
    })?;
    let parts = parts.iter().map(|l| Lot { year: l.year, points: -l.points }).collect();
    ledger::post(tx, member, &Move { kind, subject, note, parts, owed: 0 })
}

/// Gives back what a transaction had taken, to the years it came from; what would have ended meanwhile comes to this year.
pub(crate) fn restore(tx: &mut Tx<'_>, member: &Member, txn_id: &str, subject: (&'static str, &str)) -> Result<()> {
    let (years, today) = (settings::YEARS.number(tx)?, tx.now().date());
    let this = i64::from(today.year());
    let mut parts: Vec<Lot> = Vec::new();
    for part in ledger::parts_of(tx, txn_id, &member.id)? {
        let year = if lots::has_ended(part.year, years, today) { this } else { part.year };
        match parts.iter_mut().find(|l| l.year == year) {
            Some(lot) => lot.points -= part.points,
            None => parts.push(Lot { year, points: -part.points }),
        }
    }
    ledger::post(tx, member, &Move { kind: Kind::Restore, subject, note: "", parts, owed: 0 }).map(drop)
}

/// Gives points back where a payment made with them has been reversed; once.
pub(crate) fn follow_payment(tx: &mut Tx<'_>, payment_id: &str) -> Result<()> {
    let Some(row) = tx.query_opt(&OPEN, params![payment_id])? else { return Ok(()) };
    if !billing::payment_fact(tx, payment_id)?.is_some_and(|p| p.reversed) {
        return Ok(());
    }
    let member = member::lock(tx, row.str(0))?;
    if tx.execute(&RESTORED, params![payment_id])? == 1 {
        restore(tx, &member, row.str(1), ("payment", payment_id))?;
    }
    Ok(())
}
