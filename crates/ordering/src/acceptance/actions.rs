//! What can be done with a product or for a customer now, in the order clerks use most; what cannot be done says why.

use super::{Ask, Case, Effective, Problems, Target, checks::one, preview};
use crate::business::{Business, Level, Spec};
use kernel::{Lang, Result};
use serde_json::{Value, json};
use store::Tx;

pub fn of_product(tx: &mut Tx<'_>, id: &str, lang: Lang) -> Result<Vec<Value>> {
    let target = Target::of_product(tx, id)?;
    let held = super::lock::holder(tx, id, super::lock::EXCLUSIVE)?;
    let specs = Business::ALL.iter().map(|b| b.spec()).filter(|s| s.level == Level::Product && s.listed);
    let mut actions = Vec::new();
    for spec in specs.filter(|s| s.fits_family(target.family())) {
        let mut problems = Problems::default();
        let case = bare(spec, &target, tx.now());
        if !tx.actor().may(spec.perm) {
            continue; // what one's role never does is no answer to "what can I do here"
        }
        preview::fits(&case, spec, &mut problems)?;
        if let Some(held) = held.as_ref().filter(|_| !spec.effective.contains(&Effective::Date)) {
            problems.push(super::lock::taken(held));
        }
        actions.push(action(tx, spec, &target, &problems, lang)?);
    }
    Ok(actions)
}

pub fn of_customer(tx: &mut Tx<'_>, id: &str, lang: Lang) -> Result<Vec<Value>> {
    let target = Target::of_customer(tx, id)?;
    let mut actions = Vec::new();
    for spec in Business::ALL.iter().map(|b| b.spec()).filter(|s| s.level == Level::Customer && s.listed) {
        if tx.actor().may(spec.perm) {
            actions.push(action(tx, spec, &target, &Problems::default(), lang)?);
        }
    }
    Ok(actions)
}

/// A case about which nothing is filled in yet.
fn bare(spec: &Spec, target: &Target, now: kernel::Timestamp) -> Case {
    let ask = Ask { business: spec.business.name().to_owned(), ..Ask::default() };
    Case { business: spec.business, target: target.clone(), ask, effective: spec.effective[0], at: now, order_id: None }
}

fn action(tx: &mut Tx<'_>, spec: &Spec, target: &Target, problems: &Problems, lang: Lang) -> Result<Value> {
    let why = problems.all().first().map(|p| one(p, lang));
    let fields: Vec<Value> = (spec.fields)(tx, target)?.iter().map(super::Field::to_json).collect();
    Ok(json!({
        "business": spec.business, "title": {"zh-CN": spec.zh, "en": spec.en}, "allowed": why.is_none(), "whyNot": why,
        "effective": spec.effective.iter().map(|e| e.name()).collect::<Vec<_>>(), "fields": fields,
    }))
}
