//! TMF676: payments and refunds of other systems.
//!
//! A payment that names one of our accounts and an amount is booked as at the counter. One that does not (no amount, or a
//! foreign account) is recorded as `pending` and moves no money.

use super::{
    Method, PENDING, Payment,
    document::{self, PAYMENT},
    refund,
    take::{Take, take},
};
use crate::{account, perms};
use http::{Access, Answer, Body, Ctx, Reply, Route, tmf};
use kernel::{Money, Problem, Result, codes};
use serde_json::{Map, Value, json};
use store::Tx;

pub fn routes() -> Vec<Route> {
    let bases = std::iter::once(document::API.base).chain(document::API.aliases.iter().copied());
    let example = json!({"account": {"id": ""}, "paymentMethod": {"name": "transfer"}, "totalAmount": {"unit": "CNY", "value": 100}});
    let creates = bases.flat_map(|base| {
        [
            Route::post(format!("{base}/payment"), Access::Needs(perms::PAYMENT_TAKE), create)
                .doc("Create Payment")
                .body(example.clone()),
            Route::post(format!("{base}/refund"), Access::Needs(perms::REFUND), refund::create)
                .doc("Create Refund")
                .body(example.clone()),
        ]
    });
    let mut routes: Vec<Route> = creates.collect();
    routes.extend(tmf::routes(&PAYMENT));
    routes.extend(tmf::routes(&refund::REFUND));
    routes
}

async fn create(ctx: Ctx, body: Body<Map<String, Value>>) -> Answer {
    let Body { value, fingerprint, .. } = body;
    let reply = ctx.create(&fingerprint, move |tx| {
        mandatory(&value)?;
        let id = match booking(tx, &value)? {
            Some(ask) => take(tx, &ask)?.id,
            None => record(tx, &value)?,
        };
        let payment = super::payment(tx, &id)?;
        Ok(Reply::created(&PAYMENT.href(&id), &payment.body).etag(payment.version))
    });
    Ok(reply.await?)
}

pub fn mandatory(body: &Map<String, Value>) -> Result<()> {
    for name in PAYMENT.mandatory {
        match body.get(*name) {
            None | Some(Value::Null) => return Err(Problem::missing(name)),
            Some(Value::Object(_)) => {}
            Some(_) => return Err(Problem::invalid(name, "object")),
        }
    }
    Ok(())
}

/// The account that the body names, where it is ours and to be seen.
pub fn named_account(tx: &mut Tx<'_>, body: &Map<String, Value>) -> Result<Option<account::Account>> {
    let Some(id) = body.get("account").and_then(|a| a["id"].as_str()) else { return Ok(None) };
    match account::account(tx, id) {
        Err(problem) if problem.is(&codes::NOT_FOUND) => Ok(None),
        other => other.map(Some),
    }
}

/// The amount that the body names; `None` for an empty one.
pub fn named_amount(body: &Map<String, Value>) -> Result<Option<Money>> {
    match body.get("totalAmount") {
        Some(Value::Object(amount)) if amount.is_empty() => Ok(None),
        Some(amount) => Money::from_tmf(amount).map(Some),
        None => Ok(None),
    }
}

pub fn named_method(body: &Map<String, Value>) -> Result<Method> {
    let method = body.get("paymentMethod").cloned().unwrap_or_default();
    match method["name"].as_str().or_else(|| method["@type"].as_str()) {
        // Points and recharge cards are taken where they are burnt, not by naming them.
        Some(name) => super::at_counter(name),
        None => Ok(Method::Transfer),
    }
}

fn booking(tx: &mut Tx<'_>, body: &Map<String, Value>) -> Result<Option<Take>> {
    let (account, amount) = (named_account(tx, body)?, named_amount(body)?);
    let (Some(account), Some(amount)) = (account, amount) else { return Ok(None) };
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
    Ok(Some(Take {
        customer_id: String::new(),
        account_id: Some(account.id),
        amount,
        method: named_method(body)?,
        tendered: None,
        reference: text("correlatorId"),
        note: text("description"),
        extra: body.clone(),
    }))
}

/// Keeps a payment that books nothing.
fn record(tx: &mut Tx<'_>, body: &Map<String, Value>) -> Result<String> {
    let org = tx.actor().org.clone();
    let mut payment = Payment::draft(tx, &org, Method::Transfer, Money::ZERO);
    payment.status = PENDING.to_owned();
    payment.account_id = body.get("account").and_then(|a| a["id"].as_str()).unwrap_or("").to_owned();
    let figures = json!({
        "id": payment.id, "href": PAYMENT.href(&payment.id), "@type": "Payment",
        "status": PENDING, "statusDate": payment.created_at, "paymentDate": payment.created_at,
    });
    payment.body = document::layered(figures, body.clone());
    payment.insert(tx)?;
    Ok(payment.id)
}
