//! Telling an outside system what is due, and asking it how far it is. Nothing waits for the network inside a transaction: the
//! order is marked as sent first, called after, and what was heard is booked last. Who dies between has told again.

use super::{
    super::{State, Stored, Verb, lock},
    answer, client, system,
};
use crate::settings;
use http::App;
use kernel::{Actor, Problem, Result};
use serde_json::{Value, json};
use store::{Tx, params, sql};

/// A call that nobody booked is taken for lost after this.
const LEASE_SECONDS: i64 = 60;

sql! {
    DUE = "SELECT id, order_id FROM collaboration WHERE system <> '' AND state IN ('waiting', 'sent', 'received', 'failed') \
           AND next_at <= $1 ORDER BY next_at, id LIMIT 200";
    NEXT = "SELECT next_at FROM collaboration WHERE id = $1";
    WAIT = "UPDATE collaboration SET next_at = $2 WHERE id = $1";
    CUSTOMER = "SELECT name FROM billing_account WHERE id = $1";
}

/// What a system is called for.
enum Call {
    Tell(Value),
    Ask,
}

/// Orders that an outside system has to be told or asked about, each with the order that told it.
pub fn outside_due(tx: &mut Tx<'_>) -> Result<Vec<(String, String)>> {
    let now = tx.now();
    Ok(tx.query(&DUE, params![now])?.iter().map(|r| (r.text(0), r.text(1))).collect())
}

/// Tells or asks about one order, and books what was heard.
pub async fn reach(app: &App, id: &str) -> Result<()> {
    let own = id.to_owned();
    let prepared = app.db().write(Actor::system(), move |tx| prepare(tx, &own)).await?;
    let Some((address, call)) = prepared else { return Ok(()) };
    let heard = match call {
        Call::Tell(body) => {
            let inbox = "/api/v1/collaboration/inbox".to_owned();
            client::call(address, inbox, Some(body), Some(id.to_owned())).await
        }
        Call::Ask => client::call(address, format!("/api/v1/collaboration/inbox/{id}"), None, None).await,
    };
    let own = id.to_owned();
    app.db().write(Actor::system(), move |tx| answer::book(tx, &own, &heard)).await
}

fn prepare(tx: &mut Tx<'_>, id: &str) -> Result<Option<(system::Address, Call)>> {
    let mut order = lock(tx, id)?;
    let now = tx.now();
    if tx.query_one(&NEXT, params![id])?.time(0) > now {
        return Ok(None); // another process is at it
    }
    let address = match system::address_to(tx, &order.system) {
        Ok(address) => address,
        Err(problem) => {
            answer::fail(tx, &mut order, &problem, false)?;
            return Ok(None);
        }
    };
    match order.state {
        State::Received => {
            let again = now.plus_seconds(settings::ASK_SECONDS.number(tx)?);
            tx.execute(&WAIT, params![id, again])?;
            return Ok(Some((address, Call::Ask)));
        }
        // Sent, and nobody booked an answer: the process died. It is told again under the same id.
        State::Sent => {
            tx.execute(&WAIT, params![id, now.plus_seconds(LEASE_SECONDS)])?;
        }
        State::Failed => {
            order.step(tx, Verb::Resend, now, None, "自动重发")?;
            order.step(tx, Verb::Send, now.plus_seconds(LEASE_SECONDS), None, &order.system.clone())?;
        }
        State::Waiting => {
            if let Some(forward) = &order.undoes
                && in_flight(tx, &forward.clone())?
            {
                // What is to be taken back is on its way: first its answer, then its inverse.
                tx.execute(&WAIT, params![id, now.plus_seconds(2)])?;
                return Ok(None);
            }
            order.step(tx, Verb::Send, now.plus_seconds(LEASE_SECONDS), None, &order.system.clone())?;
        }
        State::Succeeded | State::Manual | State::Closed => return Ok(None),
    }
    Ok(Some((address, Call::Tell(message(tx, &order)?))))
}

fn in_flight(tx: &mut Tx<'_>, forward: &str) -> Result<bool> {
    Ok(matches!(lock(tx, forward)?.state, State::Sent))
}

/// The order as another system reads it.
pub fn message(tx: &mut Tx<'_>, order: &Stored) -> Result<Value> {
    let fact = &order.fact;
    let customer = customer::summary(tx, &fact.customer_id).map(|c| json!({"id": c.id, "name": c.name})).ok();
    let account = match &fact.account_id {
        Some(id) => tx.query_opt(&CUSTOMER, params![id])?.map(|r| json!({"id": id, "name": r.str(0)})),
        None => None,
    };
    let bundle = fact.bundle.as_ref().map(|b| json!({"offeringId": b.offering_id, "itemId": b.item_id}));
    Ok(json!({
        "id": order.id, "type": fact.kind, "undoes": order.undoes, "orderId": fact.order_id, "orderNo": fact.order_no,
        "customer": customer.unwrap_or_else(|| json!({"id": fact.customer_id})), "account": account,
        "productId": fact.product_id, "offeringId": fact.offering_id, "offeringVersion": fact.offering_version,
        "bundle": bundle, "number": fact.number, "effectiveFrom": fact.effective_from, "region": fact.org,
        "old": fact.old, "new": fact.new, "version": order.version,
    }))
}

/// What a call brought, as words for the history.
pub fn words(problem: &Problem) -> String {
    problem.reason(kernel::Lang::Zh).chars().take(200).collect()
}
