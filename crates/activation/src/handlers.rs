//! The do and the undo of the steps that the network and people do.

use crate::{
    adapter::{self, Failure, Request, Verb, Wish},
    message::{self, Purpose, decide, decide::Turn, make},
    route, shared, work,
};
use flow::{Outcome, StepCtx, StepHandler, saga::Handler};
use inventory::products;
use kernel::{Actor, Result};
use store::Tx;

/// A step towards the network waits longer than the adapter does, so that the adapter's own answer is the one that counts.
const NETWORK_SECONDS: u64 = 20;
/// Looks again so soon where something of ours has to be done first.
const SOON: i64 = 1;

/// The handlers of this crate, for the template of an order.
pub fn handlers() -> Vec<StepHandler> {
    vec![
        network("activate", |c| Box::pin(tell(c, Verb::Activate, false)), |c| Box::pin(tell(c, Verb::Activate, true))),
        network(
            "deactivate",
            |c| Box::pin(tell(c, Verb::Deactivate, false)),
            |c| Box::pin(tell(c, Verb::Deactivate, true)),
        ),
        network("change", |c| Box::pin(tell(c, Verb::Change, false)), |c| Box::pin(tell(c, Verb::Change, true))),
        network("suspend", |c| Box::pin(tell(c, Verb::Suspend, false)), |c| Box::pin(tell(c, Verb::Suspend, true))),
        network("resume", |c| Box::pin(tell(c, Verb::Resume, false)), |c| Box::pin(tell(c, Verb::Resume, true))),
        network("work", |c| Box::pin(work::ask(c)), |c| Box::pin(work::withdraw(c))),
    ]
}

fn network(name: &'static str, run: Handler, undo: Handler) -> StepHandler {
    StepHandler { name, run, undo: Some(undo), seconds: NETWORK_SECONDS }
}

/// Which way a step goes.
enum Way {
    /// One task by itself.
    Task {
        adapter: String,
        request: Box<Request>,
        thing: Option<shared::Thing>,
    },
    /// Nothing to tell: others use the thing still, or nothing was ever told.
    Nothing,
    Wait,
    Message(Turn),
}

async fn tell(ctx: StepCtx, verb: Verb, undo: bool) -> Outcome {
    let wish = Wish { target: ctx.target.clone(), verb, undo, input: ctx.input.clone() };
    let actor = Actor::system_at(ctx.org.clone());
    let (looking, wanted) = (ctx.clone(), wish.clone());
    // Most steps go to an adapter that is told each task and share nothing: looking is enough for them.
    let simple = ctx.app.db().peek(Actor::system(), move |tx| simple(tx, &looking, &wanted)).await;
    let way = match simple {
        Ok(Some(way)) => Ok(way),
        Ok(None) => {
            let (deciding, wanted) = (ctx.clone(), wish.clone());
            ctx.app.db().write(actor, move |tx| decide(tx, &deciding, &wanted)).await
        }
        Err(problem) => Err(problem),
    };
    match way {
        Ok(Way::Task { adapter, request, thing }) => task(ctx, &adapter, *request, thing, wish).await,
        Ok(Way::Nothing) | Ok(Way::Message(Turn::Done)) => Outcome::done(),
        Ok(Way::Wait) => Outcome::Waiting { until: ctx.app.db().env().now().plus_seconds(SOON) },
        Ok(Way::Message(Turn::Wait(until))) => Outcome::Waiting { until },
        Ok(Way::Message(Turn::Failed(problem))) => Outcome::Failed { problem, retryable: false, uncertain: false },
        Err(problem) => {
            let retryable = problem.code.status >= 500 || problem.is(&kernel::codes::CONFLICT);
            Outcome::Failed { problem, retryable, uncertain: ctx.uncertain }
        }
    }
}

fn key(ctx: &StepCtx, wish: &Wish) -> String {
    if wish.undo { format!("{}:undo", ctx.key()) } else { ctx.key() }
}

