//! The comparison over HTTP.

use super::compare;
use crate::{perms, problems};
use http::{Access, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use kernel::{Date, OrgPath, Problem, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Event, Filter, Row, Tx, params, sql};

macro_rules! columns {
    () => {
        "id, version, org, day, kind, method, left_fen, right_fen, state, reason, by_name, found_at, updated_at"
    };
}

sql! {
    ONE = concat!("SELECT ", columns!(), " FROM money_check WHERE id = $1 {for_update}");
    EXPLAIN = "UPDATE money_check SET version = version + 1, state = 'explained', reason = $3, by_name = $4, updated_at = $5 \
               WHERE id = $1 AND version = $2 AND state = 'open'";
}

pub fn routes() -> Vec<Route> {
    let (read, write) = (Access::Needs(perms::MONEY_READ), Access::Needs(perms::MONEY_WRITE));
    let base = "/api/v1/money-checks";
    vec![
        Route::get("/api/v1/money-days/{day}", read, one_day)
            .doc("What documents, drawers, ledger and bank say of a day"),
        Route::get(base, read, list)
            .doc("Differences of money")
            .parameter("state", "open, explained or gone")
            .parameter("from", "first day, 30 days ago by default"),
        Route::post(format!("{base}/run"), write, run).doc("Compare a day again").body(json!({"day": "2026-11-22"})),
        Route::post(format!("{base}/{{id}}/explain"), write, explain)
            .doc("Say what a difference was")
            .body(json!({"reason": "银行次日入账，凭证号 2026112300017"})),
    ]
}

fn shown(tx: &mut Tx<'_>, r: &Row) -> Result<Value> {
    let hall = access::org_name(tx, r.str(2))?;
    Ok(json!({
        "id": r.str(0), "org": r.str(2), "hall": hall, "day": r.str(3), "kind": r.str(4), "method": r.str(5), "leftFen": r.int(6),
        "rightFen": r.int(7), "differenceFen": r.int(6) - r.int(7), "state": r.str(8), "reason": r.str(9), "by": r.opt_text(10),
        "foundAt": r.time(11), "updatedAt": r.time(12),
    }))
}

async fn one_day(ctx: Ctx, Path(day): Path<String>) -> Answer {
    let day = Date::parse(&day)?;
    Ok(Reply::ok(&ctx.read(move |tx| compare::view(tx, day)).await?))
}

async fn list(ctx: Ctx) -> Answer {
    let today = ctx.now().date();
    let from = ctx.parameter("from").map_or(Ok(today.plus_days(-30)), |text| Date::parse(&text))?;
    let state = ctx.parameter("state");
    let paging = ctx.paging(50, 200)?;
    let (rows, total) = ctx
        .read(move |tx| {
            let mut filter = Filter::default();
            filter.scope("org", tx.actor());
            let from = filter.bind(from.to_string());
            filter.and(format!("day >= {from}"));
            if let Some(state) = &state {
                filter.equal("state", state.as_str());
            }
            let condition = filter.to_where();
            let total = tx.query_one(&format!("SELECT COUNT(*) FROM money_check{condition}"), &filter.binds)?.int(0);
            let (limit, offset) = (filter.bind(paging.limit), filter.bind(paging.offset));
            let text = format!(
                "SELECT {} FROM money_check{condition} ORDER BY day DESC, org, kind LIMIT {limit} OFFSET {offset}",
                columns!()
            );
            let rows = tx.query(&text, &filter.binds)?;
            Ok((rows.iter().map(|r| shown(tx, r)).collect::<Result<Vec<Value>>>()?, total))
        })
        .await?;
    Ok(Reply::ok(&rows).total(total))
}

#[derive(Deserialize)]
struct Run {
    day: String,
}

async fn run(ctx: Ctx, body: Body<Run>) -> Answer {
    let day = Date::parse(&body.value.day)?;
    if day > ctx.now().date() {
        return Err(Problem::invalid("day", "≤ today").into());
    }
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let found = compare::run(tx, day)?;
        let mut view = compare::view(tx, day)?;
        view["differences"] = json!(found);
        Ok(Reply::ok(&view))
    });
    Ok(reply.await?)
}

#[derive(Deserialize)]
struct Reason {
    #[serde(default)]
    reason: String,
}

async fn explain(ctx: Ctx, Path(id): Path<String>, body: Body<Reason>) -> Answer {
    let reason = body.value.reason.trim().to_owned();
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let row = tx.query_one(&ONE, params![id])?;
        tx.must_see(row.str(2))?;
        if reason.is_empty() || reason.chars().count() > 300 {
            return Err(Problem::new(&problems::DIFFERENCE_REASON).field("reason"));
        }
        if row.str(8) != "open" {
            return Err(Problem::new(&problems::DIFFERENCE_STATE));
        }
        let by = tx.actor().name.to_string();
        tx.execute_versioned(&EXPLAIN, params![id, row.int(1), reason, by, tx.now()])?;
        let org = OrgPath::parse(row.str(2))?;
        let event = Event::new("MoneyDifferenceExplainEvent", "moneyCheck", &id, row.int(1) + 1, &org);
        tx.emit(event.audit(json!({"reason": reason, "kind": row.str(4), "day": row.str(3)})))?;
        let row = tx.query_one(&ONE, params![id])?;
        Ok(Reply::ok(&shown(tx, &row)?))
    });
    Ok(reply.await?)
}
