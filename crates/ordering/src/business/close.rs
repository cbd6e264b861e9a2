//! 拆机 / 销户, at once or booked (预约拆机): a product is given up.
//!
//! Checks: it works or rests; nobody else changes it; nothing is overdue; no other business is booked for it; a contract is left
//! only knowingly (the penalty is confirmed). A product of a bundle ends with the whole bundle; alone it is taken out first (解捆).
//! What hangs on it (options) ends with it. Number and port are given up with the completion, when nothing can fail any more.

use super::{Business, Spec};
use crate::acceptance::{Call, Case, Change, Check, Effect, Effective, Fact, Field, FieldKind, checks};
use billing::CollaborationKind;
use http::tmf::Document;
use inventory::products::{self, Status};
use kernel::Result;
use serde_json::json;
use store::Tx;

/// 欠费销户: billing ends what was not paid; the customer is not asked.
pub const FOR_ARREARS: &str = "arrears";

pub static SPEC: Spec = Spec {
    effective: &[Effective::Immediate, Effective::NextDay, Effective::NextMonth, Effective::NextCycle, Effective::Date],
    states: &[Status::Active, Status::Suspended],
    perm: crate::CLOSE,
    checks: &[Check::NothingBooked],
    fields: |tx, _| {
        let kind = Field::new("closeKind", FieldKind::Choice, "拆机原因", "Why")
            .optional()
            .choice("unneeded", "不再需要", "Not needed any more")
            .choice("moved", "搬迁", "Moved away")
            .choice("price", "资费", "Price")
            .choice("quality", "质量", "Quality")
            .choice("competitor", "转网", "Goes to another operator")
            .choice("other", "其他", "Other");
        let by_billing = tx.actor().may(crate::LOCKS);
        Ok(vec![if by_billing { kind.choice(FOR_ARREARS, "欠费销户", "Ended for arrears") } else { kind }])
    },
    check: |tx, case, problems| {
        if case.text("closeKind") == FOR_ARREARS {
            return tx.allow(crate::LOCKS); // what is owed is why, and goes on being owed
        }
        checks::run(tx, case, Check::Arrears, problems)?;
        checks::run(tx, case, Check::Contract, problems)
    },
    ..Spec::new(Business::Close, "拆机", "Close", plan)
};

fn plan(tx: &mut Tx<'_>, case: &Case) -> Result<Change> {
    let product = case.product()?;
    let mut change = Change::of(product.text("name"));
    for part in ending(tx, product)? {
        if part.id != product.id {
            change.locks.push(part.id.clone());
        }
        change.network.push(Call::new(&part.id, "deactivate"));
        change.effects.push(Effect::status(&part.id, Status::PendingTerminate));
        change.at_last.push(Effect::End { product: part.id.clone() });
        let early = billing::early_termination(tx, &part.id, case.at.date())?;
        change.early_termination = change.early_termination.plus(early)?;
        change.monthly_before = change.monthly_before.plus(super::tariff::monthly(tx, case, &part)?)?;
        let new = json!({"why": case.text("closeKind"), "earlyTerminationFen": early});
        change.facts.push(Fact::new(CollaborationKind::Stop, &part.id).to(new));
    }
    Ok(change)
}

/// The product, the others of its bundle, and the options that hang on them.
pub fn ending(tx: &mut Tx<'_>, product: &Document) -> Result<Vec<Document>> {
    let bundle = super::bundle_of(product);
    let customer = crate::order::customer_id(&product.body);
    let held = products::of_customer(tx, customer)?;
    let lives = |p: &&Document| matches!(p.text("status"), "active" | "suspended");
    let mut ending: Vec<Document> = vec![product.clone()];
    let others =
        held.iter().filter(lives).filter(|p| p.id != product.id && bundle.is_some() && super::bundle_of(p) == bundle);
    ending.extend(others.cloned());
    let ids: Vec<String> = ending.iter().map(|p| p.id.clone()).collect();
    let hanging = |p: &&Document| ids.iter().any(|id| super::relies_on(p, id)) && !ids.contains(&p.id);
    ending.extend(held.iter().filter(lives).filter(hanging).cloned());
    Ok(ending)
}
