//! Addresses, sites, and what can be had where.

use inventory::{places, ports, qualify};
use kernel::OrgPath;
use testkit::{TestApp, Value, both_databases, json};

const ADDRESSES: &str = "/tmf-api/geographicAddressManagement/v4/geographicAddress";

async fn address(t: &TestApp, number: &str) -> String {
    let body = json!({"stateOrProvince": "广东省", "city": "广州市", "locality": "天河区", "streetName": "天河路", "streetNr": number});
    t.in_org("/cn/44/4401").post(ADDRESSES, body).await.created()["id"].as_str().unwrap().to_owned()
}

async fn cover(t: &TestApp, id: &str, technology: &str, device: &str, mbps: i64, blocked: &str) {
    let body =
        json!({"technology": technology, "device": device, "maxMbps": mbps, "blocked": blocked, "source": "资源普查"});
    t.put(&format!("/api/v1/addresses/{id}/coverage"), body).await.ok();
}

async fn asked(t: &TestApp, address: &str, family: &str, mbps: i64) -> Value {
    let encoded: String = address.bytes().map(|b| format!("%{b:02X}")).collect();
    t.get(&format!("/api/v1/coverage?address={encoded}&family={family}&mbps={mbps}")).await.ok()
}

#[both_databases]
async fn an_address_tells_what_can_be_had_and_why_not(t: TestApp) {
    let id = address(&t, "385号").await;
    cover(&t, &id, "ftth", "OLT-9", 1_000, "").await;
    cover(&t, &id, "lan", "SW-9", 100, "").await;
    let answer = asked(&t, &id, "broadband", 300).await;
    assert_eq!((&answer["result"], &answer["technology"]), (&json!("qualified"), &json!("ftth")));
    let hall = t.as_scope("/cn/44/4401/h001");
    let rows = hall.get("/api/v1/addresses?q=%E5%A4%A9%E6%B2%B3%20385").await.ok();
    assert_eq!((&rows[0]["id"], &rows[0]["text"]), (&json!(id), &json!("广东省广州市天河区天河路385号")));
    assert!(
        t.as_scope("/cn/32").get("/api/v1/addresses?q=%E5%A4%A9%E6%B2%B3").await.ok().as_array().unwrap().is_empty()
    );
    // Every port taken: the other technology is offered, and the reason told.
    t.write(|tx| {
        ports::add(tx, &OrgPath::parse("/cn/44/4401")?, "OLT-9", 1)?;
        ports::close(tx, "OLT-9")
    })
    .await;
    let answer = asked(&t, "广东省 广州市 天河区 天河路385号", "broadband", 300).await;
    let codes: Vec<&str> = answer["reasons"].as_array().unwrap().iter().map(|r| r["code"].as_str().unwrap()).collect();
    assert_eq!((&answer["result"], codes), (&json!("alternate"), vec!["coverage.no_port", "coverage.too_slow"]));
    assert_eq!(answer["alternatives"], json!([{"technology": "lan", "maxMbps": 100}]));
    cover(&t, &id, "lan", "SW-9", 100, "机房搬迁").await;
    assert_eq!(asked(&t, &id, "broadband", 50).await["result"], "unqualified");
    assert_eq!(asked(&t, "月球基地", "broadband", 50).await["result"], "unverified");
    assert_eq!(asked(&t, "月球基地", "content", 0).await["result"], "qualified", "needs no line");
    let inside = t.write(move |tx| qualify(tx, &id, "leasedLine", 2)).await;
    assert_eq!(inside.result, "unqualified");
    t.get("/api/v1/coverage?family=broadband").await.refused(400, "field.missing");
}

