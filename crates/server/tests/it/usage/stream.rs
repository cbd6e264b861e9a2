//! The stream: answered when durable, line by line what was not taken, the same again without effect.

use super::{NUMBER, records, service};
use http::axum::http::Method;
use testkit::{TestApp, Value, both_databases, json};

const STREAM: &str = "/api/v1/usage/stream";

async fn send(t: &TestApp, text: String) -> Vec<Value> {
    let response = t.call(Method::POST, STREAM).raw(text, "application/x-ndjson").await;
    assert_eq!(response.status.as_u16(), 200, "{}", response.body);
    response.body.lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

#[both_databases]
async fn lines_are_answered_when_they_are_durable_and_a_repeat_changes_nothing(t: TestApp) {
    let key = service(&t, "p1", NUMBER).await;
    let at = t.now().plus_seconds(-600);
    let mut text = String::new();
    for n in 0..12_000 {
        text.push_str(&format!("{{\"number\":\"{NUMBER}\",\"at\":\"{at}\",\"kind\":\"call\",\"amount\":{n},\"id\":\"s{n}\",\"peer\":\"10086\"}}\n"));
    }
    text.push_str("{\"number\":\"13900138099\",\"at\":\"2026-11-01\",\"kind\":\"sms\",\"id\":\"x1\"}\r\n\n");
    text.push_str("not json\n");
    text.push_str(&format!(
        "{{\"number\":\"{NUMBER}\",\"at\":\"{at}\",\"kind\":\"call\",\"amount\":-1,\"id\":\"x2\"}}\n"
    ));
    text.push_str(&format!("{}\n", "y".repeat(100_000)));
    text.push_str(&format!("{{\"number\":\"{NUMBER}\",\"at\":\"{at}\",\"kind\":\"data\",\"amount\":\"1.5\",\"unit\":\"KB\",\"id\":\"last\"}}"));
    let answers = send(&t, text.clone()).await;
    let done = answers.last().unwrap();
    assert_eq!(done["done"], true, "{done}");
    assert_eq!(done["total"], json!({"taken": 12_001, "late": 0, "duplicates": 0, "suspended": 1, "refused": 3}));
    let not: Vec<&Value> = answers.iter().filter_map(|a| a["notTaken"].as_array()).flatten().collect();
    let codes: Vec<(u64, &str)> =
        not.iter().map(|n| (n["line"].as_u64().unwrap(), n["code"].as_str().unwrap())).collect();
    let expected = [
        (12_001, "usage.unknown_service"),
        (12_003, "usage.row"),
        (12_004, "usage.negative"),
        (12_005, "usage.line_too_long"),
    ];
    assert_eq!(codes, expected);
    assert!(not[0]["zh-CN"].as_str().unwrap().contains("13900138099") && not[0]["en"].is_string());
    let cycle = kernel::Cycle::month_of(at.date());
    let read = records(&t, key, cycle).await;
    assert_eq!(read.len(), 12_001);
    assert_eq!(read.iter().find(|r| r.id == "last").unwrap().amount, 1_536);

    let again = send(&t, text).await;
    assert_eq!(
        again.last().unwrap()["total"],
        json!({"taken": 0, "late": 0, "duplicates": 12_002, "suspended": 0, "refused": 3})
    );
    assert_eq!(records(&t, key, cycle).await, read);
}

#[both_databases]
async fn a_stream_needs_its_type_and_its_right(t: TestApp) {
    let before = t.digest().await;
    t.call(Method::POST, STREAM).raw("{}", "application/json").await.refused(415, "body.media_type");
    t.with_permissions(&["usage.read"])
        .call(Method::POST, STREAM)
        .raw("{}", "application/x-ndjson")
        .await
        .refused(403, "auth.forbidden");
    assert_eq!(
        send(&t, String::new()).await,
        [
            json!({"done": true, "lines": 0, "total": {"taken": 0, "late": 0, "duplicates": 0, "suspended": 0, "refused": 0}})
        ]
    );
    before.assert_unchanged(&t.digest().await);
}
