//! 信控停机: billing or a supervisor stops a product for what it owes or broke, one way (单停) or both ways (双停).
//!
//! Checks: the product works or rests already; nobody else changes it. Changes: a suspension lock with its level; the network
//! and billing are told when the product's strictest level becomes another one. Calls to emergency numbers stay possible: the
//! network is told the list with every bar.

use super::{Business, Spec};
use crate::{
    acceptance::{Call, Case, Change, Effect, Fact, Field, FieldKind},
    problems,
};
use billing::CollaborationKind;
use http::tmf::Document;
use inventory::products::{
    Status, characteristic,
    locks::{self, Level, Lock, Reason},
};
use kernel::{Problem, Result};
use serde_json::{Map, Value, json};
use store::{Tx, params, sql};

/// The reasons for which somebody else than the customer stops a product.
pub const REASONS: [Reason; 3] = [Reason::Arrears, Reason::Violation, Reason::RealName];

pub static SPEC: Spec = Spec {
    states: &[Status::Active, Status::Suspended],
    perm: crate::LOCKS,
    fields: |_, _| {
        let reason = Field::new("reasonKind", FieldKind::Choice, "停机原因", "Reason").optional().current("arrears");
        let level = Field::new("level", FieldKind::Choice, "停机方式", "How far").optional().current("oneWay");
        Ok(vec![
            REASONS.iter().fold(reason, |f, r| f.choice(r.name(), r.titles().0, r.titles().1)),
            Level::ALL.iter().fold(level, |f, l| f.choice(l.name(), l.titles().0, l.titles().1)),
        ])
    },
    check: |tx, case, problems| {
        let (reason, level) = asked(case)?;
        let held = locks::of(tx, case.product_id()?)?;
        if held.iter().any(|l| l.reason == reason && l.level == level) {
            let (zh, en) = level.titles();
            problems.push(Problem::new(&problems::BARRED_ALREADY).with("zh", zh).with("en", en));
        }
        Ok(())
    },
    ..Spec::new(Business::Bar, "信控停机", "Bar for credit", |tx, case| {
        let (reason, level) = asked(case)?;
        turn(tx, case, reason, Some(level))
    })
};

fn asked(case: &Case) -> Result<(Reason, Level)> {
    let reason = Reason::parse(case.given("reasonKind").unwrap_or("arrears"))?;
    if !REASONS.contains(&reason) {
        return Err(Problem::invalid("reasonKind", "arrears | violation | realName"));
    }
    Ok((reason, Level::parse(case.given("level").unwrap_or("oneWay"))?))
}

/// A product that calls come in on: only such a one can be stopped one way.
pub fn two_directions(product: &Document) -> bool {
    characteristic(&product.body, "number").is_some()
}

/// Sets a reason to a level, or takes it off. The network and billing hear of it where the strictest level of all reasons
/// becomes another.
pub fn turn(tx: &mut Tx<'_>, case: &Case, reason: Reason, level: Option<Level>) -> Result<Change> {
    let product = case.product()?;
    let mut held = locks::of(tx, &product.id)?;
    let one_direction = !two_directions(product);
    let mut before = locks::strictest(&held, one_direction);
    if before.is_none() && product.text("status") == Status::Suspended.text() {
        before = Some(Level::TwoWay); // stopped by a record of before there were locks
    }
    held.retain(|l| l.reason != reason);
    if let Some(level) = level {
        held.push(Lock { reason, level, order_id: String::new(), since: tx.now() });
    }
    let after = locks::strictest(&held, one_direction);
    let mut change = Change::of(product.text("name"));
    change.effects.push(match level {
        Some(level) => Effect::lock(&product.id, reason, level),
        None => Effect::unlock(&product.id, reason),
    });
    if before == after {
        return Ok(change);
    }
    let allowed = never_barred(tx)?;
    let on = if after.is_some() { "suspend" } else { "resume" };
    let mut call = Call::new(&product.id, on);
    (call.attributes, call.before) = (told(after, &allowed), told(before, &allowed));
    change.network.push(call);
    let kind = if after.is_some() { CollaborationKind::Suspend } else { CollaborationKind::Resume };
    let fact = Fact::new(kind, &product.id).from(json!({"level": before}));
    change.facts.push(fact.to(json!({"reason": reason, "level": after})));
    Ok(change)
}

/// What the network is told of a bar; nothing where there is none.
fn told(level: Option<Level>, allowed: &str) -> Map<String, Value> {
    let Some(level) = level else { return Map::new() };
    let incoming = if level == Level::OneWay { "allowed" } else { "barred" };
    Map::from_iter([
        ("bar".to_owned(), json!(level)),
        ("barOutgoing".to_owned(), json!("barred")),
        ("barIncoming".to_owned(), json!(incoming)),
        ("barExcept".to_owned(), json!(allowed)),
    ])
}

sql! {
    NEVER = "SELECT number FROM never_barred ORDER BY length(number), number";
}

fn never_barred(tx: &mut Tx<'_>) -> Result<String> {
    let numbers: Vec<String> = tx.query(&NEVER, params![])?.iter().map(|r| r.text(0)).collect();
    Ok(numbers.join(","))
}
