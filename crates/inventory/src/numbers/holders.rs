//! Who holds a number.

use super::{GET, NumberState, routes::display, sellable_by};
use crate::problems;
use kernel::{OrgPath, Problem, Result};
use serde_json::{Value, json};
use store::{Row, Tx, params};

/// Where a number belongs that the actor may see: 404 for others.
pub(super) fn seen(tx: &mut Tx<'_>, number: &str) -> Result<OrgPath> {
    Ok(row(tx, number)?.1)
}

fn row(tx: &mut Tx<'_>, number: &str) -> Result<(Row, OrgPath)> {
    let unknown = || Problem::new(&problems::NUMBER_UNKNOWN).with("number", number).field("number");
    let row = tx.query_opt(&GET, params![number])?.ok_or_else(unknown)?;
    let org = OrgPath::parse(row.str(0))?;
    if sellable_by(tx.actor(), &org) { Ok((row, org)) } else { Err(unknown()) }
}

/// A number with what it serves and for whom, as far as the actor may see them.
pub(super) fn view(tx: &mut Tx<'_>, number: &str) -> Result<Value> {
    let (row, org) = row(tx, number)?;
    let product = match row.opt_text(5) {
        Some(id) => crate::products::get(tx, &id).ok(),
        None => None,
    };
    let kept_for = row.opt_text(6);
    let customer = match (&product, kept_for) {
        (Some(product), _) => customer_of(&product.body),
        (None, kept_for) => kept_for,
    };
    let summary = customer.and_then(|id| customer::summary(tx, &id).ok().map(|s| json!({"id": id, "name": s.name})));
    let state = NumberState::parse(row.str(1))?;
    Ok(json!({
        "number": number, "display": display(number), "state": state.text(), "org": org, "class": row.str(9),
        "until": row.opt_time(3), "orderId": row.opt_text(4), "keptUntil": row.opt_time(7), "origin": row.opt_text(8),
        "product": product.map(|p| json!({"id": p.id, "name": p.text("name"), "status": p.text("status")})),
        "customer": summary,
    }))
}

fn customer_of(body: &serde_json::Map<String, Value>) -> Option<String> {
    let parties = body.get("relatedParty")?.as_array()?;
    parties.iter().find(|p| p["role"] == "customer")?["id"].as_str().map(str::to_owned)
}
