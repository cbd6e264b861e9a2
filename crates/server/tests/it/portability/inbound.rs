//! Numbers on their way in.

use super::{BASE, THEIRS, behave, bring, lines, next_hour, owner, port_in, shop, sound, theirs};
use crate::{
    journeys::{act, open_fallout},
    numbers::state,
    ordering::{finish, order_state, track},
};
use testkit::{TestApp, both_databases, json};

#[both_databases]
async fn a_number_comes_in_and_a_line_opens_on_it_at_the_full_hour(t: TestApp) {
    let customer = shop(&t).await;
    theirs(&t, THEIRS, "654321").await;
    let found = t.get(&format!("{BASE}/whereabouts?number={THEIRS}")).await.ok();
    assert_eq!((&found["owner"]["code"], &found["problem"]), (&json!("003"), &json!(null)));
    let order = bring(&t, &customer, THEIRS, "654321").await;
    let shown = t.get(&format!("{}/{order}", crate::ordering::ORDERS)).await.ok().to_string();
    assert!(!shown.contains("654321"), "the code is nobody's business: {shown}");
    finish(&t).await;
    let port = port_in(&t, THEIRS).await;
    assert_eq!(
        (&port["state"], &port["effectiveAt"]),
        (&json!("accepted"), &json!("2026-11-22T03:00:00.000Z")),
        "{port}"
    );
    assert_eq!(
        (state(&t, THEIRS).await.as_str(), lines(&t, THEIRS).await),
        ("reserved", 0),
        "it serves elsewhere still"
    );
    assert_eq!(owner(&t, THEIRS).await, "003");
    sound(&t).await;
    next_hour(&t).await;
    assert_eq!(order_state(&t, &order).await, "completed");
    assert_eq!((state(&t, THEIRS).await.as_str(), owner(&t, THEIRS).await.as_str()), ("inUse", "001"));
    let id = port_in(&t, THEIRS).await["id"].as_str().unwrap().to_owned();
    let detail = t.get(&format!("{BASE}/port-ins/{id}")).await.ok();
    assert_eq!(detail["state"], "effective");
    assert!(detail["notices"].as_array().unwrap().iter().any(|n| n["kind"] == "effective"), "{detail}");
    sound(&t).await;
    // It is ours now: nobody brings it in again, and nobody else finds it for sale.
    let found = t.get(&format!("{BASE}/whereabouts?number={THEIRS}")).await.ok();
    assert_eq!(found["problem"]["code"], "port.own_number");
    let again = crate::ordering::asked(&customer, "of-mobile-59", &[("number", THEIRS), ("portInCode", "654321")]);
    t.post(crate::ordering::ORDERS, again).await.refused(409, "number.taken");
}

#[both_databases]
async fn a_code_is_good_for_an_hour_and_a_new_one_goes_on(t: TestApp) {
    let customer = shop(&t).await;
    theirs(&t, THEIRS, "654321").await;
    t.advance(61 * 60);
    let order = bring(&t, &customer, THEIRS, "654321").await;
    finish(&t).await;
    let open = open_fallout(&t).await;
    assert_eq!((open.len(), &open[0]["error"]["code"], &open[0]["target"]), (1, &json!("port.refused"), &json!("npc")));
    let port = port_in(&t, THEIRS).await;
    assert_eq!((&port["state"], &port["reasons"][0]["code"]), (&json!("refused"), &json!("npc.code_expired")));
    let path = format!("{BASE}/port-ins/{}/code", port["id"].as_str().unwrap());
    let before = t.digest().await;
    t.post(&path, json!({"code": "12"})).await.refused(422, "port.code_form");
    t.post(&path, json!({"code": "ABCDEF"})).await.refused(422, "port.code_form");
    before.assert_unchanged(&t.digest().await);
    theirs(&t, THEIRS, "777888").await;
    t.advance(59 * 60 - 5);
    t.post(&path, json!({"code": "777888"})).await.ok();
    t.post(&path, json!({"code": "777889"})).await.refused(409, "port.state");
    finish(&t).await;
    assert_eq!(port_in(&t, THEIRS).await["state"], "accepted");
    next_hour(&t).await;
    assert_eq!((order_state(&t, &order).await.as_str(), open_fallout(&t).await.len()), ("completed", 0));
    sound(&t).await;
}

