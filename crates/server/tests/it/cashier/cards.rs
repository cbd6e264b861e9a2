//! A recharge card is worth its face once.

use super::{DAY, debtor, sound};
use crate::billing::balance;
use std::future::IntoFuture;
use testkit::{TestApp, Value, both_databases, json};

/// An active batch of cards of 50 yuan: the batch, and the pairs of serial and PIN.
async fn cards(t: &TestApp, count: i64) -> (String, Vec<(String, String)>) {
    let ask = json!({"faceFen": 5_000, "cards": count, "validTo": "2027-11-23"});
    let made = t.post("/api/v1/recharge-cards/batches", ask).await.created();
    t.settle().await;
    let id = made["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/recharge-cards/batches/{id}");
    let csv = t.post(&format!("{path}/pins"), json!({"reason": "交印刷厂"})).await;
    assert_eq!(csv.status, 200);
    t.post(&format!("{path}/pins"), json!({"reason": "again"})).await.refused(409, "recharge.pins_fetched");
    t.post(&format!("{path}/activate"), json!({})).await.ok();
    let pairs = csv.body.lines().skip(1).map(|l| {
        let mut fields = l.split(',');
        (fields.next().unwrap().to_owned(), fields.next().unwrap().to_owned())
    });
    (id, pairs.collect())
}

#[both_databases]
async fn two_clerks_with_one_card_recharge_once(t: TestApp) {
    let (customer, account) = debtor(&t, "o1").await;
    let (_, all) = cards(&t, 3).await;
    assert_eq!(all.len(), 3);
    let ask = json!({"accountId": account, "serial": all[0].0, "pin": all[0].1});
    let (a, b) =
        (t.named("a").post("/api/v1/recharge", ask.clone()), t.named("b").post("/api/v1/recharge", ask.clone()));
    let (a, b) = (tokio::spawn(a.into_future()), tokio::spawn(b.into_future()));
    let (a, b) = (a.await.unwrap(), b.await.unwrap());
    let mut answers = [a.status, b.status];
    answers.sort_unstable();
    assert_eq!(answers, [201, 409], "{} {}", a.body, b.body);
    t.post("/api/v1/recharge", ask).await.refused(409, "recharge.used");
    // The PIN alone finds its card.
    let by_pin = t.post("/api/v1/recharge", json!({"accountId": account, "pin": all[1].1})).await.created();
    assert_eq!(by_pin["serial"], json!(all[1].0));
    assert_eq!(t.count("SELECT COUNT(*) FROM payment WHERE method = 'rechargeCard'").await, 2);
    assert_eq!(balance(&t, &customer).await, 0);
    let card = t.get(&format!("/api/v1/recharge-cards/cards?serial={}", all[0].0)).await.ok();
    assert_eq!(card[0]["state"], json!("used"));
    sound(&t).await;
}

#[both_databases]
async fn wrong_pins_are_counted_and_lock(t: TestApp) {
    let (_, account) = debtor(&t, "o1").await;
    let (_, other) = debtor(&t, "o2").await;
    let (_, all) = cards(&t, 2).await;
    let guess = |account: &str| json!({"accountId": account, "serial": all[0].0, "pin": "111111111111111111"});
    for left in (1..5).rev() {
        let refused = t.post("/api/v1/recharge", guess(&account)).await.refused(422, "recharge.wrong");
        assert!(
            refused["reason"].as_str().unwrap().len() > 3
                && refused["message"].as_str().unwrap().contains(&left.to_string()),
            "{refused}"
        );
    }
    t.post("/api/v1/recharge", guess(&account)).await.refused(423, "recharge.locked");
    // The card is locked for everybody, the caller for the day.
    let right = |account: &str, n: usize| json!({"accountId": account, "serial": all[n].0, "pin": all[n].1});
    t.post("/api/v1/recharge", right(&other, 0)).await.refused(423, "recharge.locked");
    t.post("/api/v1/recharge", right(&account, 1)).await.refused(423, "recharge.locked");
    let unlock = format!("/api/v1/recharge-cards/cards/{}/unlock", all[0].0);
    t.post(&unlock, json!({})).await.refused(400, "field.invalid");
    t.post(&unlock, json!({"reason": "持卡人身份已核验"})).await.ok();
    t.post("/api/v1/recharge", right(&other, 0)).await.created();
    t.advance(DAY);
    t.named("tomorrow").post("/api/v1/recharge", right(&account, 1)).await.created();
    sound(&t).await;
}

#[both_databases]
async fn expired_void_and_imported_cards(t: TestApp) {
    let (_, account) = debtor(&t, "o1").await;
    let (batch, all) = cards(&t, 2).await;
    for bad in [
        json!({"faceFen": 5_050, "cards": 1, "validTo": "2027-11-23"}),
        json!({"faceFen": 5_000, "cards": 0, "validTo": "2027-11-23"}),
        json!({"faceFen": 5_000, "cards": 1, "validTo": "2026-11-22"}),
    ] {
        let refused = t.post("/api/v1/recharge-cards/batches", bad).await;
        assert_eq!(refused.status, 422);
    }
    let import = "/api/v1/recharge-cards/import?faceFen=3000&validTo=2027-01-01";
    let call = |text: &str| t.post(import, Value::Null).raw(text.to_owned(), "text/csv");
    let before = t.digest().await;
    let refused = call("serial,pin\n900001,123456789012\n900001,123456789013\n900002,12\n")
        .await
        .refused(422, "collection.file_format");
    assert_eq!(refused["lines"].as_array().unwrap().len(), 2, "{refused}");
    before.assert_unchanged(&t.digest().await);
    let made = call("serial,pin\n900001,123456789012\n900002,123456789013\n").await.created();
    let ask = json!({"accountId": account, "pin": "123456789012"});
    t.post("/api/v1/recharge", ask.clone()).await.refused(409, "recharge.inactive");
    t.post(&format!("/api/v1/recharge-cards/batches/{}/activate", made["id"].as_str().unwrap()), json!({})).await.ok();
    t.post("/api/v1/recharge", ask).await.created();

    let path = format!("/api/v1/recharge-cards/batches/{batch}");
    t.advance(400 * DAY);
    let late = json!({"accountId": account, "serial": all[0].0, "pin": all[0].1});
    t.post("/api/v1/recharge", late.clone()).await.refused(409, "recharge.expired");
    t.post(&format!("{path}/void"), json!({"reason": "过期回收"})).await.ok();
    t.post("/api/v1/recharge", late).await.refused(409, "recharge.inactive");
    t.post(&format!("{path}/activate"), json!({})).await.refused(409, "recharge.state");
}
