//! Numbers that come from other operators and go to them, through the central system over real sockets.

mod inbound;
mod messages;
mod outbound;

use crate::ordering::{finish, place};
use kernel::OrgPath;
use testkit::{TestApp, Value, both_databases, json};

pub const CERTIFICATE: &str = "11010519491231002X";
pub const THEIRS: &str = "18600001111";
pub const BASE: &str = "/api/v1/portability";

/// A shop with a customer whose certificate is on record, and a central system that knows where we are.
pub async fn shop(t: &TestApp) -> String {
    crate::numbers::pool(t).await;
    let at = t.listen().await;
    t.write(move |tx| portability::simulator::connect(tx, &format!("http://{at}"))).await;
    let customer = t
        .write(|tx| {
            catalog::ensure_demo(tx)?;
            let mut new = customer::NewCustomer::person("张伟");
            new.org = Some(OrgPath::parse("/cn/44/4401/h001")?);
            new.certificate = Some(party::Certificate::parse(party::CertificateKind::IdCard, CERTIFICATE)?);
            customer::create(tx, &new).map(|c| c.id)
        })
        .await;
    behave(t, json!({"donorSeconds": 0})).await;
    customer
}

/// How the central system and other operators behave; what is not named is as it should be.
pub async fn behave(t: &TestApp, how: Value) {
    t.put(&format!("{BASE}/simulator"), how).await.ok();
}

/// A user of another operator with a fresh code.
pub async fn theirs(t: &TestApp, number: &str, code: &str) {
    let body = json!({"number": number, "operator": "003", "name": "张伟", "certificate": CERTIFICATE, "network": "4401", "code": code});
    t.post(&format!("{BASE}/simulator/subscribers"), body).await.created();
}

/// Sells a line to a customer who brings the number.
pub async fn bring(t: &TestApp, customer: &str, number: &str, code: &str) -> String {
    let order = place(t, customer, "of-mobile-59", &[("number", number), ("portInCode", code)]).await;
    finish(t).await; // the code is good for an hour
    order
}

pub async fn port_in(t: &TestApp, number: &str) -> Value {
    t.get(&format!("{BASE}/port-ins?number={number}")).await.ok()[0].clone()
}

pub async fn port_out(t: &TestApp, number: &str) -> Value {
    t.get(&format!("{BASE}/port-outs?number={number}")).await.ok()[0].clone()
}

/// Whose the number is, as the central system has it.
pub async fn owner(t: &TestApp, number: &str) -> String {
    let sql = format!("SELECT owner FROM npc_number WHERE number = '{number}'");
    t.write(move |tx| Ok(tx.query_one(&sql, &[])?.text(0))).await
}

/// Live, working lines on a number with us.
pub async fn lines(t: &TestApp, number: &str) -> i64 {
    t.count(&format!("SELECT COUNT(*) FROM product WHERE number = '{number}' AND status = 'active'")).await
}

/// Nobody else has a number on which we have a working line, except for the moments of its closing; and all records agree.
pub async fn sound(t: &TestApp) {
    let rows = t
        .count(
            "SELECT COUNT(*) FROM npc_number n JOIN product p ON p.number = n.number AND p.status = 'active' \
             JOIN number_pool q ON q.number = n.number WHERE n.owner <> '001' AND q.state = 'inUse'",
        )
        .await;
    assert_eq!(rows, 0, "a number with two owners");
    let checks: Vec<_> = t.app().checks().to_vec();
    let wrong =
        t.write(move |tx| checks.iter().map(|c| (c.run)(tx)).collect::<kernel::Result<Vec<_>>>()).await.concat();
    assert_eq!(wrong, Vec::<String>::new());
}

/// Past the next full hour.
pub async fn next_hour(t: &TestApp) {
    t.advance(3_600);
    finish(t).await;
}

/// Lets time pass until the code of a number has been announced, and reads it off the message.
pub async fn code_of(t: &TestApp, number: &str) -> String {
    finish(t).await;
    let list = t.get(&format!("/api/v1/messages?number={number}")).await.ok();
    let sent =
        list.as_array().unwrap().iter().find(|m| m["purpose"] == "portOut.code").expect("a message with the code");
    assert!(sent["text"].as_str().unwrap().contains("******"), "people see it masked: {sent}");
    let id = sent["id"].as_str().unwrap();
    let text = t.post(&format!("/api/v1/messages/{id}/reveal"), json!({"reason": "测试"})).await.ok();
    let text = text["text"].as_str().unwrap();
    let digits: String = text.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    assert_eq!(digits.len(), 6, "{text}");
    digits
}

