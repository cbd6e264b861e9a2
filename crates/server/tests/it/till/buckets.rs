//! The same books through TMF654, and ways of paying through TMF670.

use super::{account, on_books};
use crate::billing::{balance, bill, customer, proven, router_bill};
use testkit::{TestApp, both_databases, json};

const BASE: &str = "/tmf-api/prepayBalanceManagement/v4";

#[both_databases]
async fn a_bucket_of_ours_moves_money_and_one_of_others_is_only_kept(t: TestApp) {
    let customer = customer(&t).await;
    let account = account(&t, &customer).await;
    let made = t
        .post(
            &format!("{BASE}/bucket"),
            json!({"usageType": "monetary", "name": "接口专款", "partyAccount": {"id": account}}),
        )
        .await
        .created();
    let fen = |n: f64| json!({"amount": n, "units": "CNY"});
    let act = |what: &str, bucket: &testkit::Value, amount: testkit::Value| {
        t.post(&format!("{BASE}/{what}"), json!({"amount": amount, "bucket": {"id": bucket}}))
    };
    assert_eq!(act("topupBalance", &made["id"], fen(50.0)).await.created()["status"], json!("confirmed"));
    assert_eq!(act("adjustBalance", &made["id"], fen(-10.0)).await.created()["status"], json!("confirmed"));
    assert_eq!(on_books(&t, &account).await, [("接口专款".to_owned(), 4_000)]);
    let before = t.digest().await;
    act("adjustBalance", &made["id"], fen(-40.01)).await.refused(409, "balance.short");
    act("topupBalance", &made["id"], fen(-1.0)).await.refused(422, "payment.amount");
    act("topupBalance", &made["id"], json!({"amount": 1, "units": "EUR"})).await.refused(400, "money.currency");
    act("reserveBalance", &made["id"], fen(40.01)).await.refused(409, "balance.short");
    before.assert_unchanged(&t.digest().await);
    // What is reserved cannot be spent; given up, it pays.
    let reserved = act("reserveBalance", &made["id"], fen(30.0)).await.created();
    let id = router_bill(&t, &customer, "o1").await;
    assert_eq!(bill(&t, &id).await["remainingFen"], json!(18_900));
    t.delete(&format!("{BASE}/reserveBalance/{}", reserved["id"].as_str().unwrap())).await.no_content();
    assert_eq!(bill(&t, &id).await["remainingFen"], json!(15_900));
    assert_eq!(balance(&t, &customer).await, 0);
    let sum = t.get(&format!("{BASE}/accumulatedBalance/{account}")).await.ok();
    assert_eq!((sum["totalBalance"]["amount"].clone(), sum["bucket"].as_array().unwrap().len()), (json!(0.0), 2));
    proven(&t).await;

    let foreign = act("topupBalance", &json!("11"), json!({"amount": 50, "units": "EUR"})).await.created();
    assert_eq!(foreign["status"], json!("pending"));
    let kept = t.post(&format!("{BASE}/bucket"), json!({"usageType": "monetary"})).await.created();
    assert_eq!(kept["status"], json!("pending"));
    assert!(t.get(&format!("{BASE}/bucket?id={}", kept["id"].as_str().unwrap())).await.ok()[0]["id"].is_string());
    t.post(&format!("{BASE}/bucket"), json!({})).await.refused(400, "field.missing");
    t.get(&format!("{BASE}/bucket/nope")).await.refused(404, "not_found");
    assert_eq!(t.get(&format!("{BASE}/balanceAction")).await.ok().as_array().unwrap().len(), 3);
}

#[both_databases]
async fn a_way_of_paying_is_kept_without_the_number_that_pays(t: TestApp) {
    let base = "/tmf-api/paymentMethods/v4/paymentMethod";
    let card = json!({"name": "工资卡", "@type": "BankCard", "details": {"cardNumber": "6222020012345678", "cvv": "123", "brand": "UnionPay"}});
    let made = t.post(base, card).await.created();
    assert_eq!(made["details"], json!({"cardNumber": "****5678", "brand": "UnionPay"}));
    assert_eq!(
        t.count("SELECT COUNT(*) FROM payment_method WHERE CAST(body AS TEXT) LIKE '%6222020012345678%'").await,
        0
    );
    let one = format!("{base}/{}", made["id"].as_str().unwrap());
    let patched = t.patch(&one, json!({"isPreferred": true, "details": {"cardNumber": "6222020087654321"}})).await.ok();
    assert_eq!(patched["details"]["cardNumber"], json!("****4321"));
    t.post(base, json!({"@type": "Cash"})).await.refused(400, "field.missing");
    t.delete(&one).await.no_content();
    t.get(&one).await.refused(404, "not_found");
}
