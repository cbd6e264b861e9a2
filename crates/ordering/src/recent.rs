//! A customer's orders for the unified view: the newest, and whatever is in transit however old it is, in two statements.

use crate::desk::{COLUMNS, OrderRow, Progress, shown};
use kernel::Result;
use store::{Tx, params};

/// States that an order does not leave.
const ENDED: [&str; 4] = ["completed", "cancelled", "failed", "rejected"];

/// The newest orders, and those in transit, as far as the actor sees them; each newest first.
pub fn orders_near(tx: &mut Tx<'_>, customer_id: &str, most: i64) -> Result<(Vec<OrderRow>, Vec<OrderRow>)> {
    let text = format!(
        "SELECT {COLUMNS}, org FROM product_order WHERE customer_id = $1 AND (state NOT IN ('completed', 'cancelled', 'failed', \
         'rejected') OR id IN (SELECT id FROM product_order WHERE customer_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2)) \
         ORDER BY created_at DESC, id DESC LIMIT 600"
    );
    let rows = tx.query(&text, params![customer_id, most])?;
    let org = COLUMNS.split(',').count();
    let seen = rows.iter().filter(|r| tx.actor().sees(r.str(org)));
    let mut orders: Vec<OrderRow> = seen.map(|row| shown(row, Progress::default())).collect();
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
