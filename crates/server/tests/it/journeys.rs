//! From order to a working line and back, over the built-in network.

use crate::{
    numbers::state,
    ordering::{finish, mobile, order_state, place, shop, track},
};
use testkit::{TestApp, Value, both_databases, json};

pub async fn behave(t: &TestApp, target: &str, how: Value) {
    let mut all = json!({"target": target});
    for (name, value) in how.as_object().unwrap() {
        all[name] = value.clone();
    }
    let set = t.put("/api/v1/network/simulator", json!({"targets": [all]})).await.ok();
    assert!(set["targets"].as_array().unwrap().iter().any(|b| b["target"] == target));
}

pub async fn open_fallout(t: &TestApp) -> Vec<Value> {
    t.get("/api/v1/fallout").await.ok().as_array().unwrap().clone()
}

pub async fn act(t: &TestApp, verb: &str) {
    let id = open_fallout(t).await[0]["id"].as_str().unwrap().to_owned();
    t.post(&format!("/api/v1/fallout/{id}/{verb}"), json!({"reason": "处理"})).await.ok();
}

async fn subscribers(t: &TestApp) -> i64 {
    t.count("SELECT COUNT(*) FROM simulator_subscriber").await
}

#[both_databases]
async fn an_order_becomes_a_working_line(t: TestApp) {
    let customer = shop(&t).await;
    let order = mobile(&t, &customer, "13900138100").await;
    finish(&t).await;
    let seen = track(&t, &order).await;
    assert_eq!((&seen["order"]["state"], &seen["saga"]["state"]), (&json!("completed"), &json!("done")), "{seen:#}");
    assert!(seen["steps"].as_array().unwrap().iter().all(|s| s["state"] == "done"));
    assert_eq!(seen["collaboration"][0]["state"], "succeeded");
    assert_eq!(state(&t, "13900138100").await, "inUse");
    assert_eq!(subscribers(&t).await, 2, "HLR and policy");
    let held = t.get("/tmf-api/productInventory/v4/product?status=active").await.ok();
    assert_eq!((&held[0]["orderNo"], held[0]["startDate"].is_string()), (&seen["order"]["orderNo"], true));
    let services = t.get("/tmf-api/serviceInventory/v4/service?state=active").await.ok();
    assert_eq!(services.as_array().unwrap().len(), 4);
    let newest = &services[0];
    assert_eq!((&newest["category"], &newest["serviceSpecification"]["id"]), (&json!("CFS"), &json!("cfs-mobile")));
    assert_eq!(newest["serviceSpecification"]["version"], "1.0");
    assert_eq!(newest["relatedParty"][0]["id"], json!(customer));
    assert!(newest["place"][0]["id"].is_string());
    let carriers: Vec<&str> =
        newest["supportingResource"].as_array().unwrap().iter().map(|r| r["@referredType"].as_str().unwrap()).collect();
    assert_eq!(carriers, ["PhoneNumber", "SimCard"]);
    assert_eq!(newest["supportingService"].as_array().unwrap().len(), 3);
    for relation in newest["serviceRelationship"].as_array().unwrap().iter() {
        let found = t.get(relation["service"]["href"].as_str().unwrap()).await.ok();
        assert_eq!((&found["category"], &relation["relationshipType"]), (&json!("RFS"), &json!("reliesOn")));
        assert_eq!(found["serviceRelationship"][0]["service"]["id"], newest["id"]);
    }
    let hit = t.write(|tx| customer::find(tx, "13900138100", 5)).await;
    assert_eq!(hit.len(), 1, "the customer is found by the new number");
    let checks: Vec<_> = t.app().checks().to_vec();
    let wrong =
        t.write(move |tx| checks.iter().map(|c| (c.run)(tx)).collect::<kernel::Result<Vec<_>>>()).await.concat();
    assert_eq!(wrong, Vec::<String>::new());
}

#[both_databases]
async fn a_line_is_suspended_and_resumed_by_orders(t: TestApp) {
    let customer = shop(&t).await;
    mobile(&t, &customer, "13900138101").await;
    let product = t.get("/tmf-api/productInventory/v4/product?status=pendingActive").await.ok()[0]["id"].clone();
    let path = format!("/api/v1/products/{}", product.as_str().unwrap());
    for verb in ["suspend", "resume"] {
        // What is not working yet can be neither.
        t.post(&format!("{path}/{verb}"), json!({"reason": "x"})).await.refused(409, "product.business_state");
    }
    finish(&t).await;
    t.post(&format!("{path}/resume"), json!({"reason": "x"})).await.refused(409, "product.business_state");
    let order = t.post(&format!("{path}/suspend"), json!({"reason": "客户报停"})).await.expect(202)["orderId"].clone();
    t.post(&format!("{path}/suspend"), json!({"reason": "again"})).await.refused(409, "order.in_transit");
    finish(&t).await;
    assert_eq!(order_state(&t, order.as_str().unwrap()).await, "completed");
    assert_eq!(t.count("SELECT COUNT(*) FROM simulator_subscriber WHERE state = 'suspended'").await, 2);
    assert_eq!(state(&t, "13900138101").await, "suspended");
    let order = t.post(&format!("{path}/resume"), json!({"reason": "客户复机"})).await.expect(202)["orderId"].clone();
    finish(&t).await;
    assert_eq!(order_state(&t, order.as_str().unwrap()).await, "completed");
    assert_eq!(t.count("SELECT COUNT(*) FROM simulator_subscriber WHERE state = 'active'").await, 2);
    assert_eq!(state(&t, "13900138101").await, "inUse");
}

