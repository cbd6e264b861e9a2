//! Comparisons and their differences for the page: run one by hand, tell again, deal with by hand.

use super::{EMBEDDED, run};
use crate::{OPERATE, READ, problems};
use billing::outside;
use http::{Access, Answer, Body, Ctx, Reply, Route};
use kernel::{Date, Problem, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Filter, Row, Tx, params, sql};

sql! {
    LOCK = "SELECT state, what, org FROM reconcile_difference WHERE system = $1 AND day = $2 AND order_id = $3 {for_update}";
    HANDLE = "UPDATE reconcile_difference SET state = $4, reason = $5, actor = $6, handled_at = $7 \
              WHERE system = $1 AND day = $2 AND order_id = $3";
    COUNT = "UPDATE reconcile_run SET differing = (SELECT COUNT(*) FROM reconcile_difference d WHERE d.system = $1 AND d.day = $2 \
             AND d.state = 'open') WHERE system = $1 AND day = $2";
}

pub fn routes() -> Vec<Route> {
    let (read, operate) = (Access::Needs(READ), Access::Needs(OPERATE));
    let one = json!({"system": "fixed", "day": "2026-11-21", "orderId": "order:product:start", "reason": "已核实"});
    vec![
        Route::get("/api/v1/interchange/reconciliations", read, list)
            .doc("Comparisons with billing systems, the newest day first")
            .parameter("system", "embedded, or the code of one"),
        Route::post("/api/v1/interchange/reconciliations", operate, now)
            .doc("Compare a day with a billing system now")
            .body(json!({"system": "fixed", "day": "2026-11-21"})),
        Route::get("/api/v1/interchange/differences", read, differences)
            .doc("What differs")
            .parameter("system", "embedded, or the code of one")
            .parameter("day", "of one day")
            .parameter("state", "open, handled, retold or settled"),
        Route::post("/api/v1/interchange/differences/handle", operate, handle)
            .doc("A difference was dealt with by hand")
            .body(one.clone()),
        Route::post("/api/v1/interchange/differences/retell", operate, retell)
            .doc("Tell the other side again what it does not have, or has otherwise")
            .body(one),
    ]
}

async fn list(ctx: Ctx) -> Answer {
    let paging = ctx.paging(60, 400)?;
    let system = ctx.parameter("system").filter(|s| !s.is_empty());
    let rows = ctx.read(move |tx| {
        let mut filter = Filter::default();
        if let Some(system) = &system {
            filter.equal("system", system.as_str());
        }
        let (limit, offset) = (filter.bind(paging.limit), filter.bind(paging.offset));
        let text = format!(
            "SELECT system, day, state, ours, theirs, differing, error_zh, error_en, actor, ended_at FROM reconcile_run{} \
             ORDER BY day DESC, system LIMIT {limit} OFFSET {offset}",
            filter.to_where()
        );
        Ok(tx.query(&text, &filter.binds)?.iter().map(shown_run).collect::<Vec<Value>>())
    });
    Ok(Reply::ok(&rows.await?))
}

fn shown_run(r: &Row) -> Value {
    let error = r.opt_text(6).map(|zh| json!({"zh-CN": zh, "en": r.opt_text(7)}));
    json!({
        "system": r.str(0), "day": r.str(1), "state": r.str(2), "ours": r.int(3), "theirs": r.int(4), "differing": r.int(5),
        "error": error, "operator": r.str(8), "endedAt": r.time(9),
    })
}

#[derive(Deserialize)]
struct Day {
    system: String,
    day: String,
}

async fn now(ctx: Ctx, body: Body<Day>) -> Answer {
    let ask = body.value;
    let day = Date::parse(&ask.day).map_err(|_| Problem::invalid("day", "YYYY-MM-DD"))?;
    if day > ctx.now().date() {
        return Err(Problem::new(&problems::DAY_AHEAD).field("day").with("value", &ask.day).into());
    }
    if ask.system != EMBEDDED {
        let code = ask.system.clone();
        ctx.read(move |tx| outside::address_to(tx, &code)).await?;
    }
    run(&ctx.app, ctx.actor.clone(), &ask.system, day).await?;
    let (system, at) = (ask.system, day.to_string());
    let row = ctx.read(move |tx| {
        let text = "SELECT system, day, state, ours, theirs, differing, error_zh, error_en, actor, ended_at FROM reconcile_run \
                    WHERE system = $1 AND day = $2"
            .to_owned();
        Ok(shown_run(&tx.query_one(&text, params![system, at])?))
    });
    Ok(Reply::ok(&row.await?))
}

