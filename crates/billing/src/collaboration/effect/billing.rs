//! Lines that an effect puts on bills, and takes off again.

use super::super::Collaboration;
use crate::{
    account,
    bill::{self, NewLine},
    pricing::{ChargeKind, DiscountLine, Line},
    relation, subscription,
};
use kernel::{Date, Money, Result};
use serde_json::{Value, json};
use store::Tx;

/// For whom lines are, as bills show it.
pub struct For<'a> {
    pub subscription_id: &'a str,
    pub product_id: &'a str,
    pub name: &'a str,
    pub number: &'a str,
}

impl For<'_> {
    pub fn line(&self, line: Line) -> NewLine {
        NewLine {
            subscription_id: self.subscription_id.to_owned(),
            product_id: self.product_id.to_owned(),
            product_name: self.name.to_owned(),
            number: self.number.to_owned(),
            line,
        }
    }
}

/// A charge made once.
pub fn once(name: &str, amount: Money, day: Date, note: (&str, &str)) -> Line {
    Line {
        name: name.to_owned(),
        kind: ChargeKind::OneTime,
        amount,
        days: None,
        note: note.0.to_owned(),
        note_en: note.1.to_owned(),
        monthly: Money::ZERO,
        from: day,
        to: day,
    }
}

/// A discount as a line of the bill.
pub fn discount(off: &DiscountLine) -> Line {
    Line {
        name: off.name.clone(),
        kind: match off.applies {
            crate::pricing::Applies::OneTime => ChargeKind::OneTime,
            crate::pricing::Applies::Recurring => ChargeKind::Recurring,
        },
        amount: off.amount,
        days: None,
        note: off.note.clone(),
        note_en: off.note_en.clone(),
        monthly: off.monthly,
        from: off.from,
        to: off.until.unwrap_or(off.from),
    }
}

/// Bills lines of one product to whoever pays for it; returns what has to be credited to undo it.
pub fn charge(
    tx: &mut Tx<'_>,
    own: &str,
    product_id: &str,
    bill: (&str, &str, Date),
    lines: Vec<NewLine>,
) -> Result<Vec<Value>> {
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    let relations = relation::of_product(tx, product_id)?;
    let mut billed = Vec::new();
    let mut shares = relation::distribute(own, lines, &relations)?;
    shares.sort_by(|a, b| a.account_id.cmp(&b.account_id)); // one order of locks for everybody
    for share in shares.into_iter().filter(|s| !s.lines.is_empty()) {
        let account = account::lock(tx, &share.account_id)?;
        let issued = bill::issue(tx, &account, bill.0, bill.1, bill.2, &share.lines)?;
        for new in share.lines {
            billed.push(json!({
                "billId": issued.id, "subscriptionId": new.subscription_id, "productId": new.product_id,
                "productName": new.product_name, "number": new.number, "line": new.line,
            }));
        }
    }
    Ok(billed)
}

/// Takes off what [`charge`] billed.
pub fn credit_all(tx: &mut Tx<'_>, billed: &Value) -> Result<()> {
    let mut by_bill: std::collections::BTreeMap<String, Vec<NewLine>> = std::collections::BTreeMap::new();
    for entry in billed.as_array().into_iter().flatten() {
        let text = |name: &str| entry[name].as_str().unwrap_or("").to_owned();
        let mut line: Line = serde_json::from_value(entry["line"].clone()).map_err(kernel::Problem::internal)?;
        line.amount = line.amount.negated();
        line.monthly = line.monthly.negated();
        line.note = format!("冲减：{}", line.note);
        line.note_en = format!("credited: {}", line.note_en);
        by_bill.entry(text("billId")).or_default().push(NewLine {
            subscription_id: text("subscriptionId"),
            product_id: text("productId"),
            product_name: text("productName"),
            number: text("number"),
            line,
        });
    }
    by_bill.iter().try_for_each(|(bill_id, lines)| bill::credit(tx, bill_id, lines))
}

/// The fees that the fact carries, billed to the product's account or, where there is no product, the customer's.
pub fn fees(tx: &mut Tx<'_>, fact: &Collaboration) -> Result<Vec<Value>> {
    let fees: Vec<(String, i64)> = fact.new["fees"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|f| Some((f["name"].as_str()?.to_owned(), f["amountFen"].as_i64().filter(|n| *n > 0)?)))
        .collect();
    if fees.is_empty() {
        return Ok(Vec::new());
    }
    let day = fact.effective_from.date();
    let found = subscription::look(tx, &fact.product_id)?;
    let own = match (&found, &fact.account_id) {
        (Some(s), _) => s.account_id.clone(),
        (None, Some(id)) => id.clone(),
        (None, None) => account::account_of(tx, &fact.customer_id)?.id,
    };
    let (id, name) = found.as_ref().map_or(("", ""), |s| (s.id.as_str(), s.name.as_str()));
    let whom = For { subscription_id: id, product_id: &fact.product_id, name, number: &fact.number };
    let lines = fees
        .iter()
        .map(|(name, fen)| whom.line(once(name, Money::fen(*fen), day, ("业务费用", "fee of the business"))))
        .collect();
    charge(tx, &own, &fact.product_id, ("order", &fact.order_id, day), lines)
}
