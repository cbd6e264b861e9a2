//! Taking back what an order told: what was not done yet is closed unsent, what was done gets its inverse.

use super::{Collaboration, State, Verb, Via, lock, tell};
use kernel::Result;
use store::{Tx, params, sql};

sql! {
    TOLD = "SELECT id FROM collaboration WHERE order_id = $1 ORDER BY id DESC";
    DONE = "SELECT 1 FROM collaboration_effect WHERE collaboration_id = $1";
}

/// Everything the order told is taken back, exactly once however often this is called. The inverse of a fact has the id
/// `order:product:kind:undo` and puts back what the fact changed.
pub fn take_back(tx: &mut Tx<'_>, order_id: &str) -> Result<()> {
    for row in tx.query(&TOLD, params![order_id])? {
        let mut order = lock(tx, row.str(0))?;
        if order.undoes.is_some() {
            continue;
        }
        let outside = !order.system.is_empty();
        // What an outside system was told it may have, whatever it answered.
        let told = outside && order.attempts > 0;
        if outside && matches!(order.state, State::Waiting | State::Failed | State::Manual) {
            let now = tx.now();
            order.step(tx, Verb::Withdraw, now, None, "订单撤销")?;
        }
        if told || tx.query_opt(&DONE, params![order.id])?.is_some() {
            let fact = order.fact;
            let inverse = Collaboration {
                kind: fact.kind.inverse(),
                old: fact.new.clone(),
                new: fact.old.clone(),
                effective_from: tx.now(),
                ..fact
            };
            let via = Via { system: order.system.clone(), sender: String::new() };
            tell(tx, format!("{}:undo", order.id), &inverse, Some(&order.id), &via)?;
        } else if matches!(order.state, State::Waiting | State::Failed | State::Manual) {
            let now = tx.now();
            order.step(tx, Verb::Withdraw, now, None, "订单撤销")?;
        }
    }
    Ok(())
}
