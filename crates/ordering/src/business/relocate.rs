//! 移机: a line moves to another address, with what shares its place.
//!
//! Checks: the new address is another one and can be served; nothing is overdue; the line works. The new port is taken first and
//! the old one kept, then the network and the fitter do their part; products of the same bundle at the old address move along.

use super::{Business, Spec};
use crate::{
    acceptance::{Call, Case, Change, Check, Effect, Effective, Field, FieldKind},
    problems,
};
use http::tmf::Document;
use inventory::products::{self, characteristic};
use kernel::{Problem, Result};
use serde_json::{Map, Value, json};
use store::Tx;

pub static SPEC: Spec = Spec {
    families: &["broadband", "iptv", "fixedVoice", "voip", "data", "smartHome"],
    effective: &[Effective::Immediate, Effective::NextDay, Effective::Date],
    checks: &[Check::Arrears, Check::NoLocks],
    fields: |_, target| {
        let now = target.characteristic("installAddress").map_or(Value::Null, |a| json!(a));
        Ok(vec![
            Field::new("installAddress", FieldKind::Address, "新装机地址", "New address").current(now),
            Field::new("installSlot", FieldKind::Text, "上门时间", "Time of the visit").optional(),
        ])
    },
    check: |tx, case, problems| {
        let address = address(case);
        if address.chars().count() < 4 {
            problems.push(Problem::invalid("installAddress", "≥ 4"));
        }
        if case.target.characteristic("installAddress").as_deref() == Some(address.as_str()) {
            problems.push(Problem::new(&problems::SAME_ADDRESS).field("installAddress"));
        }
        crate::eligible::served(tx, case, &address, problems)
    },
    ..Spec::new(Business::Relocate, "移机", "Relocate", plan)
};

fn address(case: &Case) -> String {
    let value = case.ask.values.get("installAddress").unwrap_or(&Value::Null);
    let text = value.as_str().or(value["fullAddress"].as_str()).or(value["text"].as_str()).or(value["name"].as_str());
    text.map_or("", str::trim).to_owned()
}

fn plan(tx: &mut Tx<'_>, case: &Case) -> Result<Change> {
    let product = case.product()?;
    let (old, new) = (characteristic(&product.body, "installAddress"), address(case));
    let mut change = Change::of(format!("{}：{} → {new}", product.text("name"), old.clone().unwrap_or_default()));
    for part in together(tx, product)? {
        if part.id != product.id {
            change.locks.push(part.id.clone());
        }
        let mut set = Map::from_iter([("installAddress".to_owned(), json!(new))]);
        if let Some(slot) = case.given("installSlot") {
            set.insert("installSlot".into(), json!(slot));
        }
        change.first.push(Effect::Characteristics { product: part.id.clone(), set });
        let mut call = Call::new(&part.id, "relocate").changing("installAddress", json!(old), json!(new));
        if let Some(port) = characteristic(&part.body, "accessPort") {
            change.first.push(Effect::MovePort { product: part.id.clone() });
            change.at_last.push(Effect::LeavePort { product: part.id.clone() });
            // Which port it becomes is known when it is taken; taken back, it is the old one again.
            call.before.insert("accessPort".into(), json!(port));
        }
        change.network.push(call);
    }
    Ok(change)
}

/// The product and those of its bundle that stand at the same address.
fn together(tx: &mut Tx<'_>, product: &Document) -> Result<Vec<Document>> {
    let place = characteristic(&product.body, "installAddress");
    let bundle = super::bundle_of(product);
    let held = products::of_customer(tx, crate::order::customer_id(&product.body))?;
    let others = held.into_iter().filter(|p| {
        p.id != product.id
            && p.text("status") == "active"
            && bundle.is_some()
            && super::bundle_of(p) == bundle
            && place.is_some()
            && characteristic(&p.body, "installAddress") == place
    });
    Ok(std::iter::once(product.clone()).chain(others).collect())
}
