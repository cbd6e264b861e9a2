//! What happened to an item, in order, never changed.

use super::{Kind, state::ItemState};
use kernel::{OrgPath, Result};
use serde_json::{Value, json};
use store::{Tx, params, sql};

/// One line of the ledger.
pub(crate) struct Movement<'m> {
    pub serial: &'m str,
    pub kind: Kind,
    pub what: &'m str,
    pub from: Option<ItemState>,
    pub to: ItemState,
    pub warehouse: &'m str,
    pub org: &'m OrgPath,
    pub reason: &'m str,
    /// The order, transfer, count or import it belongs to.
    pub reference: &'m str,
}

sql! {
    OF_ITEM = "SELECT at, what, from_state, to_state, warehouse_id, reason, reference, actor_name FROM stock_movement \
               WHERE serial = $1 ORDER BY at, id LIMIT 200";
}

const INTO: &str = "stock_movement (id, serial, kind, what, from_state, to_state, warehouse_id, org, reason, reference, actor_name, at)";

pub(crate) fn record(tx: &mut Tx<'_>, movements: &[Movement<'_>]) -> Result<()> {
    let (now, by) = (tx.now(), tx.actor().name.to_string());
    let mut values = Vec::with_capacity(movements.len() * 12);
    for m in movements {
        let id = tx.new_id::<Movement<'_>>().into_string();
        values.extend_from_slice(params![
            id,
            m.serial,
            m.kind.text(),
            m.what,
            m.from.map(|s| s.text().to_owned()),
            m.to.text(),
            m.warehouse,
            m.org,
            m.reason,
            m.reference,
            by,
            now
        ]);
    }
    tx.insert_rows(INTO, 12, &values, "").map(drop)
}

pub(super) fn of_item(tx: &mut Tx<'_>, serial: &str) -> Result<Vec<Value>> {
    let rows = tx.query(&OF_ITEM, params![serial])?;
    let line = |r: &store::Row| {
        json!({
            "at": r.time(0), "what": r.str(1), "from": r.opt_text(2), "to": r.str(3), "warehouseId": r.str(4),
            "reason": r.str(5), "reference": r.str(6), "by": r.str(7),
        })
    };
    Ok(rows.iter().map(line).collect())
}