/// Pays whatever is owed.
pub async fn pay_all(t: &TestApp, customer: &str) {
    let id = customer.to_owned();
    let owed = t.write(move |tx| billing::arrears_of(tx, &id)).await.total.in_fen();
    if owed > 0 {
        let _ = t.post("/api/v1/counter/shift/open", json!({"floatFen": 0})).await;
        crate::billing::pay(t, customer, owed).await;
    }
}

/// A working line of ours whose bills are paid.
pub async fn line(t: &TestApp, customer: &str, number: &str) -> String {
    crate::ordering::mobile(t, customer, number).await;
    finish(t).await;
    pay_all(t, customer).await;
    assert_eq!(lines(t, number).await, 1);
    let product = format!("SELECT id FROM product WHERE number = '{number}' AND live = 1");
    t.write(move |tx| Ok(tx.query_one(&product, &[])?.text(0))).await
}

/// Another operator asks for a number of ours; returns the request.
pub async fn asks(t: &TestApp, number: &str, code: &str, network: &str) -> String {
    let body =
        json!({"number": number, "recipient": "002", "certificate": CERTIFICATE, "code": code, "network": network});
    let status = t.post(&format!("{BASE}/simulator/requests"), body).await.created();
    status["requestId"].as_str().unwrap().to_owned()
}

#[both_databases]
async fn rules_are_data_with_sources_and_the_law_cannot_be_loosened(t: TestApp) {
    let rules = t.get(&format!("{BASE}/rules")).await.ok();
    for list in ["settings", "reasons", "prohibitions"] {
        for row in rules[list].as_array().unwrap() {
            assert!(row["source"].as_str().is_some_and(|s| s.len() > 5), "{row}");
        }
    }
    assert!(rules["prohibitions"].as_array().unwrap().len() >= 8 && rules["reasons"].as_array().unwrap().len() >= 10);
    let before = t.digest().await;
    for (value, source) in [(59, "我想"), (61, "我想"), (60, " ")] {
        let ask = json!({"value": value, "source": source});
        t.put(&format!("{BASE}/rules/code.minutes"), ask).await.refused(422, "port.setting_range");
    }
    t.put(&format!("{BASE}/rules/port.days_between"), json!({"value": 121, "source": "x"}))
        .await
        .refused(422, "port.setting_range");
    let ask = json!({"value": 3, "source": "城市规定"});
    t.as_scope("/cn/44").put(&format!("{BASE}/rules/code.per_day"), ask.clone()).await.refused(404, "not_found");
    before.assert_unchanged(&t.digest().await);
    let rules = t.put(&format!("{BASE}/rules/code.per_day"), ask).await.ok();
    assert!(rules["settings"].as_array().unwrap().iter().any(|s| s["name"] == "code.per_day" && s["value"] == 3));
}

#[both_databases]
async fn the_centres_door_opens_to_its_own_token_alone(t: TestApp) {
    let token = t.write(|tx| access::create_token(tx, "npc", &OrgPath::root())).await;
    let centre = t.anonymous().with_header("authorization", &format!("Bearer {token}"));
    let ask = json!({"requestId": "r-1", "number": "13900138000", "recipient": "002", "network": "4401", "certificateDigest": "x"});
    for role in ["clerk", "agent", "manager", "cityadmin", "auditor"] {
        t.as_role(role).post(&format!("{BASE}/centre/asks"), ask.clone()).await.refused(403, "auth.forbidden");
    }
    centre.get("/api/v1/orders").await.refused(403, "auth.forbidden");
    let answer = centre.post(&format!("{BASE}/centre/asks"), ask).await.ok();
    assert_eq!((&answer["accepted"], &answer["reasons"][0]["code"]), (&json!(false), &json!("port.not_ours")));
    assert_eq!(
        t.count("SELECT COUNT(*) FROM audit_entry WHERE action = 'portability.asked' AND actor_kind = 'token'").await,
        1
    );
    for bad in [
        json!({}),
        json!({"noticeId": "n", "kind": "dance", "number": "1"}),
        json!({"noticeId": "", "kind": "effective", "number": "1"}),
    ] {
        let status = centre.post(&format!("{BASE}/centre/notices"), bad).await.status.as_u16();
        assert!((400..500).contains(&status), "{status}");
    }
    let stranger = json!({"noticeId": "n2", "requestId": "nobody.1.1", "kind": "effective", "revision": 9, "number": "13900138000"});
    centre.post(&format!("{BASE}/centre/notices"), stranger).await.refused(404, "port.request_unknown");
}
