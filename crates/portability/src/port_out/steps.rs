//! The step that stands before the closing of a line whose number has left: the central system has to say so itself.

use super::{by_request, worker};
use crate::{
    centre::{self, State as CentreState},
    problems,
};
use flow::{Outcome, StepCtx};
use kernel::Problem;

pub async fn confirm(ctx: StepCtx) -> Outcome {
    let request = ctx.input["requestId"].as_str().unwrap_or("").to_owned();
    let number = ctx.input["number"].as_str().unwrap_or("").to_owned();
    let id = request.clone();
    let known = ctx.app.db().peek(worker(&ctx.org), move |tx| by_request(tx, &id)).await;
    match known {
        Ok(Some(port)) if port.state.left() => {}
        Ok(_) => return Outcome::failed(Problem::new(&problems::REQUEST_UNKNOWN)),
        Err(problem) => return Outcome::failed(problem),
    }
    let asked = match centre::centre(&ctx.app).await {
        Ok(centre) => centre.status(request).await,
        Err(failure) => Err(failure),
    };
    match asked {
        Ok(Some(status)) if status.state == CentreState::Effective => Outcome::done(),
        Ok(Some(status)) => {
            let problem = Problem::new(&problems::STATE).with("from", status.state.text()).with("action", "close");
            Outcome::failed(problem)
        }
        Ok(None) => Outcome::failed(Problem::new(&problems::NUMBER_UNKNOWN).with("number", &number)),
        Err(failure) => {
            let retryable = failure.retryable;
            Outcome::Failed { problem: failure.problem, retryable, uncertain: false }
        }
    }
}
