//! Members of a unit account: numbers, customers and cards that get money from it.
//!
//! ```text
//! active ⇄ suspended
//!   ├──⇄ lost ──→ replaced        lost: nothing is spent, nothing is moved
//!   └──→ left                     left: holds nothing any more
//! ```
//!
//! A member's money stands on books of the billing account that pays for it: one at hand, one loaded onto its card. Whoever
//! spends or reports a loss locks the member's row first, so that no spending is committed after a report of loss.

mod change;

pub use change::{Ask, change, join, set_state};

use crate::{problems, unit::Unit};
use billing::books::{self, BookState};
use kernel::{Money, OrgPath, Problem, Result, Timestamp, codes, mask_phone};
use serde::Serialize;
use serde_json::{Value, json};
use store::{Event, Row, Tx, params, sql};

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum State {
    Active,
    Suspended,
    Lost,
    Replaced,
    Left,
}

impl State {
    pub const ALL: [Self; 5] = [Self::Active, Self::Suspended, Self::Lost, Self::Replaced, Self::Left];
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Lost => "lost",
            Self::Replaced => "replaced",
            Self::Left => "left",
        }
    }
    fn parse(text: &str) -> Self {
        Self::ALL.into_iter().find(|s| s.name() == text).unwrap_or(Self::Left)
    }
    pub const fn may_become(self, next: Self) -> bool {
        match (self, next) {
            (Self::Active, Self::Suspended | Self::Lost | Self::Left)
            | (Self::Suspended, Self::Active | Self::Lost | Self::Left)
            | (Self::Lost, Self::Active | Self::Replaced) => true,
            (Self::Active | Self::Suspended | Self::Lost | Self::Replaced | Self::Left, _) => false,
        }
    }
}

#[derive(Clone, Debug)]
pub struct Member {
    pub id: String,
    pub version: i64,
    pub unit_id: String,
    pub org: OrgPath,
    pub kind: String,
    pub identifier: String,
    pub name: String,
    pub group_id: Option<String>,
    pub driver_id: Option<String>,
    pub customer_id: String,
    pub account_id: String,
    pub book_id: String,
    pub loaded_book_id: Option<String>,
    pub state: State,
    pub once: Option<Money>,
    pub day: Option<Money>,
    pub month: Option<Money>,
    pub quota: Option<Money>,
    pub pays_bills: bool,
    pub lost_at: Option<Timestamp>,
    pub card: Option<Money>,
    pub card_seq: i64,
    pub card_at: Option<Timestamp>,
}

/// What a member has of the unit's money.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    pub reserve: Money,
    pub loaded: Money,
}

impl Held {
    pub fn total(self) -> Result<Money> {
        self.reserve.plus(self.loaded)
    }
}

macro_rules! columns {
    () => {
        "id, version, unit_id, org, kind, identifier, name, group_id, driver_id, customer_id, account_id, book_id, loaded_book_id, state, \
         limit_once_fen, limit_day_fen, limit_month_fen, quota_fen, pays_bills, lost_at, card_fen, card_seq, card_at"
    };
}
sql! {
    ONE = concat!("SELECT ", columns!(), " FROM unit_member WHERE id = $1");
    LOCK = concat!("SELECT ", columns!(), " FROM unit_member WHERE id = $1 {for_update}");
    LIVE = concat!("SELECT ", columns!(), " FROM unit_member WHERE unit_id = $1 AND state IN ('active', 'lost', 'suspended') ORDER BY id");
    ALL = concat!("SELECT ", columns!(), " FROM unit_member WHERE unit_id = $1 ORDER BY state, identifier, id");
    PAYING = "SELECT id FROM unit_member WHERE account_id = $1 AND state = 'active' AND pays_bills = 1 ORDER BY id";
    BY_IDENTIFIER = concat!("SELECT ", columns!(), " FROM unit_member WHERE identifier = $1 AND state IN ('active', 'lost', 'suspended')");
    SAVE = "UPDATE unit_member SET version = version + 1, name = $3, group_id = $4, driver_id = $5, state = $6, limit_once_fen = $7, \
            limit_day_fen = $8, limit_month_fen = $9, quota_fen = $10, pays_bills = $11, lost_at = $12, loaded_book_id = $13, \
            card_fen = $14, card_seq = $15, card_at = $16, updated_at = $17 WHERE id = $1 AND version = $2";
    REPLACED = "UPDATE unit_member SET replaced_by = $2 WHERE id = $1";
}

fn read(row: &Row) -> Result<Member> {
    let money = |i: usize| row.opt_int(i).map(Money::fen);
    Ok(Member {
        id: row.text(0),
        version: row.int(1),
        unit_id: row.text(2),
        org: OrgPath::parse(row.str(3))?,
        kind: row.text(4),
        identifier: row.text(5),
        name: row.text(6),
        group_id: row.opt_text(7),
        driver_id: row.opt_text(8),
        customer_id: row.text(9),
        account_id: row.text(10),
        book_id: row.text(11),
        loaded_book_id: row.opt_text(12),
        state: State::parse(row.str(13)),
        once: money(14),
        day: money(15),
        month: money(16),
        quota: money(17),
        pays_bills: row.flag(18),
        lost_at: row.opt_time(19),
        card: money(20),
        card_seq: row.int(21),
        card_at: row.opt_time(22),
    })
}

/// A member of this unit; 404 where it is none of it.
pub fn member(tx: &mut Tx<'_>, unit_id: &str, id: &str) -> Result<Member> {
    let row = tx.query_one(&ONE, params![id])?;
    checked(tx, &row, unit_id)
}

