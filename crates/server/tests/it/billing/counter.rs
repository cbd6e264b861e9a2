//! Paying, paying too much, paying in advance, and taking it back.

use super::{HALL, balance, bill, customer, pay, proven, router_bill};
use testkit::{TestApp, both_databases, json};

#[both_databases]
async fn money_goes_to_the_oldest_bill_first_and_the_rest_to_the_balance(t: TestApp) {
    let customer = customer(&t).await;
    let old = router_bill(&t, &customer, "o1").await;
    t.advance(86_400);
    let new = router_bill(&t, &customer, "o2").await;

    let part = pay(&t, &customer, 5_000).await;
    assert_eq!(
        part["applied"],
        json!([{"billId": old, "billNo": part["applied"][0]["billNo"], "amountFen": 5_000, "remainingFen": 14_900}])
    );
    assert_eq!(bill(&t, &old).await["state"], json!("partiallyPaid"));
    assert_eq!(bill(&t, &new).await["state"], json!("new"));

    let more = t
        .post(
            "/api/v1/counter/payments",
            json!({"customerId": customer, "amountFen": 36_000, "method": "cash", "tenderedFen": 40_000}),
        )
        .await
        .created();
    assert_eq!(more["changeFen"], json!(4_000));
    assert_eq!(more["applied"].as_array().unwrap().len(), 2);
    assert_eq!((more["toBalanceFen"].clone(), more["balanceFen"].clone()), (json!(1_200), json!(1_200)));
    for id in [&old, &new] {
        let paid = bill(&t, id).await;
        assert_eq!((paid["state"].clone(), paid["remainingFen"].clone()), (json!("settled"), json!(0)));
    }
    assert_eq!(bill(&t, &old).await["payments"].as_array().unwrap().len(), 2);
    assert_eq!(balance(&t, &customer).await, 1_200);
    proven(&t).await;

    // Receipt numbers of the hall and day follow each other.
    assert_eq!(part["receiptNo"], json!("R-4401-h001-20261123-000001"));
    assert_eq!(more["receiptNo"], json!("R-4401-h001-20261123-000002"));
    let receipt = t.get(&format!("/api/v1/counter/receipts/{}", more["id"].as_str().unwrap())).await.ok();
    assert_eq!(receipt["amountInWords"], json!("叁佰陆拾元整"));
    assert_eq!(receipt["applied"].as_array().unwrap().len(), 2);
    assert_eq!(receipt["customer"]["name"], json!("张伟"));
    let listed = t.get("/api/v1/counter/payments?operator=me").await;
    assert_eq!(listed.total(), 2);
    assert_eq!(listed.ok()[0]["id"], more["id"]);
    assert_eq!(listed.ok()[0]["customerName"], json!("张伟"));
}

#[both_databases]
async fn what_is_paid_in_advance_pays_the_next_bill(t: TestApp) {
    let customer = customer(&t).await;
    let advance = pay(&t, &customer, 25_000).await;
    assert_eq!((advance["applied"].clone(), advance["toBalanceFen"].clone()), (json!([]), json!(25_000)));
    let id = router_bill(&t, &customer, "o1").await;
    let settled = bill(&t, &id).await;
    assert_eq!(settled["state"], json!("settled"));
    assert_eq!(settled["payments"][0]["source"], json!("balance"));
    assert_eq!(balance(&t, &customer).await, 5_100);

    // Taking the advance back unsettles the bill that it paid.
    let path = format!("/api/v1/counter/payments/{}/reverse", advance["id"].as_str().unwrap());
    let undone = t.post(&path, json!({"reason": "收错"})).await.created();
    assert_eq!((undone["amountFen"].clone(), undone["balanceFen"].clone()), (json!(-25_000), json!(0)));
    assert_eq!(bill(&t, &id).await["remainingFen"], json!(19_900));
    proven(&t).await;

    // The account's document tells the same as the ledger.
    t.get("/api/v1/counter/dues").await.refused(400, "field.missing");
    let dues = t.get(&format!("/api/v1/counter/dues?customerId={customer}")).await.ok();
    let account_id = dues["accounts"][0]["id"].as_str().unwrap();
    let document = t.get(&format!("/tmf-api/accountManagement/v4/billingAccount/{account_id}")).await.ok();
    assert_eq!(document["accountBalance"][0]["amount"]["value"], json!(0.0));
    assert_eq!(document["accountBalance"][1]["amount"]["value"], json!(199.0));
}

