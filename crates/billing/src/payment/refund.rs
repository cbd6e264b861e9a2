//! Refunds: what was paid in advance is paid back. A refund that names no account or amount of ours is recorded only.

use super::{
    PENDING, document, receipt,
    tmf::{mandatory, named_account, named_amount, named_method},
};
use crate::{
    account,
    counter::shift,
    ledger::{self, Entry, Kind, Posting},
    perms, problems,
};
use http::{
    Answer, Body, Ctx, Reply,
    tmf::{Column, Kind as ColumnKind, Ops, Resource, Unruled},
};
use kernel::{Money, OrgPath, Problem, Result};
use serde_json::{Map, Value, json};
use store::{Event, Tx, params, sql};

pub static REFUND: Resource = Resource {
    api: &document::API,
    name: "refund",
    type_name: "Refund",
    table: "refund",
    columns: &[Column { attribute: "id", column: "id", kind: ColumnKind::Text }],
    mandatory: &["account", "paymentMethod", "totalAmount"],
    ops: Ops::READ,
    read: perms::PAYMENT_READ,
    write: perms::REFUND,
    rules: &Unruled,
};

sql! {
    INSERT = "INSERT INTO refund (id, version, org, created_at, updated_at, body, account_id, amount_fen, receipt_no, shift_id) \
              VALUES ($1, 1, $2, $3, $3, $4, $5, $6, $7, $8)";
}

pub async fn create(ctx: Ctx, body: Body<Map<String, Value>>) -> Answer {
    let Body { value, fingerprint, .. } = body;
    let reply = ctx.create(&fingerprint, move |tx| {
        mandatory(&value)?;
        let (id, body) = refund(tx, &value)?;
        Ok(Reply::created(&REFUND.href(&id), &body).etag(1))
    });
    Ok(reply.await?)
}

fn refund(tx: &mut Tx<'_>, ask: &Map<String, Value>) -> Result<(String, Map<String, Value>)> {
    let id = tx.new_id::<Resource>().into_string();
    let (account, amount) = (named_account(tx, ask)?, named_amount(ask)?);
    let mut figures = json!({
        "id": id, "href": REFUND.href(&id), "@type": "Refund", "refundDate": tx.now(), "statusDate": tx.now(), "status": PENDING,
    });
    let (Some(account), Some(amount)) = (account, amount) else {
        let org = tx.actor().org.clone();
        let body = document::layered(figures, ask.clone());
        insert(tx, &id, &org, &body, "", Money::ZERO, None, None)?;
        return Ok((id, body));
    };
    if amount <= Money::ZERO {
        let value = amount.to_string();
        return Err(Problem::new(&problems::AMOUNT_REFUSED).field("totalAmount").with("value", &value));
    }
    let method = named_method(ask)?;
    let shift_id = shift::for_booking(tx)?;
    let account = account::lock(tx, &account.id)?;
    let till = shift_id.clone().unwrap_or_else(|| tx.actor().id.to_string());
    ledger::post(
        tx,
        Posting {
            kind: "refund",
            subject_type: "refund",
            subject_id: &id,
            shift_id: shift_id.as_deref(),
            org: &account.org,
            entries: vec![
                Entry::new(Kind::Balance, &account.id, amount),
                Entry::new(method.account(), &till, amount.negated()),
            ],
        },
    )?;
    account::refresh(tx, &account.id)?;
    let receipt_no = receipt::next(tx, "refund", &id)?;
    figures["status"] = json!(super::DONE);
    figures["receiptNo"] = json!(receipt_no);
    figures["amount"] = amount.to_tmf();
    let body = document::layered(figures, ask.clone());
    insert(tx, &id, &account.org, &body, &account.id, amount, Some(&receipt_no), shift_id.as_deref())?;
    Ok((id, body))
}

#[expect(clippy::too_many_arguments, reason = "one argument a column of the row")]
fn insert(
    tx: &mut Tx<'_>,
    id: &str,
    org: &OrgPath,
    body: &Map<String, Value>,
    account_id: &str,
    amount: Money,
    receipt_no: Option<&str>,
    shift_id: Option<&str>,
) -> Result<()> {
    let text = serde_json::to_string(body).map_err(Problem::internal)?;
    tx.execute(&INSERT, params![id, org, tx.now(), text, account_id, amount, receipt_no, shift_id])?;
    let event = Event::new(REFUND.event("Create"), "refund", id, 1, org)
        .payload(json!({"refund": body}))
        .audit(json!({"receiptNo": receipt_no, "amountFen": amount}));
    tx.emit(event)
}
