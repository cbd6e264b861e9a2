//! Real name: what is shown at the counter, by whom, for how long it holds; who must show it again; who is refused.

use crate::customer::enter;
use party::realname::adapters::Devices;
use testkit::{TestApp, Value, both_databases, json};

const CARD: &str = "11010519491231002X";
const OTHER: &str = "440524188001010014";
/// Born 2015.
const CHILD: &str = "440106201503070013";
const VERIFY: &str = "/api/v1/verifications";

fn ask(role: &str, card: &str, name: &str) -> Value {
    json!({"method": "manual", "role": role, "certificateType": "idCard", "certificate": card, "name": name})
}

fn child() -> String {
    // The check character is computed, so that the number is a good one.
    let digits = &CHILD[..17];
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = digits.bytes().zip(weights).map(|(b, w)| u32::from(b - b'0') * w).sum();
    format!("{digits}{}", char::from(b"10X98765432"[(sum % 11) as usize]))
}

fn codes(verification: &Value) -> Vec<String> {
    verification["problems"].as_array().unwrap().iter().map(|p| p["code"].as_str().unwrap().to_owned()).collect()
}

async fn check(t: &TestApp, customer: &str, verification: Option<&str>, proxy: Option<&str>) -> Vec<&'static str> {
    let (customer, verification, proxy) =
        (customer.to_owned(), verification.map(str::to_owned), proxy.map(str::to_owned));
    t.write(move |tx| {
        let ask = customer::NameCheck {
            customer_id: &customer,
            family: "mobile",
            business: "open",
            verification_id: verification.as_deref(),
            proxy_verification_id: proxy.as_deref(),
        };
        Ok(customer::check_name(tx, &ask)?.iter().map(|p| p.code.id).collect())
    })
    .await
}

#[both_databases]
async fn a_verification_holds_for_its_certificate_and_for_minutes(t: TestApp) {
    let customer = enter(&t, "张伟", "13900138000", Some(CARD)).await;
    let mut body = ask("holder", "11010519491231002x", "张 伟");
    body["customerId"] = json!(customer);
    let made = t.post(VERIFY, body).await.created();
    assert_eq!((made["result"].as_str(), made["masked"].as_str()), (Some("passed"), Some("1101**********002X")));
    let id = made["id"].as_str().unwrap();
    assert_eq!(check(&t, &customer, Some(id), None).await, Vec::<&str>::new());
    let other = enter(&t, "李娜", "13900138001", Some(OTHER)).await;
    assert_eq!(check(&t, &other, Some(id), None).await, ["realname.other_certificate"]);
    t.advance(31 * 60);
    assert_eq!(check(&t, &customer, Some(id), None).await, ["realname.verification_expired"]);
    assert_eq!(check(&t, &customer, Some("nothing"), None).await, ["realname.verification_unknown"]);
    let stored = t.count("SELECT COUNT(*) FROM verification WHERE certificate_sealed LIKE '%1949%' OR certificate_masked LIKE '%1949%'").await;
    assert_eq!(stored, 0, "no number lies in clear");
    t.as_scope("/cn/35").get(&format!("{VERIFY}/{id}")).await.refused(404, "not_found");
}

#[both_databases]
async fn what_fails_is_recorded_with_everything_that_is_wrong(t: TestApp) {
    let customer = enter(&t, "张伟", "13900138000", Some(CARD)).await;
    let wrong = t.post(VERIFY, ask("holder", "110105194912310021", "张伟")).await.created();
    assert_eq!((wrong["result"].as_str(), codes(&wrong)), (Some("failed"), vec!["certificate.invalid".to_owned()]));
    assert_eq!(check(&t, &customer, wrong["id"].as_str(), None).await, ["realname.verification_failed"]);
    let mut body = ask("holder", OTHER, "李娜");
    body["customerId"] = json!(customer);
    assert_eq!(codes(&t.post(VERIFY, body.clone()).await.created()), ["realname.other_certificate"]);
    body["birthDate"] = json!("1999-01-01");
    let two = codes(&t.post(VERIFY, body).await.created());
    assert_eq!(two, ["realname.birth_date", "realname.other_certificate"]);
    let before = t.digest().await;
    t.post(VERIFY, ask("holder", CARD, "")).await.refused(400, "field.missing");
    t.post(VERIFY, json!({"method": "guess", "role": "holder"})).await.refused(400, "body.invalid");
    let mut foreign = ask("holder", CARD, "张伟");
    foreign["customerId"] = json!("nobody");
    t.post(VERIFY, foreign).await.refused(422, "reference.unknown");
    before.assert_unchanged(&t.digest().await);
}

