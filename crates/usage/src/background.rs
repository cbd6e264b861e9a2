//! What runs beside the requests: files, compaction, recycling, retention; and what `yitai check` asks of the blocks.

use crate::{block, files, merge, retention, suspense};
use flow::{JobHandler, Reconciler};
use http::{App, BoxFuture, Check};
use kernel::{Actor, OrgPath, Problem, Result};
use std::collections::BTreeMap;
use store::{Tx, params, sql};

pub fn jobs() -> Vec<JobHandler> {
    vec![JobHandler { kind: files::JOB, run: files::job }]
}

pub fn reconcilers() -> Vec<Reconciler> {
    vec![
        Reconciler { name: "usage.compaction", every_seconds: 30, run: compact },
        Reconciler { name: "usage.recycling", every_seconds: 300, run: recycle },
        Reconciler {
            name: "usage.retention",
            every_seconds: 86_400,
            run: |app| Box::pin(async move { app.db().write(Actor::system(), retention::purge).await }),
        },
    ]
}

/// Merges until nothing is left to merge; other periodic work waits meanwhile, so not for ever.
fn compact(app: App) -> BoxFuture<'static, Result<()>> {
    Box::pin(async move {
        for _ in 0..20 {
            let db = app.db().clone();
            let did = tokio::task::spawn_blocking(move || merge::once(&db)).await.map_err(Problem::internal)??;
            if !did || app.is_stopping() {
                break;
            }
        }
        Ok(())
    })
}

/// Merges all that can be merged now. Blocks: for commands and measurements.
pub fn compact_now(db: &store::Db) -> Result<()> {
    while merge::once(db)? {}
    Ok(())
}

fn recycle(app: App) -> BoxFuture<'static, Result<()>> {
    Box::pin(async move {
        for org in app.db().read(Actor::system(), suspense::ripe).await? {
            let scope = OrgPath::parse(&org)?;
            let actor = Actor { org: scope.clone(), scope, ..Actor::system() };
            app.db().write(actor, suspense::recycle_ripe).await?;
        }
        Ok(())
    })
}

sql! {
    ALL = "SELECT b.run, b.no, b.records, b.checksum, b.body FROM usage_block b";
    RUNS = "SELECT id, cycle, records, blocks FROM usage_run WHERE state = 'live'";
    ORPHANS = "SELECT COUNT(*) FROM usage_block b WHERE NOT EXISTS (SELECT 1 FROM usage_run r WHERE r.id = b.run)";
    TWICE = "SELECT a.number FROM usage_number a JOIN usage_number b ON b.number = a.number AND b.from_at > a.from_at \
             WHERE a.to_at IS NULL OR a.to_at > b.from_at LIMIT 20";
}

pub(crate) const CHECK: Check = Check { name: "usage", run: check };

/// Every block is whole, every run has the blocks and records that it says, nobody holds a number at another's time.
fn check(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut counted: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
    tx.each(&ALL, params![], |row| {
        let (run, no) = (row.int(0), row.int(1));
        let mut records = 0;
        let store::Value::Blob(body) = row.value(4) else { return Ok(()) };
        if block::unpack(body, row.int(3), |_| true, |_| records += 1).is_err() || records != row.int(2) {
            found.push(format!("block {no} of run {run} is damaged"));
        }
        let of = counted.entry(run).or_default();
        *of = (of.0 + 1, of.1 + row.int(2));
        Ok(())
    })?;
    for r in tx.query(&RUNS, params![])? {
        let (blocks, records) = counted.get(&r.int(0)).copied().unwrap_or_default();
        if (records, blocks) != (r.int(2), r.int(3)) {
            found.push(format!(
                "run {} of cycle {} says {} records, its blocks hold {records}",
                r.int(0),
                r.int(1),
                r.int(2)
            ));
        }
    }
    let orphans = tx.query_one(&ORPHANS, params![])?.int(0);
    if orphans > 0 {
        found.push(format!("{orphans} blocks belong to no run"));
    }
    for r in tx.query(&TWICE, params![])? {
        found.push(format!("the number {} is held twice at one time", r.str(0)));
    }
    Ok(found)
}
