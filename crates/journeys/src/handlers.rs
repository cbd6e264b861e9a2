//! The do and the undo of every step of an order's saga.

use crate::{inventory_steps, problems};
use billing::CollaborationKind;
use flow::{Outcome, Reconciler, SagaHandlers, StepCtx, StepHandler, saga::Handler};
use inventory::numbers;
use kernel::{Actor, Problem};
use ordering::{Turn, steps};

/// A step of ours ends well within this.
const OWN_SECONDS: u64 = 30;
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
            own("assign", |c| Box::pin(inventory_steps::assign(c)), Some(|c| Box::pin(inventory_steps::unassign(c)))),
            own("release", |c| Box::pin(inventory_steps::release(c)), Some(|c| Box::pin(inventory_steps::keep(c)))),
            own("manual", |c| Box::pin(manual(c)), None),
            own("open-product", |c| Box::pin(open(c)), Some(|c| Box::pin(unopen(c)))),
            own("turn-product", |c| Box::pin(turn(c)), Some(|c| Box::pin(unturn(c)))),
            own("tell-billing", |c| Box::pin(bill(c)), Some(|c| Box::pin(unbill(c)))),
            own("await-billing", |c| Box::pin(billed(c)), None),
            own("complete", |c| Box::pin(complete(c)), None),
        ],
    };
    order.steps.extend(activation::handlers());
    order.steps.extend(ordering::handlers());
    order.steps.extend(portability::handlers());
    vec![order, activation::saga()]
}

/// Jobs of the domains this crate composes.
pub fn jobs() -> Vec<flow::JobHandler> {
    portability::jobs()
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

pub fn text(ctx: &StepCtx, name: &str) -> String {
    ctx.input[name].as_str().unwrap_or("").to_owned()
}

/// A sale that takes effect later waits for its day.
async fn begin(ctx: StepCtx) -> Outcome {
    let order = ctx.subject_id.clone();
    match ctx.app.db().read(Actor::system_at(ctx.org.clone()), move |tx| ordering::booked_for(tx, &order)).await {
        Ok(Some(until)) => return Outcome::Waiting { until },
        Ok(None) => {}
        Err(problem) => return Outcome::failed(problem),
    }
    Outcome::applied(move |tx| steps::begin(tx, &ctx.subject_id))
}

async fn complete(ctx: StepCtx) -> Outcome {
    Outcome::applied(move |tx| steps::complete(tx, &ctx.subject_id))
}

async fn manual(ctx: StepCtx) -> Outcome {
    Outcome::failed(Problem::new(&ordering::problems::FOREIGN).with("value", &text(&ctx, "offering")))
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
