//! Drafts of sales: kept, taken over, made an order once.

use crate::{numbers::lock, ordering::shop};
use testkit::{Client, TestApp, Value, both_databases, json};

const CARTS: &str = "/tmf-api/shoppingCart/v4/shoppingCart";

fn cart(customer: &str, offering: &str, characteristics: &[(&str, &str)]) -> Value {
    let all: Vec<Value> = characteristics.iter().map(|(n, v)| json!({"name": n, "value": v})).collect();
    json!({
        "relatedParty": [{"id": customer, "role": "customer", "@referredType": "Customer"}],
        "cartItem": [{"productOffering": {"id": offering}, "product": {"productCharacteristic": all}}],
        "label": "张伟 新装", "step": 2,
    })
}

async fn draft(t: &Client, customer: &str, number: &str) -> String {
    let token = lock(t, number).await;
    let body = cart(customer, "of-mobile-59", &[("number", number), ("lockToken", &token)]);
    let made = t.post(CARTS, body).await.created();
    assert_eq!((&made["status"], &made["cartItem"][0]["id"]), (&json!("active"), &json!("1")));
    assert!(made["dueNowFen"].as_i64().unwrap() > 0, "priced as it stands: {made}");
    made["id"].as_str().unwrap().to_owned()
}

fn clerk(t: &TestApp, id: &str) -> Client {
    t.as_role("clerk").as_scope("/cn/44/4401").in_org("/cn/44/4401/h001").named(id)
}

#[both_databases]
async fn a_draft_goes_on_at_another_desk_and_the_first_one_learns_of_it(t: TestApp) {
    let customer = shop(&t).await;
    let (li, wang) = (clerk(&t, "li"), clerk(&t, "wang"));
    let id = draft(&li, &customer, "13900138000").await;
    let row = wang.get("/api/v1/carts").await.ok()[0].clone();
    assert_eq!((&row["id"], &row["mine"], &row["itemCount"]), (&json!(id), &json!(false), &json!(1)));
    wang.patch(&format!("{CARTS}/{id}"), json!({"step": 3})).await.refused(409, "cart.held");
    wang.post(&format!("/api/v1/carts/{id}/submit"), json!({})).await.refused(409, "cart.held");

    let taken = wang.post(&format!("/api/v1/carts/{id}/take"), json!({})).await.ok();
    assert_eq!(taken["cart"]["takenOver"].as_array().unwrap().len(), 1);
    assert_eq!(taken["cart"]["cartItem"][0]["productOffering"]["id"], "of-mobile-59");
    wang.patch(&format!("{CARTS}/{id}"), json!({"step": 3})).await.ok();
    li.patch(&format!("{CARTS}/{id}"), json!({"step": 4})).await.refused(409, "cart.held");
    assert_eq!(wang.get("/api/v1/carts?mine=true").await.ok().as_array().unwrap().len(), 1);
    assert!(li.get("/api/v1/carts?mine=true").await.ok().as_array().unwrap().is_empty());

    let elsewhere = t.as_role("clerk").as_scope("/cn/11/1101").in_org("/cn/11/1101/h001").named("zhao");
    assert!(elsewhere.get("/api/v1/carts").await.ok().as_array().unwrap().is_empty());
    elsewhere.get(&format!("/api/v1/carts/{id}")).await.expect(404);
    elsewhere.post(&format!("/api/v1/carts/{id}/take"), json!({})).await.expect(404);
}

#[both_databases]
async fn a_draft_becomes_one_order_however_often_it_is_submitted(t: TestApp) {
    let customer = shop(&t).await;
    let id = draft(&t, &customer, "13900138000").await;
    let submit = format!("/api/v1/carts/{id}/submit");
    let first = t.post(&submit, json!({})).await.created();
    let again = t.post(&submit, json!({})).await.ok();
    assert_eq!(first["orderId"], again["orderId"]);
    let orders = t.get(&format!("/api/v1/orders?customerId={customer}")).await.ok();
    assert_eq!(orders.as_array().unwrap().len(), 1);
    t.patch(&format!("{CARTS}/{id}"), json!({"step": 1})).await.refused(409, "cart.closed");
    t.delete(&format!("{CARTS}/{id}")).await.refused(409, "cart.closed");
    assert!(t.get("/api/v1/carts").await.ok().as_array().unwrap().is_empty(), "it is no draft any more");
}

#[both_databases]
async fn a_refused_order_leaves_the_draft_as_it_was(t: TestApp) {
    let customer = shop(&t).await;
    let body = cart(&customer, "of-mobile-59", &[("number", "13900138000"), ("lockToken", "somebody else's")]);
    let id = t.post(CARTS, body).await.created()["id"].as_str().unwrap().to_owned();
    lock(&t, "13900138000").await;
    let before = t.digest().await;
    t.post(&format!("/api/v1/carts/{id}/submit"), json!({})).await.expect(409);
    assert_eq!(t.digest().await, before);
    t.post(CARTS, json!({"cartItem": [{"quantity": 0}]})).await.expect(400);
    t.post(CARTS, json!({"cartItem": [{"productOffering": {"id": "no-such"}}]})).await.refused(422, "offering.unknown");
    let empty = t.post(CARTS, json!({})).await.created()["id"].as_str().unwrap().to_owned();
    t.post(&format!("/api/v1/carts/{empty}/submit"), json!({})).await.refused(422, "cart.empty");
}

#[both_databases]
async fn an_offering_closed_meanwhile_is_told_and_a_changed_price_is_not_charged_unseen(t: TestApp) {
    let customer = shop(&t).await;
    let id = draft(&t, &customer, "13900138000").await;
    let shown = t.get(&format!("/api/v1/carts/{id}")).await.ok();
    assert!(shown["problems"].as_array().unwrap().is_empty(), "{shown}");
    let due = shown["cart"]["dueNowFen"].as_i64().unwrap();
    let submit = format!("/api/v1/carts/{id}/submit");
    let changed = t.post(&submit, json!({"expectedDueNowFen": due - 1})).await.refused(409, "cart.price_changed");
    assert_eq!(changed["dueNowFen"], due);

    let offering = "/tmf-api/productCatalogManagement/v4/productOffering/of-mobile-59";
    t.patch(offering, json!({"lifecycleStatus": "Retired"})).await.ok();
    let rows = t.get(&format!("/api/v1/carts?customerId={customer}")).await.ok();
    assert_eq!(rows[0]["stale"][0]["offeringId"], "of-mobile-59");
    assert!(!t.get(&format!("/api/v1/carts/{id}")).await.ok()["problems"].as_array().unwrap().is_empty());
    t.post(&submit, json!({"expectedDueNowFen": due})).await.refused(422, "offering.closed");
    assert_eq!(t.get("/api/v1/carts").await.ok().as_array().unwrap().len(), 1, "the draft is still there");
}

#[both_databases]
async fn a_draft_nobody_touched_for_a_month_has_run_out(t: TestApp) {
    let customer = shop(&t).await;
    let id = draft(&t, &customer, "13900138000").await;
    t.advance(31 * 86_400);
    assert!(t.get("/api/v1/carts").await.ok().as_array().unwrap().is_empty());
    t.post(&format!("/api/v1/carts/{id}/submit"), json!({})).await.refused(409, "cart.expired");
}
