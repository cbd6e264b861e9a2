//! Runs and alerts over HTTP.

use super::{
    batch::{self, Frame},
    run,
};
use crate::{perms, problems};
use http::{Access, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use kernel::{Cycle, Date, Problem, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Event, Filter, Row, Tx, params, sql};

sql! {
    LOCK_ALERT = "SELECT id, org, account_id, customer_id, cycle, source, bill_id, amount_fen, mean_fen, state, note, handled_by, \
                  created_at, handled_at, version FROM huge_charge WHERE id = $1 {for_update}";
    HANDLE = "UPDATE huge_charge SET version = version + 1, state = 'handled', note = $2, handled_by = $3, handled_at = $4 \
              WHERE id = $1 AND state = 'open'";
}

pub fn routes() -> Vec<Route> {
    let base = "/api/v1/billing/runs";
    let (see, act) = (Access::Needs(perms::RUN_READ), Access::Needs(perms::RUN));
    let reason = json!({"reason": ""});
    vec![
        Route::get(base, see, list).doc("Bill runs, the newest first"),
        Route::post(base, act, start).doc("Make the bills of a cycle that has ended").body(json!({"cycle": "2026-11"})),
        Route::get(format!("{base}/{{cycle}}"), see, show).doc("One run and how far it is"),
        Route::post(format!("{base}/{{cycle}}/stop"), act, |ctx: Ctx, id: Path<String>, body: Body<Reason>| {
            turn(ctx, id, body, true)
        })
        .doc("Stop a run; what is billed stays")
        .body(reason.clone()),
        Route::post(format!("{base}/{{cycle}}/resume"), act, |ctx: Ctx, id: Path<String>, body: Body<Reason>| {
            turn(ctx, id, body, false)
        })
        .doc("Go on with a stopped run")
        .body(reason),
        Route::get(format!("{base}/{{cycle}}/failures"), see, failures)
            .doc("Accounts that could not be billed, with the reason"),
        Route::post(format!("{base}/{{cycle}}/failures/{{account}}/retry"), act, retry)
            .doc("Bill one account that had failed"),
        Route::get("/api/v1/billing/huge-charges", Access::Needs(perms::HUGE_READ), alerts)
            .doc("Charges more than five times the mean of the three months before")
            .parameter("state", "open or handled")
            .parameter("customerId", "those of one customer")
            .parameter("mine", "true: only of customers whose manager one is"),
        Route::post("/api/v1/billing/huge-charges/{id}/handle", Access::Needs(perms::HUGE_HANDLE), handle)
            .doc("Say what was done about a huge charge")
            .body(json!({"note": ""})),
    ]
}

/// `2026-11` for a natural month, `2026-11-15` for a cycle that begins on another day.
pub fn parse(text: &str) -> Result<Cycle> {
    let invalid = || Problem::invalid("cycle", text);
    let first = match text.len() {
        7 => Date::parse(&format!("{text}-01")),
        10 => Date::parse(text),
        _ => return Err(invalid()),
    }
    .map_err(|_| invalid())?;
    if first.day() > Cycle::LAST_DAY {
        return Err(invalid());
    }
    Ok(Cycle::starting(first))
}

async fn list(ctx: Ctx) -> Answer {
    let paging = ctx.paging(24, 100)?;
    let found = ctx.read(move |tx| {
        let next = Cycle::month_of(tx.now().date()).previous();
        let known = run::runs(tx, paging.limit)?;
        Ok(json!({
            "items": known,
            "next": if known.iter().any(|r| r.cycle == next) { Value::Null } else { json!(next.label()) },
            "hour": run::hour(tx)?,
        }))
    });
    Ok(Reply::ok(&found.await?))
}

#[derive(Deserialize)]
struct Ask {
    cycle: String,
}

async fn start(ctx: Ctx, body: Body<Ask>) -> Answer {
    let cycle = parse(&body.value.cycle)?;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let run = run::start(tx, cycle)?;
        Ok(Reply::created(&format!("/api/v1/billing/runs/{}", cycle.label()), &run).etag(run.version))
    });
    Ok(reply.await?)
}

async fn show(ctx: Ctx, Path(cycle): Path<String>) -> Answer {
    let cycle = parse(&cycle)?;
    let run = ctx.read(move |tx| run::run(tx, cycle)).await?;
    Ok(Reply::ok(&run).etag(run.version))
}

#[derive(Deserialize)]
struct Reason {
    #[serde(default)]
    reason: String,
}

async fn turn(ctx: Ctx, Path(cycle): Path<String>, body: Body<Reason>, stop: bool) -> Answer {
    let cycle = parse(&cycle)?;
    if body.value.reason.trim().is_empty() {
        return Err(Problem::missing("reason").into());
    }
    let reason = body.value.reason;
    let run = ctx
        .write(move |tx| {
            let run = run::set_stopped(tx, cycle, stop)?;
            let what = if stop { "BillRunStopped" } else { "BillRunResumed" };
            tx.audit(
                what,
                "billRun",
                &cycle.first().to_string(),
                &kernel::OrgPath::root(),
                &json!({"reason": reason.trim()}),
            )?;
            Ok(run)
        })
        .await?;
    Ok(Reply::ok(&run).etag(run.version))
}

