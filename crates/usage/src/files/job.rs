//! The job that takes an uploaded file in, with the scope of whoever brought it; it goes on after a restart.

use super::{FileState, import};
use kernel::{Actor, Problem, Result};
use serde_json::{Value, json};
use std::path::Path;
use store::Tx;

pub(crate) const JOB: &str = "usage.file";

pub(super) fn enqueue(tx: &mut Tx<'_>, id: &str) -> Result<()> {
    let actor = tx.actor().clone();
    let payload = json!({"id": id, "actor": &*actor.id, "name": &*actor.name, "scope": actor.scope, "org": actor.org});
    let now = tx.now();
    flow::jobs::enqueue(tx, JOB, payload, now).map(drop)
}

/// Enters an uploaded file and has it taken in.
pub(crate) fn submit(tx: &mut Tx<'_>, new: &super::NewFile<'_>) -> Result<FileState> {
    let id = super::begin(tx, new)?;
    enqueue(tx, &id)?;
    super::load(tx, &id)
}

pub(crate) fn job(app: http::App, payload: Value) -> http::BoxFuture<'static, Result<()>> {
    Box::pin(async move {
        let text = |name: &str| payload.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
        let org = |name: &str| kernel::OrgPath::parse(&text(name));
        let actor = Actor {
            id: text("actor").into(),
            name: text("name").into(),
            org: org("org")?,
            scope: org("scope")?,
            ..Actor::system()
        };
        let (db, id) = (app.db().clone(), text("id"));
        let work = tokio::task::spawn_blocking(move || import(&db, &actor, &id, &mut |_| ()));
        match work.await.unwrap_or_else(|e| Err(Problem::internal(e))) {
            Err(problem) if problem.code.status >= 500 => Err(problem),
            Ok(done) if done.state == "done" => {
                // The records are ours now; the file with its telephone numbers need not lie about.
                let _ = std::fs::remove_file(Path::new(&done.path)); // gone already after a second run of the job
                Ok(())
            }
            // Stopped, or what is wrong with the file, which is kept with it.
            _ => Ok(()),
        }
    })
}
