//! Held, released, urged, amended, cancelled: orders in transit.

use super::ground::Ground;
use crate::{
    journeys::{act, behave, open_fallout},
    numbers::lock,
    ordering::{finish, order_state, place, track},
};
use testkit::{TestApp, both_databases, json};

#[both_databases]
async fn a_held_order_stands_still_until_it_is_released(t: TestApp) {
    let g = Ground::new(&t).await;
    let token = lock(&t, "13900138260").await;
    let order = place(&t, &g.customer, "of-mobile-59", &[("number", "13900138260"), ("lockToken", &token)]).await;
    let path = format!("/api/v1/orders/{order}");
    t.post(&format!("{path}/hold"), json!({"reason": ""})).await.refused(400, "reason.missing");
    let seen = t.post(&format!("{path}/hold"), json!({"reason": "客户出差"})).await.ok();
    assert_eq!(seen["order"]["state"], "held");
    t.post(&format!("{path}/hold"), json!({"reason": "again"})).await.refused(409, "order.state");
    finish(&t).await;
    let seen = track(&t, &order).await;
    assert_eq!((&seen["order"]["state"], &seen["order"]["progress"]["done"]), (&json!("held"), &json!(0)), "{seen:#}");
    let verbs = seen["verbs"].as_array().unwrap();
    assert!(verbs.iter().any(|v| v["verb"] == "release" && v["allowed"] == true));
    assert!(verbs.iter().any(|v| v["verb"] == "hold" && v["whyNot"]["code"] == "order.state"));
    t.advance(3_600);
    t.post(&format!("{path}/release"), json!({"reason": "客户已回"})).await.ok();
    finish(&t).await;
    assert_eq!(order_state(&t, &order).await, "completed");
    let doc = t.get(&format!("{}/{order}", crate::ordering::ORDERS)).await.ok();
    assert!(doc["heldSeconds"].as_i64().unwrap() >= 3_600, "the clock stood still: {doc}");
}

#[both_databases]
async fn a_held_order_can_be_cancelled(t: TestApp) {
    let g = Ground::new(&t).await;
    let order =
        t.post("/api/v1/businesses", Ground::ask("suspend", &g.line, json!({}))).await.created()["orderId"].clone();
    let path = format!("/api/v1/orders/{}", order.as_str().unwrap());
    flow::round(t.app()).await.unwrap();
    t.post(&format!("{path}/hold"), json!({"reason": "等待"})).await.ok();
    t.post(&format!("{path}/cancel"), json!({"reason": "不办了"})).await.expect(202);
    finish(&t).await;
    assert_eq!(order_state(&t, order.as_str().unwrap()).await, "cancelled");
    assert_eq!(g.product(&g.line).await["status"], "active");
}

#[both_databases]
async fn an_urge_is_counted_and_names_the_step(t: TestApp) {
    let g = Ground::new(&t).await;
    behave(&t, "mobile-hlr", json!({"failNext": 1})).await;
    let order =
        t.post("/api/v1/businesses", Ground::ask("suspend", &g.line, json!({}))).await.created()["orderId"].clone();
    finish(&t).await;
    let path = format!("/api/v1/orders/{}", order.as_str().unwrap());
    t.post(&format!("{path}/urge"), json!({"reason": "客户催促"})).await.ok();
    let seen = t.post(&format!("{path}/urge"), json!({"reason": "再次催促"})).await.ok();
    assert_eq!(seen["order"]["urges"], 2);
    let line = seen["history"].as_array().unwrap().last().unwrap()["what"].as_str().unwrap().to_owned();
    assert!(line.contains("第 2 次"), "{line}");
    assert_eq!(t.count("SELECT COUNT(*) FROM audit_entry WHERE action = 'order.urge'").await, 2);
    act(&t, "retry").await;
    finish(&t).await;
    t.post(&format!("{path}/urge"), json!({"reason": "晚了"})).await.refused(409, "order.state");
    t.with_permissions(&["order.read"])
        .post(&format!("{path}/urge"), json!({"reason": "x"}))
        .await
        .refused(403, "auth.forbidden");
}

#[both_databases]
async fn an_amendment_and_a_sent_step_never_pass_each_other(t: TestApp) {
    let g = Ground::new(&t).await;
    let given = [("installAddress", "天河路 1 号"), ("installSlot", "2026-11-23T09:00:00+08:00")];
    let order = place(&t, &g.customer, "of-broadband-300", &given).await;
    let path = format!("/api/v1/orders/{order}/amend");
    let other = json!({"reason": "客户改地址", "values": {"installAddress": "天河路 2 号"}});
    t.post(&path, json!({"reason": "x"})).await.refused(400, "field.missing");
    t.post(&path, json!({"reason": "x", "values": {"number": "139"}})).await.refused(400, "field.invalid");
    t.post(&path, json!({"reason": "x", "effectiveDate": "2026-12-01"})).await.refused(409, "order.not_booked");
    let seen = t.post(&path, other.clone()).await.ok();
    assert!(seen["amendable"].as_array().unwrap().iter().any(|f| f["name"] == "installAddress"), "{seen:#}");
    behave(&t, "radius", json!({"failNext": 1})).await;
    finish(&t).await;
    assert_eq!(open_fallout(&t).await.len(), 1);
    // The network knows the address now: changing it would part the records from the line.
    let before = t.digest().await;
    t.post(&path, other).await.refused(409, "order.amend_sent");
    before.assert_unchanged(&t.digest().await);
    // The fitter's appointment is no system's business.
    t.post(&path, json!({"reason": "改约", "values": {"installSlot": "2026-11-25T14:00:00+08:00"}})).await.ok();
    act(&t, "retry").await;
    finish(&t).await;
    assert_eq!(order_state(&t, &order).await, "completed");
    let attributes =
        t.count("SELECT COUNT(*) FROM simulator_subscriber WHERE CAST(attributes AS TEXT) LIKE '%天河路 1 号%'").await;
    assert_eq!(attributes, 0, "every system has the amended address");
}

