//! A billing system outside this process, over a real socket: our own server is its stand-in, and a raw one that misbehaves.

use crate::{
    journeys::act,
    numbers::lock,
    ordering::{finish, place, shop, track},
};
use kernel::OrgPath;
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};
use testkit::{TestApp, Value, both_databases, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

pub const SYSTEMS: &str = "/api/v1/collaboration/systems";
pub const ROUTES: &str = "/api/v1/collaboration/routes";

/// Broadband of the city is charged by `fixed` at this address; everything else here.
pub async fn route(t: &TestApp, url: &str, token: &str) {
    let system = json!({
        "code": "fixed", "name": "固网计费", "nameEn": "Fixed network billing", "url": url, "token": token, "speaker": "fixed-billing",
        "enabled": true,
    });
    if t.get(SYSTEMS).await.ok().as_array().unwrap().is_empty() {
        t.post(SYSTEMS, system).await.created();
    } else {
        t.put(&format!("{SYSTEMS}/fixed"), system).await.ok();
    }
    t.post(ROUTES, json!({"org": "/cn/44/4401", "family": "broadband", "system": "fixed"})).await.ok();
}

/// Another server of the same build with the same catalogue, listening; and the token with which we speak to it.
pub async fn other(t: &TestApp) -> (testkit::Beside, String, String) {
    let other = t.beside();
    other.app().write(catalog::ensure_demo).await;
    let token = other.app().write(|tx| access::create_token(tx, "api", &OrgPath::root())).await;
    let at = other.app().listen().await;
    (other, format!("http://{at}"), token)
}

pub async fn broadband(t: &TestApp, customer: &str) -> String {
    place(t, customer, "of-broadband-300", &[("installAddress", "天河路 1 号")]).await
}

/// Both servers at work until nothing is left.
pub async fn together(t: &TestApp, other: &TestApp) {
    for _ in 0..8 {
        t.settle().await;
        other.settle().await;
        t.advance(16);
        other.advance(16);
    }
    t.settle().await;
}

async fn told(t: &TestApp, order: &str) -> Vec<Value> {
    let all = t.get(&format!("/api/v1/collaboration?orderId={order}")).await.ok();
    all.as_array().unwrap().clone()
}

async fn charged(t: &TestApp, state: &str) -> i64 {
    t.count(&format!("SELECT COUNT(*) FROM subscription WHERE state = '{state}'")).await
}

#[both_databases]
async fn two_billing_systems_are_live_at_once(t: TestApp) {
    let customer = shop(&t).await;
    let (beside, url, token) = other(&t).await;
    route(&t, &url, &token).await;
    assert_eq!(t.post(&format!("{SYSTEMS}/fixed/test"), json!({})).await.ok()["reachable"], true);
    let fixed = broadband(&t, &customer).await;
    let number = "13900138200";
    let token = lock(&t, number).await;
    let mobile = place(&t, &customer, "of-mobile-59", &[("number", number), ("lockToken", &token)]).await;
    together(&t, beside.app()).await;
    for order in [&fixed, &mobile] {
        let seen = track(&t, order).await;
        assert_eq!(seen["order"]["state"], "completed", "{seen:#}");
    }
    // Each product is charged in one place: the line here, the broadband there, for the same person.
    let (out, own) = (told(&t, &fixed).await, told(&t, &mobile).await);
    assert_eq!((&out[0]["system"], &own[0]["system"]), (&json!("fixed"), &json!("")));
    assert!(out[0]["ackNo"].is_string());
    assert_eq!((charged(&t, "active").await, charged(beside.app(), "active").await), (1, 1));
    assert_eq!(beside.app().count("SELECT COUNT(*) FROM customer WHERE name = '张伟'").await, 1);
    assert!(beside.app().count("SELECT COUNT(*) FROM bill").await > 0, "the first bill is made there");

    // A later business follows its product, and the customer's name goes to both.
    let product = out[0]["productId"].as_str().unwrap().to_owned();
    let ask = json!({"business": "suspend", "productId": product, "values": {}, "reason": "客户报停"});
    let order = t.post("/api/v1/businesses", ask).await.created()["orderId"].as_str().unwrap().to_owned();
    together(&t, beside.app()).await;
    assert_eq!(told(&t, &order).await[0]["state"], "succeeded");
    assert_eq!((charged(&t, "active").await, charged(beside.app(), "suspended").await), (1, 1));
    let sound: Vec<_> = beside.app().app().checks().to_vec();
    let wrong =
        beside.app().write(move |tx| sound.iter().map(|c| (c.run)(tx)).collect::<kernel::Result<Vec<_>>>()).await;
    assert_eq!(wrong.concat(), Vec::<String>::new());
}

#[both_databases]
async fn a_cancelled_order_is_taken_back_there_too(t: TestApp) {
    let customer = shop(&t).await;
    let (beside, url, token) = other(&t).await;
    route(&t, &url, &token).await;
    let fixed = broadband(&t, &customer).await;
    together(&t, beside.app()).await;
    let product = told(&t, &fixed).await[0]["productId"].as_str().unwrap().to_owned();
    assert_eq!(charged(beside.app(), "active").await, 1);
    // A business is told there and then taken back, as when the order turns round after billing has answered.
    let ask = json!({"business": "suspend", "productId": product, "values": {}, "reason": "客户报停"});
    let order = t.post("/api/v1/businesses", ask).await.created()["orderId"].as_str().unwrap().to_owned();
    together(&t, beside.app()).await;
    assert_eq!(charged(beside.app(), "suspended").await, 1);
    let id = order.clone();
    t.write(move |tx| billing::take_back(tx, &id)).await;
    let id = order.clone();
    t.write(move |tx| billing::take_back(tx, &id)).await;
    together(&t, beside.app()).await;
    let all = told(&t, &order).await;
    assert_eq!(all.len(), 2, "the order and its inverse, once: {all:#?}");
    assert!(all.iter().all(|c| c["state"] == "succeeded"), "{all:#?}");
    assert_eq!(charged(beside.app(), "active").await, 1);
    // An inverse that comes before its forward: the forward is not done any more.
    let forward = json!({
        "id": "o9:p9:start", "type": "start", "orderId": "o9", "customer": {"id": "c9", "name": "迟到"}, "productId": "p9",
        "offeringId": "of-broadband-300", "effectiveFrom": "2026-11-22T00:00:00Z", "new": {},
    });
    let mut inverse = forward.clone();
    (inverse["id"], inverse["type"], inverse["undoes"]) =
        (json!("o9:p9:start:undo"), json!("stop"), json!("o9:p9:start"));
    let there = beside.app();
    there.post("/api/v1/collaboration/inbox", inverse).await.expect(202);
    there.settle().await;
    assert_eq!(there.post("/api/v1/collaboration/inbox", forward).await.expect(202)["state"], "withdrawn");
    there.settle().await;
    assert_eq!(there.count("SELECT COUNT(*) FROM subscription WHERE product_id = 'p9'").await, 0);
}

/// What the wire does to an answer.
#[derive(Clone, Copy, PartialEq)]
enum Wire {
    Plain,
    /// The order arrives, its acknowledgement does not.
    LosesAnswer,
    /// Nothing gets through.
    Cut,
}

/// A wire between two servers that can be cut; counts what got through.
async fn wire(to: String, how: Arc<Mutex<Wire>>) -> (String, Arc<AtomicUsize>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = format!("http://{}", listener.local_addr().unwrap());
    let count = Arc::new(AtomicUsize::new(0));
    let passed = count.clone();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let (to, how, passed) = (to.clone(), *how.lock().unwrap(), passed.clone());
            tokio::spawn(async move {
                if how == Wire::Cut {
                    return;
                }
                let mut asked = vec![0; 1 << 16];
                let mut got = 0;
                // One request: its head says how long its body is.
                loop {
                    let n = client.read(&mut asked[got..]).await.unwrap_or(0);
                    got += n;
                    let text = String::from_utf8_lossy(&asked[..got]).to_string();
                    let length = text
                        .to_lowercase()
                        .split("content-length: ")
                        .nth(1)
                        .and_then(|r| r.split("\r\n").next()?.parse().ok());
                    let body = text.split_once("\r\n\r\n").map(|(_, b)| b.len());
                    if n == 0 || body.is_some_and(|b| b >= length.unwrap_or(0usize)) {
                        break;
                    }
                }
                let head = String::from_utf8_lossy(&asked[..got]).replacen("\r\n", "\r\nconnection: close\r\n", 1);
                let mut server = tokio::net::TcpStream::connect(to.trim_start_matches("http://")).await.unwrap();
                server.write_all(head.as_bytes()).await.unwrap();
                let mut answer = Vec::new();
                let _ = server.read_to_end(&mut answer).await;
                passed.fetch_add(1, Ordering::SeqCst);
                if how == Wire::Plain {
                    let _ = client.write_all(&answer).await;
                }
            });
        }
    });
    (at, count)
}

