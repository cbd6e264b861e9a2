//! The do and the undo of every step of an order's saga.

use crate::{
    activation::{self, Verb},
    problems,
};
use billing::CollaborationKind;
use flow::{Outcome, Reconciler, SagaHandlers, StepCtx, StepHandler, saga::Handler};
use inventory::{numbers, ports, products};
use kernel::{Actor, Problem};
use ordering::{Turn, steps};
use serde_json::json;

/// A step of ours ends well within this.
const OWN_SECONDS: u64 = 30;
/// A step towards the network waits longer than the adapter does, so that the adapter's own answer is the one that counts.
const NETWORK_SECONDS: u64 = 20;
/// How often it is looked whether billing has answered, when nobody says so.
const LOOK_SECONDS: i64 = 2;

/// The templates of this build and their handlers.
pub fn sagas() -> Vec<SagaHandlers> {
    let mut order = SagaHandlers {
        kind: ordering::SAGA,
        version: ordering::SAGA_VERSION,
        subject: "productOrder",
        topic: "order",
        changed: steps::changed,
        steps: vec![
            own("begin", |c| Box::pin(begin(c)), None),
            own("assign", |c| Box::pin(assign(c)), Some(|c| Box::pin(unassign(c)))),
            network("activate", |c| Box::pin(tell(c, Verb::Activate)), |c| Box::pin(untell(c, Verb::Activate))),
            network("suspend", |c| Box::pin(tell(c, Verb::Suspend)), |c| Box::pin(untell(c, Verb::Suspend))),
            network("resume", |c| Box::pin(tell(c, Verb::Resume)), |c| Box::pin(untell(c, Verb::Resume))),
            network("deactivate", |c| Box::pin(tell(c, Verb::Deactivate)), |c| Box::pin(untell(c, Verb::Deactivate))),
            own("manual", |c| Box::pin(manual(c)), None),
            own("open-product", |c| Box::pin(open(c)), Some(|c| Box::pin(unopen(c)))),
            own("turn-product", |c| Box::pin(turn(c)), Some(|c| Box::pin(unturn(c)))),
            own("tell-billing", |c| Box::pin(bill(c)), Some(|c| Box::pin(unbill(c)))),
            own("await-billing", |c| Box::pin(billed(c)), None),
            own("complete", |c| Box::pin(complete(c)), None),
            network("change", |c| Box::pin(change(c, false)), |c| Box::pin(change(c, true))),
        ],
    };
    order.steps.extend(ordering::handlers());
    order.steps.extend(portability::handlers());
    vec![order]
}

/// Periodic work of the domains this crate composes.
pub fn reconcilers() -> Vec<Reconciler> {
    let (name, every_seconds) = inventory::EXPIRY;
    let mut all = vec![Reconciler {
        name,
        every_seconds,
        run: |app| Box::pin(async move { app.db().write(Actor::system(), numbers::expire).await.map(drop) }),
    }];
    all.extend(ordering::reconcilers());
    all.extend(portability::reconcilers());
    all
}

fn own(name: &'static str, run: Handler, undo: Option<Handler>) -> StepHandler {
    StepHandler { name, run, undo, seconds: OWN_SECONDS }
}

fn network(name: &'static str, run: Handler, undo: Handler) -> StepHandler {
    StepHandler { name, run, undo: Some(undo), seconds: NETWORK_SECONDS }
}

fn text(ctx: &StepCtx, name: &str) -> String {
    ctx.input[name].as_str().unwrap_or("").to_owned()
}

async fn begin(ctx: StepCtx) -> Outcome {
    Outcome::applied(move |tx| steps::begin(tx, &ctx.subject_id))
}

async fn complete(ctx: StepCtx) -> Outcome {
    Outcome::applied(move |tx| steps::complete(tx, &ctx.subject_id))
}

async fn manual(ctx: StepCtx) -> Outcome {
    Outcome::failed(Problem::new(&ordering::problems::FOREIGN).with("value", &text(&ctx, "offering")))
}

/// Tasks that our own inventory does.
async fn assign(ctx: StepCtx) -> Outcome {
    let (product, task, org) = (text(&ctx, "product"), text(&ctx, "task"), ctx.org.clone());
    match task.as_str() {
        "bind-sim" => Outcome::applied(move |tx| {
            let doc = products::get(tx, &product)?;
            if products::characteristic(&doc.body, "iccid").is_some() {
                return Ok(()); // the clerk put a card in, or an earlier attempt did
            }
            let iccid = format!("898600{:013}", tx.next_in_series("sim-card")?);
            products::set_characteristic(tx, &product, "iccid", json!(iccid))
        }),
        "assign-port" => Outcome::applied(move |tx| {
            if !ports::kept_for(tx, &org)? {
                return Ok(()); // another system keeps this city's ports
            }
            let port = ports::assign(tx, &org, &product)?;
            products::set_characteristic(tx, &product, "accessPort", json!(format!("{} {}", port.device, port.name)))
        }),
        other => Outcome::failed(Problem::new(&problems::TASK_UNKNOWN).with("value", other)),
    }
}