#[both_databases]
async fn a_booked_order_gets_another_day(t: TestApp) {
    let g = Ground::new(&t).await;
    let mut ask = Ground::ask("suspend", &g.line, json!({}));
    (ask["effective"], ask["effectiveDate"]) = (json!("date"), json!("2026-12-01"));
    let order = t.post("/api/v1/businesses", ask).await.created()["orderId"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/orders/{order}/amend");
    t.post(&path, json!({"reason": "x", "effectiveDate": "2020-01-01"})).await.refused(422, "business.effective_date");
    t.post(&path, json!({"reason": "x", "values": {"reasonKind": "fun"}})).await.refused(400, "field.invalid");
    let seen = t.post(&path, json!({"reason": "客户改期", "effectiveDate": "2026-12-20"})).await.ok();
    assert_eq!(seen["booking"]["effectiveAt"], "2026-12-19T16:00:00.000Z");
    t.advance(86_400 * 15);
    finish(&t).await;
    assert_eq!(
        (order_state(&t, &order).await.as_str(), &g.product(&g.line).await["status"]),
        ("pending", &json!("active"))
    );
    t.advance(86_400 * 14);
    finish(&t).await;
    assert_eq!(
        (order_state(&t, &order).await.as_str(), &g.product(&g.line).await["status"]),
        ("completed", &json!("suspended"))
    );
}

#[both_databases]
async fn an_undo_that_fails_is_visible_and_the_product_stays_locked(t: TestApp) {
    let g = Ground::new(&t).await;
    behave(&t, "pcrf", json!({"failNext": 1})).await;
    let order =
        t.post("/api/v1/businesses", Ground::ask("suspend", &g.line, json!({}))).await.created()["orderId"].clone();
    let order = order.as_str().unwrap().to_owned();
    finish(&t).await;
    behave(&t, "mobile-hlr", json!({"failNext": 1})).await;
    act(&t, "compensate").await;
    finish(&t).await;
    assert_eq!((order_state(&t, &order).await.as_str(), open_fallout(&t).await.len()), ("pendingCancellation", 1));
    t.post("/api/v1/businesses", Ground::ask("close", &g.line, json!({}))).await.refused(409, "order.in_transit");
    act(&t, "retry").await;
    finish(&t).await;
    assert_eq!(
        (order_state(&t, &order).await.as_str(), &g.product(&g.line).await["status"]),
        ("cancelled", &json!("active"))
    );
    g.done("suspend", &g.line, json!({})).await;
}

#[both_databases]
async fn cancelling_a_business_against_its_completion_ends_in_one_of_the_two(t: TestApp) {
    let g = Ground::new(&t).await;
    t.start_background();
    for n in 0..5 {
        let order =
            t.post("/api/v1/businesses", Ground::ask("suspend", &g.line, json!({}))).await.created()["orderId"].clone();
        let order = order.as_str().unwrap().to_owned();
        tokio::time::sleep(std::time::Duration::from_millis(n * 20)).await;
        let answer = t.post(&format!("/api/v1/orders/{order}/cancel"), json!({"reason": "race"})).await;
        let cancelled = answer.status == 202;
        for _ in 0..200 {
            finish(&t).await;
            if matches!(order_state(&t, &order).await.as_str(), "cancelled" | "completed") {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        let wanted = if cancelled { ("cancelled", "active") } else { ("completed", "suspended") };
        let found = g.product(&g.line).await["status"].clone();
        assert_eq!((order_state(&t, &order).await.as_str(), found.as_str().unwrap()), wanted);
        if !cancelled {
            let back =
                t.post("/api/v1/businesses", Ground::ask("resume", &g.line, json!({}))).await.created()["orderId"]
                    .clone();
            for _ in 0..200 {
                finish(&t).await;
                if order_state(&t, back.as_str().unwrap()).await == "completed" {
                    break;
                }
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        }
    }
}

#[both_databases]
async fn a_costly_order_waits_until_somebody_else_has_looked_at_it(t: TestApp) {
    let g = Ground::new(&t).await;
    t.write(|tx| {
        let set = "UPDATE ordering_setting SET value = 1000 WHERE name = 'audit.from_fen'".to_owned();
        tx.execute(&set, &[]).map(drop)
    })
    .await;
    let order = place(&t, &g.customer, "of-mobile-59", &[("number", "13900138270")]).await;
    let path = format!("/api/v1/orders/{order}/audit");
    finish(&t).await;
    assert_eq!(order_state(&t, &order).await, "acknowledged");
    t.post(&path, json!({"result": "pass", "reason": "好"})).await.refused(403, "order.own");
    let supervisor = t.named("supervisor");
    supervisor.post(&path, json!({"result": "maybe", "reason": "x"})).await.refused(400, "field.invalid");
    supervisor.post(&path, json!({"result": "pass", "reason": "资料齐全"})).await.ok();
    finish(&t).await;
    assert_eq!(order_state(&t, &order).await, "completed");
    let order = place(&t, &g.customer, "of-mobile-59", &[("number", "13900138271")]).await;
    supervisor
        .post(&format!("/api/v1/orders/{order}/audit"), json!({"result": "refuse", "reason": "证件不符"}))
        .await
        .ok();
    finish(&t).await;
    assert_eq!(
        (order_state(&t, &order).await, crate::numbers::state(&t, "13900138271").await),
        ("cancelled".into(), "available".into())
    );
}
