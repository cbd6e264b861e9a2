//! The law in policies; credit; holds.

use super::{barred, case, days, owing, quick, step};
use inventory::products::locks::{self, Level, Reason};
use testkit::{TestApp, both_databases, json};

#[both_databases]
async fn a_policy_below_the_law_is_refused_with_the_article(t: TestApp) {
    let before = t.digest().await;
    let early = quick(&[("remind", 5), ("barOutgoing", 24)]);
    let refused = t.post("/api/v1/dunning/policies", early.clone()).await.refused(422, "dunning.law");
    assert!(refused["i18n"]["zh-CN"]["reason"].as_str().unwrap().contains("第三十四条"), "{refused:#}");
    assert_eq!(refused["field"], "steps.1.days");
    let checked = t.post("/api/v1/dunning/policies/check", early).await.ok();
    assert_eq!((&checked["allowed"], &checked["problem"]["code"]), (&json!(false), &json!("dunning.law")));
    let unreminded = quick(&[("barOutgoing", 40)]);
    t.post("/api/v1/dunning/policies", unreminded).await.refused(422, "dunning.reminder_first");
    let soon = quick(&[("remind", 5), ("barAll", 25), ("preCancel", 30), ("terminate", 29)]);
    t.post("/api/v1/dunning/policies", soon).await.refused(422, "dunning.law");
    let unnoticed = quick(&[("remind", 5), ("barAll", 25), ("terminate", 90)]);
    t.post("/api/v1/dunning/policies", unnoticed).await.refused(422, "dunning.notice_first");
    t.post("/api/v1/dunning/policies", quick(&[])).await.refused(400, "field.invalid");
    t.delete("/api/v1/dunning/policies/standard").await.refused(409, "dunning.policy_last");
    before.assert_unchanged(&t.digest().await);
    let kept = t.post("/api/v1/dunning/policies", quick(&[("remind", 5), ("barAll", 25)])).await.created();
    let id = kept["id"].as_str().unwrap();
    let next = t.put(&format!("/api/v1/dunning/policies/{id}"), quick(&[("remind", 3), ("barAll", 30)])).await.ok();
    assert_eq!(next["version"], 2);
}

#[both_databases]
async fn a_running_case_keeps_the_policy_it_began_with(t: TestApp) {
    let customer = owing(&t).await;
    days(&t, 40).await;
    t.post("/api/v1/dunning/policies", quick(&[("remind", 5), ("barAll", 25)])).await.created();
    days(&t, 10).await;
    let kept = case(&t, &customer).await;
    assert_eq!((&kept["policyId"], &kept["policyVersion"]), (&json!("standard"), &json!(1)));
}

#[both_databases]
async fn a_promise_holds_the_case_and_may_free_the_line_until_its_day(t: TestApp) {
    let customer = owing(&t).await;
    for n in [40, 10, 12, 8] {
        days(&t, n).await;
    }
    assert_eq!(barred(&t).await, 1);
    let id = case(&t, &customer).await["id"].as_str().unwrap().to_owned();
    let hold = format!("/api/v1/dunning/cases/{id}/hold");
    let until = t.now().date().plus_days(10).to_string();
    t.post(&hold, json!({"kind": "promise", "until": until, "lifts": true})).await.refused(400, "dunning.reason");
    let far = t.now().date().plus_days(16).to_string();
    let too_far = json!({"kind": "promise", "until": far, "lifts": true, "reason": "客户承诺"});
    t.post(&hold, too_far).await.refused(422, "dunning.hold_until");
    let ask = json!({"kind": "promise", "until": until, "lifts": true, "reason": "客户承诺月底缴清"});
    t.post(&hold, ask).await.ok();
    crate::ordering::finish(&t).await;
    assert_eq!((barred(&t).await, case(&t, &customer).await["level"].clone()), (0, json!("oneWay")));
    days(&t, 10).await;
    assert_eq!(barred(&t).await, 0, "the day of the promise is part of it");
    days(&t, 1).await;
    assert_eq!(barred(&t).await, 1, "not kept: barred again");
    t.post(&format!("/api/v1/dunning/cases/{id}/release"), json!({"reason": "x"}))
        .await
        .refused(409, "dunning.not_held");
}

#[both_databases]
async fn credit_leaves_a_debt_alone_and_a_temporary_one_ends(t: TestApp) {
    let customer = owing(&t).await;
    for n in [40, 10, 12, 8] {
        days(&t, n).await;
    }
    assert_eq!(barred(&t).await, 1);
    let account = case(&t, &customer).await["accountId"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/dunning/credit/{account}");
    let day = |n| t.now().date().plus_days(n).to_string();
    let ask = |fen: i64, until: String| json!({"kind": "controlled", "temporaryFen": fen, "temporaryUntil": until, "reason": "客户在外地"});
    t.put(&path, ask(100_000, day(8))).await.refused(422, "dunning.temporary");
    let collector = t.as_role("collector");
    collector.put(&path, ask(600_000, day(7))).await.refused(422, "dunning.credit_limit");
    let uncontrolled = json!({"kind": "uncontrolled", "reason": "托收大客户"});
    collector.put(&path, uncontrolled.clone()).await.refused(422, "dunning.credit_limit");
    t.put(&path, ask(100_000, day(7))).await.ok();
    crate::ordering::finish(&t).await;
    let left = case(&t, &customer).await;
    assert_eq!((&left["state"], &left["closeReason"], barred(&t).await), (&json!("closed"), &json!("credit"), 0));
    days(&t, 8).await;
    assert_eq!((step(&t, &customer).await.as_str(), barred(&t).await), ("barOutgoing", 1), "as it stood before");
    t.put(&path, uncontrolled).await.ok();
    crate::ordering::finish(&t).await;
    days(&t, 100).await;
    assert_eq!(barred(&t).await, 0);
}

#[both_databases]
async fn a_line_reported_lost_stays_barred_when_the_debt_is_paid(t: TestApp) {
    let customer = owing(&t).await;
    for n in [40, 10, 12, 8] {
        days(&t, n).await;
    }
    let products = t.count("SELECT COUNT(*) FROM product_suspension").await;
    assert_eq!(products, 1);
    t.write(|tx| {
        let row = tx.query_one(&"SELECT product_id FROM product_suspension".to_owned(), &[])?;
        locks::set(tx, row.str(0), Reason::Loss, Level::TwoWay, "test").map(drop)
    })
    .await;
    super::pay_all(&t, &customer).await;
    assert_eq!(barred(&t).await, 0);
    assert_eq!(t.count("SELECT COUNT(*) FROM product_suspension WHERE reason = 'loss'").await, 1);
    assert_eq!(t.count("SELECT COUNT(*) FROM product WHERE status = 'suspended'").await, 1);
}
