//! Balance books (账本): what a customer has paid in advance, kept apart by purpose.
//!
//! Every account has a general book without a row. Further books have a kind (data: rank, refundable), a scope (which
//! charges they may pay) and perhaps a day on which they end. Bills are paid from the book that ends first; of those that
//! end together, by the rank of their kind. The money itself stands in the ledger (`kind = balance`, `book`); a book never
//! falls below zero, whoever spends from it: callers lock the account first, and the ledger refuses the rest.

mod expire;
mod money;
mod moves;
mod ordered;
mod scope;
mod settle;

pub use expire::{run, sweep};
use money::post;
pub use money::{accepts, deposit, transfer, withdraw};
pub use moves::{entries, move_within_customer};
pub use ordered::{BookLine, PaidBill, only_product, settle_from, statement};
pub use scope::Scope;
pub use settle::{given_back, settle, unsettle};

use crate::{account, ledger, problems};
use kernel::{Date, Money, Problem, Result};
use serde::Serialize;
use serde_json::json;
use store::{Event, Row, Tx, params, sql};

pub use crate::ledger::GENERAL;

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum BookKind {
    General,
    Special,
    Gift,
    /// Given by a unit to its member (划拨); spent by order of the unit account only.
    Allocated,
}

impl BookKind {
    pub fn parse(text: &str) -> Result<Self> {
        match text {
            "general" => Ok(Self::General),
            "special" => Ok(Self::Special),
            "gift" => Ok(Self::Gift),
            "allocated" => Ok(Self::Allocated),
            _ => Err(Problem::invalid("kind", "general, special, gift, allocated")),
        }
    }
    pub const fn name(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::Special => "special",
            Self::Gift => "gift",
            Self::Allocated => "allocated",
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum BookState {
    Active,
    /// Nothing is spent from it and nothing taken out; money may still come in.
    Frozen,
    Closed,
    Expired,
}

impl BookState {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Frozen => "frozen",
            Self::Closed => "closed",
            Self::Expired => "expired",
        }
    }
    fn parse(text: &str) -> Self {
        match text {
            "active" => Self::Active,
            "frozen" => Self::Frozen,
            "expired" => Self::Expired,
            _ => Self::Closed,
        }
    }
    /// Which changes there are; an ended book stays ended.
    const fn may_become(self, next: Self) -> bool {
        match (self, next) {
            (Self::Active, Self::Frozen | Self::Closed | Self::Expired)
            | (Self::Frozen, Self::Active | Self::Closed | Self::Expired) => true,
            (Self::Active | Self::Frozen | Self::Closed | Self::Expired, _) => false,
        }
    }
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Book {
    /// `general` for the general book of the account.
    pub id: String,
    pub account_id: String,
    pub kind: BookKind,
    pub name: String,
    pub name_en: String,
    pub refundable: bool,
    /// Pays bills by itself when they are made.
    pub automatic: bool,
    pub scope: Scope,
    pub valid_from: Option<Date>,
    /// The last day on which it pays.
    pub expires: Option<Date>,
    pub priority: i64,
    pub source: String,
    pub state: BookState,
    #[serde(rename = "balanceFen")]
    pub balance: Money,
    #[serde(skip)]
    pub rank: i64,
    #[serde(skip)]
    pub version: i64,
}

/// A book to be opened; what is `None` follows from its kind.
#[derive(Clone, Debug)]
pub struct NewBook {
    pub account_id: String,
    pub kind: BookKind,
    pub name: String,
    pub name_en: String,
    pub refundable: Option<bool>,
    pub automatic: Option<bool>,
    pub scope: Scope,
    pub valid_from: Option<Date>,
    pub expires: Option<Date>,
    pub priority: i64,
    /// What gave rise to it, such as `payment:ID` or `unit:ID`.
    pub source: String,
}

impl NewBook {
    pub fn new(account_id: &str, kind: BookKind, name: &str, name_en: &str) -> Self {
        Self {
            account_id: account_id.to_owned(),
            kind,
            name: name.to_owned(),
            name_en: name_en.to_owned(),
            refundable: None,
            automatic: None,
            scope: Scope::default(),
            valid_from: None,
            expires: None,
            priority: 0,
            source: String::new(),
        }
    }
}

/// Why money moves: the `kind` of the ledger transaction and the record behind it.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    pub kind: &'static str,
    pub subject_type: &'static str,
    pub id: &'a str,
    pub shift_id: Option<&'a str>,
}

