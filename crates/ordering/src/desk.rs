//! Orders as the desk lists them.

use crate::READ;
use http::{Access, Answer, Ctx, Reply, Route};
use kernel::{Problem, Result, Timestamp};
use serde::Serialize;
use store::{Filter, Row, Tx};

/// A row of the order list.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderRow {
    pub id: String,
    pub order_no: String,
    pub state: String,
    pub customer_id: String,
    pub customer_name: String,
    pub summary: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub operator: String,
    pub progress: Progress,
    pub amount_fen: i64,
    /// What was asked for, where it is no sale.
    pub business: Option<String>,
    pub effective_at: Option<Timestamp>,
    pub held: bool,
    pub urges: i64,
}

#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Progress {
    pub done: i64,
    pub total: i64,
}

pub(crate) const COLUMNS: &str = "id, order_no, state, customer_id, customer_name, summary, created_at, updated_at, operator, amount_fen, \
     business, effective_at, urges";
const IN_TRANSIT: &str = "state NOT IN ('completed', 'cancelled', 'failed', 'rejected')";

pub fn routes() -> Vec<Route> {
    let mut routes = vec![
        Route::get("/api/v1/orders", Access::Needs(READ), list)
            .doc("Orders, newest first")
            .parameter("state", "one or several states, separated by commas")
            .parameter("customerId", "orders of one customer")
            .parameter("q", "order number, beginning of the customer's name, or a telephone number of the customer")
            .parameter("business", "orders of one business, such as transfer")
            .parameter("booked", "true: those that wait for their day")
            .parameter("sort", "createdAt: oldest first; -createdAt, as by itself: newest first"),
    ];
    routes.extend(crate::price::routes());
    routes
}

async fn list(ctx: Ctx) -> Answer {
    let paging = ctx.paging(50, 200)?;
    let get = |name: &str| ctx.parameter(name).unwrap_or_default();
    let (state, customer, q) = (get("state"), get("customerId"), get("q"));
    let (business, booked) = (get("business"), get("booked") == "true");
    let first = match get("sort").as_str() {
        "" | "-createdAt" => First::Newest,
        "createdAt" => First::Oldest,
        _ => return Err(Problem::invalid("sort", "createdAt | -createdAt").into()),
    };
    let (rows, total) = ctx
        .read(move |tx| {
            let mut filter = scoped(tx);
            if !state.is_empty() {
                let wanted: Vec<String> = state.split(',').map(|s| filter.bind(s)).collect();
                filter.and(format!("state IN ({})", wanted.join(", ")));
            }
            if !customer.is_empty() {
                filter.equal("customer_id", customer.as_str());
            }
            if !business.is_empty() {
                filter.equal("business", business.as_str());
            }
            if booked {
                filter.and("EXISTS (SELECT 1 FROM booking b WHERE b.order_id = product_order.id)".to_owned());
            }
            if !q.is_empty() {
                matching(tx, &mut filter, &q)?;
            }
            let count = format!(
                "SELECT COUNT(*) FROM (SELECT 1 AS one FROM product_order{} LIMIT 10000) AS counted",
                filter.to_where()
            );
            let total = tx.query_one(&count, &filter.binds)?.int(0);
            Ok((select(tx, filter, first, paging.offset, paging.limit)?, total))
        })
        .await?;
    Ok(Reply::ok(&rows).total(total))
}

fn scoped(tx: &Tx<'_>) -> Filter {
    let mut filter = Filter::default();
    filter.scope("org", tx.actor());
    filter
}

/// So many customers share a telephone number at most.
const SHARED: usize = 20;

/// An order number, the beginning of a customer's name, or a telephone number.
fn matching(tx: &mut Tx<'_>, filter: &mut Filter, q: &str) -> Result<()> {
    if customer::is_mobile(q) {
        let found = customer::find(tx, q, SHARED)?;
        let ids: Vec<String> = found.iter().map(|f| filter.bind(f.customer.id.as_str())).collect();
        let condition =
            if ids.is_empty() { "1 = 0".to_owned() } else { format!("customer_id IN ({})", ids.join(", ")) };
        filter.and(condition);
        return Ok(());
    }
    let (number, from) = (filter.bind(q.to_uppercase()), filter.bind(q));
    let to = filter.bind(format!("{q}\u{10ffff}"));
    filter.and(format!("(order_no = {number} OR (customer_name >= {from} AND customer_name < {to}))"));
    Ok(())
}

