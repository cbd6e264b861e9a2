//! What is offered, checked and refused.

use super::ground::Ground;
use crate::{
    numbers::{lock, state},
    ordering::{finish, order_state, track},
};
use testkit::{TestApp, Value, both_databases, json};

fn codes(seen: &Value) -> Vec<String> {
    seen["problems"].as_array().unwrap().iter().map(|p| p["code"].as_str().unwrap().to_owned()).collect()
}

#[both_databases]
async fn the_desk_is_told_what_can_be_done_and_why_not(t: TestApp) {
    let g = Ground::new(&t).await;
    let actions = t.get(&format!("/api/v1/products/{}/actions", g.line)).await.ok();
    let of = |name: &str| actions.as_array().unwrap().iter().find(|a| a["business"] == name).cloned();
    let suspend = of("suspend").unwrap();
    assert_eq!((&suspend["allowed"], &suspend["title"]["zh-CN"]), (&json!(true), &json!("停机保号")));
    assert_eq!(suspend["effective"][0], "immediate");
    let resume = of("resume").unwrap();
    assert_eq!((&resume["allowed"], &resume["whyNot"]["code"]), (&json!(false), &json!("product.business_state")));
    assert!(of("relocate").is_none(), "a mobile line does not move");
    assert!(of("open").is_none() && of("portOut").is_none(), "sales are no actions");
    let number = of("changeNumber").unwrap();
    assert_eq!(
        (&number["fields"][0]["type"], &number["fields"][0]["current"]),
        (&json!("numberPick"), &json!("13900138200"))
    );
    for action in actions.as_array().unwrap() {
        for field in action["fields"].as_array().unwrap() {
            assert!(field["title"]["en"].is_string() && field["title"]["zh-CN"].is_string(), "{field}");
        }
    }
    let customer = t.get(&format!("/api/v1/customers/{}/actions", g.customer)).await.ok();
    assert!(customer.as_array().unwrap().iter().any(|a| a["business"] == "mergeAccounts"));
    // What one's role never does is not offered.
    let reader = t.with_permissions(&["order.read", "inventory.read", "customer.read"]);
    let seen = reader.get(&format!("/api/v1/products/{}/actions", g.line)).await.ok();
    assert_eq!(seen, json!([]));
    t.with_permissions(&["order.create"])
        .post("/api/v1/businesses", Ground::ask("suspend", &g.line, json!({})))
        .await
        .refused(403, "auth.forbidden");
    t.as_scope("/cn/44/4403").get(&format!("/api/v1/products/{}/actions", g.line)).await.refused(404, "not_found");
}

#[both_databases]
async fn everything_that_is_wrong_is_told_at_once_and_nothing_is_changed(t: TestApp) {
    let g = Ground::new(&t).await;
    let before = t.digest().await;
    let ask =
        Ground::ask("transfer", &g.line, json!({"toCustomer": g.customer, "account": "nobody's", "colour": "red"}));
    let seen = g.check(&ask).await;
    assert_eq!(codes(&seen), ["field.invalid", "business.same_customer"], "{seen:#}");
    assert_eq!(seen["steps"], json!([]));
    let refused = t.post("/api/v1/businesses", ask).await.refused(400, "field.invalid");
    assert_eq!(refused["problems"].as_array().unwrap().len(), 2);
    let resume = t
        .post("/api/v1/businesses", Ground::ask("resume", &g.line, json!({})))
        .await
        .refused(409, "product.business_state");
    assert_eq!(resume["reason"], "产品正在使用，不能办理复机");
    for (ask, status, code) in [
        (json!({"business": "dance", "productId": g.line, "reason": "x"}), 400, "field.invalid"),
        (json!({"business": "suspend", "reason": "x"}), 400, "field.missing"),
        (json!({"business": "suspend", "productId": "nobody", "reason": "x"}), 422, "reference.unknown"),
        (json!({"business": "resume", "productId": g.line, "reason": " "}), 400, "reason.missing"),
        (
            json!({"business": "resume", "productId": g.line, "reason": "x", "effective": "yesterday"}),
            400,
            "field.invalid",
        ),
        (json!({"business": "resume", "productId": g.line, "reason": "x", "effective": "date"}), 400, "field.missing"),
        (
            json!({"business": "resume", "productId": g.line, "reason": "x", "effective": "date", "effectiveDate": "2020-01-01"}),
            422,
            "business.effective_date",
        ),
        (
            json!({"business": "suspend", "productId": g.line, "reason": "x", "values": {"reasonKind": "fun"}}),
            400,
            "field.invalid",
        ),
        (
            json!({"business": "rename", "productId": g.line, "reason": "x", "values": {}}),
            422,
            "business.value_missing",
        ),
        (
            json!({"business": "portOut", "productId": g.line, "reason": "x", "values": {"requestId": "r"}}),
            409,
            "port_out.by_centre",
        ),
        (json!({"business": "open", "customerId": g.customer, "reason": "x"}), 422, "business.a_sale"),
    ] {
        t.post("/api/v1/businesses", ask).await.refused(status, code);
    }
    before.assert_unchanged(&t.digest().await);
}

