//! Files, monthly rules, passwords, groups.

use super::*;
use testkit::both_databases;

#[both_databases]
async fn a_file_does_its_good_rows_or_nothing_and_the_same_file_once(t: TestApp) {
    let unit = unit(&t, 10_000).await;
    card(&t, &unit, "C-100001").await;
    card(&t, &unit, "C-100002").await;
    let path = format!("{}/allocations/file", unit.path);
    let content = "号码,姓名,金额\nC-100001,甲,60\nC-100003,乙,1\nC-100002,丙,一百\nC-100002,丁,50\n";
    let before = t.digest().await;
    let ask = |whole: bool| json!({"kind": "allocate", "whole": whole, "content": content});
    let refused = t.post(&path, ask(true)).await.refused(422, "unit.batch_refused");
    assert_eq!(refused["refused"].as_array().unwrap().len(), 3);
    t.post(&path, json!({"content": "a,b\n1,2"})).await.refused(422, "unit.file");
    t.post(&path, json!({"content": "号码,金额\n"})).await.refused(422, "unit.batch_empty");
    before.assert_unchanged(&t.digest().await);
    let done = t.post(&path, ask(false)).await.created();
    assert_eq!((done["done"].as_i64(), done["amountFen"].as_i64()), (Some(1), Some(6_000)));
    let lines: Vec<i64> = done["refused"].as_array().unwrap().iter().map(|r| r["line"].as_i64().unwrap()).collect();
    assert_eq!(lines, [3, 4, 5], "unknown, no amount, not enough left");
    let id = done["id"].as_str().unwrap();
    let file = t.get(&format!("{}/batches/{id}/refused?format=csv", unit.path)).await;
    assert!(file.body.contains("unit.member_unknown") && file.body.contains("C-100003"), "{}", file.body);
    let same = t.post(&path, ask(false)).await.refused(409, "unit.batch_same");
    assert!(same["reason"].as_str().unwrap().contains(id));
    assert_eq!(places(&t, &unit).await, (4_000, 6_000, 0));
    sound(&t).await;
}

#[both_databases]
async fn a_monthly_rule_moves_money_once_a_month_whatever_the_clock_does(t: TestApp) {
    let unit = unit(&t, 100_000).await;
    let (first, second) = (card(&t, &unit, "C-100001").await, card(&t, &unit, "C-100002").await);
    t.patch(&format!("{}/members/{first}", unit.path), json!({"quotaFen": 10_000})).await.ok();
    t.patch(&format!("{}/members/{second}", unit.path), json!({"quotaFen": 5_000})).await.ok();
    let rule = json!({"name": "每月定额", "how": "toLimit", "dayOfMonth": 1});
    let path = format!("{}/rules", unit.path);
    t.post(&path, json!({"name": "错", "how": "fixed", "dayOfMonth": 29})).await.refused(400, "field.invalid");
    let made = t.post(&path, rule).await.created();
    assert_eq!(made["nextOn"], "2026-12-01");
    t.settle().await;
    assert_eq!(places(&t, &unit).await, (100_000, 0, 0), "not before its day");
    t.advance(9 * 86_400);
    t.settle().await;
    t.settle().await;
    assert_eq!(places(&t, &unit).await, (85_000, 15_000, 0));
    spent(&t, &unit, &first, 4_000, "A").await.created();
    // Three months at once: the last of them only.
    t.advance(95 * 86_400);
    t.settle().await;
    assert_eq!(places(&t, &unit).await, (81_000, 15_000, 0));
    let rules = t.get(&path).await.ok();
    assert_eq!(rules[0]["nextOn"], "2027-04-01");
    assert_eq!(t.count("SELECT COUNT(*) FROM unit_batch WHERE source = 'rule'").await, 2);
    sound(&t).await;
}

#[both_databases]
async fn money_moves_by_the_units_own_password_once_it_is_set(t: TestApp) {
    let unit = unit(&t, 10_000).await;
    let member = card(&t, &unit, "C-100001").await;
    let path = format!("{}/password", unit.path);
    t.post(&path, json!({"new": "12345678"})).await.refused(422, "auth.password_weak");
    t.post(&path, json!({"new": "gT7#kq-92Lm"})).await.no_content();
    let ask = |password: &str| {
        let items = json!([{"memberId": member, "amountFen": 100}]);
        t.post(&format!("{}/allocations", unit.path), json!({"items": items, "password": password}))
    };
    ask("").await.refused(422, "unit.password_needed");
    ask("gT7#kq-92Lm").await.created();
    for _ in 0..5 {
        ask("nope").await.refused(422, "unit.password_wrong");
    }
    ask("gT7#kq-92Lm").await.refused(409, "unit.password_locked");
    t.advance(31 * 60);
    ask("gT7#kq-92Lm").await.created();
    t.post(&path, json!({"old": "wrong", "new": "uK8!mn-41Zw"})).await.refused(422, "unit.password_wrong");
    let reset = json!({"new": "uK8!mn-41Zw", "reason": "经办人更换"});
    t.as_role("clerk").post(&format!("{path}/reset"), reset.clone()).await.refused(403, "auth.forbidden");
    t.post(&format!("{path}/reset"), reset).await.no_content();
    ask("uK8!mn-41Zw").await.created();
    assert!(!t.get(&unit.path).await.body.contains("argon2"), "the hash never leaves the house");
    assert_eq!(places(&t, &unit).await, (9_700, 300, 0));
    sound(&t).await;
}

#[both_databases]
async fn fleets_are_a_tree_and_drivers_belong_to_them(t: TestApp) {
    let unit = unit(&t, 0).await;
    let at = |tail: &str| format!("{}{tail}", unit.path);
    let fleet = t.post(&at("/groups"), json!({"name": "一车队", "kind": "fleet"})).await.created();
    let fleet = fleet["id"].as_str().unwrap().to_owned();
    t.post(&at("/groups"), json!({"name": "一车队", "kind": "fleet"})).await.refused(409, "unit.name_taken");
    let below = t.post(&at("/groups"), json!({"name": "一班", "kind": "fleet", "parentId": fleet})).await.created();
    let below = below["id"].as_str().unwrap().to_owned();
    let looped = json!({"name": "一车队", "kind": "fleet", "parentId": below});
    t.put(&at(&format!("/groups/{fleet}")), looped).await.refused(422, "unit.group_loop");
    let driver = json!({"name": "周师傅", "staffNo": "D01", "phone": "13800138000", "groupId": below});
    t.post(&at("/drivers"), driver.clone()).await.created();
    t.post(&at("/drivers"), driver).await.refused(409, "unit.name_taken");
    let seen = t.as_role("agent").get(&at("/drivers")).await.ok();
    assert_eq!(seen[0]["phone"], "138****8000", "masked for those who only look");
    t.delete(&at(&format!("/groups/{below}"))).await.refused(409, "unit.group_used");
    t.delete(&at(&format!("/groups/{fleet}"))).await.refused(409, "unit.group_used");
    let other = super::unit(&t, 0).await;
    t.delete(&format!("{}/groups/{below}", other.path)).await.refused(404, "not_found");
    sound(&t).await;
}
