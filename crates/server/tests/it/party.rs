//! Persons and organisations: certificates checked, sealed, masked; what a client sent comes back.

use crate::naughty;
use testkit::{TestApp, Value, both_databases, json};

const INDIVIDUAL: &str = "/tmf-api/partyManagement/v4/individual";
const CARD: &str = "11010519491231002X";

fn person(number: &str) -> Value {
    json!({
        "givenName": "伟", "familyName": "张", "shoeSize": 43,
        "individualIdentification": [{"identificationType": "idCard", "identificationId": number, "issuingAuthority": "公安局"}],
        "contactMedium": [{"mediumType": "mobile", "preferred": true, "characteristic": {"phoneNumber": "139 0013 8000"}}],
    })
}

fn number(doc: &Value) -> &str {
    doc["individualIdentification"][0]["identificationId"].as_str().unwrap()
}

#[both_databases]
async fn a_certificate_number_is_never_stored_in_clear(t: TestApp) {
    let made = t.post(INDIVIDUAL, person(CARD)).await.created();
    assert_eq!(number(&made), CARD, "who may see it gets it back");
    assert_eq!(made["shoeSize"], 43, "an attribute we do not know is kept");
    let id = made["id"].as_str().unwrap();
    for table in ["individual", "outbox", "audit_entry"] {
        let column = match table {
            "individual" => "body",
            "outbox" => "payload",
            _ => "detail",
        };
        let clear =
            t.count(&format!("SELECT COUNT(*) FROM {table} WHERE CAST({column} AS TEXT) LIKE '%{CARD}%'")).await;
        assert_eq!(clear, 0, "{table}");
    }
    let path = format!("{INDIVIDUAL}/{id}");
    assert_eq!(number(&t.get(&path).await.ok()), CARD);
    let clerk = t.with_permissions(&["party.read", "party.write"]);
    let seen = clerk.get(&path).await.ok();
    assert_eq!(number(&seen), "1101**********002X");
    assert_eq!(seen["contactMedium"][0]["characteristic"]["phoneNumber"], "139****8000");
    let listed = clerk.get(&format!("{INDIVIDUAL}?familyName=张")).await.ok();
    assert_eq!(number(&listed[0]), "1101**********002X");
}

#[both_databases]
async fn what_was_seen_masked_can_be_sent_back_without_harm(t: TestApp) {
    let id = t.post(INDIVIDUAL, person(CARD)).await.created()["id"].as_str().unwrap().to_owned();
    let path = format!("{INDIVIDUAL}/{id}");
    let clerk = t.with_permissions(&["party.read", "party.write"]);
    let mut seen = clerk.get(&path).await.ok();
    seen["givenName"] = json!("大伟");
    clerk.patch(&path, seen).await.ok();
    let kept = t.get(&path).await.ok();
    assert_eq!((number(&kept), &kept["givenName"]), (CARD, &json!("大伟")));
    assert_eq!(kept["contactMedium"][0]["characteristic"]["phoneNumber"], "139 0013 8000");
    let foreign_mask = json!({"individualIdentification": [{"identificationType": "idCard", "identificationId": "4401**********0011"}]});
    clerk.patch(&path, foreign_mask).await.refused(400, "field.masked");
    assert_eq!(number(&t.get(&path).await.ok()), CARD);
}

#[both_databases]
async fn wrong_certificates_are_refused_with_the_reason(t: TestApp) {
    let before = t.digest().await;
    for bad in ["110105194912310021", "11010519491331002X", "1101051949123100", "990105194912310029"] {
        t.post(INDIVIDUAL, person(bad)).await.refused(400, "certificate.invalid");
    }
    let mut odd = person(CARD);
    odd["individualIdentification"] = json!({"identificationType": "idCard", "identificationId": CARD});
    t.post(INDIVIDUAL, odd).await.refused(400, "field.invalid");
    before.assert_unchanged(&t.digest().await);
    let mut other = person("whatever is written there");
    other["individualIdentification"][0]["identificationType"] = json!("fishing permit");
    t.post(INDIVIDUAL, other).await.created();
}

#[both_databases]
async fn organisations_come_by_both_base_paths(t: TestApp) {
    let code = "91350100M000100Y43";
    let made = t
        .post(
            "/tmf-api/party/v4/organization",
            json!({
                "tradingName": "福州恒达科技有限公司",
                "organizationIdentification": [{"identificationType": "businessLicence", "identificationId": code}],
            }),
        )
        .await
        .created();
    let id = made["id"].as_str().unwrap();
    let found = t.get("/tmf-api/partyManagement/v4/organization?tradingName=福州恒达科技有限公司").await.ok();
    assert_eq!(found[0]["id"], id);
    assert_eq!(found[0]["organizationIdentification"][0]["identificationId"], code);
    t.as_scope("/cn/35").get(&format!("/tmf-api/party/v4/organization/{id}")).await.refused(404, "not_found");
}

#[both_databases]
async fn every_text_is_kept_exactly(t: TestApp) {
    for text in naughty::all() {
        let made = t.post(INDIVIDUAL, json!({"givenName": text, "familyName": "怪", "note": text})).await.created();
        let read = t.get(&format!("{INDIVIDUAL}/{}", made["id"].as_str().unwrap())).await.ok();
        assert_eq!((&read["givenName"], &read["note"]), (&json!(text), &json!(text)));
    }
    t.post(INDIVIDUAL, json!({"givenName": "nul\u{0}", "familyName": "x"})).await.refused(400, "body.nul");
}