#[both_databases]
async fn a_line_is_terminated_and_its_number_rests(t: TestApp) {
    let customer = shop(&t).await;
    mobile(&t, &customer, "13900138102").await;
    finish(&t).await;
    let product = t.get("/tmf-api/productInventory/v4/product?status=active").await.ok()[0]["id"].clone();
    let order = t
        .post(
            crate::ordering::ORDERS,
            json!({
                "relatedParty": [{"id": customer, "role": "customer"}],
                "productOrderItem": [{"id": "1", "action": "delete", "product": {"id": product}}],
            }),
        )
        .await
        .created();
    finish(&t).await;
    assert_eq!(order_state(&t, order["id"].as_str().unwrap()).await, "completed");
    assert_eq!((state(&t, "13900138102").await.as_str(), subscribers(&t).await), ("quarantine", 0));
    assert!(t.write(|tx| customer::find(tx, "13900138102", 5)).await.is_empty());
}

#[both_databases]
async fn a_refusal_falls_out_and_a_person_retries(t: TestApp) {
    let customer = shop(&t).await;
    behave(&t, "mobile-hlr", json!({"failNext": 1})).await;
    let order = mobile(&t, &customer, "13900138103").await;
    finish(&t).await;
    let open = open_fallout(&t).await;
    assert_eq!(
        (open.len(), &open[0]["target"], &open[0]["error"]["code"]),
        (1, &json!("mobile-hlr"), &json!("network.refused"))
    );
    assert_eq!(t.get("/api/v1/fallout/summary").await.ok()["open"], 1);
    let id = open[0]["id"].as_str().unwrap();
    t.post(&format!("/api/v1/fallout/{id}/retry"), json!({"reason": ""})).await.refused(400, "reason.missing");
    t.post(&format!("/api/v1/fallout/{id}/dance"), json!({"reason": "x"})).await.refused(404, "fallout.verb_unknown");
    act(&t, "retry").await;
    t.post(&format!("/api/v1/fallout/{id}/retry"), json!({"reason": "again"})).await.refused(409, "fallout.closed");
    finish(&t).await;
    assert_eq!(order_state(&t, &order).await, "completed");
    let reasons = t.count("SELECT COUNT(*) FROM audit_entry WHERE action = 'fallout.retry'").await;
    assert_eq!((reasons, open_fallout(&t).await.len()), (1, 0));
}

#[both_databases]
async fn a_step_done_by_hand_is_skipped(t: TestApp) {
    let customer = shop(&t).await;
    behave(&t, "pcrf", json!({"failNext": 1})).await;
    let order = mobile(&t, &customer, "13900138104").await;
    finish(&t).await;
    act(&t, "skip").await;
    finish(&t).await;
    assert_eq!((order_state(&t, &order).await.as_str(), subscribers(&t).await), ("completed", 1));
}

#[both_databases]
async fn an_abandoned_order_has_failed_and_stays_as_it_is(t: TestApp) {
    let customer = shop(&t).await;
    behave(&t, "pcrf", json!({"failNext": 1})).await;
    let order = mobile(&t, &customer, "13900138105").await;
    finish(&t).await;
    act(&t, "abandon").await;
    finish(&t).await;
    assert_eq!((order_state(&t, &order).await.as_str(), subscribers(&t).await), ("failed", 1));
    assert_eq!(state(&t, "13900138105").await, "reserved");
}

