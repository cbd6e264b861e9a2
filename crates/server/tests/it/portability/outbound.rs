//! Numbers on their way out: who may leave, what they are told, and that nothing stands in the way afterwards.

use super::{BASE, CERTIFICATE, asks, behave, code_of, line, lines, next_hour, owner, pay_all, port_out, shop, sound};
use crate::{
    numbers::state,
    ordering::{finish, order_state},
};
use kernel::OrgPath;
use testkit::{TestApp, Value, both_databases, json};

pub const OURS: &str = "13900138200";

/// Gives a code at the desk and reads it off the message.
pub async fn code(t: &TestApp, number: &str) -> String {
    let ask =
        json!({"number": number, "name": "张伟", "certificate": CERTIFICATE, "confirmed": true, "channel": "hall"});
    t.post(&format!("{BASE}/port-codes"), ask).await.created();
    code_of(t, number).await
}

async fn message(t: &TestApp, id: &str, from: &str, text: &str) {
    let ask = json!({"messageId": id, "from": from, "text": text});
    t.post("/api/v1/messages/inbound", ask).await.ok();
}

/// The newest message that went to a number.
async fn told(t: &TestApp, number: &str) -> (String, String) {
    let list = t.get(&format!("/api/v1/messages?number={number}")).await.ok();
    let one = list.as_array().unwrap().iter().find(|m| m["direction"] == "out").unwrap().clone();
    (one["purpose"].as_str().unwrap().to_owned(), one["text"].as_str().unwrap().to_owned())
}

fn codes(reasons: &Value) -> Vec<&str> {
    reasons.as_array().unwrap().iter().map(|r| r["code"].as_str().unwrap()).collect()
}

#[both_databases]
async fn a_number_leaves_at_the_full_hour_and_its_line_closes(t: TestApp) {
    let customer = shop(&t).await;
    let product = line(&t, &customer, OURS).await;
    let standing = t.get(&format!("{BASE}/eligibility?number={OURS}")).await.ok();
    assert_eq!((&standing["eligible"], codes(&standing["reasons"]).len()), (&json!(true), 0), "{standing}");
    assert!(standing["risks"].as_array().unwrap().len() >= 4);
    let code = code(&t, OURS).await;
    assert_eq!(t.get(&format!("/api/v1/customers/{customer}/portability")).await.ok()["leaving"], true);
    let request = asks(&t, OURS, &code, "4401").await;
    finish(&t).await;
    let port = port_out(&t, OURS).await;
    assert_eq!(
        (&port["state"], &port["effectiveAt"], &port["recipient"]["code"]),
        (&json!("accepted"), &json!("2026-11-22T03:00:00.000Z"), &json!("002"))
    );
    // Until then the line works as before, and the user may do with it what they like.
    assert_eq!((state(&t, OURS).await.as_str(), lines(&t, OURS).await), ("inUse", 1));
    next_hour(&t).await;
    next_hour(&t).await;
    assert_eq!(
        (state(&t, OURS).await.as_str(), owner(&t, OURS).await.as_str(), lines(&t, OURS).await),
        ("portedOut", "002", 0)
    );
    let port = port_out(&t, OURS).await;
    assert_eq!(port["state"], "closed", "{port}");
    assert_eq!(order_state(&t, port["orderId"].as_str().unwrap()).await, "completed");
    let held = t.get(&format!("/tmf-api/productInventory/v4/product/{product}")).await.ok();
    assert_eq!(held["status"], "terminated");
    assert!(port["duesFen"].is_i64(), "the final dues are known: {port}");
    assert_eq!(t.count("SELECT COUNT(*) FROM simulator_subscriber").await, 0, "nothing is left in the network");
    sound(&t).await;
    // Never sold again while it is away …
    t.advance(200 * 86_400);
    finish(&t).await;
    t.post(&format!("/api/v1/numbers/{OURS}/lock"), json!({})).await.refused(409, "number.taken");
    // … and after its user left the other operator it comes home and rests.
    t.post(&format!("{BASE}/simulator/returns"), json!({"number": OURS, "from": "002"})).await.ok();
    finish(&t).await;
    assert_eq!((state(&t, OURS).await.as_str(), owner(&t, OURS).await.as_str()), ("quarantine", "001"));
    assert!(!request.is_empty());
}

