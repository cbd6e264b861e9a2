//! Handing a customer over to another account manager. What is open at that moment is gathered from every domain and goes over
//! with the customer, so that nothing a customer was told is lost.

use crate::view::{Depth, Whole};
use customer::Handover;
use http::{Answer, Body, Ctx, Reply, axum::extract::Path};
use kernel::{Problem, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use store::Tx;

const LONGEST: usize = 2_000;
/// Customers handed over by one request.
const AT_ONCE: i64 = 200;
const ROLE: &str = "manager";

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Ask {
    #[serde(default)]
    manager_id: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    note: String,
}

impl Ask {
    fn check(&self) -> Result<()> {
        for (name, text) in [("managerId", &self.manager_id), ("reason", &self.reason)] {
            if text.trim().is_empty() {
                return Err(Problem::missing(name));
            }
        }
        for (name, text) in [("reason", &self.reason), ("note", &self.note)] {
            if text.chars().count() > LONGEST {
                return Err(Problem::new(&customer::problems::TOO_LONG)
                    .field(name)
                    .with("limit", &LONGEST.to_string()));
            }
        }
        Ok(())
    }
}

/// Who can be put in charge, within one's scope.
pub(crate) async fn candidates(ctx: Ctx) -> Answer {
    let found = ctx.read(|tx| access::with_role(tx, ROLE, 200)).await?;
    let row = |c: &access::Colleague| json!({"id": c.id, "login": c.login, "name": c.name, "org": c.org});
    Ok(Reply::ok(&found.iter().map(row).collect::<Vec<_>>()))
}

pub(crate) async fn change(ctx: Ctx, Path(id): Path<String>, body: Body<Ask>) -> Answer {
    let ask = body.value;
    ask.check()?;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let (entry, handed) = hand_over(tx, &id, &ask)?;
        Ok(Reply::json(201, &json!({"entry": entry, "open": handed})))
    });
    Ok(reply.await?)
}

/// All customers of one manager, in portions: a colleague leaves.
pub(crate) async fn change_all(ctx: Ctx, Path(from): Path<String>, body: Body<Ask>) -> Answer {
    let ask = body.value;
    ask.check()?;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let ids = customer::of_manager(tx, &from, "", AT_ONCE)?;
        for id in &ids {
            hand_over(tx, id, &ask)?;
        }
        let left = !customer::of_manager(tx, &from, "", 1)?.is_empty();
        Ok(Reply::ok(&json!({"handedOver": ids.len(), "more": left})))
    });
    Ok(reply.await?)
}

fn hand_over(tx: &mut Tx<'_>, id: &str, ask: &Ask) -> Result<(String, Value)> {
    let to = access::colleague(tx, &ask.manager_id)?.filter(|c| c.roles.iter().any(|r| r == ROLE));
    let to = to.ok_or_else(|| Problem::unknown_reference("managerId", &ask.manager_id))?;
    let open = open_matters(tx, id)?;
    let handover = Handover {
        to_id: to.id,
        to_name: to.name,
        reason: ask.reason.trim().to_owned(),
        note: ask.note.clone(),
        open: open.clone(),
    };
    Ok((customer::change_manager(tx, id, &handover)?, open))
}

/// What somebody has to go on with, as it stands now.
fn open_matters(tx: &mut Tx<'_>, id: &str) -> Result<Value> {
    let depth =
        Depth { orders: 20, products: 200, bills: 1, payments: 1, tickets: 100, journal: 100, notes: 1, answers: 1 };
    let whole = Whole::load(tx, id, depth)?;
    let running = |t: &&care::Ticket| !matches!(t.status.as_str(), "closed" | "resolved" | "cancelled" | "rejected");
    let orders: Vec<Value> = whole
        .in_transit
        .iter()
        .map(|o| json!({"id": o.id, "orderNo": o.order_no, "state": o.state, "summary": o.summary}))
        .collect();
    let tickets: Vec<Value> = whole
        .tickets
        .iter()
        .filter(running)
        .map(|t| json!({"id": t.id, "ticketNo": t.ticket_no, "name": t.name, "status": t.status}))
        .collect();
    let promised = whole.portrait.journal.iter().filter(|e| e.status == "open");
    let promised: Vec<Value> =
        promised.map(|e| json!({"id": e.id, "kind": e.kind, "topic": e.topic, "due": e.due})).collect();
    let ending =
        whole.agreements.iter().filter(|a| a["ended"] == false && a["daysLeft"].as_i64().is_some_and(|d| d <= 90));
    let ending: Vec<Value> = ending.map(|a| json!({"offering": a["offering"], "end": a["end"]})).collect();
    Ok(json!({
        "orders": orders, "tickets": tickets, "journal": promised, "agreements": ending, "arrearsFen": whole.money.arrears.total,
    }))
}
