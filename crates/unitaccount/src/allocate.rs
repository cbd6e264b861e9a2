//! Allocation (分配) and collection (汇总): between the unit account and what a member has at hand.
//!
//! The unit's row is locked first, then the members in one order, then the accounts: two allocations of one unit come one after
//! the other, and neither can hand out what the other has handed out already. What is loaded onto a card is not at hand and
//! cannot be collected.

use crate::{
    member::{self, Member},
    movement, problems,
    unit::Unit,
};
use billing::books::{self, GENERAL, Subject};
use kernel::{Money, Problem, Result};
use serde::{Deserialize, Serialize};
use store::Tx;

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    Allocate,
    Collect,
}

impl Kind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Allocate => "allocate",
            Self::Collect => "collect",
        }
    }
}

/// How much is to be moved.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Much {
    Fixed(Money),
    /// Fill up to the member's quota.
    ToQuota,
    /// Everything at hand (collection).
    All,
}

/// Moves money between the unit and one member; both are locked. Returns what was moved: nothing where a member's quota is
/// full already, or where there is nothing to collect.
pub fn one(
    tx: &mut Tx<'_>,
    unit: &Unit,
    member: &Member,
    kind: Kind,
    much: Much,
    batch: Option<&str>,
    note: &str,
) -> Result<Money> {
    member.must_be_active()?;
    let reserve = books::book(tx, &member.account_id, &member.book_id)?.balance;
    let amount = match (much, kind) {
        (Much::Fixed(amount), _) => amount,
        (Much::All, _) => reserve,
        (Much::ToQuota, _) => match member.quota {
            Some(quota) => quota.plus(reserve.negated())?,
            None => return Err(Problem::invalid("quotaFen", &member.shown())),
        },
    };
    if much != Much::All && matches!(much, Much::Fixed(_)) || amount > Money::ZERO {
        movement::believable(tx, amount)?;
    } else {
        return Ok(Money::ZERO);
    }
    let (unit_book, member_book) =
        ((unit.account_id.as_str(), GENERAL), (member.account_id.as_str(), member.book_id.as_str()));
    let short = |code, available: Money| {
        Problem::new(code).with("available", &available.to_string()).with("needed", &amount.to_string())
    };
    let (from, to, moved) = match kind {
        Kind::Allocate => {
            let available = unit.balance(tx)?;
            if available < amount {
                return Err(short(&problems::SHORT, available));
            }
            (unit_book, member_book, amount)
        }
        Kind::Collect => {
            if reserve < amount {
                return Err(short(&problems::MEMBER_SHORT, reserve));
            }
            (member_book, unit_book, amount.negated())
        }
    };
    let subject = match kind {
        Kind::Allocate => Subject::new("unitAllocate", "unitMember", &member.id),
        Kind::Collect => Subject::new("unitCollect", "unitMember", &member.id),
    };
    let txn = books::transfer(tx, from, to, amount, subject)?;
    let written = movement::New { kind: kind.name(), amount: moved, txn: &txn, batch, note, ..Default::default() };
    movement::write(tx, unit, Some(member), &written)?;
    Ok(amount)
}

/// The members named, locked in one order; what is not found is told by its place.
pub fn lock_all(tx: &mut Tx<'_>, unit: &Unit, ids: &[String]) -> Result<Vec<Member>> {
    let mut ids: Vec<&String> = ids.iter().collect();
    ids.sort_unstable();
    ids.dedup();
    ids.into_iter().map(|id| member::lock(tx, &unit.id, id)).collect()
}
