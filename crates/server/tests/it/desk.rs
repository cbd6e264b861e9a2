//! The desk: one view of a customer for people and machines, the workbench, notes and complaints.

use crate::customer::enter;
use testkit::{TestApp, both_databases, json};

#[both_databases]
async fn the_view_shows_what_the_record_holds(t: TestApp) {
    let id = enter(&t, "张伟", "13900138000", Some("11010519491231002X")).await;
    t.advance(60);
    t.post(&format!("/api/v1/customers/{id}/notes"), json!({"text": "周末上门", "kind": "contact"})).await.created();
    t.advance(60);
    let complaint = json!({"name": "宽带频繁掉线", "description": "近三天每晚掉线", "severity": "major"});
    let ticket = t.post(&format!("/api/v1/customers/{id}/complaints"), complaint).await.created();
    let view = t.get(&format!("/api/v1/customers/{id}/view")).await.ok();
    assert_eq!(view["customer"]["name"], "张伟");
    assert_eq!((&view["customer"]["orgName"], &view["customer"]["realName"]), (&json!("天河路营业厅"), &json!(true)));
    assert_eq!((&view["arrears"]["totalFen"], &view["balanceFen"]), (&json!(0), &json!(0)));
    assert_eq!(
        (&view["tickets"][0]["ticketNo"], &view["tickets"][0]["status"]),
        (&ticket["ticketNo"], &json!("acknowledged"))
    );
    let kinds: Vec<&str> = view["timeline"].as_array().unwrap().iter().map(|r| r["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["ticket", "contact", "note"], "newest first");
    for list in ["products", "inTransit", "orders", "accounts", "bills", "payments", "agreements", "relations"] {
        assert!(view[list].is_array(), "{list}");
    }
    t.get("/api/v1/customers/nobody/view").await.refused(404, "not_found");
    t.as_scope("/cn/51").get(&format!("/api/v1/customers/{id}/view")).await.refused(404, "not_found");
    t.as_scope("/cn/51")
        .post(&format!("/api/v1/customers/{id}/complaints"), json!({"name": "x"}))
        .await
        .refused(404, "not_found");
}

#[both_databases]
async fn opening_a_customer_is_recorded_once_a_day(t: TestApp) {
    let id = enter(&t, "张伟", "13900138000", None).await;
    let path = format!("/api/v1/customers/{id}/view");
    let visits = "SELECT COUNT(*) FROM audit_entry WHERE action = 'customer.view'";
    for _ in 0..3 {
        t.get(&path).await.ok();
    }
    assert_eq!(t.count(visits).await, 1);
    t.named("colleague").get(&path).await.ok();
    assert_eq!(t.count(visits).await, 2);
    t.advance(86_400);
    t.get(&path).await.ok();
    assert_eq!(t.count(visits).await, 3);
}

#[both_databases]
async fn a_machine_with_a_token_sees_the_view_and_leaves_its_trace(t: TestApp) {
    let id = enter(&t, "张伟", "13900138000", None).await;
    let token = t.write(|tx| access::create_token(tx, "api", &kernel::OrgPath::parse("/cn/44")?)).await;
    let machine = t.anonymous().with_header("authorization", &format!("Bearer {token}"));
    assert_eq!(machine.get(&format!("/api/v1/customers/{id}/view")).await.ok()["customer"]["phone"], "13900138000");
    let trace = "SELECT COUNT(*) FROM audit_entry WHERE action = 'customer.view' AND actor_kind = 'token'";
    assert_eq!(t.count(trace).await, 1);
    let foreign = t.write(|tx| access::create_token(tx, "api", &kernel::OrgPath::parse("/cn/51")?)).await;
    let foreign = t.anonymous().with_header("authorization", &format!("Bearer {foreign}"));
    foreign.get(&format!("/api/v1/customers/{id}/view")).await.refused(404, "not_found");
}

#[both_databases]
async fn related_customers_are_named(t: TestApp) {
    let husband = enter(&t, "张伟", "13900138000", None).await;
    let wife = enter(&t, "李娜", "13900138001", None).await;
    let relation =
        json!({"relatedParty": [{"role": "household", "id": husband, "@referredType": "Customer", "name": "?"}]});
    t.patch(&format!("/tmf-api/customerManagement/v4/customer/{wife}"), relation).await.ok();
    let view = t.get(&format!("/api/v1/customers/{wife}/view")).await.ok();
    assert_eq!(
        view["relations"][0],
        json!({"type": "household", "typeName": "家庭成员", "customerId": husband, "name": "张伟"})
    );
}

#[both_databases]
async fn the_workbench_counts_what_one_sees(t: TestApp) {
    enter(&t, "张伟", "13900138000", None).await;
    t.advance(1);
    enter(&t, "李娜", "13900138001", None).await;
    let desk = t.get("/api/v1/workbench").await.ok();
    assert_eq!(desk["today"]["newCustomers"], 2);
    assert_eq!(desk["recentCustomers"][0]["name"], "李娜");
    assert_eq!(desk["ordersByHour"].as_array().unwrap().len(), 24);
    let elsewhere = t.as_scope("/cn/51").get("/api/v1/workbench").await.ok();
    assert_eq!((&elsewhere["today"]["newCustomers"], &elsewhere["recentCustomers"]), (&json!(0), &json!([])));
    let listed = t.get("/api/v1/customers?limit=1").await;
    assert_eq!((listed.total(), &listed.ok()[0]["name"]), (2, &json!("李娜")));
    assert_eq!(t.get("/api/v1/customers?q=zhangwei").await.ok()[0]["match"], "pinyin");
}

#[both_databases]
async fn a_note_is_a_text_and_nothing_more(t: TestApp) {
    let id = enter(&t, "张伟", "13900138000", None).await;
    let path = format!("/api/v1/customers/{id}/notes");
    t.post(&path, json!({"text": " "})).await.refused(400, "field.missing");
    t.post(&path, json!({"text": "x".repeat(5_000)})).await.refused(400, "text.too_long");
    t.post(&path, json!({"text": "x", "kind": "secret"})).await.refused(400, "field.invalid");
    t.post(&path, json!({"text": "同一备注"})).key("n1").await.created();
    t.post(&path, json!({"text": "同一备注"})).key("n1").await.created();
    assert_eq!(t.count("SELECT COUNT(*) FROM customer_note").await, 1);
}

#[both_databases]
async fn a_ticket_lives_its_life_in_order(t: TestApp) {
    let path = "/tmf-api/troubleTicket/v4/troubleTicket";
    let body = json!({"description": "无法拨出", "severity": "High", "ticketType": "device", "status": "nanana"});
    let made = t.post(path, body).await.created();
    assert_eq!(made["status"], "acknowledged");
    let one = format!("{path}/{}", made["id"].as_str().unwrap());
    t.patch(&one, json!({"status": "closed"})).await.refused(409, "ticket.status");
    for next in ["inProgress", "pending", "resolved", "closed"] {
        assert_eq!(t.patch(&one, json!({"status": next})).await.ok()["status"], next);
    }
    t.patch(&one, json!({"status": "inProgress"})).await.refused(409, "ticket.status");
    assert_eq!(t.get(&one).await.ok()["statusChange"].as_array().unwrap().len(), 5);
    t.post(path, json!({"description": "x", "severity": "High", "ticketType": "x", "note": {"text": "x"}}))
        .await
        .refused(400, "field.invalid");
}
