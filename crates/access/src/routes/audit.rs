//! Reading the audit chain.

use http::{Answer, Ctx, Reply};
use kernel::Result;
use serde_json::{Value, json};
use store::{Filter, Row, Tx};

const COUNT_LIMIT: i64 = 10_000;

pub async fn list(ctx: Ctx) -> Answer {
    let page = ctx.paging(50, 200)?;
    let asked: Vec<(&'static str, String)> = [("subject", "subject_id"), ("actor", "actor"), ("action", "action")]
        .into_iter()
        .filter_map(|(name, column)| Some((column, ctx.parameter(name)?)))
        .collect();
    let (rows, total) = ctx.read(move |tx| select(tx, &asked, page)).await?;
    let reply = Reply::ok(&rows);
    Ok(if total <= COUNT_LIMIT { reply.total(total) } else { reply.header("x-total-count-limit", COUNT_LIMIT) })
}

fn select(tx: &mut Tx<'_>, asked: &[(&'static str, String)], page: http::Paging) -> Result<(Vec<Value>, i64)> {
    let mut filter = Filter::default();
    filter.scope("org", tx.actor());
    for (column, value) in asked {
        filter.equal(column, value.as_str());
    }
    let count = format!(
        "SELECT COUNT(*) FROM (SELECT 1 FROM audit_entry{} LIMIT {}) AS counted",
        filter.to_where(),
        COUNT_LIMIT + 1
    );
    let total = tx.query_one(&count, &filter.binds)?.int(0);
    let conditions = filter.to_where();
    let (limit, offset) = (filter.bind(page.limit), filter.bind(page.offset));
    let text = format!(
        "SELECT id, at, actor, actor_name, action, subject_type, subject_id, org, detail, seal FROM audit_entry{conditions} \
         ORDER BY id DESC LIMIT {limit} OFFSET {offset}"
    );
    let one = |row: &Row| {
        json!({
            "id": row.str(0), "at": row.time(1), "actor": row.str(2), "actorName": row.str(3), "action": row.str(4),
            "subjectType": row.str(5), "subjectId": row.str(6), "org": row.str(7), "detail": row.json(8),
            "checkpoint": row.opt_int(9),
        })
    };
    Ok((tx.query(&text, &filter.binds)?.iter().map(one).collect(), total))
}
