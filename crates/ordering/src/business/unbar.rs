//! 信控复机: what was owed is paid, what was broken is mended; this reason is taken off and no other.
//!
//! Checks: the reason stands; nobody else changes the product. A line that was reported lost too goes on resting for that. What
//! is still owed is not looked at: who set the bar knows, and may lift it on a promise.

use super::{Business, Spec, bar};
use crate::{
    acceptance::{Case, Field, FieldKind},
    problems,
};
use inventory::products::{
    Status,
    locks::{self, Reason},
};
use kernel::{Problem, Result};
use store::Tx;

pub static SPEC: Spec = Spec {
    states: &[Status::Suspended],
    perm: crate::LOCKS,
    fields: |tx, target| {
        let held = match &target.product {
            Some(product) => locks::of(tx, &product.id)?,
            None => Vec::new(),
        };
        let mut kind = Field::new("reasonKind", FieldKind::Choice, "解除的停机原因", "Reason taken off").optional();
        let ours = held.iter().map(|l| l.reason).filter(|r| bar::REASONS.contains(r));
        kind = ours.fold(kind, |f, r| f.choice(r.name(), r.titles().0, r.titles().1));
        if kind.choices.is_empty() {
            kind = kind.choice("arrears", Reason::Arrears.titles().0, Reason::Arrears.titles().1);
        }
        let current = kind.choices.first().map(|c| c.value.clone()).unwrap_or_default();
        Ok(vec![kind.current(current)])
    },
    check: |tx, case, problems| {
        let reason = reason(tx, case)?;
        if !locks::of(tx, case.product_id()?)?.iter().any(|l| l.reason == reason) {
            let (zh, en) = reason.titles();
            problems.push(Problem::new(&problems::NOT_BARRED).with("zh", zh).with("en", en));
        }
        Ok(())
    },
    ..Spec::new(Business::Unbar, "信控复机", "Lift the bar", |tx, case| {
        let reason = reason(tx, case)?;
        bar::turn(tx, case, reason, None)
    })
};

/// The reason named; the only one of ours there is where none is named.
fn reason(tx: &mut Tx<'_>, case: &Case) -> Result<Reason> {
    let reason = match case.given("reasonKind") {
        Some(text) => Reason::parse(text)?,
        None => {
            let held = locks::of(tx, case.product_id()?)?;
            held.iter().map(|l| l.reason).find(|r| bar::REASONS.contains(r)).unwrap_or(Reason::Arrears)
        }
    };
    if bar::REASONS.contains(&reason) {
        Ok(reason)
    } else {
        Err(Problem::invalid("reasonKind", "arrears | violation | realName"))
    }
}
