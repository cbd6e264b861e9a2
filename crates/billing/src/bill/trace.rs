//! Why a line is what it is: the charge and its days, the discount, the adjustment; for usage the records, the rule, the
//! allowance and the tier of each, by the version of the plan that the line pins.

use super::bill;
use crate::{counter, cycle::note, tax};
use kernel::{Cycle, Result, mask_phone};
use serde_json::{Value, json};
use store::{Tx, params, sql};

sql! {
    LINE = "SELECT product_id, product_name, number, name, kind, amount_fen, days, note, from_day, to_day, tax, detail \
            FROM bill_line WHERE bill_id = $1 AND seq = $2";
    ADJUSTED = "SELECT a.id, a.note, a.requested_name, a.decided_name, r.name, r.name_en FROM adjustment a \
                JOIN adjustment_reason r ON r.code = a.reason WHERE a.bill_id = $1 AND a.amount_fen = $2 AND a.product_id = $3 \
                AND a.state = 'applied' ORDER BY a.id";
}

/// A call has at most so many records on a page of this.
const MOST: usize = 500;

pub fn trace(tx: &mut Tx<'_>, bill_id: &str, seq: i64) -> Result<Value> {
    let bill = bill(tx, bill_id)?;
    let row = tx.query_one(&LINE, params![bill_id, seq])?;
    let (zh, en) = note::read(row.str(7));
    let category = tax::of_line(tx, row.str(10), row.str(0))?;
    let tax = tax::told(tx, &category, row.money(5), bill.period_end)?;
    let mut view = json!({
        "billNo": bill.bill_no, "billId": bill_id, "seq": seq, "product": row.str(1), "productId": row.str(0),
        "number": counter::shown_number(tx, row.str(2)), "name": row.str(3), "type": row.str(4), "amountFen": row.int(5),
        "days": row.opt_int(6), "note": zh, "noteEn": en, "tax": tax,
        "from": row.opt_text(8).unwrap_or_else(|| bill.period_start.to_string()),
        "to": row.opt_text(9).unwrap_or_else(|| bill.period_end.to_string()),
    });
    match row.str(4) {
        "usage" => {
            let detail = row.json(11);
            let rule = detail["rule"].as_str().unwrap_or("");
            let cycle = Cycle::starting(bill.period_start);
            let steps = rating::trace(tx, row.str(0), cycle, rule)?;
            view["records"] = json!(steps.len());
            let whole = tx.actor().may(usage::PEER);
            let mut shown = Vec::new();
            for step in steps.iter().take(MOST) {
                let mut step = json!(step);
                if !whole && let Some(peer) = step["record"]["peer"].as_str().map(mask_phone) {
                    step["record"]["peer"] = json!(peer);
                }
                shown.push(step);
            }
            view["steps"] = json!(shown);
            view["detail"] = detail;
        }
        "adjustment" => {
            let why = tx.query(&ADJUSTED, params![bill_id, row.int(5), row.str(0)])?;
            let one = |r: &store::Row| {
                json!({
                    "id": r.str(0), "note": r.str(1), "requestedBy": r.str(2), "decidedBy": r.opt_text(3), "reason": r.str(4),
                    "reasonEn": r.str(5),
                })
            };
            view["adjustments"] = why.iter().map(one).collect();
        }
        _ => {}
    }
    Ok(view)
}
