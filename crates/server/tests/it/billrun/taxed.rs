//! What of a bill is tax: by the product line of each charge, as rows say; pinned on the line when it was billed.

use super::{month, run, until};
use crate::billing::{customer, proven, started, tell};
use std::collections::BTreeMap;
use testkit::{TestApp, Value, both_databases, json};

const FAMILY: &str = "/api/v1/rating/tables/taxFamily";

/// A mobile line, broadband and a router, since November.
async fn home(t: &TestApp) -> String {
    let who = customer(t).await;
    for offering in ["of-mobile-129", "of-broadband-300", "of-device-router"] {
        tell(t, started(&who, "o1", &format!("p-{offering}"), offering, "2026-11-22T10:00:00+08:00")).await;
    }
    who
}

async fn statement(t: &TestApp, who: &str, cycle: &str) -> Value {
    t.get(&format!("/api/v1/customers/{who}/statement?cycle={cycle}")).await.ok()
}

/// Amount and tax of each category, in fen.
fn taxes(statement: &Value) -> BTreeMap<String, (i64, i64)> {
    let one = |t: &Value| {
        let fen = |name: &str| t[name].as_i64().unwrap();
        (t["category"].as_str().unwrap().to_owned(), (fen("amountFen"), fen("taxFen")))
    };
    statement["taxes"].as_array().unwrap().iter().map(one).collect()
}

#[both_databases]
async fn each_charge_includes_the_tax_of_its_product_line(t: TestApp) {
    let who = home(&t).await;
    // The first bill: nine days of 129 and of the broadband, and the router as goods at 13 %.
    let first = statement(&t, &who, "2026-11").await;
    let all = taxes(&first);
    assert_eq!(all.keys().collect::<Vec<_>>(), ["basic", "goods", "valueAdded"], "{first:#}");
    assert_eq!(all["goods"], (19_900, 2_289), "199 × 13 ÷ 113");
    assert_eq!(all["basic"].0, 3_870);
    let sum: i64 = all.values().map(|(amount, _)| amount).sum();
    assert_eq!(first["totalFen"], sum);

    until(&t, "2027-01-02T10:00:00+08:00");
    run(&t, month("2026-12-01")).await;
    let december = statement(&t, &who, "2026-12").await;
    let all = taxes(&december);
    assert_eq!(all["basic"], (12_900, 1_065), "129 × 9 ÷ 109");
    let (broadband, tax) = all["valueAdded"];
    assert_eq!(tax, (broadband * 6 + 53) / 106, "6 %");
    // Each line's trace says which, at what rate, by which rule.
    let lines: Vec<Value> = december["accounts"][0]["products"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|p| p["lines"].as_array().unwrap().clone())
        .collect();
    let (id, seq) = lines
        .iter()
        .find(|l| l["productId"] == "p-of-broadband-300")
        .map(|l| (l["billId"].as_str().unwrap().to_owned(), l["seq"].clone()))
        .unwrap();
    let path = format!("/api/v1/bills/{id}/lines/{seq}/trace");
    let traced = t.get(&path).await.ok();
    assert_eq!((&traced["tax"]["category"], &traced["tax"]["permille"]), (&json!("valueAdded"), &json!(60)));
    assert!(traced["tax"]["source"].as_str().unwrap().contains("36"), "{traced:#}");

    // Another rule from now on: what was billed stays as it was billed.
    let row = json!({"key": "broadband", "class": "none", "name": "宽带", "nameEn": "Broadband", "source": "试点免税"});
    t.put(FAMILY, row).await.no_content();
    assert_eq!(t.get(&path).await.ok()["tax"], traced["tax"]);
    until(&t, "2027-02-02T10:00:00+08:00");
    run(&t, month("2027-01-01")).await;
    assert_eq!(taxes(&statement(&t, &who, "2027-01").await)["none"], (broadband, 0));
    proven(&t).await;
}

#[both_databases]
async fn a_category_that_no_row_has_a_rate_for_and_a_line_that_is_none_are_refused(t: TestApp) {
    let before = t.digest().await;
    let row = |key: &str, class: &str, source: &str| json!({"key": key, "class": class, "name": "x", "source": source});
    t.put(FAMILY, row("broadband", "luxury", "x")).await.refused(400, "field.invalid");
    t.put(FAMILY, row("gramophone", "basic", "x")).await.refused(400, "field.invalid");
    t.put(FAMILY, row("broadband", "basic", "")).await.refused(400, "field.missing");
    before.assert_unchanged(&t.digest().await);
    let all = t.get("/api/v1/rating/tables").await.ok();
    let rows = all["taxFamily"].as_array().unwrap();
    assert_eq!(rows.len(), 14, "every product line has its row");
    assert!(rows.iter().all(|r| !r["source"].as_str().unwrap().is_empty()));
}
