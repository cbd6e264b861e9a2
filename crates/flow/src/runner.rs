//! The runner: takes what is due, keeps the number of sagas and jobs under way bounded, and is woken by commits.
//!
//! A saga is worked by one runner at a time (a lease with a token); its ready steps run side by side. Booking a step's
//! result and taking what it made ready is one transaction, so a step costs one commit.

use crate::{
    StepCtx, jobs,
    plan::Ending,
    problems, reconcile,
    saga::{self, Outcome, Saga},
};
use http::App;
use kernel::{Actor, Problem, Result, Timestamp};
use serde_json::Value;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use store::{Engine, Tx, params, sql};
use tokio::{sync::Semaphore, task::JoinSet};

/// Sagas and jobs under way at once in this process.
const CONCURRENCY: usize = 32;
const LEASE_SECONDS: i64 = 30;
/// Looks at the queue this often even when nobody pokes: another process may have made something due.
const POLL: Duration = Duration::from_secs(2);

sql! {
    DUE = "SELECT id FROM saga WHERE due <= $1 AND lease_until <= $1 ORDER BY due, id LIMIT $2 {skip_locked}";
    LEASE = "UPDATE saga SET lease = $2, lease_until = $3 WHERE id = $1";
    EXTEND = "UPDATE saga SET lease_until = $3 WHERE id = $1 AND lease = $2";
    /// Only what is under way has both.
    RELEASE_ALL = "UPDATE saga SET lease_until = 0 WHERE due IS NOT NULL AND lease_until > 0";
    RELEASE = "UPDATE saga SET lease = NULL, lease_until = 0 WHERE id = $1";
    NEXT = "SELECT MIN(due) FROM saga WHERE due IS NOT NULL AND lease_until <= $1";
}

/// Set once this process runs sagas of a database.
#[derive(Default)]
struct Started(AtomicBool);

/// The embedded database belongs to one process at a time: whatever was under way when this one began is nobody's, and need
/// not wait for its lease to run out.
async fn take_over(app: &App) -> Result<()> {
    let first = !app.db().memory::<Started>().0.swap(true, Ordering::AcqRel);
    if first && app.db().engine() == Engine::Sqlite {
        app.db().write(Actor::system(), |tx| tx.execute(&RELEASE_ALL, params![])).await?;
    }
    Ok(())
}

/// Runs for as long as the server does.
pub(crate) async fn run(app: App) {
    if let Err(problem) = take_over(&app).await {
        tracing::error!(%problem, "what an earlier process left has to wait for its lease");
    }
    let slots = Arc::new(Semaphore::new(CONCURRENCY));
    while let Err(problem) = reconcile::register(&app).await {
        if app.is_stopping() {
            return;
        }
        tracing::error!(%problem, "reconcilers could not be registered");
        tokio::time::sleep(POLL).await;
    }
    let periodic = tokio::spawn({
        let app = app.clone();
        async move {
            loop {
                if let Err(problem) = reconcile::run_due(&app).await {
                    tracing::error!(%problem, "reconcilers could not be run");
                }
                tokio::time::sleep(POLL).await;
            }
        }
    });
    let _stop = StopOnDrop(periodic);
    loop {
        let next = match start_due(&app, &slots).await {
            Ok(next) => next,
            Err(problem) => {
                tracing::error!(%problem, "the queue could not be read");
                None
            }
        };
        // Nothing is due now (or all slots are taken): until something is, somebody pokes, or a slot gets free.
        let now = app.db().env().now();
        let pause =
            next.map_or(POLL, |at| Duration::from_micros((at.micros() - now.micros()).max(1_000) as u64).min(POLL));
        let full = slots.available_permits() == 0;
        tokio::select! {
            () = app.stopped() => break,
            () = app.db().poked(), if !full => {}
            permit = slots.acquire(), if full => drop(permit),
            () = tokio::time::sleep(pause), if !full => {}
        }
    }
    // What is under way is booked before the store closes; anything slower is taken up after the next start.
    let _ = tokio::time::timeout(Duration::from_secs(5), slots.acquire_many(CONCURRENCY as u32)).await;
}

struct StopOnDrop(tokio::task::JoinHandle<()>);
impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Starts as much of what is due as there are slots; returns when the next thing is due.
async fn start_due(app: &App, slots: &Arc<Semaphore>) -> Result<Option<Timestamp>> {
    loop {
        let free = slots.available_permits();
        if free == 0 {
            return Ok(None);
        }
        // Looking is cheap and disturbs nobody; only what is found is taken, in a write.
        let (any, next) = app.db().peek(Actor::system(), look).await?;
        if !any {
            return Ok(next);
        }
        let (sagas, taken) = take(app, free).await?;
        for work in sagas {
            let slot = slots.clone().acquire_owned().await.map_err(Problem::internal)?;
            let app = app.clone();
            tokio::spawn(async move {
                work_on(app, work).await;
                drop(slot);
            });
        }
        for job in taken {
            let slot = slots.clone().acquire_owned().await.map_err(Problem::internal)?;
            let app = app.clone();
            tokio::spawn(async move {
                jobs::run(app, job).await;
                drop(slot);
            });
        }
    }
}

