//! TMF635: a document is a record like any other.

use super::{NUMBER, call, findings, records, service, take, words};
use testkit::{TestApp, Value, both_databases, json};

const USAGE: &str = "/tmf-api/usageManagement/v4/usage";

fn document(t: &TestApp, number: &str, seconds: i64, id: &str) -> Value {
    let characteristic = |name: &str, value: Value| json!({"name": name, "value": value});
    json!({
        "usageType": "call", "usageDate": t.now().plus_seconds(-60), "description": "d",
        "usageCharacteristic": [characteristic("number", json!(number)), characteristic("amount", json!(seconds)),
            characteristic("id", json!(id)), characteristic("peer", json!("13711112222"))],
    })
}

#[both_databases]
async fn a_posted_document_is_a_record_until_its_cycle_is_closed(t: TestApp) {
    let key = service(&t, "p1", NUMBER).await;
    let cycle = kernel::Cycle::month_of(t.now().date());
    let made = t.post(USAGE, document(&t, NUMBER, 61, "d1")).await.created();
    assert_eq!(
        (made["status"].as_str(), made["acceptedAs"]["recordId"].as_str()),
        (Some("guided"), Some("d1")),
        "{made}"
    );
    assert_eq!(records(&t, key, cycle).await.iter().map(|r| r.amount).collect::<Vec<_>>(), [61]);
    t.post(USAGE, document(&t, NUMBER, 61, "d1")).await.refused(409, "usage.duplicate");
    t.post(USAGE, document(&t, NUMBER, -61, "d2")).await.refused(422, "usage.negative");
    assert_eq!(words(&take(&t, &[call(NUMBER, t.now(), 5, "d1")]).await), ["usage.duplicate"]);

    // Corrected: the old record goes, another comes; words beside it change nothing.
    let path = format!("{USAGE}/{}", made["id"].as_str().unwrap());
    t.patch(&path, json!({"description": "e"})).await.ok();
    let corrected = document(&t, NUMBER, 30, "d1")["usageCharacteristic"].clone();
    t.patch(&path, json!({"usageCharacteristic": corrected})).await.ok();
    let read = records(&t, key, cycle).await;
    assert_eq!(read.iter().map(|r| (r.id.as_str(), r.amount)).collect::<Vec<_>>(), [("d1~2", 30)]);
    t.patch(&path, json!({"status": "billed"})).await.refused(400, "field.readonly");
    let other = t.post(USAGE, document(&t, NUMBER, 7, "d3")).await.created();
    t.delete(&format!("{USAGE}/{}", other["id"].as_str().unwrap())).await.no_content();
    assert_eq!(records(&t, key, cycle).await.len(), 1);
    assert_eq!(words(&take(&t, &[call(NUMBER, t.now(), 5, "d3")]).await), ["usage.duplicate"], "an id comes once");

    let masked = t.with_permissions(&["usage.read"]).get(&path).await.ok();
    assert!(masked["usageCharacteristic"].to_string().contains("137****2222"), "{masked}");
    t.write(move |tx| usage::close_cycle(tx, cycle)).await;
    let before = t.digest().await;
    t.delete(&path).await.refused(409, "usage.billed");
    let corrected = document(&t, NUMBER, 1, "d1")["usageCharacteristic"].clone();
    t.patch(&path, json!({"usageCharacteristic": corrected})).await.refused(409, "usage.billed");
    before.assert_unchanged(&t.digest().await);
    let late = t.post(USAGE, document(&t, NUMBER, 9, "d4")).await.created();
    assert_eq!(late["acceptedAs"]["late"], true);
    assert_eq!(findings(&t).await, Vec::<String>::new());
}

#[both_databases]
async fn a_document_without_a_service_waits_and_is_told_when_it_was_taken(t: TestApp) {
    let made = t.post(USAGE, document(&t, "13900138055", 60, "w1")).await.created();
    assert_eq!(
        (made["status"].as_str(), made["rejectReason"]["code"].as_str()),
        (Some("rejected"), Some("usage.unknown_service"))
    );
    t.post(USAGE, document(&t, "13900138055", 60, "w1")).await.refused(409, "usage.duplicate");
    let key = service(&t, "p55", "13900138055").await;
    t.post("/api/v1/usage/pool/recycle", json!({"all": true})).await.ok();
    let now = t.get(&format!("{USAGE}/{}", made["id"].as_str().unwrap())).await.ok();
    assert_eq!(now["status"], "recycled");
    assert_eq!(records(&t, key, kernel::Cycle::month_of(t.now().date())).await.len(), 1);
    assert_eq!(t.get(&format!("{USAGE}?status=recycled")).await.ok().as_array().unwrap().len(), 1);
    // One that names nobody is kept as it is.
    let plain = t.post(USAGE, json!({"usageSpecification": {"id": "af59"}})).await.created();
    assert_eq!(plain["status"], "received");
    let specification =
        t.post("/tmf-api/usageManagement/v4/usageSpecification", json!({"name": "Voice"})).await.created();
    assert!(specification["lastUpdate"].is_string());
    t.post("/tmf-api/usageManagement/v4/usageSpecification", json!({})).await.refused(400, "field.missing");
}
