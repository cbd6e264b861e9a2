//! The steps of an order that bring a number in: `port-request` asks the central system, `port-await` waits until the number
//! is ours. Activation comes after them, so that a line is never opened on a number that still serves elsewhere.

use super::{New, PortIn, lock_step, of_product, of_step, prepare, worker};
use crate::{
    centre::{self, Centre, Failure, State as CentreState, Status, Submission},
    digest, problems, setting,
    setting::joined,
    state::{InEvent, InState},
};
use flow::{Outcome, StepCtx};
use kernel::{Problem, Result};
use std::sync::Arc;

fn text(ctx: &StepCtx, name: &str) -> String {
    ctx.input[name].as_str().unwrap_or("").to_owned()
}

fn failed(failure: Failure, ctx: &StepCtx) -> Outcome {
    let Failure { problem, retryable, uncertain } = failure;
    Outcome::Failed { problem, retryable, uncertain: uncertain || ctx.uncertain }
}

/// Writes down what the central system answered; returns the record as it is then.
async fn taken(ctx: &StepCtx, step_key: &str, status: Status) -> Result<PortIn> {
    let (key, actor) = (step_key.to_owned(), worker(&ctx.org));
    ctx.app
        .db()
        .write(actor, move |tx| {
            let mut port = lock_step(tx, &key)?.ok_or_else(Problem::not_found)?;
            port.follow(tx, &status)?;
            Ok(port)
        })
        .await
}

fn refused(port: &PortIn) -> Problem {
    Problem::new(&problems::REFUSED).with("number", &port.number).with("reasons", &joined(&port.reasons))
}

/// What the record says about going on: `None` while the number is being waited for.
fn verdict(port: &PortIn) -> Option<Result<(), Problem>> {
    match port.state {
        InState::Effective => Some(Ok(())),
        InState::Refused => Some(Err(refused(port))),
        InState::Cancelled | InState::Returned => {
            Some(Err(Problem::new(&problems::CANCELLED).with("number", &port.number)))
        }
        InState::Prepared | InState::Requested | InState::Accepted => None,
    }
}

pub async fn request(ctx: StepCtx) -> Outcome {
    match requested(&ctx).await {
        Ok(port) => match port.state {
            InState::Refused => Outcome::failed(refused(&port)),
            InState::Cancelled | InState::Returned => {
                Outcome::failed(Problem::new(&problems::CANCELLED).with("number", &port.number))
            }
            InState::Prepared | InState::Requested | InState::Accepted | InState::Effective => Outcome::done(),
        },
        Err(failure) => failed(failure, &ctx),
    }
}

async fn requested(ctx: &StepCtx) -> Result<PortIn, Failure> {
    let (number, sealed, donor, product) =
        (text(ctx, "number"), text(ctx, "portInSealed"), text(ctx, "donor"), text(ctx, "product"));
    let (key, order, org) = (ctx.key(), ctx.subject_id.clone(), ctx.org.clone());
    let port = ctx
        .app
        .db()
        .write(worker(&ctx.org), move |tx| {
            let new = New {
                step_key: &key,
                order_id: &order,
                product_id: &product,
                org: &org,
                number: &number,
                donor: &donor,
                sealed: &sealed,
            };
            prepare(tx, &new)
        })
        .await?;
    if port.state != InState::Prepared {
        return Ok(port); // an earlier attempt, or a notice, has seen the answer
    }
    submitted(ctx, port).await
}

/// Puts a prepared request to the central system.
async fn submitted(ctx: &StepCtx, port: PortIn) -> Result<PortIn, Failure> {
    let key = port.step_key.clone();
    let submission = ctx
        .app
        .db()
        .peek(worker(&ctx.org), move |tx| {
            Ok(Submission {
                request_id: port.request_id(),
                number: port.number.clone(),
                recipient: setting::own(tx)?,
                network: crate::network_of(&port.org).to_owned(),
                code_digest: digest::code(&port.number, &port.code(tx)?),
                certificate_digest: port.certificate_digest.clone(),
            })
        })
        .await?;
    let centre = centre::centre(&ctx.app).await?;
    // An attempt without an answer may have been taken: asked about first. (The id would keep it single all the same.)
    let known = if ctx.uncertain { centre.status(submission.request_id.clone()).await? } else { None };
    let status = match known {
        Some(status) => status,
        None => centre.submit(submission).await?,
    };
    Ok(taken(ctx, &key, status).await?)
}

/// Takes the request back. Idempotent; one that never arrived is kept from arriving late.
pub async fn unrequest(ctx: StepCtx) -> Outcome {
    match withdrawn(&ctx).await {
        Ok(()) => Outcome::done(),
        Err(failure) => failed(failure, &ctx),
    }
}