fn simple(tx: &mut Tx<'_>, ctx: &StepCtx, wish: &Wish) -> Result<Option<Way>> {
    if !wish.input["shared"].is_null() || message::of_step(tx, &ctx.saga_id, ctx.step, Purpose::Order)?.is_some() {
        return Ok(None);
    }
    let family = products::get(tx, wish.product())?.text("family").to_owned();
    let adapter = route::resolve(tx, &wish.target, &ctx.org, &family)?;
    if route::takes_messages(&adapter) {
        return Ok(None);
    }
    let request = Box::new(adapter::request(tx, wish, key(ctx, wish))?);
    Ok(Some(Way::Task { adapter, request, thing: None }))
}

fn decide(tx: &mut Tx<'_>, ctx: &StepCtx, wish: &Wish) -> Result<Way> {
    // Steps of one order decide one after the other, so that they find the message that the first of them made.
    let saga = flow::saga::lock(tx, &ctx.saga_id)?;
    if let Some(id) = message::of_step(tx, &saga.id, ctx.step, Purpose::Order)? {
        let turn = if wish.undo {
            decide::backward(tx, &saga, ctx.step, &id)
        } else {
            decide::forward(tx, &saga, ctx.step, &id)
        };
        return turn.map(Way::Message);
    }
    let adapter = make::system_of(tx, &saga, wish)?;
    if route::takes_messages(&adapter) {
        if wish.undo {
            // It was done by an adapter that is told each task, before the route was changed: that one takes it back.
            return match told_by(ctx) {
                Some(adapter) => by_task(tx, ctx, wish, &adapter),
                None => Ok(Way::Nothing),
            };
        }
        return Ok(match make::for_step(tx, &saga, ctx.step, &adapter)? {
            Some(id) => Way::Message(decide::forward(tx, &saga, ctx.step, &id)?),
            None => Way::Wait,
        });
    }
    by_task(tx, ctx, wish, &adapter)
}

/// The adapter that did the step; none where it only ever waited for its message.
fn told_by(ctx: &StepCtx) -> Option<String> {
    ctx.outputs.get(ctx.step)?["adapter"].as_str().map(str::to_owned)
}

fn by_task(tx: &mut Tx<'_>, ctx: &StepCtx, wish: &Wish, adapter: &str) -> Result<Way> {
    let told = adapter::told(tx, wish)?;
    if let Some(thing) = &told.shared {
        match wish.asked() {
            Verb::Activate if !shared::join(tx, thing, wish.product())? => return Ok(Way::Wait),
            Verb::Deactivate if shared::leave(tx, thing, wish.product())? == shared::Left::InUse => {
                return Ok(Way::Nothing);
            }
            _ => {}
        }
    }
    let request = Box::new(adapter::request(tx, wish, key(ctx, wish))?);
    Ok(Way::Task { adapter: adapter.to_owned(), request, thing: told.shared })
}

/// Asks an adapter; where an earlier attempt ended without an answer, it first asks whether it took effect.
async fn task(ctx: StepCtx, name: &str, request: Request, thing: Option<shared::Thing>, wish: Wish) -> Outcome {
    let asked = async {
        let adapter = adapter::adapter(&ctx.app, name).await?;
        if ctx.uncertain && adapter.query(request.target.clone(), request.key.clone()).await? {
            return Ok(());
        }
        adapter.perform(request).await
    };
    match asked.await {
        Ok(()) => {
            let leaving = thing.filter(|_| wish.asked() == Verb::Deactivate);
            let output = serde_json::json!({"adapter": name});
            let apply: Option<flow::Apply> = leaving.map(|thing| {
                let product = wish.product().to_owned();
                let gone: flow::Apply = Box::new(move |tx: &mut Tx<'_>| shared::gone(tx, &thing, &product));
                gone
            });
            Outcome::Done { output, apply }
        }
        Err(Failure { problem, retryable, uncertain }) => {
            // A query that failed leaves the question as open as it was.
            Outcome::Failed { problem, retryable, uncertain: uncertain || ctx.uncertain }
        }
    }
}
