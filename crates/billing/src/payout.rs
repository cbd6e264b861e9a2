//! Money promised back to a customer (退费) until the counter has handed it over.
//!
//! ```text
//! open ─→ paid        by a cashier, out of the open shift, with a receipt
//!   └───→ withdrawn   its order was taken back: the money is on the balance again
//! ```

use crate::{
    account::{self, Account},
    counter::shift,
    ledger::{self, Entry, Kind, Posting},
    payment::{Method, next_receipt},
    perms, problems,
};
use http::{Access, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use kernel::{Money, Problem, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Event, Filter, Row, Tx, params, sql};

sql! {
    INSERT = "INSERT INTO payout (id, version, org, account_id, customer_id, order_no, amount_fen, state, method, operator_name, \
              collaboration_id, created_at) VALUES ($1, 1, $2, $3, $4, $5, $6, 'open', '', '', $7, $8)";
    LOCK = "SELECT id, version, org, account_id, customer_id, order_no, amount_fen, state, method, receipt_no, operator_name, \
            created_at, paid_at FROM payout WHERE id = $1 {for_update}";
    PAY = "UPDATE payout SET version = version + 1, state = 'paid', method = $2, receipt_no = $3, operator_name = $4, paid_at = $5 \
           WHERE id = $1 AND state = 'open'";
    WITHDRAW = "UPDATE payout SET version = version + 1, state = 'withdrawn' WHERE id = $1 AND state = 'open'";
}

const COLUMNS: &str = "id, version, org, account_id, customer_id, order_no, amount_fen, state, method, receipt_no, \
                       operator_name, created_at, paid_at";

pub fn routes() -> Vec<Route> {
    let pay = Access::Needs(perms::REFUND);
    vec![
        Route::get("/api/v1/counter/payouts", Access::Needs(perms::PAYMENT_READ), list)
            .doc("Money promised back to customers, newest first")
            .parameter("customerId", "those of one customer")
            .parameter("state", "open, paid or withdrawn"),
        Route::post("/api/v1/counter/payouts/{id}/pay", pay, hand_over)
            .doc("Hand the money over, out of the open shift")
            .body(json!({"method": "cash"})),
    ]
}

fn view(row: &Row) -> Value {
    json!({
        "id": row.str(0), "accountId": row.str(3), "customerId": row.str(4), "orderNo": row.str(5), "amountFen": row.int(6),
        "state": row.str(7), "method": row.str(8), "receiptNo": row.opt_text(9), "operator": row.str(10),
        "createdAt": row.time(11), "paidAt": row.opt_time(12),
    })
}

/// Promises an amount that has been taken off the balance.
pub fn open(tx: &mut Tx<'_>, account: &Account, order_no: &str, amount: Money, id: &str) -> Result<String> {
    let own = tx.new_id::<Account>().into_string();
    let binds = params![own, account.org, account.id, account.customer_id, order_no, amount, id, tx.now()];
    tx.execute(&INSERT, binds)?;
    Ok(own)
}

/// The money is on the balance again.
pub fn withdraw(tx: &mut Tx<'_>, id: &str) -> Result<()> {
    let row = tx.query_one(&LOCK, params![id])?;
    match row.str(7) {
        "withdrawn" => return Ok(()),
        "paid" => return Err(Problem::new(&problems::PAYOUT_PAID)),
        _ => {}
    }
    let (account_id, amount) = (row.text(3), row.money(6));
    let account = account::lock(tx, &account_id)?;
    tx.execute(&WITHDRAW, params![id])?;
    let posting = Posting {
        kind: "payable",
        subject_type: "payout",
        subject_id: id,
        shift_id: None,
        org: &account.org,
        entries: vec![
            Entry::new(Kind::Payable, &account_id, amount),
            Entry::new(Kind::Balance, &account_id, amount.negated()),
        ],
    };
    ledger::post(tx, posting)?;
    account::refresh(tx, &account_id)
}

async fn list(ctx: Ctx) -> Answer {
    let (customer, state) = (ctx.parameter("customerId"), ctx.parameter("state"));
    let paging = ctx.paging(50, 200)?;
    let rows = ctx.read(move |tx| {
        let mut filter = Filter::default();
        filter.scope("org", tx.actor());
        if let Some(customer) = &customer {
            filter.equal("customer_id", customer.as_str());
        }
        if let Some(state) = &state {
            filter.equal("state", state.as_str());
        }
        let condition = filter.to_where();
        let (limit, offset) = (filter.bind(paging.limit), filter.bind(paging.offset));
        let text = format!("SELECT {COLUMNS} FROM payout{condition} ORDER BY id DESC LIMIT {limit} OFFSET {offset}");
        Ok(tx.query(&text, &filter.binds)?.iter().map(view).collect::<Vec<_>>())
    });
    Ok(Reply::ok(&rows.await?))
}

#[derive(Deserialize)]
struct Ask {
    method: String,
}

async fn hand_over(ctx: Ctx, Path(id): Path<String>, body: Body<Ask>) -> Answer {
    let method = Method::parse(&body.value.method)?;
    let reply = ctx.create(&body.fingerprint, move |tx| pay(tx, &id, method));
    Ok(reply.await?)
}

fn pay(tx: &mut Tx<'_>, id: &str, method: Method) -> Result<Reply> {
    let row = tx.query_one(&LOCK, params![id])?;
    tx.must_see(row.str(2))?;
    if row.str(7) != "open" {
        return Err(Problem::new(&problems::PAYOUT_STATE).with("state", row.str(7)));
    }
    let (account_id, amount) = (row.text(3), row.money(6));
    let shift_id = shift::for_booking(tx)?;
    let account = account::lock(tx, &account_id)?;
    let till = shift_id.clone().unwrap_or_else(|| tx.actor().id.to_string());
    let posting = Posting {
        kind: "payout",
        subject_type: "payout",
        subject_id: id,
        shift_id: shift_id.as_deref(),
        org: &account.org,
        entries: vec![
            Entry::new(Kind::Payable, &account_id, amount),
            Entry::new(method.account(), &till, amount.negated()),
        ],
    };
    ledger::post(tx, posting)?;
    let receipt_no = next_receipt(tx, "payout", id, amount.negated(), method.name())?;
    let name = tx.actor().name.clone();
    tx.execute(&PAY, params![id, method.name(), receipt_no, &*name, tx.now()])?;
    let paid = view(&tx.query_one(&LOCK, params![id])?);
    let event = Event::new("PayoutPaidEvent", "payout", id, row.int(1) + 1, &account.org)
        .topic(format!("customer:{}", account.customer_id))
        .payload(json!({"payout": paid}))
        .audit(json!({"receiptNo": receipt_no, "amountFen": amount}));
    tx.emit(event)?;
    Ok(Reply::ok(&paid))
}
