//! Customers: entered at the counter and by TMF629, found by whatever is typed, seen by whom they concern.

use crate::naughty;
use testkit::{TestApp, Value, both_databases, json};

const CUSTOMER: &str = "/tmf-api/customerManagement/v4/customer";
const CARD: &str = "11010519491231002X";

pub async fn enter(t: &TestApp, name: &str, phone: &str, card: Option<&str>) -> String {
    let body = json!({"kind": "individual", "name": name, "phone": phone, "certificateType": "idCard", "certificate": card, "address": "天河路 1 号"});
    t.post("/api/v1/customers", body).await.created()["id"].as_str().unwrap().to_owned()
}

/// What the box finds: `(name, match)`.
async fn find(t: &testkit::Client, q: &str) -> Vec<(String, String)> {
    let query: String = q.bytes().map(|b| format!("%{b:02X}")).collect();
    let found = t.get(&format!("/api/v1/find?q={query}&limit=50")).await.ok();
    let text = |v: &Value| v.as_str().unwrap().to_owned();
    found["customers"].as_array().unwrap().iter().map(|c| (text(&c["name"]), text(&c["match"]))).collect()
}

fn one(name: &str, by: &str) -> Vec<(String, String)> {
    vec![(name.to_owned(), by.to_owned())]
}

#[both_databases]
async fn a_customer_is_found_by_everything_people_type(t: TestApp) {
    let id = enter(&t, "单雄信", "139 0013 8000", Some(CARD)).await;
    enter(&t, "王小明", "13900138001", None).await;
    t.write({
        let id = id.clone();
        move |tx| {
            customer::add_key(tx, &id, customer::KeyKind::Account, "A0000123")?;
            customer::add_key(tx, &id, customer::KeyKind::Circuit, "GZ-SDH-00001NP")?;
            customer::add_key(tx, &id, customer::KeyKind::Broadband, "gz10000000@163.gd")?;
            customer::add_key(tx, &id, customer::KeyKind::Number, "19900000001")
        }
    })
    .await;
    let no = t.get(&format!("{CUSTOMER}/{id}")).await.ok()["customerNo"].as_str().unwrap().to_owned();
    for (typed, by) in [
        ("13900138000", "phone"),
        ("+86 139-0013-8000", "phone"),
        ("单雄信", "name"),
        ("单雄", "name"),
        ("shanxiongxin", "pinyin"),
        ("Shan Xiong", "pinyin"),
        ("sxx", "initials"),
        (CARD, "certificate"),
        ("11010519491231002x", "certificate"),
        ("a0000123", "account"),
        ("gz-sdh-00001", "circuit"),
        ("gz10000000", "broadband"),
        ("19900000001", "phone"),
        (no.as_str(), "customerNo"),
    ] {
        assert_eq!(find(&t, typed).await, one("单雄信", by), "{typed}");
    }
    assert_eq!(find(&t, "1390013").await.len(), 2, "the beginning of a number finds all that begin so");
    for nothing in ["", "   ", "110105194912310", "danxiongxin", "%", "_"] {
        assert!(find(&t, nothing).await.is_empty(), "{nothing}");
    }
}

#[both_databases]
async fn a_search_ends_at_the_borders_of_ones_area(t: TestApp) {
    enter(&t, "张伟", "13900138000", Some(CARD)).await;
    for elsewhere in ["/cn/51", "/cn/44/4403", "/cn/44/4401/h002"] {
        let clerk = t.as_scope(elsewhere);
        for q in ["13900138000", "张伟", "zhangwei", "zw", CARD] {
            assert!(find(&clerk, q).await.is_empty(), "{elsewhere} {q}");
        }
    }
    assert_eq!(find(&t.as_scope("/cn/44"), "张伟").await, one("张伟", "name"));
}

#[both_databases]
async fn who_may_not_see_numbers_sees_them_masked(t: TestApp) {
    let id = enter(&t, "张伟", "13900138000", Some(CARD)).await;
    let clerk = t.as_role("clerk");
    let found = clerk.get("/api/v1/find?q=13900138000").await.ok();
    assert_eq!(
        (&found["customers"][0]["phone"], &found["customers"][0]["certificate"]),
        (&json!("139****8000"), &json!("1101**********002X"))
    );
    let document = clerk.get(&format!("{CUSTOMER}/{id}")).await.ok();
    assert_eq!(document["contactMedium"][0]["characteristic"]["phoneNumber"], "139****8000");
    let full = t.get("/api/v1/find?q=13900138000").await.ok();
    assert_eq!(
        (&full["customers"][0]["phone"], &full["customers"][0]["certificate"]),
        (&json!("13900138000"), &json!(CARD))
    );
}

