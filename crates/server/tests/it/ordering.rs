//! Orders: taken, tracked, cancelled, changed.

use crate::numbers::{lock, pool, state};
use inventory::ports;
use kernel::OrgPath;
use testkit::{TestApp, Value, both_databases, json};

pub const ORDERS: &str = "/tmf-api/productOrderingManagement/v4/productOrder";

/// Something to sell, numbers and ports to sell it with, and a customer who wants it.
pub async fn shop(t: &TestApp) -> String {
    pool(t).await;
    t.write(|tx| {
        catalog::ensure_demo(tx)?;
        ports::add(tx, &OrgPath::parse("/cn/44/4401")?, "OLT-1", 16)?;
        let mut new = customer::NewCustomer::person("张伟");
        new.org = Some(OrgPath::parse("/cn/44/4401/h001")?);
        let card = party::Certificate::parse(party::CertificateKind::IdCard, "440106199001010013")?;
        new.certificate = Some(card); // without one nothing is opened
        customer::create(tx, &new).map(|c| c.id)
    })
    .await
}

pub fn asked(customer: &str, offering: &str, characteristics: &[(&str, &str)]) -> Value {
    let all: Vec<Value> = characteristics.iter().map(|(n, v)| json!({"name": n, "value": v})).collect();
    json!({
        "relatedParty": [{"id": customer, "role": "customer", "@referredType": "Customer"}],
        "productOrderItem": [{"id": "1", "action": "add", "quantity": 1, "productOffering": {"id": offering}, "product": {"productCharacteristic": all}}],
    })
}

/// Places an order; returns its id.
pub async fn place(t: &TestApp, customer: &str, offering: &str, characteristics: &[(&str, &str)]) -> String {
    let order = t.post(ORDERS, asked(customer, offering, characteristics)).await.created();
    order["id"].as_str().unwrap().to_owned()
}

/// A mobile line on a locked number.
pub async fn mobile(t: &TestApp, customer: &str, number: &str) -> String {
    let token = lock(t, number).await;
    place(t, customer, "of-mobile-59", &[("number", number), ("lockToken", &token)]).await
}

pub async fn track(t: &TestApp, order: &str) -> Value {
    t.get(&format!("/api/v1/orders/{order}/track")).await.ok()
}

pub async fn order_state(t: &TestApp, order: &str) -> String {
    track(t, order).await["order"]["state"].as_str().unwrap().to_owned()
}

/// Lets everything happen, pauses included.
pub async fn finish(t: &TestApp) {
    for _ in 0..6 {
        t.settle().await;
        t.advance(11);
    }
    t.settle().await;
}

#[both_databases]
async fn an_order_is_taken_whole(t: TestApp) {
    let customer = shop(&t).await;
    let number = "13900138888";
    let token = lock(&t, number).await;
    let order =
        t.post(ORDERS, asked(&customer, "of-mobile-59", &[("number", number), ("lockToken", &token)])).await.created();
    assert_eq!(order["state"], "acknowledged");
    assert!(order["orderNo"].as_str().unwrap().starts_with("P-4401-20261122-"), "{order}");
    assert!(!order.to_string().contains(&token), "the lock token is used up and not told on");
    assert_eq!(state(&t, number).await, "reserved");
    let product = &order["productOrderItem"][0]["product"];
    let product =
        t.get(&format!("/tmf-api/productInventory/v4/product/{}", product["id"].as_str().unwrap())).await.ok();
    assert_eq!((&product["status"], &product["family"]), (&json!("pendingActive"), &json!("mobile")));
    let id = order["id"].as_str().unwrap();
    let seen = track(&t, id).await;
    assert_eq!(seen["saga"]["state"], "running");
    assert_eq!(seen["tree"][0]["cfs"][0]["name"], "移动语音与数据");
    assert_eq!(seen["order"]["progress"], json!({"done": 0, "total": 8}));
    let service = t.get(&format!("/tmf-api/serviceOrdering/v4/serviceOrder?productOrderId={id}")).await.ok();
    assert_eq!(service[0]["serviceOrderItem"].as_array().unwrap().len(), 4, "one CFS, three RFS");
    let rows = t.get("/api/v1/orders?q=张").await.ok();
    assert_eq!(rows[0]["id"], order["id"]);
}

