//! Cards: loading, what they say, differences, loss and replacement.

use super::*;
use testkit::both_databases;

async fn loaded(t: &TestApp, unit: &Unit, member: &str, fen: i64) -> Response {
    t.post(&format!("{}/members/{member}/load", unit.path), json!({"amountFen": fen})).await
}

async fn said(t: &TestApp, unit: &Unit, member: &str, fen: i64, transactions: Value) -> Value {
    let ask = json!({"balanceFen": fen, "seq": 9, "transactions": transactions});
    t.post(&format!("{}/members/{member}/sync", unit.path), ask).await.ok()
}

#[both_databases]
async fn what_is_loaded_cannot_be_collected_and_a_load_is_pending_until_the_card_has_it(t: TestApp) {
    let unit = unit(&t, 100_000).await;
    let member = card(&t, &unit, "C-100001").await;
    allocated(&t, &unit, &member, 30_000).await.created();
    loaded(&t, &unit, &member, 30_001).await.refused(409, "unit.member_short");
    loaded(&t, &unit, &member, 20_000).await.created();
    assert_eq!(places(&t, &unit).await, (70_000, 10_000, 20_000));
    let too_much = json!([{"memberId": member, "amountFen": 10_001}]);
    moved(&t, &unit, "collect", too_much).await.refused(422, "unit.batch_refused");
    let all = moved(&t, &unit, "collect", json!([{"memberId": member, "much": "all"}])).await.created();
    assert_eq!(all["amountFen"], 10_000, "only what is at hand");

    let on_card = |fen: i64, reference: &str| {
        let ask = json!({"amountFen": fen, "reference": reference, "from": "loaded"});
        t.post(&format!("{}/members/{member}/consumptions", unit.path), ask)
    };
    on_card(1, "K-1").await.refused(409, "unit.member_short");
    let view = t.get(&format!("{}/members/{member}/card", unit.path)).await.ok();
    assert_eq!((view["pendingFen"].as_i64(), view["loads"][0]["state"].as_str()), (Some(20_000), Some("pending")));
    assert_eq!(said(&t, &unit, &member, 0, json!([])).await["state"], "toWrite");
    assert_eq!(said(&t, &unit, &member, 20_000, json!([])).await["state"], "loaded");
    assert_eq!(said(&t, &unit, &member, 20_000, json!([])).await["state"], "agrees");
    assert_eq!(on_card(1_500, "K-2").await.created()["fromLoadedFen"], 1_500);
    assert_eq!(said(&t, &unit, &member, 18_500, json!([])).await["state"], "agrees");
    let load = view["loads"][0]["id"].as_str().unwrap();
    t.post(&format!("{}/loads/{load}/cancel", unit.path), json!({})).await.refused(409, "unit.load_state");
    sound(&t).await;
}

#[both_databases]
async fn a_card_tells_its_own_spendings_once_and_what_then_differs_is_repaired(t: TestApp) {
    let unit = unit(&t, 100_000).await;
    let member = card(&t, &unit, "C-100001").await;
    allocated(&t, &unit, &member, 30_000).await.created();
    loaded(&t, &unit, &member, 20_000).await.created();
    said(&t, &unit, &member, 20_000, json!([])).await;
    let own = json!([{"seq": 1, "amountFen": 3_000, "at": t.now(), "place": "番禺站"}]);
    let told = said(&t, &unit, &member, 17_000, own.clone()).await;
    assert_eq!((told["booked"].as_i64(), told["state"].as_str()), (Some(1), Some("agrees")));
    let again = said(&t, &unit, &member, 17_000, own).await;
    assert_eq!((again["booked"].as_i64(), again["state"].as_str()), (Some(0), Some("agrees")));
    let other =
        json!({"balanceFen": 16_000, "seq": 1, "transactions": [{"seq": 1, "amountFen": 4_000, "at": t.now()}]});
    let before = t.digest().await;
    t.post(&format!("{}/members/{member}/sync", unit.path), other).await.refused(409, "unit.card_seq");
    before.assert_unchanged(&t.digest().await);

    assert_eq!(said(&t, &unit, &member, 15_500, json!([])).await["state"], "differs");
    let differences = t.get(&format!("{}/differences", unit.path)).await.ok();
    let path = format!("{}/differences/{}/repair", unit.path, differences[0]["id"].as_str().unwrap());
    t.post(&path, json!({"remedy": "card"})).await.refused(422, "unit.reason_needed");
    t.post(&path, json!({"remedy": "card", "reason": "脱机交易流水丢失，以卡为准"})).await.no_content();
    t.post(&path, json!({"remedy": "card", "reason": "再来一次"})).await.refused(409, "unit.difference_state");
    assert_eq!(places(&t, &unit).await, (70_000, 10_000, 15_500));
    assert_eq!(said(&t, &unit, &member, 15_500, json!([])).await["state"], "agrees");
    sound(&t).await;
}