#[both_databases]
async fn a_number_is_revealed_for_a_reason_and_leaves_its_trace(t: TestApp) {
    let id = enter(&t, "张伟", "13900138000", Some(CARD)).await;
    let clerk = t.as_role("clerk");
    let path = format!("/api/v1/customers/{id}/reveal");
    clerk.get(&format!("{path}?field=certificate")).await.refused(400, "field.missing");
    clerk.get(&format!("{path}?field=name&reason=x")).await.refused(400, "field.invalid");
    assert_eq!(clerk.get(&format!("{path}?field=certificate&reason=核对证件")).await.ok()["value"], CARD);
    assert_eq!(clerk.get(&format!("{path}?field=phone&reason=回访")).await.ok()["value"], "13900138000");
    assert_eq!(t.count("SELECT COUNT(*) FROM audit_entry WHERE action = 'customer.reveal'").await, 2);
    clerk.as_scope("/cn/51").get(&format!("{path}?field=phone&reason=x")).await.refused(404, "not_found");
    t.with_permissions(&["customer.read"])
        .get(&format!("{path}?field=phone&reason=x"))
        .await
        .refused(403, "auth.forbidden");
}

#[both_databases]
async fn the_same_person_is_not_entered_twice(t: TestApp) {
    let id = enter(&t, "张伟", "13900138000", Some(CARD)).await;
    let before = t.digest().await.without(&["customer_claim"]);
    let again = |name: &str, phone: &str, card: &str| json!({"name": name, "phone": phone, "certificateType": "idCard", "certificate": card});
    let refusal = t
        .post("/api/v1/customers", again("张大伟", "13811112222", "110105 19491231 002x"))
        .await
        .refused(409, "customer.duplicate");
    assert_eq!(refusal["existing"], id.as_str());
    let refusal =
        t.post("/api/v1/customers", again("张伟", "+86 13900138000", "")).await.refused(409, "customer.duplicate");
    assert_eq!(refusal["existing"], id.as_str());
    let elsewhere = t
        .as_scope("/cn/51/5101")
        .post("/api/v1/customers", again("张伟", "", CARD))
        .await
        .refused(409, "customer.duplicate");
    assert!(elsewhere.get("existing").is_none(), "what one may not see is not named");
    before.assert_unchanged(&t.digest().await.without(&["customer_claim"]));
    t.post("/api/v1/customers", again("张小伟", "13900138000", "")).await.created();
}

