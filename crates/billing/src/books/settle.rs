//! Bills paid out of books, and given back to the books that paid them.

use super::{Book, Scope, of_account, post, scope::Charged};
use crate::{
    account::Account,
    bill::{self, Bill},
    late::{self, Late},
    ledger::{self, Entry, GENERAL, Kind},
};
use kernel::{Money, Result};
use store::{Tx, params, sql};

sql! {
    LINES = "SELECT product_id, kind, amount_fen FROM bill_line WHERE bill_id = $1 ORDER BY seq";
    PAID_BY = "SELECT e.book, CAST(SUM(e.amount_fen) AS BIGINT) FROM ledger_txn t JOIN ledger_entry e ON e.txn_id = t.id \
               WHERE t.subject_id = $1 AND e.owner = $2 AND e.kind = 'balance' GROUP BY e.book HAVING SUM(e.amount_fen) > 0 \
               ORDER BY e.book";
    REOPEN = "UPDATE balance_book SET state = 'active', version = version + 1, updated_at = $2 WHERE id = $1 AND state = 'expired'";
    OFFERING = "SELECT offering_id FROM subscription WHERE product_id = $1";
}

/// What of a bill each scope may still pay.
struct Lines {
    /// Product, kind, family, amount not yet paid by a book with a scope.
    lines: Vec<(String, String, String, i64)>,
}

impl Lines {
    /// The lines of a bill, less what books with a scope have paid before.
    fn read(tx: &mut Tx<'_>, bill: &Bill, books: &[Book]) -> Result<Self> {
        let mut lines = Vec::new();
        for row in tx.query(&LINES, params![bill.id])? {
            let product = row.text(0);
            let offering = tx.query_opt(&OFFERING, params![product])?.map(|r| r.text(0));
            let family = match offering {
                Some(id) => catalog::held(tx, &id).map_or("other", |o| o.family.as_str()),
                None => "other",
            };
            lines.push((product, row.text(1), family.to_owned(), row.int(2)));
        }
        // A credit takes away from the largest line of its kind: there is nothing to pay below zero.
        let credits: i64 = lines.iter().map(|l| l.3.min(0)).sum();
        lines.retain(|l| l.3 > 0);
        let mut all = Self { lines };
        all.take(&Scope::default(), -credits);
        for paid in tx.query(&PAID_BY, params![bill.id, bill.account_id])? {
            if let Some(book) = books.iter().find(|b| b.id == paid.str(0)).filter(|b| !b.scope.is_everything()) {
                all.take(&book.scope, paid.int(1));
            }
        }
        Ok(all)
    }
    fn fitting<'a>(&'a mut self, scope: &'a Scope) -> impl Iterator<Item = &'a mut i64> {
        self.lines
            .iter_mut()
            .filter(|l| scope.fits(Charged { product: &l.0, kind: &l.1, family: &l.2 }))
            .map(|l| &mut l.3)
    }
    fn left(&mut self, scope: &Scope) -> Money {
        Money::fen(self.fitting(scope).map(|fen| *fen).sum())
    }
    fn take(&mut self, scope: &Scope, mut fen: i64) {
        for line in self.fitting(scope) {
            let part = fen.min(*line);
            *line -= part;
            fen -= part;
        }
    }
}

/// Pays the account's open bills, oldest first, out of its books in their order; a late bill with its fee. Returns what was
/// put against bills. The account is locked.
pub fn settle(tx: &mut Tx<'_>, account: &Account) -> Result<Money> {
    let mut used = Money::ZERO;
    if ledger::deposit(tx, &account.id)? <= Money::ZERO {
        return Ok(used);
    }
    let bills = bill::lock_open(tx, &account.id)?;
    if bills.is_empty() {
        return Ok(used);
    }
    let today = tx.now().date();
    let all = of_account(tx, &account.id)?;
    let mut usable: Vec<Book> =
        all.iter().filter(|b| b.automatic && b.is_usable(today) && b.balance > Money::ZERO).cloned().collect();
    let rule = late::rule(tx)?;
    for mut bill in bills {
        if usable.is_empty() {
            break;
        }
        let late = rule.of(tx, &bill, today)?;
        used = used.plus(pay(tx, account, &mut bill, late, &mut usable, &all)?)?;
        usable.retain(|b| b.balance > Money::ZERO);
    }
    Ok(used)
}