#[both_databases]
async fn a_wrong_code_or_certificate_is_refused_with_every_reason(t: TestApp) {
    let customer = shop(&t).await;
    let body = json!({"number": THEIRS, "operator": "003", "name": "李四", "certificate": "440524188001010014", "network": "4401", "code": "654321"});
    t.post(&format!("{BASE}/simulator/subscribers"), body).await.created();
    let order = bring(&t, &customer, THEIRS, "111111").await;
    finish(&t).await;
    let port = port_in(&t, THEIRS).await;
    let codes: Vec<&str> = port["reasons"].as_array().unwrap().iter().map(|r| r["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["npc.code_wrong", "npc.certificate"]);
    t.post(&format!("/api/v1/orders/{order}/cancel"), json!({"reason": "客户放弃"})).await.expect(202);
    finish(&t).await;
    assert_eq!(order_state(&t, &order).await, "cancelled");
    assert_eq!(
        (port_in(&t, THEIRS).await["state"].as_str(), state(&t, THEIRS).await.as_str()),
        (Some("cancelled"), "returned")
    );
    // Its holder can still come, and bring it themselves.
    theirs(&t, THEIRS, "654321").await;
    let again = bring(&t, &customer, THEIRS, "654321").await;
    next_hour(&t).await;
    next_hour(&t).await;
    assert_eq!(order_state(&t, &again).await, "completed");
}

#[both_databases]
async fn before_its_hour_a_port_is_cancelled_and_after_it_only_given_up(t: TestApp) {
    let customer = shop(&t).await;
    theirs(&t, THEIRS, "654321").await;
    let order = bring(&t, &customer, THEIRS, "654321").await;
    finish(&t).await;
    assert_eq!(port_in(&t, THEIRS).await["state"], "accepted");
    t.post(&format!("/api/v1/orders/{order}/cancel"), json!({"reason": "客户改变主意"})).await.expect(202);
    finish(&t).await;
    assert_eq!((order_state(&t, &order).await.as_str(), state(&t, THEIRS).await.as_str()), ("cancelled", "returned"));
    next_hour(&t).await;
    assert_eq!((owner(&t, THEIRS).await.as_str(), lines(&t, THEIRS).await), ("003", 0), "it stayed where it was");

    // The second one takes effect while the network refuses: cancelling it would leave the user without a line anywhere.
    theirs(&t, THEIRS, "654322").await;
    let order = bring(&t, &customer, THEIRS, "654322").await;
    finish(&t).await;
    crate::journeys::behave(&t, "mobile-hlr", json!({"failNext": 1})).await;
    next_hour(&t).await;
    assert_eq!((open_fallout(&t).await.len(), owner(&t, THEIRS).await.as_str()), (1, "001"));
    t.post(&format!("/api/v1/orders/{order}/cancel"), json!({"reason": "客户放弃"})).await.expect(202);
    finish(&t).await;
    assert_eq!(track(&t, &order).await["saga"]["state"], "stuck");
    let open = open_fallout(&t).await;
    assert_eq!((open.len(), &open[0]["error"]["code"]), (1, &json!("port.effective")), "{open:?}");
    let port = port_in(&t, THEIRS).await;
    let give_up = format!("{BASE}/port-ins/{}/return", port["id"].as_str().unwrap());
    t.post(&give_up, json!({"reason": ""})).await.refused(400, "reason.missing");
    t.post(&give_up, json!({"reason": "客户书面确认放弃号码"})).await.ok();
    assert_eq!((owner(&t, THEIRS).await.as_str(), state(&t, THEIRS).await.as_str()), ("003", "returned"));
    act(&t, "retry").await;
    finish(&t).await;
    assert_eq!(order_state(&t, &order).await, "cancelled");
    sound(&t).await;
}

#[both_databases]
async fn a_ported_in_number_goes_home_when_its_line_is_closed(t: TestApp) {
    let customer = shop(&t).await;
    theirs(&t, THEIRS, "654321").await;
    bring(&t, &customer, THEIRS, "654321").await;
    next_hour(&t).await;
    next_hour(&t).await;
    super::pay_all(&t, &customer).await;
    assert_eq!(lines(&t, THEIRS).await, 1);
    let port = port_in(&t, THEIRS).await;
    let give_up = format!("{BASE}/port-ins/{}/return", port["id"].as_str().unwrap());
    t.post(&give_up, json!({"reason": "误操作"})).await.refused(409, "port.line_works");
    let product = port["productId"].as_str().unwrap();
    behave(&t, json!({"down": true})).await;
    let ask = json!({"business": "close", "productId": product, "values": {}, "reason": "客户销户", "confirmations": ["earlyTermination"]});
    t.post("/api/v1/businesses", ask).await.created();
    for _ in 0..3 {
        finish(&t).await;
    }
    assert_eq!(
        (state(&t, THEIRS).await.as_str(), owner(&t, THEIRS).await.as_str()),
        ("quarantine", "001"),
        "the centre is down"
    );
    behave(&t, json!({"down": false})).await;
    finish(&t).await;
    assert_eq!((state(&t, THEIRS).await.as_str(), owner(&t, THEIRS).await.as_str()), ("returned", "003"));
    assert_eq!(port_in(&t, THEIRS).await["state"], "returned");
    t.advance(91 * 86_400);
    finish(&t).await;
    let sale = t.post(&format!("/api/v1/numbers/{THEIRS}/lock"), json!({})).await;
    assert!(sale.status.as_u16() >= 400, "never sold by us");
    sound(&t).await;
}

#[both_databases]
async fn what_cannot_be_ported_is_refused_at_the_counter(t: TestApp) {
    let customer = shop(&t).await;
    let orders = crate::ordering::ORDERS;
    let before = t.digest().await;
    for (number, code, status, why) in [
        (THEIRS, "12", 400, "field.invalid"),
        (THEIRS, "abc123", 400, "field.invalid"),
        ("13900138000", "654321", 409, "number.taken"),
        ("02088886666", "654321", 422, "number.port_only_mobile"),
    ] {
        let ask = crate::ordering::asked(&customer, "of-mobile-59", &[("number", number), ("portInCode", code)]);
        t.post(orders, ask).await.refused(status, why);
    }
    before.assert_unchanged(&t.digest().await);
    // Two customers with the same number in their hands: one order has it.
    theirs(&t, THEIRS, "654321").await;
    bring(&t, &customer, THEIRS, "654321").await;
    let ask = crate::ordering::asked(&customer, "of-mobile-59", &[("number", THEIRS), ("portInCode", "654321")]);
    t.post(orders, ask).await.refused(409, "number.taken");
    t.get(&format!("{BASE}/whereabouts?number=18699999999")).await.refused(404, "port.number_unknown");
}
