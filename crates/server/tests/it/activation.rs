//! Activation systems that take all work of an order in one message, over a real connection: what they say late, never,
//! twice, out of order, and what they refuse.

mod amend;

use crate::{
    journeys::{act, behave, open_fallout},
    ordering::{ORDERS, finish, order_state, place, shop, track},
};
use testkit::{TestApp, Value, both_databases, json};

/// Gives a product line to a system.
pub async fn route(t: &TestApp, family: &str, system: &str) {
    let rule = json!({"target": "*", "org": "", "family": family, "adapter": system, "priority": 5});
    t.post("/api/v1/network/routes", rule).await.created();
}

/// How a built-in activation system behaves from now on.
pub async fn system(t: &TestApp, name: &str, how: Value) {
    let mut all = json!({"system": name});
    for (key, value) in how.as_object().unwrap() {
        all[key] = value.clone();
    }
    t.put("/api/v1/network/simulator", json!({"systems": [all]})).await.ok();
}

pub async fn messages(t: &TestApp, order: &str) -> Vec<Value> {
    t.get(&format!("/api/v1/network/messages?orderId={order}")).await.ok().as_array().unwrap().clone()
}

/// Lets so many seconds pass, and everything happen in them.
pub async fn wait(t: &TestApp, seconds: i64) {
    for _ in 0..=seconds / 20 {
        t.settle().await;
        t.advance(20);
    }
    t.settle().await;
}

pub async fn connected(t: &TestApp) -> i64 {
    t.count("SELECT COUNT(*) FROM simulator_subscriber").await
}

pub async fn broadband(t: &TestApp, customer: &str, place_: &str) -> String {
    place(t, customer, "of-broadband-300", &[("installAddress", place_)]).await
}

pub async fn product_of(t: &TestApp, order: &str) -> String {
    track(t, order).await["order"]["items"][0]["productId"].as_str().unwrap().to_owned()
}

pub async fn close(t: &TestApp, customer: &str, product: &str) -> String {
    let order = json!({
        "relatedParty": [{"id": customer, "role": "customer"}],
        "productOrderItem": [{"id": "1", "action": "delete", "product": {"id": product}}],
    });
    t.post(ORDERS, order).await.created()["id"].as_str().unwrap().to_owned()
}

pub async fn cancel(t: &TestApp, order: &str) {
    t.post(&format!("/api/v1/orders/{order}/cancel"), json!({"reason": "客户放弃"})).await.expect(202);
}

#[both_databases]
async fn all_work_of_an_order_is_one_message_and_one_result(t: TestApp) {
    let customer = shop(&t).await;
    route(&t, "broadband", "tmf641").await;
    let order = broadband(&t, &customer, "天河路 1 号").await;
    finish(&t).await;
    assert_eq!(order_state(&t, &order).await, "completed");
    let all = messages(&t, &order).await;
    assert_eq!(all.len(), 1, "{all:#?}");
    assert_eq!((&all[0]["state"], &all[0]["items"], &all[0]["version"]), (&json!("completed"), &json!(2), &json!(1)));
    let one = t.get(&format!("/api/v1/network/messages/{}", all[0]["id"].as_str().unwrap())).await.ok();
    let relies = &one["payload"]["serviceOrderItem"];
    assert_eq!(relies.as_array().unwrap().len(), 2, "the ONU and the account: {one:#}");
    assert!(!one.to_string().contains("password"), "a password is in no record of ours");
    assert_eq!(t.count("SELECT COUNT(*) FROM southbound_order").await, 1);
    assert_eq!(connected(&t).await, 2);
    // The tree of the order knows the message.
    let tree = t.get(&format!("/api/v1/orders/{order}/tree")).await.ok();
    let carried = tree["steps"].as_array().unwrap().iter().filter(|s| s["message"]["id"] == all[0]["id"]).count();
    assert_eq!((carried, tree["items"][0]["shared"][0]["kind"].as_str()), (2, Some("onu")));
}

