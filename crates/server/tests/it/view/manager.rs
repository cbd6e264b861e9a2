//! A change of account manager: one consistent face for the customer, nothing lost between the two.

use super::view;
use crate::{
    customer::enter,
    ordering::{mobile, shop},
};
use testkit::{TestApp, Value, both_databases, json};

/// Somebody with a role; returns the id.
async fn staff(t: &TestApp, login: &str, name: &str, role: &str) -> String {
    let (login, name, role) = (login.to_owned(), name.to_owned(), role.to_owned());
    t.write(move |tx| {
        let org = kernel::OrgPath::parse("/cn/44/4401")?;
        access::create_staff(
            tx,
            access::NewStaff {
                login: login.clone(),
                name: name.clone(),
                org: org.clone(),
                scope: org,
                roles: vec![role.clone()],
                password: access::Password::new(tx.env(), "Tianhe-lu-2026-x", &login, 10)?,
            },
        )
    })
    .await
}

#[both_databases]
async fn what_was_open_goes_over_with_the_customer(t: TestApp) {
    let customer = shop(&t).await;
    let (first, second) = (staff(&t, "wang", "王强", "manager").await, staff(&t, "li", "李敏", "manager").await);
    let path = format!("/api/v1/customers/{customer}/manager");
    t.post(&path, json!({"managerId": first, "reason": "新客户"})).await.created();
    mobile(&t, &customer, "13900138100").await;
    t.post(
        &format!("/api/v1/customers/{customer}/journal"),
        json!({"kind": "need", "topic": "broadband", "text": "千兆", "due": "2026-12-20"}),
    )
    .await
    .created();
    t.post(
        &format!("/api/v1/customers/{customer}/complaints"),
        json!({"name": "掉线", "description": "每晚", "severity": "minor"}),
    )
    .await
    .created();
    let seen = view(&t, &customer).await;
    assert_eq!((&seen["customer"]["manager"], &seen["customer"]["managerId"]), (&json!("王强"), &json!(first)));
    t.advance(60);
    let ask = json!({"managerId": second, "reason": "岗位调整", "note": "客户偏好下午联系"});
    let handed = t.post(&path, ask).key("h").await.created();
    assert_eq!(handed["open"]["orders"].as_array().unwrap().len(), 1);
    assert_eq!(handed["open"]["tickets"].as_array().unwrap().len(), 1);
    assert_eq!(handed["open"]["journal"][0]["due"], "2026-12-20");
    let again = json!({"managerId": second, "reason": "岗位调整", "note": "客户偏好下午联系"});
    t.post(&path, again).key("h").await.created();
    let after = view(&t, &customer).await;
    assert_eq!(after["customer"]["manager"], "李敏");
    assert_eq!(after["orders"].as_array().unwrap().len(), 1, "orders stay");
    assert_eq!(
        after["behaviour"]["journal"].as_array().unwrap().iter().filter(|e| e["status"] == "open").count(),
        1,
        "so do needs"
    );
    let history = t.get(&format!("/api/v1/customers/{customer}/journal?kind=manager")).await.ok();
    assert_eq!(history.as_array().unwrap().len(), 2, "once, although it was sent twice");
    assert_eq!(
        (&history[0]["detail"]["from"]["name"], &history[0]["detail"]["to"]["name"]),
        (&json!("王强"), &json!("李敏"))
    );
    assert_eq!((&history[0]["text"], &history[0]["result"]), (&json!("客户偏好下午联系"), &json!("岗位调整")));
    assert_eq!(t.count("SELECT COUNT(*) FROM audit_entry WHERE action = 'customer.manager'").await, 2);
    t.post(&path, json!({"managerId": second, "reason": "再来"})).await.refused(409, "customer.manager_same");
}

#[both_databases]
async fn only_a_manager_takes_over_and_only_who_may_hands_over(t: TestApp) {
    let id = enter(&t, "张伟", "13900138000", None).await;
    let clerk = staff(&t, "zhao", "赵柜员", "clerk").await;
    let path = format!("/api/v1/customers/{id}/manager");
    let before = t.digest().await;
    t.post(&path, json!({"managerId": clerk, "reason": "x"})).await.refused(422, "reference.unknown");
    t.post(&path, json!({"managerId": "nobody", "reason": "x"})).await.refused(422, "reference.unknown");
    t.post(&path, json!({"managerId": clerk})).await.refused(400, "field.missing");
    t.as_role("clerk").post(&path, json!({"managerId": clerk, "reason": "x"})).await.refused(403, "auth.forbidden");
    before.assert_unchanged(&t.digest().await);
}

#[both_databases]
async fn a_manager_who_leaves_hands_all_customers_over(t: TestApp) {
    let (first, second) = (staff(&t, "wang", "王强", "manager").await, staff(&t, "li", "李敏", "manager").await);
    let mut ids = Vec::new();
    for n in 0..3 {
        let id = enter(&t, &format!("客户{n}"), &format!("1390013810{n}"), None).await;
        t.post(&format!("/api/v1/customers/{id}/manager"), json!({"managerId": first, "reason": "分配"}))
            .await
            .created();
        ids.push(id);
    }
    let done = t
        .post(&format!("/api/v1/managers/{first}/hand-over"), json!({"managerId": second, "reason": "离职"}))
        .await
        .ok();
    assert_eq!((&done["handedOver"], &done["more"]), (&json!(3), &json!(false)));
    for id in &ids {
        assert_eq!(view(&t, id).await["customer"]["manager"], "李敏");
    }
    let listed: Value = t.get("/api/v1/managers").await.ok();
    assert_eq!(listed.as_array().unwrap().len(), 2);
}