async fn differences(ctx: Ctx) -> Answer {
    let paging = ctx.paging(100, 500)?;
    let get = |name: &str| ctx.parameter(name).filter(|v| !v.is_empty());
    let asked = [("system", get("system")), ("day", get("day")), ("state", get("state"))];
    let (rows, total) = ctx
        .read(move |tx| {
            let mut filter = Filter::default();
            filter.scope("org", tx.actor());
            for (column, value) in &asked {
                if let Some(value) = value {
                    filter.equal(column, value.as_str());
                }
            }
            let condition = filter.to_where();
            let count = format!("SELECT COUNT(*) FROM (SELECT 1 FROM reconcile_difference{condition} LIMIT 10001) AS counted");
            let total = tx.query_one(&count, &filter.binds)?.int(0);
            let (limit, offset) = (filter.bind(paging.limit), filter.bind(paging.offset));
            let text = format!(
                "SELECT system, day, order_id, what, ours, theirs, state, reason, actor, found_at, handled_at \
                 FROM reconcile_difference{condition} ORDER BY day DESC, system, order_id LIMIT {limit} OFFSET {offset}"
            );
            let side = |r: &Row, i: usize| r.opt_text(i).map_or(Value::Null, |_| r.json(i));
            let rows: Vec<Value> = tx
                .query(&text, &filter.binds)?
                .iter()
                .map(|r| {
                    json!({
                        "system": r.str(0), "day": r.str(1), "orderId": r.str(2), "what": r.str(3), "ours": side(r, 4),
                        "theirs": side(r, 5), "state": r.str(6), "reason": r.str(7), "operator": r.str(8), "foundAt": r.time(9),
                        "handledAt": r.opt_time(10),
                    })
                })
                .collect();
            Ok((rows, total))
        })
        .await?;
    Ok(Reply::ok(&rows).total(total))
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct One {
    system: String,
    day: String,
    order_id: String,
    #[serde(default)]
    reason: String,
}

async fn handle(ctx: Ctx, body: Body<One>) -> Answer {
    act(ctx, body, false).await
}

async fn retell(ctx: Ctx, body: Body<One>) -> Answer {
    act(ctx, body, true).await
}

async fn act(ctx: Ctx, body: Body<One>, again: bool) -> Answer {
    let one = One { reason: body.value.reason.trim().to_owned(), ..body.value };
    if one.reason.is_empty() {
        return Err(Problem::new(&flow::problems::REASON_MISSING).field("reason").into());
    }
    if one.reason.chars().count() > 500 {
        return Err(Problem::invalid("reason", "≤ 500").into());
    }
    let reply = ctx.create(&body.fingerprint, move |tx| {
        deal(tx, &one, again)?;
        Ok(Reply::ok(&json!({"orderId": one.order_id, "state": if again { "retold" } else { "handled" }})))
    });
    Ok(reply.await?)
}

fn deal(tx: &mut Tx<'_>, one: &One, again: bool) -> Result<()> {
    let row = tx.query_one(&LOCK, params![one.system, one.day, one.order_id])?;
    tx.must_see(row.str(2))?;
    if row.str(0) != "open" {
        return Err(Problem::new(&problems::DIFFERENCE_STATE));
    }
    if again {
        if one.system == EMBEDDED || row.str(1) == "missingHere" {
            return Err(Problem::new(&problems::NOT_TO_RETELL));
        }
        outside::retell(tx, &one.order_id, &one.reason)?;
    }
    let (state, now, name) = (if again { "retold" } else { "handled" }, tx.now(), tx.actor().name.clone());
    tx.execute(&HANDLE, params![one.system, one.day, one.order_id, state, one.reason, &*name, now])?;
    tx.execute(&COUNT, params![one.system, one.day])?;
    let org = kernel::OrgPath::parse(row.str(2))?;
    let detail = json!({"system": one.system, "day": one.day, "state": state, "reason": one.reason});
    tx.audit("interchange.difference", "collaboration", &one.order_id, &org, &detail)
}
