//! Refunds: what was paid in advance is paid back. A refund that names no account or amount of ours is recorded only.

use super::Method;
use super::{
    PENDING, document, receipt,
    tmf::{mandatory, named_account, named_amount, named_method},
};
use crate::{account, books, counter::shift, perms, problems, settings};
use http::{
    Answer, Body, Ctx, Reply,
    tmf::{Column, Kind as ColumnKind, Ops, Resource, Unruled},
};
use kernel::{Money, OrgPath, Problem, Result};
use serde_json::{Map, Value, json};
use store::{Event, Filter, Tx, params, sql};

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
    INSERT = "INSERT INTO refund (id, version, org, created_at, updated_at, body, account_id, amount_fen, receipt_no, shift_id, \
              customer_id, method, reason, operator_name) VALUES ($1, 1, $2, $3, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    WAYS = "SELECT DISTINCT method FROM payment WHERE account_id = $1 AND status = 'done' AND amount_fen > 0";
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
    let (account, amount) = (named_account(tx, ask)?, named_amount(ask)?);
    let (Some(account), Some(amount)) = (account, amount) else {
        let id = tx.new_id::<Resource>().into_string();
        let org = tx.actor().org.clone();
        let figures = json!({
            "id": id, "href": REFUND.href(&id), "@type": "Refund", "refundDate": tx.now(), "statusDate": tx.now(), "status": PENDING,
        });
        let body = document::layered(figures, ask.clone());
        let row = RefundRow {
            id: &id,
            org: &org,
            body: &body,
            account_id: "",
            customer_id: "",
            amount: Money::ZERO,
            method: "",
            reason: "",
            receipt_no: None,
            shift_id: None,
        };
        row.insert(tx)?;
        return Ok((id, body));
    };
    let text = |name: &str| ask.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
    let back = Back {
        account_id: account.id,
        book: books::GENERAL.to_owned(),
        amount,
        method: named_method(ask)?,
        reason: text("description"),
        approved: false,
        extra: ask.clone(),
    };
    pay_back(tx, &back)
}

/// Money of a balance that goes back to the customer.
#[derive(Clone, Debug)]
pub struct Back {
    pub account_id: String,
    pub book: String,
    pub amount: Money,
    pub method: Method,
    pub reason: String,
    /// A second person has allowed it: neither limit nor way back hold then.
    pub approved: bool,
    pub extra: Map<String, Value>,
}

/// What would be refused, without doing it.
pub fn may_pay_back(tx: &mut Tx<'_>, back: &Back) -> Result<()> {
    if back.amount <= Money::ZERO {
        let value = back.amount.to_string();
        return Err(Problem::new(&problems::AMOUNT_REFUSED).field("totalAmount").with("value", &value));
    }
    let book = books::book(tx, &back.account_id, &back.book)?;
    if !book.refundable {
        return Err(Problem::new(&problems::REFUND_BOOK).field("book").with("value", &book.name));
    }
    if book.balance < back.amount {
        return Err(Problem::new(&problems::BALANCE_SHORT));
    }
    if !back.method.pays_back() {
        return Err(Problem::new(&problems::REFUND_METHOD).field("method").with("value", back.method.name()));
    }
    if back.approved {
        return Ok(());
    }
    let most = settings::REFUND_DIRECT.money(tx)?;
    if back.amount > most {
        return Err(Problem::new(&problems::REFUND_APPROVAL).with("value", &most.to_string()));
    }
    let ways: Vec<String> = tx.query(&WAYS, params![back.account_id])?.iter().map(|r| r.text(0)).collect();
    if ways.iter().any(|w| w == back.method.name()) {
        return Ok(());
    }
    Err(Problem::new(&problems::REFUND_METHOD).field("method").with("value", &back.method.both()))
}