#[both_databases]
async fn whatever_way_the_answer_comes_the_order_is_done_once(t: TestApp) {
    let customer = shop(&t).await;
    route(&t, "broadband", "tmf641").await;
    let ways = [
        json!({"lateSeconds": 300}),
        json!({"neverNext": 1}),
        json!({"twiceNext": 1}),
        json!({"disorderNext": 1}),
        json!({"silent": true}),
    ];
    for (n, way) in ways.into_iter().enumerate() {
        system(&t, "tmf641", way.clone()).await;
        let order = broadband(&t, &customer, &format!("天河路 {n} 号")).await;
        wait(&t, 480).await;
        assert_eq!(order_state(&t, &order).await, "completed", "{way}");
        let all = messages(&t, &order).await;
        assert_eq!((all.len(), &all[0]["state"]), (1, &json!("completed")), "{way}");
        assert_eq!(connected(&t).await, 2 * (i64::try_from(n).unwrap() + 1), "{way}");
        assert!(open_fallout(&t).await.is_empty(), "{way}");
    }
    // Whoever says it again changes nothing.
    let done = t.digest().await;
    let event = json!({"eventType": "ServiceOrderStateChangeEvent", "event": {"serviceOrder": {"externalId": "nobody-knows", "state": "completed"}}});
    t.post("/tmf-api/serviceOrdering/v4/listener/serviceOrderStateChangeEvent", event).await.expect(404);
    done.assert_unchanged(&t.digest().await);
}

#[both_databases]
async fn a_refusal_is_shown_by_the_task_that_brought_it_and_the_next_version_is_sent_whole(t: TestApp) {
    let customer = shop(&t).await;
    route(&t, "broadband", "tmf641").await;
    behave(&t, "radius", json!({"failNext": 1})).await;
    let order = broadband(&t, &customer, "天河路 1 号").await;
    finish(&t).await;
    let open = open_fallout(&t).await;
    assert_eq!((open.len(), &open[0]["error"]["code"]), (1, &json!("network.refused")), "{open:#?}");
    assert_eq!(connected(&t).await, 0, "the system does an order as a whole or not at all");
    let failed = messages(&t, &order).await[0]["id"].as_str().unwrap().to_owned();
    t.post(&format!("/api/v1/network/messages/{failed}/retry"), json!({"reason": ""}))
        .await
        .refused(400, "reason.missing");
    t.post(&format!("/api/v1/network/messages/{failed}/retry"), json!({"reason": "已修复"})).await.ok();
    finish(&t).await;
    let all = messages(&t, &order).await;
    assert_eq!((all.len(), &all[0]["version"], &all[0]["state"]), (1, &json!(2), &json!("completed")));
    assert_eq!((order_state(&t, &order).await.as_str(), connected(&t).await), ("completed", 2));
    t.post(&format!("/api/v1/network/messages/{failed}/retry"), json!({"reason": "x"}))
        .await
        .refused(409, "network.message_state");
}

#[both_databases]
async fn a_cancelled_order_is_cancelled_there_and_leaves_nothing(t: TestApp) {
    let customer = shop(&t).await;
    route(&t, "broadband", "tmf641").await;
    system(&t, "tmf641", json!({"lateSeconds": 600})).await;
    let order = broadband(&t, &customer, "天河路 1 号").await;
    t.settle().await;
    assert_eq!(messages(&t, &order).await[0]["state"], "acked");
    cancel(&t, &order).await;
    finish(&t).await;
    assert_eq!(
        (order_state(&t, &order).await.as_str(), &messages(&t, &order).await[0]["state"]),
        ("cancelled", &json!("cancelled"))
    );
    wait(&t, 900).await;
    assert_eq!((connected(&t).await, t.count("SELECT COUNT(*) FROM shared_holder").await), (0, 0));
    assert_eq!(t.count("SELECT COUNT(*) FROM access_port WHERE state <> 'available'").await, 0);
}