#[both_databases]
async fn a_reversal_is_a_new_record_and_happens_once(t: TestApp) {
    let customer = customer(&t).await;
    let id = router_bill(&t, &customer, "o1").await;
    let paid = pay(&t, &customer, 20_000).await;
    let payment = paid["id"].as_str().unwrap();
    let path = format!("/api/v1/counter/payments/{payment}/reverse");
    let before = t.digest().await;

    t.post(&path, json!({"reason": "  "})).await.refused(400, "field.invalid");
    let colleague = t.named("colleague").with_permissions(&["payment.reverse", "payment.read"]);
    colleague.post(&path, json!({"reason": "收错"})).await.refused(403, "auth.forbidden");
    let elsewhere = t.as_scope("/cn/11").in_org("/cn/11/1101/h001");
    elsewhere.post(&path, json!({"reason": "收错"})).await.refused(404, "not_found");
    before.assert_unchanged(&t.digest().await);

    let own = t.with_permissions(&["payment.reverse", "payment.read", "payment.take"]);
    let reversal = own.post(&path, json!({"reason": "收错"})).await.created();
    assert_eq!(reversal["amountFen"], json!(-20_000));
    assert_eq!(reversal["reversalOf"], json!(payment));
    assert_eq!(reversal["receiptNo"], json!("R-4401-h001-20261122-000002"));
    let unpaid = bill(&t, &id).await;
    assert_eq!((unpaid["state"].clone(), unpaid["remainingFen"].clone()), (json!("new"), json!(19_900)));
    assert_eq!(unpaid["payments"], json!([]));
    assert_eq!(balance(&t, &customer).await, 0);
    // Both records stand, each naming the other.
    let listed = t.get("/api/v1/counter/payments").await.ok();
    assert_eq!(listed[1]["id"], json!(payment));
    assert_eq!(listed[1]["reversedBy"], reversal["id"]);
    assert_eq!(listed[0]["reversalOf"], json!(payment));
    assert_eq!(listed[1]["amountFen"], json!(20_000));

    let after = t.digest().await;
    let twice = t.post(&path, json!({"reason": "再来"})).await.refused(409, "payment.already_reversed");
    assert_eq!(twice["reversal"], reversal["id"]);
    let back = format!("/api/v1/counter/payments/{}/reverse", reversal["id"].as_str().unwrap());
    t.post(&back, json!({"reason": "冲正冲正"})).await.refused(409, "payment.is_reversal");
    t.post("/api/v1/counter/payments/nope/reverse", json!({"reason": "x"})).await.refused(404, "not_found");
    after.assert_unchanged(&t.digest().await);
    proven(&t).await;
}

#[both_databases]
async fn after_its_day_a_payment_is_reversed_only_with_the_right_to(t: TestApp) {
    let customer = customer(&t).await;
    let paid = pay(&t, &customer, 20_000).await;
    let path = format!("/api/v1/counter/payments/{}/reverse", paid["id"].as_str().unwrap());
    t.post("/api/v1/counter/shift/close", json!({"countedFen": {"cash": 20_000}})).await.ok();
    t.advance(86_400);
    let own = t.with_permissions(&["payment.reverse"]);
    own.post(&path, json!({"reason": "收错"})).await.refused(403, "auth.forbidden");
    let supervisor = t.named("supervisor");
    supervisor.post(&path, json!({"reason": "主管授权"})).await.created();
    assert_eq!(balance(&t, &customer).await, 0);
    // Yesterday's shift stays as it was counted; the money left the supervisor's drawer today.
    let shift = supervisor.get("/api/v1/counter/shift").await.ok();
    assert_eq!(shift["expectedCashFen"], json!(-20_000));
    proven(&t).await;
}

