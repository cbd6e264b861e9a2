//! Orders that wait for their day (预约): looked at when it has come, begun when the product is free.
//!
//! A booked order holds only its place in the row (`booked:close`); others may change the product meanwhile. On its day it is
//! checked again from the beginning. Where another order holds the product, or a check fails, it goes on waiting and says why,
//! until it can begin, is put right or cancelled.

use crate::{
    READ,
    acceptance::{Case, case_of, examine, lock, problem_json, start},
    order::PRODUCT_ORDER,
    settings,
};
use flow::Reconciler;
use http::{Access, Answer, App, Ctx, Reply, Route, tmf};
use kernel::{Actor, Lang, OrgPath, Result, Timestamp};
use serde_json::{Value, json};
use store::{Filter, Tx, params, sql};

sql! {
    BOOK = "INSERT INTO booking (order_id, org, business, subject_id, customer_id, effective_at, look_at, held) VALUES ($1, $2, $3, $4, $5, $6, $6, 0)";
    DUE = "SELECT order_id FROM booking WHERE held = 0 AND look_at <= $1 ORDER BY look_at, order_id LIMIT 100";
    LOCK = "SELECT effective_at, org, held FROM booking WHERE order_id = $1 {for_update}";
    SHOWN = "SELECT effective_at, held, waiting FROM booking WHERE order_id = $1";
    WAIT = "UPDATE booking SET look_at = $2, waiting = $3 WHERE order_id = $1";
    MOVE = "UPDATE booking SET effective_at = $2, look_at = $2, waiting = NULL WHERE order_id = $1";
    HOLD = "UPDATE booking SET held = $2 WHERE order_id = $1";
    GONE = "DELETE FROM booking WHERE order_id = $1";
    NUDGE = "UPDATE booking SET look_at = $2 WHERE subject_id = $1 AND effective_at <= $2 AND look_at > $2";
}

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/bookings", Access::Needs(READ), list)
            .doc("Orders that wait for their day, the nearest first, with what keeps those whose day has come")
            .parameter("customerId", "of one customer"),
    ]
}

/// Periodic work of this module.
pub fn reconciler() -> Reconciler {
    Reconciler { name: "ordering.bookings", every_seconds: 10, run: |app| Box::pin(round(app)) }
}

/// Puts an order into the row for its day.
pub fn book(tx: &mut Tx<'_>, case: &Case, order_id: &str, org: &OrgPath) -> Result<()> {
    let customer = &case.target.customer.id;
    let subject = case.target.product.as_ref().map_or(customer, |p| &p.id);
    lock::take(tx, subject, &lock::booked(case.business), order_id, org)?;
    let binds = params![order_id, org, case.business.name(), subject, customer, case.at];
    tx.execute(&BOOK, binds)?;
    tx.poke();
    Ok(())
}

async fn round(app: App) -> Result<()> {
    let due = app.db().read(Actor::system(), |tx| {
        let now = tx.now();
        Ok(tx.query(&DUE, params![now])?.iter().map(|r| r.text(0)).collect::<Vec<_>>())
    });
    for id in due.await? {
        let begun = app.db().write(Actor::system(), {
            let id = id.clone();
            move |tx| begin(tx, &id)
        });
        if let Err(problem) = begun.await {
            tracing::warn!(order = %id, %problem, "a booked order could not begin");
            let told = move |tx: &mut Tx<'_>| wait(tx, &id, &[problem_json(&problem)]);
            app.db().write(Actor::system(), told).await?;
        }
    }
    Ok(())
}

/// Begins an order whose day has come, or notes why it cannot.
fn begin(tx: &mut Tx<'_>, id: &str) -> Result<()> {
    let Some(row) = tx.query_opt(&LOCK, params![id])? else { return Ok(()) };
    let (at, org) = (row.time(0), OrgPath::parse(row.str(1))?);
    if row.flag(2) || at > tx.now() {
        return Ok(());
    }
    let mut order = tmf::lock(tx, &PRODUCT_ORDER, id)?;
    let case = case_of(tx, &order, at)?;
    let (problems, change) = examine(tx, &case)?;
    let Some(change) = change.filter(|_| problems.all().is_empty()) else {
        let why: Vec<Value> = problems.all().iter().map(problem_json).collect();
        return wait(tx, id, &why);
    };
    lock::release_booked(tx, id)?;
    tx.execute(&GONE, params![id])?;
    let before = order.body.clone();
    start(tx, &case, case.business.spec(), change, id, &org, &mut order.body)?;
    crate::order::note(tx, &mut order, ("预约到期，开始办理", "Its day has come"));
    tmf::save(tx, &PRODUCT_ORDER, &before, &mut order)
}