/// Pays one bill as far as the books reach; their balances are brought up to date. Returns the part of the bill paid.
pub(super) fn pay(
    tx: &mut Tx<'_>,
    account: &Account,
    bill: &mut Bill,
    late: Late,
    usable: &mut [Book],
    all: &[Book],
) -> Result<Money> {
    let mut lines = None;
    let (mut principal, mut fees) = (Money::ZERO, Money::ZERO);
    let mut entries = Vec::new();
    for book in usable {
        let mut wanted = bill.remaining.plus(principal.negated())?;
        if !book.scope.is_everything() {
            if lines.is_none() {
                lines = Some(Lines::read(tx, bill, all)?);
            }
            if let Some(lines) = &mut lines {
                wanted = wanted.min(lines.left(&book.scope));
            }
        }
        if wanted <= Money::ZERO {
            continue;
        }
        let (part, fee) = late.divide(book.balance, wanted);
        let out = part.plus(fee)?;
        if let Some(lines) = &mut lines {
            lines.take(&book.scope, part.in_fen());
        }
        entries.push(Entry::book(&account.id, &book.id, out));
        book.balance = book.balance.plus(out.negated())?;
        principal = principal.plus(part)?;
        fees = fees.plus(fee)?;
    }
    if principal.is_zero() {
        return Ok(principal);
    }
    entries.push(Entry::new(Kind::Receivable, &account.id, principal.negated()));
    entries.push(Entry::new(Kind::LateFee, &account.id, fees.negated()));
    let txn = post(tx, super::Subject::new("settle", "bill", &bill.id), &bill.org, entries)?;
    late::record(tx, bill, &txn, None, late.days, (principal, fees))?;
    bill.apply(tx, principal, &txn, None)?;
    Ok(principal)
}

/// Takes `amount` of what was paid off a bill again and puts it back: on the books that paid, the last in the order of ids
/// first and the general book at the end, which also gets what payments had paid. With `only`, what that book paid and no
/// more. A late fee that a book had paid for it comes along. Returns what was put back in all. The account is locked.
pub fn unsettle(
    tx: &mut Tx<'_>,
    account: &Account,
    bill: &mut Bill,
    amount: Money,
    only: Option<&str>,
) -> Result<Money> {
    let (base, fee) = late::paid_from_balance(tx, &bill.id, amount)?;
    let total = amount.plus(fee)?;
    let mut entries = Vec::new();
    match only {
        Some(book) => entries.push(Entry::book(&account.id, book, total.negated())),
        None => entries.extend(given_back(tx, account, &bill.id, total)?),
    }
    entries.push(Entry::new(Kind::Receivable, &account.id, amount));
    entries.push(Entry::new(Kind::LateFee, &account.id, fee));
    let txn = post(tx, super::Subject::new("unsettle", "bill", &bill.id), &bill.org, entries)?;
    late::record(tx, bill, &txn, None, 0, (base.negated(), fee.negated()))?;
    bill.apply(tx, amount.negated(), &txn, None)?;
    Ok(total)
}

/// The entries that put `amount` back on the books that paid a bill. A gift does not become money this way.
pub fn given_back(tx: &mut Tx<'_>, account: &Account, bill_id: &str, amount: Money) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    let mut rest = amount;
    let paid = tx.query(&PAID_BY, params![bill_id, account.id])?;
    for row in paid.iter().rev().filter(|r| r.str(0) != GENERAL) {
        let part = rest.min(row.money(1));
        if part.is_zero() {
            break;
        }
        let book = super::book(tx, &account.id, row.str(0))?;
        match book.state {
            super::BookState::Closed => continue,
            // It will end again at the next sweep.
            super::BookState::Expired => drop(tx.execute(&REOPEN, params![book.id, tx.now()])?),
            super::BookState::Active | super::BookState::Frozen => {}
        }
        entries.push(Entry::book(&account.id, row.str(0), part.negated()));
        rest = rest.plus(part.negated())?;
    }
    entries.push(Entry::new(Kind::Balance, &account.id, rest.negated()));
    Ok(entries)
}