#[both_databases]
async fn amounts_that_cannot_be_meant_are_refused(t: TestApp) {
    let customer = customer(&t).await;
    let id = router_bill(&t, &customer, "o1").await;
    let before = t.digest().await;
    let ask = |amount: testkit::Value, method: &str, tendered: testkit::Value| json!({"customerId": customer, "amountFen": amount, "method": method, "tenderedFen": tendered});
    let null = testkit::Value::Null;
    for (body, status, code) in [
        (ask(json!(0), "cash", null.clone()), 422, "payment.amount"),
        (ask(json!(-1), "cash", null.clone()), 422, "payment.amount"),
        (ask(json!(100_000_001), "cash", null.clone()), 422, "payment.amount"),
        (ask(json!(i64::MAX), "cash", null.clone()), 422, "payment.amount"),
        (ask(json!(i64::MIN), "cash", null.clone()), 422, "payment.amount"),
        (ask(json!(12.5), "cash", null.clone()), 400, "body.invalid"),
        (ask(json!("100"), "cash", null.clone()), 400, "body.invalid"),
        (ask(json!(1e30), "cash", null.clone()), 400, "body.invalid"),
        (ask(json!(100), "shells", null.clone()), 400, "payment.method"),
        (ask(json!(100), "cash", json!(99)), 422, "payment.tendered_short"),
        (ask(json!(100), "cash", json!(i64::MAX)), 422, "payment.amount"),
        (ask(json!(100), "transfer", json!(200)), 422, "payment.amount"),
    ] {
        t.post("/api/v1/counter/payments", body).await.refused(status, code);
    }
    let nobody = json!({"customerId": "nobody", "amountFen": 100, "method": "cash"});
    t.post("/api/v1/counter/payments", nobody).await.refused(404, "not_found");
    let foreign = json!({"customerId": customer, "accountId": "nowhere", "amountFen": 100, "method": "cash"});
    t.post("/api/v1/counter/payments", foreign).await.refused(404, "not_found");
    before.assert_unchanged(&t.digest().await);
    assert_eq!(bill(&t, &id).await["remainingFen"], json!(19_900));
}

#[both_databases]
async fn the_same_request_twice_takes_the_money_once(t: TestApp) {
    let customer = customer(&t).await;
    let body = json!({"customerId": customer, "amountFen": 10_000, "method": "transfer", "reference": "BANK-1"});
    let first = t.post("/api/v1/counter/payments", body.clone()).key("k1").await.created();
    let again = t.post("/api/v1/counter/payments", body).key("k1").await.created();
    assert_eq!(first, again);
    let other = json!({"customerId": customer, "amountFen": 10_001, "method": "transfer"});
    t.post("/api/v1/counter/payments", other).key("k1").await.refused(422, "idempotency.reused");
    assert_eq!(balance(&t, &customer).await, 10_000);
    assert_eq!(t.count("SELECT COUNT(*) FROM payment").await, 1);
}

#[both_databases]
async fn who_may_not_see_the_customer_sees_no_money(t: TestApp) {
    let customer = customer(&t).await;
    let id = router_bill(&t, &customer, "o1").await;
    let paid = pay(&t, &customer, 100).await;
    let payment = paid["id"].as_str().unwrap();
    let elsewhere = t.as_scope("/cn/11").in_org("/cn/11/1101/h001");
    for path in [
        format!("/api/v1/bills/{id}"),
        format!("/api/v1/counter/dues?customerId={customer}"),
        format!("/api/v1/counter/receipts/{payment}"),
        format!("/tmf-api/customerBillManagement/v4/customerBill/{id}"),
        format!("/tmf-api/paymentManagement/v4/payment/{payment}"),
    ] {
        elsewhere.get(&path).await.refused(404, "not_found");
    }
    let ask = json!({"customerId": customer, "amountFen": 100, "method": "cash"});
    let before = t.digest().await;
    elsewhere.post("/api/v1/counter/payments", ask.clone()).await.refused(404, "not_found");
    t.with_permissions(&["payment.read"]).post("/api/v1/counter/payments", ask).await.refused(403, "auth.forbidden");
    before.assert_unchanged(&t.digest().await);
    assert_eq!(elsewhere.get("/api/v1/counter/payments").await.ok(), json!([]));
    assert_eq!(t.as_scope(HALL).get("/api/v1/counter/payments").await.ok().as_array().unwrap().len(), 1);
}