async fn unassign(ctx: StepCtx) -> Outcome {
    let product = text(&ctx, "product");
    Outcome::applied(move |tx| ports::release(tx, &product))
}

async fn tell(ctx: StepCtx, verb: Verb) -> Outcome {
    let key = ctx.key();
    ask_network(ctx, verb, key).await
}

async fn untell(ctx: StepCtx, verb: Verb) -> Outcome {
    let Some(inverse) = verb.inverse() else {
        return Outcome::failed(Problem::new(&problems::NOT_UNDONE).with("target", &ctx.target));
    };
    let key = format!("{}:undo", ctx.key());
    ask_network(ctx, inverse, key).await
}

/// Tells the network what a working product is from now on; taken back, what it was.
async fn change(ctx: StepCtx, back: bool) -> Outcome {
    let key = if back { format!("{}:undo", ctx.key()) } else { ctx.key() };
    ask_network(ctx, Verb::Activate, key).await
}

/// Asks the target's adapter; where an earlier attempt ended without an answer, it first asks whether it took effect.
async fn ask_network(ctx: StepCtx, verb: Verb, key: String) -> Outcome {
    let asked = async {
        let adapter = activation::adapter(&ctx.app, &ctx.target).await?;
        if ctx.uncertain && adapter.query(ctx.target.clone(), key.clone()).await? {
            return Ok(());
        }
        let (product, target) = (text(&ctx, "product"), ctx.target.clone());
        let request =
            ctx.app.db().peek(Actor::system(), move |tx| activation::request(tx, &product, &target, verb, key.clone()));
        adapter.perform(request.await?).await
    };
    match asked.await {
        Ok(()) => Outcome::done(),
        Err(activation::Failure { problem, retryable, uncertain }) => {
            // A query that failed leaves the question as open as it was.
            Outcome::Failed { problem, retryable, uncertain: uncertain || ctx.uncertain }
        }
    }
}

async fn open(ctx: StepCtx) -> Outcome {
    let product = text(&ctx, "product");
    Outcome::applied(move |tx| steps::open_product(tx, &ctx.subject_id, &product))
}

async fn unopen(ctx: StepCtx) -> Outcome {
    let product = text(&ctx, "product");
    Outcome::applied(move |tx| steps::unopen_product(tx, &product))
}

fn turn_of(ctx: &StepCtx) -> Result<Turn, Problem> {
    let verb = text(ctx, "turn");
    Turn::parse(&verb).ok_or_else(|| Problem::new(&problems::TASK_UNKNOWN).with("value", &verb))
}

async fn turn(ctx: StepCtx) -> Outcome {
    let product = text(&ctx, "product");
    match turn_of(&ctx) {
        Ok(turn) => Outcome::applied(move |tx| steps::turn_product(tx, &product, turn)),
        Err(problem) => Outcome::failed(problem),
    }
}

async fn unturn(ctx: StepCtx) -> Outcome {
    let product = text(&ctx, "product");
    match turn_of(&ctx) {
        Ok(turn) => Outcome::applied(move |tx| steps::unturn_product(tx, &product, turn)),
        Err(problem) => Outcome::failed(problem),
    }
}

fn fact(ctx: &StepCtx) -> CollaborationKind {
    match ctx.input["fact"].as_str() {
        Some("stop") => CollaborationKind::Stop,
        Some("suspend") => CollaborationKind::Suspend,
        Some("resume") => CollaborationKind::Resume,
        _ => CollaborationKind::Start,
    }
}

async fn bill(ctx: StepCtx) -> Outcome {
    let fact = fact(&ctx);
    Outcome::applied(move |tx| steps::tell_billing(tx, &ctx.subject_id, fact))
}

async fn unbill(ctx: StepCtx) -> Outcome {
    Outcome::applied(move |tx| steps::take_facts_back(tx, &ctx.subject_id))
}

async fn billed(ctx: StepCtx) -> Outcome {
    let order = ctx.subject_id.clone();
    let until = ctx.app.db().env().now().plus_seconds(LOOK_SECONDS);
    match ctx.app.db().read(Actor::system_at(ctx.org.clone()), move |tx| steps::billing_answered(tx, &order)).await {
        Ok(true) => Outcome::done(),
        Ok(false) => Outcome::Waiting { until },
        Err(problem) => Outcome::failed(problem),
    }
}