#[both_databases]
async fn every_reason_against_leaving_is_told_at_once(t: TestApp) {
    let customer = shop(&t).await;
    crate::ordering::mobile(&t, &customer, OURS).await;
    finish(&t).await; // its first bill is not paid
    let product = t
        .write(|tx| {
            Ok(tx.query_one(&format!("SELECT id FROM product WHERE number = '{OURS}' AND live = 1"), &[])?.text(0))
        })
        .await;
    t.post(&format!("/api/v1/products/{product}/suspend"), json!({"reason": "客户报停"})).await.expect(202);
    finish(&t).await;
    let query = format!("{BASE}/eligibility?number={OURS}&name=李四&certificate=440524188001010014");
    let standing = t.get(&query).await.ok();
    assert_eq!(codes(&standing["reasons"]), ["port.not_holder", "port.not_active", "port.arrears"], "{standing}");
    for reason in standing["reasons"].as_array().unwrap() {
        assert!(
            reason["source"].as_str().unwrap().contains("http") && !reason["zh"].as_str().unwrap().contains('{'),
            "{reason}"
        );
    }
    let before = t.digest().await;
    let ask = json!({"number": OURS, "name": "张伟", "certificate": CERTIFICATE, "confirmed": true});
    let body = t.post(&format!("{BASE}/port-codes"), ask).await.refused(422, "port.ineligible");
    assert_eq!(codes(&body["reasons"]), ["port.not_active", "port.arrears"]);
    before.assert_unchanged(&t.digest().await);
    // By message likewise.
    message(&t, "m1", OURS, &format!("CXXZ#张伟#{CERTIFICATE}")).await;
    let (purpose, text) = told(&t, OURS).await;
    assert!(purpose == "portOut.eligibility" && text.contains("1.") && text.contains("2."), "{text}");
    let kept = t.get(&format!("/api/v1/messages?number={OURS}")).await.ok().to_string();
    assert!(!kept.contains(CERTIFICATE), "the certificate in the message is not shown");
    for (number, why) in [("18600009999", "port.not_ours"), ("13900138999", "port.not_ours")] {
        let standing = t.get(&format!("{BASE}/eligibility?number={number}")).await.ok();
        assert_eq!(codes(&standing["reasons"]), [why]);
    }
}

#[both_databases]
async fn an_organisation_and_a_line_just_ported_in_have_to_wait(t: TestApp) {
    let customer = shop(&t).await;
    super::theirs(&t, super::THEIRS, "654321").await;
    super::bring(&t, &customer, super::THEIRS, "654321").await;
    next_hour(&t).await;
    next_hour(&t).await;
    pay_all(&t, &customer).await;
    let standing = t.get(&format!("{BASE}/eligibility?number={}", super::THEIRS)).await.ok();
    assert_eq!(codes(&standing["reasons"]), ["port.too_soon"]);
    assert!(standing["reasons"][0]["zh"].as_str().unwrap().contains("2027-03-22"), "{standing}");
    let company = t
        .write(|tx| {
            let mut new = customer::NewCustomer::person("广州某某有限公司");
            new.kind = party::PartyKind::Organization;
            new.org = Some(OrgPath::parse("/cn/44/4401/h001")?);
            new.certificate =
                Some(party::Certificate::parse(party::CertificateKind::BusinessLicence, "91350100M000100Y43")?);
            customer::create(tx, &new).map(|c| c.id)
        })
        .await;
    crate::ordering::mobile(&t, &company, OURS).await;
    finish(&t).await;
    pay_all(&t, &company).await;
    let standing = t.get(&format!("{BASE}/eligibility?number={OURS}")).await.ok();
    assert_eq!(codes(&standing["reasons"]), ["port.corporate"]);
}

#[both_databases]
async fn by_message_the_user_is_told_and_says_yes_before_a_code_is_given(t: TestApp) {
    let customer = shop(&t).await;
    line(&t, &customer, OURS).await;
    message(&t, "m1", OURS, "Y").await;
    assert_eq!(told(&t, OURS).await.0, "portOut.refused", "there is nothing to say yes to");
    message(&t, "m2", OURS, "sqxz ＃张伟＃11010519491231002x").await;
    let (purpose, text) = told(&t, OURS).await;
    assert!(purpose == "portOut.risks" && text.contains("回复 Y") && text.contains("未用完"), "{purpose}: {text}");
    finish(&t).await;
    assert_eq!(t.count("SELECT COUNT(*) FROM npc_code").await, 0, "nothing is announced before the yes");
    message(&t, "m3", OURS, "y").await;
    message(&t, "m3", OURS, "y").await; // the gateway sends it again
    finish(&t).await;
    assert_eq!(t.count("SELECT COUNT(*) FROM npc_code").await, 1);
    let kept = t.get(&format!("{BASE}/port-codes?number={OURS}")).await.ok();
    assert_eq!((&kept[0]["state"], &kept[0]["channel"]), (&json!("issued"), &json!("sms")));
    assert!(
        kept[0]["confirmedAt"].is_string() && kept[0]["risks"].as_array().unwrap().len() >= 4,
        "what was told stays on record"
    );
    let code = code_of(&t, OURS).await;
    assert!(!kept.to_string().contains(&code));
    message(&t, "m4", OURS, "hello").await;
    assert_eq!(told(&t, OURS).await.0, "portOut.help");
    // A yes that comes too late starts over.
    message(&t, "m5", OURS, &format!("SQXZ#张伟#{CERTIFICATE}")).await;
    t.advance(31 * 60);
    message(&t, "m6", OURS, "Y").await;
    assert_eq!(told(&t, OURS).await.0, "portOut.refused");
}

