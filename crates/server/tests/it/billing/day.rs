//! The cashier's day: float, takings, counting, the difference, the lock.

use super::{customer, pay, proven, router_bill};
use testkit::{TestApp, both_databases, json};

#[both_databases]
async fn a_shift_is_counted_by_method_and_a_difference_needs_a_reason(t: TestApp) {
    let customer = customer(&t).await;
    router_bill(&t, &customer, "o1").await;
    let none = t.get("/api/v1/counter/shift").await.ok();
    assert_eq!((none["id"].clone(), none["state"].clone()), (json!(null), json!("closed")));
    t.post("/api/v1/counter/shift/open", json!({"floatFen": 30_001})).await.refused(400, "field.invalid");
    t.post("/api/v1/counter/shift/open", json!({"floatFen": -1})).await.refused(400, "field.invalid");
    t.post("/api/v1/counter/shift/open", json!({"floatFen": 20_000})).await.created();
    t.post("/api/v1/counter/shift/open", json!({"floatFen": 0})).await.refused(409, "shift.already_open");

    pay(&t, &customer, 10_000).await;
    let wrong = pay(&t, &customer, 3_000).await;
    let transfer = json!({"customerId": customer, "amountFen": 15_000, "method": "transfer", "reference": "BANK-77"});
    t.post("/api/v1/counter/payments", transfer).await.created();
    t.post(&format!("/api/v1/counter/payments/{}/reverse", wrong["id"].as_str().unwrap()), json!({"reason": "收错"}))
        .await
        .created();

    let shift = t.get("/api/v1/counter/shift").await.ok();
    assert_eq!(
        shift["byMethod"],
        json!([
            {"method": "cash", "count": 3, "amountFen": 10_000},
            {"method": "transfer", "count": 1, "amountFen": 15_000},
        ])
    );
    assert_eq!(
        shift["byKind"],
        json!([
            {"kind": "payment", "count": 3, "amountFen": 28_000},
            {"kind": "reversal", "count": 1, "amountFen": -3_000},
        ])
    );
    assert_eq!(shift["expectedCashFen"], json!(30_000));

    let before = t.digest().await;
    let short = json!({"countedFen": {"cash": 29_950, "transfer": 15_000}});
    t.post("/api/v1/counter/shift/close", short).await.refused(422, "shift.reason_needed");
    // Over in one and short in the other is a difference too.
    let swapped = json!({"countedFen": {"cash": 29_000, "transfer": 16_000}});
    t.post("/api/v1/counter/shift/close", swapped).await.refused(422, "shift.reason_needed");
    t.post("/api/v1/counter/shift/close", json!({"countedFen": {"shells": 1}})).await.refused(400, "payment.method");
    t.post("/api/v1/counter/shift/close", json!({"countedFen": {"cash": -1}})).await.refused(400, "field.invalid");
    before.assert_unchanged(&t.digest().await);

    let counted = json!({"countedFen": {"cash": 29_950, "transfer": 15_000}, "reason": "找零误差"});
    let closed = t.post("/api/v1/counter/shift/close", counted.clone()).await.ok();
    assert_eq!((closed["state"].clone(), closed["differenceFen"].clone()), (json!("closed"), json!(-50)));
    assert_eq!(
        closed["counted"][0],
        json!({"method": "cash", "systemFen": 30_000, "countedFen": 29_950, "differenceFen": -50})
    );
    t.post("/api/v1/counter/shift/close", counted).await.refused(409, "shift.none");
    proven(&t).await;

    // Locked: nothing more is taken until a new shift is opened on purpose, and the closed one keeps its figures.
    let before = t.digest().await;
    let ask = json!({"customerId": customer, "amountFen": 100, "method": "cash"});
    t.post("/api/v1/counter/payments", ask.clone()).await.refused(409, "shift.closed");
    before.assert_unchanged(&t.digest().await);
    t.post("/api/v1/counter/shift/open", json!({})).await.created();
    t.post("/api/v1/counter/payments", ask).await.created();
    let day = t.get("/api/v1/counter/shifts").await.ok();
    assert_eq!(day.as_array().unwrap().len(), 2);
    assert_eq!(day[0]["byMethod"], shift["byMethod"]);
    assert_eq!(day[1]["expectedCashFen"], json!(100));
}

#[both_databases]
async fn yesterday_must_be_closed_before_today_begins(t: TestApp) {
    let customer = customer(&t).await;
    pay(&t, &customer, 10_000).await;
    t.advance(86_400);
    let ask = json!({"customerId": customer, "amountFen": 100, "method": "cash"});
    let before = t.digest().await;
    let refused = t.post("/api/v1/counter/payments", ask.clone()).await.refused(409, "shift.previous_open");
    assert!(refused["reason"].as_str().unwrap().contains("2026-11-22"));
    t.post("/api/v1/counter/shift/open", json!({})).await.refused(409, "shift.previous_open");
    before.assert_unchanged(&t.digest().await);
    t.post("/api/v1/counter/shift/close", json!({"countedFen": {"cash": 10_000}})).await.ok();
    let today = t.post("/api/v1/counter/payments", ask).await.created();
    assert_eq!(today["receiptNo"], json!("R-4401-h001-20261123-000001"));
    // A colleague has a drawer of their own.
    let other = t.named("colleague").get("/api/v1/counter/shift").await.ok();
    assert_eq!(other["id"], json!(null));
    proven(&t).await;
}
