//! Bars that billing sets and lifts: levels, reasons, what the network is told, what wins over what.

use super::{ORDERS, asks, biller, stands};
use crate::{business::ground::Ground, ordering::finish};
use testkit::{TestApp, Value, both_databases, json};

async fn asked(t: &TestApp, id: &str, kind: &str, product: &str) -> Value {
    let seen = biller(t).post(ORDERS, asks(id, kind, product)).await.expect(202);
    finish(t).await;
    seen
}

/// Waits for an order whose network is slow to answer.
async fn ended(t: &TestApp, id: &str) {
    for _ in 0..8 {
        finish(t).await;
        if stands(t, id).await["state"] != "working" {
            return;
        }
    }
}

async fn network(t: &TestApp, product: &str) -> Value {
    let known = t.get(&format!("/api/v1/products/{product}/network")).await.ok();
    known.as_array().unwrap().iter().find(|k| k["target"] == "mobile-hlr").cloned().unwrap()
}

async fn reasons(t: &TestApp, product: &str) -> Vec<(String, String)> {
    let id = product.to_owned();
    t.write(move |tx| {
        let held = inventory::products::locks::of(tx, &id)?;
        Ok(held.iter().map(|l| (l.reason.name().to_owned(), l.level.name().to_owned())).collect())
    })
    .await
}

#[both_databases]
async fn a_line_is_stopped_one_way_then_both_then_works_again_and_emergency_calls_always_do(t: TestApp) {
    let g = Ground::new(&t).await;
    let before = network(&t, &g.line).await;
    asked(&t, "b1", "barOutgoing", &g.line).await;
    let seen = stands(&t, "b1").await;
    assert_eq!(seen["state"], "done", "{seen:#}");
    assert_eq!(seen["targets"][0]["outcome"], "ordered");
    let known = network(&t, &g.line).await;
    assert_eq!((&known["state"], &known["attributes"]["bar"]), (&json!("suspended"), &json!("oneWay")));
    assert_eq!(known["attributes"]["barIncoming"], "allowed");
    let except = known["attributes"]["barExcept"].as_str().unwrap().to_owned();
    for number in ["110", "119", "120", "122"] {
        assert!(except.split(',').any(|n| n == number), "{except}");
    }
    let product = g.product(&g.line).await;
    assert_eq!((&product["status"], &product["barLevel"]), (&json!("suspended"), &json!("oneWay")));
    assert_eq!(t.count("SELECT COUNT(*) FROM service WHERE state = 'inactive'").await, 0, "calls still come in");

    asked(&t, "b2", "barAll", &g.line).await;
    let known = network(&t, &g.line).await;
    assert_eq!(
        (&known["attributes"]["bar"], &known["attributes"]["barIncoming"]),
        (&json!("twoWay"), &json!("barred"))
    );
    assert_eq!(known["attributes"]["barExcept"], json!(except), "emergency calls are possible both ways barred");
    assert!(t.count("SELECT COUNT(*) FROM service WHERE state = 'inactive'").await > 0);

    // Part is paid: back to one way. Then all of it.
    asked(&t, "b3", "barOutgoing", &g.line).await;
    assert_eq!(network(&t, &g.line).await["attributes"]["bar"], "oneWay");
    asked(&t, "b4", "unbar", &g.line).await;
    assert_eq!(network(&t, &g.line).await, {
        let mut b = before;
        b["at"] = network(&t, &g.line).await["at"].clone();
        b
    });
    assert_eq!(g.product(&g.line).await["status"], "active");
    assert_eq!(reasons(&t, &g.line).await, []);
    g.sound().await;
}

#[both_databases]
async fn what_is_paid_lifts_the_bar_for_arrears_and_nothing_else(t: TestApp) {
    let g = Ground::new(&t).await;
    g.done("reportLoss", &g.line, json!({})).await;
    asked(&t, "b1", "barOutgoing", &g.line).await;
    assert_eq!(network(&t, &g.line).await["attributes"]["bar"], "twoWay", "the loss is the stricter one");
    asked(&t, "b2", "unbar", &g.line).await;
    assert_eq!(reasons(&t, &g.line).await, [("loss".to_owned(), "twoWay".to_owned())]);
    assert_eq!(g.product(&g.line).await["status"], "suspended");
    // The other way round: found again, and still owing.
    asked(&t, "b3", "barOutgoing", &g.line).await;
    g.done("withdrawLoss", &g.line, json!({})).await;
    let known = network(&t, &g.line).await;
    assert_eq!((&known["state"], &known["attributes"]["bar"]), (&json!("suspended"), &json!("oneWay")));
    assert_eq!(g.product(&g.line).await["barLevel"], "oneWay");
    // Nothing to do is an answer, not a failure.
    asked(&t, "b4", "barOutgoing", &g.line).await;
    assert_eq!(stands(&t, "b4").await["targets"][0]["outcome"], "barredAlready");
    asked(&t, "b5", "unbar", &g.line).await;
    asked(&t, "b6", "unbar", &g.line).await;
    assert_eq!(stands(&t, "b6").await["targets"][0]["outcome"], "notBarred");
    assert_eq!(g.product(&g.line).await["status"], "active");
    g.sound().await;
}

