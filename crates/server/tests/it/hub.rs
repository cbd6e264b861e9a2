//! Webhooks, delivered over real sockets to a receiver that can be made to fail.

use std::sync::{Arc, Mutex};
use testkit::{TestApp, Value, both_databases, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

const HUB: &str = "/tmf-api/event/v4/hub";

/// What arrived, and what to answer next (200 when nothing is left).
#[derive(Clone, Default)]
struct Receiver {
    got: Arc<Mutex<Vec<Value>>>,
    answers: Arc<Mutex<Vec<&'static str>>>,
}

impl Receiver {
    async fn listen() -> (Self, String) {
        let receiver = Self::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/listener", listener.local_addr().unwrap());
        let ours = receiver.clone();
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let ours = ours.clone();
                tokio::spawn(async move {
                    let mut data = Vec::new();
                    let mut part = [0u8; 4096];
                    loop {
                        let Ok(n) = socket.read(&mut part).await else { return };
                        if n == 0 {
                            return;
                        }
                        data.extend_from_slice(&part[..n]);
                        let text = String::from_utf8_lossy(&data).into_owned();
                        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
                        let length = head.lines().find_map(|l| {
                            l.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse::<usize>().ok()
                        });
                        if body.len() < length.unwrap_or(0) {
                            continue;
                        }
                        let answer = ours.answers.lock().unwrap().pop().unwrap_or("200 OK");
                        if answer.starts_with("200") {
                            ours.got.lock().unwrap().push(serde_json::from_str(body).unwrap());
                        }
                        let reply = format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                        let _ = socket.write_all(reply.as_bytes()).await;
                        return;
                    }
                });
            }
        });
        (receiver, address)
    }
    /// Answers these first, then 200.
    fn will_answer(&self, answers: &[&'static str]) {
        *self.answers.lock().unwrap() = answers.iter().rev().copied().collect();
    }
    fn names(&self) -> Vec<String> {
        let got = self.got.lock().unwrap();
        got.iter().map(|e| format!("{} {}", e["eventType"].as_str().unwrap(), e["event"]["n"])).collect()
    }
}

async fn deliver(t: &TestApp) {
    loop {
        let placed = store::sequence(t.db()).await.unwrap();
        let looked = http::hub::round(t.app()).await.unwrap();
        if placed + looked == 0 {
            return;
        }
    }
}

async fn topic(t: &TestApp, name: &str) -> String {
    t.post("/tmf-api/event/v4/topic", json!({"name": name})).await.created()["id"].as_str().unwrap().to_owned()
}

async fn happen(t: &TestApp, topic: &str, kind: &str, n: u32) {
    let event = json!({"eventType": kind, "event": {"n": n}});
    t.post(&format!("/tmf-api/event/v4/topic/{topic}/event"), event).await.created();
}

async fn subscribe(t: &TestApp, callback: &str, query: &str) -> String {
    let made = t.post(HUB, json!({"callback": callback, "query": query})).await.created();
    assert_eq!((&made["callback"], &made["query"]), (&json!(callback), &json!(query)));
    made["id"].as_str().unwrap().to_owned()
}

#[both_databases]
async fn a_subscriber_gets_what_it_asked_for_and_nothing_from_before_or_after(t: TestApp) {
    let (receiver, address) = Receiver::listen().await;
    let subject = topic(&t, "outages").await;
    happen(&t, &subject, "OutageEvent", 0).await;
    store::sequence(t.db()).await.unwrap();
    let id = subscribe(&t, &address, "eventType=OutageEvent,RepairEvent&event.n=1,2").await;
    for (kind, n) in [("OutageEvent", 1), ("OtherEvent", 1), ("RepairEvent", 2), ("OutageEvent", 3)] {
        happen(&t, &subject, kind, n).await;
    }
    deliver(&t).await;
    assert_eq!(receiver.names(), ["OutageEvent 1", "RepairEvent 2"]);
    let first = receiver.got.lock().unwrap()[0].clone();
    assert!(first["eventId"].is_string() && first["eventTime"].as_str().unwrap().ends_with('Z'));
    t.get(&format!("{HUB}/{id}")).await.ok();
    t.as_scope("/cn/31").delete(&format!("{HUB}/{id}")).await.refused(404, "not_found");
    t.delete(&format!("{HUB}/{id}")).await.no_content();
    t.get(&format!("{HUB}/{id}")).await.refused(404, "not_found");
    happen(&t, &subject, "OutageEvent", 1).await;
    deliver(&t).await;
    assert_eq!(receiver.names().len(), 2);
}

