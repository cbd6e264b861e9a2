//! Finding, paying, reversing and printing over HTTP.

use crate::{
    account, bill, books, late, ledger,
    payment::{self, Take},
    problems, subscription,
};
use http::{Answer, Body, Ctx, Reply, axum::extract::Path};
use kernel::{Date, Money, Problem, Result, mask_phone};
use party::PRIVACY_VIEW;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use store::Tx;

/// A customer as the counter shows it; the telephone is masked unless the actor may see it.
pub fn customer_line(tx: &mut Tx<'_>, customer_id: &str) -> Result<Value> {
    let customer = customer::summary(tx, customer_id)?;
    Ok(json!({
        "id": customer.id, "name": customer.name, "phone": customer.phone, "customerNo": customer.customer_no,
        "kind": customer.kind,
    }))
}

/// A number that a customer is served under, masked unless the actor may see it.
pub fn shown_number(tx: &Tx<'_>, number: &str) -> String {
    if number.is_empty() || tx.actor().may(PRIVACY_VIEW) { number.to_owned() } else { mask_phone(number) }
}

/// How many customers are named when what was typed fits several.
const CHOICES: usize = 8;

pub async fn dues(ctx: Ctx) -> Answer {
    let (q, customer_id) = (ctx.parameter("q"), ctx.parameter("customerId"));
    let view = ctx.read(move |tx| {
        let mut choices = Vec::new();
        let id = match (&customer_id, &q) {
            (Some(id), _) => id.clone(),
            (None, Some(q)) => {
                let mut found = candidates(tx, q)?;
                if found.is_empty() {
                    return Err(Problem::new(&problems::NOT_FOUND_AT_COUNTER).with("value", q));
                }
                let first = found.remove(0);
                for other in found {
                    choices.push(customer_line(tx, &other)?);
                }
                first
            }
            (None, None) => return Err(Problem::missing("q")),
        };
        let mut view = dues_of(tx, &id)?;
        view["others"] = Value::Array(choices);
        Ok(view)
    });
    Ok(Reply::ok(&view.await?))
}

/// Customers that `q` may mean, best first: a number in service, an account, then whatever the one box finds.
fn candidates(tx: &mut Tx<'_>, q: &str) -> Result<Vec<String>> {
    let q = q.trim();
    let mut ids = Vec::new();
    let number = kernel::Phone::parse(q).map_or_else(|_| q.to_owned(), |p| p.national().to_owned());
    let served = subscription::customer_of_number(tx, &number)?;
    let holder = account::customer_of_number(tx, q)?;
    for id in [served, holder].into_iter().flatten() {
        // Someone out of scope is as good as not found.
        if customer::summary(tx, &id).is_ok() {
            ids.push(id);
        }
    }
    for found in customer::find(tx, q, CHOICES)? {
        ids.push(found.customer.id);
    }
    let mut seen = std::collections::HashSet::new();
    ids.retain(|id| seen.insert(id.clone()));
    Ok(ids)
}

fn dues_of(tx: &mut Tx<'_>, customer_id: &str) -> Result<Value> {
    let customer = customer_line(tx, customer_id)?;
    let (mut accounts, mut total, mut late_total) = (Vec::new(), Money::ZERO, Money::ZERO);
    let rule = late::rule(tx)?;
    for account in account::accounts_of(tx, customer_id)? {
        let mut bills = Vec::new();
        for bill in bill::open(tx, &account.id)? {
            total = total.plus(bill.remaining)?;
            let lines = bill::lines_of(tx, &bill.id)?;
            let (days, fee) = late::fee_of(tx, rule, &bill)?;
            late_total = late_total.plus(fee)?;
            let mut row = json!(bill::BillRow::from(bill));
            row["lines"] = lines;
            row["lateDays"] = json!(days);
            row["lateFeeFen"] = json!(fee);
            bills.push(row);
        }
        accounts.push(json!({
            "id": account.id, "accountNo": account.account_no, "name": account.name, "balanceFen": account.balance, "bills": bills,
            "books": books::of_account(tx, &account.id)?, "securityFen": ledger::security(tx, &account.id)?,
        }));
    }
    Ok(
        json!({"customer": customer, "accounts": accounts, "totalDueFen": total, "lateFeeFen": late_total, "toPayFen": total.plus(late_total)?}),
    )
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PayAsk {
    customer_id: String,
    account_id: Option<String>,
    amount_fen: i64,
    method: String,
    tendered_fen: Option<i64>,
    #[serde(default)]
    reference: String,
    #[serde(default)]
    note: String,
}

pub async fn pay(ctx: Ctx, body: Body<PayAsk>) -> Answer {
    let ask = body.value;
    for (field, text) in [("reference", &ask.reference), ("note", &ask.note)] {
        if text.chars().count() > 500 {
            return Err(Problem::invalid(field, "0–500").into());
        }
    }
    if ask.customer_id.is_empty() {
        return Err(Problem::missing("customerId").into());
    }
    let ask = Take {
        customer_id: ask.customer_id,
        account_id: ask.account_id.filter(|id| !id.is_empty()),
        amount: Money::fen(ask.amount_fen),
        method: payment::at_counter(&ask.method)?,
        tendered: ask.tendered_fen.map(Money::fen),
        reference: ask.reference,
        note: ask.note,
        extra: Map::new(),
    };
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let taken = payment::take(tx, &ask)?;
        Ok(Reply::created(&payment::PAYMENT.href(&taken.id), &taken))
    });
    Ok(reply.await?)
}

/// What is written on a receipt that comes back.
pub fn how_returned(text: Option<&str>) -> Result<Option<&'static str>, Problem> {
    match text {
        None | Some("") => Ok(None),
        Some("recovered") => Ok(Some("原凭证收回 recovered")),
        Some("redLettered") => Ok(Some("红冲 red-lettered")),
        Some(_) => Err(Problem::invalid("receiptReturn", "recovered, redLettered")),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReverseAsk {
    reason: String,
    /// What became of the printed receipt: `recovered` or `redLettered`.
    receipt_return: Option<String>,
}

pub async fn reverse(ctx: Ctx, Path(id): Path<String>, body: Body<ReverseAsk>) -> Answer {
    let reason = body.value.reason.trim().to_owned();
    if reason.is_empty() || reason.chars().count() > 500 {
        return Err(Problem::invalid("reason", "1–500").into());
    }
    let returned = how_returned(body.value.receipt_return.as_deref())?;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        if let Some(how) = returned {
            payment::prints::void(tx, &id, how, false)?;
        }
        let taken = payment::reverse(tx, &id, &reason)?;
        Ok(Reply::created(&payment::PAYMENT.href(&taken.id), &taken))
    });
    Ok(reply.await?)
}

pub async fn payments(ctx: Ctx) -> Answer {
    let day = match ctx.parameter("date") {
        Some(text) => Date::parse(&text)?,
        None => ctx.now().date(),
    };
    let operator = match ctx.parameter("operator").as_deref() {
        Some("me") => Some(ctx.actor.id.to_string()),
        other => other.map(str::to_owned),
    };
    let paging = ctx.paging(200, 1_000)?;
    let (rows, total) = ctx
        .read(move |tx| payment::taken_on(tx, &day.to_string(), operator.as_deref(), paging.offset, paging.limit))
        .await?;
    Ok(Reply::ok(&rows).total(total))
}

pub async fn receipt(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let receipt = ctx.read(move |tx| payment::receipt(tx, &id)).await?;
    Ok(Reply::ok(&receipt))
}