#[both_databases]
async fn an_order_is_taken_once_and_what_came_later_wins(t: TestApp) {
    let g = Ground::new(&t).await;
    // The same said five times at once is one.
    let sent = (0..5).map(|_| biller(&t).post(ORDERS, asks("twice", "barOutgoing", &g.line)));
    for answer in futures(sent).await {
        answer.expect(202);
    }
    finish(&t).await;
    assert_eq!(t.count("SELECT COUNT(*) FROM back_order").await, 1);
    assert_eq!(t.count("SELECT COUNT(*) FROM product_order WHERE business = 'bar'").await, 1);
    biller(&t).post(ORDERS, asks("twice", "unbar", &g.line)).await.refused(409, "back_order.conflict");
    asked(&t, "free", "unbar", &g.line).await;
    // While another order changes the line, a bar waits; paid meanwhile, it never comes.
    let held = t.post("/api/v1/businesses", Ground::ask("suspend", &g.line, json!({}))).await.created();
    biller(&t).post(ORDERS, asks("late-bar", "barAll", &g.line)).await.expect(202);
    interchange::round(t.app()).await.unwrap();
    assert_eq!(stands(&t, "late-bar").await["targets"][0]["outcome"], "inTransit");
    biller(&t).post(ORDERS, asks("paid", "unbar", &g.line)).await.expect(202);
    finish(&t).await;
    let seen = stands(&t, "late-bar").await;
    assert_eq!((&seen["state"], &seen["targets"][0]["outcome"]), (&json!("closed"), &json!("superseded")));
    assert_eq!(stands(&t, "paid").await["state"], "done");
    assert_eq!(reasons(&t, &g.line).await, [("customer".to_owned(), "twoWay".to_owned())]);
    assert!(held["orderId"].is_string());
    g.sound().await;
}

async fn futures<F: IntoFuture<Output = testkit::Response>>(all: impl Iterator<Item = F>) -> Vec<testkit::Response>
where
    F::IntoFuture: Send + 'static,
{
    let tasks: Vec<_> = all.map(|f| tokio::spawn(f.into_future())).collect();
    let mut done = Vec::new();
    for task in tasks {
        done.push(task.await.unwrap());
    }
    done
}

#[both_databases]
async fn an_account_is_stopped_with_all_that_it_pays_and_ended(t: TestApp) {
    let g = Ground::new(&t).await;
    let broadband = g.at_address("of-broadband-300").await;
    let customer = g.customer.clone();
    let account = t.write(move |tx| billing::account_of(tx, &customer).map(|a| a.id)).await;
    let ask = |id: &str, kind: &str| json!({"id": id, "kind": kind, "accountId": account, "reason": "arrears"});
    biller(&t).post(ORDERS, ask("a1", "barOutgoing")).await.expect(202);
    ended(&t, "a1").await;
    let seen = stands(&t, "a1").await;
    assert_eq!((seen["state"].clone(), seen["targets"].as_array().unwrap().len()), (json!("done"), 2), "{seen:#}");
    assert_eq!(g.product(&g.line).await["barLevel"], "oneWay");
    assert_eq!(g.product(&broadband).await["barLevel"], "twoWay", "a line without calls has one direction only");
    // It owes, and is ended all the same: what it owes stays owed.
    biller(&t).post(ORDERS, ask("a2", "terminate")).await.expect(202);
    ended(&t, "a2").await;
    assert_eq!(stands(&t, "a2").await["state"], "done");
    for product in [&g.line, &broadband] {
        assert_eq!(g.product(product).await["status"], "terminated");
    }
    assert_eq!(reasons(&t, &g.line).await, []);
    biller(&t).post(ORDERS, ask("a3", "barAll")).await.refused(422, "back_order.nobody");
    g.sound().await;
}

