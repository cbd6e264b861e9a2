//! The TMF630 dialect, told on one resource; every other resource goes through the same code.

use testkit::{TestApp, Value, both_databases, json};

const SPECS: &str = "/tmf-api/productCatalogManagement/v4/productSpecification";

/// Three specifications whose characteristics tell "the same element" from "some element".
async fn three(t: &TestApp) -> Vec<String> {
    let characteristic =
        |name: &str, kind: &str, value: Value| json!({"name": name, "valueType": kind, "default": value});
    let mut ids = Vec::new();
    for (name, brand, rank, open, characteristics) in [
        (
            "甲",
            "A",
            json!(5),
            true,
            json!([characteristic("speed", "number", json!(100)), characteristic("colour", "text", json!("red"))]),
        ),
        (
            "乙, 丙",
            "B",
            json!(50),
            false,
            json!([characteristic("speed", "number", json!(1000)), characteristic("colour", "text", json!("blue"))]),
        ),
        ("丁", "B", json!(7.5), true, json!([])),
    ] {
        let body = json!({"name": name, "brand": brand, "x-rank": rank, "x-open": open, "x-tags": ["dialect", name],
            "productSpecCharacteristic": characteristics, "x-nested": {"deep": {"value": rank}}});
        ids.push(t.post(SPECS, body).await.created()["id"].as_str().unwrap().to_owned());
    }
    ids
}

fn names(body: &Value) -> Vec<&str> {
    let mut names: Vec<&str> = body.as_array().unwrap().iter().filter_map(|r| r["name"].as_str()).collect();
    names.sort_unstable();
    names
}

#[both_databases]
async fn filters_find_what_they_say_and_nothing_else(t: TestApp) {
    let ids = three(&t).await;
    let all = vec!["丁", "乙, 丙", "甲"];
    let cases: &[(&str, Vec<&str>)] = &[
        ("brand=B", vec!["丁", "乙, 丙"]),
        ("brand=A,B", all.clone()),
        ("brand=A;B", all.clone()),
        ("brand=A&brand=B", all.clone()),
        ("brand=B&x-open=true", vec!["丁"]),
        ("x-open=false", vec!["乙, 丙"]),
        ("name=%22%E4%B9%99,%20%E4%B8%99%22", vec!["乙, 丙"]),
        ("x-rank.gt=5", vec!["丁", "乙, 丙"]),
        ("x-rank.gte=5", all.clone()),
        ("x-rank.lt=7.5", vec!["甲"]),
        ("x-rank.lte=7.5", vec!["丁", "甲"]),
        ("x-rank=7.50", vec!["丁"]),
        ("x-nested.deep.value.gt=10", vec!["乙, 丙"]),
        ("brand.regex=%5E%5BAB%5D%24", all.clone()),
        ("name.regex=%5E%E4%B8%81", vec!["丁"]),
        ("x-tags=%E7%94%B2", vec!["甲"]),
        // In the same element of the array, not in any two of them.
        ("productSpecCharacteristic.name=speed&productSpecCharacteristic.default=1000", vec!["乙, 丙"]),
        ("productSpecCharacteristic.name=colour&productSpecCharacteristic.default=1000", vec![]),
        ("productSpecCharacteristic.name=colour&productSpecCharacteristic.default=red", vec!["甲"]),
        ("brand=nothing", vec![]),
        ("nosuch.attribute=1", vec![]),
    ];
    for (query, expected) in cases {
        let response = t.get(&format!("{SPECS}?x-tags=dialect&{query}&limit=100")).await;
        // `x-tags` twice means "or", so that one case is asked alone.
        let response = if query.starts_with("x-tags") { t.get(&format!("{SPECS}?{query}")).await } else { response };
        assert_eq!(names(&response.ok()), *expected, "{query}");
        assert_eq!(response.total(), expected.len() as i64, "{query}");
    }
    let one = t.get(&format!("{SPECS}?id={}", ids[0])).await;
    assert_eq!(names(&one.ok()), ["甲"]);
}

