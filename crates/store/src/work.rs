//! A closure on its way to a store thread and its answer on the way back.

use crate::Tx;
use kernel::{Actor, Problem, Result};
use std::panic::{AssertUnwindSafe, catch_unwind};
use tokio::sync::oneshot;

/// One operation: run in a transaction (again, if the engine asks), answered once its fate is known.
pub(crate) trait Work: Send {
    fn actor(&self) -> &Actor;
    /// It wants a transaction of its own: it is large, and nobody should wait for it or lose by it.
    fn alone(&self) -> bool;
    /// Runs the closure. `false`: it failed, and what it wrote must be undone.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;
    /// Answers the caller: with the closure's own result, or with why the transaction did not stand.
    fn finish(self: Box<Self>, committed: Result<()>);
}

pub(crate) struct Typed<F, R> {
    pub actor: Actor,
    pub alone: bool,
    pub operation: F,
    pub outcome: Option<Result<R>>,
    pub reply: oneshot::Sender<Result<R>>,
}

impl<F, R> Work for Typed<F, R>
where
    F: FnMut(&mut Tx<'_>) -> Result<R> + Send,
    R: Send,
{
    fn actor(&self) -> &Actor {
        &self.actor
    }
    fn alone(&self) -> bool {
        self.alone
    }
    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        let operation = &mut self.operation;
        let result = catch_unwind(AssertUnwindSafe(|| operation(tx))).unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
            Err(Problem::internal(format!("panic in a transaction: {}", text.unwrap_or("?"))))
        });
        let ok = result.is_ok();
        self.outcome = Some(result);
        ok
    }
    fn finish(self: Box<Self>, committed: Result<()>) {
        let answer = match (self.outcome, committed) {
            (Some(Err(problem)), _) | (_, Err(problem)) => Err(problem),
            (Some(Ok(value)), Ok(())) => Ok(value),
            (None, Ok(())) => Err(Problem::internal("committed without running")),
        };
        let _ = self.reply.send(answer); // the caller may have gone away; the change stands all the same
    }
}