#[both_databases]
async fn a_refused_order_is_seen_tried_again_and_closed_by_a_person(t: TestApp) {
    let g = Ground::new(&t).await;
    crate::journeys::behave(&t, "mobile-hlr", json!({"failNext": 1})).await;
    biller(&t).post(ORDERS, asks("b1", "barOutgoing", &g.line)).await.expect(202);
    finish(&t).await;
    // The network refused: a person cancels the order, and the billing system's order waits for a person too.
    let seen = stands(&t, "b1").await;
    assert_eq!(seen["state"], "working", "{seen:#}");
    let order = seen["targets"][0]["orderId"].as_str().unwrap().to_owned();
    t.post(&format!("{ORDERS}/tester:b1/close"), json!({"reason": "x"})).await.refused(409, "back_order.state");
    t.post(&format!("/api/v1/orders/{order}/cancel"), json!({"reason": "网络故障"})).await.expect(202);
    finish(&t).await;
    let seen = stands(&t, "b1").await;
    assert_eq!(
        (&seen["state"], &seen["targets"][0]["error"]["code"]),
        (&json!("manual"), &json!("back_order.order_ended"))
    );
    let listed = t.get(&format!("{ORDERS}?state=manual,failed")).await.ok();
    assert_eq!(listed.as_array().unwrap().len(), 1);
    let before = t.digest().await;
    t.post(&format!("{ORDERS}/tester:b1/retry"), json!({"reason": " "})).await.refused(400, "reason.missing");
    t.as_scope("/cn/11").get(&format!("{ORDERS}/tester:b1")).await.refused(404, "not_found");
    before.assert_unchanged(&t.digest().await);
    t.post(&format!("{ORDERS}/tester:b1/retry"), json!({"reason": "网络已恢复"})).await.ok();
    finish(&t).await;
    let seen = stands(&t, "b1").await;
    assert_eq!(seen["state"], "done", "{seen:#}");
    assert_eq!(g.product(&g.line).await["barLevel"], "oneWay");
    t.post(&format!("{ORDERS}/tester:b1/close"), json!({"reason": "x"})).await.refused(409, "back_order.state");
    g.sound().await;
}

#[both_databases]
async fn what_makes_no_sense_is_refused_and_news_are_heard(t: TestApp) {
    let g = Ground::new(&t).await;
    let before = t.digest().await;
    let mut ask = asks("x", "barOutgoing", &g.line);
    for (name, value, status, code) in [
        ("kind", json!("dance"), 400, "field.invalid"),
        ("productId", json!("nobody"), 422, "reference.unknown"),
        ("productId", json!(null), 422, "back_order.subject"),
        ("accountId", json!("a"), 422, "back_order.subject"),
        ("reason", json!("loss"), 422, "back_order.reason"),
        ("reason", json!("fun"), 400, "product.suspension_reason"),
        ("id", json!(""), 400, "field.invalid"),
        ("id", json!("a/b"), 400, "field.invalid"),
        ("at", json!("2030-01-01T00:00:00Z"), 422, "back_order.ahead"),
    ] {
        let mut wrong = ask.clone();
        wrong[name] = value;
        biller(&t).post(ORDERS, wrong).await.refused(status, code);
    }
    t.as_scope("/cn/11").post(ORDERS, ask.clone()).await.refused(422, "reference.unknown");
    before.assert_unchanged(&t.digest().await);
    ask["kind"] = json!("highCharge");
    ask["detail"] = json!({"amountFen": 120_000, "meanFen": 9_000});
    biller(&t).post(ORDERS, ask).await.expect(202);
    finish(&t).await;
    let seen = stands(&t, "x").await;
    assert_eq!((&seen["state"], &seen["detail"]["amountFen"]), (&json!("done"), &json!(120_000)));
    assert_eq!(g.product(&g.line).await["status"], "active");
}

#[both_databases]
async fn a_bar_goes_through_the_sweep_like_every_business(t: TestApp) {
    let g = Ground::new(&t).await;
    crate::business::sweep::sweep(
        &g,
        &Ground::ask("bar", &g.line, json!({"reasonKind": "arrears", "level": "oneWay"})),
    )
    .await;
}

#[both_databases]
async fn a_change_of_level_goes_through_the_sweep(t: TestApp) {
    let g = Ground::new(&t).await;
    g.done("bar", &g.line, json!({"reasonKind": "arrears", "level": "twoWay"})).await;
    crate::business::sweep::sweep(
        &g,
        &Ground::ask("bar", &g.line, json!({"reasonKind": "arrears", "level": "oneWay"})),
    )
    .await;
}

#[both_databases]
async fn lifting_a_bar_goes_through_the_sweep(t: TestApp) {
    let g = Ground::new(&t).await;
    g.done("bar", &g.line, json!({"reasonKind": "arrears", "level": "oneWay"})).await;
    crate::business::sweep::sweep(&g, &Ground::ask("unbar", &g.line, json!({"reasonKind": "arrears"}))).await;
}
