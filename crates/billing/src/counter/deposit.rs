//! Security deposits (保证金): held for a customer, apart from every balance, until they are given back or put against what
//! is owed.
//!
//! ```text
//! held ─→ returned    handed back by a cashier, out of the open shift
//!   └───→ applied     moved to the balance, which pays the bills
//! ```

use super::shift;
use crate::{
    account, bill,
    ledger::{self, Entry, Kind, Posting},
    payment::{self, next_receipt},
    problems, settings,
};
use kernel::{Money, Problem, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Event, Filter, Row, Tx, params, sql};

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ask {
    pub customer_id: String,
    pub account_id: Option<String>,
    pub amount_fen: i64,
    pub method: String,
    pub purpose: String,
}

macro_rules! columns {
    () => {
        "id, version, org, account_id, customer_id, amount_fen, held_fen, method, purpose, state, receipt_no, return_receipt_no, \
         operator_name, created_at"
    };
}

sql! {
    INSERT = "INSERT INTO security_deposit (id, version, org, account_id, customer_id, amount_fen, held_fen, method, purpose, state, \
              receipt_no, operator_name, created_at, updated_at) VALUES ($1, 1, $2, $3, $4, $5, $5, $6, $7, 'held', $8, $9, $10, $10)";
    LOCK = concat!("SELECT ", columns!(), " FROM security_deposit WHERE id = $1 {for_update}");
    END = "UPDATE security_deposit SET version = version + 1, state = $3, held_fen = 0, return_receipt_no = $4, updated_at = $5 \
           WHERE id = $1 AND version = $2 AND state = 'held'";
}

fn view(row: &Row) -> Value {
    json!({
        "id": row.str(0), "accountId": row.str(3), "customerId": row.str(4), "amountFen": row.int(5), "heldFen": row.int(6),
        "method": row.str(7), "purpose": row.str(8), "state": row.str(9), "receiptNo": row.str(10),
        "returnReceiptNo": row.opt_text(11), "operator": row.str(12), "createdAt": row.time(13),
    })
}

fn told(tx: &mut Tx<'_>, id: &str, what: &str) -> Result<Value> {
    let row = tx.query_one(&LOCK, params![id])?;
    let (shown, org) = (view(&row), kernel::OrgPath::parse(row.str(2))?);
    let event = Event::new(format!("SecurityDeposit{what}Event"), "securityDeposit", id, row.int(1), &org)
        .topic(format!("customer:{}", row.str(4)))
        .payload(json!({"securityDeposit": shown}))
        .audit(json!({"amountFen": row.int(5), "state": row.str(9), "purpose": row.str(8)}));
    tx.emit(event)?;
    Ok(shown)
}

/// Takes a deposit.
pub fn take(tx: &mut Tx<'_>, ask: &Ask) -> Result<Value> {
    let amount = Money::fen(ask.amount_fen);
    if amount <= Money::ZERO || amount > settings::MAX_PAYMENT.money(tx)? {
        return Err(Problem::new(&problems::AMOUNT_REFUSED).field("amountFen").with("value", &amount.to_string()));
    }
    let purpose = ask.purpose.trim();
    if purpose.is_empty() || purpose.chars().count() > 100 {
        return Err(Problem::invalid("purpose", "1–100"));
    }
    let method = payment::at_counter(&ask.method)?;
    let shift_id = shift::for_booking(tx)?;
    let account_id = match ask.account_id.as_deref().filter(|id| !id.is_empty()) {
        Some(id) => id.to_owned(),
        None => account::account_of(tx, &ask.customer_id)?.id,
    };
    let account = account::lock(tx, &account_id)?;
    if account.customer_id != ask.customer_id {
        return Err(Problem::not_found());
    }
    let id = tx.new_id::<Ask>().into_string();
    let by = tx.actor().clone();
    let till = shift_id.clone().unwrap_or_else(|| by.id.to_string());
    let entries =
        vec![Entry::new(method.account(), &till, amount), Entry::new(Kind::Deposit, &account.id, amount.negated())];
    post(tx, "deposit", &id, shift_id.as_deref(), &account.org, entries)?;
    let receipt_no = next_receipt(tx, "deposit", &id, amount, method.name())?;
    tx.execute(
        &INSERT,
        params![
            id,
            account.org,
            account.id,
            account.customer_id,
            amount,
            method.name(),
            purpose,
            receipt_no,
            &*by.name,
            tx.now()
        ],
    )?;
    told(tx, &id, "Create")
}

fn post(
    tx: &mut Tx<'_>,
    kind: &'static str,
    id: &str,
    shift_id: Option<&str>,
    org: &kernel::OrgPath,
    entries: Vec<Entry>,
) -> Result<()> {
    let posting = Posting { kind, subject_type: "securityDeposit", subject_id: id, shift_id, org, entries };
    ledger::post(tx, posting).map(drop)
}

fn held(tx: &mut Tx<'_>, id: &str) -> Result<Row> {
    let row = tx.query_one(&LOCK, params![id])?;
    tx.must_see(row.str(2))?;
    match row.str(9) {
        "held" => Ok(row),
        _ => Err(Problem::new(&problems::DEPOSIT_STATE)),
    }
}

/// Hands the deposit back, by the way it came where that way goes back at all.
pub fn give_back(tx: &mut Tx<'_>, id: &str, method: &str) -> Result<Value> {
    let row = held(tx, id)?;
    let way = payment::Method::parse(method)?;
    let came = payment::Method::parse(row.str(7))?;
    if !way.pays_back() || (came.pays_back() && way != came) {
        return Err(Problem::new(&problems::REFUND_METHOD).field("method").with("value", &way.both()));
    }
    let shift_id = shift::for_booking(tx)?;
    let account = account::lock(tx, row.str(3))?;
    let till = shift_id.clone().unwrap_or_else(|| tx.actor().id.to_string());
    let amount = row.money(6);
    let entries =
        vec![Entry::new(Kind::Deposit, &account.id, amount), Entry::new(way.account(), &till, amount.negated())];
    post(tx, "depositReturn", id, shift_id.as_deref(), &account.org, entries)?;
    let receipt_no = next_receipt(tx, "depositReturn", id, amount.negated(), way.name())?;
    tx.execute_versioned(&END, params![id, row.int(1), "returned", receipt_no, tx.now()])?;
    told(tx, id, "StateChange")
}

/// Moves the deposit to the balance, which pays what is owed.
pub fn apply(tx: &mut Tx<'_>, id: &str) -> Result<Value> {
    let row = held(tx, id)?;
    let account = account::lock(tx, row.str(3))?;
    let amount = row.money(6);
    let entries =
        vec![Entry::new(Kind::Deposit, &account.id, amount), Entry::new(Kind::Balance, &account.id, amount.negated())];
    post(tx, "depositApply", id, None, &account.org, entries)?;
    tx.execute_versioned(&END, params![id, row.int(1), "applied", None::<String>, tx.now()])?;
    bill::settle(tx, &account)?;
    account::refresh(tx, &account.id)?;
    told(tx, id, "StateChange")
}

pub fn list(tx: &mut Tx<'_>, customer_id: Option<&str>, state: Option<&str>) -> Result<Vec<Value>> {
    let mut filter = Filter::default();
    filter.scope("org", tx.actor());
    for (column, value) in [("customer_id", customer_id), ("state", state)] {
        if let Some(value) = value {
            filter.equal(column, value);
        }
    }
    let text = format!(
        concat!("SELECT ", columns!(), " FROM security_deposit{} ORDER BY id DESC LIMIT 200"),
        filter.to_where()
    );
    Ok(tx.query(&text, &filter.binds)?.iter().map(view).collect())
}