impl<'a> Subject<'a> {
    pub const fn new(kind: &'static str, subject_type: &'static str, id: &'a str) -> Self {
        Self { kind, subject_type, id, shift_id: None }
    }
}

macro_rules! columns {
    () => {
        "b.id, b.account_id, b.kind, b.name, b.name_en, b.refundable, b.automatic, b.scope, b.valid_from, b.expires, b.priority, \
         b.source, b.state, b.version, b.org, k.rank, \
         COALESCE((SELECT l.amount_fen FROM ledger_balance l WHERE l.owner = b.account_id AND l.kind = 'balance' AND l.book = b.id), 0)"
    };
}
sql! {
    KIND = "SELECT name, name_en, rank, refundable, automatic FROM balance_book_kind WHERE kind = $1";
    INSERT = "INSERT INTO balance_book (id, version, org, account_id, kind, name, name_en, refundable, automatic, scope, valid_from, \
              expires, priority, source, state, created_at, updated_at) \
              VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'active', $14, $14)";
    OF_ACCOUNT = concat!("SELECT ", columns!(), " FROM balance_book b JOIN balance_book_kind k ON k.kind = b.kind \
                         WHERE b.account_id = $1 ORDER BY b.id");
    HAS = "SELECT 1 FROM balance_book WHERE account_id = $1 AND state = 'active' LIMIT 1";
    ONE = concat!("SELECT ", columns!(), " FROM balance_book b JOIN balance_book_kind k ON k.kind = b.kind WHERE b.id = $1");
    SET_STATE = "UPDATE balance_book SET version = version + 1, state = $3, updated_at = $4 WHERE id = $1 AND state = $2";
}

fn date(row: &Row, i: usize) -> Result<Option<Date>> {
    row.opt_text(i).map(|t| Date::parse(&t)).transpose()
}

fn from_row(row: &Row) -> Result<Book> {
    Ok(Book {
        id: row.text(0),
        account_id: row.text(1),
        kind: BookKind::parse(row.str(2))?,
        name: row.text(3),
        name_en: row.text(4),
        refundable: row.flag(5),
        automatic: row.flag(6),
        scope: serde_json::from_value(row.json(7)).map_err(Problem::internal)?,
        valid_from: date(row, 8)?,
        expires: date(row, 9)?,
        priority: row.int(10),
        source: row.text(11),
        state: BookState::parse(row.str(12)),
        version: row.int(13),
        rank: row.int(15),
        balance: row.money(16).negated(),
    })
}

/// The general book, with its rank as data.
fn general(tx: &mut Tx<'_>, account_id: &str) -> Result<Book> {
    let kind = tx.query_one(&KIND, params![GENERAL])?;
    Ok(Book {
        id: GENERAL.to_owned(),
        account_id: account_id.to_owned(),
        kind: BookKind::General,
        name: kind.text(0),
        name_en: kind.text(1),
        refundable: kind.flag(3),
        automatic: kind.flag(4),
        scope: Scope::default(),
        valid_from: None,
        expires: None,
        priority: 0,
        source: String::new(),
        state: BookState::Active,
        balance: ledger::on_book(tx, account_id, GENERAL)?,
        rank: kind.int(2),
        version: 1,
    })
}

impl Book {
    /// What the order of use compares.
    fn turn(&self) -> (bool, Option<Date>, i64, i64, &str) {
        (self.expires.is_none(), self.expires, self.rank, self.priority, &self.id)
    }
    /// It may pay something today.
    pub fn is_usable(&self, today: Date) -> bool {
        self.state == BookState::Active
            && self.valid_from.is_none_or(|from| from <= today)
            && self.expires.is_none_or(|last| today <= last)
    }
}

