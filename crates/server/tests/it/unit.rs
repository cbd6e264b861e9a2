//! Unit accounts: money of an organisation, allocated, collected, loaded and spent, and never twice.

mod cards;
mod limits;
mod race;
mod rules;

use crate::billing::{HALL, hall, proven};
use testkit::{Response, TestApp, Value, json};

/// A unit account with this much money on it, its customer, and the path of its routes.
pub struct Unit {
    pub customer: String,
    pub path: String,
    pub id: String,
}

pub async fn organisation(t: &TestApp) -> String {
    t.write(|tx| {
        catalog::ensure_demo(tx)?;
        let mut new = customer::NewCustomer::person("广州骏达物流有限公司");
        new.kind = ::party::PartyKind::Organization;
        new.org = Some(hall());
        customer::create(tx, &new).map(|c| c.id)
    })
    .await
}

pub async fn unit(t: &TestApp, fen: i64) -> Unit {
    let customer = organisation(t).await;
    let made = t
        .in_org(HALL)
        .post("/api/v1/unit-accounts", json!({"customerId": customer, "contactName": "何经办", "warnFen": 10_000}))
        .await
        .created();
    let id = made["id"].as_str().unwrap().to_owned();
    if fen > 0 {
        let ask = json!({"customerId": customer, "accountId": made["accountId"], "amountFen": fen, "method": "cash"});
        t.in_org(HALL).post("/api/v1/counter/payments", ask).await.created();
    }
    Unit { customer, path: format!("/api/v1/unit-accounts/{id}"), id }
}

pub async fn card(t: &TestApp, unit: &Unit, number: &str) -> String {
    let ask = json!({"kind": "card", "identifier": number, "name": format!("司机 {number}")});
    t.post(&format!("{}/members", unit.path), ask).await.created()["id"].as_str().unwrap().to_owned()
}

pub async fn moved(t: &TestApp, unit: &Unit, kind: &str, items: Value) -> Response {
    t.post(&format!("{}/allocations", unit.path), json!({"kind": kind, "items": items})).await
}

pub async fn allocated(t: &TestApp, unit: &Unit, member: &str, fen: i64) -> Response {
    moved(t, unit, "allocate", json!([{"memberId": member, "amountFen": fen}])).await
}

pub async fn spent(t: &TestApp, unit: &Unit, member: &str, fen: i64, reference: &str) -> Response {
    let ask = json!({"amountFen": fen, "reference": reference, "place": "天河加油站"});
    t.post(&format!("{}/members/{member}/consumptions", unit.path), ask).await
}

/// Unit, at hand, loaded.
pub async fn places(t: &TestApp, unit: &Unit) -> (i64, i64, i64) {
    let home = t.get(&unit.path).await.ok();
    let fen = |name: &str| home["places"][name].as_i64().unwrap();
    (fen("unitFen"), fen("reserveFen"), fen("loadedFen"))
}

/// Ledger, points and units prove themselves.
pub async fn sound(t: &TestApp) {
    t.settle().await;
    proven(t).await;
    let findings = t.write(unitaccount::check).await;
    assert!(findings.is_empty(), "{findings:#?}");
    let findings = t.write(loyalty::check).await;
    assert!(findings.is_empty(), "{findings:#?}");
}
