//! Calls: who is calling is verified with limited tries, and nobody learns anything before.

use crate::portability::{CERTIFICATE, line, shop};
use testkit::{Client, TestApp, Value, both_databases, json};

async fn begin(agent: &Client, number: &str, customer: &str) -> String {
    let call = agent.post("/api/v1/calls", json!({"number": number})).await.created();
    let id = call["id"].as_str().unwrap().to_owned();
    agent.post(&format!("/api/v1/calls/{id}/customer"), json!({"customerId": customer})).await.ok();
    id
}

async fn verify(agent: &Client, call: &str, method: &str, value: &str) -> testkit::Response {
    agent.post(&format!("/api/v1/calls/{call}/verify"), json!({"method": method, "value": value})).await
}

async fn act(agent: &Client, call: &str, action: &str) -> testkit::Response {
    agent.post(&format!("/api/v1/calls/{call}/actions/{action}"), json!({})).await
}

fn agent(t: &TestApp, name: &str) -> Client {
    t.as_role("agent").named(name)
}

#[both_databases]
async fn before_verification_a_caller_learns_nothing(t: TestApp) {
    let customer = shop(&t).await;
    line(&t, &customer, "13900138300").await;
    let agent = agent(&t, "zhou");
    let call = agent.post("/api/v1/calls", json!({"number": "13900138300"})).await.created();
    assert_eq!((&call["matches"][0]["id"], &call["matches"][0]["name"]), (&json!(customer), &json!("张*")));
    assert!(!call.to_string().contains("张伟") && !call.to_string().contains("13900138300"), "{call}");
    let id = call["id"].as_str().unwrap();
    act(&agent, id, "balance").await.refused(409, "call.no_customer");
    let call = agent.post(&format!("/api/v1/calls/{id}/customer"), json!({"customerId": customer})).await.ok();
    assert_eq!(call["customer"]["masked"], true);
    for action in ["balance", "lastBill", "arrears", "inTransit", "suspend", "changePlan", "porting"] {
        act(&agent, id, action).await.refused(403, "call.unverified");
    }
    act(&agent, id, "dance").await.refused(404, "call.action");
    // Nor does business go through, by whatever way.
    let sale = crate::ordering::asked(&customer, "of-mobile-59", &[("number", "13900138301")]);
    agent.post(crate::ordering::ORDERS, sale).await.refused(403, "call.unverified");
    // One fact known opens the figures, two open the rest.
    let call = verify(&agent, id, "certificateTail", "002x").await.ok();
    assert_eq!((&call["level"], &call["customer"]["name"]), (&json!("basic"), &json!("张伟")));
    assert!(!call.to_string().contains(CERTIFICATE), "the certificate stays masked");
    let said = act(&agent, id, "balance").await.ok();
    assert!(said["answer"]["say"][0]["zh"].as_str().unwrap().contains("余额"), "{said}");
    act(&agent, id, "changePlan").await.refused(403, "call.unverified");
    let bill = t.count("SELECT amount_fen FROM bill LIMIT 1").await;
    let said = format!("{}.{:02}", bill / 100, bill % 100);
    assert_eq!(verify(&agent, id, "billAmount", &said).await.ok()["level"], "full");
    let led = act(&agent, id, "changePlan").await.ok();
    assert_eq!(led["answer"]["open"], json!({"customerId": customer, "business": "changePlan"}));
    let sale = crate::ordering::asked(&customer, "of-mobile-59", &[("number", "13900138301")]);
    agent.post(crate::ordering::ORDERS, sale).await.created();
}

#[both_databases]
async fn tries_are_limited_in_the_call_and_over_the_day(t: TestApp) {
    let customer = shop(&t).await;
    line(&t, &customer, "13900138310").await;
    for n in 0..2 {
        let agent = agent(&t, &format!("agent-{n}"));
        let call = begin(&agent, "13900138310", &customer).await;
        for left in [2, 1] {
            let body = verify(&agent, &call, "certificateTail", "9999").await.refused(422, "call.wrong");
            assert!(body["reason"].as_str().unwrap().contains(&left.to_string()), "{body}");
        }
        verify(&agent, &call, "certificateTail", "9999").await.refused(423, "call.locked");
        verify(&agent, &call, "certificateTail", "002X").await.refused(423, "call.locked");
        agent.post(&format!("/api/v1/calls/{call}/wrap"), json!({"wrapCode": "notVerified"})).await.ok();
    }
    // Another call, another agent: the day's tries are used up.
    let agent = agent(&t, "third");
    let call = begin(&agent, "13900138310", &customer).await;
    verify(&agent, &call, "certificateTail", "002X").await.refused(423, "call.locked");
    assert_eq!(t.count("SELECT COUNT(*) FROM audit_entry WHERE action = 'CallVerificationFailEvent'").await, 6);
    t.advance(86_400);
    assert_eq!(verify(&agent, &call, "certificateTail", "002X").await.ok()["level"], "basic");
}

