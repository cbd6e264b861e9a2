//! One service, several audiences: what each gets, what is taken out and why, and what outside systems leave behind.

use super::view;
use crate::{
    customer::enter,
    ordering::{finish, mobile, shop},
};
use testkit::{TestApp, both_databases, json};

const TMF: &str = "/tmf-api/customer360/v5/customer360";

#[both_databases]
async fn a_hotline_agent_sees_less_until_the_caller_is_verified(t: TestApp) {
    let customer = shop(&t).await;
    mobile(&t, &customer, "13900138100").await;
    finish(&t).await;
    let at_the_counter = view(&t.as_role("clerk"), &customer).await;
    assert_eq!(at_the_counter["audience"]["name"], "counter");
    assert!(!at_the_counter["bills"].as_array().unwrap().is_empty());
    let on_the_line = view(&t.as_role("agent"), &customer).await;
    assert_eq!(on_the_line["audience"]["name"], "hotlineUnverified");
    for gone in ["bills", "payments", "accounts", "relations"] {
        assert_eq!(on_the_line[gone], json!([]), "{gone}");
    }
    assert_eq!((&on_the_line["balanceFen"], &on_the_line["customer"]["certificate"]), (&json!(null), &json!(null)));
    assert_eq!(on_the_line["products"][0]["number"], "139****8100");
    let kinds = on_the_line["timeline"].as_array().unwrap();
    assert!(kinds.iter().all(|r| r["kind"] == "order" || r["kind"] == "ticket"));
    let hidden = on_the_line["audience"]["hidden"].as_array().unwrap();
    assert!(hidden.iter().any(|h| h["path"] == "bills" && h["why"]["zh-CN"].is_string() && h["why"]["en"].is_string()));
    let page = t.as_role("agent").get(&format!("/api/v1/customers/{customer}/timeline")).await.ok();
    assert!(page["timeline"].as_array().unwrap().iter().all(|r| r["kind"] == "order" || r["kind"] == "ticket"));
    let graph = t.as_role("agent").get(&format!("/api/v1/customers/{customer}/graph")).await.ok();
    assert_eq!(graph["nodes"], json!([]));
}

#[both_databases]
async fn nobody_asks_for_the_view_of_an_audience_that_sees_more(t: TestApp) {
    let id = enter(&t, "张伟", "13900138000", None).await;
    let path = format!("/api/v1/customers/{id}/view");
    for more in ["counter", "manager"] {
        t.as_role("agent").get(&format!("{path}?audience={more}")).await.refused(403, "auth.forbidden");
    }
    t.as_role("clerk").get(&format!("{path}?audience=everybody")).await.refused(400, "field.invalid");
    let as_outside = t.as_role("clerk").get(&format!("{path}?audience=external")).await.ok();
    assert_eq!(as_outside["audience"]["name"], "external");
    let manager = view(&t.as_role("manager"), &id).await;
    assert_eq!(manager["audience"]["name"], "manager");
}

#[both_databases]
async fn another_system_gets_the_view_as_tmf717_and_every_call_is_audited(t: TestApp) {
    let customer = shop(&t).await;
    mobile(&t, &customer, "13900138100").await;
    finish(&t).await;
    t.post(&format!("/api/v1/customers/{customer}/notes"), json!({"text": "内部备注", "kind": "note"})).await.created();
    let token = t.write(|tx| access::create_token(tx, "api", &kernel::OrgPath::parse("/cn/44")?)).await;
    let machine = t.anonymous().with_header("authorization", &format!("Bearer {token}"));
    let trace = "SELECT COUNT(*) FROM audit_entry WHERE action = 'customer.view' AND actor_kind = 'token'";
    let found = machine.get(&format!("{TMF}/{customer}")).await.ok();
    assert_eq!((&found["@type"], &found["id"]), (&json!("Customer360"), &json!(customer)));
    assert_eq!(found["href"], format!("{TMF}/{customer}"));
    assert_eq!(found["customer"]["@type"], "Customer360CustomerVO");
    for (list, kind) in [
        ("account", "Customer360AccountVO"),
        ("customerBill", "Customer360CustomerBillVO"),
        ("productOrder", "Customer360ProductOrderVO"),
        ("product", "Customer360ProductVO"),
    ] {
        assert_eq!(found[list][0]["@type"], kind, "{list}");
        assert!(found[list][0]["id"].is_string() && found[list][0]["href"].is_string(), "{list}");
    }
    for list in ["agreement", "partyInteraction", "troubleTicket", "recommendation"] {
        assert!(found[list].is_array(), "{list}");
    }
    assert!(!found.to_string().contains("内部备注"), "notes do not leave the house");
    machine.get(&format!("{TMF}/{customer}")).await.ok();
    assert_eq!(t.count(trace).await, 2, "each call");
    let listed = machine.get(&format!("{TMF}?phone=13900138100&fields=customer,product")).await;
    assert_eq!(listed.total(), 1);
    let keys: Vec<String> = listed.ok()[0].as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys.len(), 5, "{keys:?}");
    assert_eq!(t.count(trace).await, 3);
    machine.get(&format!("{TMF}?colour=red")).await.refused(400, "query.invalid");
    machine.get(&format!("{TMF}/nobody")).await.refused(404, "not_found");
    let foreign = t.write(|tx| access::create_token(tx, "api", &kernel::OrgPath::parse("/cn/51")?)).await;
    let foreign = t.anonymous().with_header("authorization", &format!("Bearer {foreign}"));
    foreign.get(&format!("{TMF}/{customer}")).await.refused(404, "not_found");
    assert_eq!(t.count(trace).await, 3, "what was not seen leaves no trace of having been seen");
}

#[both_databases]
async fn an_outside_system_without_the_right_gets_masked_figures(t: TestApp) {
    let id = enter(&t, "张伟", "13900138000", Some("11010519491231002X")).await;
    let limited = t.with_permissions(&["desk.view", "customer.read"]);
    let found = limited.get(&format!("{TMF}/{id}")).await.ok();
    assert_eq!(found["customer"]["phone"], "139****8000");
    assert_ne!(found["customer"]["certificate"], "11010519491231002X");
    assert!(!found.to_string().contains("13900138000"));
    assert!(!found.to_string().contains("19491231002"));
}