#[both_databases]
async fn codes_are_confirmed_limited_and_dead_after_their_hour(t: TestApp) {
    let customer = shop(&t).await;
    line(&t, &customer, OURS).await;
    let before = t.digest().await;
    let ask = |confirmed| json!({"number": OURS, "name": "张伟", "certificate": CERTIFICATE, "confirmed": confirmed});
    t.post(&format!("{BASE}/port-codes"), ask(false)).await.refused(422, "port.not_confirmed");
    before.assert_unchanged(&t.digest().await);
    let first = code(&t, OURS).await;
    let second = code(&t, OURS).await;
    assert_ne!(first, second);
    assert_eq!(t.count("SELECT COUNT(*) FROM port_code WHERE state = 'issued'").await, 1, "the newer one replaces");
    for _ in 0..3 {
        t.post(&format!("{BASE}/port-codes"), ask(true)).await.created();
    }
    t.post(&format!("{BASE}/port-codes"), ask(true)).await.refused(429, "port.code_too_many");
    let last = code_of(&t, OURS).await;
    // The first code is refused by the centre; the last after an hour as well.
    asks(&t, OURS, &first, "4401").await;
    t.advance(60 * 60);
    asks(&t, OURS, &last, "4401").await;
    finish(&t).await;
    assert_eq!(t.count("SELECT COUNT(*) FROM npc_request WHERE state = 'refused'").await, 2);
    assert_eq!((port_out(&t, OURS).await, state(&t, OURS).await.as_str()), (Value::Null, "inUse"));
}

#[both_databases]
async fn another_network_is_refused_and_a_withdrawn_request_changes_nothing(t: TestApp) {
    let customer = shop(&t).await;
    line(&t, &customer, OURS).await;
    let first = code(&t, OURS).await;
    asks(&t, OURS, &first, "4403").await;
    finish(&t).await;
    let port = port_out(&t, OURS).await;
    assert_eq!((&port["state"], codes(&port["reasons"])), (&json!("refused"), vec!["port.local_network"]));
    let request = asks(&t, OURS, &first, "4401").await;
    finish(&t).await;
    assert_eq!(port_out(&t, OURS).await["state"], "accepted");
    t.post(&format!("{BASE}/simulator/requests/{request}/cancel"), json!({})).await.ok();
    next_hour(&t).await;
    next_hour(&t).await;
    assert_eq!(
        (port_out(&t, OURS).await["state"].as_str(), state(&t, OURS).await.as_str()),
        (Some("cancelled"), "inUse")
    );
    assert_eq!((lines(&t, OURS).await, owner(&t, OURS).await.as_str()), (1, "001"));
    sound(&t).await;
}

#[both_databases]
async fn a_line_that_another_order_holds_is_closed_when_it_is_free(t: TestApp) {
    let customer = shop(&t).await;
    let product = line(&t, &customer, OURS).await;
    let first = code(&t, OURS).await;
    asks(&t, OURS, &first, "4401").await;
    finish(&t).await;
    crate::journeys::behave(&t, "pcrf", json!({"failNext": 1})).await;
    t.post(&format!("/api/v1/products/{product}/suspend"), json!({"reason": "客户报停"})).await.expect(202);
    next_hour(&t).await;
    let port = port_out(&t, OURS).await;
    assert_eq!((&port["state"], state(&t, OURS).await.as_str()), (&json!("effective"), "portedOut"), "{port}");
    assert!(!port["problem"].as_str().unwrap().is_empty(), "the desk sees why: {port}");
    crate::journeys::act(&t, "compensate").await;
    for _ in 0..3 {
        finish(&t).await;
    }
    assert_eq!(port_out(&t, OURS).await["state"], "closed");
    behave(&t, json!({})).await;
    sound(&t).await;
}

#[both_databases]
async fn nobody_closes_a_line_as_ported_out_by_hand(t: TestApp) {
    let customer = shop(&t).await;
    let product = line(&t, &customer, OURS).await;
    let ask = json!({"business": "portOut", "productId": product, "values": {"requestId": "x"}, "reason": "手工"});
    let refused = t.post("/api/v1/businesses", ask).await;
    assert!(refused.status.as_u16() >= 400, "{}", refused.body);
    assert_eq!(state(&t, OURS).await, "inUse");
}