#[both_databases]
async fn of_two_clerks_at_once_one_enters_the_person(t: TestApp) {
    let body = json!({"name": "张伟", "phone": "13900138000", "certificateType": "idCard", "certificate": CARD});
    let (a, b) =
        tokio::join!(t.post("/api/v1/customers", body.clone()).send(), t.post("/api/v1/customers", body).send());
    let mut statuses = [a.status.as_u16(), b.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    assert_eq!(t.count("SELECT COUNT(*) FROM customer").await, 1);
    assert_eq!(t.count("SELECT COUNT(*) FROM individual").await, 1);
}

#[both_databases]
async fn what_cannot_be_right_is_refused_with_its_field(t: TestApp) {
    let before = t.digest().await;
    for (body, code, field) in [
        (json!({"name": "  "}), "field.missing", "name"),
        (json!({"name": "张伟", "kind": "robot"}), "field.invalid", "kind"),
        (json!({"name": "张伟", "phone": "1390013800"}), "phone.invalid", "phone"),
        (json!({"name": "张伟", "certificate": "110105194912310021"}), "certificate.invalid", "certificate"),
        (json!({"name": "张伟", "org": "nowhere"}), "org.invalid", "org"),
    ] {
        let refusal = t.post("/api/v1/customers", body).await.refused(400, code);
        assert_eq!(refusal["field"], field);
    }
    t.as_scope("/cn/44")
        .post("/api/v1/customers", json!({"name": "张伟", "org": "/cn/51/5101"}))
        .await
        .refused(422, "reference.unknown");
    before.assert_unchanged(&t.digest().await);
}

#[both_databases]
async fn tmf629_keeps_what_was_sent_and_checks_its_party(t: TestApp) {
    let foreign = json!({"name": "Moon Football Club", "engagedParty": {"@referredType": "Organization", "id": "500"}, "mascot": {"x": [1]}, "status": "Approved"});
    let made = t.post(CUSTOMER, foreign).await.created();
    assert_eq!(
        (&made["@type"], &made["mascot"], &made["status"]),
        (&json!("Customer"), &json!({"x": [1]}), &json!("Approved"))
    );
    assert_eq!(find(&t, "moon").await, one("Moon Football Club", "name"));
    let by_url = json!({"name": "X", "engagedParty": {"id": "7", "href": "https://other.example/party/7"}});
    t.post(CUSTOMER, by_url).await.created();
    let missing = json!({"name": "X", "engagedParty": {"id": "019ab1c2-0000-7000-8000-0123456789ab"}});
    t.post(CUSTOMER, missing).await.refused(422, "reference.unknown");
    t.post(CUSTOMER, json!({"name": "X"})).await.refused(400, "field.missing");
    let person = t
        .post(
            "/tmf-api/party/v4/individual",
            json!({"givenName": "伟", "familyName": "张",
        "individualIdentification": [{"identificationType": "idCard", "identificationId": CARD}]}),
        )
        .await
        .created();
    let own = json!({"name": "张伟", "engagedParty": {"id": person["id"], "@referredType": "Individual"}});
    let own = t.post(CUSTOMER, own).await.created();
    assert_eq!(own["certificate"]["number"], "1101**********002X");
    assert_eq!(find(&t, CARD).await, one("张伟", "certificate"));
}

#[both_databases]
async fn a_changed_customer_is_found_by_the_new_and_no_more_by_the_old(t: TestApp) {
    let id = enter(&t, "张伟", "13900138000", Some(CARD)).await;
    let path = format!("{CUSTOMER}/{id}");
    let media = json!([{"mediumType": "mobile", "preferred": true, "characteristic": {"phoneNumber": "13811112222"}}]);
    t.patch(&path, json!({"name": "曾伟", "contactMedium": media})).await.ok();
    assert_eq!(find(&t, "zengwei").await, one("曾伟", "pinyin"));
    assert_eq!(find(&t, "13811112222").await, one("曾伟", "phone"));
    assert!(find(&t, "13900138000").await.is_empty() && find(&t, "zhangwei").await.is_empty());
    t.patch(&path, json!({"customerNo": "C1"})).await.refused(400, "field.readonly");
    t.patch(&path, json!({"status": "closed"})).await.ok();
    t.patch(&path, json!({"status": "suspended"})).await.refused(409, "customer.status");
    t.delete(&path).await.no_content();
    assert_eq!(t.count("SELECT COUNT(*) FROM customer_key").await, 0);
}

#[both_databases]
async fn a_customer_follows_the_person_behind(t: TestApp) {
    let id = enter(&t, "张伟", "13900138000", Some(CARD)).await;
    t.settle().await;
    let party = t.get(&format!("{CUSTOMER}/{id}")).await.ok()["engagedParty"]["href"].as_str().unwrap().to_owned();
    let other = "440524188001010014";
    t.patch(&party, json!({"individualIdentification": [{"identificationType": "idCard", "identificationId": other}]}))
        .await
        .ok();
    t.settle().await;
    assert_eq!(find(&t, other).await, one("张伟", "certificate"));
    assert!(find(&t, CARD).await.is_empty());
    assert_eq!(t.get(&format!("{CUSTOMER}/{id}")).await.ok()["certificate"]["number"], "4405**********0014");
}

#[both_databases]
async fn a_customer_with_a_line_is_not_deleted(t: TestApp) {
    let id = enter(&t, "张伟", "13900138000", None).await;
    let held = id.clone();
    t.write(move |tx| customer::add_key(tx, &held, customer::KeyKind::Number, "19900000001")).await;
    t.delete(&format!("{CUSTOMER}/{id}")).await.refused(409, "customer.in_use");
    assert_eq!(find(&t, "19900000001").await.len(), 1);
}

#[both_databases]
async fn every_name_is_kept_exactly_and_found(t: TestApp) {
    for (n, name) in naughty::all().into_iter().enumerate() {
        if name.trim().is_empty() {
            t.post("/api/v1/customers", json!({"name": name})).await.refused(400, "field.missing");
            continue;
        }
        let body = json!({"name": name, "phone": format!("138{n:08}"), "address": name});
        let id = t.post("/api/v1/customers", body).await.created()["id"].as_str().unwrap().to_owned();
        assert_eq!(t.get(&format!("{CUSTOMER}/{id}")).await.ok()["name"], name.as_str());
        let view = t.get(&format!("/api/v1/customers/{id}/view")).await.ok();
        assert_eq!((&view["customer"]["name"], &view["customer"]["address"]), (&json!(name), &json!(name)));
        let by_phone = find(&t, &format!("138{n:08}")).await;
        assert_eq!(by_phone, one(&name, "phone"));
        let folds = name.chars().any(|c| !c.is_whitespace() && !c.is_control());
        if folds && name.chars().count() <= 150 {
            assert!(find(&t, &name).await.iter().any(|(found, _)| *found == name), "{name:?}");
        }
    }
}