/// The system had done it, told nobody, and is then told that the order is cancelled.
#[both_databases]
async fn what_was_done_unheard_is_taken_back_by_a_message_of_its_own(t: TestApp) {
    let customer = shop(&t).await;
    route(&t, "broadband", "tmf641").await;
    system(&t, "tmf641", json!({"neverNext": 1})).await;
    let order = broadband(&t, &customer, "天河路 1 号").await;
    t.settle().await;
    assert_eq!(connected(&t).await, 2, "done, and nobody knows");
    let product = product_of(&t, &order).await;
    cancel(&t, &order).await;
    wait(&t, 200).await;
    let all = messages(&t, &order).await;
    assert_eq!(all.len(), 2, "{all:#?}");
    assert!(all.iter().any(|m| m["purpose"] == "undo" && m["state"] == "completed"), "{all:#?}");
    assert_eq!((order_state(&t, &order).await.as_str(), connected(&t).await), ("cancelled", 0));
    let held = t.get(&format!("/tmf-api/productInventory/v4/product/{product}")).await.ok();
    assert_eq!(held["status"], "cancelled", "never resurrected");
}

#[both_databases]
async fn a_completion_after_the_cancellation_was_confirmed_is_taken_back_too(t: TestApp) {
    let customer = shop(&t).await;
    route(&t, "broadband", "tmf641").await;
    system(&t, "tmf641", json!({"lateSeconds": 600})).await;
    let order = broadband(&t, &customer, "天河路 1 号").await;
    t.settle().await;
    cancel(&t, &order).await;
    finish(&t).await;
    let id = messages(&t, &order).await[0]["id"].as_str().unwrap().to_owned();
    let event = json!({"eventType": "ServiceOrderStateChangeEvent", "event": {"serviceOrder": {"externalId": id, "state": "completed", "orderVersion": 1}}});
    for _ in 0..2 {
        t.post("/tmf-api/serviceOrdering/v4/listener/serviceOrderStateChangeEvent", event.clone()).await.expect(201);
        finish(&t).await;
    }
    wait(&t, 700).await;
    let all = messages(&t, &order).await;
    assert_eq!(all.len(), 2, "{all:#?}");
    assert!(all.iter().all(|m| m["state"] == "completed"), "{all:#?}");
    assert_eq!((order_state(&t, &order).await.as_str(), connected(&t).await), ("cancelled", 0));
}

#[both_databases]
async fn an_undo_that_is_refused_stands_before_a_person_until_it_is_done(t: TestApp) {
    let customer = shop(&t).await;
    route(&t, "broadband", "tmf641").await;
    let order = broadband(&t, &customer, "天河路 1 号").await;
    while activation::round(t.app()).await.unwrap() + flow::round(t.app()).await.unwrap() > 0 {} // everything but billing
    assert_eq!(connected(&t).await, 2);
    system(&t, "tmf641", json!({"refuseNext": 1})).await;
    cancel(&t, &order).await;
    finish(&t).await;
    let seen = track(&t, &order).await;
    assert_eq!(
        (&seen["order"]["state"], &seen["saga"]["state"]),
        (&json!("pendingCancellation"), &json!("stuck")),
        "{seen:#}"
    );
    assert_eq!((open_fallout(&t).await.len(), connected(&t).await), (1, 2));
    act(&t, "retry").await;
    finish(&t).await;
    assert_eq!((order_state(&t, &order).await.as_str(), connected(&t).await), ("cancelled", 0));
}

#[both_databases]
async fn the_onu_goes_with_its_last_service_and_in_the_right_order(t: TestApp) {
    let customer = shop(&t).await;
    let place_ = "天河路 9 号";
    let first = broadband(&t, &customer, place_).await;
    let second = place(&t, &customer, "of-iptv-4k", &[("installAddress", place_)]).await;
    finish(&t).await;
    assert_eq!(order_state(&t, &second).await, "completed");
    let onus = "SELECT COUNT(*) FROM simulator_subscriber WHERE subscriber LIKE 'onu:%'";
    assert_eq!((t.count(onus).await, t.count("SELECT COUNT(*) FROM shared_holder").await), (1, 2));
    let order = close(&t, &customer, &product_of(&t, &first).await).await;
    finish(&t).await;
    let seen = track(&t, &order).await;
    assert_eq!(seen["order"]["state"], "completed", "{seen:#}");
    let done: Vec<&str> = seen["steps"].as_array().unwrap().iter().map(|s| s["name"].as_str().unwrap()).collect();
    let place_of = |name: &str| done.iter().position(|d| *d == name).unwrap_or_else(|| panic!("{name} in {done:?}"));
    let order_of =
        ["pre-release-port", "stop-service", "delete-onu", "remove-aaa-account", "recover-device"].map(place_of);
    assert!(order_of.is_sorted(), "{done:?}");
    assert_eq!(
        (t.count(onus).await, t.count("SELECT COUNT(*) FROM work_order").await),
        (1, 0),
        "television uses it still"
    );
    close(&t, &customer, &product_of(&t, &second).await).await;
    finish(&t).await;
    assert_eq!((connected(&t).await, t.count("SELECT COUNT(*) FROM shared_holder").await), (0, 0));
    assert_eq!(t.count("SELECT COUNT(*) FROM shared_leaving").await, 0);
}