#[both_databases]
async fn who_has_no_certificate_is_refused(t: TestApp) {
    let nobody = enter(&t, "无证", "13900138009", None).await;
    assert_eq!(check(&t, &nobody, None, None).await, ["realname.no_certificate"]);
    let customer = enter(&t, "张伟", "13900138000", Some(CARD)).await;
    assert_eq!(check(&t, &customer, None, None).await, Vec::<&str>::new());
    let rule = json!({"family": "mobile", "business": "open", "level": "verification", "source": "本厅试行"});
    t.put("/api/v1/realname/rules", rule.clone()).await.ok();
    assert_eq!(check(&t, &customer, None, None).await, ["realname.verification_missing"]);
    t.as_role("clerk").put("/api/v1/realname/rules", rule).await.refused(403, "auth.forbidden");
    t.put("/api/v1/realname/rules", json!({"family": "mobile", "business": "open", "level": "none"}))
        .await
        .refused(400, "field.missing");
    let rules = t.get("/api/v1/realname/rules").await.ok();
    let all = rules["rules"].as_array().unwrap();
    assert!(all.iter().all(|r| !r["source"].as_str().unwrap().is_empty()));
}

#[both_databases]
async fn a_proxy_shows_both_certificates(t: TestApp) {
    let customer = enter(&t, "张伟", "13900138000", Some(CARD)).await;
    let holder = t.post(VERIFY, ask("holder", CARD, "张伟")).await.created();
    let proxy = t.post(VERIFY, ask("proxy", OTHER, "李娜")).await.created();
    let (holder, proxy) = (holder["id"].as_str(), proxy["id"].as_str());
    assert_eq!(check(&t, &customer, holder, proxy).await, Vec::<&str>::new());
    assert_eq!(check(&t, &customer, None, proxy).await, ["realname.verification_missing"]);
    assert_eq!(check(&t, &customer, holder, holder).await, ["realname.role"]);
    let same = t.post(VERIFY, ask("proxy", CARD, "张伟")).await.created();
    assert_eq!(check(&t, &customer, holder, same["id"].as_str()).await, ["realname.same_person"]);
}

#[both_databases]
async fn a_minor_comes_with_a_guardian(t: TestApp) {
    let card = child();
    let alone = t.post(VERIFY, ask("holder", &card, "张小宝")).await.created();
    assert_eq!(codes(&alone), ["realname.guardian_required"]);
    let guardian = t.post(VERIFY, ask("guardian", CARD, "张伟")).await.created();
    let mut body = ask("holder", &card, "张小宝");
    body["guardianVerificationId"] = guardian["id"].clone();
    assert_eq!(t.post(VERIFY, body.clone()).await.created()["result"], "passed");
    let proxy = t.post(VERIFY, ask("proxy", OTHER, "李娜")).await.created();
    body["guardianVerificationId"] = proxy["id"].clone();
    assert_eq!(codes(&t.post(VERIFY, body).await.created()), ["realname.role"]);
    assert_eq!(codes(&t.post(VERIFY, ask("guardian", &card, "张小宝")).await.created()), ["realname.too_young"]);
}

#[both_databases]
async fn readers_and_faces_come_through_their_adapters(t: TestApp) {
    let dir = t.dir().join("devices");
    std::fs::create_dir_all(dir.join("readers")).unwrap();
    std::fs::create_dir_all(dir.join("faces")).unwrap();
    let card = |until: &str| {
        json!({"certificateType": "idCard", "certificate": CARD, "name": "张伟", "validUntil": until}).to_string()
    };
    std::fs::write(dir.join("readers/hall-1.json"), card("2040-01-01")).unwrap();
    std::fs::write(dir.join("readers/hall-2.json"), "").unwrap();
    std::fs::write(dir.join("readers/hall-3.json"), card("2020-01-01")).unwrap();
    std::fs::write(dir.join("readers/hall-4.json"), "{\"odd\": 1}").unwrap();
    let face =
        |permille: i64, alive: bool| json!({"certificate": CARD, "permille": permille, "alive": alive}).to_string();
    std::fs::write(dir.join("faces/good.json"), face(930, true)).unwrap();
    std::fs::write(dir.join("faces/other.json"), face(412, true)).unwrap();
    std::fs::write(dir.join("faces/paper.json"), face(990, false)).unwrap();
    t.db().memory::<Devices>().use_files(dir);
    let known = t.get("/api/v1/realname/readers").await.ok();
    assert_eq!(known["readers"].as_array().unwrap().len(), 4);
    let read = |reader: &str| json!({"method": "cardReader", "role": "holder", "reader": reader});
    let good = t.post(VERIFY, read("hall-1")).await.created();
    assert_eq!((good["result"].as_str(), good["name"].as_str()), (Some("passed"), Some("张伟")));
    assert_eq!(codes(&t.post(VERIFY, read("hall-3")).await.created()), ["realname.card_expired"]);
    t.post(VERIFY, read("hall-2")).await.refused(409, "realname.reader_empty");
    t.post(VERIFY, read("hall-4")).await.refused(409, "realname.reader_broken");
    t.post(VERIFY, read("../../etc/passwd")).await.refused(422, "realname.reader_unknown");
    let compared = |photo: &str, consent: bool| {
        let mut body = ask("holder", CARD, "张伟");
        body["method"] = json!("face");
        body["photo"] = json!(photo);
        body["consent"] = json!(consent);
        body
    };
    let fits = t.post(VERIFY, compared("good", true)).await.created();
    assert_eq!((fits["result"].as_str(), fits["facePermille"].as_i64()), (Some("passed"), Some(930)));
    assert_eq!(codes(&t.post(VERIFY, compared("good", false)).await.created()), ["realname.consent"]);
    assert_eq!(codes(&t.post(VERIFY, compared("other", true)).await.created()), ["realname.face_mismatch"]);
    assert_eq!(codes(&t.post(VERIFY, compared("paper", true)).await.created()), ["realname.not_alive"]);
    t.post(VERIFY, compared("missing", true)).await.refused(409, "realname.face_unavailable");
}

