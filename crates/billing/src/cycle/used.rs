//! What rating adds to a bill: the usage of an account's numbers, priced by its plans. A line pins plan, version and rule,
//! so that it can be traced later whatever becomes of the plan.

use super::note;
use crate::{
    bill::{NewLine, Ready},
    pricing::{ChargeKind, Line},
};
use kernel::{Cycle, Money, Result};
use rating::{CarriedOver, UsageLine};
use serde_json::json;
use std::collections::HashMap;
use store::{Tx, params, sql};

sql! {
    CALLED = "SELECT id, name FROM subscription WHERE product_id = $1";
}

/// The usage lines of an account, and what its allowances carry over.
pub fn closing(tx: &mut Tx<'_>, account_id: &str, cycle: Cycle) -> Result<(Vec<Ready>, Vec<CarriedOver>)> {
    let (used, over) = rating::closing(tx, account_id, cycle)?;
    Ok((named(tx, used, cycle)?, over))
}

/// The usage lines of an account.
pub fn lines(tx: &mut Tx<'_>, account_id: &str, cycle: Cycle) -> Result<Vec<Ready>> {
    let used = rating::charges(tx, account_id, cycle)?;
    named(tx, used, cycle)
}

fn named(tx: &mut Tx<'_>, used: Vec<UsageLine>, cycle: Cycle) -> Result<Vec<Ready>> {
    let mut called: HashMap<String, (String, String)> = HashMap::new();
    let mut lines = Vec::with_capacity(used.len());
    for line in used {
        if !called.contains_key(&line.product_id) {
            let row = tx.query_opt(&CALLED, params![line.product_id])?;
            let names = row.map(|r| (r.text(0), r.text(1))).unwrap_or_default();
            called.insert(line.product_id.clone(), names);
        }
        let (subscription, product) = called.get(&line.product_id).cloned().unwrap_or_default();
        lines.push(ready(line, subscription, product, cycle));
    }
    Ok(lines)
}

fn ready(used: UsageLine, subscription_id: String, product_name: String, cycle: Cycle) -> Ready {
    let detail = json!({
        "plan": used.plan_id, "version": used.plan_version, "rule": used.rule_id, "nameEn": used.name_en,
        "records": used.records, "quantity": used.quantity, "unit": used.unit, "charged": used.charged_units,
    });
    Ready {
        new: NewLine {
            subscription_id,
            product_id: used.product_id,
            product_name,
            number: used.number,
            line: Line {
                name: used.name,
                kind: ChargeKind::Usage,
                amount: used.amount,
                days: None,
                note: note::both(&used.note, &used.note_en),
                note_en: String::new(),
                monthly: Money::ZERO,
                from: cycle.first(),
                to: cycle.last(),
            },
        },
        tax: used.tax_category,
        detail: Some(detail),
    }
}