#[both_databases]
async fn lost_answers_a_dead_line_and_doubles_charge_once(t: TestApp) {
    let customer = shop(&t).await;
    let (beside, url, token) = other(&t).await;
    let how = Arc::new(Mutex::new(Wire::LosesAnswer));
    let (at, passed) = wire(url, how.clone()).await;
    route(&t, &at, &token).await;
    let order = broadband(&t, &customer).await;
    finish(&t).await;
    beside.app().settle().await;
    assert!(passed.load(Ordering::SeqCst) >= 2, "it was told again under the same id");
    let seen = told(&t, &order).await;
    assert!(["failed", "manual"].contains(&seen[0]["state"].as_str().unwrap()), "{seen:#?}");
    assert_ne!(
        track(&t, &order).await["order"]["state"],
        "completed",
        "an order that billing has not taken is not archived"
    );
    assert_eq!(charged(beside.app(), "active").await, 1, "said twice, charged once");

    // The other side cannot be reached at all, then it can.
    *how.lock().unwrap() = Wire::Cut;
    for _ in 0..6 {
        t.advance(600);
        t.settle().await;
    }
    let seen = told(&t, &order).await;
    assert_eq!(
        (&seen[0]["state"], &seen[0]["error"]["code"]),
        (&json!("manual"), &json!("collaboration.outside_silent"))
    );
    *how.lock().unwrap() = Wire::Plain;
    let id = seen[0]["id"].as_str().unwrap().to_owned();
    t.post(&format!("/api/v1/collaboration/{id}/resend"), json!({"reason": "线路已恢复"})).await.ok();
    together(&t, beside.app()).await;
    let seen = told(&t, &order).await;
    assert_eq!(seen[0]["state"], "succeeded", "{seen:#?}");
    assert_eq!(charged(beside.app(), "active").await, 1);
    assert_eq!(beside.app().count("SELECT COUNT(*) FROM bill").await, 1);
}