#[both_databases]
async fn a_removal_that_fails_half_way_is_taken_back_and_the_line_works_again(t: TestApp) {
    let customer = shop(&t).await;
    let first = broadband(&t, &customer, "天河路 1 号").await;
    finish(&t).await;
    let product = product_of(&t, &first).await;
    let before = t.get(&format!("/api/v1/products/{product}/network")).await.ok();
    behave(&t, "radius", json!({"failNext": 0})).await;
    let order = close(&t, &customer, &product).await;
    behave(&t, "olt", json!({"failNext": 1})).await;
    finish(&t).await;
    assert_eq!(open_fallout(&t).await.len(), 1);
    act(&t, "compensate").await;
    finish(&t).await;
    assert_eq!(order_state(&t, &order).await, "cancelled");
    let after = t.get(&format!("/api/v1/products/{product}/network")).await.ok();
    let states = |v: &Value| {
        v.as_array().unwrap().iter().map(|s| (s["target"].to_string(), s["state"].to_string())).collect::<Vec<_>>()
    };
    assert_eq!(states(&before), states(&after));
    assert_eq!(t.count("SELECT COUNT(*) FROM access_port WHERE state = 'assigned'").await, 1);
    let held = t.get(&format!("/tmf-api/productInventory/v4/product/{product}")).await.ok();
    assert_eq!(held["status"], "active");
}

#[both_databases]
async fn work_by_hand_is_done_once_and_a_device_is_fetched_back(t: TestApp) {
    let customer = shop(&t).await;
    let first = broadband(&t, &customer, "天河路 1 号").await;
    finish(&t).await;
    let order = close(&t, &customer, &product_of(&t, &first).await).await;
    finish(&t).await;
    assert_eq!(order_state(&t, &order).await, "completed", "nobody waits for a modem");
    let open = t.get("/api/v1/network/work").await.ok();
    assert_eq!(
        (open.as_array().unwrap().len(), &open[0]["task"], &open[0]["place"]),
        (1, &json!("recover-device"), &json!("天河路 1 号"))
    );
    let id = open[0]["id"].as_str().unwrap();
    let before = t.digest().await;
    t.post(&format!("/api/v1/network/work/{id}/done"), json!({"result": " "})).await.refused(400, "field.missing");
    t.as_scope("/cn/31").post(&format!("/api/v1/network/work/{id}/done"), json!({"result": "x"})).await.expect(404);
    before.assert_unchanged(&t.digest().await);
    t.post(&format!("/api/v1/network/work/{id}/done"), json!({"result": "已回收"})).await.no_content();
    t.post(&format!("/api/v1/network/work/{id}/done"), json!({"result": "again"})).await.refused(409, "work.ended");
    assert_eq!(t.get("/api/v1/network/work").await.ok(), json!([]));
}

