//! What an order gives back when it is cancelled, and whom a machine sells for.

use crate::ordering::{ORDERS, asked, finish, place, shop};
use testkit::{TestApp, both_databases, json};

#[both_databases]
async fn a_machine_sells_for_the_channel_it_names(t: TestApp) {
    let customer = shop(&t).await;
    let text = t.write(|tx| access::create_token(tx, "api", &kernel::OrgPath::root())).await;
    let machine = t.anonymous().with_header("authorization", &format!("Bearer {text}"));
    let ask = asked(&customer, "of-device-router", &[]);
    let channel = |made: testkit::Value| made["channel"][0]["id"].clone();
    assert_eq!(channel(machine.post(ORDERS, ask.clone()).await.created()), "api");
    let shop = machine.with_header("x-channel", "online");
    assert_eq!(channel(shop.post(ORDERS, ask.clone()).await.created()), "online");
    // Only a machine names a channel: staff sell where they sit.
    let clerk = t.with_header("x-channel", "online");
    assert_eq!(channel(clerk.post(ORDERS, ask.clone()).await.created()), "hall");
    let before = t.digest().await;
    machine.with_header("x-channel", "moon").post(ORDERS, ask).await.refused(400, "field.invalid");
    before.assert_unchanged(&t.digest().await);
}

#[both_databases]
async fn a_cancelled_order_gives_back_the_discount_that_was_granted_for_it(t: TestApp) {
    let customer = shop(&t).await;
    let seller = t.as_scope("/cn/44/4401").named("wang");
    let ask = json!({"offeringId": "of-line-10m", "customerId": customer, "percent": 40, "months": 12, "reason": "竞争对手报价更低"});
    let asked = seller.post("/api/v1/discounts/requests", ask).await.created();
    let request = asked["id"].as_str().unwrap().to_owned();
    let approver = t.as_scope("/cn/44").as_role("approver").named("huang");
    approver.post(&format!("/api/v1/discounts/requests/{request}/approve"), json!({"note": "同意"})).await.ok();
    let order = place(&t, &customer, "of-device-router", &[]).await;
    let granted = catalog::Granted {
        offering_id: "of-line-10m".into(),
        customer_id: customer.clone(),
        percent: 40,
        fen_month: 0,
        months: 12,
        request_id: Some(request),
    };
    let takes = async |order: &str| {
        let (granted, order) = (granted.clone(), order.to_owned());
        t.app().db().write(seller.actor(), move |tx| catalog::use_granted(tx, &granted, &order)).await
    };
    assert!(takes(&order).await.is_ok());
    assert_eq!(takes("another").await.unwrap_err().code.id, "discount.request_unusable");
    t.post(&format!("/api/v1/orders/{order}/cancel"), json!({"reason": "客户放弃"})).await.expect(202);
    finish(&t).await;
    assert!(takes("another").await.is_ok(), "the order that had it is cancelled");
}
