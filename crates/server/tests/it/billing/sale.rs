//! The sale: what is ordered is what was looked at, and it begins on its day.

use super::{customer, proven};
use testkit::{TestApp, Value, both_databases, json};

const ORDERS: &str = "/tmf-api/productOrderingManagement/v4/productOrder";

fn order(customer: &str, offering: Value, more: Value) -> Value {
    let mut body = json!({
        "relatedParty": [{"id": customer, "role": "customer", "@referredType": "Customer"}],
        "productOrderItem": [{"id": "1", "action": "add", "quantity": 1, "productOffering": offering}],
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

#[both_databases]
async fn a_booked_sale_waits_for_its_day_and_is_charged_from_it(t: TestApp) {
    let customer = customer(&t).await;
    let router = json!({"id": "of-device-router"});
    for (more, code) in [
        (json!({"effective": "date"}), "field.missing"),
        (json!({"effective": "date", "effectiveDate": "2026-11-21"}), "business.effective_date"),
        (json!({"effective": "date", "effectiveDate": "2029-01-01"}), "business.effective_date"),
        (json!({"effective": "someday"}), "field.invalid"),
    ] {
        let refused = t.post(ORDERS, order(&customer, router.clone(), more)).await;
        assert_eq!(refused.json()["code"], json!(code));
    }
    let made = t.post(ORDERS, order(&customer, router, json!({"effective": "nextDay"}))).await.created();
    let id = made["id"].as_str().unwrap().to_owned();
    t.settle().await;
    let state = || async { t.get(&format!("{ORDERS}/{id}")).await.ok()["state"].clone() };
    assert_eq!(state().await, json!("acknowledged"));
    assert_eq!(t.count("SELECT COUNT(*) FROM bill").await, 0);
    t.advance(15 * 3_600);
    t.settle().await;
    assert_eq!(state().await, json!("completed"));
    assert_eq!(t.count("SELECT COUNT(*) FROM subscription WHERE charged_from = '2026-11-23'").await, 1);
    proven(&t).await;
}

#[both_databases]
async fn a_draft_made_with_an_older_version_is_shown_the_new_one_first(t: TestApp) {
    let customer = customer(&t).await;
    let now = t.get("/api/v1/catalog/offerings/of-device-router").await.ok()["version"].as_i64().unwrap();
    let before = t.digest().await;
    let old = json!({"id": "of-device-router", "version": now - 1});
    t.post(ORDERS, order(&customer, old, json!({}))).await.refused(409, "order.version_moved");
    before.assert_unchanged(&t.digest().await);
    let current = json!({"id": "of-device-router", "version": now});
    let made = t.post(ORDERS, order(&customer, current, json!({}))).await.created();
    assert_eq!(made["productOrderItem"][0]["pricing"]["offeringVersion"], json!(now));
}

#[both_databases]
async fn a_clerk_grants_no_more_than_the_limit_and_an_approval_is_good_for_one_order(t: TestApp) {
    let customer = customer(&t).await;
    let with = |discount: Value| {
        let mut body = order(&customer, json!({"id": "of-iptv-basic"}), json!({}));
        body["productOrderItem"][0]["discounts"] = json!([discount]);
        body["productOrderItem"][0]["product"] =
            json!({"productCharacteristic": [{"name": "installAddress", "value": "体育东路1号"}]});
        body
    };
    let clerk = t.as_role("clerk");
    let before = t.digest().await;
    let refused = clerk.post(ORDERS, with(json!({"percent": 60, "months": 12, "reason": "挽留"}))).await;
    refused.refused(403, "discount.over_authority");
    before.assert_unchanged(&t.digest().await);
    let made = clerk.post(ORDERS, with(json!({"percent": 3, "months": 12, "reason": "挽留"}))).await.created();
    assert_eq!(made["productOrderItem"][0]["itemDiscounts"][0]["source"], json!("granted"));
}
