//! Limits of cash: what lies in a hall, and how much of it may stay overnight.

use billing::{Method, drawer};
use kernel::{Money, OrgPath, Result};
use serde_json::{Value, json};
use store::{Filter, Tx, params, sql};

sql! {
    LIMIT = "SELECT tail_fen, source FROM cash_limit WHERE takings_to_fen >= $1 ORDER BY takings_to_fen LIMIT 1";
    ENTERED = "SELECT CAST(COALESCE(SUM(s.amount_fen), 0) AS BIGINT) FROM bank_slip s JOIN audit_sheet a ON a.id = s.sheet_id \
               WHERE a.org = $1 AND a.state = 'hall' AND s.state = 'entered' AND s.method = 'cash'";
}

/// A hall's cash now.
pub struct Cash {
    pub takings: Money,
    pub on_hand: Money,
    pub limit: Money,
    pub source: String,
}

/// Cash the drawers hold by the ledger, less what has been carried to the bank by slips that are not audited yet.
pub fn of_hall(tx: &mut Tx<'_>, hall: &OrgPath) -> Result<Cash> {
    let today = tx.now().date();
    let mut on_hand = Money::ZERO;
    for held in drawer::held(tx, hall, today)? {
        if held.method == Method::Cash {
            on_hand = on_hand.plus(held.amount)?;
        }
    }
    let entered = tx.query_one(&ENTERED, params![hall])?.money(0);
    let mut takings = Money::ZERO;
    for d in drawer::drawers(tx, hall, &today.to_string())? {
        for cell in d.cells.iter().filter(|c| c.method == "cash" && c.business != "handOver") {
            takings = takings.plus(cell.amount)?;
        }
    }
    let row = tx.query_one(&LIMIT, params![takings])?;
    Ok(Cash { takings, on_hand: on_hand.plus(entered.negated())?, limit: row.money(0), source: row.text(1) })
}

/// Halls with drawers in the last days, within the actor's scope.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Value>> {
    let today = tx.now().date();
    let mut filter = Filter::default();
    filter.scope("org", tx.actor());
    let mut halls: Vec<OrgPath> = drawer::halls(tx, today.plus_days(-7), today)?.into_iter().map(|h| h.0).collect();
    halls.sort();
    halls.dedup();
    halls.retain(|h| tx.actor().sees(h.as_str()));
    let mut rows = Vec::new();
    for hall in halls.into_iter().take(200) {
        let cash = of_hall(tx, &hall)?;
        let over = cash.on_hand.plus(cash.limit.negated())?;
        rows.push(json!({
            "org": hall, "hall": access::org_name(tx, hall.as_str())?, "takingsFen": cash.takings, "onHandFen": cash.on_hand,
            "limitFen": cash.limit, "overFen": over.max(Money::ZERO), "source": cash.source,
        }));
    }
    Ok(rows)
}