#[both_databases]
async fn the_same_order_twice_at_once_is_taken_once(t: TestApp) {
    let customer = shop(&t).await;
    let number = "13900138010";
    let token = lock(&t, number).await;
    let body = asked(&customer, "of-mobile-59", &[("number", number), ("lockToken", &token)]);
    let mut tries = Vec::new();
    for _ in 0..6 {
        let (t, body) = (t.clone(), body.clone());
        tries.push(tokio::spawn(async move { t.post(ORDERS, body).key("one-press").await }));
    }
    let mut ids = Vec::new();
    for one in tries {
        ids.push(one.await.unwrap().created()["id"].clone());
    }
    ids.dedup();
    assert_eq!(ids.len(), 1);
    assert_eq!(t.count("SELECT COUNT(*) FROM product_order").await, 1);
    // Without a key the lock token still admits one order only.
    t.post(ORDERS, body).await.refused(409, "number.taken");
}

#[both_databases]
async fn what_cannot_be_sold_leaves_no_trace(t: TestApp) {
    let customer = shop(&t).await;
    let before = t.digest().await;
    for (body, status, code) in [
        (asked(&customer, "of-closed-38", &[("number", "13900138011")]), 422, "offering.closed"),
        (asked(&customer, "of-mobile-59", &[]), 422, "order.need_missing"),
        (asked(&customer, "of-mobile-59", &[("number", "13911111111")]), 404, "number.unknown"),
        (asked(&customer, "of-broadband-300", &[]), 422, "order.need_missing"),
        (asked("nobody", "of-mobile-59", &[("number", "13900138011")]), 422, "reference.unknown"),
        (json!({"productOrderItem": []}), 400, "field.missing"),
        (json!({"productOrderItem": [{"id": "1", "action": "dance"}]}), 400, "field.invalid"),
    ] {
        t.post(ORDERS, body).await.refused(status, code);
    }
    before.assert_unchanged(&t.digest().await);
}

#[both_databases]
async fn an_expired_lock_is_refused_and_the_number_stays_free(t: TestApp) {
    let customer = shop(&t).await;
    let token = lock(&t, "13900138012").await;
    t.advance(700);
    let body = asked(&customer, "of-mobile-59", &[("number", "13900138012"), ("lockToken", &token)]);
    t.post(ORDERS, body).await.refused(409, "number.lock_expired");
    lock(&t, "13900138012").await;
}

#[both_databases]
async fn a_bundle_becomes_its_products(t: TestApp) {
    let customer = shop(&t).await;
    let given =
        [("number", "13900138013"), ("installAddress", "天河路 1 号"), ("installSlot", "2026-11-23T09:00:00+08:00")];
    let order = t.post(ORDERS, asked(&customer, "of-fusion-169", &given)).await.created();
    let nested = order["productOrderItem"][0]["productOrderItem"].as_array().unwrap().clone();
    let of = |family: &str| {
        nested.iter().find(|n| n["family"] == family).unwrap_or_else(|| panic!("{family}: {nested:?}"))["product"]
            .clone()
    };
    assert_eq!(of("mobile")["productCharacteristic"][0], json!({"name": "number", "value": "13900138013"}));
    assert!(!of("mobile").to_string().contains("天河路"), "the address goes to whom needs it");
    let broadband = of("broadband").to_string();
    assert!(broadband.contains("天河路") && broadband.contains("broadbandAccount"));
    let id = order["id"].as_str().unwrap();
    finish(&t).await;
    let seen = track(&t, id).await;
    assert_eq!(seen["order"]["state"], "completed", "{seen:#}");
    assert_eq!(seen["bill"]["amountFen"], order["amountFen"]);
}

#[both_databases]
async fn orders_of_other_systems_wait_for_a_person(t: TestApp) {
    let kept = json!({"productOrderItem": [{"id": "123", "action": "add"}], "relatedParty": [{"id": "456-dd-df45", "@referredType": "Individual"}]});
    let order = t.post(ORDERS, kept).await.created();
    assert_eq!(order["state"], "acknowledged");
    t.settle().await;
    assert_eq!(t.count("SELECT COUNT(*) FROM fallout").await, 0, "it names nothing to be done");
    let customer = shop(&t).await;
    let mut foreign = asked(&customer, "x", &[]);
    foreign["productOrderItem"][0]["productOffering"]["href"] = json!("https://example.org/productOffering/x");
    let order = t.post(ORDERS, foreign).await.created();
    t.settle().await;
    let open = t.get("/api/v1/fallout").await.ok();
    assert_eq!((&open[0]["orderId"], &open[0]["error"]["code"]), (&order["id"], &json!("order.foreign_offering")));
    t.post(&format!("/api/v1/fallout/{}/skip", open[0]["id"].as_str().unwrap()), json!({"reason": "已人工办理"}))
        .await
        .ok();
    t.settle().await;
    assert_eq!(order_state(&t, order["id"].as_str().unwrap()).await, "completed");
}