#[both_databases]
async fn queries_that_make_no_sense_are_refused_and_touch_nothing(t: TestApp) {
    let before = t.digest().await;
    for query in
        ["a'b=1", "x.regex=%5B", "limit=-1", "offset=x", "limit=1e9", "sort=a'b", "%24where=1", "a..b=1", "name)=1"]
    {
        t.get(&format!("{SPECS}?{query}")).await.refused(400, "query.invalid");
    }
    t.get(&format!("{SPECS}?name=%27%3BDROP%20TABLE%20product_specification%3B--")).await.ok();
    before.assert_unchanged(&t.digest().await);
}

#[both_databases]
async fn pages_fields_and_order_are_as_asked(t: TestApp) {
    let ids = three(&t).await;
    let list = t.get(&format!("{SPECS}?x-tags=dialect&limit=2&sort=x-nested.deep.value")).await;
    assert_eq!(list.status.as_u16(), 206, "a part was asked for and given");
    assert_eq!((list.header("x-result-count"), list.total()), (Some("2"), 3));
    let link = list.header("link").unwrap();
    assert!(link.contains("offset=2") && link.contains("rel=\"next\"") && !link.contains("rel=\"prev\""), "{link}");
    let rest = t.get(&format!("{SPECS}?x-tags=dialect&limit=2&offset=2")).await.expect(206);
    assert_eq!(rest.as_array().unwrap().len(), 1);
    t.get(&format!("{SPECS}?x-tags=dialect&limit=10")).await.expect(200);
    t.get(&format!("{SPECS}?x-tags=dialect")).await.expect(200);

    let newest = t.get(&format!("{SPECS}?x-tags=dialect")).await.ok();
    assert_eq!(newest[0]["id"], ids[2], "the newest leads");
    let by_name = t.get(&format!("{SPECS}?x-tags=dialect&sort=-name")).await.ok();
    assert_eq!(by_name[0]["name"], "甲");

    let few = t.get(&format!("{SPECS}/{}?fields=name,productSpecCharacteristic.name", ids[0])).await.ok();
    let keys: Vec<&String> = few.as_object().unwrap().keys().collect();
    assert_eq!(keys.len(), 4, "{keys:?}");
    assert_eq!(few["productSpecCharacteristic"][0], json!({"name": "speed"}));
}

#[both_databases]
async fn a_patch_applies_whole_or_not_at_all(t: TestApp) {
    let id = three(&t).await[0].clone();
    let path = format!("{SPECS}/{id}");
    let merged = t.patch(&path, json!({"brand": "C", "x-open": null})).await;
    assert_eq!((&merged.ok()["brand"], merged.ok().get("x-open")), (&json!("C"), None));

    let operations =
        json!([{"op": "test", "path": "/brand", "value": "C"}, {"op": "replace", "path": "/brand", "value": "D"}]);
    let patched = t.patch(&path, Value::Null).raw(operations.to_string(), "application/json-patch+json").await.ok();
    assert_eq!(patched["brand"], "D");
    let chosen = json!([{"op": "replace", "path": "/productSpecCharacteristic?name=colour/default", "value": "green"}]);
    let patched = t.patch(&path, Value::Null).raw(chosen.to_string(), "application/json-patch-query+json").await.ok();
    assert_eq!(patched["productSpecCharacteristic"][1]["default"], "green");

    let before = t.digest().await;
    let half = json!([{"op": "replace", "path": "/brand", "value": "E"}, {"op": "remove", "path": "/nowhere"}]);
    t.patch(&path, Value::Null)
        .raw(half.to_string(), "application/json-patch+json")
        .await
        .refused(400, "patch.invalid");
    for name in ["id", "href", "@type"] {
        t.patch(&path, json!({name: "other"})).await.refused(400, "field.readonly");
    }
    t.patch(&path, json!({"name": null})).await.refused(400, "field.missing");
    t.patch(&path, json!(["not", "an", "object"])).await.refused(400, "patch.invalid");
    t.patch(&path, Value::Null).raw("{}", "text/plain").await.refused(415, "body.media_type");
    t.patch(&path, json!({"brand": "F"})).if_match(1).await.refused(412, "precondition.failed");
    before.assert_unchanged(&t.digest().await);
    let version = t.get(&path).await.version();
    t.patch(&path, json!({"brand": "F"})).if_match(version).await.ok();
}

