//! Money into a book, out of it, and from one to another: each a posting.

use super::{Book, BookState, GENERAL, Subject, book};
use crate::{
    account,
    ledger::{self, Entry, Kind, Posting},
    problems,
};
use kernel::{Money, OrgPath, Problem, Result};
use store::Tx;

fn positive(amount: Money) -> Result<()> {
    if amount > Money::ZERO {
        return Ok(());
    }
    Err(Problem::new(&problems::AMOUNT_REFUSED).field("amountFen").with("value", &amount.to_string()))
}

pub(super) fn post(tx: &mut Tx<'_>, subject: Subject<'_>, org: &OrgPath, entries: Vec<Entry>) -> Result<String> {
    ledger::post(
        tx,
        Posting {
            kind: subject.kind,
            subject_type: subject.subject_type,
            subject_id: subject.id,
            shift_id: subject.shift_id,
            org,
            entries,
        },
    )
}

/// A book that money may come into.
fn open_for_money(tx: &mut Tx<'_>, account_id: &str, id: &str) -> Result<Book> {
    let book = book(tx, account_id, id)?;
    match book.state {
        BookState::Active | BookState::Frozen => Ok(book),
        BookState::Closed | BookState::Expired => {
            Err(Problem::new(&problems::BOOK_STATE).with("state", book.state.name()))
        }
    }
}

/// Fails where the book takes no money.
pub fn accepts(tx: &mut Tx<'_>, account_id: &str, id: &str) -> Result<()> {
    if id == GENERAL { Ok(()) } else { open_for_money(tx, account_id, id).map(drop) }
}

/// A book that money may be taken out of, with at least `amount` on it.
fn open_for_spending(tx: &mut Tx<'_>, account_id: &str, id: &str, amount: Money) -> Result<Book> {
    let book = book(tx, account_id, id)?;
    if book.state != BookState::Active {
        return Err(Problem::new(&problems::BOOK_STATE).with("state", book.state.name()));
    }
    if book.balance < amount { Err(Problem::new(&problems::BALANCE_SHORT)) } else { Ok(book) }
}

/// Puts `amount` on a book; the other side is `from` of `from_owner` (a till, or the account itself). Returns the id of the
/// ledger transaction. Bills are not paid by this: see [`settle`].
pub fn deposit(
    tx: &mut Tx<'_>,
    account_id: &str,
    id: &str,
    amount: Money,
    from: (Kind, &str),
    subject: Subject<'_>,
) -> Result<String> {
    positive(amount)?;
    let account = account::lock(tx, account_id)?;
    open_for_money(tx, account_id, id)?;
    let entries = vec![Entry::new(from.0, from.1, amount), Entry::book(account_id, id, amount.negated())];
    let txn = post(tx, subject, &account.org, entries)?;
    account::refresh(tx, account_id)?;
    Ok(txn)
}

/// Takes `amount` from a book; refused where less is on it. The other side is `to` of `to_owner`.
pub fn withdraw(
    tx: &mut Tx<'_>,
    account_id: &str,
    id: &str,
    amount: Money,
    to: (Kind, &str),
    subject: Subject<'_>,
) -> Result<String> {
    positive(amount)?;
    let account = account::lock(tx, account_id)?;
    open_for_spending(tx, account_id, id, amount)?;
    let entries = vec![Entry::book(account_id, id, amount), Entry::new(to.0, to.1, amount.negated())];
    let txn = post(tx, subject, &account.org, entries)?;
    account::refresh(tx, account_id)?;
    Ok(txn)
}

/// Moves money between two books, of one account or of two. Both accounts are locked in one order.
pub fn transfer(
    tx: &mut Tx<'_>,
    from: (&str, &str),
    to: (&str, &str),
    amount: Money,
    subject: Subject<'_>,
) -> Result<String> {
    positive(amount)?;
    if from == to {
        return Err(Problem::invalid("toBook", "≠ fromBook"));
    }
    let mut ids = [from.0, to.0];
    ids.sort_unstable();
    let first = account::lock(tx, ids[0])?;
    let second = if ids[0] == ids[1] { first.clone() } else { account::lock(tx, ids[1])? };
    let source = if first.id == from.0 { &first } else { &second };
    open_for_spending(tx, from.0, from.1, amount)?;
    open_for_money(tx, to.0, to.1)?;
    let entries = vec![Entry::book(from.0, from.1, amount), Entry::book(to.0, to.1, amount.negated())];
    let txn = post(tx, subject, &source.org, entries)?;
    account::refresh(tx, from.0)?;
    if from.0 != to.0 {
        account::refresh(tx, to.0)?;
    }
    Ok(txn)
}