fn wait(tx: &mut Tx<'_>, id: &str, why: &[Value]) -> Result<()> {
    let again = tx.now().plus_seconds(settings::BOOKING_RETRY.number(tx)?);
    tx.execute(&WAIT, params![id, again, json!(why)]).map(drop)
}

/// The product is free again: orders that wait for it look at once.
pub fn nudge(tx: &mut Tx<'_>, subject: &str) -> Result<()> {
    let now = tx.now();
    tx.execute(&NUDGE, params![subject, now]).map(drop)
}

/// When a booked order takes effect; `None` where the order is not waiting for a day.
pub fn day_of(tx: &mut Tx<'_>, order_id: &str) -> Result<Option<Timestamp>> {
    Ok(tx.query_opt(&SHOWN, params![order_id])?.map(|r| r.time(0)))
}

/// How a booked order waits, for its page.
pub fn of_order(tx: &mut Tx<'_>, order_id: &str, lang: Lang) -> Result<Value> {
    let Some(row) = tx.query_opt(&SHOWN, params![order_id])? else { return Ok(Value::Null) };
    let waiting = row.opt_text(2).map_or(Value::Null, |_| row.json(2));
    let why: Vec<Value> = waiting.as_array().into_iter().flatten().map(|w| told(w, lang)).collect();
    Ok(json!({"effectiveAt": row.time(0), "held": row.flag(1), "waiting": why}))
}

fn told(why: &Value, lang: Lang) -> Value {
    let name = if lang == Lang::En { "en" } else { "zh-CN" };
    json!({"code": why["code"], "reason": why["reason"][name], "message": why["message"][name]})
}

pub fn move_to(tx: &mut Tx<'_>, order_id: &str, at: Timestamp) -> Result<()> {
    tx.execute(&MOVE, params![order_id, at]).map(drop)
}

pub fn hold(tx: &mut Tx<'_>, order_id: &str, held: bool) -> Result<()> {
    tx.execute(&HOLD, params![order_id, held]).map(drop)
}

/// The order waits no longer: it was cancelled.
pub fn drop_from_row(tx: &mut Tx<'_>, order_id: &str) -> Result<()> {
    tx.execute(&GONE, params![order_id]).map(drop)
}

async fn list(ctx: Ctx) -> Answer {
    let paging = ctx.paging(50, 200)?;
    let customer = ctx.parameter("customerId").unwrap_or_default();
    let lang = ctx.lang;
    let rows = ctx
        .read(move |tx| {
            let mut filter = Filter::default();
            filter.scope("b.org", tx.actor());
            if !customer.is_empty() {
                filter.equal("b.customer_id", customer.as_str());
            }
            let (limit, offset) = (filter.bind(paging.limit), filter.bind(paging.offset));
            let text = format!(
                "SELECT b.order_id, o.order_no, b.business, b.subject_id, b.customer_id, o.customer_name, b.effective_at, b.held, \
                 b.waiting, o.summary FROM booking b JOIN product_order o ON o.id = b.order_id{} \
                 ORDER BY b.effective_at, b.order_id LIMIT {limit} OFFSET {offset}",
                filter.to_where()
            );
            Ok(tx.query(&text, &filter.binds)?.iter().map(|r| shown(r, lang)).collect::<Vec<Value>>())
        })
        .await?;
    Ok(Reply::ok(&rows))
}

fn shown(row: &store::Row, lang: Lang) -> Value {
    let waiting = row.opt_text(8).map_or(Value::Null, |_| row.json(8));
    let why: Vec<Value> = waiting.as_array().into_iter().flatten().map(|w| told(w, lang)).collect();
    json!({
        "orderId": row.str(0), "orderNo": row.str(1), "business": row.str(2), "productId": row.str(3), "customerId": row.str(4),
        "customerName": row.str(5), "effectiveAt": row.time(6), "held": row.flag(7), "waitingFor": why, "summary": row.str(9),
    })
}