#[both_databases]
async fn a_lost_card_spends_nothing_and_its_money_goes_to_the_new_one_after_the_days(t: TestApp) {
    let unit = unit(&t, 100_000).await;
    let member = card(&t, &unit, "C-100001").await;
    t.patch(&format!("{}/members/{member}", unit.path), json!({"monthFen": 20_000})).await.ok();
    allocated(&t, &unit, &member, 30_000).await.created();
    loaded(&t, &unit, &member, 10_000).await.created();
    said(&t, &unit, &member, 10_000, json!([])).await;
    spent(&t, &unit, &member, 4_000, "A").await.created();
    let at = |tail: &str| format!("{}/members/{member}{tail}", unit.path);
    t.post(&at("/replace"), json!({"identifier": "C-100009"})).await.refused(409, "unit.not_lost");
    t.post(&at("/loss"), json!({})).await.refused(422, "unit.reason_needed");
    t.post(&at("/loss"), json!({"reason": "电话挂失"})).await.ok();
    t.post(&at("/loss"), json!({"reason": "电话挂失"})).await.ok();
    let before = t.digest().await;
    spent(&t, &unit, &member, 1, "B").await.refused(409, "unit.member_lost");
    allocated(&t, &unit, &member, 1).await.refused(422, "unit.batch_refused");
    loaded(&t, &unit, &member, 1).await.refused(409, "unit.member_lost");
    t.post(&at("/state"), json!({"state": "active", "reason": "绕过"})).await.refused(409, "unit.member_state");
    before.assert_unchanged(&t.digest().await);
    assert_eq!(
        spent(&t, &unit, &member, 4_000, "A").await.created()["state"],
        "done",
        "what was told before is still told"
    );
    // Spent on the card before the report and after it: the first is booked, the second is not the unit's.
    let own = json!([
        {"seq": 1, "amountFen": 500, "at": t.now().plus_seconds(-3_600)}, {"seq": 2, "amountFen": 700, "at": t.now().plus_seconds(60)},
    ]);
    let told = said(&t, &unit, &member, 8_800, own).await;
    assert_eq!((told["booked"].as_i64(), told["afterLoss"].as_i64()), (Some(1), Some(1)));
    t.post(&at("/replace"), json!({"identifier": "C-100009"})).await.refused(409, "unit.replace_early");
    t.advance(7 * 86_400);
    let new = t.post(&at("/replace"), json!({"identifier": "C-100009"})).await.created();
    assert_eq!((new["reserveFen"].as_i64(), new["monthFen"].as_i64()), (Some(25_500), Some(20_000)));
    let id = new["id"].as_str().unwrap();
    spent(&t, &unit, id, 15_501, "C").await.refused(409, "unit.limit_month");
    spent(&t, &unit, id, 15_500, "C").await.created();
    sound(&t).await;
}

#[both_databases]
async fn a_found_card_works_again(t: TestApp) {
    let unit = unit(&t, 10_000).await;
    let member = card(&t, &unit, "C-100001").await;
    allocated(&t, &unit, &member, 5_000).await.created();
    let at = |tail: &str| format!("{}/members/{member}{tail}", unit.path);
    t.post(&at("/loss/lift"), json!({"reason": "找到了"})).await.refused(409, "unit.not_lost");
    t.post(&at("/loss"), json!({"reason": "丢失"})).await.ok();
    t.post(&at("/loss/lift"), json!({"reason": "找到了"})).await.ok();
    spent(&t, &unit, &member, 5_000, "A").await.created();
    t.post(&at("/state"), json!({"state": "left", "reason": "离职"})).await.ok();
    spent(&t, &unit, &member, 1, "B").await.refused(409, "unit.member_state");
    sound(&t).await;
}
