//! Reports of loss (挂失): effective at once, lifted with a reason, and replaced by a new number or card.
//!
//! The report locks the member's row, as every spending does, and freezes its books: a spending that comes after the report's
//! commit finds the member lost, and one that was faster has been committed before.

use crate::{
    card,
    member::{self, Ask, Member, State},
    movement, problems, settings, spend, unit,
    unit::Unit,
};
use billing::books::{self, BookState, Subject};
use kernel::{Money, Problem, Result};
use serde_json::json;
use store::Tx;

fn reasoned(reason: &str) -> Result<&str> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > 300 {
        return Err(Problem::new(&problems::REASON).field("reason"));
    }
    Ok(reason)
}

/// Reports a member lost. Told again it stays so.
pub fn report(tx: &mut Tx<'_>, unit_id: &str, id: &str, reason: &str) -> Result<Member> {
    unit::unit(tx, unit_id)?;
    let mut lost = member::lock(tx, unit_id, id)?;
    let reason = reasoned(reason)?;
    if lost.state == State::Lost {
        return Ok(lost);
    }
    if !lost.state.may_become(State::Lost) {
        return Err(Problem::new(&problems::MEMBER_STATE)
            .with("state", lost.state.name())
            .with("value", &lost.shown()));
    }
    lost.state = State::Lost;
    lost.lost_at = Some(tx.now());
    lost.save(tx)?;
    lost.set_books(tx, BookState::Frozen)?;
    lost.publish(tx, "Loss", json!({"reason": reason}))?;
    Ok(lost)
}

/// Lifts a report: what was lost has been found.
pub fn lift(tx: &mut Tx<'_>, unit_id: &str, id: &str, reason: &str) -> Result<Member> {
    unit::unit(tx, unit_id)?;
    let mut found = member::lock(tx, unit_id, id)?;
    let reason = reasoned(reason)?;
    if found.state != State::Lost {
        return Err(Problem::new(&problems::NOT_LOST));
    }
    found.state = State::Active;
    found.lost_at = None;
    found.save(tx)?;
    found.set_books(tx, BookState::Active)?;
    found.publish(tx, "LossLift", json!({"reason": reason}))?;
    Ok(found)
}

/// Puts a new number or card in the place of a lost one and moves what it held; for a card after the days that the rules ask.
/// Limits, group and driver come along; what the lost one spent this month counts on.
pub fn replace(tx: &mut Tx<'_>, unit: &Unit, id: &str, identifier: &str) -> Result<Member> {
    let mut lost = member::lock(tx, &unit.id, id)?;
    if lost.state != State::Lost {
        return Err(Problem::new(&problems::NOT_LOST));
    }
    if lost.kind == "card" {
        let days = settings::REPLACE_DAYS.number(tx)?;
        let from = lost.lost_at.unwrap_or_else(|| tx.now()).plus_seconds(days * 86_400);
        if tx.now() < from {
            let problem = Problem::new(&problems::REPLACE_EARLY).with("days", &days.to_string());
            return Err(problem.with("value", &from.date().to_string()));
        }
    }
    // The old one gives way first: it may be the same line under a new number.
    lost.set_books(tx, BookState::Active)?;
    lost.state = State::Replaced;
    lost.save(tx)?;
    let ask = Ask {
        kind: lost.kind.clone(),
        identifier: identifier.to_owned(),
        name: Some(lost.name.clone()),
        ..Ask::default()
    };
    let mut new = member::join(tx, unit, &ask)?;
    (new.group_id, new.driver_id, new.pays_bills) = (lost.group_id.clone(), lost.driver_id.clone(), lost.pays_bills);
    (new.once, new.day, new.month, new.quota) = (lost.once, lost.day, lost.month, lost.quota);
    new.save(tx)?;
    spend::carry_over(tx, &lost.id, &new.id)?;
    let held = lost.held(tx)?;
    let moves = [(Some(lost.book_id.as_str()), held.reserve), (lost.loaded_book_id.as_deref(), held.loaded)];
    for (book, amount) in moves {
        let Some(book) = book.filter(|_| amount > Money::ZERO) else { continue };
        let subject = Subject::new("unitReplace", "unitMember", &new.id);
        let txn = books::transfer(tx, (&lost.account_id, book), (&new.account_id, &new.book_id), amount, subject)?;
        let out = movement::New {
            kind: "replace",
            amount: amount.negated(),
            txn: &txn,
            reference: &new.identifier,
            ..Default::default()
        };
        movement::write(tx, unit, Some(&lost), &out)?;
        let back = movement::New { amount, reference: &lost.identifier, ..out };
        movement::write(tx, unit, Some(&new), &back)?;
    }
    card::end_differences(tx, &lost.id)?;
    lost.set_books(tx, BookState::Closed)?;
    member::note_replaced(tx, &lost.id, &new.id)?;
    lost.publish(tx, "Replace", json!({"by": new.id}))?;
    Ok(new)
}