#[both_databases]
async fn a_request_under_one_key_happens_once(t: TestApp) {
    let first = t.post(SPECS, json!({"name": "once"})).key("k-1").await;
    let id = first.created()["id"].clone();
    let again = t.post(SPECS, json!({"name": "once"})).key("k-1").await;
    assert_eq!((again.created()["id"].clone(), again.header("idempotency-replayed")), (id.clone(), Some("true")));
    assert_eq!(again.header("location"), first.header("location"));
    t.post(SPECS, json!({"name": "another"})).key("k-1").await.refused(422, "idempotency.reused");
    let other_person = t.named("somebody-else").post(SPECS, json!({"name": "once"})).key("k-1").await.created();
    assert_ne!(other_person["id"], id, "a key belongs to its caller");
    let many = (0..8).map(|_| tokio::spawn(t.post(SPECS, json!({"name": "at once"})).key("k-2").send()));
    let mut ids = Vec::new();
    for call in many.collect::<Vec<_>>() {
        ids.push(call.await.unwrap().created()["id"].clone());
    }
    assert!(ids.iter().all(|i| *i == ids[0]), "{ids:?}");
}

#[both_databases]
async fn bodies_that_cannot_be_read_are_refused_whole(t: TestApp) {
    let before = t.digest().await;
    let post = |body: Vec<u8>| t.post(SPECS, Value::Null).raw(body, "application/json");
    post(b"{\"name\": ".to_vec()).await.refused(400, "body.invalid");
    post(b"".to_vec()).await.refused(400, "body.invalid");
    post(b"[1,2]".to_vec()).await.refused(400, "body.invalid");
    post(vec![0xff, 0xfe]).await.refused(400, "body.invalid");
    post(format!("{{\"name\":{}1{}}}", "[".repeat(5_000), "]".repeat(5_000)).into_bytes())
        .await
        .refused(400, "body.invalid");
    post(b"{\"name\":\"a\\u0000b\"}".to_vec()).await.refused(400, "body.nul");
    post(format!("{{\"name\":\"{}\"}}", "x".repeat(10 << 20)).into_bytes()).await.refused(413, "body.too_large");
    t.post(SPECS, json!({})).await.refused(400, "field.missing");
    t.post(SPECS, json!({"name": "x", "id": "a/b"})).await.refused(400, "id.invalid");
    t.post(SPECS, json!({"name": "x"})).key("two words").await.refused(400, "idempotency.invalid");
    before.assert_unchanged(&t.digest().await);
}

#[both_databases]
async fn what_a_client_sends_comes_back_and_what_is_gone_is_gone(t: TestApp) {
    let sent =
        json!({"name": "往返 🙂 'quote\" \\ </script>", "x-unknown": {"a": [1, 2.5, null, true]}, "@type": "Special"});
    let response = t.post(SPECS, sent.clone()).await;
    let made = response.created();
    let path = response.header("location").unwrap().to_owned();
    assert_eq!(made["href"], path.as_str());
    let read = t.get(&path).await.ok();
    for (name, value) in sent.as_object().unwrap() {
        assert_eq!(read[name], *value, "{name}");
    }
    assert_eq!(t.post(SPECS, json!({"name": "mine", "id": "own-id-1"})).await.created()["id"], "own-id-1");
    t.post(SPECS, json!({"name": "mine", "id": "own-id-1"})).await.refused(409, "duplicate");
    t.delete(&path).await.no_content();
    t.get(&path).await.refused(404, "not_found");
    t.delete(&path).await.refused(404, "not_found");
    t.get(&format!("{SPECS}/%7B%7Bstrange%7D%7D")).await.refused(404, "not_found");
    t.call(http::axum::http::Method::PUT, &path).await.refused(405, "method_not_allowed");
}
