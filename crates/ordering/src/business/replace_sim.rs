//! 补换卡: another SIM card for the same number.
//!
//! Checks: the customer in person is identified; not blacklisted; the card is in the hall's stock. A line that was reported lost
//! works again with the new card: the lost one is worthless.

use super::{Business, Spec, bar};
use crate::acceptance::{Call, Case, Change, Check, Effect, Field, FieldKind};
use inventory::products::{
    Status, characteristic,
    locks::{self, Reason},
};
use kernel::Result;
use serde_json::json;
use store::Tx;

pub static SPEC: Spec = Spec {
    families: &["mobile"],
    states: &[Status::Active, Status::Suspended],
    checks: &[Check::RealName, Check::Blacklist],
    fields: |_, target| {
        let now = target.characteristic("iccid").map_or(serde_json::Value::Null, |i| json!(i));
        Ok(vec![
            Field::new("sim", FieldKind::SimPick, "新卡（ICCID）", "New card (ICCID)")
                .optional()
                .current(now)
                .hint("不填则由系统从本厅库存取卡", "Left empty, a card is taken from the hall's stock"),
            Field::new("simKind", FieldKind::Choice, "补换原因", "Why")
                .optional()
                .choice("lost", "遗失", "Lost")
                .choice("damaged", "损坏", "Damaged")
                .choice("upgrade", "升级", "Upgrade"),
        ])
    },
    reserve,
    ..Spec::new(Business::ReplaceSim, "补换卡", "Replace SIM", plan)
};

fn plan(tx: &mut Tx<'_>, case: &Case) -> Result<Change> {
    let product = case.product()?;
    let lost = locks::of(tx, &product.id)?.iter().any(|l| l.reason == Reason::Loss);
    let mut change = match lost {
        true => bar::turn(tx, case, Reason::Loss, None)?,
        false => Change::default(),
    };
    change.summary = characteristic(&product.body, "number").unwrap_or_else(|| product.text("name").to_owned());
    // The network learns of the card before the line works again.
    change.network.insert(0, Call::new(&product.id, "sim"));
    Ok(change)
}

/// The card is taken out of the stock for this order.
fn reserve(tx: &mut Tx<'_>, case: &Case, order_id: &str, change: &mut Change) -> Result<()> {
    let product = case.product()?;
    let old = characteristic(&product.body, "iccid");
    // The customer stands at this counter, wherever the line belongs; a machine takes the line's own place.
    let staff = tx.actor().kind == kernel::ActorKind::Staff;
    let place = if staff { tx.actor().org.clone() } else { product.org.clone() };
    let card = crate::cards::reserve(tx, case.given("sim"), &place, order_id)?;
    for call in change.network.iter_mut().filter(|c| c.on == "sim") {
        *call = call.clone().changing("iccid", json!(old), json!(card.iccid));
    }
    let effect = Effect::Card { product: product.id.clone(), old, new: card.iccid, stocked: card.stocked };
    change.effects.insert(0, effect);
    Ok(())
}