#[both_databases]
async fn a_failed_delivery_is_tried_again_and_later_events_of_the_subject_wait_behind_it(t: TestApp) {
    let (receiver, address) = Receiver::listen().await;
    let (one, other) = (topic(&t, "one").await, topic(&t, "other").await);
    subscribe(&t, &address, "eventType=AEvent").await;
    receiver.will_answer(&["503 Service Unavailable"]);
    happen(&t, &one, "AEvent", 1).await;
    deliver(&t).await;
    happen(&t, &one, "AEvent", 2).await;
    happen(&t, &other, "AEvent", 10).await;
    deliver(&t).await;
    assert_eq!(receiver.names(), ["AEvent 10"], "the other subject does not wait");
    t.advance(2);
    deliver(&t).await;
    assert_eq!(receiver.names(), ["AEvent 10", "AEvent 1", "AEvent 2"]);
    assert_eq!(t.count("SELECT COUNT(*) FROM hub_delivery").await, 0);
}

#[both_databases]
async fn what_is_given_up_is_a_dead_letter_that_can_be_sent_again(t: TestApp) {
    let (receiver, address) = Receiver::listen().await;
    let subject = topic(&t, "one").await;
    subscribe(&t, &address, "eventType=AEvent").await;
    receiver.will_answer(&["302 Found"; 40]);
    happen(&t, &subject, "AEvent", 1).await;
    for _ in 0..20 {
        deliver(&t).await;
        t.advance(3_700);
    }
    let dead = t.get("/api/v1/dead-letters").await.ok();
    assert_eq!(
        (dead[0]["eventType"].as_str(), dead[0]["error"].as_str()),
        (Some("AEvent"), Some("HTTP 302")),
        "{dead}"
    );
    t.as_scope("/cn/31").get("/api/v1/dead-letters").await.ok().as_array().unwrap().is_empty().then_some(()).unwrap();
    receiver.will_answer(&[]);
    let retry = format!("/api/v1/dead-letters/{}/retry", dead[0]["id"].as_str().unwrap());
    t.as_scope("/cn/31").post(&retry, json!({})).await.refused(404, "not_found");
    t.post(&retry, json!({})).await.expect(202);
    deliver(&t).await;
    assert_eq!(receiver.names(), ["AEvent 1"]);
    assert!(t.get("/api/v1/dead-letters").await.ok().as_array().unwrap().is_empty());
}

#[both_databases]
async fn a_callback_into_our_own_network_is_refused(t: TestApp) {
    let before = t.digest().await;
    for bad in [
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/",
        "http://[::1]:80/",
        "http://localhost:1/",
        "file:///etc/passwd",
        "http://2130706434/",
    ] {
        t.post(HUB, json!({"callback": bad})).await.refused(422, "hub.callback_forbidden");
    }
    t.post(HUB, json!({"query": "eventType=A"})).await.refused(400, "field.missing");
    t.post(HUB, json!({"callback": "https://example.com/", "query": "nonsense=1"}))
        .await
        .refused(400, "hub.query_invalid");
    before.assert_unchanged(&t.digest().await);
}

#[both_databases]
async fn a_subscriber_sees_only_its_own_part_of_the_organisation(t: TestApp) {
    let (receiver, address) = Receiver::listen().await;
    t.as_scope("/cn/31").post(HUB, json!({"callback": address})).await.created();
    let subject = topic(&t, "one").await;
    happen(&t, &subject, "AEvent", 1).await;
    deliver(&t).await;
    assert!(receiver.names().is_empty());
}
