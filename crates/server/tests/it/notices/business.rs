//! Business done is told to the customer, at their own telephone; they may refuse it.

use super::told;
use crate::business::ground::Ground;
use testkit::{TestApp, both_databases, json};

const OWN: &str = "13700000001";
const LINE: &str = "13900138200";

#[both_databases]
async fn every_business_done_is_told_once_until_the_customer_refuses(t: TestApp) {
    let g = Ground::new(&t).await;
    let opened = told(&t, "business.done").await;
    assert_eq!(opened.len(), 1, "the line that was opened: {opened:?}");
    let order = g.done("suspend", &g.line, json!({})).await;
    let all = told(&t, "business.done").await;
    assert_eq!(all.len(), 2);
    let (to, text) = &all[1];
    let no = crate::ordering::track(&t, &order).await["order"]["orderNo"].as_str().unwrap().to_owned();
    assert!(to.ends_with(OWN), "not at the line that was suspended: {to}");
    assert!(text.contains(&no) && text.contains("停机") && text.contains("TD"), "{text}");
    assert!(!text.contains(LINE) && text.contains(&LINE[7..]), "the line, masked: {text}");
    t.settle().await;
    assert_eq!(told(&t, "business.done").await.len(), 2, "once");
    // Who has said no hears of business no more; what is done stays done.
    let wish = json!({"number": OWN, "business": false});
    t.put(&format!("/api/v1/customers/{}/message-preference", g.customer), wish).await.ok();
    g.done("resume", &g.line, json!({})).await;
    assert_eq!(told(&t, "business.done").await.len(), 2);
    assert_eq!(g.product(&g.line).await["status"], "active");
}

#[both_databases]
async fn business_that_does_not_come_about_is_not_told(t: TestApp) {
    let g = Ground::new(&t).await;
    let before = told(&t, "business.done").await.len();
    let mut later = Ground::ask("changePlan", &g.line, json!({"offering": "of-mobile-129"}));
    later["effective"] = json!("nextMonth");
    let placed = t.post("/api/v1/businesses", later).await.created();
    let id = placed["orderId"].as_str().unwrap();
    t.post(&format!("/api/v1/orders/{id}/cancel"), json!({"reason": "客户改主意"})).await.expect(202);
    crate::ordering::finish(&t).await;
    assert_eq!(told(&t, "business.done").await.len(), before);
}