#[derive(Clone, Copy)]
enum First {
    Newest,
    Oldest,
}

fn select(tx: &mut Tx<'_>, mut filter: Filter, first: First, offset: i64, limit: i64) -> Result<Vec<OrderRow>> {
    let way = match first {
        First::Newest => "DESC",
        First::Oldest => "ASC",
    };
    let (limit, offset) = (filter.bind(limit), filter.bind(offset));
    let text = format!(
        "SELECT {COLUMNS} FROM product_order{} ORDER BY created_at {way}, id {way} LIMIT {limit} OFFSET {offset}",
        filter.to_where()
    );
    tx.query(&text, &filter.binds)?.iter().map(|row| read(tx, row)).collect()
}

fn read(tx: &mut Tx<'_>, row: &Row) -> Result<OrderRow> {
    let (done, total) = flow::saga::progress_of(tx, row.str(0))?.unwrap_or((0, 0));
    Ok(shown(row, Progress { done, total }))
}

/// A row of [`COLUMNS`] with how far its saga has come.
pub(crate) fn shown(row: &Row, progress: Progress) -> OrderRow {
    OrderRow {
        id: row.text(0),
        order_no: row.text(1),
        state: row.text(2),
        customer_id: row.text(3),
        customer_name: row.text(4),
        summary: row.text(5),
        created_at: row.time(6),
        updated_at: row.time(7),
        operator: row.text(8),
        amount_fen: row.int(9),
        business: row.opt_text(10),
        effective_at: row.opt_time(11),
        held: row.str(2) == "held",
        urges: row.int(12),
        progress,
    }
}

/// One order; 404 outside the actor's scope.
pub fn row(tx: &mut Tx<'_>, id: &str) -> Result<OrderRow> {
    let mut filter = scoped(tx);
    filter.equal("id", id);
    select(tx, filter, First::Newest, 0, 1)?.pop().ok_or_else(Problem::not_found)
}

/// A customer's orders, newest first.
pub fn of_customer(tx: &mut Tx<'_>, customer_id: &str, limit: i64) -> Result<Vec<OrderRow>> {
    let mut filter = scoped(tx);
    filter.equal("customer_id", customer_id);
    select(tx, filter, First::Newest, 0, limit)
}

/// A customer's orders that have not ended.
pub fn in_transit(tx: &mut Tx<'_>, customer_id: &str) -> Result<Vec<OrderRow>> {
    let mut filter = scoped(tx);
    filter.equal("customer_id", customer_id);
    filter.and(IN_TRANSIT.to_owned());
    select(tx, filter, First::Newest, 0, 100)
}

/// Orders by number or customer's name.
pub fn find(tx: &mut Tx<'_>, q: &str, limit: i64) -> Result<Vec<OrderRow>> {
    let mut filter = scoped(tx);
    matching(tx, &mut filter, q)?;
    select(tx, filter, First::Newest, 0, limit)
}

pub fn recent(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<OrderRow>> {
    let filter = scoped(tx);
    select(tx, filter, First::Newest, 0, limit)
}

pub fn count_since(tx: &mut Tx<'_>, from: Timestamp) -> Result<i64> {
    Ok(by_hour(tx, from)?.iter().sum())
}

/// Orders taken from `from` on, by hour, for a day.
pub fn by_hour(tx: &mut Tx<'_>, from: Timestamp) -> Result<[i64; 24]> {
    const HOUR: i64 = 3_600_000_000;
    let mut filter = scoped(tx);
    let (since, until) = (filter.bind(from), filter.bind(from.plus_seconds(86_400)));
    filter.and(format!("created_at >= {since} AND created_at < {until}"));
    let text =
        format!("SELECT (created_at - {since}) / {HOUR}, COUNT(*) FROM product_order{} GROUP BY 1", filter.to_where());
    let mut hours = [0; 24];
    for row in tx.query(&text, &filter.binds)? {
        hours[usize::try_from(row.int(0)).unwrap_or(0).min(23)] += row.int(1);
    }
    Ok(hours)
}
