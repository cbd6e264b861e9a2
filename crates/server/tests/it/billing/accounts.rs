//! The same money through the TM Forum APIs.

use super::{balance, bill, customer, pay, proven, router_bill};
use testkit::{TestApp, both_databases, json};

const ACCOUNTS: &str = "/tmf-api/accountManagement/v4";
const BILLS: &str = "/tmf-api/customerBillManagement/v4";
const PAYMENTS: &str = "/tmf-api/paymentManagement/v4";

#[both_databases]
async fn accounts_of_every_kind_are_kept_as_they_are_sent(t: TestApp) {
    let party = json!([{"@referredType": "Organization", "id": "4665", "name": "John Doe"}]);
    for kind in [
        "billingAccount",
        "partyAccount",
        "settlementAccount",
        "financialAccount",
        "billingCycleSpecification",
        "billFormat",
        "billPresentationMedia",
    ] {
        let path = format!("{ACCOUNTS}/{kind}");
        let ask = json!({"name": "Travel account", "relatedParty": party, "x-own": {"a": [1]}});
        let made = t.post(&path, ask).await.created();
        assert_eq!(made["x-own"], json!({"a": [1]}), "{kind}");
        let one = format!("{path}/{}", made["id"].as_str().unwrap());
        assert_eq!(t.get(&one).await.ok(), made);
        assert_eq!(t.get(&format!("{path}?name=Travel%20account")).await.ok()[0]["id"], made["id"]);
        t.patch(&one, json!({"name": "Other"})).await.ok();
        t.delete(&one).await.no_content();
        t.get(&one).await.refused(404, "not_found");
        t.post(&path, json!({"relatedParty": party})).await.refused(400, "field.missing");
    }
    t.post(&format!("{ACCOUNTS}/billingAccount"), json!({"name": "x"})).await.refused(400, "field.missing");
    let unknown = json!({"name": "x", "relatedParty": [{"id": "nobody", "@referredType": "Customer"}]});
    t.post(&format!("{ACCOUNTS}/billingAccount"), unknown).await.refused(422, "reference.unknown");
}

#[both_databases]
async fn an_account_with_money_keeps_its_figures_and_stays(t: TestApp) {
    let customer = customer(&t).await;
    router_bill(&t, &customer, "o1").await;
    pay(&t, &customer, 20_000).await;
    let dues = t.get(&format!("/api/v1/counter/dues?customerId={customer}")).await.ok();
    let one = format!("{ACCOUNTS}/billingAccount/{}", dues["accounts"][0]["id"].as_str().unwrap());
    let document = t.get(&one).await.ok();
    assert_eq!(document["accountBalance"][0]["amount"], json!({"unit": "CNY", "value": 1.0}));
    let before = t.digest().await;
    t.patch(&one, json!({"accountBalance": []})).await.refused(400, "field.readonly");
    t.patch(&one, json!({"accountNo": "A-1"})).await.refused(400, "field.readonly");
    t.patch(&one, json!({"relatedParty": [{"id": "other", "@referredType": "Customer"}]}))
        .await
        .refused(400, "field.readonly");
    t.delete(&one).await.refused(409, "in_use");
    before.assert_unchanged(&t.digest().await);
    t.patch(&one, json!({"name": "家庭账户"})).await.ok();
}

#[both_databases]
async fn a_bill_can_be_held_but_its_figures_cannot_be_changed(t: TestApp) {
    let customer = customer(&t).await;
    let id = router_bill(&t, &customer, "o1").await;
    let one = format!("{BILLS}/customerBill/{id}");
    let document = t.get(&one).await.ok();
    assert_eq!(document["amountDue"], json!({"unit": "CNY", "value": 199.0}));
    assert_eq!(document["state"], json!("new"));
    assert!(document["billDocument"][0]["id"].is_string() && document["billingAccount"]["id"].is_string());
    let before = t.digest().await;
    t.patch(&one, json!({"remainingAmount": {"unit": "CNY", "value": 0}})).await.refused(400, "field.readonly");
    t.patch(&one, json!({"amountDue": {"unit": "CNY", "value": 1}})).await.refused(400, "field.readonly");
    t.patch(&one, json!({"state": "settled"})).await.refused(422, "bill.state");
    before.assert_unchanged(&t.digest().await);
    assert_eq!(t.patch(&one, json!({"state": "onHold", "x-note": "争议"})).await.ok()["state"], json!("onHold"));
    pay(&t, &customer, 100).await;
    let held = t.get(&one).await.ok();
    assert_eq!((held["state"].clone(), held["x-note"].clone()), (json!("onHold"), json!("争议")));
    assert_eq!(held["remainingAmount"]["value"], json!(198.0));
    assert_eq!(held["appliedPayment"][0]["appliedAmount"]["value"], json!(1.0));
    assert_eq!(t.patch(&one, json!({"state": "new"})).await.ok()["state"], json!("partiallyPaid"));
    pay(&t, &customer, 19_800).await;
    assert_eq!(t.get(&one).await.ok()["state"], json!("settled"));
    assert_eq!(t.patch(&one, json!({"state": "onHold"})).await.ok()["state"], json!("onHold"));
    assert_eq!(t.get(&format!("{BILLS}/customerBill?state=onHold")).await.ok()[0]["id"], json!(id));
    proven(&t).await;

    let rates = t.get(&format!("{BILLS}/appliedCustomerBillingRate?isBilled=true&fields=isBilled")).await.ok();
    assert_eq!(rates[0]["isBilled"], json!(true));
    assert!(rates[0]["id"].is_string() && rates[0]["href"].is_string());
    let own = json!({"billingAccount": {"id": document["billingAccount"]["id"]}});
    let asked = t.post(&format!("{BILLS}/customerBillOnDemand"), own).await.created();
    assert_eq!((asked["state"].clone(), asked["customerBill"]["id"].clone()), (json!("done"), json!(id)));
    let foreign =
        t.post(&format!("{BILLS}/customerBillOnDemand"), json!({"billingAccount": {"id": "A0815"}})).await.created();
    assert_eq!(foreign["state"], json!("rejected"));
}

