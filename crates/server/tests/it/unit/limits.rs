//! Allocation, collection and spending within limits.

use super::*;
use crate::billing::{bill, router_bill, started, tell};
use testkit::both_databases;

#[both_databases]
async fn money_is_allocated_spent_and_what_is_left_collected(t: TestApp) {
    let unit = unit(&t, 100_000).await;
    let (first, second) = (card(&t, &unit, "C-100001").await, card(&t, &unit, "C-100002").await);
    let both = json!([{"memberId": first, "amountFen": 30_000}, {"identifier": "C-100002", "amountFen": 20_000}]);
    let done = moved(&t, &unit, "allocate", both).await.created();
    assert_eq!((done["done"].as_i64(), done["balanceFen"].as_i64()), (Some(2), Some(50_000)));
    assert_eq!(places(&t, &unit).await, (50_000, 50_000, 0));
    let bought = spent(&t, &unit, &first, 12_345, "T-1").await.created();
    assert_eq!(spent(&t, &unit, &first, 12_345, "T-1").await.created(), bought, "once for a reference");
    spent(&t, &unit, &first, 1, "T-1").await.refused(409, "unit.reference_changed");
    spent(&t, &unit, &first, 17_656, "T-2").await.refused(409, "unit.member_short");
    let before = t.digest().await;
    let too_much = json!([{"memberId": first, "amountFen": 17_656}]);
    let refused = moved(&t, &unit, "collect", too_much).await.refused(422, "unit.batch_refused");
    assert_eq!(refused["refused"][0]["code"], "unit.member_short");
    before.assert_unchanged(&t.digest().await);
    let all = json!([{"memberId": first, "much": "all"}, {"memberId": second, "much": "all"}]);
    moved(&t, &unit, "collect", all).await.created();
    assert_eq!(places(&t, &unit).await, (87_655, 0, 0));
    let statement = t.get(&format!("{}/transactions", unit.path)).await.ok();
    assert_eq!((statement["openingFen"].as_i64(), statement["closingFen"].as_i64()), (Some(0), Some(87_655)));
    assert_eq!(t.get(&format!("{}/movements", unit.path)).await.total(), 5);
    let list = t.get(&format!("{}/consumptions", unit.path)).await;
    assert_eq!((list.total(), list.header("x-sum-out")), (1, Some("12345")));
    sound(&t).await;
}

#[both_databases]
async fn a_spending_is_taken_back_once_with_its_limit_and_its_points(t: TestApp) {
    let unit = unit(&t, 50_000).await;
    t.post(&format!("/api/v1/customers/{}/points/enrol", unit.customer), json!({})).await.created();
    let member = card(&t, &unit, "C-100001").await;
    t.patch(&format!("{}/members/{member}", unit.path), json!({"dayFen": 10_000})).await.ok();
    allocated(&t, &unit, &member, 30_000).await.created();
    let bought = spent(&t, &unit, &member, 9_000, "T-1").await.created();
    assert_eq!(bought["points"], 90);
    spent(&t, &unit, &member, 1_001, "T-2").await.refused(409, "unit.limit_day");
    let path = format!("{}/consumptions/{}/reverse", unit.path, bought["id"].as_str().unwrap());
    t.post(&path, json!({})).await.refused(422, "unit.reason_needed");
    t.post(&path, json!({"reason": "重复扣款"})).await.ok();
    t.post(&path, json!({"reason": "重复扣款"})).await.refused(409, "unit.consumption_state");
    assert_eq!(t.get(&unit.path).await.ok()["points"], 0);
    spent(&t, &unit, &member, 10_000, "T-3").await.created();
    spent(&t, &unit, &member, 1, "T-4").await.refused(409, "unit.limit_day");
    t.advance(86_400);
    spent(&t, &unit, &member, 1, "T-4").await.created();
    sound(&t).await;
}