pub fn pay_back(tx: &mut Tx<'_>, back: &Back) -> Result<(String, Map<String, Value>)> {
    let id = tx.new_id::<Resource>().into_string();
    let shift_id = shift::for_booking(tx)?;
    let account = account::lock(tx, &back.account_id)?;
    may_pay_back(tx, back)?;
    let till = shift_id.clone().unwrap_or_else(|| tx.actor().id.to_string());
    let subject = books::Subject { shift_id: shift_id.as_deref(), ..books::Subject::new("refund", "refund", &id) };
    books::withdraw(tx, &account.id, &back.book, back.amount, (back.method.account(), &till), subject)?;
    let receipt_no = receipt::next(tx, "refund", &id, back.amount.negated(), back.method.name())?;
    let figures = json!({
        "id": id, "href": REFUND.href(&id), "@type": "Refund", "refundDate": tx.now(), "statusDate": tx.now(),
        "status": super::DONE, "receiptNo": receipt_no, "amount": back.amount.to_tmf(), "totalAmount": back.amount.to_tmf(),
        "paymentMethod": {"name": back.method.name(), "@type": back.method.name()},
        "account": {
            "id": account.id, "@referredType": "BillingAccount",
            "href": format!("/tmf-api/accountManagement/v4/billingAccount/{}", account.id),
        },
    });
    let body = document::layered(figures, back.extra.clone());
    let row = RefundRow {
        id: &id,
        org: &account.org,
        body: &body,
        account_id: &account.id,
        customer_id: &account.customer_id,
        amount: back.amount,
        method: back.method.name(),
        reason: &back.reason,
        receipt_no: Some(&receipt_no),
        shift_id: shift_id.as_deref(),
    };
    row.insert(tx)?;
    Ok((id, body))
}

struct RefundRow<'a> {
    id: &'a str,
    org: &'a OrgPath,
    body: &'a Map<String, Value>,
    account_id: &'a str,
    customer_id: &'a str,
    amount: Money,
    method: &'a str,
    reason: &'a str,
    receipt_no: Option<&'a str>,
    shift_id: Option<&'a str>,
}

impl RefundRow<'_> {
    fn insert(&self, tx: &mut Tx<'_>) -> Result<()> {
        let text = serde_json::to_string(self.body).map_err(Problem::internal)?;
        let name = tx.actor().name.clone();
        tx.execute(
            &INSERT,
            params![
                self.id,
                self.org,
                tx.now(),
                text,
                self.account_id,
                self.amount,
                self.receipt_no,
                self.shift_id,
                self.customer_id,
                self.method,
                self.reason,
                &*name
            ],
        )?;
        let mut event = Event::new(REFUND.event("Create"), "refund", self.id, 1, self.org)
            .payload(json!({"refund": self.body}))
            .audit(json!({"receiptNo": self.receipt_no, "amountFen": self.amount, "reason": self.reason}));
        if !self.customer_id.is_empty() {
            event = event.topic(format!("customer:{}", self.customer_id));
        }
        tx.emit(event)
    }
}

/// Refunds in the actor's scope, newest first.
pub fn list(tx: &mut Tx<'_>, customer_id: Option<&str>, paging: (i64, i64)) -> Result<Vec<Value>> {
    let mut filter = Filter::default();
    filter.scope("org", tx.actor());
    filter.and("receipt_no IS NOT NULL".to_owned());
    if let Some(customer) = customer_id {
        filter.equal("customer_id", customer);
    }
    let condition = filter.to_where();
    let (limit, offset) = (filter.bind(paging.1), filter.bind(paging.0));
    let text = format!(
        "SELECT id, created_at, account_id, customer_id, amount_fen, method, reason, receipt_no, operator_name FROM refund{condition} \
         ORDER BY id DESC LIMIT {limit} OFFSET {offset}"
    );
    let rows = tx.query(&text, &filter.binds)?;
    Ok(rows
        .iter()
        .map(|r| {
            json!({
                "id": r.str(0), "at": r.time(1), "accountId": r.str(2), "customerId": r.opt_text(3), "amountFen": r.int(4),
                "method": r.str(5), "reason": r.str(6), "receiptNo": r.opt_text(7), "operator": r.str(8),
            })
        })
        .collect())
}