/// The member, and nobody else spends or reports a loss before this transaction ends.
pub fn lock(tx: &mut Tx<'_>, unit_id: &str, id: &str) -> Result<Member> {
    let row = tx.query_one(&LOCK, params![id])?;
    checked(tx, &row, unit_id)
}

fn checked(tx: &mut Tx<'_>, row: &Row, unit_id: &str) -> Result<Member> {
    tx.must_see(row.str(3))?;
    if row.str(2) == unit_id { read(row) } else { Err(Problem::not_found()) }
}

/// Those who are members now, or all there ever were.
pub fn of_unit(tx: &mut Tx<'_>, unit_id: &str, ever: bool) -> Result<Vec<Member>> {
    tx.query(if ever { &ALL } else { &LIVE }, params![unit_id])?.iter().map(read).collect()
}

/// Members whose bills the account pays with the unit's money.
pub fn paying(tx: &mut Tx<'_>, account_id: &str) -> Result<Vec<String>> {
    Ok(tx.query(&PAYING, params![account_id])?.iter().map(|r| r.text(0)).collect())
}

/// The member behind a number, in whatever unit.
pub fn by_identifier(tx: &mut Tx<'_>, identifier: &str) -> Result<Option<Member>> {
    tx.query_opt(&BY_IDENTIFIER, params![identifier])?.map(|r| read(&r)).transpose()
}

impl Member {
    pub fn held(&self, tx: &mut Tx<'_>) -> Result<Held> {
        let reserve = books::book(tx, &self.account_id, &self.book_id)?.balance;
        let loaded = match &self.loaded_book_id {
            Some(id) => books::book(tx, &self.account_id, id)?.balance,
            None => Money::ZERO,
        };
        Ok(Held { reserve, loaded })
    }
    /// Money may move to or from the member.
    pub fn must_be_active(&self) -> Result<()> {
        let code = match self.state {
            State::Active => return Ok(()),
            State::Lost => &problems::MEMBER_LOST,
            State::Suspended | State::Replaced | State::Left => &problems::MEMBER_STATE,
        };
        Err(Problem::new(code).with("state", self.state.name()).with("value", &self.shown()))
    }
    /// The number as people may see it.
    pub fn shown(&self) -> String {
        if self.kind == "number" { mask_phone(&self.identifier) } else { self.identifier.clone() }
    }
    pub fn to_json(&self, held: Held) -> Value {
        json!({
            "id": self.id, "version": self.version, "kind": self.kind, "identifier": self.identifier, "name": self.name,
            "groupId": self.group_id, "driverId": self.driver_id, "customerId": self.customer_id, "accountId": self.account_id,
            "state": self.state, "reserveFen": held.reserve, "loadedFen": held.loaded, "onceFen": self.once, "dayFen": self.day,
            "monthFen": self.month, "quotaFen": self.quota, "paysBills": self.pays_bills, "lostAt": self.lost_at,
            "cardFen": self.card, "cardSeq": self.card_seq, "cardAt": self.card_at,
        })
    }
    pub(crate) fn publish(&self, tx: &mut Tx<'_>, what: &str, audit: Value) -> Result<()> {
        let event = Event::new(format!("UnitMember{what}Event"), "unitMember", &self.id, self.version, &self.org)
            .topic(format!("unit:{}", self.unit_id))
            .payload(json!({"unitMember": {"id": self.id, "unitId": self.unit_id, "state": self.state}}))
            .audit(audit);
        tx.emit(event)
    }
    /// Writes what may change; 409 where somebody was faster.
    pub fn save(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        let m = &*self;
        tx.execute_versioned(
            &SAVE,
            params![
                m.id,
                m.version,
                m.name,
                m.group_id,
                m.driver_id,
                m.state.name(),
                m.once,
                m.day,
                m.month,
                m.quota,
                m.pays_bills,
                m.lost_at,
                m.loaded_book_id,
                m.card,
                m.card_seq,
                m.card_at,
                tx.now()
            ],
        )?;
        self.version += 1;
        Ok(())
    }
    /// The book of what is loaded; opened with the first load.
    pub fn loaded_book(&mut self, tx: &mut Tx<'_>, unit: &Unit) -> Result<String> {
        if let Some(id) = &self.loaded_book_id {
            return Ok(id.clone());
        }
        let name = format!("圈存 · {}", unit.name.chars().take(40).collect::<String>());
        let id = change::open_book(tx, unit, &self.account_id, &name, "Loaded on the card", "")?;
        self.loaded_book_id = Some(id.clone());
        self.save(tx)?;
        Ok(id)
    }
    /// Freezes or frees both books; nothing is spent from a frozen one whoever asks.
    pub fn set_books(&self, tx: &mut Tx<'_>, state: BookState) -> Result<()> {
        for id in std::iter::once(&self.book_id).chain(&self.loaded_book_id) {
            books::set_state(tx, &self.account_id, id, state)?;
        }
        Ok(())
    }
}

/// Notes which member has taken the place of a lost one.
pub(crate) fn note_replaced(tx: &mut Tx<'_>, id: &str, by: &str) -> Result<()> {
    match tx.execute(&REPLACED, params![id, by])? {
        1 => Ok(()),
        _ => Err(Problem::new(&codes::CONFLICT)),
    }
}

sql! {
    UNIT_OF = "SELECT unit_id FROM unit_member WHERE id = $1";
}

/// Which unit a member is of.
pub(crate) fn unit_of(tx: &mut Tx<'_>, id: &str) -> Result<String> {
    Ok(tx.query_one(&UNIT_OF, params![id])?.text(0))
}
