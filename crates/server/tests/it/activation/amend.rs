//! What is amended while an activation system is at work.

use super::{broadband, connected, messages, product_of, route, system, wait};
use crate::ordering::{order_state, shop};
use testkit::{TestApp, both_databases, json};

#[both_databases]
async fn what_is_amended_before_it_is_done_is_amended_there_too(t: TestApp) {
    let customer = shop(&t).await;
    route(&t, "broadband", "tmf641").await;
    system(&t, "tmf641", json!({"lateSeconds": 300})).await;
    let order = broadband(&t, &customer, "天河路 1 号").await;
    t.settle().await;
    assert_eq!(messages(&t, &order).await[0]["state"], "acked");
    let (product, id) = (product_of(&t, &order).await, order.clone());
    t.write(move |tx| {
        inventory::products::set_characteristic(tx, &product, "installSlot", json!("2026-11-24T09:00:00+08:00"))?;
        flow::saga::wake(tx, &id)
    })
    .await;
    t.settle().await;
    let message = &messages(&t, &order).await[0];
    assert_eq!((&message["version"], &message["state"]), (&json!(2), &json!("acked")));
    assert_eq!(t.count("SELECT MAX(version) FROM southbound_order").await, 2, "one order there, in its new version");
    wait(&t, 700).await;
    assert_eq!((order_state(&t, &order).await.as_str(), connected(&t).await), ("completed", 2));
    assert_eq!(t.count("SELECT COUNT(*) FROM southbound_order").await, 1);
}
