//! What one person may not do alone.

use super::{DAY, account};
use crate::billing::{balance, customer, pay, proven};
use testkit::{TestApp, both_databases, json};

#[both_databases]
async fn an_old_payment_of_ones_own_is_reversed_with_another_persons_word(t: TestApp) {
    let customer = customer(&t).await;
    let clerk = t.as_role("clerk").named("li");
    let ask = json!({"customerId": customer, "amountFen": 20_000, "method": "card"});
    let paid = clerk.post("/api/v1/counter/payments", ask).await.created();
    clerk.post("/api/v1/counter/shift/close", json!({"countedFen": {"card": 20_000}})).await.ok();
    t.advance(DAY);
    let path = format!("/api/v1/counter/payments/{}/reverse", paid["id"].as_str().unwrap());
    clerk.post(&path, json!({"reason": "收错"})).await.refused(403, "auth.forbidden");
    let ask = json!({"kind": "reversal", "paymentId": paid["id"], "reason": "客户缴错号码"});
    let asked = clerk.post("/api/v1/counter/requests", ask.clone()).await.created();
    clerk.post("/api/v1/counter/requests", ask).await.refused(409, "request.exists");
    let verb = |verb: &str| format!("/api/v1/counter/requests/{}/{verb}", asked["id"].as_str().unwrap());
    let before = t.digest().await;
    clerk.post(&verb("carry-out"), json!({})).await.refused(409, "request.state");
    clerk.post(&verb("approve"), json!({})).await.refused(403, "auth.forbidden");
    t.named("li").post(&verb("approve"), json!({})).await.refused(409, "request.own");
    t.named("boss").post(&verb("reject"), json!({"reason": ""})).await.refused(400, "field.invalid");
    t.named("boss").post(&verb("fly"), json!({})).await.refused(404, "not_found");
    before.assert_unchanged(&t.digest().await);
    let approved = t.named("boss").post(&verb("approve"), json!({"reason": "已核实"})).await.ok();
    assert_eq!((approved["state"].clone(), approved["decidedBy"].is_string()), (json!("approved"), true));
    assert_eq!(balance(&t, &customer).await, 20_000, "nothing has moved yet");
    let done = clerk.post(&verb("carry-out"), json!({"reason": "x"})).await.ok();
    assert_eq!(done["state"], json!("done"));
    assert_eq!(balance(&t, &customer).await, 0);
    clerk.post(&verb("carry-out"), json!({})).await.refused(409, "request.state");
    t.named("boss").post(&verb("withdraw"), json!({})).await.refused(409, "request.state");
    assert_eq!(t.get("/api/v1/counter/requests?state=done").await.ok()[0]["id"], asked["id"]);
    proven(&t).await;
}

#[both_databases]
async fn one_who_may_reverse_anything_still_does_not_reverse_the_own_past(t: TestApp) {
    let customer = customer(&t).await;
    let boss = t.named("boss");
    let ask = json!({"customerId": customer, "amountFen": 20_000, "method": "card"});
    let paid = boss.post("/api/v1/counter/payments", ask).await.created();
    boss.post("/api/v1/counter/shift/close", json!({"countedFen": {"card": 20_000}})).await.ok();
    t.advance(DAY);
    let path = format!("/api/v1/counter/payments/{}/reverse", paid["id"].as_str().unwrap());
    let before = t.digest().await;
    boss.post(&path, json!({"reason": "收错"})).await.refused(409, "payment.other_eyes");
    before.assert_unchanged(&t.digest().await);
    t.named("colleague").post(&path, json!({"reason": "收错"})).await.created();
    proven(&t).await;
}