#[both_databases]
async fn coverage_is_kept_by_those_to_whom_the_address_belongs(t: TestApp) {
    let id = address(&t, "1号").await;
    let before = t.digest().await;
    let body = json!({"technology": "ftth", "device": "OLT-1", "maxMbps": 1000, "source": "x"});
    let path = format!("/api/v1/addresses/{id}/coverage");
    t.as_scope("/cn/44/4401/h001").put(&path, body.clone()).await.refused(404, "not_found");
    t.put(&path, json!({"technology": "string", "device": "OLT-1", "maxMbps": 1000, "source": "x"}))
        .await
        .refused(400, "field.invalid");
    t.put(&path, json!({"technology": "ftth", "device": "OLT-1", "maxMbps": 1000, "source": " "}))
        .await
        .refused(400, "field.missing");
    before.assert_unchanged(&t.digest().await);
    t.put(&path, body).await.ok();
    t.delete(&format!("{path}?technology=ftth&device=OLT-1")).await.no_content();
    t.delete(&format!("{path}?technology=ftth&device=OLT-1")).await.refused(404, "not_found");
}

#[both_databases]
async fn addresses_sites_and_qualification_speak_tmf(t: TestApp) {
    let id = address(&t, "7号").await;
    cover(&t, &id, "ftth", "OLT-1", 1_000, "").await;
    let known = json!({"submittedGeographicAddress": {"city": "广州市", "stateOrProvince": "广东省", "locality": "天河区", "streetName": "天河路", "streetNr": "7号"}});
    let path = "/tmf-api/geographicAddressManagement/v4/geographicAddressValidation";
    let valid = t.post(path, known).await.created();
    assert_eq!((&valid["validationResult"], &valid["validAddress"]["id"]), (&json!("success"), &json!(id)));
    let near = t.post(path, json!({"submittedGeographicAddress": {"streetName": "天河路"}})).await.created();
    assert_eq!(
        (&near["validationResult"], &near["alternateGeographicAddress"][0]["id"]),
        (&json!("partial"), &json!(id))
    );
    t.post(path, json!({})).await.refused(400, "field.missing");

    let sites = "/tmf-api/geographicSiteManagement/v4/geographicSite";
    let site = json!({"name": "天河机房", "code": "GZ-TH", "place": {"id": id, "@referredType": "GeographicAddress"}});
    let made = t.post(sites, site).await.created();
    assert_eq!(made["status"], "active");
    let path = format!("{sites}/{}", made["id"].as_str().unwrap());
    assert_eq!(t.patch(&path, json!({"status": "planned"})).await.ok()["status"], "planned");
    let lost = json!({"name": "x", "place": {"id": "nowhere", "@referredType": "GeographicAddress"}});
    t.post(sites, lost).await.refused(422, "reference.unknown");
    assert_eq!(t.get(&format!("{sites}?name=%E5%A4%A9%E6%B2%B3%E6%9C%BA%E6%88%BF")).await.ok()[0]["id"], made["id"]);
    t.delete(&path).await.no_content();

    let service = |speed: &str| {
        json!({"serviceSpecification": {"id": "111", "name": "CFS_Access"},
        "serviceCharacteristic": [{"name": "downloadSpeed", "value": speed}], "place": [{"id": id, "@type": "GeographicAddress"}]})
    };
    let body = json!({"externalId": "SQ1", "serviceQualificationItem": [{"id": "1", "service": service("300Mb/s")}, {"id": "2", "service": service("10Gbps")}]});
    let checked = t.post("/tmf-api/serviceQualificationManagement/v4/checkServiceQualification", body).await.created();
    let results = [0, 1].map(|n| checked["serviceQualificationItem"][n]["qualificationItemResult"].as_str().unwrap());
    assert_eq!((results, &checked["qualificationResult"]), (["qualified", "alternate"], &json!("alternate")));
    let query = json!({"searchCriteria": {"service": {"place": [{"id": id}]}}});
    let found = t.post("/tmf-api/serviceQualificationManagement/v4/queryServiceQualification", query).await.created();
    assert!(found["serviceQualificationItem"].as_array().unwrap().len() >= 3);
    assert_eq!(places::CHECK.name, "checkServiceQualification");
}
