//! The hands of the run: batches are computed on the readers while others are written, parts side by side.
//!
//! Nothing is remembered here: whoever calls [`drive`] goes on where the rows say. A process that starts takes up what it
//! finds, two that drive the same run share it.

use super::{
    batch::{self, Frame, Written},
    gather,
    run::{self, Part, Run, State, Step},
};
use crate::settings;
use http::App;
use kernel::{Actor, Cycle, Problem, Result};
use std::time::Duration;
use store::Db;

/// Parts at most, and workers: one computes while another is written.
const PARTS: i64 = 16;
const WORKERS: usize = 3;
/// Products a step of the collection.
const SHARED: usize = 100;

/// How far one call drives: `None` to the end.
pub type Batches = Option<usize>;

fn system() -> Actor {
    Actor::system()
}

/// Plans the run of a cycle and drives it to its end.
pub async fn run_now(app: &App, cycle: Cycle) -> Result<Run> {
    app.db().write(system(), move |tx| run::start(tx, cycle)).await?;
    drive(app, cycle, None).await?;
    app.db().read(system(), move |tx| run::run(tx, cycle)).await
}

/// Drives a run until it is done, stopped, or so many batches have been written; returns how many were.
pub async fn drive(app: &App, cycle: Cycle, most: Batches) -> Result<usize> {
    let app = app.clone();
    tokio::task::spawn_blocking(move || blocking(&app, cycle, most)).await.map_err(Problem::internal)?
}

fn blocking(app: &App, cycle: Cycle, most: Batches) -> Result<usize> {
    let db = app.db();
    let mut written = 0;
    loop {
        let now = db.read_blocking(system(), move |tx| run::run(tx, cycle))?;
        if now.stopped || app.is_stopping() || most.is_some_and(|most| written >= most) {
            return Ok(written);
        }
        match now.state {
            State::Planned => {
                let before = now.clone();
                db.write_blocking(system(), move |tx| {
                    // Nobody can slip a record under the run: from here on it goes to the next cycle.
                    if run::step(tx, &before, Step::Collect)? {
                        usage::close_cycle(tx, cycle)?;
                        run::cut(tx, cycle, PARTS)?;
                    }
                    Ok(())
                })?;
                written += 1;
            }
            State::Collecting => {
                collect(db, &now)?;
                written += 1;
            }
            State::Billing => {
                written += bill(app, &now, most.map(|most| most - written))?;
                let before = now.clone();
                let over = db.write_blocking(system(), move |tx| {
                    if !run::all_parts_done(tx, cycle)? {
                        return Ok(false);
                    }
                    run::step(tx, &before, Step::Finish)?;
                    Ok(true)
                })?;
                let again = db.read_blocking(system(), move |tx| run::run(tx, cycle))?;
                if over || again.stopped || app.is_stopping() {
                    return Ok(written);
                }
            }
            State::Done => return Ok(written),
        }
    }
}

/// One step of the collection.
fn collect(db: &Db, now: &Run) -> Result<()> {
    let (cycle, before) = (now.cycle, now.clone());
    let bill_date = now.bill_date();
    let frame = db.read_blocking(system(), move |tx| Frame::read(tx, cycle, bill_date))?;
    let from = now.collected_to.clone();
    let (shares, last, more) = db.read_blocking(system(), move |tx| {
        let (related, more) = gather::related(tx, cycle, &from, SHARED)?;
        let last = related.last().map(|r| r.0.clone());
        let mut shares = Vec::new();
        for (product, relations) in related {
            if gather::day_of_product(tx, &product)? != cycle.first().day() {
                continue; // its own account has another cycle
            }
            // What cannot be reckoned is told where its own account fails.
            if let Ok(lines) = batch::shares(tx, &frame, &product, &relations)
                && !lines.is_empty()
            {
                shares.push((product, lines));
            }
        }
        Ok((shares, last, more))
    })?;
    db.load_blocking(system(), move |tx| {
        if let Some(last) = &last
            && !run::collected(tx, &before, last, &shares)?
        {
            return Ok(());
        }
        if !more {
            let now = run::run(tx, cycle)?;
            // Another that drives the same run may have been faster.
            if now.state == State::Collecting {
                run::step(tx, &now, Step::Bill)?;
            }
        }
        Ok(())
    })
}

/// Bills part by part; returns how many batches were written.
fn bill(app: &App, now: &Run, most: Batches) -> Result<usize> {
    let db = app.db();
    let (cycle, date) = (now.cycle, now.bill_date());
    let frame = db.read_blocking(system(), move |tx| Frame::read(tx, cycle, date))?;
    let parts = db.read_blocking(system(), move |tx| run::parts(tx, cycle))?;
    let size = db.read_blocking(system(), |tx| settings::RUN_BATCH.number(tx))?.clamp(1, 2_000);
    let workers = if most.is_some() { 1 } else { WORKERS.min(parts.len().max(1)) };
    let done: Result<Vec<usize>> = std::thread::scope(|scope| {
        let hands: Vec<_> = (0..workers)
            .map(|worker| {
                let mine: Vec<Part> = parts.iter().skip(worker).step_by(workers).cloned().collect();
                let frame = &frame;
                scope.spawn(move || one_worker(app, frame, mine, size, most))
            })
            .collect();
        hands
            .into_iter()
            .map(|hand| hand.join().unwrap_or_else(|_| Err(Problem::internal("a worker of the bill run panicked"))))
            .collect()
    });
    done.map(|n| n.into_iter().sum())
}

fn one_worker(app: &App, frame: &Frame, parts: Vec<Part>, size: i64, most: Batches) -> Result<usize> {
    let db = app.db();
    let mut written = 0;
    for mut part in parts {
        loop {
            if app.is_stopping() || most.is_some_and(|most| written >= most) {
                return Ok(written);
            }
            let (shared, at) = (frame.clone(), part.clone());
            let computed = db.read_blocking(system(), move |tx| {
                let ids = batch::next(tx, shared.cycle, &at.position, at.to.as_deref(), size)?;
                batch::compute(tx, &shared, ids)
            })?;
            let Some(last) = computed.ids.last().cloned() else {
                let (cycle, at) = (frame.cycle, part.clone());
                db.write_blocking(system(), move |tx| run::part_done(tx, cycle, &at))?;
                break;
            };
            let (shared, at) = (frame.clone(), part.clone());
            let done: Option<Written> =
                db.load_blocking(system(), move |tx| batch::write(tx, &shared, at.part, &at.position, &computed))?;
            if done.is_none() {
                return Ok(written); // stopped, or somebody else is at it: the rows are looked at again
            }
            written += 1;
            part.position = last;
        }
    }
    Ok(written)
}

/// One round: starts what the clock says, drives what is unfinished; says how much it did.
pub async fn round(app: &App) -> Result<usize> {
    let due = app.db().read(system(), super::clock::due).await?;
    let mut did = 0;
    for cycle in due {
        app.db().write(system(), move |tx| run::start(tx, cycle)).await?;
        did += 1;
    }
    for cycle in app.db().read(system(), run::unfinished).await? {
        did += drive(app, cycle, None).await?;
    }
    Ok(did)
}

/// Beside the requests: takes up what a killed process left, and what becomes due.
pub async fn background(app: App) {
    while !app.is_stopping() {
        if let Err(problem) = round(&app).await {
            tracing::warn!(%problem, "the bill run");
        }
        tokio::select! {
            () = app.stopped() => return,
            () = tokio::time::sleep(Duration::from_secs(5)) => {}
        }
    }
}
