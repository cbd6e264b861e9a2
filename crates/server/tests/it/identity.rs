//! One customer out of many records: files taken in, matched, doubts decided, codes that stay.

mod merge;

use std::sync::atomic::{AtomicBool, Ordering};
use testkit::{TestApp, Value, both_databases, json};

const FILES: &str = "/api/v1/identity/files";
const CARD: &str = "11010519491231002X";
const OTHER: &str = "440524188001010014";

const SUBSCRIBERS: &str = "YHBH,YHMC,ZJHM,DHHM,ZJDZ\n\
    S1,张伟,11010519491231002X,13900138000,广州市天河区天河路123号501室\n\
    S2,李娜,440524188001010014,13900138001,广州市越秀区中山路8号\n\
    S3,王强,,13900138003,广州市海珠区新港路77号302\n\
    S4,,,13900138004,\n";
const ACCOUNTS: &str = "帐户编号,帐户名称,证件号码,联系电话,帐单地址\n\
    B1,張 偉,11010519491231002x,020-88886666,天河區天河路１２３號501室\n\
    B2,李娜,,13900138001,广州市白云区机场路9号\n\
    B3,王强,,13711112222,广州市海珠区新港路77号302\n";

async fn upload(t: &TestApp, source: &str, text: &str) -> Value {
    let path = format!("{FILES}?source={source}&name={source}.csv");
    let made = t.call(http::axum::http::Method::POST, &path).raw(text, "text/csv").await.created();
    t.settle().await;
    t.get(&format!("{FILES}/{}", made["id"].as_str().unwrap())).await.ok()
}

async fn matched(t: &TestApp) -> Value {
    let run = t.post("/api/v1/identity/runs", json!({})).await.created();
    t.settle().await;
    let done = t.get(&format!("/api/v1/identity/runs/{}", run["id"].as_str().unwrap())).await.ok();
    assert_eq!(done["state"], "done", "{done}");
    done
}

async fn code(t: &TestApp, q: &str) -> Value {
    let found = t.get(&format!("/api/v1/identity/codes?q={q}")).await.ok();
    assert_eq!(found.as_array().unwrap().len(), 1, "{q}: {found}");
    found[0].clone()
}

fn ids(logical: &Value) -> Vec<String> {
    let mut ids: Vec<String> =
        logical["records"].as_array().unwrap().iter().map(|r| r["sourceId"].as_str().unwrap().to_owned()).collect();
    ids.sort();
    ids
}

async fn two_files(t: &TestApp) {
    identity::use_directory(t.db(), t.dir().join("identity"));
    let mapping = json!({"id": "YHBH", "name": "YHMC", "certificate": "ZJHM", "phone": "DHHM", "address": "ZJDZ"});
    t.put("/api/v1/identity/sources/97", json!({"name": "九七系统", "mapping": mapping})).await.ok();
    let file = upload(t, "97", SUBSCRIBERS).await;
    assert_eq!(
        (file["state"].as_str(), file["written"].as_i64(), file["refused"].as_i64()),
        (Some("done"), Some(3), Some(1))
    );
    let refused = t.get(&format!("{FILES}/{}/refused", file["id"].as_str().unwrap())).await;
    assert!(refused.body.contains("5,") && refused.body.contains("S4"), "{}", refused.body);
    upload(t, "billing", ACCOUNTS).await;
}

#[both_databases]
async fn records_of_two_systems_become_customers_with_a_code(t: TestApp) {
    two_files(&t).await;
    let run = matched(&t).await;
    assert_eq!((run["counts"]["records"].as_i64(), run["counts"]["logicalCustomers"].as_i64()), (Some(6), Some(5)));
    let zhang = code(&t, "S1").await;
    assert_eq!(ids(&zhang), ["B1", "S1"]);
    assert_eq!(code(&t, CARD).await["code"], zhang["code"], "found by certificate");
    assert_eq!(code(&t, zhang["code"].as_str().unwrap()).await["code"], zhang["code"]);
    // Taken in again unchanged, matched again: nothing moves.
    let again = upload(&t, "billing", ACCOUNTS).await;
    assert_eq!((again["written"].as_i64(), again["unchanged"].as_i64()), (Some(0), Some(3)));
    let second = matched(&t).await;
    assert_eq!(second["counts"]["codesChanged"], 0);
    assert_eq!(code(&t, "B1").await["code"], zhang["code"]);
    let clear = t.count("SELECT COUNT(*) FROM identity_record WHERE CAST(body AS TEXT) LIKE '%19491231%'").await;
    assert_eq!(clear, 0, "no certificate lies in clear");
    assert_eq!(t.as_scope("/cn/35").get("/api/v1/identity/codes?q=S1").await.ok(), json!([]));
}