#[both_databases]
async fn results_are_called_back_late_doubled_and_by_nobody_else(t: TestApp) {
    let customer = shop(&t).await;
    let (beside, url, token) = other(&t).await;
    route(&t, &url, &token).await;
    let order = broadband(&t, &customer).await;
    t.settle().await; // acknowledged there, not done yet
    finish(&t).await;
    let id = told(&t, &order).await[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(told(&t, &order).await[0]["state"], "received");
    let result = format!("/api/v1/collaboration/{id}/result");
    let said = json!({"state": "succeeded", "ackNo": "A-1"});
    let before = t.digest().await;
    t.post(&result, said.clone()).await.refused(404, "not_found");
    t.named("someone").post(&result, said.clone()).await.refused(404, "not_found");
    let them = t.named("fixed-billing");
    them.post(&result, json!({"state": "sold"})).await.refused(400, "field.invalid");
    before.assert_unchanged(&t.digest().await);
    assert_eq!(them.post(&result, said.clone()).await.ok()["state"], "succeeded");
    let before = t.digest().await;
    assert_eq!(them.post(&result, said).await.ok()["state"], "succeeded", "said twice");
    let late = them.post(&result, json!({"state": "failed", "error": {"reason": "x"}})).await.ok();
    assert_eq!(late["state"], "succeeded", "a late word changes nothing");
    before.assert_unchanged(&t.digest().await);
    finish(&t).await;
    assert_eq!(track(&t, &order).await["order"]["state"], "completed");
    drop(beside);
}

#[both_databases]
async fn what_the_other_side_refuses_or_cannot_do_waits_for_a_person(t: TestApp) {
    let customer = shop(&t).await;
    let (beside, url, token) = other(&t).await;
    route(&t, &url, "wrong").await;
    let order = broadband(&t, &customer).await;
    finish(&t).await;
    let seen = told(&t, &order).await;
    assert_eq!(seen[0]["error"]["code"], "collaboration.outside_silent", "not let in: {seen:#?}");
    // Switched off: nobody is told, and it says so.
    let off = json!({"code": "fixed", "name": "固网计费", "url": url, "speaker": "fixed-billing", "enabled": false});
    t.put(&format!("{SYSTEMS}/fixed"), off).await.ok();
    for _ in 0..6 {
        t.advance(600);
        t.settle().await;
    }
    let seen = told(&t, &order).await;
    assert_eq!((&seen[0]["state"], &seen[0]["error"]["code"]), (&json!("manual"), &json!("billing_system.off")));
    // The other side has not got the offering: it cannot charge, and says why; mended there, told again, done.
    beside
        .app()
        .write(|tx| {
            tx.execute(&"UPDATE product_offering SET id = 'away' WHERE id = 'of-broadband-300'".to_owned(), &[])
                .map(drop)
        })
        .await;
    route(&t, &url, &token).await;
    let id = seen[0]["id"].as_str().unwrap().to_owned();
    t.post(&format!("/api/v1/collaboration/{id}/resend"), json!({"reason": "已启用"})).await.ok();
    for _ in 0..40 {
        together(&t, beside.app()).await;
        if told(&t, &order).await[0]["state"] == "manual" {
            break;
        }
    }
    let seen = told(&t, &order).await;
    assert_eq!(
        (&seen[0]["state"], &seen[0]["error"]["code"]),
        (&json!("manual"), &json!("collaboration.outside_failed"))
    );
    beside
        .app()
        .write(|tx| {
            tx.execute(&"UPDATE product_offering SET id = 'of-broadband-300' WHERE id = 'away'".to_owned(), &[])
                .map(drop)
        })
        .await;
    t.post(&format!("/api/v1/collaboration/{id}/resend"), json!({"reason": "对方已补录商品"})).await.ok();
    together(&t, beside.app()).await;
    assert_eq!(told(&t, &order).await[0]["state"], "succeeded");
    // The order stood still for a person: now it goes on.
    act(&t, "retry").await;
    finish(&t).await;
    assert_eq!(track(&t, &order).await["order"]["state"], "completed");
}

#[both_databases]
async fn systems_and_routes_are_checked(t: TestApp) {
    shop(&t).await;
    let good =
        json!({"code": "fixed", "name": "固网计费", "url": "http://127.0.0.1:9", "speaker": "s", "enabled": true});
    let before = t.digest().await;
    for (name, value) in [
        ("code", json!("F!")),
        ("code", json!("embedded")),
        ("name", json!("")),
        ("url", json!("ftp://x")),
        ("url", json!("http://u:p@x")),
        ("answerUrl", json!("x")),
    ] {
        let mut wrong = good.clone();
        wrong[name] = value;
        t.post(SYSTEMS, wrong).await.refused(400, "field.invalid");
    }
    before.assert_unchanged(&t.digest().await);
    t.post(SYSTEMS, good.clone()).await.created();
    t.post(SYSTEMS, good.clone()).await.refused(409, "billing_system.exists");
    let mut same = good.clone();
    same["code"] = json!("other");
    t.post(SYSTEMS, same).await.refused(409, "billing_system.speaker");
    t.put(&format!("{SYSTEMS}/nobody"), good).await.refused(404, "not_found");
    t.post(ROUTES, json!({"org": "nowhere", "system": "fixed"})).await.refused(400, "field.invalid");
    t.post(ROUTES, json!({"org": "/cn", "family": "dance", "system": "fixed"})).await.refused(400, "field.invalid");
    t.post(ROUTES, json!({"org": "/cn", "system": "gone"})).await.refused(409, "billing_system.off");
    let set = t.post(ROUTES, json!({"org": "/cn", "system": "fixed"})).await.ok();
    let id = set[0]["id"].as_str().unwrap();
    t.delete(&format!("{ROUTES}/{id}")).await.no_content();
    t.delete(&format!("{ROUTES}/{id}")).await.refused(404, "not_found");
    assert_eq!(t.post(&format!("{SYSTEMS}/fixed/test"), json!({})).await.ok()["reachable"], false);
}
