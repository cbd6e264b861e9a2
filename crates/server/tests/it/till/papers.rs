//! Receipts on paper: a printer that fails takes no money, numbers have no gap, spoilt ones stay in the log.

use crate::billing::{balance, customer, pay, proven};
use testkit::{TestApp, Value, both_databases, json};

#[both_databases]
async fn the_payment_stands_when_the_printer_fails_and_every_later_paper_is_a_copy(t: TestApp) {
    let customer = customer(&t).await;
    let paid = pay(&t, &customer, 5_000).await;
    let path = format!("/api/v1/counter/receipts/{}", paid["id"].as_str().unwrap());
    let print = |outcome: &str| t.post(&format!("{path}/prints"), json!({"outcome": outcome, "reason": ""}));
    let failed = print("failed").await.created();
    assert_eq!((failed["kind"].clone(), failed["printed"].clone()), (json!("original"), json!(0)));
    assert_eq!(t.get(&path).await.ok()["paper"]["printed"], json!(0));
    assert_eq!(print("printed").await.created()["kind"], json!("original"));
    assert_eq!(print("printed").await.created()["kind"], json!("copy"));
    print("lost").await.refused(400, "field.invalid");
    assert_eq!(balance(&t, &customer).await, 5_000);
    assert_eq!(t.count("SELECT COUNT(*) FROM payment").await, 1);

    // What the customer holds comes back before the payment is reversed.
    let reverse = format!("/api/v1/counter/payments/{}/reverse", paid["id"].as_str().unwrap());
    let before = t.digest().await;
    t.post(&reverse, json!({"reason": "收错"})).await.refused(409, "receipt.out");
    t.post(&reverse, json!({"reason": "收错", "receiptReturn": "eaten"})).await.refused(400, "field.invalid");
    before.assert_unchanged(&t.digest().await);
    t.post(&reverse, json!({"reason": "收错", "receiptReturn": "recovered"})).await.created();
    assert_eq!(balance(&t, &customer).await, 0);
    proven(&t).await;
}

#[both_databases]
async fn a_spoilt_receipt_is_void_and_replaced_and_the_log_shows_every_number(t: TestApp) {
    let customer = customer(&t).await;
    let first = pay(&t, &customer, 5_000).await;
    pay(&t, &customer, 6_000).await;
    let path = format!("/api/v1/counter/receipts/{}", first["id"].as_str().unwrap());
    let ask = json!({"reason": "卡纸", "replace": true});
    let void = t.post(&format!("{path}/void"), ask.clone()).await.created();
    assert_eq!(
        (void["receiptNo"].clone(), void["replacedBy"].clone()),
        (first["receiptNo"].clone(), json!("R-4401-h001-20261122-000003"))
    );
    assert_eq!(t.get(&path).await.ok()["receiptNo"], void["replacedBy"]);
    t.post(&format!("{path}/void"), json!({"reason": ""})).await.refused(400, "field.invalid");
    let log = t.get("/api/v1/counter/receipt-log").await;
    assert_eq!(log.total(), 3);
    let log = log.ok();
    assert_eq!(log["gaps"], json!([]));
    let clerk = &log["clerks"][0];
    assert_eq!(
        (clerk["count"].clone(), clerk["void"].clone(), clerk["inFen"].clone()),
        (json!(3), json!(1), json!(11_000))
    );
    let spoilt = log["receipts"].as_array().unwrap().iter().find(|r| r["seq"] == json!(1)).unwrap();
    assert_eq!(spoilt["void"]["reason"], json!("卡纸"));
    proven(&t).await;
}

#[both_databases]
async fn money_that_goes_out_takes_its_number_from_the_same_series(t: TestApp) {
    let customer = customer(&t).await;
    pay(&t, &customer, 5_000).await;
    let account = super::account(&t, &customer).await;
    let back = json!({"accountId": account, "amountFen": 1_000, "method": "cash", "reason": "客户要求"});
    t.post("/api/v1/counter/refunds", back.clone()).await.created();
    let refused: Value = t
        .post(
            "/api/v1/counter/refunds",
            json!({"accountId": account, "amountFen": 9_000, "method": "cash", "reason": "x"}),
        )
        .await
        .refused(409, "balance.short");
    assert!(refused.is_object());
    t.post("/api/v1/counter/refunds", back).await.created();
    let log = t.get("/api/v1/counter/receipt-log").await.ok();
    let kinds: Vec<(&str, i64)> = log["receipts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| (r["kind"].as_str().unwrap(), r["seq"].as_i64().unwrap()))
        .collect();
    assert_eq!(kinds, [("refund", 3), ("refund", 2), ("payment", 1)]);
    proven(&t).await;
}
