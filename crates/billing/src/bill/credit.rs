//! Taking charges off a bill again, and moving an open bill to the account that its own was merged into.

use super::{Bill, NewLine, lock};
use crate::{
    account,
    ledger::{self, Entry, Kind, Posting},
};
use kernel::{Money, Problem, Result};
use store::{Tx, params, sql};

sql! {
    MOVE = "UPDATE bill SET account_id = $2, origin = $3 WHERE id = $1";
    TAKEN = "SELECT 1 FROM bill WHERE account_id = $1 AND period_start = $2 AND kind = $3 AND origin = $4";
}

/// Puts lines of negative amounts on a bill. What had been paid of them goes to the account's balance.
pub fn credit(tx: &mut Tx<'_>, bill_id: &str, lines: &[NewLine]) -> Result<()> {
    let account_id = super::bill(tx, bill_id)?.account_id;
    let account = account::lock(tx, &account_id)?;
    let mut bill = lock(tx, bill_id)?;
    let off = lines.iter().try_fold(Money::ZERO, |sum, l| sum.plus(l.line.amount))?.negated();
    if off <= Money::ZERO {
        return Ok(());
    }
    if off > bill.amount {
        return Err(Problem::internal(format!("bill {} of {} cannot be credited {off}", bill.bill_no, bill.amount)));
    }
    let paid = off.plus(bill.remaining.negated())?;
    let subject = |kind, entries| Posting {
        kind,
        subject_type: "bill",
        subject_id: bill_id,
        shift_id: None,
        org: &account.org,
        entries,
    };
    if paid > Money::ZERO {
        crate::books::unsettle(tx, &account, &mut bill, paid, None)?;
    }
    super::issue::append(tx, &bill, lines)?;
    let entries =
        vec![Entry::new(Kind::Receivable, &account_id, off.negated()), Entry::new(Kind::Revenue, &account_id, off)];
    ledger::post(tx, subject("credit", entries))?;
    bill.amount = bill.amount.plus(off.negated())?;
    bill.remaining = bill.remaining.plus(off.negated())?;
    bill.save(tx)?;
    super::settle(tx, &account)?;
    account::refresh(tx, &account_id)
}

/// The debt of an open bill goes to another account of the same customer. Both accounts are locked.
pub fn move_to(tx: &mut Tx<'_>, bill: &mut Bill, to: &str) -> Result<()> {
    let from = std::mem::replace(&mut bill.account_id, to.to_owned());
    let start = bill.period_start.to_string();
    if tx.query_opt(&TAKEN, params![to, start, bill.kind, bill.origin])?.is_some() {
        bill.origin.clone_from(&bill.bill_no); // both accounts had a bill of this month and origin
    }
    tx.execute(&MOVE, params![bill.id, to, bill.origin])?;
    let entries = vec![
        Entry::new(Kind::Receivable, &from, bill.remaining.negated()),
        Entry::new(Kind::Receivable, to, bill.remaining),
    ];
    let posting =
        Posting { kind: "merge", subject_type: "bill", subject_id: &bill.id, shift_id: None, org: &bill.org, entries };
    ledger::post(tx, posting)?;
    bill.save(tx)
}
