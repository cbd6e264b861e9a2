//! The unified view: four groups of attributes from real records, one service for several audiences, the relation graph, the
//! timeline page by page, TMF717 for other systems, and a change of account manager that loses nothing.

mod audiences;
mod manager;

use crate::{
    customer::enter,
    ordering::{finish, mobile, shop},
};
use testkit::{TestApp, Value, both_databases, json};

pub async fn view(t: &testkit::Client, id: &str) -> Value {
    t.get(&format!("/api/v1/customers/{id}/view")).await.ok()
}

pub fn attribute(view: &Value, group: &str, id: &str) -> Option<Value> {
    view[group]["attributes"].as_array().unwrap().iter().find(|a| a["id"] == id).cloned()
}

#[both_databases]
async fn what_the_records_do_not_give_is_not_there(t: TestApp) {
    let id = enter(&t, "张伟", "13900138000", None).await;
    let seen = view(&t, &id).await;
    for missing in ["arpa", "arpu", "punctuality", "paidInYear", "score", "monthlyFee"] {
        assert_eq!(attribute(&seen, "value", missing), None, "{missing}");
    }
    assert_eq!(attribute(&seen, "value", "stage").unwrap()["value"]["code"], "prospect");
    assert_eq!(seen["cognitive"], json!({"attributes": [], "satisfaction": []}));
    assert_eq!(seen["behaviour"]["consumption"], json!([]));
    assert!(seen["dataTime"].is_string());
}

#[both_databases]
async fn value_and_perception_come_from_records_and_say_how(t: TestApp) {
    let customer = shop(&t).await;
    mobile(&t, &customer, "13900138100").await;
    finish(&t).await;
    t.advance(40 * 86_400);
    let path = format!("/api/v1/customers/{customer}");
    t.post(&format!("{path}/satisfaction"), json!({"survey": "service", "score": 5, "comment": "很快"}))
        .await
        .created();
    t.advance(60);
    t.post(&format!("{path}/satisfaction"), json!({"survey": "service", "score": 2, "comment": "等太久"}))
        .await
        .created();
    t.post(&format!("{path}/complaints"), json!({"name": "掉线", "description": "每晚掉线", "severity": "major"}))
        .await
        .created();
    let seen = view(&t, &customer).await;
    let fee = seen["products"][0]["monthlyFeeFen"].as_i64().unwrap();
    let held = attribute(&seen, "value", "monthlyFee").unwrap();
    assert_eq!((&held["value"], &held["origin"], &held["how"]), (&json!(fee), &json!("given"), &Value::Null));
    let billed = attribute(&seen, "value", "arpa").unwrap();
    let bill = seen["bills"][0]["amountFen"].as_i64().unwrap();
    assert_eq!((billed["value"].as_i64(), &billed["origin"]), (Some(bill), &json!("derived")));
    assert!(billed["how"]["zh-CN"].is_string() && billed["how"]["en"].is_string());
    let due = attribute(&seen, "value", "punctuality").unwrap();
    assert_eq!(due["value"], 0, "the first bill is due and nobody paid it");
    assert_eq!(seen["behaviour"]["arrearsByAge"][0]["age"], "d30");
    assert_eq!(seen["arrears"]["overdueFen"].as_i64(), Some(bill));
    let service = attribute(&seen, "cognitive", "service").unwrap();
    assert_eq!(
        (&service["value"]["last"], &service["value"]["average"], &service["value"]["count"]),
        (&json!(2), &json!(3.5), &json!(2))
    );
    let churn = attribute(&seen, "cognitive", "churn").unwrap();
    assert_eq!(churn["value"]["code"], "high", "overdue, and complained lately");
    assert_eq!(attribute(&seen, "value", "stage").unwrap()["value"]["code"], "atRisk");
    let months = seen["behaviour"]["consumption"].as_array().unwrap();
    assert_eq!(months.iter().map(|m| m["amountFen"].as_i64().unwrap()).sum::<i64>(), bill);
}

