//! Adjustments: within the limit at once, above it by another person, turned around by a new record.

use super::{billed, line, run, until};
use crate::billing::{balance, pay, proven};
use testkit::{TestApp, both_databases, json};

const PATH: &str = "/api/v1/billing/adjustments";

async fn account(t: &TestApp, customer: &str) -> String {
    let customer = customer.to_owned();
    t.write(move |tx| billing::account_of(tx, &customer)).await.id
}

#[both_databases]
async fn a_small_adjustment_is_booked_at_once_and_a_large_one_by_another_person(t: TestApp) {
    let one = line(&t, "2026-11-22T10:00:00+08:00").await;
    pay(&t, &one, 50_000).await;
    let account = account(&t, &one).await;
    let clerk = t.as_role("clerk");
    let ask = |fen: i64| json!({"accountId": account, "amountFen": fen, "reason": "complaint", "note": "网速投诉补偿"});
    let made = clerk.post(PATH, ask(-3_000)).await.created();
    assert_eq!((made["state"].as_str(), made["decidedBy"].is_null()), (Some("applied"), true));
    assert_eq!(balance(&t, &one).await, 50_000 - 3_870 + 3_000);
    // The limit of the day is the limit of all of them together: it cannot be cut into pieces.
    let second = clerk.post(PATH, ask(-3_000)).await.created();
    assert_eq!(second["state"], "requested");
    assert_eq!(balance(&t, &one).await, 50_000 - 3_870 + 3_000);
    let id = second["id"].as_str().unwrap();
    let before = t.digest().await;
    clerk.post(&format!("{PATH}/{id}/approve"), json!({})).await.refused(403, "auth.forbidden");
    before.assert_unchanged(&t.digest().await);
    let done = t.post(&format!("{PATH}/{id}/approve"), json!({"note": "同意"})).await;
    // Everybody in a story is the same person unless a role is taken: nobody decides an own request.
    done.refused(403, "adjustment.own");
    proven(&t).await;
}

#[both_databases]
async fn another_person_decides_and_only_once(t: TestApp) {
    let one = line(&t, "2026-11-22T10:00:00+08:00").await;
    pay(&t, &one, 20_000).await;
    let account = account(&t, &one).await;
    let clerk = t.as_role("clerk").named("clerk-1");
    let ask = json!({"accountId": account, "amountFen": -20_000, "reason": "outage", "note": "中断三天"});
    let made = clerk.post(PATH, ask).await.created();
    let id = made["id"].as_str().unwrap().to_owned();
    assert_eq!(made["state"], "requested");
    let manager = t.as_role("manager").named("manager-1");
    let approve = format!("{PATH}/{id}/approve");
    let done = manager.post(&approve, json!({"note": "情况属实"})).await.ok();
    assert_eq!((done["state"].as_str(), done["decision"].as_str()), (Some("applied"), Some("情况属实")));
    assert_eq!(balance(&t, &one).await, 20_000 - 3_870 + 20_000);
    manager.post(&approve, json!({"note": "再来"})).await.refused(409, "adjustment.state");
    assert_eq!(balance(&t, &one).await, 20_000 - 3_870 + 20_000);
    // Above the manager's own limit it takes somebody higher.
    let large = json!({"accountId": account, "amountFen": 80_000, "reason": "missedCharge", "note": "漏收专线费"});
    let large = clerk.post(PATH, large).await.created();
    let id = large["id"].as_str().unwrap();
    manager.post(&format!("{PATH}/{id}/approve"), json!({})).await.refused(403, "adjustment.limit");
    manager.post(&format!("{PATH}/{id}/reject"), json!({"note": ""})).await.refused(400, "field.missing");
    let refused = manager.post(&format!("{PATH}/{id}/reject"), json!({"note": "没有依据"})).await.ok();
    assert_eq!(refused["state"], "rejected");
    proven(&t).await;
}

