//! 复机: a product that rested works again.
//!
//! Checks: it is suspended; nobody else changes it; nothing is overdue (欠费阻断复机). Only the lock named is taken off: while
//! another reason stands the product goes on resting, and the check says which.

use super::{Business, Spec, bar};
use crate::{
    acceptance::{Case, Change, Check, Effective, Field, FieldKind},
    problems,
};
use inventory::products::{
    Status,
    locks::{self, Reason},
};
use kernel::{Problem, Result};
use store::Tx;

pub static SPEC: Spec = Spec {
    effective: &[Effective::Immediate, Effective::NextDay, Effective::Date],
    states: &[Status::Suspended],
    perm: crate::SUSPEND,
    checks: &[Check::Arrears],
    fields: |tx, target| {
        let held = match &target.product {
            Some(product) => locks::of(tx, &product.id)?,
            None => Vec::new(),
        };
        let kind = Field::new("reasonKind", FieldKind::Choice, "解除的停机原因", "Reason taken off").optional();
        let mut kind =
            held.iter().fold(kind, |f, l| f.choice(l.reason.name(), l.reason.titles().0, l.reason.titles().1));
        if kind.choices.is_empty() {
            kind = kind.choice("customer", "客户报停", "Suspended at the customer's wish");
        }
        let current = kind.choices.first().map(|c| c.value.clone()).unwrap_or_default();
        Ok(vec![kind.current(current)])
    },
    check: |tx, case, problems| {
        let reason = reason(tx, case)?;
        // Each reason is taken off by who may set it; 解挂 is a business of its own, with its own identification.
        if !matches!(reason, Reason::Customer) && !tx.actor().may(crate::LOCKS) {
            let (zh, en) = reason.titles();
            problems.push(Problem::new(&problems::SUSPENDED).with("zh", zh).with("en", en));
        }
        for other in others(tx, case, reason)? {
            let (zh, en) = other.titles();
            problems.push(Problem::new(&problems::SUSPENDED).with("zh", zh).with("en", en));
        }
        Ok(())
    },
    ..Spec::new(Business::Resume, "复机", "Resume", plan)
};

/// The reason named; the customer's own where none is, or the only one there is.
fn reason(tx: &mut Tx<'_>, case: &Case) -> Result<Reason> {
    if let Some(text) = case.given("reasonKind") {
        return Reason::parse(text);
    }
    let held = locks::of(tx, case.product_id()?)?;
    Ok(match held.as_slice() {
        [only] => only.reason,
        _ => Reason::Customer,
    })
}

fn others(tx: &mut Tx<'_>, case: &Case, reason: Reason) -> Result<Vec<Reason>> {
    let held = locks::of(tx, case.product_id()?)?;
    Ok(held.into_iter().map(|l| l.reason).filter(|r| *r != reason).collect())
}

fn plan(tx: &mut Tx<'_>, case: &Case) -> Result<Change> {
    let reason = reason(tx, case)?;
    bar::turn(tx, case, reason, None)
}