#[both_databases]
async fn a_mistaken_payment_goes_back_within_a_day_on_two_certificates(t: TestApp) {
    let customer = customer(&t).await;
    let paid = pay(&t, &customer, 5_000).await;
    let late = pay(&t, &customer, 6_000).await;
    let clerk = t.as_role("clerk").named("other");
    let path = |p: &testkit::Value| format!("/api/v1/counter/payments/{}/mistake", p["id"].as_str().unwrap());
    let who = |name: &str, number: &str| json!({"name": name, "kind": "idCard", "number": number});
    let ask = |owner: testkit::Value| json!({"reason": "缴错号码", "payer": who("张伟", "11010519491231002X"), "owner": owner});
    let before = t.digest().await;
    clerk.post(&path(&paid), ask(who("", "440101199001011234"))).await.refused(400, "field.invalid");
    clerk.post(&path(&paid), ask(who("李娜", "1"))).await.refused(400, "field.invalid");
    before.assert_unchanged(&t.digest().await);
    // What was printed comes back first.
    let printed = format!("/api/v1/counter/receipts/{}/prints", paid["id"].as_str().unwrap());
    t.post(&printed, json!({"outcome": "printed"})).await.created();
    let mut good = ask(who("李娜", "440101199001011234"));
    clerk.post(&path(&paid), good.clone()).await.refused(409, "receipt.out");
    good["receiptReturn"] = json!("recovered");
    let back = clerk.post(&path(&paid), good).await.created();
    let document = t.get(&format!("/tmf-api/paymentManagement/v4/payment/{}", back["id"].as_str().unwrap())).await.ok();
    assert_eq!(document["mistake"]["payer"]["number"], json!("****002X"), "the number itself is not kept");
    assert_eq!(balance(&t, &customer).await, 6_000);
    t.post("/api/v1/counter/shift/close", json!({"countedFen": {"cash": 11_000}})).await.ok();
    clerk.post("/api/v1/counter/shift/close", json!({"countedFen": {}, "reason": "已付出"})).await;
    t.advance(DAY + 60);
    let before = t.digest().await;
    clerk.post(&path(&late), ask(who("李娜", "440101199001011234"))).await.refused(409, "payment.mistake_late");
    before.assert_unchanged(&t.digest().await);
    proven(&t).await;
}

#[both_databases]
async fn a_balance_goes_back_the_way_it_came_and_above_the_limit_with_approval(t: TestApp) {
    let customer = customer(&t).await;
    let account = account(&t, &customer).await;
    let clerk = t.as_role("clerk").named("li");
    let pay = json!({"customerId": customer, "amountFen": 90_000, "method": "card"});
    clerk.post("/api/v1/counter/payments", pay).await.created();
    let ask = |fen: i64, method: &str| json!({"accountId": account, "amountFen": fen, "method": method, "reason": "客户要求"});
    let before = t.digest().await;
    clerk.post("/api/v1/counter/refunds", ask(90_001, "card")).await.refused(409, "balance.short");
    clerk.post("/api/v1/counter/refunds", ask(1_000, "cash")).await.refused(409, "refund.method");
    clerk.post("/api/v1/counter/refunds", ask(1_000, "points")).await.refused(409, "refund.method");
    clerk.post("/api/v1/counter/refunds", ask(60_000, "card")).await.refused(409, "refund.approval");
    clerk.post("/api/v1/counter/refunds", ask(-5, "card")).await.refused(422, "payment.amount");
    before.assert_unchanged(&t.digest().await);
    let made = clerk.post("/api/v1/counter/refunds", ask(10_000, "card")).await.created();
    assert!(made["receiptNo"].is_string());
    let mut large = ask(60_000, "cash");
    large["kind"] = json!("refund");
    let asked = clerk.post("/api/v1/counter/requests", large).await.created();
    let verb = |verb: &str| format!("/api/v1/counter/requests/{}/{verb}", asked["id"].as_str().unwrap());
    t.named("boss").post(&verb("approve"), json!({})).await.ok();
    t.named("boss").post(&verb("carry-out"), json!({})).await.refused(409, "request.own");
    clerk.post(&verb("carry-out"), json!({})).await.ok();
    assert_eq!(balance(&t, &customer).await, 20_000);
    assert_eq!(t.get("/api/v1/counter/refunds").await.ok().as_array().unwrap().len(), 2);
    proven(&t).await;
}
