//! Work by hand that an order needs: a person takes it, does it, and reports it done or says why not. An order waits for
//! it, but for work that is detached, such as fetching a device back.

use crate::{NETWORK_READ, WORK, adapter, problems, shared};
use flow::{Outcome, StepCtx};
use http::{Access, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use kernel::{Actor, OrgPath, Problem, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{Event, Filter, Row, Tx, params, sql};

/// Looks again by itself after so many seconds; a report wakes it before.
const LOOK: i64 = 60;

sql! {
    OPEN = "INSERT INTO work_order (id, work_key, order_id, product_id, org, task, title_zh, title_en, place, detached, state, result, created_at) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open', '', $11) ON CONFLICT (work_key) DO NOTHING";
    BY_KEY = "SELECT id, state, result FROM work_order WHERE work_key = $1";
    ONE = "SELECT id, order_id, org, state, detached FROM work_order WHERE id = $1 {for_update}";
    END = "UPDATE work_order SET state = $2, result = $3, worker = $4, ended_at = $5 WHERE id = $1 AND state = 'open'";
    WITHDRAW = "UPDATE work_order SET state = 'withdrawn', result = 'order cancelled', ended_at = $2 WHERE work_key = $1 AND state = 'open'";
    AGAIN = "UPDATE work_order SET state = 'open', result = '', worker = NULL, ended_at = NULL WHERE work_key = $1 AND state = 'failed'";
    HAND_BACK = "UPDATE work_order SET reported = 1 WHERE work_key = $1 AND state = 'failed' AND reported = 0";
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkOrder {
    pub id: String,
    pub order_id: String,
    pub product_id: String,
    pub org: String,
    pub task: String,
    pub title: Value,
    pub place: String,
    pub detached: bool,
    pub state: String,
    pub result: String,
    pub worker: Option<String>,
    pub created_at: kernel::Timestamp,
    pub ended_at: Option<kernel::Timestamp>,
}

const COLUMNS: &str = "id, order_id, product_id, org, task, title_zh, title_en, place, detached, state, result, worker, created_at, ended_at";

fn read(row: &Row) -> WorkOrder {
    WorkOrder {
        id: row.text(0),
        order_id: row.text(1),
        product_id: row.text(2),
        org: row.text(3),
        task: row.text(4),
        title: json!({"zh-CN": row.text(5), "en": row.text(6)}),
        place: row.text(7),
        detached: row.flag(8),
        state: row.text(9),
        result: row.text(10),
        worker: row.opt_text(11),
        created_at: row.time(12),
        ended_at: row.opt_time(13),
    }
}

/// The step's do: opens the work, and is done when it is done.
pub async fn ask(ctx: StepCtx) -> Outcome {
    let (app, actor) = (ctx.app.clone(), Actor::system_at(ctx.org.clone()));
    match app.db().write(actor, move |tx| open(tx, &ctx)).await {
        Ok(Looked::Done) => Outcome::done(),
        Ok(Looked::Open(until)) => Outcome::Waiting { until },
        Ok(Looked::Failed(problem)) => Outcome::Failed { problem, retryable: false, uncertain: false },
        Err(problem) => Outcome::failed(problem),
    }
}

enum Looked {
    Done,
    Open(kernel::Timestamp),
    Failed(Problem),
}

fn open(tx: &mut Tx<'_>, ctx: &StepCtx) -> Result<Looked> {
    let text = |name: &str| ctx.input[name].as_str().unwrap_or("").to_owned();
    let key = ctx.key();
    let now = tx.now();
    if let Some(row) = tx.query_opt(&BY_KEY, params![key])? {
        return match row.str(1) {
            "done" => Ok(Looked::Done),
            // It comes again after it was shown to a person: that one wants it tried again.
            "failed" if tx.execute(&HAND_BACK, params![key])? == 0 => {
                tx.execute(&AGAIN, params![key])?;
                Ok(Looked::Open(now.plus_seconds(LOOK)))
            }
            "failed" => Ok(Looked::Failed(
                Problem::new(&problems::WORK_FAILED).with("task", &text("task")).with("detail", row.str(2)),
            )),
            _ => Ok(Looked::Open(now.plus_seconds(LOOK))),
        };
    }
    let wish = adapter::Wish {
        target: ctx.target.clone(),
        verb: adapter::Verb::Deactivate,
        undo: false,
        input: ctx.input.clone(),
    };
    let detached = ctx.input["detached"] == true;
    let told = adapter::told(tx, &wish)?;
    if let Some(thing) = told.shared.as_ref().filter(|_| detached)
        && shared::users(tx, thing)?.iter().any(|p| p != wish.product())
    {
        return Ok(Looked::Done); // others use the device still: it stays
    }
    let place = ["installAddress", "aEndAddress"]
        .into_iter()
        .find_map(|name| told.attributes.get(name).and_then(Value::as_str))
        .unwrap_or("")
        .to_owned();
    let saga = flow::saga::load(tx, &ctx.saga_id)?;
    let (zh, en) = saga.plan.steps.get(ctx.step).map_or(("", ""), |s| (s.zh.as_str(), s.en.as_str()));
    let id = tx.new_id::<WorkOrder>();
    let product = text("product");
    let task = text("task");
    tx.execute(&OPEN, params![id, key, ctx.subject_id, product, ctx.org, task, zh, en, place, detached, now])?;
    let event = Event::new("WorkOrderCreateEvent", "workOrder", id.as_str(), 1, &ctx.org);
    tx.emit(event.payload(json!({"workOrder": {"id": id.as_str(), "task": task, "orderId": ctx.subject_id}})))?;
    Ok(if detached { Looked::Done } else { Looked::Open(now.plus_seconds(LOOK)) })
}

/// The step's undo: what nobody has done yet is withdrawn.
pub async fn withdraw(ctx: StepCtx) -> Outcome {
    Outcome::applied(move |tx| {
        let now = tx.now();
        tx.execute(&WITHDRAW, params![ctx.key(), now]).map(drop)
    })
}

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/network/work", Access::Needs(NETWORK_READ), list)
            .doc("Work by hand that orders ask for, the longest waiting first")
            .parameter("state", "open, done, failed or withdrawn; open by itself")
            .parameter("orderId", "of one order"),
        Route::post("/api/v1/network/work/{id}/done", Access::Needs(WORK), done)
            .doc("Report work as done")
            .body(json!({"result": "已回收光猫一台"})),
        Route::post("/api/v1/network/work/{id}/failed", Access::Needs(WORK), failed)
            .doc("Report that work cannot be done; the order falls out")
            .body(json!({"result": "用户不在家"})),
    ]
}

async fn list(ctx: Ctx) -> Answer {
    let paging = ctx.paging(50, 200)?;
    let state = ctx.parameter("state").unwrap_or_else(|| "open".into());
    let order = ctx.parameter("orderId");
    let (rows, total) = ctx
        .read(move |tx| {
            let mut filter = Filter::default();
            filter.scope("org", tx.actor());
            if state != "all" {
                filter.equal("state", state.as_str());
            }
            if let Some(order) = &order {
                filter.equal("order_id", order.as_str());
            }
            let condition = filter.to_where();
            let total = tx.query_one(&format!("SELECT COUNT(*) FROM work_order{condition}"), &filter.binds)?.int(0);
            let (limit, offset) = (filter.bind(paging.limit), filter.bind(paging.offset));
            let text = format!(
                "SELECT {COLUMNS} FROM work_order{condition} ORDER BY created_at, id LIMIT {limit} OFFSET {offset}"
            );
            let rows: Vec<WorkOrder> = tx.query(&text, &filter.binds)?.iter().map(read).collect();
            Ok((rows, total))
        })
        .await?;
    Ok(Reply::ok(&rows).total(total))
}

#[derive(Deserialize)]
struct Report {
    #[serde(default)]
    result: String,
}

async fn done(ctx: Ctx, Path(id): Path<String>, body: Body<Report>) -> Answer {
    report(ctx, id, body.value.result, "done").await
}

async fn failed(ctx: Ctx, Path(id): Path<String>, body: Body<Report>) -> Answer {
    report(ctx, id, body.value.result, "failed").await
}

async fn report(ctx: Ctx, id: String, result: String, state: &'static str) -> Answer {
    let result: String = result.trim().chars().take(500).collect();
    if result.is_empty() {
        return Err(Problem::missing("result").into());
    }
    ctx.write(move |tx| {
        let row = tx.query_one(&ONE, params![id])?;
        tx.must_see(row.str(2))?;
        let (order, org) = (row.text(1), OrgPath::parse(row.str(2))?);
        let (who, now) = (tx.actor().name.to_string(), tx.now());
        if tx.execute(&END, params![id, state, result, who, now])? == 0 {
            return Err(Problem::new(&problems::WORK_ENDED));
        }
        tx.audit(&format!("work.{state}"), "workOrder", &id, &org, &json!({"result": result, "orderId": order}))?;
        let event = Event::new("WorkOrderStateChangeEvent", "workOrder", &id, 2, &org);
        tx.emit(event.payload(json!({"workOrder": {"id": id, "state": state, "orderId": order}})))?;
        flow::saga::wake(tx, &order)
    })
    .await?;
    Ok(Reply::no_content())
}