#[both_databases]
async fn the_same_ask_twice_is_done_once(t: TestApp) {
    let g = Ground::new(&t).await;
    let ask = Ground::ask("suspend", &g.line, json!({}));
    let mut tries = Vec::new();
    for _ in 0..6 {
        let (t, ask) = (t.clone(), ask.clone());
        tries.push(tokio::spawn(async move { t.post("/api/v1/businesses", ask).key("one-press").await }));
    }
    let mut ids = Vec::new();
    for one in tries {
        ids.push(one.await.unwrap().created()["orderId"].clone());
    }
    ids.dedup();
    assert_eq!(ids.len(), 1);
    // Without a key the lock on the product still admits one.
    let refused = t.post("/api/v1/businesses", ask.clone()).await.refused(409, "order.in_transit");
    assert_eq!(refused["lockedBy"]["orderId"], ids[0]);
    let seen = g.check(&ask).await;
    assert_eq!(seen["lockedBy"]["orderId"], ids[0]);
    finish(&t).await;
    assert_eq!(t.count("SELECT COUNT(*) FROM product_lock").await, 0);
}

#[both_databases]
async fn two_clerks_want_one_number_and_one_gets_it(t: TestApp) {
    let g = Ground::new(&t).await;
    let second = g.mobile("13900138210").await;
    let (anna, bert) = (t.named("anna"), t.named("bert"));
    let token = lock(&anna, "13900138333").await;
    let stolen = Ground::ask("changeNumber", &second, json!({"newNumber": {"number": "13900138333"}}));
    bert.post("/api/v1/businesses", stolen).await.refused(409, "number.taken");
    let own = Ground::ask("changeNumber", &g.line, json!({"newNumber": {"number": "13900138333", "lockToken": token}}));
    anna.post("/api/v1/businesses", own).await.created();
    // Free for all: whoever commits first.
    let race = |product: &str| Ground::ask("changeNumber", product, json!({"newNumber": "13900138334"}));
    let third = g.mobile("13900138211").await;
    let (one, two) = (t.clone(), t.clone());
    let (a, b) = (race(&second), race(&third));
    let (first, other) = tokio::join!(
        tokio::spawn(async move { one.post("/api/v1/businesses", a).await }),
        tokio::spawn(async move { two.post("/api/v1/businesses", b).await }),
    );
    let mut statuses = [first.unwrap().status.as_u16(), other.unwrap().status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    finish(&t).await;
    assert_eq!((state(&t, "13900138333").await, state(&t, "13900138334").await), ("inUse".into(), "inUse".into()));
    g.sound().await;
}

#[both_databases]
async fn each_reason_to_rest_is_a_lock_of_its_own(t: TestApp) {
    let g = Ground::new(&t).await;
    g.done("suspend", &g.line, json!({"reasonKind": "customer"})).await;
    g.done("reportLoss", &g.line, json!({})).await;
    assert_eq!(t.count("SELECT COUNT(*) FROM product_suspension").await, 2);
    let seen = g.check(&Ground::ask("resume", &g.line, json!({"reasonKind": "customer"}))).await;
    assert_eq!(codes(&seen), ["product.suspended"], "the loss report stands");
    assert!(seen["problems"][0]["reason"].as_str().unwrap().contains("挂失"));
    g.done("withdrawLoss", &g.line, json!({})).await;
    assert_eq!(
        (g.product(&g.line).await["status"].clone(), state(&t, "13900138200").await),
        (json!("suspended"), "suspended".into())
    );
    g.done("resume", &g.line, json!({})).await;
    assert_eq!(g.product(&g.line).await["status"], "active");
    // Only those who watch over debts and rules set those locks.
    let clerk = t.as_role("clerk");
    let ask = Ground::ask("suspend", &g.line, json!({"reasonKind": "arrears"}));
    clerk.post("/api/v1/businesses", ask.clone()).await.refused(400, "field.invalid");
    t.post("/api/v1/businesses", ask).await.created();
    finish(&t).await;
    let seen = clerk.post("/api/v1/businesses/check", Ground::ask("resume", &g.line, json!({}))).await.ok();
    assert_eq!(codes(&seen), ["product.suspended"]);
}

#[both_databases]
async fn a_booked_close_waits_for_its_day_and_is_withdrawn(t: TestApp) {
    let g = Ground::new(&t).await;
    let mut ask = Ground::ask("close", &g.line, json!({"closeKind": "moved"}));
    (ask["effective"], ask["effectiveDate"]) = (json!("date"), json!("2026-12-10"));
    let placed = t.post("/api/v1/businesses", ask.clone()).await.created();
    let id = placed["orderId"].as_str().unwrap().to_owned();
    assert_eq!((&placed["state"], &placed["effectiveAt"]), (&json!("pending"), &json!("2026-12-09T16:00:00.000Z")));
    finish(&t).await;
    assert_eq!(g.product(&g.line).await["status"], "active");
    t.post("/api/v1/businesses", ask.clone()).await.refused(409, "order.booked");
    t.post("/api/v1/businesses", Ground::ask("transfer", &g.line, json!({"toCustomer": g.other})))
        .await
        .refused(409, "order.booked");
    // Others go on meanwhile.
    g.done("suspend", &g.line, json!({})).await;
    let row = t.get(&format!("/api/v1/bookings?customerId={}", g.customer)).await.ok()[0].clone();
    assert_eq!((&row["orderId"], &row["business"]), (&json!(id), &json!("close")));
    // Withdrawn: nothing is left of it.
    t.post(&format!("/api/v1/orders/{id}/cancel"), json!({"reason": "客户取消预约"})).await.expect(202);
    assert_eq!(order_state(&t, &id).await, "cancelled");
    assert_eq!(t.count("SELECT COUNT(*) FROM booking").await + t.count("SELECT COUNT(*) FROM product_lock").await, 0);
    // Booked again, and its day comes.
    let id = t.post("/api/v1/businesses", ask).await.created()["orderId"].as_str().unwrap().to_owned();
    t.advance(18 * 86_400);
    finish(&t).await;
    assert_eq!(
        (order_state(&t, &id).await, g.product(&g.line).await["status"].clone()),
        ("completed".into(), json!("terminated"))
    );
    g.sound().await;
}

#[both_databases]
async fn a_booked_order_waits_while_another_holds_the_product(t: TestApp) {
    let g = Ground::new(&t).await;
    let mut ask = Ground::ask("changePlan", &g.line, json!({"offering": "of-mobile-129"}));
    ask["effective"] = json!("nextDay");
    let id = t.post("/api/v1/businesses", ask).await.created()["orderId"].as_str().unwrap().to_owned();
    t.advance(15 * 3_600); // the next day
    let held =
        t.post("/api/v1/businesses", Ground::ask("suspend", &g.line, json!({}))).await.created()["orderId"].clone();
    let held = held.as_str().unwrap().to_owned();
    crate::ordering::finish(&t).await;
    // The suspension went first; a plan is not changed on a line that rests.
    assert_eq!(order_state(&t, &held).await, "completed");
    let seen = track(&t, &id).await;
    assert_eq!(
        (&seen["order"]["state"], &seen["booking"]["waiting"][0]["code"]),
        (&json!("pending"), &json!("product.business_state")),
        "{seen:#}"
    );
    g.done("resume", &g.line, json!({})).await;
    t.advance(20);
    finish(&t).await;
    assert_eq!(order_state(&t, &id).await, "completed");
    assert_eq!(g.product(&g.line).await["productOffering"]["id"], "of-mobile-129");
}

#[both_databases]
async fn a_booked_change_gets_the_version_it_was_promised(t: TestApp) {
    let g = Ground::new(&t).await;
    let mut ask = Ground::ask("changePlan", &g.line, json!({"offering": "of-mobile-129"}));
    ask["effective"] = json!("nextMonth");
    let id = t.post("/api/v1/businesses", ask).await.created()["orderId"].as_str().unwrap().to_owned();
    let offering = "/tmf-api/productCatalogManagement/v4/productOffering/of-mobile-129";
    t.in_org("/cn").patch(offering, json!({"lifecycleStatus": "Retired"})).await.ok();
    let second = g.mobile("13900138280").await;
    let again = g.check(&Ground::ask("changePlan", &second, json!({"offering": "of-mobile-129"}))).await;
    assert_eq!(codes(&again), ["business.not_eligible"], "nobody else gets it any more");
    t.advance(10 * 86_400);
    finish(&t).await;
    assert_eq!(order_state(&t, &id).await, "completed");
    assert_eq!(g.product(&g.line).await["productOffering"]["id"], "of-mobile-129");
}

#[both_databases]
async fn who_owes_is_blacklisted_or_has_too_many_numbers_is_told(t: TestApp) {
    let g = Ground::new(&t).await;
    t.advance(86_400 * 90); // the first bill is overdue
    let seen = g.check(&Ground::ask("close", &g.line, json!({}))).await;
    assert!(codes(&seen).contains(&"customer.arrears".to_owned()), "{seen:#}");
    let seen = g.check(&Ground::ask("reportLoss", &g.line, json!({}))).await;
    assert_eq!(codes(&seen), Vec::<String>::new(), "a loss is reported whatever is owed");
    let sale = crate::ordering::asked(&g.customer, "of-mobile-59", &[("number", "13900138220")]);
    t.post(crate::ordering::ORDERS, sale).await.refused(409, "customer.arrears");
}

#[both_databases]
async fn no_more_than_five_numbers_on_a_certificate(t: TestApp) {
    let g = Ground::new(&t).await;
    for n in 0..4 {
        g.mobile(&format!("1390013823{n}")).await;
    }
    let before = t.digest().await;
    let sale = crate::ordering::asked(&g.customer, "of-mobile-59", &[("number", "13900138240")]);
    let refused = t.post(crate::ordering::ORDERS, sale).await.refused(409, "customer.number_limit");
    assert!(refused["reason"].as_str().unwrap().contains("5"), "{refused}");
    before.assert_unchanged(&t.digest().await);
}

#[both_databases]
async fn a_business_is_asked_for_by_tmf622_too(t: TestApp) {
    let g = Ground::new(&t).await;
    let item = json!({"id": "1", "action": "modify", "business": "changeNumber", "product": {"id": g.line, "productCharacteristic": [{"name": "newNumber", "value": "13900138250"}]}});
    let body = json!({"relatedParty": [{"id": g.customer, "role": "customer"}], "note": [{"text": "客户改号"}], "productOrderItem": [item]});
    let order = t.post(crate::ordering::ORDERS, body).await.created();
    assert_eq!(
        (&order["business"], &order["productOrderItem"][0]["action"]),
        (&json!("changeNumber"), &json!("modify"))
    );
    finish(&t).await;
    assert_eq!(order_state(&t, order["id"].as_str().unwrap()).await, "completed");
    assert_eq!(g.characteristic(&g.line, "number").await, "13900138250");
    let nothing = json!({"relatedParty": [{"id": g.customer, "role": "customer"}], "productOrderItem": [{"id": "1", "action": "modify", "product": {"id": g.line}}]});
    t.post(crate::ordering::ORDERS, nothing).await.refused(422, "order.action_unsupported");
}