#[both_databases]
async fn doubts_are_decided_once_and_for_later_matchings(t: TestApp) {
    two_files(&t).await;
    matched(&t).await;
    let queue = t.get("/api/v1/identity/pairs").await;
    assert_eq!(queue.total(), 2, "{}", queue.body);
    let pairs = queue.ok();
    let find = |name: &str| {
        pairs
            .as_array()
            .unwrap()
            .iter()
            .find(|p| p["left"]["name"] == name)
            .unwrap_or_else(|| panic!("{pairs}"))
            .clone()
    };
    let (li, wang) = (find("李娜"), find("王强"));
    let why = |p: &Value, feature: &str| {
        let all = p["findings"].as_array().unwrap().clone();
        all.iter().find(|f| f["feature"] == feature).unwrap()["finding"].as_str().unwrap().to_owned()
    };
    assert_eq!((why(&li, "phone"), why(&li, "address")), ("same".to_owned(), "different".to_owned()));
    let decide = |p: &Value, verdict: &str| {
        let path = format!("/api/v1/identity/pairs/{}/decide", p["key"].as_str().unwrap());
        t.post(&path, json!({"verdict": verdict, "note": "电话核实"}))
    };
    decide(&li, "perhaps").await.refused(400, "identity.verdict");
    decide(&wang, "skip").await.ok();
    assert_eq!(t.get("/api/v1/identity/pairs").await.total(), 1, "a skipped one goes behind");
    decide(&li, "accept").await.ok();
    assert_eq!(ids(&code(&t, "S2").await), ["B2", "S2"]);
    decide(&li, "reject").await.refused(409, "identity.pair_decided");
    decide(&wang, "reject").await.ok();
    let before = code(&t, "S2").await["code"].clone();
    let run = matched(&t).await;
    assert_eq!((run["counts"]["decided"].as_i64(), run["counts"]["doubtful"].as_i64()), (Some(2), Some(0)));
    assert_eq!(code(&t, "B2").await["code"], before);
    assert_ne!(code(&t, "S3").await["code"], code(&t, "B3").await["code"]);
    // The record changes: the decision about what it was lapses.
    upload(&t, "billing", &ACCOUNTS.replace("13711112222", "13711112223")).await;
    assert_eq!(matched(&t).await["counts"]["doubtful"], 1);
    // A record taken out stays out.
    let li = code(&t, "S2").await;
    let b2 = li["records"].as_array().unwrap().iter().find(|r| r["sourceId"] == "B2").unwrap()["no"].clone();
    let path = format!("/api/v1/identity/codes/{}/separate", li["code"].as_str().unwrap());
    t.post(&path, json!({"recordNo": b2, "reason": ""})).await.refused(400, "identity.reason");
    t.post(&path, json!({"recordNo": b2, "reason": "同名不同人"})).await.ok();
    matched(&t).await;
    assert_eq!(ids(&code(&t, "S2").await), ["S2"]);
}

#[both_databases]
async fn our_own_customers_are_records_too(t: TestApp) {
    let customer = crate::customer::enter(&t, "李娜", "13900138001", Some(OTHER)).await;
    two_files(&t).await;
    matched(&t).await;
    let known = t.get(&format!("/api/v1/customers/{customer}/identity")).await.ok();
    assert_eq!(ids(&known), {
        let mut both = vec!["S2".to_owned(), customer.clone()];
        both.sort();
        both
    });
    // Somebody whom we do not have yet is taken over under the same code.
    let zhang = code(&t, "S1").await;
    let path = format!("/api/v1/identity/codes/{}/customer", zhang["code"].as_str().unwrap());
    let made = t.post(&path, json!({})).await.created();
    let id = made["customerId"].as_str().unwrap();
    assert_eq!(t.get(&format!("/api/v1/customers/{id}/identity")).await.ok()["code"], zhang["code"]);
    t.post(&path, json!({})).await.refused(409, "identity.code_has_customer");
    matched(&t).await;
    assert_eq!(t.get(&format!("/api/v1/customers/{id}/identity")).await.ok()["code"], zhang["code"]);
}

