//! Credit control: reminded, barred, set free, given up; by the law, whatever the clock does.

mod people;
mod rules;
mod steps;

use crate::{
    billing::{pay, proven},
    ordering::{finish, mobile, shop},
};
use testkit::{TestApp, Value, json};

const NUMBER: &str = "13900138888";

/// A customer with a mobile line and its first bill.
async fn owing(t: &TestApp) -> String {
    let customer = shop(t).await;
    mobile(t, &customer, NUMBER).await;
    finish(t).await;
    customer
}

/// So many days go by, and what is due is done.
async fn days(t: &TestApp, n: i64) {
    t.advance(n * 86_400);
    finish(t).await;
}

/// The customer's newest case.
async fn case(t: &TestApp, customer: &str) -> Value {
    let all = t.get(&format!("/api/v1/customers/{customer}/dunning")).await.ok();
    let id = all.as_array().and_then(|a| a.first()).map(|c| c["id"].as_str().unwrap().to_owned());
    match id {
        Some(id) => t.get(&format!("/api/v1/dunning/cases/{id}")).await.ok(),
        None => Value::Null,
    }
}

async fn step(t: &TestApp, customer: &str) -> String {
    case(t, customer).await["step"].as_str().unwrap_or("no case").to_owned()
}

/// How far order entry holds the line barred for arrears.
async fn barred(t: &TestApp) -> i64 {
    t.count("SELECT COUNT(*) FROM product_suspension WHERE reason = 'arrears'").await
}

async fn told(t: &TestApp, template: &str) -> i64 {
    t.count(&format!("SELECT COUNT(*) FROM sms_message WHERE template = '{template}'")).await
}

/// Everything that is owed, paid at the counter.
async fn pay_all(t: &TestApp, customer: &str) -> Value {
    let paid = pay(t, customer, 100_000).await;
    finish(t).await;
    proven(t).await;
    paid
}

/// A policy of three quick steps for everybody, in front of the others.
fn quick(steps: &[(&str, i64)]) -> Value {
    let steps: Vec<Value> =
        steps.iter().map(|(kind, days)| json!({"kind": kind, "days": days, "channels": ["sms"]})).collect();
    json!({"name": "测试", "nameEn": "Test", "org": "/cn", "priority": 1, "policy": {"minFen": 100, "steps": steps}})
}
