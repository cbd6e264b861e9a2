//! Tasks that our own inventory does: cards, ports, devices.

use crate::{handlers::text, problems};
use flow::{Outcome, StepCtx};
use inventory::{
    ports,
    products::{self, characteristic},
    sims,
};
use kernel::{Problem, Result};
use serde_json::{Value, json};
use store::Tx;

/// Takes from the inventory what the product needs.
pub async fn assign(ctx: StepCtx) -> Outcome {
    let (product, task) = (text(&ctx, "product"), text(&ctx, "task"));
    match task.as_str() {
        "bind-sim" => Outcome::applied(move |tx| bind_sim(tx, &ctx, &product)),
        "assign-port" => Outcome::applied(move |tx| {
            if !ports::kept_for(tx, &ctx.org)? {
                return Ok(()); // another system keeps this city's ports
            }
            let port = ports::assign(tx, &ctx.org, &product)?;
            products::set_characteristic(tx, &product, "accessPort", json!(format!("{} {}", port.device, port.name)))
        }),
        "hand-over-device" => {
            Outcome::applied(move |tx| products::set_characteristic(tx, &product, "handedOverAt", json!(tx.now())))
        }
        other => Outcome::failed(Problem::new(&problems::TASK_UNKNOWN).with("value", other)),
    }
}

/// The card the clerk put in, the reserved one, or one of the hall's.
fn bind_sim(tx: &mut Tx<'_>, ctx: &StepCtx, product: &str) -> Result<()> {
    let doc = products::get(tx, product)?;
    let given = characteristic(&doc.body, "iccid");
    let bound = sims::bind(tx, given.as_deref(), &ctx.org, &ctx.subject_id, product)?;
    if given.is_some() {
        return Ok(()); // as given, or an earlier attempt's
    }
    products::set_characteristic(tx, product, "iccid", json!(bound))
}

pub async fn unassign(ctx: StepCtx) -> Outcome {
    let product = text(&ctx, "product");
    match text(&ctx, "task").as_str() {
        "bind-sim" => Outcome::applied(move |tx| sims::unbind(tx, &product)),
        "hand-over-device" => {
            Outcome::applied(move |tx| products::set_characteristic(tx, &product, "handedOverAt", Value::Null))
        }
        _ => Outcome::applied(move |tx| ports::release(tx, &product)),
    }
}

/// What a line that is taken away will give back: nobody else gets it before the line is gone.
pub async fn release(ctx: StepCtx) -> Outcome {
    let product = text(&ctx, "product");
    Outcome::applied(move |tx| ports::pre_release(tx, &product))
}

/// Takes [`release`] back.
pub async fn keep(ctx: StepCtx) -> Outcome {
    let product = text(&ctx, "product");
    Outcome::applied(move |tx| ports::keep(tx, &product))
}