/// Whether anything is due, and otherwise when.
fn look(tx: &mut Tx<'_>) -> Result<(bool, Option<Timestamp>)> {
    let now = tx.now();
    let sagas = tx.query_one(&NEXT, params![now])?.opt_time(0);
    let next = sagas.into_iter().chain(jobs::next_due(tx)?).min();
    Ok((next.is_some_and(|at| at <= now), next))
}

/// One pass over everything that is due now, waiting for its end; returns how much there was: for tests and commands.
pub async fn round(app: &App) -> Result<usize> {
    reconcile::register(app).await?;
    let reconciled = reconcile::run_due(app).await?;
    if !app.db().peek(Actor::system(), look).await?.0 {
        return Ok(reconciled);
    }
    let (sagas, taken) = take(app, CONCURRENCY).await?;
    let ran = reconciled + sagas.len() + taken.len();
    let mut under_way = JoinSet::new();
    for work in sagas {
        under_way.spawn(work_on(app.clone(), work));
    }
    for job in taken {
        under_way.spawn(jobs::run(app.clone(), job));
    }
    while under_way.join_next().await.is_some() {}
    Ok(ran)
}

async fn take(app: &App, most: usize) -> Result<(Vec<Work>, Vec<jobs::Taken>)> {
    app.db().write(Actor::system(), move |tx| Ok((take_sagas(tx, most)?, jobs::take(tx, most as i64)?))).await
}

/// A saga with the steps that were just marked as running.
struct Work {
    saga: Saga,
    lease: String,
    steps: Vec<usize>,
}

fn take_sagas(tx: &mut Tx<'_>, most: usize) -> Result<Vec<Work>> {
    let now = tx.now();
    let rows = tx.query(&DUE, params![now, most])?;
    let mut taken = Vec::with_capacity(rows.len());
    for row in &rows {
        let id = row.str(0);
        let mut saga = match saga::lock(tx, id) {
            Ok(saga) => saga,
            Err(problem) if problem.is(&problems::SAGA_BROKEN) => {
                tracing::error!(saga = id, %problem, "a saga cannot be read; it is set aside");
                saga::set_aside(tx, id, &problem)?;
                continue;
            }
            Err(problem) => return Err(problem),
        };
        let before = saga.plan.clone();
        if saga.lease.is_some() {
            saga.plan.recover(); // its process died
        }
        let lease = tx.env().random_hex(8);
        let steps = saga.plan.take(now);
        tx.execute(&LEASE, params![id, lease, now.plus_seconds(LEASE_SECONDS)])?;
        saga::save(tx, &mut saga, &before)?;
        taken.push(Work { saga, lease, steps });
    }
    Ok(taken)
}

/// Works on one saga until nothing of it can go on now.
async fn work_on(app: App, work: Work) {
    let Work { mut saga, lease, steps } = work;
    let mut under_way = JoinSet::new();
    let launch = |saga: &Saga, steps: Vec<usize>, set: &mut JoinSet<(usize, Outcome)>| {
        for step in steps {
            set.spawn(attempt(app.clone(), saga.clone(), step));
        }
    };
    launch(&saga, steps, &mut under_way);
    if under_way.is_empty() {
        let (id, lease) = (saga.id.clone(), lease.clone());
        let _ = app.db().write(Actor::system(), move |tx| book(tx, &id, &lease, None, None, true)).await; // the lease ends by itself
        return;
    }
    loop {
        let ended = tokio::select! {
            ended = under_way.join_next() => ended,
            () = tokio::time::sleep(Duration::from_secs(LEASE_SECONDS as u64 / 3)) => {
                let (id, lease) = (saga.id.clone(), lease.clone());
                let _ = app.db().write(Actor::system(), move |tx| { // without it another runner asks and goes on
                    let until = tx.now().plus_seconds(LEASE_SECONDS);
                    tx.execute(&EXTEND, params![id, lease, until])
                }).await;
                continue;
            }
        };
        let Some(ended) = ended else { return };
        let Ok((step, outcome)) = ended else { return }; // the runtime is shutting down
        let last = under_way.is_empty();
        match book_outcome(&app, &saga, &lease, step, outcome, last).await {
            Ok(Some((now, steps))) => {
                saga = now;
                launch(&saga, steps, &mut under_way);
            }
            Ok(None) => return, // another runner has taken over
            Err(problem) => {
                tracing::error!(saga = %saga.id, %problem, "a step's result could not be booked");
                return; // the lease runs out, and the step is asked about
            }
        }
    }
}