async fn failures(ctx: Ctx, Path(cycle): Path<String>) -> Answer {
    let cycle = parse(&cycle)?;
    let paging = ctx.paging(200, 1_000)?;
    Ok(Reply::ok(&ctx.read(move |tx| run::failures(tx, cycle, paging.limit)).await?))
}

async fn retry(ctx: Ctx, Path((cycle, account)): Path<(String, String)>) -> Answer {
    let cycle = parse(&cycle)?;
    let done = ctx
        .write(move |tx| {
            let run = run::run(tx, cycle)?;
            crate::account(tx, &account)?;
            let frame = Frame::read(tx, cycle, run.bill_date())?;
            let done = batch::alone(tx, &frame, &account)?;
            if done.failed > 0 {
                return Err(Problem::new(&problems::RUN_FAILED_AGAIN));
            }
            run::repaired(tx, cycle, &account, &done)?;
            run::run(tx, cycle)
        })
        .await?;
    Ok(Reply::ok(&done).etag(done.version))
}

/// Customers of one manager that a list of theirs looks at.
const MOST_MANAGED: i64 = 1_000;

fn alert_view(tx: &mut Tx<'_>, row: &Row) -> Value {
    let cycle = Date::parse(row.str(4)).map(Cycle::starting);
    let name = match row.str(3) {
        "" => Value::Null,
        id => customer::summary(tx, id).map_or(Value::Null, |c| json!(c.name)),
    };
    let manager = customer::reach(tx, row.str(3)).ok().and_then(|r| r.manager);
    json!({
        "id": row.str(0), "accountId": row.str(2), "customerId": row.str(3), "customerName": name,
        "managerName": manager.map(|(_, name)| name),
        "cycle": cycle.map(Cycle::label).unwrap_or_default(), "source": row.str(5), "billId": row.opt_text(6),
        "amountFen": row.int(7), "meanFen": row.int(8), "state": row.str(9), "note": row.str(10),
        "handledBy": row.str(11), "createdAt": row.time(12), "handledAt": row.opt_time(13),
    })
}

async fn alerts(ctx: Ctx) -> Answer {
    let (customer, state) = (ctx.parameter("customerId"), ctx.parameter("state"));
    let mine = ctx.parameter("mine").as_deref() == Some("true");
    let paging = ctx.paging(50, 200)?;
    let found = ctx.read(move |tx| {
        let mut filter = Filter::default();
        filter.scope("org", tx.actor());
        if let Some(customer) = &customer {
            filter.equal("customer_id", customer.as_str());
        }
        if let Some(state) = &state {
            filter.equal("state", state.as_str());
        }
        if mine {
            let me = tx.actor().id.to_string();
            let all = customer::of_manager(tx, &me, "", MOST_MANAGED)?;
            let ids: Vec<String> = all.into_iter().map(|id| filter.bind(id)).collect();
            // Nobody's manager has nothing to see here.
            filter.and(if ids.is_empty() { "1 = 0".to_owned() } else { format!("customer_id IN ({})", ids.join(", ")) });
        }
        let condition = filter.to_where();
        let (limit, offset) = (filter.bind(paging.limit), filter.bind(paging.offset));
        let text = format!(
            "SELECT id, org, account_id, customer_id, cycle, source, bill_id, amount_fen, mean_fen, state, note, handled_by, \
             created_at, handled_at, version FROM huge_charge{condition} ORDER BY id DESC LIMIT {limit} OFFSET {offset}"
        );
        let rows = tx.query(&text, &filter.binds)?;
        let items: Vec<Value> = rows.iter().map(|row| alert_view(tx, row)).collect();
        let rule = super::alert::Rule::read(tx)?;
        Ok(json!({"items": items, "factor": rule.factor, "months": rule.months, "leastFen": rule.least}))
    });
    Ok(Reply::ok(&found.await?))
}

#[derive(Deserialize)]
struct Note {
    #[serde(default)]
    note: String,
}

async fn handle(ctx: Ctx, Path(id): Path<String>, body: Body<Note>) -> Answer {
    let note = body.value.note.trim().to_owned();
    if note.is_empty() {
        return Err(Problem::missing("note").into());
    }
    let view = ctx
        .write(move |tx| {
            let row = tx.query_one(&LOCK_ALERT, params![id])?;
            tx.must_see(row.str(1))?;
            let name = tx.actor().name.to_string();
            if tx.execute(&HANDLE, params![id, note, name, tx.now()])? == 0 {
                return Err(Problem::new(&problems::HUGE_HANDLED));
            }
            let row = tx.query_one(&LOCK_ALERT, params![id])?;
            let view = alert_view(tx, &row);
            let org = kernel::OrgPath::parse(row.str(1))?;
            let event = Event::new("HugeChargeStateChangeEvent", "hugeCharge", &id, row.int(14), &org)
                .topic(format!("customer:{}", row.str(3)))
                .payload(json!({"hugeCharge": view}))
                .audit(json!({"note": note}));
            tx.emit(event)?;
            Ok(view)
        })
        .await?;
    Ok(Reply::ok(&view))
}
