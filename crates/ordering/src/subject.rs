//! Who buys, as the catalogue's rules see them.

use catalog::{Family, Held, Subject};
use inventory::products;
use kernel::{Actor, ActorKind, Problem, Result};
use serde_json::{Value, json};
use store::Tx;

/// The customer with what is held, for [`catalog::why_not`]: sold through the channel of whoever acts.
pub fn subject(tx: &mut Tx<'_>, customer_id: &str) -> Result<Subject> {
    let customer = customer::summary(tx, customer_id)?;
    let held = products::of_customer(tx, customer_id)?
        .iter()
        .filter(|p| matches!(p.text("status"), "active" | "suspended" | "pendingActive"))
        .filter_map(|p| {
            Some(Held {
                product_id: p.id.clone(),
                offering_id: p.body.get("productOffering")?["id"].as_str()?.to_owned(),
                family: Family::parse(p.text("family")).ok()?,
                bundle: crate::business::bundle_of(p).map(|b| b.offering_id),
            })
        })
        .collect();
    Ok(Subject {
        customer_id: customer.id,
        kind: customer.kind,
        grade: customer.grade,
        org: customer.org,
        channel: channel(tx.actor()).to_owned(),
        age: customer::age_of(tx, customer_id)?,
        held,
        at: tx.now(),
    })
}

/// The channel an actor sells through: staff by their role, machines as they say in `X-Channel`, else
/// as `api`.
pub fn channel(actor: &Actor) -> &'static str {
    match actor.kind {
        ActorKind::Token => named(actor).unwrap_or("api"),
        ActorKind::System => "api",
        ActorKind::Staff if actor.has_role("agent") => "hotline",
        ActorKind::Staff if actor.has_role("manager") => "manager",
        ActorKind::Staff => "hall",
    }
}

/// The channel that a machine names (`X-Channel`), where there is such a one.
fn named(actor: &Actor) -> Option<&'static str> {
    let channel = actor.channel.as_deref()?;
    catalog::CHANNELS.into_iter().find(|c| *c == channel)
}

/// What an order says of its channel. A machine that names one we do not have is told so.
pub fn order_channel(actor: &Actor) -> Result<Value> {
    if let Some(channel) = actor.channel.as_deref()
        && named(actor).is_none()
    {
        return Err(Problem::invalid("X-Channel", &catalog::CHANNELS.join(" | ")).with("value", channel));
    }
    let channel = channel(actor);
    Ok(json!([{"id": channel, "name": channel, "@type": "RelatedChannel"}]))
}