#[both_databases]
async fn routes_choose_by_place_and_product_line_and_one_for_everything_stays(t: TestApp) {
    route(&t, "broadband", "tmf641").await;
    let city = json!({"target": "olt", "org": "/cn/44/4401", "family": "*", "adapter": "legacy97", "priority": 5});
    let city = t.post("/api/v1/network/routes", city.clone()).await.created();
    let which = |target: &'static str, org: &'static str, family: &'static str| {
        let t = t.clone();
        async move {
            let path = format!("/api/v1/network/routes/resolve?target={target}&org={org}&family={family}");
            t.get(&path).await.ok()["adapter"].as_str().unwrap().to_owned()
        }
    };
    assert_eq!(which("olt", "/cn/44/4401/h001", "broadband").await, "legacy97", "the smaller place first");
    assert_eq!(which("olt", "/cn/44/44010", "broadband").await, "tmf641", "another city of a longer code");
    assert_eq!(which("pcrf", "/cn/44/4401/h001", "mobile").await, "simulator");
    assert_eq!(which("radius", "/cn/44/4401/h001", "iptv").await, "radius");
    let before = t.digest().await;
    t.post(
        "/api/v1/network/routes",
        json!({"target": "olt", "org": "/cn/44/4401", "family": "*", "adapter": "tmf641"}),
    )
    .await
    .refused(409, "network.route_twice");
    t.post("/api/v1/network/routes", json!({"target": "olt", "family": "*", "adapter": "carrier-pigeon"}))
        .await
        .refused(400, "field.invalid");
    t.post("/api/v1/network/routes", json!({"target": "olt", "family": "*", "adapter": "radius"}))
        .await
        .refused(422, "network.route_unfit");
    t.delete("/api/v1/network/routes/route-any").await.refused(409, "network.route_last");
    t.put(
        "/api/v1/network/routes/route-any",
        json!({"target": "*", "family": "*", "adapter": "tmf641", "enabled": false}),
    )
    .await
    .refused(409, "network.route_last");
    before.assert_unchanged(&t.digest().await);
    t.delete(&format!("/api/v1/network/routes/{}", city["id"].as_str().unwrap())).await.no_content();
    assert_eq!(which("olt", "/cn/44/4401/h001", "broadband").await, "tmf641");
}

#[both_databases]
async fn the_rules_of_an_offering_name_its_tasks_for_every_purpose(t: TestApp) {
    shop(&t).await;
    let rules = t.get("/api/v1/network/rules/of-fusion-169").await.ok();
    let products = rules["products"].as_array().unwrap();
    assert_eq!(products.len(), 3, "{rules:#}");
    let broadband = products.iter().find(|p| p["family"] == "broadband").unwrap();
    for purpose in ["add", "delete", "suspend", "resume", "speed", "relocate"] {
        assert!(!broadband["work"][purpose].as_array().unwrap().is_empty(), "{purpose}");
    }
    assert_eq!(broadband["cfs"][0]["rfs"][1]["shared"]["kind"], "onu");
    t.get("/api/v1/network/rules/nothing-like-it").await.refused(422, "offering.unknown");
}

#[both_databases]
async fn other_systems_activate_services_directly_and_watch_a_monitor(t: TestApp) {
    t.write(catalog::ensure_demo).await;
    let base = "/tmf-api/ServiceActivationAndConfiguration/v4";
    let asked = json!({"state": "active", "serviceSpecification": {"id": "cfs-voip"}, "serviceCharacteristic": [{"name": "number", "value": "02088880001"}]});
    let made = t.post(&format!("{base}/service"), asked).await.created();
    assert_eq!((&made["state"], made["serviceDate"].is_string()), (&json!("inactive"), true), "{made:#}");
    finish(&t).await;
    let href = made["href"].as_str().unwrap();
    assert_eq!((t.get(href).await.ok()["state"].clone(), connected(&t).await), (json!("active"), 1));
    let monitor = format!("{base}/monitor/{}", made["monitorId"].as_str().unwrap());
    assert_eq!(t.get(&monitor).await.ok()["state"], "Completed");
    t.patch(href, json!({"state": "inactive"})).await.ok();
    finish(&t).await;
    assert_eq!(t.count("SELECT COUNT(*) FROM simulator_subscriber WHERE state = 'suspended'").await, 1);
    t.delete(href).await.no_content();
    finish(&t).await;
    assert_eq!(connected(&t).await, 0);
    // What is not in our catalogue is kept as it was sent.
    let foreign = t
        .post(&format!("{base}/service"), json!({"state": "active", "serviceSpecification": {"id": "cfs45"}}))
        .await
        .created();
    assert_eq!((&foreign["state"], foreign["monitorId"].is_null()), (&json!("active"), true));
    let before = t.digest().await;
    t.post(&format!("{base}/service"), json!({"state": "dancing", "serviceSpecification": {"id": "x"}}))
        .await
        .refused(400, "field.invalid");
    t.post(&format!("{base}/service"), json!({"state": "active"})).await.refused(400, "field.missing");
    before.assert_unchanged(&t.digest().await);
}
