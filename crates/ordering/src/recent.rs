//! A customer's orders for the unified view: the newest, and whatever is in transit however old it is, in two statements.

use crate::desk::{OrderRow, Progress};
use kernel::Result;
use store::{Tx, params, sql};

sql! {
    NEAR = "SELECT id, order_no, state, customer_id, customer_name, summary, created_at, updated_at, operator, amount_fen, org, \
            business, effective_at, urges \
            FROM product_order WHERE customer_id = $1 AND (state NOT IN ('completed', 'cancelled', 'failed', 'rejected') OR id IN \
            (SELECT id FROM product_order WHERE customer_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2)) \
            ORDER BY created_at DESC, id DESC LIMIT 600";
}

/// States that an order does not leave.
const ENDED: [&str; 4] = ["completed", "cancelled", "failed", "rejected"];

/// The newest orders, and those in transit, as far as the actor sees them; each newest first.
pub fn orders_near(tx: &mut Tx<'_>, customer_id: &str, most: i64) -> Result<(Vec<OrderRow>, Vec<OrderRow>)> {
    let rows = tx.query(&NEAR, params![customer_id, most])?;
    let mut orders: Vec<OrderRow> = rows
        .iter()
        .filter(|r| tx.actor().sees(r.str(10)))
        .map(|row| OrderRow {
            id: row.text(0),
            order_no: row.text(1),
            state: row.text(2),
            customer_id: row.text(3),
            customer_name: row.text(4),
            summary: row.text(5),
            created_at: row.time(6),
            updated_at: row.time(7),
            operator: row.text(8),
            amount_fen: row.int(9),
            progress: Progress::default(),
            business: row.opt_text(11),
            effective_at: row.opt_time(12),
            held: row.str(2) == "held",
            urges: row.int(13),
        })
        .collect();
    let subjects: Vec<&str> = orders.iter().map(|o| o.id.as_str()).collect();
    let progress = flow::progress_of_all(tx, &subjects)?;
    for order in &mut orders {
        if let Some((done, total)) = progress.get(&order.id) {
            order.progress = Progress { done: *done, total: *total };
        }
    }
    let in_transit = orders.iter().filter(|o| !ENDED.contains(&o.state.as_str())).cloned().collect();
    orders.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok((orders, in_transit))
}