type Booked = Option<(Saga, Vec<usize>)>;

/// Books an outcome. Where the change it brings is refused, nothing of it stands and the step has failed.
async fn book_outcome(
    app: &App,
    saga: &Saga,
    lease: &str,
    step: usize,
    outcome: Outcome,
    last: bool,
) -> Result<Booked> {
    let failed = |problem: &Problem, retryable, uncertain| {
        tracing::warn!(saga = %saga.id, step, %problem, retryable, uncertain, "step failed");
        Ending::Failed { problem: saga::describe(problem), retryable, uncertain }
    };
    let write = |ending: Ending, mut apply: Option<saga::Apply>| {
        let (id, lease) = (saga.id.clone(), lease.to_owned());
        app.db().write(Actor::system_at(saga.org.clone()), move |tx| {
            book(tx, &id, &lease, Some((step, ending.clone())), apply.as_mut(), last)
        })
    };
    match outcome {
        Outcome::Done { output, apply: None } => write(Ending::Done(output), None).await,
        Outcome::Done { output, apply } => match write(Ending::Done(output), apply).await {
            Err(problem) => {
                let retryable = problem.code.status >= 500 || problem.is(&kernel::codes::CONFLICT);
                write(failed(&problem, retryable, false), None).await
            }
            booked => booked,
        },
        Outcome::Waiting { until } => write(Ending::WaitUntil(until), None).await,
        Outcome::Failed { problem, retryable, uncertain } => write(failed(&problem, retryable, uncertain), None).await,
    }
}

/// Books one result and takes what it made ready. `None` where the lease was lost.
fn book(
    tx: &mut Tx<'_>,
    id: &str,
    lease: &str,
    ended: Option<(usize, Ending)>,
    apply: Option<&mut saga::Apply>,
    last: bool,
) -> Result<Booked> {
    let mut saga = saga::lock(tx, id)?;
    if saga.lease.as_deref() != Some(lease) {
        return Ok(None);
    }
    let before = saga.plan.clone();
    if let Some(apply) = apply {
        apply(tx)?;
    }
    let now = tx.now();
    if let Some((step, ending)) = ended {
        saga.plan.end(step, ending, now);
    }
    let steps = saga.plan.take(now);
    saga::save(tx, &mut saga, &before)?;
    if last && steps.is_empty() {
        tx.execute(&RELEASE, params![id])?;
        tx.poke();
    }
    Ok(Some((saga, steps)))
}

/// One attempt at a step, guarded against panics and silence.
async fn attempt(app: App, saga: Saga, i: usize) -> (usize, Outcome) {
    let step = &saga.plan.steps[i];
    let ctx = StepCtx {
        app,
        saga_id: saga.id.clone(),
        subject_id: saga.subject_id.clone(),
        org: saga.org.clone(),
        step: i,
        name: step.name.clone(),
        target: step.target.clone(),
        input: step.input.clone(),
        saga_input: saga.input.clone(),
        outputs: saga.plan.steps.iter().map(|s| s.output.clone()).collect::<Vec<Value>>(),
        attempt: step.attempts,
        uncertain: step.uncertain,
    };
    let handler = saga::handlers(&saga).and_then(|all| {
        let found = all.steps.iter().find(|h| h.name == step.name);
        found.ok_or_else(|| Problem::new(&problems::TEMPLATE_UNKNOWN).with("value", &step.name))
    });
    let handler = match handler {
        Ok(handler) => handler,
        Err(problem) => return (i, Outcome::Failed { problem, retryable: false, uncertain: false }),
    };
    let work = match (saga.plan.backward, handler.undo) {
        (false, _) => (handler.run)(ctx),
        (true, Some(undo)) => undo(ctx),
        (true, None) => return (i, Outcome::done()),
    };
    let outcome = match tokio::time::timeout(Duration::from_secs(handler.seconds), tokio::spawn(work)).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(panic)) => {
            let problem = Problem::new(&problems::STEP_PANIC).because(panic);
            Outcome::Failed { problem, retryable: true, uncertain: true }
        }
        Err(_) => {
            let problem = Problem::new(&problems::STEP_TIMEOUT).with("seconds", &handler.seconds.to_string());
            Outcome::Failed { problem, retryable: true, uncertain: true }
        }
    };
    (i, outcome)
}