#[both_databases]
async fn a_bill_is_credited_a_charge_gets_a_bill_and_both_are_turned_around_once(t: TestApp) {
    let one = line(&t, "2026-11-22T10:00:00+08:00").await;
    pay(&t, &one, 3_870).await;
    let account = account(&t, &one).await;
    let bill = {
        let one = one.clone();
        t.write(move |tx| billing::bills_of(tx, &one, 5)).await[0].id.clone()
    };
    let ask = |fen: i64| json!({"billId": bill, "amountFen": fen, "reason": "billingError", "note": "多收三天"});
    t.post(PATH, ask(-3_871)).await.refused(422, "adjustment.amount");
    t.post(PATH, ask(0)).await.refused(422, "adjustment.amount");
    t.post(PATH, ask(500)).await.refused(422, "adjustment.bill");
    t.post(PATH, json!({"accountId": account, "amountFen": i64::MAX, "reason": "other", "note": "x"}))
        .await
        .refused(422, "adjustment.amount");
    t.post(PATH, json!({"accountId": account, "amountFen": 500, "reason": "complaint", "note": "x"}))
        .await
        .refused(400, "field.invalid");
    let made = t.post(PATH, ask(-1_000)).await.created();
    assert_eq!((made["state"].as_str(), made["billId"].as_str()), (Some("applied"), Some(bill.as_str())));
    assert_eq!(balance(&t, &one).await, 1_000, "what had been paid of it is the customer's again");
    assert_eq!(t.get(&format!("/api/v1/bills/{bill}")).await.ok()["amountFen"], 2_870);
    let id = made["id"].as_str().unwrap();
    let back = t.post(&format!("{PATH}/{id}/reverse"), json!({"note": "误退"})).await.ok();
    assert_eq!((back["amountFen"].as_i64(), back["reverses"].as_str()), (Some(1_000), Some(id)));
    assert_eq!(balance(&t, &one).await, 0, "the bill of the reversal is paid by what had been given");
    t.post(&format!("{PATH}/{id}/reverse"), json!({"note": "再冲"})).await.refused(409, "adjustment.reversed");
    let charge = t.post(PATH, json!({"accountId": account, "productId": format!("p-{one}"), "amountFen": 700, "reason": "damage", "note": "遥控器"})).await.created();
    let charged = charge["billId"].as_str().unwrap();
    let shown = t.get(&format!("/api/v1/bills/{charged}")).await.ok();
    assert_eq!((shown["amountFen"].as_i64(), shown["lines"][0]["type"].as_str()), (Some(700), Some("adjustment")));
    let id = charge["id"].as_str().unwrap();
    t.post(&format!("{PATH}/{id}/reverse"), json!({"note": "已找到"})).await.ok();
    assert_eq!(t.get(&format!("/api/v1/bills/{charged}")).await.ok()["amountFen"], 0);
    proven(&t).await;
}

#[both_databases]
async fn what_waits_for_the_next_bill_comes_with_it_and_credits_beyond_the_charges_become_balance(t: TestApp) {
    let one = line(&t, "2026-11-22T10:00:00+08:00").await;
    let account = account(&t, &one).await;
    let ask = |fen: i64| json!({"accountId": account, "amountFen": fen, "reason": "billingError", "note": "随下期", "timing": "nextBill"});
    let less = t.post(PATH, ask(-20_000)).await.created();
    assert_eq!(less["state"], "waiting");
    let withdrawn = t.post(PATH, ask(-77)).await.created();
    let id = withdrawn["id"].as_str().unwrap();
    t.post(&format!("{PATH}/{id}/withdraw"), json!({})).await.ok();
    until(&t, "2027-01-02T10:00:00+08:00");
    run(&t, super::month("2026-12-01")).await;
    assert_eq!(billed(&t, &one, "2026-12").await, [0], "129 yuan less 200");
    let id = less["id"].as_str().unwrap();
    let now = t.get(&format!("{PATH}/{id}")).await.ok();
    assert_eq!(now["state"], "applied");
    let bill = t.get(&format!("/api/v1/bills/{}", now["billId"].as_str().unwrap())).await.ok();
    let sum: i64 = bill["lines"].as_array().unwrap().iter().map(|l| l["amountFen"].as_i64().unwrap()).sum();
    assert_eq!(sum, 0, "{bill}");
    // 71 yuan went to the balance, which paid the first bill of 38.70 with its late fee of eleven days.
    assert_eq!(balance(&t, &one).await, 7_100 - 3_870 - 128);
    proven(&t).await;
}