#[both_databases]
async fn a_payment_of_another_system_is_booked_when_it_names_our_account_and_an_amount(t: TestApp) {
    let customer = customer(&t).await;
    let id = router_bill(&t, &customer, "o1").await;
    let account = t.get(&format!("{BILLS}/customerBill/{id}")).await.ok()["billingAccount"]["id"].clone();

    // The conformance kit's: no amount, an account that is not ours. Recorded, and no money moves.
    let empty = json!({"account": {"id": "15463151"}, "paymentMethod": {}, "totalAmount": {}});
    for _ in 0..2 {
        let kept = t.post(&format!("{PAYMENTS}/payment"), empty.clone()).await.created();
        assert_eq!(kept["status"], json!("pending"));
        assert_eq!((kept["account"]["id"].clone(), kept["paymentMethod"].clone()), (json!("15463151"), json!({})));
        let href = kept["href"].as_str().unwrap();
        assert_eq!(t.get(&format!("{PAYMENTS}/payment?href={href}")).await.ok()[0]["id"], kept["id"]);
        let path = format!("/api/v1/counter/payments/{}/reverse", kept["id"].as_str().unwrap());
        t.post(&path, json!({"reason": "x"})).await.refused(409, "payment.not_booked");
    }
    assert_eq!(t.count("SELECT COUNT(*) FROM ledger_txn WHERE kind = 'payment'").await, 0);
    t.post(&format!("{PAYMENTS}/payment"), json!({"account": {"id": "x"}})).await.refused(400, "field.missing");

    let ask = json!({
        "account": {"id": account, "name": "theirs"}, "paymentMethod": {"name": "bankTransfer", "@type": "BankTransfer"},
        "totalAmount": {"unit": "CNY", "value": 250.5}, "correlatorId": "BANK-9", "x-trace": "t1",
    });
    let booked = t.post("/tmf-api/payment/v4/payment", ask.clone()).key("k1").await.created();
    let again = t.post("/tmf-api/payment/v4/payment", ask).key("k1").await.created();
    assert_eq!(booked, again);
    assert_eq!(booked["status"], json!("done"));
    assert_eq!(booked["totalAmount"], json!({"unit": "CNY", "value": 250.5}));
    assert_eq!((booked["x-trace"].clone(), booked["account"]["name"].clone()), (json!("t1"), json!("theirs")));
    assert_eq!(booked["paymentItem"][0]["item"]["id"], json!(id));
    assert_eq!(bill(&t, &id).await["remainingFen"], json!(0));
    assert_eq!(balance(&t, &customer).await, 5_150);

    let dollars = json!({"account": {"id": account}, "paymentMethod": {}, "totalAmount": {"unit": "USD", "value": 1}});
    t.post(&format!("{PAYMENTS}/payment"), dollars).await.refused(400, "money.currency");
    let fractions =
        json!({"account": {"id": account}, "paymentMethod": {}, "totalAmount": {"unit": "CNY", "value": 0.001}});
    t.post(&format!("{PAYMENTS}/payment"), fractions).await.refused(400, "money.invalid");

    // What is on the balance can be paid back, and no more.
    let back = |fen: f64| json!({"account": {"id": account}, "paymentMethod": {"name": "bankTransfer"}, "totalAmount": {"unit": "CNY", "value": fen}});
    t.post(&format!("{PAYMENTS}/refund"), back(51.51)).await.refused(409, "balance.short");
    let refund = t.post(&format!("{PAYMENTS}/refund"), back(51.5)).await.created();
    assert_eq!(refund["status"], json!("done"));
    assert_eq!(t.get(&format!("{PAYMENTS}/refund/{}", refund["id"].as_str().unwrap())).await.ok(), refund);
    assert_eq!(balance(&t, &customer).await, 0);
    // The money is gone: the payment cannot be taken back any more.
    let path = format!("/api/v1/counter/payments/{}/reverse", booked["id"].as_str().unwrap());
    t.post(&path, json!({"reason": "x"})).await.refused(409, "balance.short");
    proven(&t).await;
}