/// All books of the account in the order in which they are used, the general one among them.
pub fn of_account(tx: &mut Tx<'_>, account_id: &str) -> Result<Vec<Book>> {
    let mut books = vec![general(tx, account_id)?];
    for row in tx.query(&OF_ACCOUNT, params![account_id])? {
        books.push(from_row(&row)?);
    }
    books.sort_by(|a, b| a.turn().cmp(&b.turn()));
    Ok(books)
}

/// One book of the account: by id, or [`GENERAL`].
pub fn book(tx: &mut Tx<'_>, account_id: &str, id: &str) -> Result<Book> {
    if id == GENERAL {
        return general(tx, account_id);
    }
    let row = tx.query_one(&ONE, params![id])?;
    if row.str(1) != account_id {
        return Err(Problem::not_found());
    }
    from_row(&row)
}

/// Opens a book. 404 where the account is not to be seen.
pub fn open(tx: &mut Tx<'_>, new: &NewBook) -> Result<Book> {
    if new.kind == BookKind::General {
        return Err(Problem::invalid("kind", "special, gift, allocated"));
    }
    if new.name.trim().is_empty() || new.name.chars().count() > 60 || new.name_en.chars().count() > 120 {
        return Err(Problem::invalid("name", "1–60"));
    }
    let today = tx.now().date();
    let from = new.valid_from.unwrap_or(today);
    if new.expires.is_some_and(|last| last < today || last < from) {
        return Err(Problem::invalid("expires", "≥ validFrom, ≥ today"));
    }
    let account = account::account(tx, &new.account_id)?;
    let kind = tx.query_one(&KIND, params![new.kind.name()])?;
    let id = tx.new_id::<Book>().into_string();
    let scope = serde_json::to_value(&new.scope).map_err(Problem::internal)?;
    let (refundable, automatic) = (new.refundable.unwrap_or(kind.flag(3)), new.automatic.unwrap_or(kind.flag(4)));
    tx.execute(
        &INSERT,
        params![
            id,
            account.org,
            account.id,
            new.kind.name(),
            new.name.trim(),
            new.name_en,
            refundable,
            automatic,
            scope,
            from.to_string(),
            new.expires.map(|d| d.to_string()),
            new.priority,
            new.source,
            tx.now()
        ],
    )?;
    let opened = book(tx, &account.id, &id)?;
    publish(tx, &account, &opened, "Create")?;
    Ok(opened)
}

fn publish(tx: &mut Tx<'_>, account: &account::Account, book: &Book, what: &str) -> Result<()> {
    let event = Event::new(format!("Bucket{what}Event"), "bucket", &book.id, book.version, &account.org)
        .topic(format!("customer:{}", account.customer_id))
        .payload(json!({"bucket": book}))
        .audit(json!({"accountId": account.id, "kind": book.kind, "state": book.state, "balanceFen": book.balance}));
    tx.emit(event)
}

/// Freezes, frees or closes a book. The account is locked, so that nothing is spent after the commit of a freeze. Only an
/// empty book is closed.
pub fn set_state(tx: &mut Tx<'_>, account_id: &str, id: &str, next: BookState) -> Result<Book> {
    let account = account::lock(tx, account_id)?;
    let mut book = book(tx, account_id, id)?;
    if book.state == next {
        return Ok(book);
    }
    let empty = book.balance.is_zero() || next == BookState::Frozen || next == BookState::Active;
    if id == GENERAL || !book.state.may_become(next) || !empty {
        return Err(Problem::new(&problems::BOOK_STATE).with("state", book.state.name()));
    }
    if tx.execute(&SET_STATE, params![id, book.state.name(), next.name(), tx.now()])? != 1 {
        return Err(Problem::new(&kernel::codes::CONFLICT));
    }
    book.state = next;
    book.version += 1;
    publish(tx, &account, &book, "StateChange")?;
    Ok(book)
}
