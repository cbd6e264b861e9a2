//! The do and the undo of the steps that businesses add to an order's saga.

use super::{effects, effects::Stage};
use crate::steps;
use flow::{Outcome, StepCtx, StepHandler};

/// A step of ours ends well within this.
const SECONDS: u64 = 30;

pub fn handlers() -> Vec<StepHandler> {
    vec![
        StepHandler {
            name: "change-records",
            run: |c| Box::pin(change(c)),
            undo: Some(|c| Box::pin(unchange(c))),
            seconds: SECONDS,
        },
        StepHandler {
            name: "tell-facts",
            run: |c| Box::pin(tell(c)),
            undo: Some(|c| Box::pin(untell(c))),
            seconds: SECONDS,
        },
    ]
}

fn stage(ctx: &StepCtx) -> Stage {
    if ctx.input["stage"] == "first" { Stage::First } else { Stage::Main }
}

async fn change(ctx: StepCtx) -> Outcome {
    Outcome::applied(move |tx| effects::perform(tx, &ctx.subject_id, stage(&ctx)))
}

async fn unchange(ctx: StepCtx) -> Outcome {
    Outcome::applied(move |tx| effects::undo(tx, &ctx.subject_id, stage(&ctx)))
}

async fn tell(ctx: StepCtx) -> Outcome {
    Outcome::applied(move |tx| steps::tell_facts(tx, &ctx.subject_id))
}

async fn untell(ctx: StepCtx) -> Outcome {
    Outcome::applied(move |tx| steps::take_facts_back(tx, &ctx.subject_id))
}