async fn withdrawn(ctx: &StepCtx) -> Result<(), Failure> {
    let key = ctx.key();
    let found = ctx.app.db().peek(worker(&ctx.org), move |tx| of_step(tx, &key)).await?;
    let Some(port) = found else { return Ok(()) }; // it never began
    if !port.state.live() {
        return Ok(());
    }
    let centre = centre::centre(&ctx.app).await?;
    let status = cancelled(&centre, &port).await?;
    let port = taken(ctx, &ctx.key(), status).await?;
    if port.state == InState::Effective {
        return Err(Problem::new(&problems::EFFECTIVE).with("number", &port.number).into());
    }
    let key = ctx.key();
    let done = ctx.app.db().write(worker(&ctx.org), move |tx| {
        let mut port = lock_step(tx, &key)?.ok_or_else(Problem::not_found)?;
        if port.state.live() { port.happen(tx, InEvent::Cancel) } else { Ok(()) }
    });
    Ok(done.await?)
}

async fn cancelled(centre: &Arc<dyn Centre>, port: &PortIn) -> Result<Status, Failure> {
    let status = centre.cancel(port.request_id(), port.number.clone()).await?;
    Ok(status)
}

pub async fn wait(ctx: StepCtx) -> Outcome {
    match waited(&ctx).await {
        Ok(outcome) => outcome,
        Err(failure) => failed(failure, &ctx),
    }
}

async fn waited(ctx: &StepCtx) -> Result<Outcome, Failure> {
    let product = text(ctx, "product");
    let (port, poll, donor_minutes, grace) = ctx
        .app
        .db()
        .peek(worker(&ctx.org), move |tx| {
            let port = of_product(tx, &product)?.ok_or_else(Problem::not_found)?;
            let (poll, minutes) = (setting::POLL_SECONDS.get(tx)?, setting::DONOR_MINUTES.get(tx)?);
            Ok((port, poll, minutes, setting::GRACE_SECONDS.get(tx)?))
        })
        .await?;
    if let Some(verdict) = verdict(&port) {
        return Ok(verdict.map_or_else(Outcome::failed, |()| Outcome::done()));
    }
    // The donor refused and there is a new code: the request is made again from here.
    let port = if port.state == InState::Prepared { submitted(ctx, port).await? } else { port };
    // A notice may never come: the central system is asked as well.
    let asked = match centre::centre(&ctx.app).await {
        Ok(centre) => centre.status(port.request_id()).await,
        Err(failure) => Err(failure),
    };
    let now = ctx.app.db().env().now();
    let later = now.plus_seconds(poll);
    let port = match asked {
        Ok(Some(status)) => taken(ctx, &port.step_key, status).await?,
        Ok(None) | Err(_) => port, // it is asked again; the deadline below counts
    };
    if let Some(verdict) = verdict(&port) {
        return Ok(verdict.map_or_else(Outcome::failed, |()| Outcome::done()));
    }
    let since = port.effective_at.map_or(port.requested_at.unwrap_or(port.created_at), |at| at.plus_seconds(grace));
    if now.seconds_since(since) >= donor_minutes * 60 {
        let problem = Problem::new(&problems::DONOR_SILENT).with("minutes", &donor_minutes.to_string());
        let problem = problem.with("number", &port.number);
        return Ok(Outcome::Failed { problem, retryable: false, uncertain: true });
    }
    let until = port.effective_at.filter(|at| *at > now).unwrap_or(later);
    Ok(Outcome::Waiting { until })
}

/// Nothing to undo before the port takes effect; after that only returning the number undoes it, which a person decides.
pub async fn unwait(ctx: StepCtx) -> Outcome {
    let product = text(&ctx, "product");
    let found = ctx.app.db().peek(worker(&ctx.org), move |tx| of_product(tx, &product)).await;
    let port = match found {
        Ok(Some(port)) => port,
        Ok(None) => return Outcome::done(),
        Err(problem) => return Outcome::failed(problem),
    };
    if !port.state.live() {
        return Outcome::done();
    }
    let asked = match centre::centre(&ctx.app).await {
        Ok(centre) => centre.status(port.request_id()).await,
        Err(failure) => Err(failure),
    };
    match asked {
        Ok(Some(status)) if status.state == CentreState::Effective => {
            if let Err(problem) = taken(&ctx, &port.step_key, status).await {
                return Outcome::failed(problem);
            }
            Outcome::failed(Problem::new(&problems::EFFECTIVE).with("number", &port.number))
        }
        Ok(_) if port.state == InState::Effective => {
            Outcome::failed(Problem::new(&problems::EFFECTIVE).with("number", &port.number))
        }
        Ok(_) => Outcome::done(),
        Err(failure) => failed(failure, &ctx),
    }
}