#[both_databases]
async fn a_cancelled_order_gives_everything_back(t: TestApp) {
    let customer = shop(&t).await;
    let order = mobile(&t, &customer, "13900138014").await;
    t.post(&format!("/api/v1/orders/{order}/cancel"), json!({"reason": "  "})).await.refused(400, "reason.missing");
    let seen = t.post(&format!("/api/v1/orders/{order}/cancel"), json!({"reason": "客户放弃"})).await.expect(202);
    assert_eq!(seen["order"]["state"], "cancelled", "nothing was done yet");
    assert_eq!(state(&t, "13900138014").await, "available");
    t.settle().await;
    assert_eq!(t.count("SELECT COUNT(*) FROM simulator_subscriber").await, 0);
    t.post(&format!("/api/v1/orders/{order}/cancel"), json!({"reason": "x"})).await.refused(409, "order.state");
    mobile(&t, &customer, "13900138014").await;
}

#[both_databases]
async fn a_completed_order_cannot_be_cancelled(t: TestApp) {
    let customer = shop(&t).await;
    let order = mobile(&t, &customer, "13900138015").await;
    finish(&t).await;
    assert_eq!(order_state(&t, &order).await, "completed");
    let cancel = json!({"productOrder": {"id": order}, "cancellationReason": "late"});
    t.post("/tmf-api/productOrdering/v4/cancelProductOrder", cancel).await.refused(409, "order.state");
    assert_eq!(state(&t, "13900138015").await, "inUse");
}

#[both_databases]
async fn nobody_sees_or_cancels_orders_of_another_city(t: TestApp) {
    let customer = shop(&t).await;
    let order = mobile(&t, &customer, "13900138016").await;
    let elsewhere = t.as_scope("/cn/44/4403");
    elsewhere.get(&format!("/api/v1/orders/{order}/track")).await.refused(404, "not_found");
    elsewhere.post(&format!("/api/v1/orders/{order}/cancel"), json!({"reason": "x"})).await.refused(404, "not_found");
    assert!(elsewhere.get("/api/v1/orders").await.ok().as_array().unwrap().is_empty());
    t.with_permissions(&["order.read"])
        .post(&format!("/api/v1/orders/{order}/cancel"), json!({"reason": "x"}))
        .await
        .refused(403, "auth.forbidden");
}

#[both_databases]
async fn the_price_is_told_before_the_order(t: TestApp) {
    let customer = shop(&t).await;
    let ask = json!({"customerId": customer, "items": [{"offeringId": "of-mobile-59", "quantity": 1}, {"offeringId": "of-closed-38"}]});
    let quote = t.post("/api/v1/orders/price", ask).await.ok();
    assert_eq!((&quote["eligible"], &quote["problems"][0]["code"]), (&json!(false), &json!("offering.closed")));
    assert!(quote["dueNowFen"].as_i64().unwrap() > 0);
}

#[both_databases]
async fn a_service_order_of_another_system_is_kept_and_cancelled(t: TestApp) {
    let item = json!({"id": "1", "action": "add", "service": {"serviceSpecification": {"id": "12"}}});
    let order = t
        .post("/tmf-api/serviceOrdering/v4/serviceOrder", json!({"serviceOrderItem": [item], "priority": "1"}))
        .await
        .created();
    assert_eq!(order["state"], "acknowledged");
    t.post("/tmf-api/serviceOrdering/v4/serviceOrder", json!({"serviceOrderItem": []}))
        .await
        .refused(400, "field.missing");
    t.post("/tmf-api/serviceOrdering/v4/cancelServiceOrder", json!({"serviceOrder": {"id": order["id"]}}))
        .await
        .created();
    let path = format!("/tmf-api/serviceOrderingManagement/v4/serviceOrder/{}", order["id"].as_str().unwrap());
    assert_eq!(t.get(&path).await.ok()["state"], "cancelled");
}
