//! The double-entry ledger: append only, and every transaction sums to zero.
//!
//! A debit is positive. What a customer owes is a debit on `receivable`; what a customer has paid in advance is a credit on
//! `balance`, so a deposit of 50 yuan stands there as −5000. Balances that are asked for all the time are kept in
//! `ledger_balance` and proven against the entries by [`crate::check`]. Nothing here is ever updated or deleted: a mistake
//! is corrected by a new transaction with the signs turned.

use crate::problems;
use kernel::{Money, OrgPath, Problem, Result};
use store::{Tx, params, sql};

/// The kinds of ledger account. `owner` is the billing account, or the till for money taken in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Billed and not yet paid. Owner: billing account.
    Receivable,
    /// Paid in advance. Owner: billing account; a book for each purpose.
    Balance,
    /// Bank notes in a drawer. Owner: shift, as for all money taken in.
    Cash,
    /// Taken by a card reader.
    Card,
    /// Cheques in a drawer, until the bank has paid them.
    Cheque,
    /// Money that came by bank transfer.
    Transfer,
    /// Paid by scanning a code.
    Qr,
    /// Paid by a bank's collection file (托收). Owner: whoever booked the file.
    Collection,
    /// Paid by a recharge card that is void now.
    RechargeCard,
    /// Paid by points that are burnt now.
    Points,
    /// Money that drawers gave to the bank, by its slips. Owner: the audit sheet of a hall and day.
    Bank,
    /// Charged to customers. Owner: billing account.
    Revenue,
    /// Late fees (违约金). Owner: billing account.
    LateFee,
    /// Promised back to a customer and not yet handed over. Owner: billing account.
    Payable,
    /// Counted more or less than the system expected. Owner: shift.
    OverShort,
    /// Security deposits (保证金), apart from every balance. Owner: billing account.
    Deposit,
    /// Given or taken by decision: gifts, adjustments. Owner: billing account.
    Adjustment,
    /// Receivables given up. Owner: billing account.
    BadDebt,
    /// In clearing: money that is known to be somebody's and not yet whose.
    Suspense,
}

impl Kind {
    pub const ALL: [Self; 19] = [
        Self::Receivable,
        Self::Balance,
        Self::Cash,
        Self::Card,
        Self::Cheque,
        Self::Transfer,
        Self::Qr,
        Self::Collection,
        Self::RechargeCard,
        Self::Points,
        Self::Bank,
        Self::Revenue,
        Self::LateFee,
        Self::Payable,
        Self::OverShort,
        Self::Deposit,
        Self::Adjustment,
        Self::BadDebt,
        Self::Suspense,
    ];
    pub const fn name(self) -> &'static str {
        match self {
            Self::Receivable => "receivable",
            Self::Balance => "balance",
            Self::Cash => "cash",
            Self::Card => "card",
            Self::Cheque => "cheque",
            Self::Transfer => "transfer",
            Self::Qr => "qr",
            Self::Collection => "collection",
            Self::RechargeCard => "rechargeCard",
            Self::Points => "points",
            Self::Bank => "bank",
            Self::Revenue => "revenue",
            Self::LateFee => "lateFee",
            Self::Payable => "payable",
            Self::OverShort => "overShort",
            Self::Deposit => "deposit",
            Self::Adjustment => "adjustment",
            Self::BadDebt => "badDebt",
            Self::Suspense => "suspense",
        }
    }
    /// Only what belongs to one customer account: a running sum over everybody would make everybody wait for it.
    pub const fn is_kept(self) -> bool {
        matches!(self, Self::Receivable | Self::Balance | Self::Deposit)
    }
    /// What the company owes a customer: it stands as a credit and never becomes a debit.
    const fn is_owed(self) -> bool {
        matches!(self, Self::Balance | Self::Deposit)
    }
}

/// The book of deposits that may pay for everything. It has no row of its own.
pub const GENERAL: &str = "general";

#[derive(Clone, Debug)]
pub struct Entry {
    pub kind: Kind,
    pub owner: String,
    /// The balance book; `general` for everything that has no books.
    pub book: String,
    pub amount: Money,
}

impl Entry {
    pub fn new(kind: Kind, owner: &str, amount: Money) -> Self {
        Self { kind, owner: owner.to_owned(), book: GENERAL.to_owned(), amount }
    }
    /// On a book of an account's balance.
    pub fn book(owner: &str, book: &str, amount: Money) -> Self {
        Self { kind: Kind::Balance, owner: owner.to_owned(), book: book.to_owned(), amount }
    }
}

