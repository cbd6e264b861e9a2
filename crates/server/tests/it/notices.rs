//! What customers are told without asking: allowances nearly and wholly used, huge charges, balances that run out or end,
//! business done. Each once for its cause, at the number that it is about; owed by law, so refused by nobody, except the
//! last, which may be.

mod allowances;
mod business;
mod money;

use testkit::{TestApp, Value};

/// What was told by this kind of message: number and text, the oldest first.
async fn told(t: &TestApp, template: &str) -> Vec<(String, String)> {
    let template = template.to_owned();
    t.write(move |tx| {
        let sql = "SELECT number, masked FROM sms_message WHERE template = $1 ORDER BY at, id".to_owned();
        Ok(tx.query(&sql, store::params![template])?.iter().map(|r| (r.text(0), r.text(1))).collect())
    })
    .await
}

async fn texts(t: &TestApp, template: &str) -> Vec<String> {
    told(t, template).await.into_iter().map(|(_, text)| text).collect()
}

/// Usage as a network element sends it: lines of JSON, all taken.
async fn stream(t: &TestApp, lines: &[Value]) {
    let text: String = lines.iter().map(|l| format!("{l}\n")).collect();
    let path = "/api/v1/usage/stream";
    let answer = t.call(http::axum::http::Method::POST, path).raw(text, "application/x-ndjson").await;
    let done: Value = serde_json::from_str(answer.body.lines().last().unwrap()).unwrap();
    assert_eq!(done["total"]["taken"], lines.len(), "{}", answer.body);
    t.settle().await;
}
