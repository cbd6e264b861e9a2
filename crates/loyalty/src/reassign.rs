//! Points follow when customers are merged: a membership moves with its points. Where both are members, the points are moved
//! by two transactions and the other membership ends; that is not undone by parting them again.

use crate::{
    ledger::{self, Kind, Move},
    lots::Lot,
    member::{self, MEMBER},
};
use customer::reassign;
use http::tmf;
use kernel::Result;
use serde_json::json;
use store::Tx;

/// Moves what `from` has to `into`; with `only`, what moved before back. Returns the labels of what moved.
pub fn reassign(tx: &mut Tx<'_>, from: &str, into: &str, only: Option<&[String]>) -> Result<Vec<String>> {
    let ours = member::of_customer(tx, from)?;
    if only.is_none()
        && let Some(ours) = &ours
        && let Some(theirs) = member::of_customer(tx, into)?
    {
        let (ours, theirs) = (member::lock(tx, &ours.id)?, member::lock(tx, &theirs.id)?);
        let lots = ledger::lots(tx, &ours.id)?;
        if !lots.is_empty() {
            let out = lots.iter().map(|l| Lot { year: l.year, points: -l.points }).collect();
            let gone =
                Move { kind: Kind::Adjust, subject: ("member", &theirs.id), note: "合并", parts: out, owed: 0 };
            ledger::post(tx, &ours, &gone)?;
            let come = Move { kind: Kind::Adjust, subject: ("member", &ours.id), note: "合并", parts: lots, owed: 0 };
            ledger::post(tx, &theirs, &come)?;
        }
        member::set_state(tx, &ours.id, "ended", true)?;
        return Ok(Vec::new());
    }
    let moved = reassign::rows(tx, (MEMBER.table, "id", "customer_id"), from, into, only)?;
    for label in &moved {
        let id = label.rsplit(':').next().unwrap_or("");
        let mut doc = tmf::lock(tx, &MEMBER, id)?;
        let before = doc.body.clone();
        let href = customer::CUSTOMER.href(into);
        doc.set("customer", json!({"id": into, "href": href, "@referredType": "Customer"}));
        tmf::save(tx, &MEMBER, &before, &mut doc)?;
    }
    Ok(moved)
}