#[both_databases]
async fn wrong_files_are_refused_with_the_reason(t: TestApp) {
    identity::use_directory(t.db(), t.dir().join("identity"));
    let send = |source: &str, text: Vec<u8>| {
        t.call(http::axum::http::Method::POST, &format!("{FILES}?source={source}")).raw(text, "text/csv")
    };
    let before = t.digest().await;
    send("unknown", b"id,name\n1,x\n".to_vec()).await.refused(404, "identity.source_unknown");
    send("crm", b"id,name\n1,x\n".to_vec()).await.refused(404, "identity.source_unknown");
    send("97", Vec::new()).await.refused(422, "identity.empty_file");
    before.assert_unchanged(&t.digest().await);
    let file = upload(&t, "97", "a,b\n1,2\n").await;
    assert_eq!(file["state"], "failed");
    assert!(file["error"].as_str().unwrap().contains("id"), "{file}");
    // One broken row does not spoil the others.
    let mut text = b"id,name\n1,".to_vec();
    text.extend([0xff, 0xfe]);
    text.extend("\n2,李娜\n2,李娜娜\n".as_bytes());
    let made = send("97", text).await.created();
    t.settle().await;
    let file = t.get(&format!("{FILES}/{}", made["id"].as_str().unwrap())).await.ok();
    assert_eq!((file["written"].as_i64(), file["refused"].as_i64()), (Some(1), Some(1)));
    t.put("/api/v1/identity/sources/crm", json!({"name": "x"})).await.refused(400, "field.invalid");
    t.put("/api/v1/identity/sources/97", json!({"name": "x", "mapping": {"shoe": "y"}}))
        .await
        .refused(400, "field.invalid");
}

#[both_databases]
async fn a_matching_stops_and_goes_on(t: TestApp) {
    two_files(&t).await;
    let run = t.post("/api/v1/identity/runs", json!({})).await.created();
    let id = run["id"].as_str().unwrap().to_owned();
    t.post("/api/v1/identity/runs", json!({})).await.refused(409, "identity.run_busy");
    // It is stopped from outside while it compares.
    let (db, key) = (t.db().clone(), id.clone());
    let stopped = tokio::task::spawn_blocking(move || {
        let halt = AtomicBool::new(false);
        let mut asked = false;
        identity::run::go(&db, &key, &halt, &mut |run| {
            if run.stage == "compare" && run.done > 3 && !asked {
                asked = true;
                let key = key.clone();
                db.write_blocking(kernel::Actor::system(), move |tx| identity::run::stop(tx, &key)).unwrap();
            }
        })
    });
    let stopped = stopped.await.unwrap().unwrap();
    assert_eq!(stopped.state, "stopped");
    assert_eq!(t.count("SELECT COUNT(*) FROM identity_member").await, 0);
    // The process ends in the middle: the run stays, and is taken up by its job.
    t.post(&format!("/api/v1/identity/runs/{id}/resume"), json!({})).await.ok();
    let (db, key) = (t.db().clone(), id.clone());
    let halted = tokio::task::spawn_blocking(move || {
        let halt = AtomicBool::new(false);
        identity::run::go(&db, &key, &halt, &mut |run| halt.store(run.done > 20, Ordering::Relaxed))
    });
    assert_eq!(halted.await.unwrap().unwrap().state, "running");
    t.advance(61);
    t.settle().await;
    let done = t.get(&format!("/api/v1/identity/runs/{id}")).await.ok();
    assert_eq!(
        (done["state"].as_str(), done["counts"]["logicalCustomers"].as_i64()),
        (Some("done"), Some(5)),
        "{done}"
    );
    t.post(&format!("/api/v1/identity/runs/{id}/stop"), json!({})).await.refused(409, "identity.run_state");
    assert_eq!(ids(&code(&t, "S1").await), ["B1", "S1"]);
}
