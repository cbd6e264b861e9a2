//! The page about the file exchange with 97: what went out, what came in, what could not be read, and the content.

use super::{configured, files};
use crate::NETWORK_READ;
use http::{Access, Answer, Ctx, Reply, Route, axum::extract::Path};
use kernel::{OrgPath, Problem, Result};
use serde_json::{Value, json};
use store::{Filter, Tx, params, sql};

sql! {
    OUT_ONE = "SELECT o.name, o.content, m.org FROM legacy_out o JOIN activation_message m ON m.id = o.message_id WHERE o.seq = $1";
    IN_ONE = "SELECT name, content, message_id FROM legacy_in WHERE id = $1";
    COUNTS = "SELECT verdict, COUNT(*) FROM legacy_in GROUP BY verdict ORDER BY verdict";
    WAITING = "SELECT state, COUNT(*) FROM legacy_out GROUP BY state ORDER BY state";
    ORG_OF = "SELECT org FROM activation_message WHERE id = $1";
}

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/network/legacy", Access::Needs(NETWORK_READ), summary)
            .doc("The file exchange with 97: where, how many files in which state"),
        Route::get("/api/v1/network/legacy/out", Access::Needs(NETWORK_READ), out)
            .doc("Files to 97, the newest first")
            .parameter("state", "pending, written, acked or rejected"),
        Route::get("/api/v1/network/legacy/in", Access::Needs(NETWORK_READ), inward)
            .doc("Files from 97, the newest first")
            .parameter("verdict", "booked, duplicate, conflict or bad"),
        Route::get("/api/v1/network/legacy/{way}/{id}", Access::Needs(NETWORK_READ), content)
            .doc("The content of a file, as it was written or read"),
    ]
}

async fn summary(ctx: Ctx) -> Answer {
    let legacy = configured(ctx.app.db());
    let (way_in, way_out) = ctx
        .read(|tx| {
            let count = |rows: Vec<store::Row>| -> Value {
                rows.iter().map(|r| (r.text(0), json!(r.int(1)))).collect::<serde_json::Map<_, _>>().into()
            };
            Ok((count(tx.query(&COUNTS, params![])?), count(tx.query(&WAITING, params![])?)))
        })
        .await?;
    let mut lying = serde_json::Map::new();
    if let Some(legacy) = &legacy {
        for name in files::DIRECTORIES {
            let n = files::list(&legacy.directory.join(name), 10_000).map_or(0, |all| all.len());
            lying.insert(name.to_owned(), json!(n));
        }
    }
    Ok(Reply::ok(&json!({
        "configured": legacy.is_some(), "simulated": legacy.is_some_and(|l| l.simulated),
        "in": way_in, "out": way_out, "directories": lying,
    })))
}

async fn out(ctx: Ctx) -> Answer {
    let paging = ctx.paging(50, 200)?;
    let state = ctx.parameter("state");
    let (rows, total) = ctx
        .read(move |tx| {
            let mut filter = Filter::default();
            filter.scope("m.org", tx.actor());
            if let Some(state) = &state {
                filter.equal("o.state", state.as_str());
            }
            let from = "FROM legacy_out o JOIN activation_message m ON m.id = o.message_id";
            let condition = filter.to_where();
            let total = tx.query_one(&format!("SELECT COUNT(*) {from}{condition}"), &filter.binds)?.int(0);
            let (limit, offset) = (filter.bind(paging.limit), filter.bind(paging.offset));
            let text = format!(
                "SELECT o.seq, o.kind, o.name, o.message_id, o.version, o.state, o.detail, o.created_at, o.written_at, o.answered_at, m.order_id \
                 {from}{condition} ORDER BY o.seq DESC LIMIT {limit} OFFSET {offset}"
            );
            let shown = |r: &store::Row| {
                json!({"id": r.int(0).to_string(), "seq": r.int(0), "kind": r.text(1), "name": r.text(2), "messageId": r.text(3),
                       "version": r.int(4), "state": r.text(5), "detail": r.text(6), "createdAt": r.time(7),
                       "writtenAt": r.opt_time(8), "answeredAt": r.opt_time(9), "orderId": r.text(10)})
            };
            Ok((tx.query(&text, &filter.binds)?.iter().map(shown).collect::<Vec<_>>(), total))
        })
        .await?;
    Ok(Reply::ok(&rows).total(total))
}

async fn inward(ctx: Ctx) -> Answer {
    let paging = ctx.paging(50, 200)?;
    let verdict = ctx.parameter("verdict");
    let (rows, total) = ctx
        .read(move |tx| {
            let mut filter = Filter::default();
            // What belongs to no message of ours (damaged files) is seen by who sees everything.
            filter.scope("m.org", tx.actor());
            if let Some(verdict) = &verdict {
                filter.equal("i.verdict", verdict.as_str());
            }
            let from = "FROM legacy_in i LEFT JOIN activation_message m ON m.id = i.message_id";
            let condition = filter.to_where();
            let total = tx.query_one(&format!("SELECT COUNT(*) {from}{condition}"), &filter.binds)?.int(0);
            let (limit, offset) = (filter.bind(paging.limit), filter.bind(paging.offset));
            let text = format!(
                "SELECT i.id, i.kind, i.seq, i.name, i.message_id, i.verdict, i.detail, i.at, m.order_id \
                 {from}{condition} ORDER BY i.at DESC, i.id DESC LIMIT {limit} OFFSET {offset}"
            );
            let shown = |r: &store::Row| {
                json!({"id": r.text(0), "kind": r.text(1), "seq": r.int(2), "name": r.text(3), "messageId": r.opt_text(4),
                       "verdict": r.text(5), "detail": r.text(6), "at": r.time(7), "orderId": r.opt_text(8)})
            };
            Ok((tx.query(&text, &filter.binds)?.iter().map(shown).collect::<Vec<_>>(), total))
        })
        .await?;
    Ok(Reply::ok(&rows).total(total))
}

async fn content(ctx: Ctx, Path((way, id)): Path<(String, String)>) -> Answer {
    let file = ctx.read(move |tx| file(tx, &way, &id)).await?;
    Ok(Reply::ok(&file))
}

fn file(tx: &mut Tx<'_>, way: &str, id: &str) -> Result<Value> {
    match way {
        "out" => {
            let seq: i64 = id.parse().map_err(|_| Problem::not_found())?;
            let row = tx.query_one(&OUT_ONE, params![seq])?;
            tx.must_see(row.str(2))?;
            Ok(json!({"name": row.text(0), "content": row.text(1)}))
        }
        "in" => {
            let row = tx.query_one(&IN_ONE, params![id])?;
            let org = match row.opt_text(2) {
                Some(message) => tx.query_opt(&ORG_OF, params![message])?.map(|r| r.text(0)),
                None => None,
            };
            // What belongs to no message of ours is seen by who sees everything.
            tx.must_see(org.as_deref().unwrap_or(OrgPath::root().as_str()))?;
            Ok(json!({"name": row.text(0), "content": row.text(1)}))
        }
        _ => Err(Problem::not_found()),
    }
}
