//! Live pages: the event stream over a real socket.

use std::time::Duration;
use testkit::{TestApp, both_databases, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Opens the stream and reads until `enough` says so.
async fn stream(t: &TestApp, token: &str, query: &str, last: Option<i64>, enough: impl Fn(&str) -> bool) -> String {
    let address = t.listen().await;
    let mut socket = TcpStream::connect(address).await.unwrap();
    let last = last.map_or_else(String::new, |id| format!("last-event-id: {id}\r\n"));
    let ask = format!("GET /api/v1/events{query} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n{last}\r\n");
    socket.write_all(ask.as_bytes()).await.unwrap();
    let mut text = String::new();
    let mut part = [0u8; 4096];
    while !enough(&text) {
        let read = tokio::time::timeout(Duration::from_secs(10), socket.read(&mut part)).await;
        let n = read.unwrap_or_else(|_| panic!("nothing more came after: {text}")).unwrap();
        assert!(n > 0, "the line was closed after: {text}");
        text.push_str(&String::from_utf8_lossy(&part[..n]));
    }
    text
}

async fn token(t: &TestApp, role: &str, org: &str) -> String {
    let made = t.post("/api/v1/tokens", json!({"name": "reader", "role": role, "org": org})).await.created();
    made["token"].as_str().unwrap().to_owned()
}

async fn province(t: &TestApp, n: u32) {
    t.post("/api/v1/organizations", json!({"path": format!("/cn/{n}"), "name": "省"})).await.created();
}

#[both_databases]
async fn a_lost_line_misses_nothing_and_a_long_absence_is_told(t: TestApp) {
    let reader = token(&t, "api", "/cn").await;
    for n in 10..14 {
        province(&t, n).await;
    }
    store::sequence(t.db()).await.unwrap();
    let text = stream(&t, &reader, "", Some(2), |text| text.matches("\ndata:").count() >= 3).await;
    assert!(text.contains("text/event-stream"), "{text}");
    assert!(!text.contains("id: 2\n") && text.contains("id: 3\n") && text.contains("id: 5\n"), "{text}");
    assert!(text.contains("event: OrganizationUnitCreateEvent"), "{text}");
    let text = stream(&t, &reader, "", Some(99), |text| text.contains("\ndata:")).await;
    assert!(text.contains("event: reset"), "an id from another store: {text}");
}

#[both_databases]
async fn events_go_to_those_who_may_see_them(t: TestApp) {
    let (all, part) = (token(&t, "api", "/cn").await, token(&t, "api", "/cn/31").await);
    let clerk = token(&t, "clerk", "/cn").await;
    for n in [30, 31, 32] {
        province(&t, n).await;
    }
    store::sequence(t.db()).await.unwrap();
    let text = stream(&t, &all, "", Some(0), |text| text.contains("/cn/32\"")).await;
    assert!(text.contains("/cn/30\"") && text.contains("ApiTokenCreateEvent"), "{text}");
    let text = stream(&t, &part, "", Some(0), |text| text.contains("\ndata:")).await;
    assert!(text.contains("/cn/31\"") && !text.contains("/cn/30\""), "{text}");
    // Tokens are nothing that a clerk may know of; organisations are.
    let text = stream(&t, &clerk, "", Some(0), |text| text.contains("/cn/32\"")).await;
    assert!(!text.contains("ApiTokenCreateEvent"), "{text}");
}

#[both_databases]
async fn the_line_is_live_and_ends_with_the_token(t: TestApp) {
    let reader = token(&t, "api", "/cn").await;
    t.start_background();
    let other = t.clone();
    let writing = tokio::spawn(async move {
        for n in 50..90 {
            province(&other, n).await;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let text = stream(&t, &reader, "", None, |text| text.contains("OrganizationUnitCreateEvent")).await;
    assert!(text.contains("\"subjectType\":\"organizations\""), "{text}");
    writing.abort();
    t.app().stop();
    t.anonymous().get("/api/v1/events").await.refused(401, "auth.required");
}
