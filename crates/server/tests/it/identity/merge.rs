//! Two customers become one over all domains, and two again, exactly.

use crate::{
    customer::enter,
    ordering::{finish, mobile, shop},
};
use testkit::{TestApp, Value, both_databases, json};

const MERGES: &str = "/api/v1/customer-merges";
const CARD: &str = "11010519491231002X";
const OTHER: &str = "440524188001010014";
const CUSTOMER: &str = "/tmf-api/customerManagement/v4/customer";

/// A customer with a line, an account, a bill, a note and a ticket.
async fn holder(t: &TestApp, name: &str, phone: &str, card: &str, number: &str) -> String {
    let id = enter(t, name, phone, Some(card)).await;
    mobile(t, &id, number).await;
    finish(t).await;
    t.post(&format!("/api/v1/customers/{id}/notes"), json!({"text": "要求周末上门"})).await.created();
    id
}

async fn products(t: &TestApp, customer: &str) -> i64 {
    t.count(&format!("SELECT COUNT(*) FROM product WHERE customer_id = '{customer}'")).await
}

async fn found(t: &TestApp, q: &str) -> Vec<String> {
    let query: String = q.bytes().map(|b| format!("%{b:02X}")).collect();
    let found = t.get(&format!("/api/v1/find?q={query}")).await.ok();
    found["customers"].as_array().unwrap().iter().map(|c| c["id"].as_str().unwrap().to_owned()).collect()
}

/// The tables that a merge or its undoing moves, with what is in them.
async fn content(t: &TestApp) -> Vec<String> {
    let mut all = Vec::new();
    for (table, columns) in [
        ("product", "id || customer_id || CAST(body AS TEXT)"),
        ("service", "id || CAST(body AS TEXT)"),
        ("billing_account", "id || customer_id || CAST(body AS TEXT)"),
        ("default_account", "customer_id || account_id"),
        ("subscription", "id || customer_id"),
        ("bill", "id || customer_id"),
        ("payment", "id || customer_id"),
        ("product_order", "id || customer_id || CAST(body AS TEXT)"),
        ("customer_key", "key || CAST(kind AS TEXT) || customer_id"),
        ("customer_relation", "customer_id || related_id || kind"),
        ("customer", "id || status || CAST(body AS TEXT)"),
    ] {
        let text = format!("SELECT {columns} FROM {table} ORDER BY 1");
        let rows = t.write(move |tx| Ok(tx.query(&text, &[])?.iter().map(|r| r.text(0)).collect::<Vec<_>>())).await;
        all.extend(rows.into_iter().map(|r| format!("{table}: {r}")));
    }
    all
}

fn ask(from: &str, into: &str) -> Value {
    json!({"from": from, "into": into, "reason": "同一客户重复建档", "certificatesConfirmed": true})
}

#[both_databases]
async fn a_merge_moves_everything_and_is_undone_exactly(t: TestApp) {
    shop(&t).await;
    let from = holder(&t, "周瑾", "13711110000", CARD, "13900138501").await;
    let into = holder(&t, "周槿", "13711110001", OTHER, "13900138502").await;
    let from_no = t.get(&format!("{CUSTOMER}/{from}")).await.ok()["customerNo"].as_str().unwrap().to_owned();
    let before = content(&t).await;
    let look = t.post(&format!("{MERGES}/preview"), json!({"from": from, "into": into})).await.ok();
    assert_eq!(look["problems"][0]["code"], "identity.merge_certificates");
    assert_eq!(look["moves"]["product"], 1);
    assert_eq!(content(&t).await, before, "a preview changes nothing");
    t.post(MERGES, json!({"from": from, "into": into, "reason": "重复"}))
        .await
        .refused(409, "identity.merge_certificates");
    let made = t.post(MERGES, ask(&from, &into)).await.created();
    assert_eq!((products(&t, &from).await, products(&t, &into).await), (0, 2));
    for q in [from_no.as_str(), "13711110000", "周瑾", CARD, "13900138501"] {
        assert_eq!(found(&t, q).await, std::slice::from_ref(&into), "{q} finds the survivor");
    }
    let old = t.get(&format!("{CUSTOMER}/{from}")).await.ok();
    assert_eq!((old["status"].as_str(), old["mergedInto"]["id"].as_str()), (Some("closed"), Some(into.as_str())));
    t.patch(&format!("{CUSTOMER}/{from}"), json!({"status": "active"})).await.refused(409, "customer.merged");
    t.delete(&format!("{CUSTOMER}/{into}")).await.refused(409, "customer.in_use");
    t.post(MERGES, ask(&from, &into)).await.refused(409, "identity.merge_closed");
    // What comes after the merge stays with the survivor.
    let later = t.post(&format!("/api/v1/customers/{into}/notes"), json!({"text": "合并后的备注"})).await.created();
    let split = format!("{MERGES}/{}/split", made["id"].as_str().unwrap());
    t.post(&split, json!({"reason": " "})).await.refused(400, "identity.reason");
    t.as_scope("/cn/35").post(&split, json!({"reason": "x"})).await.refused(404, "not_found");
    t.post(&split, json!({"reason": "误合并"})).await.ok();
    let after = content(&t).await;
    let differ: Vec<(&String, &String)> = before.iter().zip(&after).filter(|(a, b)| a != b).collect();
    assert_eq!((before.len(), differ), (after.len(), vec![]));
    let note = later["id"].as_str().unwrap();
    let stays =
        t.count(&format!("SELECT COUNT(*) FROM customer_note WHERE id = '{note}' AND customer_id = '{into}'")).await;
    assert_eq!(stays, 1);
    t.post(&split, json!({"reason": "again"})).await.refused(409, "identity.split_done");
    let history = t.get(&format!("/api/v1/customers/{from}/merges")).await.ok();
    assert_eq!((history[0]["state"].as_str(), history[0]["splitReason"].as_str()), (Some("split"), Some("误合并")));
}