#[both_databases]
async fn a_blacklisted_certificate_follows_the_person(t: TestApp) {
    let first = enter(&t, "张伟", "13900138000", Some(CARD)).await;
    let second = t
        .write(|tx| {
            let mut new = customer::NewCustomer::person("张伟");
            new.certificate = Some(party::Certificate::parse(party::CertificateKind::IdCard, CARD)?);
            customer::create(tx, &new).map(|c| c.id)
        })
        .await;
    let same = {
        let first = first.clone();
        t.write(move |tx| customer::with_same_certificate(tx, &first)).await
    };
    assert_eq!(same.len(), 2);
    let path = format!("/api/v1/customers/{first}/standings");
    let mark = json!({"kind": "blacklist", "category": "fraud", "reason": "涉诈", "source": "公安机关通报", "certificate": true});
    let made = t.post(&path, mark.clone()).await.created();
    let of = |id: String| {
        let t = t.clone();
        async move { t.get(&format!("/api/v1/customers/{id}/standings")).await.ok()["refused"].clone() }
    };
    assert_eq!(of(first.clone()).await, "涉诈");
    assert_eq!(of(second.clone()).await, "涉诈", "the other record with the same certificate");
    let lift = format!("/api/v1/standings/{}/lift", made["id"].as_str().unwrap());
    t.post(&lift, json!({"reason": ""})).await.refused(400, "field.missing");
    t.as_scope("/cn/35").post(&lift, json!({"reason": "x"})).await.refused(404, "not_found");
    t.post(&lift, json!({"reason": "已核实为误报"})).await.ok();
    t.post(&lift, json!({"reason": "again"})).await.refused(409, "customer.standing_lifted");
    assert_eq!(of(second).await, Value::Null);
    let mut odd = mark;
    odd["kind"] = json!("grey");
    t.post(&path, odd).await.refused(400, "field.invalid");
}

#[both_databases]
async fn a_name_not_verified_again_in_time_is_measured_harder(t: TestApp) {
    let customer = enter(&t, "张伟", "13900138000", Some(CARD)).await;
    let ask_for = json!({"customerIds": [customer, "nobody"], "reason": "异地高频主叫"});
    let opened = t.post("/api/v1/name-reviews", ask_for.clone()).await.created();
    assert_eq!((opened["opened"].as_array().unwrap().len(), opened["refused"].as_array().unwrap().len()), (1, 1));
    let again = t.post("/api/v1/name-reviews", ask_for).await.created();
    assert_eq!(again["refused"].as_array().unwrap().len(), 2, "one at a time");
    let refused = |t: &TestApp, id: &str| {
        let (t, path) = (t.clone(), format!("/api/v1/customers/{id}/standings"));
        async move { t.get(&path).await.ok()["refused"].clone() }
    };
    assert_eq!(refused(&t, &customer).await, Value::Null, "a notice first");
    t.advance(8 * 86_400);
    t.write(customer::standing::escalate).await;
    assert!(refused(&t, &customer).await.as_str().unwrap().contains("异地高频主叫"));
    let row = t.get("/api/v1/name-reviews").await.ok()[0].clone();
    assert_eq!((row["level"].as_i64(), row["measure"].as_str()), (Some(2), Some("refuseNew")));
    let close = format!("/api/v1/name-reviews/{}/verify", row["id"].as_str().unwrap());
    let wrong = t.post(VERIFY, ask("holder", OTHER, "李娜")).await.created();
    t.post(&close, json!({"verificationId": wrong["id"]})).await.refused(422, "realname.other_certificate");
    let good = t.post(VERIFY, ask("holder", CARD, "张伟")).await.created();
    t.post(&close, json!({"verificationId": good["id"]})).await.ok();
    assert_eq!(refused(&t, &customer).await, Value::Null);
    t.post(&close, json!({"verificationId": good["id"]})).await.refused(409, "customer.review_closed");
}