#[both_databases]
async fn codes_and_passwords_open_everything_once(t: TestApp) {
    let customer = shop(&t).await;
    line(&t, &customer, "13900138320").await;
    let path = format!("/api/v1/customers/{customer}/service-password");
    for weak in ["123456", "111111", "654321", "12345", "abcdef", ""] {
        t.put(&path, json!({"password": weak})).await.refused(422, "call.password_weak");
    }
    t.put(&path, json!({"password": "739214"})).await.no_content();
    assert_eq!(t.count("SELECT COUNT(*) FROM service_password WHERE blind LIKE '%739214%'").await, 0);
    let agent = agent(&t, "zhou");
    let call = begin(&agent, "13900138320", &customer).await;
    verify(&agent, &call, "oneTimeCode", "000000").await.refused(409, "call.no_code");
    act(&agent, &call, "sendCode").await.ok();
    let list = t.get("/api/v1/messages?number=13900138320").await.ok();
    let sent = list.as_array().unwrap().iter().find(|m| m["purpose"] == "hotline.code").unwrap();
    let text = t
        .post(&format!("/api/v1/messages/{}/reveal", sent["id"].as_str().unwrap()), json!({"reason": "测试"}))
        .await
        .ok();
    let code: String = text["text"].as_str().unwrap().chars().skip_while(|c| !c.is_ascii_digit()).take(6).collect();
    assert!(!sent["text"].as_str().unwrap().contains(&code));
    assert_eq!(verify(&agent, &call, "oneTimeCode", &code).await.ok()["level"], "full");
    verify(&agent, &call, "oneTimeCode", &code).await.refused(409, "call.no_code");
    for _ in 0..2 {
        act(&agent, &call, "sendCode").await.ok();
    }
    act(&agent, &call, "sendCode").await.refused(429, "call.codes");
    agent.post("/api/v1/calls", json!({"number": "13900000000"})).await.refused(409, "call.open");
    // Every call has its reason, and stands on the timeline.
    let wrap = format!("/api/v1/calls/{call}/wrap");
    agent.post(&wrap, json!({"summary": "x"})).await.refused(422, "call.wrap_code");
    agent.post(&wrap, json!({"wrapCode": "dance"})).await.refused(422, "call.wrap_code");
    agent.post(&wrap, json!({"wrapCode": "tariffQuestion", "summary": "问了 5G 套餐"})).await.ok();
    agent.post(&wrap, json!({"wrapCode": "fault"})).await.refused(409, "call.wrapped");
    assert_eq!(
        t.count("SELECT COUNT(*) FROM customer_note WHERE kind = 'contact' AND text LIKE '%资费与套餐%5G 套餐%'").await,
        1
    );
    let call = begin(&agent, "13900138320", &customer).await;
    assert_eq!(verify(&agent, &call, "servicePassword", "739214").await.ok()["level"], "full");
    let shown = agent.get(&format!("/api/v1/calls/{call}")).await.ok();
    assert_eq!(shown["recent"][0]["summary"], "问了 5G 套餐");
    // What held for one customer does not hold for the next.
    let other: Value =
        t.write(|tx| customer::create(tx, &customer::NewCustomer::person("李四")).map(|c| json!(c.id))).await;
    let shown = agent.post(&format!("/api/v1/calls/{call}/customer"), json!({"customerId": other})).await.ok();
    assert_eq!((&shown["level"], &shown["customer"]["masked"]), (&json!("none"), &json!(true)));
}

#[both_databases]
async fn scripts_are_data_in_both_languages_with_versions(t: TestApp) {
    let desk = agent(&t, "zhou").get("/api/v1/hotline").await.ok();
    assert_eq!((desk["actions"].as_array().unwrap().len(), desk["scripts"].as_array().unwrap().len()), (10, 8));
    for script in desk["scripts"].as_array().unwrap() {
        assert!(!script["zh"].as_str().unwrap().is_empty() && !script["en"].as_str().unwrap().is_empty());
    }
    let text = json!({"zhTitle": "宽带提速", "enTitle": "Faster broadband", "zh": "您好", "en": "Hello"});
    agent(&t, "zhou").put("/api/v1/hotline/scripts/speed", text.clone()).await.refused(403, "auth.forbidden");
    let lead = t.as_role("cityadmin");
    lead.put("/api/v1/hotline/scripts/speed", text.clone()).await.ok();
    lead.put("/api/v1/hotline/scripts/speed", json!({"zhTitle": "x", "enTitle": "x", "zh": "x", "en": " "}))
        .await
        .refused(400, "field.missing");
    lead.put("/api/v1/hotline/scripts/speed", text.clone()).if_match(7).await.refused(412, "precondition.failed");
    lead.put("/api/v1/hotline/scripts/speed", text).if_match(1).await.ok();
}
