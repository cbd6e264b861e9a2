//! What a drawer took by business and method, and cash on its way to a colleague.

use super::{debtor, sound, take};
use crate::billing::customer;
use std::future::IntoFuture;
use testkit::{TestApp, both_databases, json};

#[both_databases]
async fn a_drawer_is_told_by_business_and_method(t: TestApp) {
    let clerk = t.named("cashier");
    let (owes, _) = debtor(&t, "o1").await;
    take(&clerk, &owes, 25_000, "cash").await;
    let paid = take(&clerk, &owes, 3_000, "card").await;
    let undo = format!("/api/v1/counter/payments/{}/reverse", paid["id"].as_str().unwrap());
    clerk.post(&undo, json!({"reason": "刷错", "receipt": "returned", "receiptReturned": true})).await;
    let shift = clerk.get("/api/v1/counter/shift").await.ok();
    let cell = |kind: &str, method: &str| {
        let all = shift["matrix"].as_array().unwrap();
        all.iter().find(|c| c["kind"] == kind && c["method"] == method).map_or(0, |c| c["amountFen"].as_i64().unwrap())
    };
    assert_eq!((cell("payment", "cash"), cell("prepay", "cash")), (19_900, 5_100), "{shift}");
    let sum: i64 = shift["matrix"].as_array().unwrap().iter().map(|c| c["amountFen"].as_i64().unwrap()).sum();
    let methods: i64 = shift["byMethod"].as_array().unwrap().iter().map(|c| c["amountFen"].as_i64().unwrap()).sum();
    assert_eq!(sum, methods, "the matrix comes to what came in: {shift}");
}

#[both_databases]
async fn cash_is_handed_over_when_the_other_has_it(t: TestApp) {
    let id = customer(&t).await;
    let (first, second) = (t.named("first"), t.named("second"));
    take(&first, &id, 50_000, "cash").await;
    let path = "/api/v1/counter/hand-overs";
    first.post(path, json!({"cashFen": 60_000})).await.refused(422, "shift.hand_over_short");
    first.post(path, json!({"cashFen": 0})).await.refused(400, "field.invalid");
    let offered = first.post(path, json!({"cashFen": 30_000})).await.created();
    first.post(path, json!({"cashFen": 1_000})).await.refused(409, "shift.hand_over_open");
    let close = json!({"countedFen": {"cash": 50_000}});
    first.post("/api/v1/counter/shift/close", close).await.refused(409, "shift.hand_over_open");
    let one = format!("{path}/{}", offered["id"].as_str().unwrap());
    first.post(&format!("{one}/accept"), json!({})).await.refused(409, "shift.hand_over_self");
    second.post(&format!("{one}/withdraw"), json!({})).await.refused(404, "not_found");

    // Two who both take it: one has it.
    let third = t.named("third");
    let accept = format!("{one}/accept");
    let (a, b) = (second.post(&accept, json!({})), third.post(&accept, json!({})));
    let (a, b) = (tokio::spawn(a.into_future()).await.unwrap(), tokio::spawn(b.into_future()).await.unwrap());
    let mut answers = [a.status, b.status];
    answers.sort_unstable();
    assert_eq!(answers, [200, 409]);
    let expected = |who: &str| t.named(who).get("/api/v1/counter/shift");
    assert_eq!(expected("first").await.ok()["expectedCashFen"], json!(20_000));
    let got = expected("second").await.ok()["expectedCashFen"].as_i64().unwrap_or(0)
        + expected("third").await.ok()["expectedCashFen"].as_i64().unwrap_or(0);
    assert_eq!(got, 30_000);
    first.post("/api/v1/counter/shift/close", json!({"countedFen": {"cash": 20_000}})).await.ok();
    sound(&t).await;
}
