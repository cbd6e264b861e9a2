//! Approved changes whose day has come.

use super::{Launch, State, Step, go_live, read, save};
use crate::problems;
use flow::Reconciler;
use http::App;
use kernel::{Actor, Lang, Problem, Result};
use serde_json::json;
use store::{Tx, params, sql};

sql! {
    DUE = "SELECT id FROM catalog_launch WHERE state = 'approved' AND effective_at <= $1 ORDER BY effective_at LIMIT 50";
    ONE = "SELECT id, version, org, created_at, updated_at, state, name, family, offering_id, base_version, created_by, created_by_name, \
           changed_by, submitted_at, decided_by, decided_by_name, decided_at, effective_at, note, problem, body \
           FROM catalog_launch WHERE id = $1 AND state = 'approved' {for_update}";
}

/// Puts due changes on sale. One that no longer fits is blocked, with the reason, and nothing of it is done.
pub fn reconciler() -> Reconciler {
    Reconciler { name: "catalog.launches", every_seconds: 20, run: |app| Box::pin(round(app)) }
}

async fn round(app: App) -> Result<()> {
    let db = app.db();
    let due = db.read(Actor::system(), |tx| {
        let now = tx.now();
        Ok(tx.query(&DUE, params![now])?.iter().map(|r| r.text(0)).collect::<Vec<_>>())
    });
    for id in due.await? {
        let (again, lost) = (id.clone(), id.clone());
        let done = db.write(Actor::system(), move |tx| match waiting(tx, &again)? {
            Some(mut launch) => go_live_checked(tx, &mut launch),
            None => Ok(()), // another process was faster, or it was withdrawn
        });
        match done.await {
            Err(problem) if problem.code.status < 500 => {
                db.write(Actor::system(), move |tx| match waiting(tx, &lost)? {
                    Some(mut launch) => block(tx, &mut launch, &problem),
                    None => Ok(()),
                })
                .await?;
            }
            done => done?,
        }
    }
    Ok(())
}

fn waiting(tx: &mut Tx<'_>, id: &str) -> Result<Option<Launch>> {
    tx.query_opt(&ONE, params![id])?.map(|row| read(&row)).transpose()
}

fn go_live_checked(tx: &mut Tx<'_>, launch: &mut Launch) -> Result<()> {
    super::refuse_findings(super::check::check(tx, &launch.draft, &launch.org, launch.offering_id.as_deref())?)?;
    super::refuse_stale(tx, launch)?;
    go_live(tx, launch)
}

fn block(tx: &mut Tx<'_>, launch: &mut Launch, problem: &Problem) -> Result<()> {
    debug_assert!(launch.state == State::Approved && !problem.is(&problems::LAUNCH_STATE));
    launch.state = launch.state.after(Step::Block)?;
    launch.problem = json!({
        "code": problem.code.id,
        "zh-CN": {"reason": problem.reason(Lang::Zh), "message": problem.help(Lang::Zh)},
        "en": {"reason": problem.reason(Lang::En), "message": problem.help(Lang::En)},
    });
    save(tx, launch)
}
