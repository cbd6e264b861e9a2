//! Orders between order entry and billing systems, both ways.

mod bars;
mod mended;
mod outside;
mod reconciled;

use testkit::{Client, TestApp, Value, json};

const ORDERS: &str = "/api/v1/interchange/orders";

/// Whoever speaks for a billing system that is not registered: known by its name.
fn biller(t: &TestApp) -> Client {
    t.named("tester")
}

/// A billing system's order as JSON.
fn asks(id: &str, kind: &str, product: &str) -> Value {
    json!({"id": id, "kind": kind, "productId": product, "reason": "arrears", "note": "测试"})
}

/// Where an order from billing stands.
async fn stands(t: &TestApp, id: &str) -> Value {
    t.get(&format!("{ORDERS}/tester:{id}")).await.ok()
}