/// Fails each step towards the network in turn, and billing's, and looks for what is left after compensation.
#[both_databases]
async fn whichever_step_fails_compensation_leaves_nothing(t: TestApp) {
    let customer = shop(&t).await;
    let given = [("number", "13900138106"), ("installAddress", "天河路 1 号")];
    for target in ["mobile-hlr", "pcrf", "olt", "radius", "iptv"] {
        behave(&t, target, json!({"failNext": 1})).await;
        let order = place(&t, &customer, "of-fusion-169", &given).await;
        finish(&t).await;
        let open = open_fallout(&t).await;
        assert_eq!((open.len(), &open[0]["target"]), (1, &json!(target)), "{open:?}");
        act(&t, "compensate").await;
        finish(&t).await;
        let seen = track(&t, &order).await;
        assert_eq!(
            (&seen["order"]["state"], &seen["saga"]["state"]),
            (&json!("cancelled"), &json!("compensated")),
            "{target}"
        );
        assert_eq!(subscribers(&t).await, 0, "{target}");
        assert_eq!(state(&t, "13900138106").await, "available", "{target}");
        assert_eq!(t.count("SELECT COUNT(*) FROM access_port WHERE state <> 'available'").await, 0, "{target}");
        assert_eq!(t.count("SELECT COUNT(*) FROM product WHERE live = 1").await, 0, "{target}");
        assert!(t.write(|tx| customer::find(tx, "13900138106", 5)).await.is_empty(), "{target}");
    }
}

#[both_databases]
async fn a_failed_undo_is_visible_until_it_is_dealt_with(t: TestApp) {
    let customer = shop(&t).await;
    behave(&t, "pcrf", json!({"failNext": 1})).await;
    let order = mobile(&t, &customer, "13900138107").await;
    finish(&t).await;
    behave(&t, "mobile-hlr", json!({"failNext": 1})).await;
    act(&t, "compensate").await;
    finish(&t).await;
    let seen = track(&t, &order).await;
    assert_eq!((&seen["order"]["state"], &seen["saga"]["state"]), (&json!("pendingCancellation"), &json!("stuck")));
    assert!(seen["steps"].as_array().unwrap().iter().any(|s| s["state"] == "undoFailed"));
    assert_eq!(open_fallout(&t).await.len(), 1);
    assert_eq!(state(&t, "13900138107").await, "reserved", "not free while the network may still know it");
    act(&t, "retry").await;
    finish(&t).await;
    assert_eq!((order_state(&t, &order).await.as_str(), subscribers(&t).await), ("cancelled", 0));
}

#[both_databases]
async fn a_cancellation_on_the_way_undoes_what_was_done(t: TestApp) {
    let customer = shop(&t).await;
    behave(&t, "pcrf", json!({"failNext": 1})).await;
    let order = mobile(&t, &customer, "13900138108").await;
    finish(&t).await;
    assert_eq!(subscribers(&t).await, 1);
    let seen = t.post(&format!("/api/v1/orders/{order}/cancel"), json!({"reason": "客户放弃"})).await.expect(202);
    assert_eq!(seen["order"]["state"], "pendingCancellation");
    finish(&t).await;
    assert_eq!((order_state(&t, &order).await.as_str(), subscribers(&t).await), ("cancelled", 0));
    assert_eq!(open_fallout(&t).await.len(), 0);
}

#[both_databases]
async fn what_billing_was_told_is_taken_back_too(t: TestApp) {
    let customer = shop(&t).await;
    let order = mobile(&t, &customer, "13900138109").await;
    while flow::round(t.app()).await.unwrap() > 0 {} // everything but billing
    let seen = track(&t, &order).await;
    assert_eq!((&seen["saga"]["state"], &seen["collaboration"][0]["state"]), (&json!("waiting"), &json!("waiting")));
    assert_eq!(state(&t, "13900138109").await, "inUse");
    t.post(&format!("/api/v1/orders/{order}/cancel"), json!({"reason": "客户放弃"})).await.expect(202);
    finish(&t).await;
    let seen = track(&t, &order).await;
    assert_eq!(seen["order"]["state"], "cancelled", "{seen:#}");
    let told: Vec<&Value> = seen["collaboration"].as_array().unwrap().iter().map(|c| &c["type"]).collect();
    assert_eq!(told, ["start", "stop"]);
    assert!(seen["collaboration"].as_array().unwrap().iter().all(|c| c["state"] == "succeeded"), "{seen:#}");
    assert_eq!((state(&t, "13900138109").await.as_str(), subscribers(&t).await), ("available", 0));
    assert!(t.write(|tx| customer::find(tx, "13900138109", 5)).await.is_empty());
}

#[both_databases]
async fn cancelling_against_completion_ends_in_one_of_the_two(t: TestApp) {
    let customer = shop(&t).await;
    for n in 0..6 {
        let number = format!("1390013811{n}");
        let order = mobile(&t, &customer, &number).await;
        t.start_background();
        tokio::time::sleep(std::time::Duration::from_millis(n * 25)).await;
        let answer = t.post(&format!("/api/v1/orders/{order}/cancel"), json!({"reason": "race"})).await;
        let cancelled = answer.status == 202;
        finish(&t).await;
        for _ in 0..100 {
            if matches!(order_state(&t, &order).await.as_str(), "cancelled" | "completed") {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            finish(&t).await;
        }
        let wanted = if cancelled { ("cancelled", "available") } else { ("completed", "inUse") };
        assert_eq!((order_state(&t, &order).await.as_str(), state(&t, &number).await.as_str()), wanted);
    }
}