#[both_databases]
async fn an_answer_outside_its_scale_is_refused(t: TestApp) {
    let id = enter(&t, "张伟", "13900138000", None).await;
    let path = format!("/api/v1/customers/{id}/satisfaction");
    let before = t.digest().await;
    t.post(&path, json!({"survey": "service", "score": 6})).await.refused(400, "field.invalid");
    t.post(&path, json!({"survey": "service", "score": 0})).await.refused(400, "field.invalid");
    t.post(&path, json!({"survey": "service"})).await.refused(400, "field.missing");
    t.post(&path, json!({"survey": "weather", "score": 3})).await.refused(400, "field.invalid");
    t.post(&path, json!({"survey": "service", "score": 3, "channel": "pigeon"})).await.refused(400, "field.invalid");
    t.post(&path, json!({"survey": "service", "score": 3, "comment": "x".repeat(1_001)}))
        .await
        .refused(400, "text.too_long");
    t.as_scope("/cn/51").post(&path, json!({"survey": "service", "score": 3})).await.refused(404, "not_found");
    before.assert_unchanged(&t.digest().await);
    t.post(&path, json!({"survey": "recommend", "score": 0})).key("a").await.created();
    t.post(&path, json!({"survey": "recommend", "score": 0})).key("a").await.created();
    assert_eq!(t.count("SELECT COUNT(*) FROM satisfaction").await, 1);
}

#[both_databases]
async fn a_need_stays_open_until_somebody_closes_it_once(t: TestApp) {
    let id = enter(&t, "张伟", "13900138000", None).await;
    let path = format!("/api/v1/customers/{id}/journal");
    let ask = json!({"kind": "need", "topic": "broadband", "text": "年底前装千兆", "due": "2026-12-20"});
    let need = t.post(&path, ask).await.created()["id"].as_str().unwrap().to_owned();
    for _ in 0..45 {
        t.advance(1);
        t.post(&path, json!({"kind": "interaction", "topic": "service", "text": "来电咨询", "channel": "hotline"}))
            .await
            .created();
    }
    let seen = view(&t, &id).await;
    let journal = seen["behaviour"]["journal"].as_array().unwrap();
    assert!(journal.iter().any(|e| e["id"] == need.as_str() && e["status"] == "open"), "however old it is");
    assert_eq!(seen["behaviour"]["contactsByChannel"][0]["channel"], "hotline");
    let close = format!("{path}/{need}/close");
    t.post(&close, json!({"status": "done"})).await.refused(400, "field.invalid");
    t.post(&close, json!({"status": "met", "result": "已装"})).await.ok();
    t.post(&close, json!({"status": "dropped"})).await.refused(409, "customer.journal_closed");
    t.post(&format!("{path}/nobody/close"), json!({"status": "met"})).await.refused(404, "not_found");
    let needs = t.get(&format!("{path}?kind=need")).await.ok();
    assert_eq!((&needs[0]["status"], &needs[0]["result"]), (&json!("met"), &json!("已装")));
    let before = t.digest().await;
    for odd in [
        json!({"kind": "grade", "topic": "x"}),
        json!({"kind": "need", "topic": "x", "due": "tomorrow"}),
        json!({"kind": "need", "topic": "x", "direction": "up"}),
    ] {
        t.post(&path, odd).await.refused(400, "field.invalid");
    }
    t.post(&path, json!({"kind": "need", "topic": " "})).await.refused(400, "field.missing");
    before.assert_unchanged(&t.digest().await);
}

#[both_databases]
async fn grades_are_kept_over_time(t: TestApp) {
    let id = enter(&t, "张伟", "13900138000", None).await;
    let path = format!("/tmf-api/customerManagement/v4/customer/{id}");
    for grade in ["silver", "gold", "gold"] {
        t.advance(60);
        t.patch(&path, json!({"grade": grade})).await.ok();
    }
    let seen = view(&t, &id).await;
    let grades = seen["value"]["grades"].as_array().unwrap();
    assert_eq!(grades.len(), 2, "setting what is set already is no change");
    assert_eq!((&grades[0]["from"], &grades[0]["to"]), (&json!("silver"), &json!("gold")));
    assert_eq!(attribute(&seen, "value", "grade").unwrap()["origin"], "given");
}