#[derive(Clone, Debug)]
pub struct Posting<'a> {
    /// What happened: `bill`, `payment`, `reversal`, `refund`, `settle`, `unsettle`, `credit`, `merge`, `payable`,
    /// `payout`, `overShort`.
    pub kind: &'static str,
    pub subject_type: &'static str,
    pub subject_id: &'a str,
    pub shift_id: Option<&'a str>,
    pub org: &'a OrgPath,
    pub entries: Vec<Entry>,
}

sql! {
    TXN = "INSERT INTO ledger_txn (id, at, kind, subject_type, subject_id, shift_id, org, operator) \
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    ENTRY = "INSERT INTO ledger_entry (txn_id, seq, kind, owner, book, amount_fen) VALUES ($1, $2, $3, $4, $5, $6)";
    KEEP = "INSERT INTO ledger_balance (owner, kind, book, amount_fen, version, updated_at) VALUES ($1, $2, $3, $4, 1, $5) \
            ON CONFLICT (owner, kind, book) DO UPDATE SET amount_fen = ledger_balance.amount_fen + excluded.amount_fen, \
            version = ledger_balance.version + 1, updated_at = excluded.updated_at RETURNING amount_fen";
    ON_BOOK = "SELECT amount_fen FROM ledger_balance WHERE owner = $1 AND kind = 'balance' AND book = $2";
    BALANCE = "SELECT CAST(COALESCE(SUM(amount_fen), 0) AS BIGINT) FROM ledger_balance WHERE owner = $1 AND kind = $2";
}

/// Writes a transaction and brings the kept balances up to date; returns its id. Entries of zero are left out.
///
/// Fails where a deposit would become negative. Callers hold the lock of every billing account they touch.
pub fn post(tx: &mut Tx<'_>, posting: Posting<'_>) -> Result<String> {
    let sum: i128 = posting.entries.iter().map(|e| i128::from(e.amount.in_fen())).sum();
    if sum != 0 {
        return Err(Problem::internal(format!("a ledger transaction {} sums to {sum}", posting.kind)));
    }
    let id = tx.new_id::<Entry>().into_string();
    if posting.entries.iter().all(|e| e.amount.is_zero()) {
        return Ok(id);
    }
    let operator = tx.actor().id.clone();
    let Posting { kind, subject_type, subject_id, shift_id, org, entries } = posting;
    tx.execute(&TXN, params![id, tx.now(), kind, subject_type, subject_id, shift_id, org, &*operator])?;
    for (seq, entry) in entries.iter().filter(|e| !e.amount.is_zero()).enumerate() {
        tx.execute(&ENTRY, params![id, seq, entry.kind.name(), entry.owner, entry.book, entry.amount])?;
        if entry.kind.is_kept() {
            let binds = params![entry.owner, entry.kind.name(), entry.book, entry.amount, tx.now()];
            let balance = tx.query_one(&KEEP, binds)?.int(0);
            if entry.kind.is_owed() && balance > 0 {
                return Err(Problem::new(&problems::BALANCE_SHORT));
            }
        }
    }
    Ok(id)
}

/// What the account has paid in advance, all books together.
pub fn deposit(tx: &mut Tx<'_>, account_id: &str) -> Result<Money> {
    Ok(tx.query_one(&BALANCE, params![account_id, Kind::Balance.name()])?.money(0).negated())
}

/// What the account owes.
pub fn receivable(tx: &mut Tx<'_>, account_id: &str) -> Result<Money> {
    Ok(tx.query_one(&BALANCE, params![account_id, Kind::Receivable.name()])?.money(0))
}

/// What stands on one book of the account.
pub fn on_book(tx: &mut Tx<'_>, account_id: &str, book: &str) -> Result<Money> {
    Ok(tx.query_opt(&ON_BOOK, params![account_id, book])?.map_or(Money::ZERO, |r| r.money(0).negated()))
}

/// What the account has deposited as security.
pub fn security(tx: &mut Tx<'_>, account_id: &str) -> Result<Money> {
    Ok(tx.query_one(&BALANCE, params![account_id, Kind::Deposit.name()])?.money(0).negated())
}