#[both_databases]
async fn orders_in_transit_forbid_a_merge_and_are_listed(t: TestApp) {
    shop(&t).await;
    let from = enter(&t, "周瑾", "13711110000", Some(CARD)).await;
    let into = enter(&t, "周槿", "13711110001", Some(OTHER)).await;
    let order = mobile(&t, &from, "13900138501").await;
    let number =
        t.get(&format!("/api/v1/orders/{order}/track")).await.ok()["order"]["orderNo"].as_str().unwrap().to_owned();
    let before = t.digest().await;
    let refused = t.post(MERGES, ask(&from, &into)).await.refused(409, "identity.merge_in_transit");
    assert_eq!(refused["orders"], json!([number]));
    t.post(MERGES, ask(&into, &from)).await.refused(409, "identity.merge_in_transit");
    t.post(MERGES, ask(&from, &from)).await.refused(400, "identity.merge_self");
    let mut silent = ask(&from, &into);
    silent["reason"] = json!("");
    t.post(MERGES, silent).await.refused(400, "identity.reason");
    t.as_scope("/cn/35").post(MERGES, ask(&from, &into)).await.refused(404, "not_found");
    before.assert_unchanged(&t.digest().await);
    finish(&t).await;
    t.post(MERGES, ask(&from, &into)).await.created();
}

#[both_databases]
async fn chains_of_merges_come_apart_in_their_order(t: TestApp) {
    shop(&t).await;
    let a = holder(&t, "周瑾", "13711110000", CARD, "13900138501").await;
    let b = enter(&t, "周槿", "13711110001", Some(OTHER)).await;
    let c = enter(&t, "周锦", "13711110002", None).await;
    let before = content(&t).await;
    let first = t.post(MERGES, ask(&a, &b)).await.created();
    let second = t.post(MERGES, ask(&b, &c)).await.created();
    assert_eq!(found(&t, "13711110000").await, std::slice::from_ref(&c));
    assert_eq!(found(&t, CARD).await, std::slice::from_ref(&c));
    let split = |made: &Value| format!("{MERGES}/{}/split", made["id"].as_str().unwrap());
    t.post(&split(&first), json!({"reason": "x"})).await.refused(409, "identity.split_order");
    t.post(&split(&second), json!({"reason": "x"})).await.ok();
    assert_eq!(found(&t, "13711110000").await, std::slice::from_ref(&b));
    t.post(&split(&first), json!({"reason": "x"})).await.ok();
    let after = content(&t).await;
    let differ: Vec<(&String, &String)> = before.iter().zip(&after).filter(|(x, y)| x != y).collect();
    assert_eq!((before.len(), differ), (after.len(), vec![]));
    let company = t
        .post(
            "/api/v1/customers",
            json!({"kind": "organization", "name": "恒达公司", "certificate": "91350100M000100Y43"}),
        )
        .await
        .created();
    t.post(MERGES, ask(&a, company["id"].as_str().unwrap())).await.refused(409, "identity.merge_kind");
}