#[both_databases]
async fn the_graph_goes_two_steps_and_is_the_same_from_either_end(t: TestApp) {
    let group = enter(&t, "华南集团", "13900138000", None).await;
    let branch = enter(&t, "广州分公司", "13900138001", None).await;
    let person = enter(&t, "李经理", "13900138002", None).await;
    let stranger = enter(&t, "路人", "13900138003", None).await;
    let relate = |id: &str, role: &str, to: &str| {
        let body = json!({"relatedParty": [{"role": role, "id": to, "@referredType": "Customer", "name": "?"}]});
        t.patch(&format!("/tmf-api/customerManagement/v4/customer/{id}"), body)
    };
    relate(&branch, "group", &group).await.ok();
    relate(&person, "keyPerson", &branch).await.ok();
    let graph = t.get(&format!("/api/v1/customers/{group}/graph")).await.ok();
    let ids: Vec<&str> = graph["nodes"].as_array().unwrap().iter().map(|n| n["id"].as_str().unwrap()).collect();
    for id in [&group, &branch, &person] {
        assert!(ids.contains(&id.as_str()));
    }
    assert!(!ids.contains(&stranger.as_str()));
    assert_eq!(graph["edges"].as_array().unwrap().len(), 2);
    let level = |id: &str| graph["nodes"].as_array().unwrap().iter().find(|n| n["id"] == id).unwrap()["level"].as_i64();
    assert_eq!((level(&group), level(&branch), level(&person)), (Some(0), Some(1), Some(2)));
    let near = t.get(&format!("/api/v1/customers/{group}/graph?depth=1")).await.ok();
    assert_eq!(near["nodes"].as_array().unwrap().len(), 2);
    assert_eq!(view(&t, &group).await["relations"][0]["typeName"], "集团成员", "found from the other end");
    assert_eq!(view(&t, &branch).await["relations"][0]["typeName"], "所属集团");
    // A relation that is taken back is gone from both ends.
    t.patch(&format!("/tmf-api/customerManagement/v4/customer/{branch}"), json!({"relatedParty": []})).await.ok();
    assert_eq!(view(&t, &group).await["relations"], json!([]));
    t.as_scope("/cn/51").get(&format!("/api/v1/customers/{group}/graph")).await.refused(404, "not_found");
}

#[both_databases]
async fn the_timeline_is_read_page_by_page_without_gap_or_repeat(t: TestApp) {
    let customer = shop(&t).await;
    mobile(&t, &customer, "13900138100").await;
    finish(&t).await;
    for n in 0..25 {
        if n % 5 == 0 {
            t.advance(60); // five of one moment each
        }
        t.post(&format!("/api/v1/customers/{customer}/notes"), json!({"text": format!("第 {n} 条")})).await.created();
    }
    let path = format!("/api/v1/customers/{customer}/timeline");
    let all = t.get(&format!("{path}?limit=200")).await.ok();
    let all: Vec<String> =
        all["timeline"].as_array().unwrap().iter().map(|r| r["cursor"].as_str().unwrap().to_owned()).collect();
    assert!(all.len() > 27);
    let (mut read, mut before) = (Vec::new(), String::new());
    loop {
        let encoded: String = before.bytes().map(|b| format!("%{b:02X}")).collect();
        let page = t.get(&format!("{path}?limit=4&before={encoded}")).await.ok();
        read.extend(page["timeline"].as_array().unwrap().iter().map(|r| r["cursor"].as_str().unwrap().to_owned()));
        before = read.last().unwrap().clone();
        if page["more"] == false {
            break;
        }
    }
    assert_eq!(read, all);
    let bills = t.get(&format!("{path}?kind=bill,order")).await.ok();
    assert!(bills["timeline"].as_array().unwrap().iter().all(|r| r["kind"] == "bill" || r["kind"] == "order"));
    t.get(&format!("{path}?kind=weather")).await.refused(400, "field.invalid");
    t.get(&format!("{path}?before=yesterday")).await.refused(400, "field.invalid");
}

#[both_databases]
async fn a_recommendation_has_a_reason_and_can_be_had(t: TestApp) {
    let nobody = enter(&t, "路人", "13900138009", None).await;
    let none = t.get(&format!("/api/v1/customers/{nobody}/recommendations")).await.ok();
    assert_eq!(none["recommendations"], json!([]), "no record gives a reason");
    let customer = shop(&t).await;
    let need = json!({"kind": "need", "topic": "mobile", "text": "想要一张副卡"});
    t.post(&format!("/api/v1/customers/{customer}/journal"), need).await.created();
    let found = t.get(&format!("/api/v1/customers/{customer}/recommendations")).await.ok();
    let first = &found["recommendations"][0];
    assert_eq!((&first["basis"], &first["family"]), (&json!("need"), &json!("mobile")), "{found:#}");
    assert!(first["reason"]["zh-CN"].as_str().unwrap().contains("副卡"));
    t.as_scope("/cn/51").get(&format!("/api/v1/customers/{customer}/recommendations")).await.refused(404, "not_found");
}