#[both_databases]
async fn limits_hold_at_once_by_day_and_by_month(t: TestApp) {
    let unit = unit(&t, 100_000).await;
    let member = card(&t, &unit, "C-100001").await;
    let limits = json!({"onceFen": 5_000, "dayFen": 8_000, "monthFen": 9_000});
    t.patch(&format!("{}/members/{member}", unit.path), limits).await.ok();
    allocated(&t, &unit, &member, 50_000).await.created();
    spent(&t, &unit, &member, 5_001, "A").await.refused(409, "unit.limit_once");
    spent(&t, &unit, &member, 5_000, "A").await.created();
    spent(&t, &unit, &member, 3_001, "B").await.refused(409, "unit.limit_day");
    spent(&t, &unit, &member, 3_000, "B").await.created();
    t.advance(86_400);
    spent(&t, &unit, &member, 1_001, "C").await.refused(409, "unit.limit_month");
    spent(&t, &unit, &member, 1_000, "C").await.created();
    // Into the next month.
    t.advance(9 * 86_400);
    spent(&t, &unit, &member, 5_000, "D").await.created();
    t.patch(&format!("{}/members/{member}", unit.path), json!({"monthFen": null, "dayFen": null})).await.ok();
    spent(&t, &unit, &member, 5_000, "E").await.created();
    for amount in [0, -5, i64::MAX] {
        spent(&t, &unit, &member, amount, "F").await.refused(422, "unit.amount");
    }
    sound(&t).await;
}

#[both_databases]
async fn a_members_bill_is_paid_from_what_the_unit_gave_and_only_the_members_line(t: TestApp) {
    let unit = unit(&t, 50_000).await;
    let staff = crate::billing::customer(&t).await;
    let from = t.now().to_string();
    let mut line = started(&staff, "o-line", "p-line", "of-mobile-59", &from);
    line.number = "13800138000".to_owned();
    tell(&t, line).await;
    t.settle().await;
    let ask = json!({"kind": "number", "identifier": "138 0013 8000", "quotaFen": 3_000});
    let member = t.post(&format!("{}/members", unit.path), ask.clone()).await.created();
    t.post(&format!("{}/members", unit.path), ask).await.refused(409, "unit.member_taken");
    let unknown = json!({"kind": "number", "identifier": "13999999999"});
    t.post(&format!("{}/members", unit.path), unknown).await.refused(422, "unit.number_unknown");
    let router = router_bill(&t, &staff, "o-router").await;
    let id = member["id"].as_str().unwrap();
    moved(&t, &unit, "allocate", json!([{"memberId": id, "much": "quota"}])).await.created();
    t.settle().await;
    let open = t.get(&format!("{}/members/{id}", unit.path)).await.ok();
    let paid = 3_000 - open["reserveFen"].as_i64().unwrap();
    assert!(paid > 0, "the line's own bill is paid: {open}");
    assert_eq!(bill(&t, &router).await["remainingFen"], 19_900, "a router is not what the unit pays for");
    assert_eq!(open["spentMonthFen"], paid);
    // Filled up to the quota: what was spent is given again, not more.
    let again = moved(&t, &unit, "allocate", json!([{"memberId": id, "much": "quota"}])).await.created();
    assert_eq!(again["amountFen"], paid);
    let full = moved(&t, &unit, "allocate", json!([{"memberId": id, "much": "quota"}])).await.created();
    assert_eq!((full["amountFen"].as_i64(), full["nothing"].as_i64()), (Some(0), Some(1)));
    sound(&t).await;
}

#[both_databases]
async fn only_an_organisation_has_a_unit_account_and_only_one(t: TestApp) {
    let person = crate::billing::customer(&t).await;
    let before = t.digest().await;
    t.post("/api/v1/unit-accounts", json!({"customerId": person})).await.refused(422, "unit.not_organisation");
    t.post("/api/v1/unit-accounts", json!({})).await.refused(400, "field.missing");
    before.assert_unchanged(&t.digest().await);
    let unit = unit(&t, 1_000).await;
    t.post("/api/v1/unit-accounts", json!({"customerId": unit.customer})).await.refused(409, "unit.exists");
    let state = |s: &str| t.post(&format!("{}/state", unit.path), json!({"state": s, "reason": "年度清理"}));
    state("closed").await.refused(409, "unit.not_empty");
    let member = card(&t, &unit, "C-100001").await;
    state("frozen").await.ok();
    allocated(&t, &unit, &member, 1).await.refused(409, "unit.state");
    state("active").await.ok();
    t.as_scope("/cn/99").get(&unit.path).await.refused(404, "not_found");
    sound(&t).await;
}
