//! Another billing system in place of this one, over a real socket.

use super::{customer, proven};
use billing::{Outside, use_pricing};
use http::tmf;
use testkit::{TestApp, both_databases, json};

const ORDERS: &str = "/tmf-api/productOrderingManagement/v4/productOrder";

#[both_databases]
async fn one_server_prices_for_another_and_the_order_is_charged_as_it_said(t: TestApp) {
    let customer = customer(&t).await;
    // The other system sells the same for 99 yuan.
    let other = t.beside();
    other.app().write(catalog::ensure_demo).await;
    let token = other.app().write(|tx| access::create_token(tx, "api", &kernel::OrgPath::root())).await;
    let cheaper = |tx: &mut store::Tx<'_>| {
        let mut price = tmf::lock(tx, &catalog::PRODUCT_OFFERING_PRICE, "pr-device-router")?;
        let before = price.body.clone();
        price.set("price", json!({"unit": "CNY", "value": 99.0}));
        tmf::save(tx, &catalog::PRODUCT_OFFERING_PRICE, &before, &mut price)
    };
    other.app().write(cheaper).await;
    let at = other.app().listen().await;

    let ask = json!({"customerId": customer, "items": [{"offeringId": "of-device-router", "quantity": 1}]});
    let own = t.post("/api/v1/orders/price", ask.clone()).await.ok();
    use_pricing(t.db(), Some(Outside::new(&format!("http://{at}"), Some(token)).unwrap()));
    let quoted = t.post("/api/v1/orders/price", ask.clone()).await.ok();
    assert_eq!(quoted["outside"], json!(true));
    assert!(quoted["oneTimeFen"].as_i64() < own["oneTimeFen"].as_i64(), "{quoted}");
    let order = json!({
        "relatedParty": [{"id": customer, "role": "customer", "@referredType": "Customer"}],
        "productOrderItem": [{"id": "1", "action": "add", "quantity": 1, "productOffering": {"id": "of-device-router"}}],
    });
    let made = t.post(ORDERS, order.clone()).await.created();
    t.settle().await;
    let id = made["id"].as_str().unwrap().to_owned();
    let bill = t.write(move |tx| billing::bill_of_order(tx, &id)).await.expect("a first bill");
    assert_eq!(json!(bill.amount), quoted["dueNowFen"]);

    // Without an answer nothing is ordered, and the caller is told what to do.
    let before = t.digest().await;
    use_pricing(t.db(), Some(Outside::new("http://127.0.0.1:9", None).unwrap()));
    t.post(ORDERS, order.clone()).await.refused(503, "pricing.unreachable");
    t.post("/api/v1/orders/price", ask.clone()).await.refused(503, "pricing.unreachable");
    // A system that refuses us is no system to buy from either.
    use_pricing(t.db(), Some(Outside::new(&format!("http://{at}"), Some("wrong".into())).unwrap()));
    t.post(ORDERS, order).await.refused(503, "pricing.unreachable");
    before.assert_unchanged(&t.digest().await);
    use_pricing(t.db(), None);
    assert_eq!(t.post("/api/v1/orders/price", ask).await.ok()["oneTimeFen"], own["oneTimeFen"]);
    proven(&t).await;
}
