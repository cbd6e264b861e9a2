//! Reconcilers: periodic work without input, run by whichever process moves its due time ahead first.

use crate::registry;
use http::{App, BoxFuture};
use kernel::{Actor, Result, Timestamp};
use store::{Tx, params, sql};

pub struct Reconciler {
    pub name: &'static str,
    pub every_seconds: i64,
    /// Idempotent: derives from state what is to be done.
    pub run: fn(App) -> BoxFuture<'static, Result<()>>,
}

sql! {
    REGISTER = "INSERT INTO reconciler (name, due) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
    CLAIM = "UPDATE reconciler SET due = $2, last_run = $3 WHERE name = $1 AND due <= $3";
    BOOK = "UPDATE reconciler SET error = $2 WHERE name = $1";
    NEXT = "SELECT MIN(due) FROM reconciler";
}

pub(crate) async fn register(app: &App) -> Result<()> {
    app.db()
        .write(Actor::system(), |tx| {
            let now = tx.now();
            registry().reconcilers.iter().try_for_each(|r| tx.execute(&REGISTER, params![r.name, now]).map(drop))
        })
        .await
}

fn next_due(tx: &mut Tx<'_>) -> Result<Option<Timestamp>> {
    Ok(tx.query_one(&NEXT, params![])?.opt_time(0))
}

/// Runs what is due, one after the other. Returns how many ran.
pub(crate) async fn run_due(app: &App) -> Result<usize> {
    let due = app.db().peek(Actor::system(), |tx| Ok(next_due(tx)?.is_some_and(|at| at <= tx.now())));
    if !due.await? {
        return Ok(0);
    }
    let mut ran = 0;
    for reconciler in &registry().reconcilers {
        let claimed = app.db().write(Actor::system(), move |tx| {
            let now = tx.now();
            let next = now.plus_seconds(reconciler.every_seconds);
            Ok(tx.execute(&CLAIM, params![reconciler.name, next, now])? == 1)
        });
        if !claimed.await? {
            continue;
        }
        ran += 1;
        let ended = tokio::spawn((reconciler.run)(app.clone())).await;
        let error = match ended {
            Ok(Ok(())) => continue,
            Ok(Err(problem)) => problem.to_string(),
            Err(panic) => panic.to_string(),
        };
        tracing::warn!(reconciler = reconciler.name, %error, "reconciler failed");
        app.db().write(Actor::system(), move |tx| tx.execute(&BOOK, params![reconciler.name, error])).await?;
    }
    Ok(ran)
}
