//! Money: what is charged, what is paid, what is undone, and that it always adds up.

mod accounts;
mod collaboration;
mod counter;
mod day;
mod facts;
mod model;
mod outside;
mod sale;
mod terms;
mod together;

use billing::{Bundle, Collaboration, CollaborationKind};
use kernel::{OrgPath, Timestamp};
use testkit::{TestApp, Value, json};

pub const HALL: &str = "/cn/44/4401/h001";

pub fn hall() -> OrgPath {
    OrgPath::parse(HALL).unwrap()
}

/// A customer of the hall, and something to sell.
pub async fn customer(t: &TestApp) -> String {
    t.write(|tx| {
        catalog::ensure_demo(tx)?;
        let mut new = customer::NewCustomer::person("张伟");
        new.org = Some(hall());
        customer::create(tx, &new).map(|c| c.id)
    })
    .await
}

/// The fact that a product works from `from` on.
pub fn started(customer_id: &str, order_id: &str, product_id: &str, offering_id: &str, from: &str) -> Collaboration {
    Collaboration {
        kind: CollaborationKind::Start,
        order_id: order_id.to_owned(),
        order_no: format!("NO-{order_id}"),
        customer_id: customer_id.to_owned(),
        account_id: None,
        product_id: product_id.to_owned(),
        offering_id: offering_id.to_owned(),
        bundle: None,
        number: String::new(),
        effective_from: Timestamp::parse(from).unwrap(),
        org: hall(),
        offering_version: None,
        old: Value::Null,
        new: Value::Null,
    }
}

pub fn in_bundle(mut fact: Collaboration, offering_id: &str) -> Collaboration {
    fact.bundle = Some(Bundle { offering_id: offering_id.to_owned(), item_id: "1".to_owned() });
    fact
}

/// Tells billing and lets it work.
pub async fn tell(t: &TestApp, fact: Collaboration) -> String {
    let id = t.write(move |tx| billing::collaborate(tx, fact.clone())).await;
    t.settle().await;
    id
}

/// A bill of 199 yuan (a router sold), its own for each `order_id`; returns its id.
pub async fn router_bill(t: &TestApp, customer_id: &str, order_id: &str) -> String {
    let from = t.now().to_string();
    tell(t, started(customer_id, order_id, &format!("product-{order_id}"), "of-device-router", &from)).await;
    let order_id = order_id.to_owned();
    t.write(move |tx| billing::bill_of_order(tx, &order_id)).await.expect("a bill").id
}

pub async fn bill(t: &TestApp, id: &str) -> Value {
    t.get(&format!("/api/v1/bills/{id}")).await.ok()
}

pub async fn pay(t: &TestApp, customer_id: &str, fen: i64) -> Value {
    t.post("/api/v1/counter/payments", json!({"customerId": customer_id, "amountFen": fen, "method": "cash"}))
        .await
        .created()
}

pub async fn balance(t: &TestApp, customer_id: &str) -> i64 {
    let id = customer_id.to_owned();
    t.write(move |tx| billing::balance_of(tx, &id)).await.in_fen()
}

/// The proof of the ledger finds nothing.
pub async fn proven(t: &TestApp) {
    let findings = t.write(billing::check).await;
    assert!(findings.is_empty(), "{findings:#?}");
}
